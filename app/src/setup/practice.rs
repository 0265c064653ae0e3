//! `/setup/practice`: a sheet of barcodes to print and to scan, in black and white, on A4 or Letter.

use super::{Card, Sheet, api::practice};
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::components::A;

/// The page.
#[component]
pub fn PracticePage() -> impl IntoView {
    let words = use_i18n();
    let cards = brought(|| (), |()| practice());
    view! {
        <Title text=move || t_string!(words, setup.practice.title) />
        <main class="page practice" id="page">
            <header class="practice-head">
                <div>
                    <h1>{t!(words, setup.practice.title)}</h1>
                    <p>{t!(words, setup.practice.text)}</p>
                </div>
                <div class="button-row no-print">
                    <A href="/setup/scan" attr:class="button"><Svg icon=Icon::Back />{t!(words, setup.practice.scan)}</A>
                    <button type="button" class="button primary" on:click=move |_| { window().print().ok(); }>
                        <Svg icon=Icon::Print />{t!(words, setup.practice.print)}
                    </button>
                </div>
            </header>
            <Suspense fallback=|| view! { <Skeleton rows=6 /> }>
                {drawn(move || async move {
                    match cards.await {
                        Ok(Sheet { cards, .. }) => Either::Left(view! {
                            <ul class="practice-cards">{cards.into_iter().map(|card| view! { <li><Barcode card /></li> }).collect_view()}</ul>
                        }),
                        Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                    }
                })}
            </Suspense>
        </main>
    }
}

/// One barcode, with what it says in letters.
#[component]
pub(super) fn Barcode(card: Card) -> impl IntoView {
    let words = use_i18n();
    let Card { name, code, stripes, width } = card;
    let label = code.clone();
    let named = !name.is_empty();
    view! {
        <figure class="barcode">
            <figcaption>{move || if named { name.clone() } else { t_string!(words, setup.practice.no_name).to_owned() }}</figcaption>
            <svg viewBox=format!("0 0 {width} 1") preserveAspectRatio="none" role="img" aria-label=move || t_string!(words, setup.practice.code, code = label.clone()).to_string()>
                <path d=stripes />
            </svg>
            <code>{code}</code>
        </figure>
    }
}
