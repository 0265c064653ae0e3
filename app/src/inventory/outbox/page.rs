//! The page of what waits on this device: what could not be booked first, then what is sent by itself.

use super::{card::Card, row::Row, use_outbox};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{ago::Clock, escape},
    parts::{Empty, Icon, Notice, Said, Saying, Skeleton, Speaker, Svg, Tone},
};
use leptos_meta::Title;
use leptos_router::components::A;

/// What a row or a card says to the person.
#[derive(Clone, Copy)]
pub(super) struct Speech {
    said: RwSignal<Option<Said>>,
    speaker: Speaker,
}

impl Speech {
    pub(super) fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.try_update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }
}

/// The page.
#[component]
pub fn WaitingPage() -> impl IntoView {
    let words = use_i18n();
    let outbox = use_outbox();
    let any = Memo::new(move |_| outbox.queue.with(|queue| queue.all().next().is_some()));
    let speech = Speech { said: RwSignal::new(None), speaker: expect_context() };
    let (strange, others) = (outbox.strange, outbox.others);
    view! {
        <Title text=move || t_string!(words, waiting.title) />
        <header class="page-head">
            <h1>{t!(words, waiting.title)}</h1>
            <p>{t!(words, waiting.lead)}</p>
        </header>
        <Saying said=speech.said />
        <Show when=move || outbox.read.get() fallback=|| view! { <Skeleton rows=3 /> }>
            <Show when=move || any.get() fallback=|| view! { <Nothing /> }>
                <List speech />
            </Show>
            <Show when=move || { strange.get() > 0 }>
                <p class="quiet">{t!(words, waiting.strange, count = move || strange.get())}</p>
            </Show>
            <Show when=move || { others.get() > 0 }>
                <p class="quiet">{t!(words, waiting.others, count = move || others.get())}</p>
            </Show>
        </Show>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Empty icon=Icon::Check title=move || t!(words, waiting.empty_title) text=move || t!(words, waiting.empty_text)>
            <A href=move || here.link("/") attr:class="button primary">{t!(words, waiting.empty_action)}</A>
        </Empty>
    }
}

#[component]
fn List(speech: Speech) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let outbox = use_outbox();
    let clock = Clock::start();
    let (waiting, refused) = (outbox.waiting(), outbox.refused());
    let why = Signal::derive(move || outbox.why.get().filter(|_| waiting.get() > 0));
    let signed_out = move || why.with(|why| why.as_ref().is_some_and(|why| why.is_signed_out()));
    let sign_in = move || format!("/sign-in?next={}", escape(&here.link("/waiting")));
    let waiting_ids = move || outbox.queue.with(|queue| queue.waiting().map(|entry| entry.id()).collect::<Vec<_>>());
    let refused_ids = move || outbox.queue.with(|queue| queue.refused().map(|entry| entry.id()).collect::<Vec<_>>());
    view! {
        <div class="waiting">
            <Notice failure=why>
                <Show when=signed_out>
                    <a class="button" href=move || sign_in() rel="external">{t!(words, till.sign_in)}</a>
                </Show>
            </Notice>
            <Show when=move || { refused.get() > 0 }>
                <section aria-labelledby="refused">
                    <h2 id="refused">{t!(words, waiting.refused_title)}</h2>
                    <ul class="cases">
                        <For each=refused_ids key=|id| *id let:id>
                            <Card id clock speech />
                        </For>
                    </ul>
                </section>
            </Show>
            <Show when=move || { waiting.get() > 0 }>
                <section aria-labelledby="on-their-way">
                    <h2 id="on-their-way">{t!(words, waiting.left, count = move || waiting.get())}</h2>
                    <ul class="waiting-rows">
                        <For each=waiting_ids key=|id| *id let:id>
                            <Row id clock speech />
                        </For>
                    </ul>
                    <button type="button" class="button primary waiting-now" disabled=outbox.busy on:click=move |_| outbox.drain()>
                        <Svg icon=Icon::Refresh />
                        {move || if outbox.busy.get() { t_string!(words, waiting.trying) } else { t_string!(words, waiting.now) }}
                    </button>
                </section>
            </Show>
        </div>
    }
}
