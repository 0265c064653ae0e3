//! Promises as others meet them: what the access matrix asks about them, and what a screen hears.

use crate::kit::{Shop, Socket, on_each};
use model::{
    Actor, Frame, HandOver, HoldKind, HoldLine, NewHold, NewLine, NewOrder, NewReceipt, OfLine, OrderContent, PaperId,
    PostingId, Quantity, ReservationId, Role,
};
use serde_json::{Value, json};

/// What there is in London to ask about.
pub struct Promise {
    pub order: PaperId,
    pub held: ReservationId,
}

fn one() -> NewLine {
    NewLine { sku: "B2".into(), quantity: Quantity::whole(1), unit_price: None, lot: None, serials: Vec::new() }
}

/// An order in the state that the route's step needs, and goods that are kept; nothing for other routes.
pub async fn about(shop: &Shop, route: &str) -> Promise {
    let (system, inventory) = (Actor::system("test"), &shop.house.inventory);
    let promise = Promise { order: PaperId::new(), held: ReservationId::new() };
    if !["order", "reservation", "/pick/"].iter().any(|word| route.contains(word)) {
        return promise;
    }
    let (id, store) = (PostingId::new(), "LON".to_owned());
    let lines = vec![NewLine { quantity: Quantity::whole(9), ..one() }];
    let receipt = NewReceipt {
        lots: Vec::new(),
        id,
        store: store.clone(),
        occurred_at: None,
        number: None,
        order: None,
        lines,
        rejected: Vec::new(),
    };
    inventory.post_receipt(&system, receipt).await.expect("received");
    let line = HoldLine { id: promise.held, sku: "B2".into(), quantity: Quantity::whole(1) };
    let hold = NewHold { store: store.clone(), kind: HoldKind::Hold, expires_at: None, lines: vec![line] };
    inventory.hold(&system, hold).await.expect("kept");
    let content = OrderContent { lines: vec![one()], ..OrderContent::default() };
    inventory.add_order(&system, NewOrder { id: promise.order, store, content }).await.expect("drafted");
    let step = route.rsplit(['/', ' ']).next().unwrap_or_default();
    if ["pick", "pick_order", "hand-over", "hand_over_order", "close", "close_order", "keep", "keep_order"]
        .contains(&step)
    {
        inventory.confirm_order(&system, promise.order, None).await.expect("confirmed");
    }
    if ["close", "close_order"].contains(&step) {
        let lines = vec![OfLine { line: 1, quantity: Quantity::whole(1), serials: Vec::new(), from: Vec::new() }];
        let goods = HandOver { id: PostingId::new(), lines };
        inventory.hand_over(&system, promise.order, None, goods).await.expect("handed over");
    }
    promise
}

/// Is that path one of theirs?
pub fn is_about(path: &str) -> bool {
    let names = ["/orders", "_order", "/reservations", "_reservation"];
    names.iter().any(|name| path.ends_with(name)) || path.contains("/orders/") || path.contains("/reservations/")
}

/// A right body for that path.
pub fn body(path: &str, about: &Promise) -> Value {
    let (id, lines) = (about.order, json!([{ "sku": "B2", "quantity": "1" }]));
    let new = json!({ "id": PaperId::new(), "store": "LON", "content": { "lines": lines } });
    let picking = json!({ "lines": [{ "line": 1, "before": "0", "picked": "1" }] });
    let goods = json!({ "id": PostingId::new(), "lines": [{ "line": 1, "quantity": "1" }] });
    match path {
        "/api/inventory/orders" => json!({ "store": "LON", "state": "", "search": "", "after": null }),
        "/api/inventory/add_order" => json!({ "order": new }),
        "/api/inventory/change_order" => json!({ "id": id, "seen": 1, "content": { "lines": lines } }),
        "/api/inventory/confirm_order" => json!({ "id": id, "seen": 1 }),
        "/api/inventory/pick_order" => json!({ "id": id, "picking": picking }),
        "/api/inventory/hand_over_order" => json!({ "id": id, "goods": goods }),
        "/api/inventory/keep_order" => json!({ "id": id, "seen": null, "until": { "kept_until": null } }),
        "/api/inventory/cancel_order" => json!({ "id": id, "cancelling": {} }),
        "/api/inventory/show_order" | "/api/inventory/close_order" => json!({ "id": id }),
        "/api/inventory/release_reservation" => json!({ "id": about.held }),
        "/api/inventory/extend_reservation" => {
            json!({ "id": about.held, "end": { "expires_at": model::Time::now().plus_seconds(60) } })
        }
        "/api/v1/orders" => new,
        "/api/v1/reservations" => {
            let line = json!({ "id": ReservationId::new(), "sku": "B2", "quantity": "1" });
            json!({ "store": "LON", "lines": [line] })
        }
        path if path.ends_with("/pick") => picking,
        path if path.ends_with("/hand-over") => goods,
        path if path.ends_with("/keep") => json!({ "kept_until": null }),
        path if path.ends_with("/extend") => json!({ "expires_at": model::Time::now().plus_seconds(60) }),
        path if path.ends_with(&id.to_string()) => json!({ "lines": lines }),
        _ => json!({}),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_is_pushed_as_a_change_of_what_is_reserved() {
    on_each(async |shop| {
        let mark = shop.person("mark", Role::Manager, Some(&shop.london)).await;
        let system = Actor::system("test");
        let about = about(&shop, "POST /api/v1/orders").await;
        let mut tx = shop.house.db.read().await.expect("a snapshot");
        let start = shop.house.log.head(&mut tx).await.expect("a head");
        drop(tx);
        let topics = ["stock:LON".to_owned(), format!("paper:{}", about.order)];
        let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
        let mut socket = Socket::hear(&shop, &mark, start, &topics).await;
        shop.house.inventory.confirm_order(&system, about.order, None).await.expect("confirmed");
        let Frame::Event { changes, sale, .. } = socket.frame().await else { panic!("an event") };
        let told = &changes[0];
        assert_eq!((told.on_hand, told.reserved), (Quantity::whole(9), Quantity::whole(2)), "one is kept by hand");
        assert_eq!((told.version, told.reserved_version), (1, 2), "nothing moved");
        assert!(sale.is_none(), "nothing was sold");
        shop.house.inventory.release(&system, about.held).await.expect("let go");
        let Frame::Event { changes, .. } = socket.frame().await else { panic!("an event") };
        assert_eq!((changes[0].reserved, changes[0].reserved_version), (Quantity::whole(1), 3));
        shop.close().await;
    })
    .await;
}
