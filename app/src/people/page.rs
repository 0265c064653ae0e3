//! The people's page: everybody who may sign in, what they are trusted with, and a way to add one more.

use super::{
    Person,
    add::Add,
    api::people,
    card::Row,
    undo::{Done, Hand},
};
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::components::A;
use model::PersonId;

/// The most people that one answer holds.
const PAGE: usize = 200;

/// The people's page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let words = use_i18n();
    let first = brought(|| (), |()| people(String::new()));
    view! {
        <Title text=move || t_string!(words, people.title) />
        <A href="/settings" attr:class="back"><Svg icon=Icon::Back />{t!(words, people.settings)}</A>
        <Suspense fallback=|| view! { <Skeleton rows=4 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok(first) => Either::Left(view! { <People first /> }),
                    Err(failure) => Either::Right(view! {
                        <h1>{t!(words, people.title)}</h1>
                        <Notice failure=Signal::stored(Some(failure)) />
                    }),
                }
            })}
        </Suspense>
    }
}

#[component]
fn People(first: Vec<Person>) -> impl IntoView {
    let words = use_i18n();
    let more = RwSignal::new(first.len() == PAGE);
    let list = RwSignal::new(first);
    let again = RwSignal::new(0_u32);
    let hand = Hand::new(again);
    let adding = RwSignal::new(false);
    let open = RwSignal::new(None::<PersonId>);
    let load = move |after: String| {
        spawn_local(async move {
            match people(after.clone()).await {
                Ok(found) => {
                    more.try_set(found.len() == PAGE);
                    list.try_update(|list| {
                        list.retain(|known| !after.is_empty() && known.name <= after);
                        list.extend(found);
                    });
                }
                Err(failure) => {
                    hand.failure.try_set(Some(failure));
                }
            }
        });
    };
    Effect::new(move |before: Option<u32>| {
        let turn = again.get();
        if before.is_some_and(|before| before != turn) {
            load(String::new());
        }
        turn
    });
    let last = move || list.with_untracked(|list| list.last().map(|person| person.name.clone()).unwrap_or_default());
    view! {
        <header class="page-head people-head">
            <div>
                <h1>{t!(words, people.title)}</h1>
                <p class="quiet">{t!(words, people.lead)}</p>
            </div>
            <Show when=move || !adding.get()>
                <button type="button" class="button primary" on:click=move |_| adding.set(true)>
                    <Svg icon=Icon::Plus />{t!(words, people.add.open)}
                </button>
            </Show>
        </header>
        <Notice failure=hand.failure />
        <Done hand />
        <Show when=move || adding.get()><Add hand adding /></Show>
        <table class="plain">
            <thead>
                <tr>
                    <th scope="col">{t!(words, people.column.who)}</th>
                    <th scope="col">{t!(words, people.column.roles)}</th>
                    <th scope="col">{t!(words, people.column.state)}</th>
                    <th scope="col"><span class="unseen">{t!(words, people.column.change)}</span></th>
                </tr>
            </thead>
            <For each=move || list.with(|list| list.iter().map(|person| person.id).collect::<Vec<_>>()) key=|id| *id let:id>
                <Row id list hand open />
            </For>
        </table>
        <Show when=move || more.get()>
            <button type="button" class="button" on:click=move |_| load(last())>{t!(words, people.more)}</button>
        </Show>
    }
}
