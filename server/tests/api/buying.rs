//! Right requests about purchasing, for the matrix of who may do what; and rules of ordering over REST.

use crate::asks::About;
use crate::kit::{Ask, Badge, Shop, on_each};
use model::{Actor, PaperId, PostingId, SupplierId};
use serde_json::{Value, json};

pub fn new_supplier() -> Value {
    let id = SupplierId::new();
    json!({ "id": id, "code": id.to_string().to_uppercase()[24..].to_owned(), "name": "Somebody" })
}

pub fn order_draft(supplier: SupplierId) -> Value {
    json!({ "supplier": supplier, "lines": [{ "sku": "A1", "quantity": "2", "unit_cost": "1" }] })
}

pub fn new_order(supplier: SupplierId) -> Value {
    let mut new = order_draft(supplier);
    new["id"] = json!(PaperId::new());
    new["store"] = json!("LON");
    new
}

pub fn reorder_rule() -> Value {
    json!({ "store": "LON", "sku": "A1", "rule": { "safety_days": 3 } })
}

/// A right body for a function of purchasing.
pub fn purchase_body(path: &str, about: &About) -> Option<Value> {
    let (order, supplier) = (about.order, about.supplier);
    Some(match path {
        "/api/inventory/suppliers" => json!({ "query": {} }),
        "/api/inventory/supplier" => json!({ "id": supplier }),
        "/api/inventory/add_supplier" => json!({ "new": new_supplier() }),
        "/api/inventory/change_supplier" => json!({ "id": supplier, "if_version": 0, "patch": { "name": "Pen" } }),
        "/api/inventory/purchases" => json!({ "query": { "store": "LON" } }),
        "/api/inventory/purchase" => json!({ "id": order }),
        "/api/inventory/add_purchase" => json!({ "new": new_order(supplier) }),
        "/api/inventory/change_purchase" => json!({ "id": order, "seen": 1, "draft": order_draft(supplier) }),
        "/api/inventory/step_purchase" => json!({ "id": order, "seen": 1, "step": "submit" }),
        "/api/report/set_mornings" => json!({ "store": "LON", "wanted": true }),
        "/api/inventory/reorder_rule" => json!({ "store": "LON", "sku": "A1" }),
        "/api/inventory/set_reorder_rule" => reorder_rule(),
        "/api/inventory/put_off" => json!({ "store": "LON", "skus": ["A1"], "until": "2026-12-01" }),
        _ => return None,
    })
}

/// A supplier, and a draft of an order to them.
pub async fn buying(shop: &Shop, route: &str) -> (PaperId, SupplierId) {
    if !["purchase", "supplier"].iter().any(|word| route.contains(word)) {
        return (PaperId::new(), SupplierId::new());
    }
    let (system, inventory) = (Actor::system("test"), &shop.house.inventory);
    let new: model::NewSupplier = serde_json::from_value(new_supplier()).expect("a supplier");
    let supplier = inventory.add_supplier(&system, new).await.expect("added").id;
    let new: model::NewPurchase = serde_json::from_value(new_order(supplier)).expect("an order");
    (inventory.add_purchase(&system, new).await.expect("written").id, supplier)
}

async fn set(shop: &Shop, key: &Badge, rule: &Value, name: &str) -> (u16, Value) {
    let new = json!({ "store": "LON", "sku": "A1", "rule": rule });
    let ask = Ask::new("PUT", "/api/v1/reorder-rules")
        .body("application/json", new.to_string())
        .header("idempotency-key", name);
    let answer = key.on(ask).send(shop.at).await;
    (answer.status, answer.json())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_ordering_is_set_as_a_whole_and_shown() {
    on_each(async |shop| {
        let key = shop.key(&["all"], Some(&shop.london)).await;
        let path = "/api/v1/reorder-rules?store=LON&sku=A1";
        let nothing =
            json!({ "safety": null, "safety_days": null, "multiple": null, "cover_days": null, "snoozed_until": null });
        assert_eq!(shop.get(&key, path).await.json(), nothing);
        let rule = json!({ "safety": "4", "safety_days": 3, "multiple": "6" });
        let (status, told) = set(&shop, &key, &rule, "one").await;
        assert_eq!((status, &told["multiple"], &told["cover_days"]), (200, &json!("6"), &Value::Null));
        assert_eq!(set(&shop, &key, &rule, "one").await, (200, told.clone()), "sent again");
        assert_eq!(shop.get(&key, path).await.json(), told);
        assert_eq!(set(&shop, &key, &json!({}), "two").await, (200, nothing), "what is left out is no rule any more");
        for wrong in [json!({ "multiple": "0" }), json!({ "safety_days": 366 }), json!({ "odd": 1 })] {
            assert_eq!(set(&shop, &key, &wrong, &PostingId::new().to_string()).await.0, 422, "{wrong}");
        }
        let missing = shop.get(&key, "/api/v1/reorder-rules?store=LON&sku=NONE").await.status;
        let reader = shop.key(&["stock:read"], Some(&shop.london)).await;
        assert_eq!((missing, set(&shop, &reader, &rule, "three").await.0), (404, 403));
        shop.close().await;
    })
    .await;
}
