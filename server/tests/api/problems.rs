//! Problems over HTTP: what browsers tell, what the log overhears, and no secret anywhere.

use crate::kit::{Ask, Badge, PASSWORD, Shop, Socket, on_each, on_sqlite, sale};
use model::{Actor, Frame, ProblemFilter, Role};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use storeroom::Overhear;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

async fn tell(shop: &Shop, badge: &Badge, what: &str) -> u16 {
    let body = json!({ "seen": { "what": what, "place": "/pkg/app.js:1:1", "doing": { "screen": "/till" } } });
    badge.on(Ask::post("/api/problems/see", &body)).header("sec-fetch-site", "same-origin").send(shop.at).await.status
}

async fn call(shop: &Shop, badge: &Badge, path: &str, body: Value) -> (u16, Value) {
    let answer = badge.on(Ask::post(path, &body)).send(shop.at).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browsers_error_arrives_and_administrators_hear_of_it_live() {
    on_each(async |shop| {
        let boss = shop.sign_in("boss").await;
        let mark = shop.person("mark", Role::Manager, None).await;
        let (_, page) = call(&shop, &boss, "/api/problems/list", json!({ "filter": "open" })).await;
        let as_of = page["as_of"].as_i64().expect("a line");
        let mut hears = Socket::hear(&shop, &boss, as_of, &["journal"]).await;
        let mut deaf = Socket::hear(&shop, &mark, as_of, &["journal"]).await;
        assert_eq!(tell(&shop, &Badge::default(), "a stranger says that it broke").await, 200);
        assert!(hears.is_silent(Duration::from_millis(700)).await, "what a stranger says has no line");
        assert_eq!(tell(&shop, &mark, "it broke at 1").await, 200);
        assert_eq!(tell(&shop, &mark, "it broke at 2").await, 200);
        let Frame::Event { seq, changes, sale, .. } = hears.frame().await else { panic!("an event") };
        assert!(seq > as_of && changes.is_empty() && sale.is_none());
        assert!(deaf.is_silent(Duration::from_millis(700)).await, "a manager does not read the journal");
        let (_, page) = call(&shop, &boss, "/api/problems/list", json!({ "filter": "open" })).await;
        assert_eq!((&page["open"], &page["list"][0]["times"]), (&json!(2), &json!(2)), "{page}");
        assert_eq!(page["list"][0]["doing"]["screen"], "/till");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_errors_is_cut_off_and_a_foreign_page_is_not_heard() {
    on_sqlite(async |shop| {
        let mut heard = 0;
        for _ in 0..40 {
            heard += u32::from(tell(&shop, &Badge::default(), "again and again").await == 200);
        }
        assert!((20..32).contains(&heard), "{heard} of 40 were heard");
        let body = json!({ "seen": { "what": "x" } });
        let foreign = Ask::post("/api/problems/see", &body).header("sec-fetch-site", "cross-site").send(shop.at).await;
        assert_eq!(foreign.status, 403);
        let odd = json!({ "seen": { "what": "x", "password": "y" } });
        let odd = Ask::post("/api/problems/see", &odd).header("sec-fetch-site", "same-origin").send(shop.at).await;
        assert_eq!(odd.status, 422, "unknown fields are refused");
        shop.close().await;
    })
    .await;
}

/// What the log wrote.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Signs in, makes a key, posts, fails, breaks a page; then no marker is in the log, the journal, the problems or the
/// figures, every line of the log inside a request names it, and the failure is a problem with its ticket.
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_leaves_a_trace_and_an_unexpected_error_is_kept() {
    let written = Written::default();
    let writer = written.clone();
    let words = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(move || writer.clone());
    let ear = Overhear::default().with_filter(LevelFilter::INFO);
    tracing_subscriber::registry().with(words.with_filter(LevelFilter::DEBUG)).with(ear).init();
    on_sqlite(async |shop| {
        let form = format!("name=boss&password={}", PASSWORD.replace(' ', "+"));
        let ask = Ask::new("POST", "/api/auth/sign_in").header("sec-fetch-site", "same-origin");
        let kind = "application/x-www-form-urlencoded";
        assert!(ask.clone().body(kind, form).send(shop.at).await.status < 400);
        ask.body(kind, "name=boss&password=canary-of-a-password").send(shop.at).await;
        let boss = shop.sign_in("boss").await;
        let key = shop.key(&["all"], None).await;
        assert_eq!(shop.post(&key, "/api/v1/sales", &sale("1")).await.status, 201);
        assert_eq!(
            tell(&shop, &Badge::default(), "cannot read 'canary-of-a-field' of \"canary-of-a-field\"").await,
            200
        );
        tracing::error!(target: "storeroom_test", ticket = "T-CANARY01", cause = "no such table", "it is unexpected");
        let open =
            async || shop.house.auth.problems(&Actor::system("test"), ProblemFilter::Open).await.expect("a list").list;
        for _ in 0..100 {
            if open().await.iter().any(|problem| problem.ticket == "T-CANARY01") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let problems = format!("{:?}", open().await);
        assert!(problems.contains("T-CANARY01") && problems.contains("it is unexpected: no such table"), "{problems}");
        let figures = Ask::get("/metrics").send(shop.at).await.text();
        assert!(figures.contains("storeroom_acts_total") && figures.contains("route=\"/api/v1/sales\""), "{figures}");
        let mut tx = shop.house.db.read().await.expect("a snapshot");
        let lines = shop.house.log.read(&mut tx, 0, 1_000).await.expect("lines");
        drop(tx);
        let log = String::from_utf8_lossy(&written.0.lock().expect("nobody panics")).into_owned();
        let everything = [problems, figures, format!("{lines:?}"), log.clone()].join("\n");
        let cookies: Vec<&str> =
            boss.cookies().split("; ").filter_map(|pair| pair.split_once('=')).map(|c| c.1).collect();
        for secret in [&cookies[..], &[PASSWORD, "canary-of-a-password", "canary-of-a-field", key.secret()]].concat() {
            assert!(!everything.contains(secret), "a secret left a trace: {}", &secret[..6]);
        }
        let answered: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let within: Vec<_> = answered.iter().filter(|line| line["message"] == "answered").collect();
        assert!(within.len() > 4, "{log}");
        assert!(within.iter().all(|line| line["span"]["id"].as_str().is_some_and(|id| id.len() >= 8)), "{log}");
        shop.close().await;
    })
    .await;
}
