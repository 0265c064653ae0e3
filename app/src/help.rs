//! Help: three sentences about the page that is open, at the same place on each of them.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::{
    failure::Failure,
    frame::Destination,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, ReportProblem, Svg},
};
use crate::{json::Answer, prelude::*};
use leptos::{html::Dialog, server_fn::codec::Json, task::spawn_local};
use leptos_router::hooks::use_location;

#[cfg(feature = "ssr")]
use crate::i18n::{Locale, td_string};

/// What the page at that path is for, how its main thing is done, and what else is good to know; in the caller's
/// language. None for a page that has no help of its own. The words stay on the server until somebody asks.
#[server(prefix = "/api", endpoint = "help", input = Json, output = Answer)]
pub async fn help(page: String) -> Result<Vec<String>, Failure> {
    crate::caller::caller::<auth::Auth>().await?;
    Ok(sentences(crate::prefs::asked().locale, &page))
}

#[cfg(feature = "ssr")]
fn sentences(language: Locale, page: &str) -> Vec<String> {
    macro_rules! three {
        ($page:ident) => {
            vec![
                td_string!(language, help.$page.what).to_string(),
                td_string!(language, help.$page.how).to_string(),
                td_string!(language, help.$page.also).to_string(),
            ]
        };
    }
    match page {
        "/" => three!(home),
        "/till" => three!(till),
        "/receive" => three!(receive),
        "/return" => three!(take_back),
        "/aside" => three!(aside),
        "/history" => three!(history),
        "/exceptions" => three!(exceptions),
        "/waiting" => three!(waiting),
        "/orders" => three!(orders),
        "/corrections" => three!(corrections),
        "/counts" => three!(counts),
        "/stock" => three!(stock),
        "/transfers" => three!(transfers),
        "/places" => three!(places),
        "/lots" => three!(lots),
        "/products" => three!(products),
        "/purchases" => three!(purchases),
        "/purchases/buy" => three!(buy),
        "/suppliers" => three!(suppliers),
        "/supplier-returns" => three!(supplier_returns),
        "/prices" => three!(prices),
        "/variants" => three!(variants),
        "/taxes" => three!(taxes),
        "/import" => three!(import),
        "/dashboard" => three!(dashboard),
        "/activity" => three!(activity),
        "/problems" => three!(problems),
        "/settings" => three!(settings),
        "/design" => three!(design),
        _ => Vec::new(),
    }
}

/// Whether the sheet is open: in context below the frame.
#[derive(Clone, Copy)]
pub struct Helping(RwSignal<bool>);

impl Helping {
    /// Puts it in context, closed.
    pub fn provide() {
        provide_context(Self(RwSignal::new(false)));
    }

    /// Whether it is.
    pub fn is_open(self) -> bool {
        self.0.get()
    }
}

/// The button that opens the sheet.
#[component]
pub fn HelpButton() -> impl IntoView {
    let words = use_i18n();
    let Helping(open) = expect_context();
    view! {
        <button type="button" class="button wide" on:click=move |_| open.set(true)><Svg icon=Icon::Help />{t!(words, help.open)}</button>
    }
}

/// The sheet; closed until somebody wants help.
#[component]
pub fn HelpSheet() -> impl IntoView {
    let words = use_i18n();
    let Helping(open) = expect_context();
    let dialog = NodeRef::<Dialog>::new();
    let path = use_location().pathname;
    let place = Memo::new(move |_| path.with(|path| Destination::at(path)).map(|place| place.path));
    let place = move || place.get().and_then(Destination::at);
    let told = RwSignal::new(None::<Result<Vec<String>, Failure>>);
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match open.get() {
            true if !dialog.open() => drop(dialog.show_modal()),
            false if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    Effect::new(move || {
        let Some(place) = place().filter(|_| open.get()) else { return };
        // Again in another language.
        _ = words.get_locale();
        told.set(None);
        spawn_local(async move {
            let answer = help(place.path.to_owned()).await;
            told.try_set(Some(answer));
        });
    });
    let failure = Signal::derive(move || told.get().and_then(Result::err));
    let sentences = move || match told.get() {
        None => view! { <p class="quiet" role="status">{t!(words, help.busy)}</p> },
        Some(Ok(sentences)) => {
            sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view().into_any()
        }
        Some(Err(_)) => ().into_any(),
    };
    let title = move || {
        let page = place().map_or_else(String::new, |place| place.word(words).to_owned());
        t_string!(words, help.about, page = page).to_string()
    };
    view! {
        <dialog class="sheet talk" node_ref=dialog aria-labelledby="help-title" on:close=move |_| open.set(false)>
            <p class="help-picture" aria-hidden="true">{move || place().map(|place| view! { <Svg icon=place.icon /> })}</p>
            <h2 id="help-title">{move || title()}</h2>
            {move || sentences()}
            <Notice failure />
            <div class="problem-ways">
                <button type="button" class="button" on:click=move |_| open.set(false)>{t!(words, common.close)}</button>
                <ReportProblem class="button" />
            </div>
        </dialog>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::frame::DESTINATIONS;

    #[test]
    fn every_page_has_three_sentences_in_every_language() {
        for place in &DESTINATIONS {
            let [english, spanish] = [Locale::en, Locale::es].map(|language| sentences(language, place.path));
            assert_eq!((english.len(), spanish.len()), (3, 3), "{}", place.path);
            assert!(english != spanish && english.iter().all(|sentence| sentence.ends_with('.')), "{english:?}");
        }
        assert!(sentences(Locale::en, "/nowhere").is_empty());
    }
}
