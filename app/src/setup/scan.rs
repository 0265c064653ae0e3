//! `/setup/scan`: the last step, a first scan: what the scanner reads is looked up at once.

use super::{Card, api::practice, practice::Barcode, steps::Step};
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::api::{Found, find},
    parts::{Icon, Notice, ScanField, Scanned, Skeleton, Speaker, Svg, Tone, quantity},
};
use crate::{json::brought, prelude::*};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::Store;

/// What a scan told.
#[derive(Clone, PartialEq)]
enum Heard {
    Item(Box<Found>),
    Unknown(String),
}

/// The page.
#[component]
pub fn ScanPage() -> impl IntoView {
    let words = use_i18n();
    Speaker::provide();
    let known = brought(|| (), |()| practice());
    view! {
        <Step at=5 title=Signal::derive(move || t_string!(words, setup.scan.title).to_owned()) text=Signal::derive(move || t_string!(words, setup.scan.text).to_owned())
            skip="/">
            // Not a `Suspense`: while the camera's sheet is on its way that would take the field off the screen.
            <Transition fallback=|| view! { <Skeleton rows=3 /> }>
                {drawn(move || async move {
                    match known.await {
                        Ok(sheet) => view! { <Try store=sheet.store card=sheet.cards.into_iter().next() /> },
                        Err(failure) => view! { <Notice failure=Signal::stored(Some(failure)) /> },
                    }
                })}
            </Transition>
        </Step>
    }
}

#[component]
fn Try(store: Option<Store>, card: Option<Card>) -> impl IntoView {
    let words = use_i18n();
    let speaker = expect_context::<Speaker>();
    let heard = RwSignal::new(None::<Heard>);
    let failure = RwSignal::new(None);
    let clear = Trigger::new();
    let code_of_store = store.map(|store| store.code);
    let on_code = Callback::new(move |scanned: Scanned| {
        let (code, store) = (scanned.code, code_of_store.clone());
        spawn_local(async move {
            let answer = match store {
                Some(store) => find(store, code.clone()).await,
                None => Ok(None),
            };
            failure.try_set(answer.as_ref().err().cloned());
            if let Ok(found) = answer {
                speaker.play(Tone::Good);
                heard.try_set(Some(found.map_or(Heard::Unknown(code), |found| Heard::Item(Box::new(found)))));
            }
        });
    });
    view! {
        <ScanField on_code on_text=Callback::new(|_| ()) clear />
        <Notice failure />
        <div class="setup-heard" role="status">
            {move || heard.get().map(|heard| view! { <Answer heard /> })}
        </div>
        {card.map(|card| view! {
            <p class="quiet">{t!(words, setup.scan.try_this)}</p>
            <Barcode card />
        })}
        <A href="/setup/practice" attr:class="button wide"><Svg icon=Icon::Print />{t!(words, setup.scan.sheet)}</A>
        <a href="/" class="button primary wide" rel="external">{t!(words, setup.scan.done)}</a>
    }
}

#[component]
fn Answer(heard: Heard) -> impl IntoView {
    let words = use_i18n();
    match heard {
        Heard::Item(found) => {
            let name = found.item.name.clone();
            let on_hand = found.stock.map(|row| row.on_hand).unwrap_or_default();
            let archived = found.archived;
            let icon = if archived { Icon::Warning } else { Icon::Check };
            let told = move || {
                let number = quantity(words.get_locale(), on_hand);
                if archived {
                    t_string!(words, setup.scan.archived, number = number).to_string()
                } else {
                    t_string!(words, setup.scan.found, number = number).to_string()
                }
            };
            view! {
                <div class="notice" data-kind=archived.then_some("warn")>
                    <Svg icon />
                    <p>
                        <strong>{name}</strong>" "
                        {move || told()}
                    </p>
                </div>
            }
        }
        Heard::Unknown(code) => view! {
            <div class="notice">
                <Svg icon=Icon::Check />
                <p>{move || t_string!(words, setup.scan.unknown, code = code.clone()).to_string()}</p>
            </div>
        },
    }
}
