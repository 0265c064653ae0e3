//! Where drafts are kept between pages: this browser's local storage, per person and store.

use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was left here. What cannot be read is from another version; it is left alone.
pub fn load<T: DeserializeOwned>(key: &str) -> Option<T> {
    crate::json::read(&text(key)?).ok()
}

/// What was left here, as it was written.
pub fn text(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps it; whether it is kept. A browser that keeps nothing still works: only a reload would lose a draft.
pub fn save<T: Serialize>(key: &str, draft: &T) -> bool {
    let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(draft)) else { return false };
    storage.set_item(key, &text).is_ok()
}

/// Forgets it.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        storage.remove_item(key).ok();
    }
}

/// The keys that begin so.
pub fn keys(start: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or_default();
    let all = (0..count).filter_map(|at| storage.key(at).ok().flatten());
    all.filter(|key| key.starts_with(start)).collect()
}
