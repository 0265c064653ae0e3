//! One transfer on the screen: put together at the one end, booked in at the other, by several people at once.

use super::api::{find_transfer, step_transfer};
use super::{
    change::{Arrived, Change, Counted},
    lines::Lines,
    settle::{is_lost, lost_by},
    state_name,
    ways::Ways,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::{Here, use_here},
    i18n::{t, tu_string, use_i18n},
    inventory::{Done, DoneBar, anew, api::find, keep},
    json::brought,
    live::{Follow, Live, follow},
    parts::{Empty, Icon, Notice, Said, Saying, ScanField, Scanned, Skeleton, Speaker, Svg, Tone},
    prefs::Words,
};
use leptos::{either::EitherOf3, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{
    Action, Error, NewTransferStep, PaperId, PostingId, Quantity, Since, Tracking, Transfer, TransferLine, TransferStep,
};
use std::collections::VecDeque;

/// A transfer's page: `/transfers/0190…?store=LON`.
#[component]
pub fn TransferPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<PaperId>().ok()).unwrap_or_default());
    let found = brought(
        move || (here.store().get().code, id.get()),
        |(store, id)| async move { find_transfer(id).await.map(|transfer| (store, transfer)) },
    );
    let missing = move || {
        view! {
            <Empty icon=Icon::Box title=move || t!(words, transfers.missing) text=move || t!(words, transfers.missing_text)>
                <A href=move || here.link("/transfers") attr:class="button primary">{t!(words, transfers.back)}</A>
            </Empty>
        }
    };
    view! {
        <A href=move || here.link("/transfers") attr:class="back"><Svg icon=Icon::Back />{t!(words, transfers.back)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok((store, first)) => EitherOf3::A(view! { <Sheet store first /> }),
                    Err(Failure::Said(Error::NotFound)) => EitherOf3::B(missing()),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// A transfer that is open here, followed live.
#[derive(Clone, Copy)]
pub struct Trip {
    pub now: RwSignal<Transfer>,
    /// What was counted here and is not booked in yet.
    pub arrived: RwSignal<Arrived>,
    /// The line whose number is being typed.
    pub pad: RwSignal<Option<String>>,
    pub busy: RwSignal<bool>,
    pub failure: RwSignal<Option<Failure>>,
    /// What was just said to be lost, and the way back.
    done: RwSignal<Option<Done>>,
    /// What was changed here of what is sent, by SKU, and is not written yet: one after the other.
    waiting: StoredValue<VecDeque<(String, Change)>>,
    /// Under which name this browser keeps what was counted.
    key: StoredValue<String>,
    store: StoredValue<String>,
    here: Here,
    words: Words,
    said: RwSignal<Option<Said>>,
    speaker: Speaker,
    follow: StoredValue<Option<Follow>>,
}

impl Trip {
    fn open(store: String, first: Since<Transfer>) -> Self {
        let id = first.data.id;
        let here = use_here();
        let trip = Self {
            now: RwSignal::new(first.data),
            arrived: RwSignal::default(),
            pad: RwSignal::new(None),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            done: RwSignal::new(None),
            waiting: StoredValue::default(),
            key: StoredValue::new(format!("transfer:{}:{id}", here.me().key())),
            store: StoredValue::new(store),
            here,
            words: use_i18n(),
            said: RwSignal::new(None),
            speaker: expect_context(),
            follow: StoredValue::new(None),
        };
        Effect::new(move || {
            if let Some(kept) = trip.key.with_value(|key| keep::load(key)) {
                trip.arrived.set(kept);
            }
        });
        let topics = vec![format!("paper:{id}"), format!("at:{id}")];
        let following = follow(topics, first.as_of, move || find_transfer(id), move |now| trip.learn(now));
        trip.follow.set_value(Some(following));
        trip
    }

    /// What is older than what is known says nothing.
    fn learn(self, now: Transfer) {
        if self.now.try_with_untracked(|known| known.version <= now.version) == Some(true) {
            self.now.set(now);
        }
    }

    /// May the one who looks change what is sent, from the store looked at?
    pub fn sends(self) -> bool {
        let store = self.store.get_value();
        self.now.with(|now| now.store == store) && self.here.may(Action::Transfer)
    }

    /// May they book in what arrives, in the store looked at?
    pub fn receives(self) -> bool {
        let store = self.store.get_value();
        self.now.with(|now| now.to_store == store) && self.here.may(Action::Transfer)
    }

    /// How many of that item are to be sent, and which; or are counted here.
    pub fn of(self, sku: &str) -> Counted {
        if self.now.with(|now| now.state.is_draft()) {
            self.now.with(|now| Counted::asked(now, sku))
        } else {
            self.arrived.with(|arrived| arrived.of(sku))
        }
    }

    /// The same, with what was changed here and is not written yet.
    fn soon(self, sku: &str) -> Counted {
        let mut amount = untrack(|| self.of(sku));
        self.waiting.with_value(|waiting| {
            let of_it = waiting.iter().filter(|(changed, _)| changed == sku);
            of_it.for_each(|(_, change)| change.clone().make(&mut amount));
        });
        amount
    }

    /// Changes how many are to be sent, after the changes that were begun before; or how many are counted here.
    pub fn change(self, sku: &str, change: Change) {
        if self.now.with_untracked(|now| !now.state.is_draft()) {
            self.arrived.update(|arrived| arrived.change(sku, change));
            return self.keep();
        }
        self.waiting.update_value(|waiting| waiting.push_back((sku.to_owned(), change)));
        if !self.busy.get_untracked() {
            self.busy.set(true);
            spawn_local(self.drain());
        }
    }

    async fn drain(self) {
        while let Some(Some((sku, change))) = self.waiting.try_with_value(|waiting| waiting.front().cloned()) {
            match self.write(&sku, change).await {
                Ok(now) => {
                    self.waiting.try_update_value(VecDeque::pop_front);
                    self.failure.try_set(None);
                    self.learn(now);
                }
                Err(failure) => {
                    self.waiting.try_update_value(VecDeque::clear);
                    self.fail(failure);
                }
            }
        }
        self.busy.try_set(false);
    }

    /// Several people pack at once: what somebody else wrote meanwhile is changed then.
    async fn write(self, sku: &str, change: Change) -> Result<Transfer, Failure> {
        let now = self.now.get_untracked();
        let id = now.id;
        let write = |now: &Transfer| {
            let before = Counted::asked(now, sku);
            let mut amount = before.clone();
            change.clone().make(&mut amount);
            let (same, version) = (amount == before, Some(now.version));
            let unchanged = same.then(|| now.clone());
            let step = TransferStep::Lines { lines: amount.amounts() };
            let step = NewTransferStep { id: PostingId::new(), version, step };
            async move {
                match unchanged {
                    Some(now) => Ok(now),
                    None => step_transfer(id, step).await,
                }
            }
        };
        anew(now, write, || find_transfer(id)).await
    }

    /// A piece of that number goes along, or has come.
    pub fn name(self, sku: &str, name: &str, serial: String) {
        if self.soon(sku).serials.contains(&serial) {
            return self.say(Tone::Warn, tu_string!(self.words, lots.serial.twice, serial = serial).to_string());
        }
        let draft = self.now.with_untracked(|now| now.state.is_draft());
        if !draft && self.now.with_untracked(|now| !Counted::asked(now, sku).serials.contains(&serial)) {
            return self.say(Tone::Bad, tu_string!(self.words, lots.serial.not_sent, serial = serial).to_string());
        }
        self.count(sku, name, Change::Name(serial));
    }

    /// So many more of it.
    fn more(self, sku: &str, name: &str, quantity: Quantity) {
        let sent = self.now.with_untracked(|now| now.state.is_draft() || now.lines.iter().any(|line| line.sku == sku));
        if !sent {
            let text = tu_string!(self.words, transfers.not_in_it, name = name.to_owned()).to_string();
            return self.say(Tone::Bad, text);
        }
        self.count(sku, name, Change::More(quantity));
    }

    /// So many more of that lot of it, which has to be among those that were sent.
    fn of_lot(self, sku: &str, name: &str, lot: String, quantity: Quantity) {
        let sent = self.now.with_untracked(|now| {
            let line = now.lines.iter().find(|line| line.sku == sku).filter(|_| !now.state.is_draft());
            line.map(|line| line.lots.iter().any(|one| one.lot == lot))
        });
        let draft = self.now.with_untracked(|now| now.state.is_draft());
        match sent {
            Some(false) => self.say(Tone::Bad, tu_string!(self.words, transfers.lot_not_sent, lot = lot).to_string()),
            None if !draft => self.more(sku, name, quantity),
            _ => self.count(sku, name, Change::Lot(lot, quantity)),
        }
    }

    /// Changes how many, and says how many there are then.
    fn count(self, sku: &str, name: &str, change: Change) {
        self.change(sku, change);
        let now = self.soon(sku).quantity;
        self.say(Tone::Good, format!("{name}: {now}"));
    }

    fn scanned(self, code: String) {
        let known = self.now.with_untracked(|now| now.lines.iter().find(|line| line.sku == code).cloned());
        if let Some(TransferLine { sku, name, .. }) = known {
            return self.more(&sku, &name, Quantity::whole(1));
        }
        let store = self.store.get_value();
        spawn_local(async move {
            let answer = find(store, code.clone()).await;
            match answer {
                Ok(Some(found)) if found.item.tracking == Tracking::Serial && !found.lot.lot.is_empty() => {
                    let draft = self.now.with_untracked(|now| now.state.is_draft());
                    match found.lot.doubt.filter(|_| draft && found.lot.here == Some(false)) {
                        Some(doubt) => self.say(Tone::Warn, doubt),
                        None => self.name(&found.item.sku, &found.item.name, found.lot.lot),
                    }
                }
                Ok(Some(found)) if found.item.tracking == Tracking::Lot && !found.lot.lot.is_empty() => {
                    self.of_lot(&found.item.sku, &found.item.name, found.lot.lot, found.quantity);
                }
                Ok(Some(found)) => self.more(&found.item.sku, &found.item.name, found.quantity),
                Ok(None) => self.say(Tone::Bad, tu_string!(self.words, transfers.unknown, code = code).to_string()),
                Err(failure) => drop(self.failure.try_set(Some(failure))),
            }
        });
    }

    fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }

    fn keep(self) {
        let kept = self.arrived.get_untracked();
        self.key.with_value(|key| {
            if kept == Arrived::default() {
                keep::forget(key);
            } else {
                keep::save(key, &kept);
            }
        });
    }

    /// Books in what was counted.
    pub fn book(self, last: bool) {
        if self.busy.get_untracked() {
            return;
        }
        let new = self.arrived.try_update(|arrived| arrived.send(last));
        self.keep();
        new.into_iter().for_each(|new| self.send(new));
    }

    /// Takes it a step further.
    pub fn take(self, step: TransferStep) {
        if !self.busy.get_untracked() {
            self.send(NewTransferStep { id: PostingId::new(), version: None, step });
        }
    }

    fn send(self, new: NewTransferStep) {
        self.busy.set(true);
        let arrives = matches!(new.step, TransferStep::Arrive { .. });
        let posting = new.id;
        let (lost, before) = (is_lost(&new.step), self.now.with_untracked(lost_by));
        let id = self.now.with_untracked(|now| now.id);
        spawn_local(async move {
            let answer = step_transfer(id, new).await;
            if self.busy.is_disposed() {
                return; // The page is gone; what was sent is kept, and sent again from the next.
            }
            if arrives && !answer.as_ref().is_err_and(Failure::is_open) {
                self.arrived.update(|arrived| if answer.is_ok() { arrived.booked() } else { arrived.sent = None });
                self.keep();
            }
            match answer {
                Ok(now) => {
                    self.failure.set(None);
                    if lost {
                        let count = Quantity::from_parts(lost_by(&now).parts() - before.parts()).to_string();
                        let text = tu_string!(self.words, transfers.said_lost, count = count).to_string();
                        self.done.set(Some(Done::new(posting, text)));
                    }
                    self.learn(now);
                }
                Err(failure) => self.fail(failure),
            }
            // What was scanned meanwhile.
            self.drain().await;
        });
    }

    /// Says what went wrong, and looks how it is now.
    fn fail(self, failure: Failure) {
        if self.failure.try_set(Some(failure)).is_none() {
            self.speaker.play(Tone::Bad);
            self.follow.get_value().iter().for_each(|follow| follow.now());
        }
    }
}

#[component]
fn Sheet(store: String, first: Since<Transfer>) -> impl IntoView {
    let words = use_i18n();
    let trip = Trip::open(store, first);
    let now = trip.now;
    let clear = Trigger::new();
    let scans = Memo::new(move |_| {
        let state = now.with(|now| now.state);
        state.is_draft() && trip.sends() || state.is_under_way() && trip.receives()
    });
    let on_code = Callback::new(move |scanned: Scanned| trip.scanned(scanned.code));
    let state = move || now.with(|now| now.state);
    let way = move || now.with(|now| format!("{} · {} → {} · {}", now.store, now.from, now.to_store, now.to));
    view! {
        <Title text=move || now.with(|now| now.number.clone()) />
        <header class="page-head move-head">
            <h1>{move || now.with(|now| now.number.clone())}</h1>
            <p><span class="tag" data-state=move || state().name()>{move || state_name(words, state())}</span></p>
            <p class="move-way">{way}</p>
        </header>
        <Others id=now.with_untracked(|now| now.id) />
        <Show when=move || scans.get()>
            <ScanField on_code on_text=Callback::new(|_| ()) clear />
        </Show>
        <Saying said=trip.said />
        <DoneBar done=trip.done on_undone=Callback::new(move |()| trip.follow.get_value().iter().for_each(|follow| follow.now())) />
        <Lines trip />
        <Notice failure=trip.failure />
        <Ways trip />
    }
}

/// Who else has it open.
#[component]
fn Others(id: PaperId) -> impl IntoView {
    let words = use_i18n();
    let live = expect_context::<Live>();
    let names = move || live.present(&format!("at:{id}"));
    let others = move || names().join(", ");
    view! {
        <p class="presence" role="status">
            <Show when=move || !names().is_empty()><Svg icon=Icon::Person />{t!(words, transfers.others, names = others)}</Show>
        </p>
    }
}
