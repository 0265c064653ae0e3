//! A right request to every route, for the matrix of who may do what.

use crate::buying::{buying, new_order, new_return, new_supplier, order_draft, purchase_body, reorder_rule};
use crate::kit::{Ask, PASSWORD, PIN, Shop};
use crate::promise::{self, Promise};
use crate::{arrive, corrections, counting, exceptions, lots};
use model::{
    Actor, CountBy, CountEntryId, ExceptionId, ItemId, LotId, NewCount, NewStockCount, PaperId, PostingId, SupplierId,
};
use serde_json::{Value, json};

/// No picture: what is looked at is who sends it, and whoever may is told that it is none (422).
const PNG: &str = "not a picture";

/// What there is in London to ask about.
pub struct About {
    /// An order that is ready for that step, and what it keeps.
    pub promise: Promise,
    pub posting: PostingId,
    pub exception: ExceptionId,
    /// A count that nobody has begun.
    pub count: PaperId,
    /// The version of A1's balance.
    pub version: i64,
    /// A draft of a purchase order, and its supplier.
    pub order: PaperId,
    pub supplier: SupplierId,
    /// What was sent back to the supplier.
    pub back: PaperId,
    /// A correction of the system's that waits, for whoever asks about one.
    pub correction: PaperId,
    /// A lot, for whoever asks about one.
    pub lot: LotId,
}

/// A right request to that route, about London.
pub fn request(route: &str, about: &About) -> Ask {
    let posting = about.posting;
    let (method, path) = route.split_once(' ').expect("two words");
    let lines = json!([{ "sku": "A1", "quantity": "1" }]);
    let document = json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
    let id = match path {
        path if path.contains("/lots/") => about.lot.to_string(),
        path if path.contains("/counts/") => about.count.to_string(),
        path if path.contains("/exceptions/") => about.exception.to_string(),
        path if path.contains("/orders/") || path.starts_with("/pick/") => about.promise.order.to_string(),
        path if path.contains("/reservations/") => about.promise.held.to_string(),
        path if path.contains("supplier-returns") => about.back.to_string(),
        path if path.contains("corrections/") => about.correction.to_string(),
        path if path.contains("supplier") => about.supplier.to_string(),
        path if path.contains("purchase") => about.order.to_string(),
        _ => posting.to_string(),
    };
    let path = path.replace("{id}", &id).replace("{sku}", "A1").replace("{code}", "LON").replace("{hash}", "00");
    let body = match path.as_str() {
        "/api/v1/sales" | "/api/v1/returns" | "/api/v1/receipts" => document,
        "/api/v1/adjustments" => json!({ "id": PostingId::new(), "store": "LON", "reason": "found", "lines": lines }),
        "/api/v1/items" => json!({ "id": ItemId::new(), "sku": ItemId::new(), "name": "New" }),
        path if promise::is_about(path) => promise::body(path, &about.promise),
        path if exceptions::is_about(path) => exceptions::body(path, about.exception),
        path if arrive::is_about(path) => arrive::body(path, posting, document),
        path if path.ends_with("/costs") => json!({ "id": PostingId::new(), "landed": "1" }),
        "/api/v1/suppliers" => new_supplier(),
        "/api/v1/reorder-rules" => reorder_rule(),
        path if path.starts_with("/api/v1/purchase-orders/") && method == "PUT" => order_draft(about.supplier),
        path if path.starts_with("/api/v1/price-lists/") => price_list(),
        path if path.starts_with("/api/v1/families/") => family(),
        path if path.starts_with("/api/v1/tax-classes/") => tax_class(),
        path if path.starts_with("/api/v1/count-plans/") => counting::plan(),
        "/api/v1/purchase-orders" => new_order(about.supplier),
        "/api/v1/supplier-returns" => new_return(about.supplier),
        path if path.ends_with("/credit") => json!({ "number": "CN-1" }),
        path if path.starts_with("/api/v1/corrections") && path.ends_with("/reject") => json!({ "reason": "no" }),
        path if path.starts_with("/api/v1/purchase-orders") && path.ends_with("/reject") => json!({ "reason": "no" }),
        path if path.starts_with("/api/v1/purchase-orders") && method == "POST" => json!({}),
        "/api/v1/counts" => json!({ "id": PaperId::new(), "store": "LON" }),
        path if path.ends_with("/entries") => {
            json!({ "entries": [{ "id": CountEntryId::new(), "code": "A1", "quantity": "1" }] })
        }
        "/api/v1/transfers" => json!({ "id": PostingId::new(), "store": "LON", "to_store": "PAR", "lines": lines }),
        "/api/v1/places" => place(),
        "/api/v1/inspections" => json!({
            "id": PostingId::new(), "store": "LON", "sku": "A1", "quantity": "1", "reason": "looked at"
        }),
        path if path.ends_with("/steps") => json!({ "id": PostingId::new(), "step": "dispatch" }),
        path if path.ends_with("/reverse") && path.starts_with("/api/v1") => json!({ "id": PostingId::new() }),
        path => function_body(path, document, about),
    };
    match method {
        "GET" => Ask::get(&format!("{path}{}", query(&path))),
        _ if path == "/api/auth/sign_in" => {
            let form = format!("name=boss&password={}", PASSWORD.replace(' ', "+"));
            Ask::new(method, &path).body("application/x-www-form-urlencoded", form)
        }
        _ if path == "/api/auth/take_place" => {
            let form = format!("person={posting}&pin={PIN}");
            Ask::new(method, &path).body("application/x-www-form-urlencoded", form)
        }
        _ if path == "/api/setup/add_administrator" => {
            let form =
                format!("token=made-up&display_name=Eve&name=eve&password={}&language=en", PASSWORD.replace(' ', "+"));
            Ask::new(method, &path).body("application/x-www-form-urlencoded", form)
        }
        _ if path == "/api/setup/add_store" => {
            let code = &PostingId::new().to_string().to_uppercase()[24..];
            let form = format!("name=Corner&code={code}&currency=EUR&time_zone=Europe/Madrid");
            Ask::new(method, &path).body("application/x-www-form-urlencoded", form)
        }
        "PUT" => Ask::new(method, &path)
            .body("application/json", body.to_string())
            .header("if-match", "*")
            .header("idempotency-key", &PostingId::new().to_string()),
        "PATCH" => Ask::new(method, &path)
            .body("application/json", patch(&path).to_string())
            .header("if-match", "*")
            .header("idempotency-key", &PostingId::new().to_string()),
        _ if path == "/files/image" => Ask::new(method, "/files/image?sku=A1").body("image/png", PNG),
        _ if path == "/files/import" => {
            Ask::new(method, "/files/import?name=a.csv").body("text/csv", "sku,name\nZ9,Zed\n")
        }
        _ if path == "/api/auth/sign_out" => Ask::new(method, &path).body("application/x-www-form-urlencoded", ""),
        _ => Ask::post(&path, &body).header("idempotency-key", &PostingId::new().to_string()),
    }
}

fn patch(path: &str) -> Value {
    match path {
        path if path.starts_with("/api/v1/lots/") => json!({ "status": "hold" }),
        path if path.starts_with("/api/v1/categories/") => json!({ "was": "Pens", "name": "Pen" }),
        _ => json!({ "name": "Pen" }),
    }
}

fn price_list() -> Value {
    json!({ "version": 0, "name": PostingId::new(), "store": "LON", "lines": [{ "sku": "A1", "price": "1" }] })
}

/// Without items: an item is in one family at most, and everybody asks.
fn family() -> Value {
    json!({ "version": 0, "name": "Pens", "options": [{ "name": "Colour", "values": ["Red"] }] })
}

fn tax_class() -> Value {
    json!({ "version": 0, "name": PostingId::new(), "rates": [{ "rate": "20" }] })
}

fn query(path: &str) -> &'static str {
    match path {
        "/api/v1/counts"
        | "/api/v1/arrivals"
        | "/api/v1/transfers"
        | "/api/v1/places"
        | "/api/v1/inspections"
        | "/api/v1/price-lists"
        | "/api/v1/orders"
        | "/api/v1/purchase-orders"
        | "/api/v1/supplier-returns"
        | "/api/v1/corrections"
        | "/api/v1/reservations"
        | "/api/v1/stock"
        | "/api/v1/lots"
        | "/api/v1/exceptions"
        | "/api/v1/movements"
        | "/api/v1/reports/stock-levels"
        | "/api/v1/reports/movements"
        | "/api/v1/reports/forecast-quality"
        | "/api/v1/items/A1/components"
        | "/api/v1/reports/to-buy" => "?store=LON",
        "/files/export" => "?list=products&store=LON",
        "/api/v1/reports/most-sold" | "/api/v1/reports/margin" | "/api/v1/taxes" => {
            "?store=LON&from=2026-01-01&to=2026-12-31"
        }
        "/api/v1/reports/stock-value" | "/api/v1/count-plans" => "?store=LON",
        "/api/v1/serials" => "?serial=S1",
        "/api/v1/reorder-rules" | "/api/v1/reports/cost-layers" => "?store=LON&sku=A1",
        _ => "",
    }
}

/// A new place of London.
fn place() -> Value {
    let id = PostingId::new();
    json!({ "id": id, "store": "LON", "code": &id.to_string().to_uppercase()[24..], "name": "shelf" })
}

fn function_body(path: &str, document: Value, about: &About) -> Value {
    if let Some(body) = purchase_body(path, about) {
        return body;
    }
    let posting = about.posting;
    match path {
        "/api/inventory/count" => json!({ "count": {
            "id": PostingId::new(), "store": "LON", "sku": "A1", "counted": "5", "version": about.version,
            "reason": "found"
        } }),
        "/api/inventory/delivery_costs" => json!({ "id": posting }),
        "/api/inventory/tell_costs" => json!({ "id": posting, "costs": { "id": PostingId::new(), "landed": "1" } }),
        "/api/inventory/corrections" => json!({ "query": { "store": "LON" } }),
        "/api/inventory/correction" => json!({ "id": about.correction }),
        "/api/inventory/step_correction" => {
            json!({ "id": about.correction, "seen": 1, "step": "approve", "reason": null })
        }
        "/api/inventory/count_plans" => json!({ "store": "LON" }),
        "/api/inventory/save_count_plan" => json!({ "id": PostingId::new(), "plan": counting::plan() }),
        "/api/inventory/counts" => json!({ "store": "LON", "after": null }),
        "/api/inventory/open_count" => json!({ "new": { "id": PaperId::new(), "store": "LON" } }),
        "/api/inventory/shown_count" | "/api/inventory/counting_left" | "/api/inventory/cancel_count" => {
            json!({ "id": about.count })
        }
        // Who it is by is somebody who is not signed in.
        "/api/inventory/enter_counts" => json!({ "id": about.count, "by": "nobody", "new": { "entries": [
            { "id": CountEntryId::new(), "code": "A1", "quantity": "1" }
        ] } }),
        "/api/inventory/hand_in_count" => json!({ "id": about.count, "none_found": false }),
        "/api/inventory/recount" => json!({ "id": about.count, "seen": 1, "skus": ["A1"] }),
        "/api/inventory/approve_count" => json!({ "id": about.count, "seen": 1 }),
        "/api/inventory/reject_count" => json!({ "id": about.count, "seen": 1, "reason": "upside down" }),
        "/api/inventory/rules" => json!({ "store": "LON" }),
        "/api/inventory/change_rules" => json!({ "store": "LON", "patch": { "lock_day": "2020-01-31" } }),
        "/api/inventory/set_count_tolerance" => {
            json!({ "store": "LON", "tolerance": { "percent": "1", "quantity": "1" } })
        }
        "/api/inventory/post_sale" => json!({ "sale": document }),
        "/api/inventory/adjust" => json!({ "adjustment": {
            "id": PostingId::new(), "store": "LON", "reason": "found", "lines": [{ "sku": "A1", "quantity": "1" }]
        } }),
        "/api/inventory/post_receipt" => json!({ "receipt": document }),
        "/api/inventory/post_return" => json!({ "back": document }),
        "/api/inventory/meaning" => json!({ "store": "LON", "text": "A1" }),
        "/api/inventory/waiting" | "/api/inventory/exceptions" | "/api/report/today" | "/api/report/to_buy" => {
            json!({ "store": "LON" })
        }
        "/api/inventory/home" => json!({ "store": "LON", "limit": 10 }),
        "/api/inventory/history" => json!({ "query": { "store": "LON" }, "after": null, "limit": 10 }),
        "/api/inventory/posting" | "/api/report/posting_cost" => json!({ "id": posting }),
        "/api/report/worth" => json!({ "store": "LON", "at": "2026-01-31T10:00:00" }),
        "/api/report/margins" => json!({ "store": "LON", "from": "2026-01-01", "to": null }),
        "/api/inventory/reverse" => json!({ "posting": posting, "reversal": { "id": PostingId::new() } }),
        "/api/help" => json!({ "page": "/till" }),
        "/api/inventory/product" => json!({ "code": "A1" }),
        "/api/inventory/kit" => json!({ "store": "LON", "sku": "A1" }),
        "/api/inventory/products" => json!({ "query": { "store": "LON" }, "offset": 0, "limit": 10 }),
        "/api/inventory/product_skus" => json!({ "query": { "store": "LON" } }),
        "/api/inventory/add_product" => json!({ "item": { "id": ItemId::new(), "sku": ItemId::new(), "name": "New" } }),
        "/api/inventory/change_product" => json!({ "sku": "A1", "if_version": 0, "patch": { "name": "Pen" } }),
        "/api/inventory/change_many" => {
            json!({ "store": "LON", "skus": ["A1"], "bulk": { "archived": false } })
        }
        "/api/inventory/undo_change" => json!({ "journal": PostingId::new() }),
        "/api/inventory/price_lists" => json!({ "store": "LON" }),
        "/api/inventory/price_list" => json!({ "id": posting }),
        "/api/inventory/save_price_list" => json!({ "id": PostingId::new(), "list": price_list() }),
        "/api/inventory/set_scale_labels" => json!({ "labels": [] }),
        "/api/inventory/tax_class" => json!({ "id": posting }),
        "/api/inventory/save_tax_class" => json!({ "id": PostingId::new(), "class": tax_class() }),
        "/api/inventory/taxes" => json!({ "store": "LON", "from": "2026-01-01", "to": "2026-12-31" }),
        "/api/inventory/families" => json!({ "after": null }),
        "/api/inventory/family" => json!({ "id": posting, "store": "LON" }),
        "/api/inventory/family_of" => json!({ "store": "LON", "sku": "A1" }),
        "/api/inventory/save_family" => json!({ "id": PostingId::new(), "family": family() }),
        "/api/inventory/rename_category" => {
            json!({ "id": PostingId::new(), "renaming": { "was": "Pens", "name": "Pen" } })
        }
        "/api/integration/import"
        | "/api/integration/resume_import"
        | "/api/integration/stop_import"
        | "/api/integration/undo_import" => {
            json!({ "id": PostingId::new() })
        }
        "/api/integration/check_import" | "/api/integration/start_import" => {
            json!({ "id": PostingId::new(), "mapping": { "store": "LON", "fields": [], "comma": false } })
        }
        "/api/inventory/inspect" => json!({ "inspection": {
            "id": PostingId::new(), "store": "LON", "sku": "A1", "quantity": "1", "reason": "looked at"
        } }),
        "/api/inventory/transfers" | "/api/inventory/places" | "/api/inventory/goods_aside" => {
            json!({ "store": "LON" })
        }
        "/api/inventory/lots" => json!({ "query": { "store": "LON" } }),
        "/api/inventory/item_lots" => json!({ "store": "LON", "sku": "A1" }),
        "/api/inventory/serials" => json!({ "serial": "S1" }),
        "/api/inventory/lot_trace" => json!({ "id": about.lot }),
        "/api/inventory/with_lots" => json!({ "skus": ["A1"] }),
        "/api/inventory/change_lot" => json!({ "id": about.lot, "patch": { "status": "hold" } }),
        "/api/inventory/track_item" => json!({ "sku": "A1", "tracking": "none" }),
        "/api/inventory/transfer" => json!({ "id": posting }),
        "/api/inventory/add_transfer" => json!({ "transfer": {
            "id": PostingId::new(), "store": "LON", "to_store": "PAR"
        } }),
        "/api/inventory/step_transfer" => {
            json!({ "id": posting, "step": { "id": PostingId::new(), "step": "dispatch" } })
        }
        "/api/inventory/add_place" => json!({ "place": place() }),
        "/api/inventory/change_place" => json!({ "id": posting, "change": { "name": "shelf" } }),
        "/api/inventory/find" => json!({ "store": "LON", "code": "A1" }),
        "/api/inventory/search" => json!({ "store": "LON", "text": "pen" }),
        "/api/inventory/grid" => json!({ "query": { "store": "LON" }, "offset": 0, "limit": 10 }),
        "/api/inventory/sheet" | "/api/report/cost_layers" => json!({ "store": "LON", "sku": "A1" }),
        "/api/report/dashboard" | "/api/report/board" | "/api/report/standing" => {
            json!({ "store": "LON", "day": null })
        }
        _ => settings_body(path),
    }
}

/// A right body for a function of the settings or the set-up; whoever it is about is not there.
fn settings_body(path: &str) -> Value {
    let (id, grant) = (PostingId::new(), json!({ "role": "employee", "store": null }));
    match path {
        "/api/people/list" => json!({ "after": "" }),
        "/api/people/add" => json!({ "new": {
            "name": id, "display_name": "New", "password": PASSWORD, "language": "", "grants": [grant]
        } }),
        "/api/people/grant" | "/api/people/revoke" => json!({ "person": id, "grant": grant }),
        "/api/people/set_disabled" => json!({ "person": id, "disabled": true }),
        "/api/people/set_password" => json!({ "person": id, "password": PASSWORD }),
        "/api/people/change_password" => json!({ "old": PASSWORD, "new": "short" }),
        "/api/people/set_pin" => json!({ "password": PASSWORD, "pin": "123456" }),
        "/api/people/take_pin" => json!({ "person": id }),
        "/api/devices/share" => json!({ "new": { "store": id, "name": "Till 9", "lock_minutes": 5 } }),
        "/api/devices/end" => json!({ "device": id }),
        "/api/keys/add" => {
            json!({ "new": { "name": "till 9", "scopes": ["stock:read"], "stores": null, "days": 30 } })
        }
        "/api/keys/revoke" => json!({ "key": id }),
        "/api/sessions/end" => json!({ "session": id }),
        "/api/sessions/end_all" => json!({ "person": id }),
        "/api/setup/progress" => json!({ "token": "made-up" }),
        "/api/setup/open_demo" => json!({ "token": null }),
        "/api/setup/restore_demo" => json!({ "people": [] }),
        "/api/activity/lines" => json!({ "query": {} }),
        "/api/problems/list" => json!({ "filter": "open" }),
        "/api/problems/settle" => json!({ "problem": ItemId::new(), "settling": "take" }),
        "/api/problems/report" => json!({ "report": { "note": "the till is slow" } }),
        "/api/problems/see" => json!({ "seen": { "what": "it broke" } }),
        _ => json!({}),
    }
}

/// A sale of London, posted by the system, for whoever tries to undo it or asks what it cost, and an exception that it
/// opened; a delivery for whoever tells what that cost.
pub async fn about(shop: &Shop, route: &str) -> About {
    let (system, inventory) = (Actor::system("test"), &shop.house.inventory);
    let about_stock = route.ends_with("count") || exceptions::is_step(route);
    if about_stock {
        let level = inventory.level(&system, "LON", "A1").await.expect("readable");
        if let Some(level) = level.filter(|level| level.on_hand.is_negative()) {
            let (id, store, sku) = (PostingId::new(), "LON".to_owned(), "A1".to_owned());
            let (counted, reason) = ("0".parse().expect("a quantity"), "found".to_owned());
            let count = NewCount { id, store, sku, counted, version: level.version, reason };
            inventory.count(&system, count).await.expect("counted");
        }
    }
    let quantity = if about_stock { "1000000" } else { "1" };
    let sale: model::NewSale = serde_json::from_value(crate::kit::sale(quantity)).expect("a sale");
    let (posting, seq) = if route.ends_with("costs") || route.contains("/deliveries") {
        let lines = json!([{ "sku": "A1", "quantity": "1" }]);
        let receipt = json!({ "id": PostingId::new(), "store": "LON", "lines": lines });
        let receipt = serde_json::from_value(receipt).expect("a receipt");
        inventory.post_receipt(&system, receipt).await.map(|receipt| (receipt.id, receipt.seq)).expect("posted")
    } else {
        inventory.post_sale(&system, sale).await.map(|receipt| (receipt.id, receipt.seq)).expect("posted")
    };
    if route.ends_with("/cost") || route.ends_with("posting_cost") {
        shop.house.report.caught_up(seq.expect("it is sealed")).await;
    }
    let open = inventory.exceptions(&system, "LON", None).await.expect("readable").data;
    let open = open.iter().find(|case| case.exception.sku == "A1");
    let new = NewStockCount {
        id: PaperId::new(),
        store: "LON".into(),
        by: CountBy::Store,
        place: None,
        skus: Vec::new(),
        most: None,
        due_on: None,
        note: None,
    };
    let count = inventory.open_count(&system, new).await.expect("opened").id;
    let nobody = (ExceptionId::new(), 0);
    let (exception, version) = open.map_or(nobody, |case| (case.exception.id, case.version));
    let promise = promise::about(shop, route).await;
    let (order, supplier, back) = buying(shop, route).await;
    let of_lot = ["/lots/", "lot_trace", "change_lot"].iter().any(|name| route.contains(name));
    let lot = if of_lot { lots::a_lot(shop).await } else { LotId::new() };
    let correction = if route.contains("correction") && !route.ends_with("/corrections") {
        corrections::a_waiting_one(shop).await
    } else {
        PaperId::new()
    };
    About { correction, promise, posting, exception, count, version, order, supplier, back, lot }
}
