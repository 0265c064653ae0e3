//! The page around the application: head, language, colours, and the scripts that bring it to life.

use crate::{
    App,
    i18n::Locale,
    lazy, prefs,
    problems::{VERSION, WATCH},
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_i18n::Locale as _;
use leptos_meta::MetaTags;
use std::collections::BTreeMap;

/// Where the hashed files are served from. The server puts it in context.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The module that starts the WASM, such as `/pkg/storeroom.1a2b3c.js`.
    pub js: String,
    /// The WASM.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
    /// ECharts and the few lines around it; loaded only where a chart is.
    pub chart: String,
    /// The camera as a scanner; loaded only when somebody opens it.
    pub camera: String,
    /// What reads barcodes where the browser cannot; loaded only by the camera.
    pub reader: String,
    /// The app on this device: installing it and taking up new versions.
    pub device: String,
    /// Each group of lazy pages (see `lazy`) → the files in `/pkg` that bring them to life.
    pub pages: BTreeMap<String, Vec<String>>,
}

/// Until the page is alive a scanner may type already: puts the focus into the scan field, and sets each code aside
/// that ends with Enter; Ctrl+] is what it presses for the sign between two parts of a GS1 label. The field takes them
/// from `window.early` when it comes to life, and leaves nothing there.
const EARLY: &str = "const f=document.getElementById('scan-field');f?.focus();window.early=[];\
addEventListener('keydown',e=>{if(!window.early||!f||e.target!==f)return;\
if(e.key==='Enter'&&f.value){window.early.push(f.value);f.value='';e.preventDefault()}\
if(e.key===']'&&e.ctrlKey&&!e.altKey){f.value+='\\x1d';e.preventDefault()}});";

/// One whole page.
#[must_use]
pub fn shell() -> impl IntoView {
    let Assets { js, wasm, css, chart, camera, reader, device, pages } = expect_context::<Assets>();
    let prefs = prefs::asked();
    // A task of its own for each step: between them a phone answers to a finger.
    let start = format!(
        "{EARLY}import({js}).then(async m=>{{await m.default({{module_or_path:{wasm}}});setTimeout(m.hydrate)}})",
        js = quoted(&js),
        wasm = quoted(&wasm)
    );
    // The page's own pieces come beside the start, not after it; it takes them from `window.pieces` (`piece.js`).
    let path = crate::caller::parts().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    // Fetched, not preloaded: a browser complains of what is preloaded and not used within seconds.
    let pieces = lazy::at(&path).and_then(|group| pages.get(group)).into_iter().flatten();
    let pieces: Vec<String> = pieces.map(|piece| quoted(&format!("/pkg/{piece}"))).collect();
    let start =
        format!("window.pieces={{}};for(const p of[{}])(pieces[p]=fetch(p)).catch(()=>0);{start}", pieces.join(","));
    view! {
        <!DOCTYPE html>
        <html lang=Locale::as_str(prefs.locale) data-theme=prefs.theme.name()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#f6f5f1" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#131518" media="(prefers-color-scheme: dark)" />
                <meta name="chart" content=chart />
                <meta name="camera" content=camera />
                <meta name="reader" content=reader />
                <link rel="stylesheet" href=css />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="apple-touch-icon" href="/icons/maskable-192.png" />
                <link rel="modulepreload" href=js nonce=use_nonce() />
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
                <script nonce=use_nonce() data-version=VERSION inner_html=WATCH></script>
                <MetaTags />
                <script type="module" nonce=use_nonce() inner_html=start></script>
                <script type="module" nonce=use_nonce() src=device></script>
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The addresses are ours; quoting them as JSON keeps even an odd one inside its string.
fn quoted(address: &str) -> String {
    serde_json::Value::from(address).to_string().replace('<', "\\u003c")
}
