//! The access matrix: every route and every server function, for every kind of caller, as `access.txt` says.

use crate::asks::{about, request};
use crate::kit::{Answer, Badge, Shop, on_sqlite};
use model::{Actor, Role};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The columns of the matrix, in its order.
const CALLERS: [&str; 14] = [
    "none",
    "bad-token",
    "disabled",
    "employee",
    "employee-elsewhere",
    "manager",
    "administrator",
    "read-only",
    "key-read",
    "key-write",
    "key-elsewhere",
    "key-revoked",
    "pin",
    "pin-elsewhere",
];

/// `METHOD path` → the expected status for each caller.
fn matrix() -> BTreeMap<String, Vec<u16>> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/access.txt")).expect("the matrix");
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_ascii_whitespace();
            let route = format!("{} {}", words.next().expect("a method"), words.next().expect("a path"));
            let cells: Vec<u16> = words.map(|word| word.parse().expect("a status")).collect();
            assert_eq!(cells.len(), CALLERS.len(), "{route}: one status for each caller");
            (route, cells)
        })
        .collect()
}

/// Every route that the server has, as `METHOD path`.
fn routes() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    routes.extend(storeroom::http::PLAIN.iter().map(|path| format!("GET {path}")));
    routes.extend(storeroom::http::FILES.iter().map(|&route| route.to_owned()));
    routes.extend(storeroom::http::pages().iter().map(|page| format!("GET {}", page.path())));
    routes.extend(storeroom::http::functions().iter().map(|path| format!("POST {path}")));
    let document: Value = serde_json::from_str(&storeroom::http::openapi()).expect("a document");
    for (path, methods) in document["paths"].as_object().expect("paths") {
        routes.extend(
            methods.as_object().expect("methods").keys().map(|method| format!("{} {path}", method.to_uppercase())),
        );
    }
    routes.insert("GET /api/v1/openapi.json".to_owned());
    routes
}

#[tokio::test]
async fn every_route_is_in_the_matrix_and_nothing_else_is() {
    let (listed, there) = (matrix().into_keys().collect::<BTreeSet<_>>(), routes());
    let missing: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not in access.txt: {missing:#?}; no longer there: {gone:#?}");
    assert!(there.len() > 20, "there is something to look at");
}

async fn badges(shop: &Shop) -> Vec<Badge> {
    let (london, paris) = (Some(&shop.london), Some(&shop.paris));
    let disabled = shop.person("dan", Role::Employee, london).await;
    let system = Actor::system("test");
    shop.house.auth.disable(&system, shop.id_of("dan").await).await.expect("disabled");
    shop.person("paula", Role::Administrator, None).await;
    let revoked = shop.key(&["all"], None).await;
    let latest = shop.house.auth.keys(&system).await.expect("keys").remove(0).id;
    shop.house.auth.revoke_key(&system, latest).await.expect("revoked");
    vec![
        Badge::default(),
        Badge::cookie("__Host-at=eyJhbGciOiJub25lIn0.e30.; __Host-rt=made-up"),
        disabled,
        shop.person("ann", Role::Employee, london).await,
        shop.person("pierre", Role::Employee, paris).await,
        shop.person("mark", Role::Manager, london).await,
        shop.sign_in("boss").await,
        shop.person("rita", Role::ReadOnly, london).await,
        shop.key(&["stock:read", "reports:read", "events:read"], london).await,
        shop.key(
            &[
                "sales:write",
                "returns:write",
                "adjustments:write",
                "receipts:write",
                "items:write",
                "postings:reverse",
                "orders:write",
                "counts:write",
                "transfers:write",
            ],
            london,
        )
        .await,
        shop.key(&["all"], paris).await,
        revoked,
        shop.by_pin("paula", &shop.london).await,
        shop.by_pin("paula", &shop.paris).await,
    ]
}

async fn ask(shop: &Shop, badge: &Badge, route: &str) -> Answer {
    let mut request = badge.on(request(route, &about(shop, route).await));
    if badge.cookies().is_empty() {
        // Our own page: what is looked at here is who asks, not from where.
        request = request.header("sec-fetch-site", "same-origin");
    }
    if route == "GET /live" {
        request = request.header("origin", &format!("http://{}", shop.at));
    }
    request.send(shop.at).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_the_matrix_is_as_it_says() {
    on_sqlite(async |shop| {
        let badges = badges(&shop).await;
        let mut wrong = Vec::new();
        for (route, cells) in matrix() {
            for ((caller, badge), expected) in CALLERS.iter().zip(&badges).zip(cells) {
                // Signing out would end the caller's own session for the cells after it.
                if route == "POST /api/auth/sign_out" && badge.cookies().len() > 60 && expected < 400 {
                    continue;
                }
                let answer = ask(&shop, badge, &route).await;
                if answer.status != expected {
                    let text: String = answer.text().chars().take(160).collect();
                    wrong.push(format!("{route} as {caller}: {expected} expected, {} came: {text}", answer.status));
                }
            }
        }
        assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_administers_one_store_does_not_administer_the_house() {
    on_sqlite(async |shop| {
        let local = shop.person("lena", Role::Administrator, Some(&shop.london)).await;
        let here = about(&shop, "").await;
        for route in ["setup/add_store", "setup/open_demo", "problems/list", "problems/settle"] {
            let answer = local.on(request(&format!("POST /api/{route}"), &here)).send(shop.at).await;
            assert_eq!(answer.status, 403, "{route}: {}", answer.text());
        }
        assert_eq!(shop.house.inventory.stores(&Actor::system("test")).await.expect("stores").len(), 2);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_to_a_stranger_of_the_store_holds_anything_of_it() {
    on_sqlite(async |shop| {
        let pierre = shop.person("pierre", Role::Employee, Some(&shop.paris)).await;
        let key = shop.key(&["all"], Some(&shop.paris)).await;
        let here = about(&shop, "").await;
        for route in routes().iter().filter(|route| route.starts_with("GET /api/v1") || route.starts_with("POST /api/"))
        {
            for badge in [&pierre, &key] {
                let text = badge.on(request(route, &here)).send(shop.at).await.text();
                assert!(!text.contains(&shop.london.id.to_string()), "{route}: {text}");
                assert!(!text.contains("\"store\":\"LON\""), "{route}: {text}");
            }
        }
        shop.close().await;
    })
    .await;
}
