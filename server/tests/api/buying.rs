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

/// One A1 that goes back.
pub fn new_return(supplier: SupplierId) -> Value {
    let lines = json!([{ "sku": "A1", "quantity": "1", "reason": "wrong" }]);
    json!({ "id": PaperId::new(), "store": "LON", "supplier": supplier, "lines": lines })
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
        "/api/inventory/supplier_returns" => json!({ "query": { "store": "LON" } }),
        "/api/inventory/supplier_return" => json!({ "id": about.back }),
        "/api/inventory/to_send_back" => json!({ "store": "LON", "skus": ["A1"] }),
        "/api/inventory/send_back" => json!({ "new": new_return(supplier) }),
        "/api/inventory/credit_supplier_return" => {
            json!({ "id": about.back, "seen": 1, "credit": { "number": "CN-1" } })
        }
        "/api/report/set_mornings" => json!({ "store": "LON", "wanted": true }),
        "/api/inventory/reorder_rule" => json!({ "store": "LON", "sku": "A1" }),
        "/api/inventory/set_reorder_rule" => reorder_rule(),
        "/api/inventory/put_off" => json!({ "store": "LON", "skus": ["A1"], "until": "2026-12-01" }),
        _ => return None,
    })
}

/// A supplier, a draft of an order to them, and what was sent back to them.
pub async fn buying(shop: &Shop, route: &str) -> (PaperId, SupplierId, PaperId) {
    if !["purchase", "supplier", "send_back"].iter().any(|word| route.contains(word)) {
        return (PaperId::new(), SupplierId::new(), PaperId::new());
    }
    let (system, inventory) = (Actor::system("test"), &shop.house.inventory);
    let new: model::NewSupplier = serde_json::from_value(new_supplier()).expect("a supplier");
    let supplier = inventory.add_supplier(&system, new).await.expect("added").id;
    let new: model::NewPurchase = serde_json::from_value(new_order(supplier)).expect("an order");
    let order = inventory.add_purchase(&system, new).await.expect("written").id;
    let back = if route.contains("return") || route.contains("send_back") {
        send_back(shop, supplier).await
    } else {
        PaperId::new()
    };
    (order, supplier, back)
}

/// One A1 goes back, and another one is there to go.
async fn send_back(shop: &Shop, supplier: SupplierId) -> PaperId {
    let (system, inventory) = (Actor::system("test"), &shop.house.inventory);
    let level = inventory.level(&system, "LON", "A1").await.expect("readable");
    let missing = level.map_or(0, |level| (-level.on_hand.parts()).max(0)) + 2 * model::Quantity::ONE;
    let quantity = model::Quantity::from_parts(missing);
    let receipt = json!({ "id": PostingId::new(), "store": "LON", "lines": [{ "sku": "A1", "quantity": quantity }] });
    let receipt = serde_json::from_value(receipt).expect("a receipt");
    inventory.post_receipt(&system, receipt).await.expect("posted");
    let new = serde_json::from_value(new_return(supplier)).expect("a return");
    inventory.send_back(&system, new).await.expect("sent").id
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
