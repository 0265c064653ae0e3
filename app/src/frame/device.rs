//! This device: the card that offers to install the app, and the chip that says that a new version is ready.

use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};
use leptos::ev;
use leptos_router::hooks::use_location;
use std::time::Duration;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = storeroomDevice, catch)]
    fn installable() -> Result<String, JsValue>;
    #[wasm_bindgen(js_namespace = storeroomDevice, js_name = hasUpdate, catch)]
    fn has_update() -> Result<bool, JsValue>;
    #[wasm_bindgen(js_namespace = storeroomDevice, catch)]
    fn install() -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = storeroomDevice, catch)]
    fn update() -> Result<(), JsValue>;
}

/// Nobody touched the start page for so long: a new version may be taken up there.
const IDLE_MS: f64 = 90_000.0;
/// How often that is looked at.
const LOOK: Duration = Duration::from_secs(15);
/// Where this browser keeps that the card was closed.
const LATER: &str = "install-later";

/// What `frontend/src/device.js` knows of this device, in context.
#[derive(Clone, Copy)]
pub struct Device {
    /// `yes`, `by-hand` (an iPhone or iPad) or `no`.
    installable: RwSignal<String>,
    /// A new version waits.
    ready: RwSignal<bool>,
}

impl Device {
    /// Puts it in context and keeps it true; on an idle start page a new version is taken up by itself.
    pub fn provide() -> Self {
        let device = Self { installable: RwSignal::new("no".to_owned()), ready: RwSignal::new(false) };
        provide_context(device);
        let path = use_location().pathname;
        Effect::new(move || {
            device.look();
            let news = window_event_listener_untyped("storeroom-device", move |_| device.look());
            let touched_ms = StoredValue::new(js_sys::Date::now());
            let touch = move || touched_ms.set_value(js_sys::Date::now());
            let hands = [
                window_event_listener_untyped("pointerdown", move |_| touch()),
                window_event_listener_untyped("keydown", move |_| touch()),
            ];
            let idle = move || {
                let at_start = path.try_get_untracked().as_deref() == Some("/");
                at_start && js_sys::Date::now() - touched_ms.get_value() > IDLE_MS
            };
            let watch = set_interval_with_handle(
                move || {
                    if device.ready.try_get_untracked() == Some(true) && idle() {
                        update().ok();
                    }
                },
                LOOK,
            );
            on_cleanup(move || {
                hands.into_iter().chain([news]).for_each(|listener| listener.remove());
                watch.into_iter().for_each(|watch| watch.clear());
            });
        });
        device
    }

    fn look(self) {
        // Not there yet, or never: then there is nothing to offer.
        self.installable.try_set(installable().unwrap_or_else(|_| "no".to_owned()));
        self.ready.try_set(has_update().unwrap_or_default());
    }

    /// Whether a new version waits.
    pub fn ready(self) -> Signal<bool> {
        self.ready.into()
    }
}

/// Says that a new version is ready. It waits: only a tap takes it up.
#[component]
pub fn UpdateChip() -> impl IntoView {
    let words = use_i18n();
    let ready = expect_context::<Device>().ready();
    view! {
        <div class="update" role="status">
            <Show when=move || ready.get()>
                <button type="button" class="chip update-chip" on:click=move |_| { update().ok(); }>
                    <Svg icon=Icon::Refresh /><span>{t!(words, frame.update)}</span>
                </button>
            </Show>
        </div>
    }
}

/// Offers to put the app on this device, on the start page, until it is there or the card is closed.
#[component]
pub fn InstallCard() -> impl IntoView {
    let words = use_i18n();
    let device = expect_context::<Device>();
    let later = RwSignal::new(true);
    Effect::new(move || later.set(storage().and_then(|kept| kept.get_item(LATER).ok().flatten()).is_some()));
    let by_hand = move || device.installable.with(|how| how == "by-hand");
    let offered = move || !later.get() && device.installable.with(|how| how != "no");
    let close = move |_: ev::MouseEvent| {
        later.set(true);
        storage().map(|kept| kept.set_item(LATER, "1").ok());
    };
    view! {
        <Show when=offered>
            <aside class="card install" aria-label=move || t_string!(words, frame.install.title)>
                <Svg icon=Icon::Download />
                <div class="install-words">
                    <h2>{t!(words, frame.install.title)}</h2>
                    <p>{move || if by_hand() { t!(words, frame.install.by_hand).into_any() } else { t!(words, frame.install.text).into_any() }}</p>
                </div>
                <Show when=move || !by_hand()>
                    <button type="button" class="button" on:click=move |_| { install().ok(); }>{t!(words, frame.install.go)}</button>
                </Show>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, common.close) on:click=close><Svg icon=Icon::Close /></button>
            </aside>
        </Show>
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
