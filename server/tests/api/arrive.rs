//! Right requests about what is counted of a delivery.

use model::PostingId;
use serde_json::{Value, json};

/// Is it asked there about what somebody counts of a delivery?
pub fn is_about(path: &str) -> bool {
    path.contains("arrival")
}

/// A right body for that path; whose part it is about is not there.
pub fn body(path: &str, id: PostingId, document: Value) -> Value {
    let new = json!({ "delivery": id, "turn": 1, "receipt": document });
    match path {
        "/api/v1/arrivals" => new,
        "/api/inventory/share_arrival" => json!({ "new": new }),
        "/api/inventory/arrivals" => json!({ "store": "LON" }),
        path if path.starts_with("/api/inventory/") => json!({ "id": id }),
        _ => json!({}),
    }
}
