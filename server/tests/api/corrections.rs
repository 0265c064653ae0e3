//! Corrections above a limit over REST and from screens: they wait under a number, once, and a person decides.

use crate::kit::{Ask, Shop, on_each};
use model::{
    Actor, ApprovalLimit, Approver, Corrected, CorrectionStep, ItemId, NewAdjustment, PaperId, PaperKind, PostingId,
    Role, RulesPatch,
};
use serde_json::{Value, json};

async fn limit(shop: &Shop, amount: Option<&str>) {
    let amount = amount.map(|amount| amount.parse().expect("an amount"));
    let limits = vec![ApprovalLimit { kind: PaperKind::Adjustment, amount, approver: Approver::Manager }];
    let patch = RulesPatch { limits, ..RulesPatch::default() };
    shop.house.inventory.change_rules(&Actor::system("test"), "LON", patch).await.expect("set");
}

fn lost(sku: &str) -> Value {
    let lines = json!([{ "sku": sku, "quantity": "-3" }]);
    json!({ "id": PostingId::new(), "store": "LON", "reason": "lost", "lines": lines })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_aside_is_scrapped_above_the_limit_by_a_persons_word_too() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let item = json!({ "id": ItemId::new(), "sku": "LAMP", "name": "Lamp", "price": "5" });
        assert_eq!(shop.post(&key, "/api/v1/items", &item).await.status, 201);
        let lines = json!([{ "sku": "LAMP", "quantity": "5" }]);
        let back = json!({ "id": PostingId::new(), "store": "LON", "to": "quarantine", "lines": lines });
        assert_eq!(shop.post(&key, "/api/v1/returns", &back).await.status, 201);
        limit(&shop, Some("10")).await;
        let scrap = |quantity: &str| {
            json!({ "id": PostingId::new(), "store": "LON", "sku": "LAMP", "quantity": quantity, "scrap": true,
                    "reason": "broken" })
        };
        assert_eq!(shop.post(&key, "/api/v1/inspections", &scrap("2")).await.status, 201);
        let held = shop.post(&key, "/api/v1/inspections", &scrap("3")).await;
        let told = held.json();
        assert_eq!((held.status, &told["state"], &told["lines"][0]["aside"]), (202, &json!("waiting"), &json!(true)));
        let aside = shop.get(&key, "/api/v1/inspections?store=LON").await.json();
        assert_eq!(aside["data"][0]["quantity"], "3", "they are still there");
    })
    .await;
}

/// A correction of London that the system told and that waits; the limit is lifted again.
pub async fn a_waiting_one(shop: &Shop) -> PaperId {
    limit(shop, Some("0")).await;
    let new: NewAdjustment = serde_json::from_value(lost("A1")).expect("an adjustment");
    let told = shop.house.inventory.correct(&Actor::system("test"), new).await.expect("told");
    limit(shop, None).await;
    match told {
        Corrected::Held(correction) => correction.id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adjustment_above_the_limit_waits_once_and_is_posted_by_a_persons_word() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let item = json!({ "id": ItemId::new(), "sku": "LAMP", "name": "Lamp", "price": "5" });
        assert_eq!(shop.post(&key, "/api/v1/items", &item).await.status, 201);
        limit(&shop, Some("10")).await;
        let new = lost("LAMP");
        let named = |name: &str| key.on(Ask::post("/api/v1/adjustments", &new).header("idempotency-key", name));
        let first = named("one").send(shop.at).await;
        let told = first.json();
        assert_eq!((first.status, &told["state"], &told["value"]), (202, &json!("waiting"), &json!("15.00")), "{told}");
        assert_eq!(first.header("etag"), "\"1\"");
        let replayed = named("one").send(shop.at).await;
        assert_eq!((replayed.status, replayed.text()), (202, first.text()), "the same key is answered again");
        let again = named("two").send(shop.at).await;
        assert_eq!((again.status, &again.json()["number"]), (202, &told["number"]), "its id says that it is the same");
        let mut other = new.clone();
        other["reason"] = json!("found");
        assert_eq!(shop.post(&key, "/api/v1/adjustments", &other).await.status, 409, "the id is taken");
        let stock = shop.get(&key, "/api/v1/stock?store=LON&sku=LAMP").await.json();
        assert!(stock["data"].as_array().is_none_or(Vec::is_empty), "nothing moved: {stock}");

        let path = format!("/api/v1/corrections/{}", told["id"].as_str().expect("an id"));
        let list = shop.get(&key, "/api/v1/corrections?store=LON&state=waiting").await.json();
        assert_eq!(list["data"][0]["number"], told["number"]);
        let approve = shop.post(&key, &format!("{path}/approve"), &json!({})).await;
        assert_eq!(approve.status, 403, "no program approves: {}", approve.text());
        let reject = shop.post(&key, &format!("{path}/reject"), &json!({ "reason": "no" })).await;
        assert_eq!(reject.status, 403);
        let mark = shop.person("mark", Role::Manager, Some(&shop.london)).await;
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let body = json!({ "id": told["id"], "seen": 1, "step": CorrectionStep::Approve, "reason": null });
        let decide = Ask::post("/api/inventory/step_correction", &body).header("sec-fetch-site", "same-origin");
        assert_eq!(ann.on(decide.clone()).send(shop.at).await.status, 403);
        let approved = mark.on(decide).send(shop.at).await;
        assert_eq!(approved.status, 200, "{}", approved.text());
        assert_eq!(shop.get(&key, &path).await.json()["state"], "posted");
        let stock = shop.get(&key, "/api/v1/stock?store=LON&sku=LAMP").await.json();
        assert_eq!(stock["data"][0]["on_hand"], "-3");
        let later = named("three").send(shop.at).await;
        assert_eq!((later.status, &later.json()["state"]), (202, &json!("posted")), "it is told as it is");
        let reverse = format!("/api/v1/postings/{}/reverse", told["id"].as_str().expect("an id"));
        assert_eq!(shop.post(&key, &reverse, &json!({ "id": PostingId::new() })).await.status, 201);
        assert_eq!(shop.get(&key, &path).await.json()["state"], "undone");

        let small = json!({ "id": PostingId::new(), "store": "LON", "reason": "found",
                            "lines": [{ "sku": "LAMP", "quantity": "2" }] });
        let small = shop.post(&key, "/api/v1/adjustments", &small).await;
        assert_eq!((small.status, &small.json()["kind"]), (201, &json!("adjustment")), "10.00 is within the limit");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_takes_back_what_it_told_and_nothing_else() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        let foreign = a_waiting_one(&shop).await;
        limit(&shop, Some("0")).await;
        let told = shop.post(&key, "/api/v1/adjustments", &lost("A1")).await.json();
        let withdraw =
            async |id: &str| shop.post(&key, &format!("/api/v1/corrections/{id}/withdraw"), &json!({})).await;
        let own = withdraw(told["id"].as_str().expect("an id")).await;
        assert_eq!((own.status, &own.json()["state"]), (200, &json!("withdrawn")), "{}", own.text());
        assert_eq!(withdraw(&foreign.to_string()).await.status, 403);
        assert_eq!(withdraw(&PaperId::new().to_string()).await.status, 404);
        shop.close().await;
    })
    .await;
}
