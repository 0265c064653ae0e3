//! Exceptions: what waits for a person, why, and the ways out of it.

mod card;
mod tell;
mod ways;

use super::{
    api::exceptions,
    corrections::{HeldBar, HeldNow},
    done::{Done, DoneBar},
};
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    live::{Follow, follow},
    parts::{Empty, Icon, Notice, Said, Saying, Skeleton, Speaker, Tone},
};
use crate::{json::brought, prefs::Words, prelude::*};
use card::Card;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
};
use model::{ExceptionId, ExceptionKind, OpenException, Page, Since};
use tell::Tell;

/// The page of what waits in the store looked at: `/exceptions?kind=missing_cost`.
#[component]
pub fn ExceptionsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (params, path) = (use_query_map(), use_location().pathname);
    // While another page is on its way in, its URL says nothing about this one.
    let kind = Memo::new(move |shown: Option<&Option<ExceptionKind>>| match shown {
        Some(shown) if path.get() != "/exceptions" => *shown,
        _ => params.read().get("kind").and_then(|kind| ExceptionKind::named(&kind)),
    });
    let first = brought(
        move || (here.store().get().code, kind.get()),
        |(store, kind)| async move { exceptions(store.clone(), kind).await.map(|page| (store, kind, page)) },
    );
    let chips = [None].into_iter().chain(ExceptionKind::ALL.map(Some)).map(|one| {
        let chosen = move || kind.get() == one;
        let href = move || {
            let link = here.link("/exceptions");
            let sign = if link.contains('?') { '&' } else { '?' };
            one.map_or(link.clone(), |one| format!("{link}{sign}kind={}", one.name()))
        };
        view! {
            <a data-noscroll="" class="chip" class:chosen=move || chosen() aria-current=move || chosen().then_some("true") href=move || href()>
                {move || called(words, one)}
            </a>
        }
    });
    view! {
        <Title text=move || t_string!(words, day.exceptions.title) />
        <header class="page-head">
            <h1>{t!(words, day.exceptions.title)}</h1>
            <p>{t!(words, day.exceptions.lead, store = move || here.store().get().name)}</p>
        </header>
        <nav class="chips" aria-label=move || t_string!(words, day.exceptions.kinds)>{chips.collect_view()}</nav>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, kind, page)) => Either::Left(view! { <List store kind page /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// What a kind is called on its chip.
fn called(words: Words, kind: Option<ExceptionKind>) -> &'static str {
    match kind {
        None => t_string!(words, day.exceptions.all),
        Some(ExceptionKind::Negative) => t_string!(words, day.exceptions.negative),
        Some(ExceptionKind::Oversold) => t_string!(words, day.exceptions.oversold_name),
        Some(ExceptionKind::ExpiredSale) => t_string!(words, day.exceptions.expired),
        Some(ExceptionKind::UnknownBarcode) => t_string!(words, day.exceptions.code),
        Some(ExceptionKind::CountConflict) => t_string!(words, day.exceptions.conflict),
        Some(ExceptionKind::SerialConflict) => t_string!(words, day.exceptions.serials),
        Some(ExceptionKind::MissingCost) => t_string!(words, day.exceptions.cost),
    }
}

/// What is open, followed live; one form at a time.
#[derive(Clone, Copy)]
struct Board {
    open: RwSignal<Vec<OpenException>>,
    /// The one whose form is open.
    counting: RwSignal<Option<ExceptionId>>,
    done: RwSignal<Option<Done>>,
    /// What was counted and waits for somebody else.
    held: RwSignal<Option<HeldNow>>,
    said: RwSignal<Option<Said>>,
    speaker: Speaker,
    follow: StoredValue<Option<Follow>>,
}

impl Board {
    fn new(store: String, kind: Option<ExceptionKind>, page: Page<OpenException>) -> Self {
        let board = Self {
            open: RwSignal::new(page.data),
            counting: RwSignal::new(None),
            done: RwSignal::new(None),
            held: RwSignal::new(None),
            said: RwSignal::new(None),
            speaker: expect_context(),
            follow: StoredValue::new(None),
        };
        let topics = vec![format!("work:{store}"), format!("stock:{store}")];
        let store = StoredValue::new(store);
        let read = move || {
            let store = store.get_value();
            async move {
                let page = exceptions(store, kind).await;
                page.map(|page| Since { as_of: page.as_of, total: 0, data: page.data })
            }
        };
        let following = follow(topics, page.as_of, read, move |open| board.take(open));
        board.follow.set_value(Some(following));
        board
    }

    /// What is being counted stays on the screen until its form is closed, though it may be settled meanwhile.
    fn take(self, mut now: Vec<OpenException>) {
        let counting = self.counting.get_untracked();
        let kept =
            self.open.with_untracked(|open| open.iter().find(|case| Some(case.exception.id) == counting).cloned());
        if let Some(kept) = kept.filter(|kept| now.iter().all(|case| case.exception.id != kept.exception.id)) {
            now.insert(0, kept);
        }
        self.open.set(now);
    }

    /// Something was done here: reads at once.
    fn now(self) {
        self.follow.get_value().iter().for_each(|follow| follow.now());
    }

    fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }

    /// That one, as it is now; tracked.
    fn case(self, id: ExceptionId) -> Option<OpenException> {
        self.open.with(|open| open.iter().find(|case| case.exception.id == id).cloned())
    }
}

#[component]
fn List(store: String, kind: Option<ExceptionKind>, page: Page<OpenException>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let board = Board::new(store, kind, page);
    let ids = move || board.open.with(|open| open.iter().map(|case| case.exception.id).collect::<Vec<_>>());
    let nothing = move || {
        view! {
            <Empty icon=Icon::Check title=move || t!(words, day.exceptions.empty_title) text=move || t!(words, day.exceptions.empty_text)>
                <A href=move || here.link("/") attr:class="button primary">{t!(words, day.exceptions.empty_action)}</A>
            </Empty>
        }
    };
    view! {
        <DoneBar done=board.done on_undone=Callback::new(move |()| board.now()) />
        <HeldBar held=board.held />
        <Saying said=board.said />
        <Tell board />
        <Show when=move || board.open.with(|open| !open.is_empty()) fallback=nothing>
            <ul class="cases" aria-label=move || t_string!(words, day.exceptions.title)>
                <For each=ids key=|id| *id let:id>
                    <Card board id />
                </For>
            </ul>
        </Show>
    }
}
