//! An order on the screen: read once, followed live, changed by whoever has it open.

use super::{api::show_order, draft::Change};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t, use_i18n},
    live::{Follow, Live, follow},
    parts::{Icon, Said, Speaker, Svg, Tone},
};
use leptos::task::spawn_local;
use model::{Error, Order, PaperId, Reused, Since};
use std::collections::VecDeque;

/// An order, alive.
#[derive(Clone, Copy)]
pub struct Board {
    /// Which.
    pub id: PaperId,
    /// As it is now.
    pub order: RwSignal<Order>,
    /// What went wrong.
    pub failure: RwSignal<Option<Failure>>,
    /// Something is being sent.
    pub busy: RwSignal<bool>,
    /// What is changed here and not saved yet.
    pub waiting: StoredValue<VecDeque<Change>>,
    /// What was last said.
    pub said: RwSignal<Option<Said>>,
    speaker: Speaker,
    follow: StoredValue<Option<Follow>>,
}

impl Board {
    /// Follows it from where the page ends.
    pub fn new(first: Since<Order>) -> Self {
        let id = first.data.id;
        let board = Self {
            id,
            order: RwSignal::new(first.data),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            waiting: StoredValue::default(),
            said: RwSignal::new(None),
            speaker: expect_context(),
            follow: StoredValue::new(None),
        };
        let topics = vec![format!("paper:{id}"), format!("at:{id}")];
        let following = follow(topics, first.as_of, move || show_order(id), move |order| board.take(order));
        board.follow.set_value(Some(following));
        board
    }

    /// As it was read or answered; an older one changes nothing.
    pub fn take(self, news: Order) {
        // Which lots leave first changes without a step of the order.
        if self.order.with_untracked(|known| known.version <= news.version && *known != news) {
            self.order.set(news);
        }
    }

    /// Takes an answer in; whether it was one. When somebody else was faster, what they did is read.
    pub fn answered(self, answer: Result<Order, Failure>) -> bool {
        if self.busy.try_set(false).is_some() {
            return false; // The page is gone.
        }
        match answer {
            Ok(order) => {
                self.failure.set(None);
                self.take(order);
                true
            }
            Err(failure) => {
                if matches!(failure, Failure::Said(Error::Conflict(Reused::Version))) {
                    self.follow.get_value().iter().for_each(|follow| follow.now());
                }
                self.speaker.play(Tone::Bad);
                self.failure.set(Some(failure));
                false
            }
        }
    }

    /// Sends something, one thing at a time; `done` is what is said when it worked.
    pub fn send(self, sending: impl Future<Output = Result<Order, Failure>> + 'static, done: Option<String>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = sending.await;
            if self.answered(answer)
                && let Some(text) = done
            {
                self.say(Tone::Done, text);
            }
            // What was scanned meanwhile.
            self.drain().await;
        });
    }

    /// Says something.
    pub fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }
}

/// Who else has this order open.
#[component]
pub fn Others(id: PaperId) -> impl IntoView {
    let words = use_i18n();
    let live = expect_context::<Live>();
    let names = move || live.present(&format!("at:{id}"));
    view! {
        <div role="status" class="others-place">
            <Show when=move || !names().is_empty()>
                <p class="others"><Svg icon=Icon::Person />{t!(words, orders.others, names = move || names().join(", "))}</p>
            </Show>
        </div>
    }
}
