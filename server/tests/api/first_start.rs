//! The first start: the console's token opens the set-up, and nothing else does; afterwards it is gone.

use crate::kit::{Ask, FAST, Shop, binary};
use std::net::SocketAddr;
use std::path::Path;
use storeroom::{Config, House, Place};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// A server on an empty folder, and the token that it would print.
async fn empty(folder: &Path, story: impl AsyncFn(SocketAddr, House, String)) {
    let place = Place::folder(folder);
    let house = House::open(&place).await.expect("the house opens");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (at, stop) = (listener.local_addr().expect("an address"), CancellationToken::new());
    let config =
        Config { place, public_url: None, demo: false, trusted_proxies: Vec::new(), requests_per_second: FAST };
    let serving = tokio::spawn(storeroom::serve(house.clone(), config, listener, stop.clone().cancelled_owned()));
    while Ask::get("/readyz").send(at).await.status != 200 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // The one on the console is void by now: the last one counts.
    let token = house.auth.setup_token().await.expect("nobody is there").expose().to_owned();
    story(at, house, token).await;
    stop.cancel();
    serving.await.expect("no panic").expect("a clean end");
}

fn form(path: &str, body: &str) -> Ask {
    let ask = Ask::new("POST", path).body("application/x-www-form-urlencoded", body.to_owned());
    ask.header("sec-fetch-site", "same-origin")
}

async fn leads_to(at: SocketAddr, path: &str) -> (u16, String) {
    let answer = Ask::get(path).send(at).await;
    (answer.status, answer.header("location").to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_house_leads_everybody_to_the_set_up_and_a_set_up_one_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    empty(folder.path(), async |at, house, token| {
        for path in ["/", "/sign-in", "/stock", "/settings/people", "/setup/products"] {
            assert_eq!(leads_to(at, path).await, (303, "/setup".to_owned()), "{path}");
        }
        assert_eq!(Ask::get("/setup").send(at).await.status, 200);
        let store = "name=Corner&code=CORNER&currency=EUR&time_zone=Europe/Madrid";
        let bad = form("/api/setup/add_store", &format!("token=guess&{store}")).send(at).await;
        assert_eq!(bad.status, 422, "{}", bad.text());
        let good = form("/api/setup/add_store", &format!("token={token}&{store}")).send(at).await;
        assert!(good.status < 400, "{}", good.text());
        let boss = "display_name=Rosa&name=rosa&password=seven+green+bottles&language=es";
        let bad = form("/api/setup/add_administrator", &format!("token=guess&{boss}")).send(at).await;
        assert_eq!(bad.status, 422, "{}", bad.text());
        let good = form("/api/setup/add_administrator", &format!("token={token}&{boss}")).send(at).await;
        assert!(good.status < 400 && good.text().len() < 1_000, "{}", good.text());
        assert!(house.auth.has_administrator().await.expect("read"));

        assert_eq!(leads_to(at, "/setup").await, (303, "/".to_owned()));
        assert_eq!(leads_to(at, &format!("/setup?token={token}")).await, (303, "/".to_owned()));
        assert_eq!(leads_to(at, "/stock").await.0, 303);
        assert_eq!(Ask::get("/sign-in").send(at).await.status, 200);
        let again = form("/api/setup/add_administrator", &format!("token={token}&{}", boss.replace("rosa", "eve")));
        assert_eq!(again.send(at).await.status, 422, "the token is dead");
        let store = form("/api/setup/add_store", &format!("token={token}&{}", store.replace("CORNER", "TWO")));
        assert_eq!(store.send(at).await.status, 422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_administrator_only_this_machine_may_see_the_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = binary(&["serve", "--bind", "0.0.0.0:0"], folder.path()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("no administrator yet"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_without_an_administrator_may_still_sign_in() {
    let folder = tempfile::tempdir().expect("a folder");
    empty(folder.path(), async |at, house, _| {
        let new = auth::NewPerson {
            name: "ann".into(),
            display_name: "Ann".into(),
            password: auth::Secret::new(crate::kit::PASSWORD),
            language: String::new(),
            grants: Vec::new(),
        };
        house.auth.add_person(&model::Actor::system("test"), new).await.expect("a person");
        assert_eq!(Ask::get("/sign-in").send(at).await.status, 200);
        assert_eq!(leads_to(at, "/").await, (303, "/setup".to_owned()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_told_at_the_door_of_a_demo_and_of_no_other_house() {
    crate::kit::on_sqlite(async |shop: Shop| {
        let answer = Ask::post("/api/auth/demo_sign_ins", &serde_json::json!({}));
        assert_eq!(answer.header("sec-fetch-site", "same-origin").send(shop.at).await.text(), "[]");
        shop.close().await;
    })
    .await;
}
