//! One transfer on the screen: put together at the one end, booked in at the other, by several people at once.

use super::api::{find_transfer, step_transfer};
use super::{lines::Lines, state_name, ways::Ways};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::{Here, use_here},
    i18n::{t, t_string, use_i18n},
    inventory::api::find,
    json::brought,
    live::{Follow, Live, follow},
    parts::{Empty, Icon, Notice, Said, Saying, ScanField, Scanned, Skeleton, Speaker, Svg, Tone},
    prefs::Words,
};
use leptos::{either::EitherOf3, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{
    Action, Amount, Error, NewTransferStep, PaperId, PostingId, Quantity, Since, Tracking, Transfer, TransferLine,
    TransferStep,
};
use std::collections::BTreeMap;

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
    /// What was counted here and is not booked in yet, by SKU.
    pub counted: RwSignal<BTreeMap<String, Quantity>>,
    /// The serial numbers of what was counted here, by SKU.
    named: RwSignal<BTreeMap<String, Vec<String>>>,
    /// The line whose number is being typed.
    pub pad: RwSignal<Option<String>>,
    pub busy: RwSignal<bool>,
    pub failure: RwSignal<Option<Failure>>,
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
        let trip = Self {
            now: RwSignal::new(first.data),
            counted: RwSignal::default(),
            named: RwSignal::default(),
            pad: RwSignal::new(None),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            store: StoredValue::new(store),
            here: use_here(),
            words: use_i18n(),
            said: RwSignal::new(None),
            speaker: expect_context(),
            follow: StoredValue::new(None),
        };
        let topics = vec![format!("paper:{id}"), format!("at:{id}")];
        let following = follow(topics, first.as_of, move || find_transfer(id), move |now| trip.now.set(now));
        trip.follow.set_value(Some(following));
        trip
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

    /// How many are counted here of that line; none when it is not being counted.
    pub fn count_of(self, sku: &str) -> Quantity {
        self.counted.with(|counted| counted.get(sku).copied().unwrap_or_default())
    }

    /// That many of it: to be sent as long as nothing has left, else counted here.
    pub fn set(self, sku: String, quantity: Quantity) {
        let mut serials = untrack(|| self.serials_of(&sku));
        // There are no more numbers than pieces.
        serials.truncate(usize::try_from(quantity.parts() / Quantity::ONE).unwrap_or_default());
        self.set_with(sku, quantity, serials);
    }

    /// The serial numbers of that line: to be sent, or counted here.
    pub fn serials_of(self, sku: &str) -> Vec<String> {
        let sent = |now: &Transfer| now.lines.iter().find(|line| line.sku == sku).map(|line| line.serials.clone());
        if self.now.with(|now| now.state.is_draft()) {
            self.now.with(sent).unwrap_or_default()
        } else {
            self.named.with(|named| named.get(sku).cloned()).unwrap_or_default()
        }
    }

    /// A piece of that number goes along, or has come.
    pub fn name(self, sku: String, name: &str, serial: String) {
        let mut serials = untrack(|| self.serials_of(&sku));
        if serials.contains(&serial) {
            return self.say(Tone::Warn, t_string!(self.words, lots.serial.twice, serial = serial).to_string());
        }
        let line = self.now.with_untracked(|now| now.lines.iter().find(|line| line.sku == sku).cloned());
        let draft = self.now.with_untracked(|now| now.state.is_draft());
        if !draft && !line.as_ref().is_some_and(|line| line.serials.contains(&serial)) {
            return self.say(Tone::Bad, t_string!(self.words, lots.serial.not_sent, serial = serial).to_string());
        }
        serials.push(serial);
        let so_far = match draft {
            true => line.map(|line| line.asked).unwrap_or_default(),
            false => untrack(|| self.count_of(&sku)),
        };
        let size = so_far.max(Quantity::whole(i64::try_from(serials.len()).unwrap_or(i64::MAX)));
        self.say(Tone::Good, format!("{name}: {size}"));
        self.set_with(sku, size, serials);
    }

    /// The piece of that number stays here, or has not come.
    pub fn unname(self, sku: String, serial: &str, size: Quantity) {
        let mut serials = untrack(|| self.serials_of(&sku));
        serials.retain(|known| known != serial);
        let left = size.checked_add(Quantity::whole(-1)).unwrap_or_default();
        self.set_with(sku, left.max(Quantity::ZERO), serials);
    }

    fn set_with(self, sku: String, quantity: Quantity, serials: Vec<String>) {
        if self.now.with_untracked(|now| now.state.is_draft()) {
            self.take(TransferStep::Lines { lines: vec![Amount { sku, quantity, serials }] });
        } else {
            self.named.update(|named| drop(named.insert(sku.clone(), serials)));
            self.counted.update(|counted| {
                counted.insert(sku, quantity);
                counted.retain(|_, quantity| *quantity != Quantity::ZERO);
            });
        }
    }

    /// So many more of it.
    fn more(self, sku: &str, name: &str, quantity: Quantity) {
        let draft = self.now.with_untracked(|now| now.state.is_draft());
        let line = self.now.with_untracked(|now| now.lines.iter().find(|line| line.sku == sku).cloned());
        let now = match (draft, &line) {
            (true, line) => line.as_ref().map(|line| line.asked).unwrap_or_default(),
            (false, Some(_)) => self.counted.with_untracked(|counted| counted.get(sku).copied().unwrap_or_default()),
            (false, None) => {
                let text = t_string!(self.words, transfers.not_in_it, name = name.to_owned()).to_string();
                return self.say(Tone::Bad, text);
            }
        };
        let more = now.checked_add(quantity).unwrap_or(now);
        self.say(Tone::Good, format!("{name}: {more}"));
        self.set(sku.to_owned(), more);
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
                        None => self.name(found.item.sku, &found.item.name, found.lot.lot),
                    }
                }
                Ok(Some(found)) => self.more(&found.item.sku, &found.item.name, found.quantity),
                Ok(None) => self.say(Tone::Bad, t_string!(self.words, transfers.unknown, code = code).to_string()),
                Err(failure) => drop(self.failure.try_set(Some(failure))),
            }
        });
    }

    fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }

    /// Takes it a step further. What was counted is booked in then.
    pub fn take(self, step: TransferStep) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let arrived = matches!(step, TransferStep::Arrive { .. });
        let id = self.now.with_untracked(|now| now.id);
        let new = NewTransferStep { id: PostingId::new(), version: None, step };
        spawn_local(async move {
            let answer = step_transfer(id, new).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(now) => {
                    self.failure.set(None);
                    if arrived {
                        self.counted.set(BTreeMap::new());
                        self.named.set(BTreeMap::new());
                    }
                    self.now.set(now);
                }
                Err(failure) => {
                    self.failure.set(Some(failure));
                    self.follow.get_value().iter().for_each(|follow| follow.now());
                }
            }
        });
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
