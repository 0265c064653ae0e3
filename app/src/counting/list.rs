//! The counts of a store: what is being counted by whom, what waits for a look, and how right the numbers were.

use super::{
    api::{Board, counts},
    plans::Plans,
    start::Start,
    tolerance::Tolerance,
    words as called,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, money},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use leptos_router::components::A;
use model::{Action, CountFigures, CountState, Since, StockCount};

/// The page of a store's counts.
#[component]
pub fn CountsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get().code,
        |store| async move { counts(store.clone(), None).await.map(|board| (store, board)) },
    );
    view! {
        <Title text=move || t_string!(words, counting.title) />
        <header class="page-head">
            <h1>{t!(words, counting.title)}</h1>
            <p>{t!(words, counting.lead, store = move || here.store().get().name)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, board)) => Either::Left(view! { <Counts store board /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Counts(store: String, board: Since<Board>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let as_of = board.as_of;
    let (tolerance, plans) = (board.data.tolerance, board.data.plans.clone());
    let older = RwSignal::new(Vec::<StockCount>::new());
    let next = RwSignal::new(board.data.next.clone());
    let failure = RwSignal::new(None::<Failure>);
    let board = RwSignal::new(board.data);
    let code = StoredValue::new(store.clone());
    follow(
        vec![format!("papers:{store}")],
        as_of,
        move || counts(code.get_value(), None),
        move |now: Board| {
            if older.with_untracked(Vec::is_empty) {
                next.set(now.next.clone());
            }
            board.set(now);
        },
    );
    let more = move |_| {
        spawn_local(async move {
            match counts(code.get_value(), next.get_untracked()).await {
                Ok(page) => {
                    next.set(page.data.next);
                    older.update(|all| all.extend(page.data.counts));
                }
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    let rows = move || {
        let mut rows = board.with(|board| board.counts.clone());
        rows.extend(
            older.get().into_iter().filter(|old| board.with(|board| board.counts.iter().all(|new| new.id != old.id))),
        );
        rows
    };
    let none = move || board.with(|board| board.counts.is_empty());
    view! {
        <Show when=move || here.may(Action::Count)>
            <Start store=code />
        </Show>
        <Show
            when=move || !none()
            fallback=move || view! {
                <Empty icon=Icon::List title=move || t!(words, counting.empty_title) text=move || t!(words, counting.empty_text) />
            }
        >
            {move || board.with(|board| board.figures).map(|figures| view! { <Figures figures /> })}
            <ul class="count-list" aria-label=move || t_string!(words, counting.title)>
                <For each=rows key=|count| (count.id, count.version) let:count>
                    <Row count board />
                </For>
            </ul>
            <Show when=move || next.get().is_some()>
                <button type="button" class="button wide" on:click=more>{t!(words, counting.more)}</button>
            </Show>
            <Notice failure />
        </Show>
        <Plans store=store.clone() first=plans as_of />
        <Show when=move || here.may(Action::Approve)>
            <Tolerance store=code tolerance />
        </Show>
    }
}

#[component]
fn Figures(figures: CountFigures) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let amount = move |sum| money(words.get_locale(), &here.store().get().currency, sum);
    view! {
        <p class="count-figures">
            {move || match figures.per_mille() {
                Some(share) => {
                    let share = format!("{}.{}", share / 10, share % 10);
                    t_string!(words, counting.figures, share = share, lost = amount(figures.lost), gained = amount(figures.gained)).to_string()
                }
                None => t_string!(words, counting.no_figures).to_owned(),
            }}
        </p>
    }
}

#[component]
fn Row(count: StockCount, board: RwSignal<Board>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (id, by, state) = (count.id, count.by, count.state);
    let (entries, items) = (count.entries, count.items);
    let who = move || {
        let who = board.with(|board| {
            let theirs = board.who.iter().filter(|(count, _)| *count == id);
            theirs.map(|(_, person)| called::person(words, person)).collect::<Vec<_>>()
        });
        who.join(", ")
    };
    let due = {
        let on = count.due_on.clone();
        move || board.with(|board| state == CountState::Planned && on.as_ref().is_some_and(|on| *on <= board.today))
    };
    let due = Memo::new(move |_| due());
    let busy = matches!(state, CountState::Counting | CountState::Recounting);
    view! {
        <li>
            <A href=move || here.link(&format!("/counts/{id}")) attr:class="count-row">
                <span class="count-row-head">
                    <strong>{count.number}</strong>
                    {move || if due.get() {
                        view! { <span class="count-state" data-state="due">{t!(words, counting.due)}</span> }.into_any()
                    } else {
                        view! { <span class="count-state" data-state=state.name()>{move || called::state(words, state)}</span> }.into_any()
                    }}
                </span>
                <span>{move || called::over(words, by, &count.place, &count.place_name)}</span>
                {count.note.map(|note| view! { <span class="quiet">{note}</span> })}
                <span class="quiet">
                    {t!(words, counting.items, count = move || items)} " · " {t!(words, counting.entries, count = move || entries)}
                    {move || (busy && !who().is_empty()).then(|| format!(" · {}", who()))}
                </span>
            </A>
        </li>
    }
}
