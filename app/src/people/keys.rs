//! The keys with which other systems call: which there are, when they were used, and the end of one.

use super::{
    Key,
    api::{keys, revoke_key},
    new_key::Make,
    words::scope_name,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Empty, Icon, Moment, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::components::A;

/// The page.
#[component]
pub fn KeysPage() -> impl IntoView {
    let words = use_i18n();
    let first = brought(|| (), |()| keys());
    view! {
        <Title text=move || t_string!(words, people.keys.title) />
        <A href="/settings" attr:class="back"><Svg icon=Icon::Back />{t!(words, people.settings)}</A>
        <Suspense fallback=|| view! { <Skeleton rows=4 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok(first) => Either::Left(view! { <Keys first /> }),
                    Err(failure) => Either::Right(view! {
                        <h1>{t!(words, people.keys.title)}</h1>
                        <Notice failure=Signal::stored(Some(failure)) />
                    }),
                }
            })}
        </Suspense>
    }
}

/// The list, and how it is looked at again.
#[derive(Clone, Copy)]
pub(super) struct Ring {
    list: RwSignal<Vec<Key>>,
    pub(super) failure: RwSignal<Option<Failure>>,
}

impl Ring {
    /// Looks again.
    pub(super) async fn load(self) {
        match keys().await {
            Ok(now) => {
                self.list.try_set(now);
            }
            Err(failure) => {
                self.failure.try_set(Some(failure));
            }
        }
    }
}

#[component]
fn Keys(first: Vec<Key>) -> impl IntoView {
    let words = use_i18n();
    let ring = Ring { list: RwSignal::new(first), failure: RwSignal::new(None) };
    let making = RwSignal::new(false);
    let none = move || ring.list.with(Vec::is_empty);
    let open = move || {
        view! {
            <button type="button" class="button primary" on:click=move |_| making.set(true)>
                <Svg icon=Icon::Plus />{t!(words, people.keys.open)}
            </button>
        }
    };
    view! {
        <header class="page-head people-head">
            <div>
                <h1>{t!(words, people.keys.title)}</h1>
                <p class="quiet">{t!(words, people.keys.lead)}" "<a href="/api/docs" rel="external">{t!(words, people.keys.docs)}</a></p>
            </div>
            <Show when=move || !making.get() && !none()>{open()}</Show>
        </header>
        <Notice failure=ring.failure />
        <Show when=move || making.get()><Make ring making /></Show>
        <Show when=move || none() && !making.get()>
            <Empty icon=Icon::Key title=move || t!(words, people.keys.empty) text=move || t!(words, people.keys.empty_text)>{open()}</Empty>
        </Show>
        <Show when=move || !none()>
            <table class="plain">
                <thead>
                    <tr>
                        <th scope="col">{t!(words, people.keys.name)}</th>
                        <th scope="col">{t!(words, people.keys.may)}</th>
                        <th scope="col">{t!(words, people.keys.used)}</th>
                        <th scope="col">{t!(words, people.keys.ends)}</th>
                        <th scope="col"><span class="unseen">{t!(words, people.column.change)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || ring.list.get() key=|key| (key.id, key.revoked_at, key.last_used_at) let:key>
                        <Row key ring />
                    </For>
                </tbody>
            </table>
        </Show>
    }
}

#[component]
fn Row(key: Key, ring: Ring) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let zone = here.store().get_untracked().time_zone;
    let Key { id, prefix, name, scopes, stores, expires_at, revoked_at, last_used_at } = key;
    let known = here.me().stores;
    let places = move || match &stores {
        None => t_string!(words, people.every_store).to_owned(),
        Some(ids) => {
            let names = ids.iter().filter_map(|id| known.iter().find(|store| store.id == *id));
            names.map(|store| store.name.clone()).collect::<Vec<_>>().join(", ")
        }
    };
    let may = move || scopes.iter().map(|scope| scope_name(words, scope)).collect::<Vec<_>>().join(" · ");
    let used = match last_used_at {
        Some(at) => Either::Left(view! { <Moment at zone=zone.clone() /> }),
        None => Either::Right(t!(words, people.keys.never)),
    };
    let ends = match revoked_at {
        Some(at) => Either::Left(view! {
            <span class="state" data-kind="off"><Svg icon=Icon::Close />{t!(words, people.keys.ended)}</span>
            <Moment at zone=zone.clone() />
        }),
        None => Either::Right(view! { <Moment at=expires_at zone /> }),
    };
    let shown = name.clone();
    view! {
        <tr>
            <th scope="row"><span class="who-shown">{shown}</span><code class="who-name">{prefix}"…"</code></th>
            <td>{move || may()}<span class="who-name">{move || places()}</span></td>
            <td data-label=move || t_string!(words, people.keys.used)>{used}</td>
            <td data-label=move || t_string!(words, people.keys.ends)>{ends}</td>
            <td class="row-end">{revoked_at.is_none().then(|| view! { <End id name ring /> })}</td>
        </tr>
    }
}

/// Ending a key cannot be undone, so it is said first what will happen.
#[component]
fn End(id: model::KeyId, name: String, ring: Ring) -> impl IntoView {
    let words = use_i18n();
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let name = StoredValue::new(name);
    let end = move |_| {
        busy.set(true);
        spawn_local(async move {
            let ended = revoke_key(id).await;
            ring.failure.try_set(ended.err());
            ring.load().await;
            busy.try_set(false);
        });
    };
    view! {
        <Show
            when=move || asking.get()
            fallback=move || view! {
                <button type="button" class="button" on:click=move |_| asking.set(true)
                    aria-label=move || t_string!(words, people.keys.end_of, name = name.get_value()).to_string()>
                    {t!(words, people.keys.end)}
                </button>
            }
        >
            <p class="quiet">{move || t_string!(words, people.keys.sure, name = name.get_value()).to_string()}</p>
            <div class="button-row">
                <button type="button" class="button" disabled=busy on:click=move |_| asking.set(false)>{t!(words, people.keys.keep)}</button>
                <button type="button" class="button danger" disabled=busy on:click=end>
                    {move || t_string!(words, people.keys.end_of, name = name.get_value()).to_string()}
                </button>
            </div>
        </Show>
    }
}
