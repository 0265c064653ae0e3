//! Counts as others meet them: blind to the last byte, over REST once however often they are sent.

use crate::kit::{Ask, Badge, Shop, Socket, delivery, on_each, on_sqlite, sale};
use model::{Actor, ApprovalLimit, Approver, CountEntryId, PaperId, PaperKind, Role, RulesPatch};
use serde_json::{Value, json};
use std::time::Duration;

/// A number that nothing else has.
const EXPECTED: &str = "7919";

/// A count that comes again, long after all of this.
pub fn plan() -> Value {
    json!({ "store": "LON", "by": "doubt", "most": 5, "every": 7, "next_on": "2099-12-31" })
}

/// What a counter's browser receives, all of it.
struct Browser<'a> {
    shop: &'a Shop,
    badge: &'a Badge,
    bytes: Vec<u8>,
}

impl Browser<'_> {
    async fn take(&mut self, ask: Ask) -> Vec<u8> {
        let ask = self.badge.on(ask).header("sec-fetch-site", "same-origin");
        let answer = ask.send(self.shop.at).await;
        let text = answer.text().into_bytes();
        self.bytes.extend(&text);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&text));
        text
    }

    async fn call(&mut self, function: &str, body: Value) -> Value {
        let text = self.take(Ask::post(&format!("/api/inventory/{function}"), &body)).await;
        serde_json::from_slice(&text).expect("JSON")
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counters_browser_never_receives_what_we_think_is_there() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let bob = shop.person("bob", Role::Employee, Some(&shop.london)).await;
        let key = shop.key(&["all"], Some(&shop.london)).await;
        assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery(EXPECTED)).await.status, 201);
        let mut browser = Browser { shop: &shop, badge: &ann, bytes: Vec::new() };
        let id = PaperId::new();
        let new = json!({ "new": { "id": id, "store": "LON", "by": "items", "skus": ["A1"] } });
        browser.take(Ask::get("/counts")).await;
        browser.call("open_count", new).await;
        browser.take(Ask::get(&format!("/counts/{id}"))).await;
        let mut tx = shop.house.db.read().await.expect("a snapshot");
        let head = shop.house.log.head(&mut tx).await.expect("a head");
        drop(tx);
        let topics = [format!("paper:{id}"), format!("at:{id}"), "papers:LON".to_owned()];
        let mut socket = Socket::hear(&shop, &ann, head, &topics.each_ref().map(String::as_str)).await;
        let entry =
            |quantity: &str, code: &str| json!([{ "id": CountEntryId::new(), "code": code, "quantity": quantity }]);
        let by = shop.id_of("ann").await.to_string();
        for (quantity, code) in [("3", "A1"), ("1", "nobody's"), ("-1", "A1")] {
            let body = json!({ "id": id, "by": by, "new": { "entries": entry(quantity, code) } });
            browser.call("enter_counts", body).await;
        }
        let body =
            json!({ "id": id, "by": shop.id_of("bob").await.to_string(), "new": { "entries": entry("2", "A1") } });
        let other = bob.on(Ask::post("/api/inventory/enter_counts", &body)).header("sec-fetch-site", "same-origin");
        assert_eq!(other.send(shop.at).await.status, 200);
        assert_eq!(shop.post(&key, "/api/v1/sales", &sale("1")).await.status, 201, "selling goes on");
        let seen = browser.call("shown_count", json!({ "id": id })).await;
        assert_eq!(
            seen["data"]["counting"]["latest"].as_array().map(Vec::len),
            Some(3),
            "they do see what was counted"
        );
        browser.call("counting_left", json!({ "id": id })).await;
        browser.call("counts", json!({ "store": "LON", "after": null })).await;
        browser.call("hand_in_count", json!({ "id": id, "none_found": false })).await;
        browser.call("shown_count", json!({ "id": id })).await;
        browser.take(Ask::get(&format!("/counts/{id}"))).await;
        let frames = socket.everything(Duration::from_millis(800)).await;
        assert!(holds(&frames, "\"event\"") && holds(&frames, "\"present\""), "the socket told of the steps");
        assert!(holds(&browser.bytes, "A1") && browser.bytes.len() > 10_000, "there is something to read");
        for number in [EXPECTED, "7918", "7,919", "7,918"] {
            assert!(!holds(&frames, number), "a frame holds {number}");
            assert!(!holds(&browser.bytes, number), "a page or an answer holds {number}");
        }
        // The same words find it where it may be seen, so the test can fail.
        let boss = shop.sign_in("boss").await;
        let mut manager = Browser { shop: &shop, badge: &boss, bytes: Vec::new() };
        manager.call("shown_count", json!({ "id": id })).await;
        assert!(holds(&manager.bytes, EXPECTED) || holds(&manager.bytes, "7918"));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_goes_over_rest_and_an_entry_sent_twice_counts_once() {
    on_each(async |shop| {
        let key = shop.key(&["counts:write", "stock:read"], Some(&shop.london)).await;
        let id = PaperId::new();
        let opened = shop.post(&key, "/api/v1/counts", &json!({ "id": id, "store": "LON" })).await;
        assert_eq!((opened.status, opened.json()["number"].as_str()), (201, Some("CT-LON-1")));
        let path = format!("/api/v1/counts/{id}/entries");
        let body = json!({ "entries": [{ "id": CountEntryId::new(), "code": "A1", "quantity": "4" }] });
        let named = |name: &str| key.on(Ask::post(&path, &body).header("idempotency-key", name));
        let first = named("one").send(shop.at).await;
        assert_eq!((first.status, first.json()["lines"][0]["counted"].as_str()), (200, Some("4")));
        assert_eq!(named("one").send(shop.at).await.text(), first.text(), "the same key is answered again");
        assert_eq!(
            named("two").send(shop.at).await.json()["lines"][0]["counted"].as_str(),
            Some("4"),
            "the same entry counts once"
        );
        let done = shop.post(&key, &format!("/api/v1/counts/{id}/hand-in"), &json!({})).await;
        assert_eq!((done.status, done.json()["state"].as_str()), (200, Some("review")));
        let late = shop.post(&key, &format!("/api/v1/counts/{id}/cancel"), &json!({})).await;
        assert_eq!((late.status, late.json()["code"].as_str()), (409, Some("wrong_state")));
        let list = shop.get(&key, "/api/v1/counts?store=LON&open=true").await.json();
        assert_eq!(list["data"][0]["id"].as_str(), Some(id.to_string().as_str()));
        let system = Actor::system("test");
        let limits = vec![ApprovalLimit { kind: PaperKind::Count, amount: None, approver: Approver::Manager }];
        let lifted = RulesPatch { limits, ..RulesPatch::default() };
        shop.house.inventory.change_rules(&system, "LON", lifted).await.expect("lifted");
        shop.house.inventory.approve_count(&system, id, None).await.expect("approved");
        shop.house.inventory.post_count(&system, id, None).await.expect("booked");
        assert_eq!(shop.on_hand(&key).await, "4");
        shop.close().await;
    })
    .await;
}
