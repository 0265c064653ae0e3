//! Right requests about purchasing, for the matrix of who may do what.

use crate::asks::About;
use crate::kit::Shop;
use model::{Actor, PaperId, SupplierId};
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
