//! The step with the products: a demo store, a file, or nothing yet.

use super::{
    Opening,
    api::{open_demo, what_is_there},
    page::link,
    steps::Step,
};
use crate::{
    failure::Failure,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use leptos::task::spawn_local;
use leptos_router::components::A;

/// Opens the demo store, and asks again while it is under way: it takes some seconds.
#[derive(Clone, Copy)]
pub(super) struct Opener {
    pub(super) busy: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<Failure>>,
}

impl Opener {
    pub(super) fn new() -> Self {
        Self { busy: RwSignal::new(false), failure: RwSignal::new(None) }
    }

    /// Opens it, then does `done`.
    pub(super) fn open(self, token: Option<String>, done: impl FnOnce() + 'static) {
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = loop {
                match open_demo(token.clone()).await {
                    Ok(Opening::UnderWay) => {}
                    Ok(Opening::Done) => break Ok(()),
                    Err(failure) => break Err(failure),
                }
            };
            match answer {
                Ok(()) => done(),
                Err(failure) => {
                    self.failure.try_set(Some(failure));
                    self.busy.try_set(false);
                }
            }
        });
    }
}

/// Goes there with a new page: who one is has changed.
fn go(to: &'static str) {
    window().location().set_href(to).ok();
}

/// Says that it takes a moment, as long as it does.
#[component]
pub(super) fn Wait(opener: Opener) -> impl IntoView {
    let words = use_i18n();
    view! {
        <Notice failure=opener.failure />
        <Show when=move || opener.busy.get()>
            <p class="setup-wait" role="status">{t!(words, setup.products.wait)}</p>
            <progress class="setup-progress" aria-label=move || t_string!(words, setup.products.wait)></progress>
        </Show>
    }
}

/// Step 4 for who left the administrator out: a demo to look around in, with people of its own.
#[component]
pub(super) fn LookAround(token: String) -> impl IntoView {
    let words = use_i18n();
    let opener = Opener::new();
    let back = link(&token, "administrator");
    view! {
        <Step at=4 title=Signal::derive(move || t_string!(words, setup.look.title).to_owned()) text=Signal::derive(move || t_string!(words, setup.look.text).to_owned())
            back=back.clone()>
            <Wait opener />
            <button type="button" class="button primary wide" disabled=opener.busy
                on:click=move |_| opener.open(Some(token.clone()), || go("/setup/scan"))>
                {t!(words, setup.products.demo)}
            </button>
            <p class="quiet">{t!(words, setup.look.other)}" "<A href=back>{t!(words, setup.look.administrator)}</A></p>
        </Step>
    }
}

/// `/setup/products`: step 4 for an administrator.
#[component]
pub fn ProductsPage() -> impl IntoView {
    let words = use_i18n();
    let known = brought(|| (), |()| what_is_there());
    view! {
        <Step at=4 title=Signal::derive(move || t_string!(words, setup.products.title).to_owned()) text=Signal::derive(move || t_string!(words, setup.products.text).to_owned())
            skip="/setup/scan">
            <Suspense fallback=|| view! { <Skeleton rows=3 /> }>
                {drawn(move || async move {
                    match known.await {
                        Ok(known) => view! { <Ways demo=known.demo first=known.stores.is_empty() /> },
                        Err(failure) => view! { <Notice failure=Signal::stored(Some(failure)) /> },
                    }
                })}
            </Suspense>
        </Step>
    }
}

#[component]
fn Ways(
    /// The demo store is open.
    demo: bool,
    /// There is no store yet.
    first: bool,
) -> impl IntoView {
    let words = use_i18n();
    let opener = Opener::new();
    let open = move || {
        view! {
            <button type="button" class="button primary wide" disabled=opener.busy on:click=move |_| opener.open(None, || go("/setup/scan"))>
                {t!(words, setup.products.demo)}
            </button>
            <p class="quiet">{t!(words, setup.products.demo_text)}</p>
        }
    };
    let opened = move || {
        view! {
            <p class="notice" role="status"><Svg icon=Icon::Check /><span>{t!(words, setup.products.demo_open)}</span></p>
            <A href="/setup/scan" attr:class="button primary wide">{t!(words, setup.products.go_on)}</A>
        }
    };
    view! {
        <Wait opener />
        <ul class="setup-choices">
            <li>{if demo { opened().into_any() } else { open().into_any() }}</li>
            <li>
                {if first {
                    view! { <A href="/setup/store" attr:class="button wide">{t!(words, setup.products.store)}</A> }
                } else {
                    view! { <A href="/import" attr:class="button wide">{t!(words, setup.products.import)}</A> }
                }}
                <p class="quiet">{move || if first { t_string!(words, setup.products.store_text) } else { t_string!(words, setup.products.import_text) }}</p>
            </li>
            <li>
                <A href="/setup/scan" attr:class="button wide">{t!(words, setup.products.empty)}</A>
                <p class="quiet">{t!(words, setup.products.empty_text)}</p>
            </li>
        </ul>
    }
}
