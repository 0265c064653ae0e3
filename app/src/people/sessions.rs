//! Who is signed in where: one's own devices, and for administrators everybody's.

use super::{
    Session,
    api::{devices, end_others, end_session, sessions},
    devices::Devices,
};
use crate::{
    auth::api::SignOut,
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Moment, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::components::A;
use model::{Action, SessionId};

/// The page.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let words = use_i18n();
    let manages = use_here().may(Action::ManagePeople);
    let first = brought(|| (), |()| sessions());
    // Asked for beside them: after the first wait nobody knows the request any more.
    let tablets = brought(|| (), move |()| async move { if manages { devices().await.map(Some) } else { Ok(None) } });
    view! {
        <Title text=move || t_string!(words, people.sessions.title) />
        <A href="/settings" attr:class="back"><Svg icon=Icon::Back />{t!(words, people.settings)}</A>
        <Suspense fallback=|| view! { <Skeleton rows=4 /> }>
            {drawn(move || async move {
                match (first.await, tablets.await) {
                    (Ok(first), Ok(tablets)) => Either::Left(view! {
                        <Sessions first />
                        {tablets.map(|first| view! { <Devices first /> })}
                    }),
                    (Err(failure), _) | (_, Err(failure)) => Either::Right(view! {
                        <h1>{t!(words, people.sessions.title)}</h1>
                        <Notice failure=Signal::stored(Some(failure)) />
                    }),
                }
            })}
        </Suspense>
    }
}

/// The page's hand: ends sessions, and looks again who is there.
#[derive(Clone, Copy)]
struct Doorman {
    list: RwSignal<Vec<Session>>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
}

impl Doorman {
    fn end(self, session: Option<SessionId>) {
        self.busy.set(true);
        spawn_local(async move {
            let ended = match session {
                Some(session) => end_session(session).await,
                None => end_others().await,
            };
            let now = match ended {
                Ok(()) => sessions().await,
                Err(failure) => Err(failure),
            };
            if self.busy.try_set(false).is_some() {
                return;
            }
            match now {
                Ok(now) => {
                    self.failure.set(None);
                    self.list.set(now);
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }
}

#[component]
fn Sessions(first: Vec<Session>) -> impl IntoView {
    let words = use_i18n();
    let doorman = Doorman { list: RwSignal::new(first), failure: RwSignal::new(None), busy: RwSignal::new(false) };
    let elsewhere = move || doorman.list.with(|list| list.iter().filter(|s| s.mine && !s.here).count());
    view! {
        <header class="page-head people-head">
            <div>
                <h1>{t!(words, people.sessions.title)}</h1>
                <p class="quiet">{t!(words, people.sessions.lead)}</p>
            </div>
            <Show when=move || elsewhere() != 0>
                <button type="button" class="button primary" disabled=doorman.busy on:click=move |_| doorman.end(None)>
                    <Svg icon=Icon::SignOut />{t!(words, people.sessions.end_others)}
                </button>
            </Show>
        </header>
        <Notice failure=doorman.failure />
        <table class="plain">
            <thead>
                <tr>
                    <th scope="col">{t!(words, people.column.who)}</th>
                    <th scope="col">{t!(words, people.sessions.device)}</th>
                    <th scope="col">{t!(words, people.sessions.since)}</th>
                    <th scope="col">{t!(words, people.sessions.seen)}</th>
                    <th scope="col"><span class="unseen">{t!(words, people.column.change)}</span></th>
                </tr>
            </thead>
            <tbody>
                <For each=move || doorman.list.get() key=|session| (session.id, session.used_at) let:session>
                    <Row session doorman />
                </For>
            </tbody>
        </table>
    }
}

#[component]
fn Row(session: Session, doorman: Doorman) -> impl IntoView {
    let words = use_i18n();
    let zone = use_here().store().get_untracked().time_zone;
    let here_out = ServerAction::<SignOut>::new();
    let Session { id, name, device, created_at, used_at, mine, here } = session;
    let label = {
        let (name, device) = (name.clone(), device.clone());
        move || t_string!(words, people.sessions.end_of, name = name.clone(), device = device.clone()).to_string()
    };
    let end = if here {
        Either::Left(view! {
            <ActionForm action=here_out>
                <button type="submit" class="button">{t!(words, people.sessions.end_here)}</button>
            </ActionForm>
        })
    } else {
        Either::Right(view! {
            <button type="button" class="button" aria-label=label disabled=doorman.busy on:click=move |_| doorman.end(Some(id))>
                {t!(words, people.sessions.end)}
            </button>
        })
    };
    let tag = match (here, mine) {
        (true, _) => Some(t!(words, people.sessions.here).into_any()),
        (false, true) => Some(t!(words, people.you).into_any()),
        _ => None,
    };
    view! {
        <tr>
            <th scope="row"><span class="who-shown">{name}</span>{tag.map(|tag| view! { <span class="tag">{tag}</span> })}</th>
            <td>{device}</td>
            <td data-label=move || t_string!(words, people.sessions.since)><Moment at=created_at zone=zone.clone() /></td>
            <td data-label=move || t_string!(words, people.sessions.seen)><Moment at=used_at zone /></td>
            <td class="row-end">{end}</td>
        </tr>
    }
}
