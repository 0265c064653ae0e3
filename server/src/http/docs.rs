//! A page for people who write programs against us: every path of the OpenAPI document, without a script.

use axum::body::Bytes;
use axum::response::Html;
use axum::routing::{MethodRouter, get};
use serde_json::Value;
use std::fmt::Write;

/// The reference, written out once from the document itself.
pub fn page<S: Clone + Send + Sync + 'static>() -> MethodRouter<S> {
    let page = Bytes::from(written(&serde_json::from_str(&super::openapi()).unwrap_or_default()));
    get(move || std::future::ready(Html(page.clone())))
}

fn written(document: &Value) -> String {
    let mut rows = String::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let words = operation["summary"].as_str().or(operation["description"].as_str()).unwrap_or_default();
            let (method, path) = (safe(&method.to_uppercase()), safe(path));
            let _ = write!(rows, "<dt><code>{method} {path}</code></dt><dd>{}</dd>", safe(words));
        }
    }
    format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Storeroom: the interface for other systems</title><h1>The interface for other systems</h1>\
         <p>Send an API key with each request: <code>Authorization: Bearer …</code>; with each request that changes \
         something also an <code>Idempotency-Key</code> of your own. The whole document, for programs: \
         <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a> (OpenAPI 3.1).</p><dl>{rows}</dl></html>"
    )
}

fn safe(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn each_path_is_there_and_markup_is_not() {
        let document = serde_json::json!({ "paths": { "/items": { "get": { "summary": "All <items>" } } } });
        let page = written(&document);
        assert!(page.contains("GET /items") && page.contains("All &lt;items&gt;") && !page.contains("<items>"));
    }
}
