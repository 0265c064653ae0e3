//! A shared tablet over HTTP: its cookie, a place taken with a PIN, and what a copied cookie is worth.

use crate::kit::{Answer, Ask, Badge, PASSWORD, PIN, Shop, on_each};
use model::{PersonId, Role};
use serde_json::json;

/// The cookies that an answer sets, as a browser would send them.
fn cookies(answer: &Answer) -> Vec<String> {
    let set = answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str());
    set.map(|cookie| cookie.split(';').next().unwrap_or_default().to_owned()).collect()
}

async fn call(shop: &Shop, badge: &Badge, path: &str, body: serde_json::Value) -> Answer {
    badge.on(Ask::post(path, &body)).send(shop.at).await
}

async fn take_place(shop: &Shop, cookies: &str, person: PersonId, pin: &str) -> Answer {
    let form = format!("person={person}&pin={pin}&next=/till");
    let ask = Ask::new("POST", "/api/auth/take_place").body("application/x-www-form-urlencoded", form);
    Badge::cookie(cookies).on(ask).send(shop.at).await
}

/// Where a browser with these cookies is led from that page.
async fn led(shop: &Shop, cookies: &str, page: &str) -> (u16, String) {
    let answer = Badge::cookie(cookies).on(Ask::get(page).header("accept", "text/html")).send(shop.at).await;
    (answer.status, answer.header("location").to_owned())
}

/// The tablet's cookie of a browser that an administrator shares in London.
async fn share(shop: &Shop) -> String {
    let boss = shop.sign_in("boss").await;
    let new = json!({ "new": { "store": shop.london.id, "name": "Till 2", "lock_minutes": 1 } });
    let answer = call(shop, &boss, "/api/devices/share", new).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let set = answer.header("set-cookie").to_owned();
    assert!(
        set.starts_with("__Host-tablet=") && set.contains("; HttpOnly; SameSite=Strict;") && set.ends_with("; Secure")
    );
    assert!(!answer.text().contains(&cookies(&answer)[0]["__Host-tablet=".len()..]), "no script sees it");
    cookies(&answer).remove(0)
}

async fn may_sell(shop: &Shop, cookies: &str) -> u16 {
    let sale = json!({ "sale": crate::kit::sale("1") });
    call(shop, &Badge::cookie(cookies), "/api/inventory/post_sale", sale).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_taken_with_a_pin_and_left_for_the_next() {
    on_each(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let mark = shop.person("mark", Role::Manager, Some(&shop.london)).await;
        for badge in [&ann, &mark] {
            let set = call(&shop, badge, "/api/people/set_pin", json!({ "password": PASSWORD, "pin": PIN })).await;
            assert_eq!(set.status, 200, "{}", set.text());
        }
        let (ann, mark, tablet) = (shop.id_of("ann").await, shop.id_of("mark").await, share(&shop).await);
        let faces = call(&shop, &Badge::cookie(&tablet), "/api/auth/who", json!({})).await.json();
        assert_eq!(faces["faces"].as_array().map(Vec::len), Some(2), "{faces}");
        assert_eq!(take_place(&shop, "", ann, PIN).await.status, 401, "any other browser");
        assert_eq!(led(&shop, &tablet, "/sign-in?next=/stock").await, (302, "/who?next=/stock".to_owned()));
        assert_eq!(led(&shop, &tablet, "/who").await.0, 200);
        assert_eq!(led(&shop, "", "/who").await, (302, "/sign-in?by=password&next=".to_owned()));
        let wrong = take_place(&shop, &tablet, ann, "904736").await;
        assert!(
            wrong.status == 422 && cookies(&wrong).is_empty() && !wrong.text().contains("904736"),
            "{}",
            wrong.text()
        );

        let entered = take_place(&shop, &tablet, ann, PIN).await;
        assert_eq!((entered.status, entered.header("location")), (200, "/till"), "{}", entered.text());
        let anns = cookies(&entered);
        let (session, whole) = (anns[..2].join("; "), [&anns[..2].join("; "), "; ", &tablet].concat());
        assert_eq!(may_sell(&shop, &whole).await, 200);
        // Without the tablet's cookie, or with a made-up one, the session's are worth nothing.
        assert_eq!(may_sell(&shop, &session).await, 401);
        assert_eq!(may_sell(&shop, &format!("{session}; __Host-tablet={}", "A".repeat(43))).await, 401);

        // Mark takes the place: a new session, and hers has ended.
        let entered = take_place(&shop, &whole, mark, PIN).await;
        let marks = [&cookies(&entered)[..2].join("; "), "; ", &tablet].concat();
        assert_eq!(may_sell(&shop, &whole).await, 401);
        assert_eq!(may_sell(&shop, &marks).await, 200);
        let me = call(&shop, &Badge::cookie(&marks), "/api/auth/me", json!({})).await.json();
        assert!(me["floor"] == true && me["lock_minutes"] == 1 && me["name"] == "mark the tester", "{me}");
        let left = Badge::cookie(&marks)
            .on(Ask::new("POST", "/api/auth/sign_out").body("application/x-www-form-urlencoded", ""));
        assert_eq!(left.send(shop.at).await.header("location"), "/who");
        assert_eq!(may_sell(&shop, &marks).await, 401);

        // The tablet is shared no longer: whoever works there is out, and nobody comes in.
        let entered = take_place(&shop, &tablet, ann, PIN).await;
        let anns = [&cookies(&entered)[..2].join("; "), "; ", &tablet].concat();
        assert_eq!(may_sell(&shop, &anns).await, 200);
        let boss = shop.sign_in("boss").await;
        let device = call(&shop, &boss, "/api/devices/list", json!({})).await.json()[0]["id"].clone();
        assert_eq!(call(&shop, &boss, "/api/devices/end", json!({ "device": device })).await.status, 200);
        assert_eq!(may_sell(&shop, &anns).await, 401);
        assert_eq!(take_place(&shop, &tablet, ann, PIN).await.status, 401);
        shop.close().await;
    })
    .await;
}
