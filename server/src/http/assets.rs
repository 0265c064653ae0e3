//! The browser's part: built files, inside the executable in a release and read from disk while developing.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Site;

/// Where the page finds its script, its styles and the rest, as the build listed it; by plain names before any build.
#[must_use]
pub fn addresses() -> app::Assets {
    let list = Site::get("assets.json").and_then(|file| serde_json::from_slice::<Value>(&file.data).ok());
    let address = |name: &str| {
        let listed = list.as_ref().and_then(|list| list[name].as_str()).map(str::to_owned);
        listed.unwrap_or_else(|| format!("/pkg/{name}"))
    };
    app::Assets {
        js: address("storeroom.js"),
        wasm: address("storeroom_bg.wasm"),
        css: address("main.css"),
        chart: address("chart.js"),
        camera: address("camera.js"),
        reader: address("reader.js"),
        device: address("device.js"),
        pages: list.as_ref().and_then(|list| BTreeMap::deserialize(&list["pages"]).ok()).unwrap_or_default(),
    }
}

/// Answers with a built file, if there is one of that name.
pub fn answer(request: &Request) -> Option<Response> {
    let name = request.uri().path().trim_start_matches('/');
    if !matches!(*request.method(), Method::GET | Method::HEAD) || !is_asset(name) {
        return None;
    }
    let (file, encoding) = best(name, request.headers())?;
    let tag = tag(&file, encoding);
    if request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Some((StatusCode::NOT_MODIFIED, described(name, encoding, &tag)).into_response());
    }
    Some((described(name, encoding, &tag), Body::from(sent(file.data))).into_response())
}

/// What is inside the executable is sent from where it is; only what was read from the disk is ours to give away.
fn sent(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(inside) => Bytes::from_static(inside),
        Cow::Owned(read) => Bytes::from(read),
    }
}

/// The build's own list and the precompressed twins are not pages of the site.
fn is_asset(name: &str) -> bool {
    let hidden = name.split('/').any(|part| part.is_empty() || part.starts_with('.'));
    !hidden && name != "assets.json" && !name.ends_with(".br") && !name.ends_with(".gz")
}

/// The smallest form of the file that the browser understands.
fn best(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |coding: &str| accepted.split(',').any(|part| part.trim().split(';').next() == Some(coding));
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(coding)
            && let Some(file) = Site::get(&format!("{name}.{ending}"))
        {
            return Some((file, Some(coding)));
        }
    }
    Site::get(name).map(|file| (file, None))
}

fn described(name: &str, encoding: Option<&'static str>, tag: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let kind = match mime_guess::from_path(name).first_raw() {
        _ if name.ends_with(".webmanifest") => "application/manifest+json".to_owned(),
        Some(kind) if kind.starts_with("text/") => format!("{kind}; charset=utf-8"),
        Some(kind) => kind.to_owned(),
        None => "application/octet-stream".to_owned(),
    };
    let keep = if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let pairs = [(header::CONTENT_TYPE, kind.as_str()), (header::CACHE_CONTROL, keep), (header::ETAG, tag)];
    for (header, text) in pairs {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(header, value);
        }
    }
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    headers
}

fn tag(file: &EmbeddedFile, encoding: Option<&str>) -> String {
    let hash: String = file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hash}{}\"", encoding.map(|coding| format!("-{coding}")).unwrap_or_default())
}

/// A name that carries its content's hash never means anything else: `pkg/storeroom-3fa9c1d2.js`.
fn is_hashed(name: &str) -> bool {
    let Some((stem, _)) = name.strip_prefix("pkg/").and_then(|name| name.rsplit_once('.')) else { return false };
    stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() >= 8 && hash.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashed_name_keeps_for_a_year() {
        let headers = described("pkg/storeroom-3fa9c1d2aa.js", Some("br"), "\"x\"");
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    }

    #[test]
    fn a_plain_name_is_asked_for_again() {
        let headers = described("pkg/storeroom_bg.wasm", None, "\"x\"");
        assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
        assert_eq!(headers[header::CONTENT_TYPE], "application/wasm");
    }

    #[test]
    fn the_worker_and_the_manifest_are_asked_for_again_each_time() {
        for (name, kind) in
            [("sw.js", "text/javascript; charset=utf-8"), ("manifest.webmanifest", "application/manifest+json")]
        {
            let headers = described(name, None, "\"x\"");
            assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
            assert_eq!(headers[header::CONTENT_TYPE], kind);
        }
    }

    #[test]
    fn what_is_inside_the_executable_is_not_copied() {
        static INSIDE: &[u8] = b"a script";
        assert_eq!(sent(Cow::Borrowed(INSIDE)).as_ptr(), INSIDE.as_ptr());
        assert_eq!(sent(Cow::Owned(INSIDE.to_vec())), INSIDE);
    }

    #[test]
    fn the_list_of_files_is_not_a_file() {
        assert!(!is_asset("assets.json") && !is_asset("../Cargo.toml") && !is_asset("pkg/a.js.br"));
    }
}
