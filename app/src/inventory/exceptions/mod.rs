//! Exceptions: what waits for a person, why, and the ways out of it.

mod card;

use super::{
    api::exceptions,
    done::{Done, DoneBar},
};
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    live::{Follow, follow},
    parts::{Empty, Icon, Notice, Said, Saying, Skeleton, Speaker, Tone},
};
use crate::{json::brought, prelude::*};
use card::Card;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::components::A;
use model::{ExceptionId, OpenException, Page, Since};

/// The page of what waits in the store looked at.
#[component]
pub fn ExceptionsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get().code,
        |store| async move { exceptions(store.clone()).await.map(|page| (store, page)) },
    );
    view! {
        <Title text=move || t_string!(words, day.exceptions.title) />
        <header class="page-head">
            <h1>{t!(words, day.exceptions.title)}</h1>
            <p>{t!(words, day.exceptions.lead, store = move || here.store().get().name)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {move || Suspend::new(async move {
                match first.await {
                    Ok((store, page)) => Either::Left(view! { <List store page /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// What is open, followed live; one form at a time.
#[derive(Clone, Copy)]
struct Board {
    open: RwSignal<Vec<OpenException>>,
    /// The one whose form is open.
    counting: RwSignal<Option<ExceptionId>>,
    done: RwSignal<Option<Done>>,
    said: RwSignal<Option<Said>>,
    speaker: Speaker,
    follow: StoredValue<Option<Follow>>,
}

impl Board {
    fn new(store: String, page: Page<OpenException>) -> Self {
        let board = Self {
            open: RwSignal::new(page.data),
            counting: RwSignal::new(None),
            done: RwSignal::new(None),
            said: RwSignal::new(None),
            speaker: expect_context(),
            follow: StoredValue::new(None),
        };
        let topics = vec![format!("work:{store}"), format!("stock:{store}")];
        let store = StoredValue::new(store);
        let read = move || {
            let store = store.get_value();
            async move {
                let page = exceptions(store).await;
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
fn List(store: String, page: Page<OpenException>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let board = Board::new(store, page);
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
        <Saying said=board.said />
        <Show when=move || board.open.with(|open| !open.is_empty()) fallback=nothing>
            <ul class="cases" aria-label=move || t_string!(words, day.exceptions.title)>
                <For each=ids key=|id| *id let:id>
                    <Card board id />
                </For>
            </ul>
        </Show>
    }
}
