//! The camera as a scanner: a sheet that shows what it sees. All of it comes when somebody first opens it.

use super::{Icon, Said, Saying, Scanned, Svg, scan::is_for_us, script::when_loaded};
use crate::i18n::{t, t_string, use_i18n};
use crate::prelude::*;
use leptos::{
    ev::KeyboardEvent,
    html::{Dialog, Input},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::CustomEvent;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = storeroomCamera, catch)]
    fn start(sheet: &web_sys::Element) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = storeroomCamera, catch)]
    fn stop() -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = storeroomCamera, catch)]
    fn light(on: bool) -> Result<(), JsValue>;
}

/// What the sheet knows of the scan field that it stands in for.
#[derive(Clone, Copy)]
pub struct Camera {
    /// How often it was opened.
    pub opened: RwSignal<u32>,
    /// The field, which has the focus again when the sheet closes.
    pub field: NodeRef<Input>,
    /// Whether a keyboard comes up there.
    pub keyboard: RwSignal<bool>,
    /// Takes a code.
    pub on_code: Callback<Scanned>,
    /// What came of a code. With it the sheet stays open for the next one; without it the first one closes it.
    pub said: Option<Signal<Option<Said>>>,
}

/// How it stands with the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The browser is asked for it.
    Starting,
    /// It is there.
    Reading,
    /// It is not, and why.
    Blocked(Blocked),
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// The person, or the device, does not allow it.
    Refused,
    /// Another program has the camera.
    Busy,
    /// The page came without https.
    Insecure,
    /// What reads the codes did not come.
    Missing,
    /// There is no camera.
    NoCamera,
}

impl Sight {
    /// As `frontend/src/camera.js` says it.
    fn named(word: &str) -> Self {
        Self::Blocked(match word {
            "starting" => return Self::Starting,
            "reading" => return Self::Reading,
            "refused" => Blocked::Refused,
            "busy" => Blocked::Busy,
            "insecure" => Blocked::Insecure,
            "missing" => Blocked::Missing,
            _ => Blocked::NoCamera,
        })
    }

    fn blocked(self) -> Option<Blocked> {
        if let Self::Blocked(why) = self { Some(why) } else { None }
    }
}

/// The sheet, as a piece of its own.
#[lazy(camera)]
pub fn camera_sheet(camera: Camera) -> AnyView {
    view! { <Sheet camera /> }
}

#[component]
fn Sheet(camera: Camera) -> impl IntoView {
    let words = use_i18n();
    let sheet = NodeRef::<Dialog>::new();
    let sight = RwSignal::new(Sight::Starting);
    let lit = RwSignal::new(None::<bool>);
    let codes = RwSignal::new(0_u32);
    // What was said before it was opened is about something else.
    let old = RwSignal::new(None::<u32>);
    let turn = move || camera.said.and_then(|said| said.with_untracked(|said| said.as_ref().map(|said| said.turn)));
    let begin = move || {
        let Some(place) = sheet.get_untracked() else { return };
        sight.set(Sight::Starting);
        let begun = move |came: bool| {
            // It may be closed by then.
            if !came || place.open() && start(&place).is_err() {
                sight.try_set(Sight::Blocked(Blocked::Missing));
            }
        };
        when_loaded("camera", "storeroomCamera", Box::new(begun));
    };
    Effect::new(move || {
        camera.opened.track();
        let Some(place) = sheet.get().filter(|place| !place.open()) else { return };
        old.set(turn());
        place.show_modal().ok();
        begin();
    });
    on_cleanup(|| drop(stop()));
    let back = move || {
        if let Some(place) = sheet.get_untracked() {
            place.close();
        }
        if let Some(field) = camera.field.get_untracked() {
            field.focus().ok();
        }
    };
    let heard = move |event: CustomEvent| {
        let told = event.detail().as_string().unwrap_or_default();
        match told.split_once(' ').unwrap_or((&told, "")) {
            ("code", code) if sheet.get_untracked().is_some_and(|sheet| sheet.open()) => {
                codes.update(|codes| *codes += 1);
                if camera.said.is_none() {
                    back();
                }
                camera.on_code.run(Scanned { code: code.trim().to_owned(), typed: false });
            }
            ("light", state) => lit.set(Some(state == "on")),
            // It was closed meanwhile.
            ("code", _) => {}
            (word, _) => {
                lit.set(None);
                sight.set(Sight::named(word));
            }
        }
    };
    // A scanner, or a person, types: that is for the field.
    let typed = move |event: KeyboardEvent| {
        if is_for_us(&event) {
            back();
        }
    };
    let closed = move || {
        stop().ok();
        back();
    };
    let said = Signal::derive(move || {
        camera.said?.get().filter(|said| old.get() != Some(said.turn) && sight.get().blocked().is_none())
    });
    view! {
        <dialog class="sheet camera" node_ref=sheet aria-labelledby="camera-title" on:close=move |_| closed() on:camera=heard on:keydown=typed>
            <div class="camera-head">
                <h2 id="camera-title">{t!(words, common.camera.title)}</h2>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, common.close) on:click=move |_| back()>
                    <Svg icon=Icon::Close />
                </button>
            </div>
            <div class="camera-view" hidden=move || sight.get().blocked().is_some() data-turn=move || (codes.get() % 2).to_string() data-codes=codes>
                <video muted playsinline aria-hidden="true"></video>
                <span class="camera-aim" aria-hidden="true"></span>
            </div>
            <div class="camera-foot">
                <div class="camera-row">
                    <div class="camera-told">
                        <div role="status" class="camera-state">
                            {move || match sight.get() {
                                Sight::Starting => view! { <p class="quiet">{t!(words, common.camera.starting)}</p> },
                                Sight::Reading if said.with(Option::is_some) => ().into_any(),
                                Sight::Reading => view! { <p class="quiet">{t!(words, common.camera.aim)}</p> },
                                Sight::Blocked(why) => view! { <NoSight why /> },
                            }}
                        </div>
                        <Saying said />
                    </div>
                    <Show when=move || lit.get().is_some()>
                        <button type="button" class="button camera-light" aria-pressed=move || (lit.get() == Some(true)).to_string() on:click=move |_| drop(light(lit.get_untracked() != Some(true)))>
                            <Svg icon=Icon::Light />{t!(words, common.camera.light)}
                        </button>
                    </Show>
                </div>
                <Show when=move || sight.get().blocked().is_some()>
                    <div class="camera-ways">
                        <button type="button" class="button primary" on:click=move |_| { camera.keyboard.set(true); back() }>
                            <Svg icon=Icon::Keyboard />{t!(words, common.camera.typing)}
                        </button>
                        <button type="button" class="button" on:click=move |_| begin()>{t!(words, common.retry)}</button>
                    </div>
                </Show>
            </div>
        </dialog>
    }
}

/// Why there is no picture, and what to do about it, in a sentence.
#[component]
pub fn NoSight(
    /// Why.
    why: Blocked,
) -> impl IntoView {
    let words = use_i18n();
    view! {
        <p class="notice" data-kind="warn">
            <Svg icon=Icon::Camera />
            <span>{move || match why {
                Blocked::Refused => t_string!(words, common.camera.refused),
                Blocked::Busy => t_string!(words, common.camera.busy),
                Blocked::Insecure => t_string!(words, common.camera.insecure),
                Blocked::Missing => t_string!(words, common.camera.missing),
                Blocked::NoCamera => t_string!(words, common.camera.none),
            }}</span>
        </p>
    }
}
