//! What the stories of purchase orders share: a supplier, orders, and people of both stores.

use crate::common::{Open, money, units};
use model::{
    Actor, NewPurchase, NewPurchaseLine, NewReceipt, NewSupplier, NotTaken, PaperId, PersonId, Principal, Purchase,
    PurchaseDraft, Supplier, SupplierId,
};

/// A supplier who ships in five days and is a tenth off now and then, if `tolerance` says so.
pub fn supplier(code: &str, tolerance: &str) -> NewSupplier {
    NewSupplier {
        id: SupplierId::new(),
        code: code.into(),
        name: format!("{code} Pottery"),
        email: "orders@pottery.example".into(),
        phone: String::new(),
        note: String::new(),
        lead_days: 5,
        tolerance: units(tolerance),
    }
}

/// `CUP 12 2.00`: an item, how many, and what one costs.
pub fn lines(of: &[(&str, &str, &str)]) -> Vec<NewPurchaseLine> {
    of.iter()
        .map(|(sku, quantity, cost)| NewPurchaseLine {
            sku: (*sku).into(),
            quantity: units(quantity),
            unit_cost: (!cost.is_empty()).then(|| money(cost)),
            code: None,
            why: None,
        })
        .collect()
}

/// An order of LON.
pub fn order(supplier: &Supplier, of: &[(&str, &str, &str)]) -> NewPurchase {
    NewPurchase {
        id: PaperId::new(),
        store: "LON".into(),
        supplier: supplier.id,
        reference: None,
        note: None,
        due_on: Some("2026-12-04".into()),
        lines: lines(of),
    }
}

/// The same as a change of a draft.
pub fn draft(supplier: &Supplier, of: &[(&str, &str, &str)]) -> PurchaseDraft {
    order(supplier, of).draft()
}

/// What came with an order: `(SKU, how many)`, and what of it was not taken.
pub fn delivery(order: &Purchase, taken: &[(&str, &str)], rejected: &[(&str, &str)]) -> NewReceipt {
    let line = |(sku, quantity): &(&str, &str)| model::NewLine {
        sku: (*sku).into(),
        quantity: units(quantity),
        unit_price: None,
        lot: None,
        serials: Vec::new(),
    };
    let left = |(sku, quantity): &(&str, &str)| NotTaken {
        sku: (*sku).into(),
        quantity: units(quantity),
        reason: "damaged".into(),
    };
    NewReceipt {
        lots: Vec::new(),
        order: Some(order.id),
        rejected: rejected.iter().map(left).collect(),
        ..crate::common::receipt(taken.iter().map(line).collect())
    }
}

/// Another person with the same rights.
pub fn colleague(of: &Actor, name: &str) -> Actor {
    Actor { principal: Principal::Person(PersonId::new()), name: name.into(), ..of.clone() }
}

/// An order that was sent.
pub async fn sent(store: &Open, supplier: &Supplier, of: &[(&str, &str, &str)]) -> Purchase {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let order = inventory.add_purchase(owner, order(supplier, of)).await.expect("written");
    inventory.submit_purchase(owner, order.id, None).await.expect("approved, as there is no limit");
    inventory.send_purchase(owner, order.id, None).await.expect("sent")
}
