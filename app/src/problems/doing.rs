//! What a screen was doing: its path, the names of what it asked for, its size. Never what somebody typed.

use crate::prelude::*;
use js_sys::{Array, Function, Reflect};
use model::Doing;
use wasm_bindgen::{JsCast, JsValue};

/// The program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the browser does before, and beside, the WASM: remembers the names of what was asked for, and tells the server
/// of errors that nobody caught. Five a page at most, each once, quoted words left out, and its own failing is silent:
/// no error tells of itself.
pub const WATCH: &str = r#"(()=>{const acts=window.acts=[],told=new Set(),version=document.currentScript.dataset.version;
try{new PerformanceObserver(l=>{for(const e of l.getEntries()){const p=new URL(e.name).pathname;
if(p.startsWith('/api/')&&!p.startsWith('/api/problems/')){acts.push(p.slice(5)+' '+(e.responseStatus||'?'));if(acts.length>10)acts.shift()}}
}).observe({type:'resource',buffered:true})}catch{}
const plain=t=>String(t??'').replace(/(^|[^\p{L}\p{N}])(["'`]).*?(\2|$)/gsu,'$1…').slice(0,400);
window.trouble=(what,place)=>{what=plain(what);
if(!what||told.size>4||told.has(what)||/ResizeObserver|^Script error/.test(what)||told.size&&/unreachable/.test(what))return;
told.add(what);
fetch('/api/problems/see',{method:'POST',keepalive:true,headers:{'content-type':'application/json'},body:JSON.stringify({seen:{what,
place:plain(place).slice(0,200),doing:{screen:location.pathname.slice(0,200),actions:acts.slice(),version,viewport:innerWidth+' × '+innerHeight,
language:document.documentElement.lang,connection:navigator.onLine?'':'offline'}}})}).catch(()=>{})};
addEventListener('error',e=>{if(e.message)trouble(e.message,(e.filename||'').replace(location.origin,'')+':'+e.lineno+':'+e.colno)});
addEventListener('unhandledrejection',e=>trouble(e.reason&&e.reason.message||e.reason,'promise'));
})();"#;

/// What this screen is doing, with the ticket that it showed last.
#[must_use]
pub fn doing(connection: &str, ticket: String) -> Doing {
    let window = window();
    let number = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    let (width, height) = (number(window.inner_width()), number(window.inner_height()));
    let acts = Reflect::get(&window, &"acts".into()).ok().filter(Array::is_array).map(|acts| Array::from(&acts));
    let language = document().document_element().and_then(|html| html.get_attribute("lang"));
    Doing {
        screen: window.location().pathname().unwrap_or_default(),
        actions: acts.iter().flat_map(Array::iter).filter_map(|act| act.as_string()).collect(),
        version: VERSION.to_owned(),
        viewport: format!("{width} × {height}"),
        language: language.unwrap_or_default(),
        connection: connection.to_owned(),
        ticket,
        ..Doing::default()
    }
}

/// Tells the server of an error that the WASM noticed: a panic, just before it ends.
pub fn tell(what: &str, place: &str) {
    let trouble = Reflect::get(&js_sys::global(), &"trouble".into()).ok();
    if let Some(trouble) = trouble.and_then(|trouble| trouble.dyn_into::<Function>().ok()) {
        trouble.call2(&JsValue::UNDEFINED, &what.into(), &place.into()).ok();
    }
}
