//! Where the sale is kept between pages: this browser's local storage, per person and store.

use super::draft::Draft;
use leptos::prelude::window;
use web_sys::Storage;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The sale that was left here. One that cannot be read is from another version; it is left alone.
pub fn load(key: &str) -> Option<Draft> {
    let text = storage()?.get_item(key).ok()??;
    serde_json::from_str(&text).ok()
}

/// Keeps the sale. A browser that keeps nothing still sells: only a reload would lose the draft.
pub fn save(key: &str, draft: &Draft) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(draft)) {
        storage.set_item(key, &text).ok();
    }
}
