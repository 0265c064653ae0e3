//! Right requests about purchasing, for the matrix of who may do what.

use crate::asks::About;
use crate::kit::Shop;
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
