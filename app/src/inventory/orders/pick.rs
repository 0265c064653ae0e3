//! Picking an order: its goods by place, counted up by scan or tap by whoever has it open, then handed over.

use super::{
    api::{hand_over_order, pick_order},
    board::{Board, Others},
    page::{Missing, read},
    parts::Parts,
    takes::{Elsewhere, Takes, note, place, places_of, within},
    words::{count, sum},
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{
        api::{Found, find},
        lots::Numbers,
    },
    parts::{Icon, Notice, Saying, ScanField, Scanned, Skeleton, Svg, Tone, quantity},
};
use crate::{json::brought, prelude::*};
use leptos::{either::EitherOf3, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{
    Action, Error, HandOver, OfLine, Order, OrderLine, Pick, Picking, PostingId, Quantity, Since, Taken, Tracking,
};
use std::collections::{BTreeMap, VecDeque};

/// The picking page: `/pick/ID`.
#[component]
pub fn PickPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let found = brought(move || id.get(), read);
    view! {
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok(first) => EitherOf3::A(view! { <Round first /> }),
                    Err(Failure::Said(Error::NotFound)) => EitherOf3::B(view! { <Missing /> }),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// What is counted here and not sent yet, one after the other: each says what was counted before it.
#[derive(Clone, Copy)]
struct Counting {
    board: Board,
    /// The lines, each with how many more, or fewer when below zero.
    waiting: StoredValue<VecDeque<(i64, Quantity)>>,
    /// The goods of this round have one posting, however often they are sent.
    posting: StoredValue<PostingId>,
    /// The serial numbers of what is picked, by line, where the items have such.
    named: RwSignal<BTreeMap<i64, Vec<String>>>,
    /// What was taken from another place or of another lot than the list says, by line.
    taken: RwSignal<BTreeMap<i64, Vec<Taken>>>,
    words: crate::prefs::Words,
}

impl Counting {
    /// The numbers of a line, no more than it has pieces off the shelf.
    fn serials(self, line: i64) -> Vec<String> {
        self.named.with(|named| named.get(&line).cloned()).unwrap_or_default()
    }

    /// A piece of that number is picked: one of those that have none yet, or one more.
    fn name(self, line: i64, serial: String) {
        let words = self.words;
        if self.named.with_untracked(|named| named.values().flatten().any(|known| *known == serial)) {
            return self.board.say(Tone::Warn, tu_string!(words, lots.serial.twice, serial = serial).to_string());
        }
        let picked = self.board.order.with_untracked(|order| {
            order.lines.iter().find(|known| known.line == line).map(|line| (line.picked, line.reserved))
        });
        let Some((picked, reserved)) = picked else { return };
        let named = untrack(|| self.serials(line)).len();
        let named = Quantity::whole(i64::try_from(named).unwrap_or(i64::MAX));
        if named >= reserved {
            return;
        }
        self.named.update(|named| named.entry(line).or_default().push(serial));
        if named >= picked {
            self.count(line, Quantity::whole(1));
        }
    }

    /// The piece of that number goes back to the shelf.
    fn unname(self, line: i64, serial: &str) {
        self.named.update(|named| named.entry(line).or_default().retain(|known| known != serial));
        self.count(line, Quantity::whole(-1));
    }

    /// What was said of a line: from where it was taken.
    fn said(self, line: i64) -> Vec<Taken> {
        self.taken.with(|taken| taken.get(&line).cloned().unwrap_or_default())
    }

    fn take(self, line: i64, more: Taken) {
        self.taken.update(|taken| note(taken.entry(line).or_default(), more));
    }

    fn untake(self, line: i64, at: usize) {
        self.taken.update(|taken| {
            let of = taken.entry(line).or_default();
            if at < of.len() {
                of.remove(at);
            }
        });
    }

    /// What goes: all that is picked, or with numbers and places named, line by line.
    fn goods(self) -> Vec<OfLine> {
        let (named, taken) = (self.named.get_untracked(), self.taken.get_untracked());
        if named.values().all(Vec::is_empty) && taken.values().all(Vec::is_empty) {
            return Vec::new();
        }
        let of = |line: &OrderLine| {
            let most = usize::try_from(line.picked.parts() / Quantity::ONE).unwrap_or_default();
            let serials = named.get(&line.line).into_iter().flatten().take(most).cloned().collect();
            let from = within(taken.get(&line.line).map(Vec::as_slice).unwrap_or_default(), line.picked);
            OfLine { line: line.line, quantity: line.picked, serials, from }
        };
        self.board
            .order
            .with_untracked(|order| order.lines.iter().filter(|line| line.picked > Quantity::ZERO).map(of).collect())
    }

    fn count(self, line: i64, more: Quantity) {
        self.waiting.update_value(|waiting| waiting.push_back((line, more)));
        if !self.board.busy.get_untracked() {
            self.board.busy.set(true);
            spawn_local(self.drain());
        }
    }

    async fn drain(self) {
        loop {
            let next = self.waiting.try_update_value(VecDeque::pop_front).flatten();
            let Some((line, more)) = next else { break };
            let Some(pick) = self.board.order.try_with_untracked(|order| pick(order, line, more)) else { return };
            let Some(pick) = pick else { continue };
            let answer = pick_order(self.board.id, Picking { lines: vec![pick] }).await;
            if !self.board.answered(answer) {
                // What was scanned after it was counted from a number that is not so.
                self.waiting.try_update_value(VecDeque::clear);
                return;
            }
            let _ = self.board.busy.try_set(true);
        }
        let _ = self.board.busy.try_set(false);
    }
}

/// So many more, or fewer; nothing beyond what is kept.
fn pick(order: &Order, line: i64, more: Quantity) -> Option<Pick> {
    let line = order.lines.iter().find(|known| known.line == line)?;
    let before = line.picked;
    let picked = before.checked_add(more)?;
    // A rest of less than one is taken whole.
    let picked = picked.min(line.reserved).max(Quantity::ZERO);
    (picked != before).then_some(Pick { line: line.line, before, picked })
}

#[component]
fn Round(first: Since<Order>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let board = Board::new(first);
    let counting = Counting {
        board,
        waiting: StoredValue::default(),
        posting: StoredValue::new(PostingId::new()),
        named: RwSignal::default(),
        taken: RwSignal::default(),
        words,
    };
    // Once some of it has gone, whoever handed it over, what was said of it is over too.
    let gone = Memo::new(move |_| board.order.with(|order| sum(order, |line| line.fulfilled)));
    Effect::new(move |before: Option<Quantity>| {
        let now = gone.get();
        if before.is_some_and(|before| before != now) {
            counting.taken.update(BTreeMap::clear);
            counting.named.update(BTreeMap::clear);
        }
        now
    });
    let on_code = Callback::new(move |Scanned { code, .. }: Scanned| {
        let store = here.store().get_untracked().code;
        spawn_local(async move {
            match find(store, code.clone()).await {
                Ok(Some(meant)) => scanned(counting, words, &meant),
                Ok(None) => board.say(Tone::Bad, tu_string!(words, orders.unknown, code = code).to_string()),
                Err(wrong) => drop(board.failure.try_set(Some(wrong))),
            }
        });
    });
    let to_pick = move || board.order.with(|order| count(sum(order, |line| line.reserved)));
    let number = move || board.order.read().number.clone();
    let ids = move || {
        board.order.with(|order| {
            let mut lines: Vec<&OrderLine> = order.lines.iter().filter(|line| line.reserved > Quantity::ZERO).collect();
            lines.sort_by_cached_key(|line| (place(line), line.sku.clone(), line.line));
            lines.into_iter().map(|line| line.line).collect::<Vec<_>>()
        })
    };
    let order_link = move || here.link(&format!("/orders/{}", board.id));
    let nothing = move || view! { <p class="card order-hint">{t!(words, orders.nothing_to_pick)}</p> };
    let print = move |_| {
        let _ = window().print();
    };
    view! {
        <Title text=move || t_string!(words, orders.picking) />
        <A href=order_link attr:class="back"><Svg icon=Icon::Back />{t!(words, orders.order)}" "{move || number()}</A>
        <header class="page-head pick-head">
            <h1>{t!(words, orders.pick, count = to_pick)}</h1>
            <p>{move || number()}</p>
            <button type="button" class="button pick-print" on:click=print><Svg icon=Icon::Print />{t!(words, orders.print)}</button>
        </header>
        <Others id=board.id />
        <Show when=move || here.may(Action::Promise)>
            <ScanField on_code on_text=Callback::new(|_| {}) clear=Trigger::new() said=board.said />
        </Show>
        <Saying said=board.said />
        <Notice failure=board.failure />
        <Show when=move || { !ids().is_empty() } fallback=nothing>
            <ul class="picks card" aria-label=move || t_string!(words, orders.lines)>
                <For each=ids key=|line| *line let:line>
                    <Line counting line />
                </For>
            </ul>
        </Show>
        <Show when=move || here.may(Action::Promise)>
            <Handing counting />
        </Show>
    }
}

/// The first line of that item of which something is left counts so many more.
fn scanned(counting: Counting, words: crate::prefs::Words, meant: &Found) {
    let (item, board, name) = (&meant.item, counting.board, meant.item.name.clone());
    let serial = Some(&meant.lot.lot).filter(|serial| item.tracking == Tracking::Serial && !serial.is_empty());
    // A number may be of a piece that is picked already.
    let left = |line: &OrderLine| match serial {
        Some(_) => untrack(|| counting.serials(line.line)).len(),
        None => usize::MAX,
    };
    let open = |line: &OrderLine| {
        line.picked < line.reserved
            || i64::try_from(left(line)).is_ok_and(|named| Quantity::whole(named) < line.reserved)
    };
    let line = board.order.try_with_untracked(|order| {
        order.lines.iter().find(|line| line.sku == item.sku && open(line)).map(|line| line.line)
    });
    match line {
        None => {}
        Some(None) => {
            let kit = board.order.try_with_untracked(|order| {
                let line = order.lines.iter().find(|line| line.parts.iter().any(|part| part.sku == item.sku))?;
                Some(line.name.clone())
            });
            board.say(
                Tone::Bad,
                match kit.flatten() {
                    Some(kit) => tu_string!(words, kits.part_of, name = name, kit = kit).to_string(),
                    None => tu_string!(words, orders.not_wanted, name = name).to_string(),
                },
            );
        }
        Some(Some(line)) => {
            let lot = Some(&meant.lot.lot).filter(|lot| item.tracking == Tracking::Lot && !lot.is_empty());
            if let Some(lot) = lot {
                let said = untrack(|| counting.said(line));
                let places = board.order.try_with_untracked(|order| {
                    let line = order.lines.iter().find(|known| known.line == line)?;
                    places_of(&line.takes, lot, meant.quantity, &said)
                });
                let Some(places) = places.flatten() else {
                    let text = tu_string!(words, orders.lot_from_where, lot = lot.clone()).to_string();
                    return board.say(Tone::Warn, text);
                };
                places.into_iter().for_each(|more| counting.take(line, more));
            }
            board.say(Tone::Good, tu_string!(words, orders.picked_one, name = name).to_string());
            match serial {
                Some(serial) => counting.name(line, serial.clone()),
                None => counting.count(line, meant.quantity),
            }
        }
    }
}

#[component]
fn Line(counting: Counting, line: i64) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let order = counting.board.order;
    let known = Memo::new(move |_| order.with(|order| order.lines.iter().find(|known| known.line == line).cloned()));
    let text = move |of: fn(&OrderLine) -> String| move || known.with(|line| line.as_ref().map(of).unwrap_or_default());
    let number = move |of: fn(&OrderLine) -> Quantity| {
        move || quantity(words.get_locale(), known.with(|line| line.as_ref().map(of).unwrap_or_default()))
    };
    let whole = move || known.with(|line| line.as_ref().is_some_and(|line| line.picked == line.reserved));
    let none = move || known.with(|line| line.as_ref().is_none_or(|line| line.picked == Quantity::ZERO));
    let name = text(|line| line.name.clone());
    let parts = known.with_untracked(|line| line.as_ref().map(|line| line.parts.clone()).unwrap_or_default());
    let kits = Signal::derive(move || known.with(|line| line.as_ref().map(|line| line.reserved).unwrap_or_default()));
    let numbered = move || known.with(|line| line.as_ref().is_some_and(|line| line.tracking == Tracking::Serial));
    let takes =
        Signal::derive(move || known.with(|line| line.as_ref().map(|line| line.takes.clone()).unwrap_or_default()));
    let by_lot = move || known.with(|line| line.as_ref().is_some_and(|line| line.tracking == Tracking::Lot));
    // A kit is put together where sales leave from, and a number says where its piece was.
    let fetched = move || {
        known.with(|line| line.as_ref().is_some_and(|line| !line.takes.is_empty() && line.tracking != Tracking::Serial))
    };
    let picked = move || known.with(|line| line.as_ref().map(|line| line.picked).unwrap_or_default());
    let more = move || tu_string!(words, orders.one_more, name = name()).to_string();
    let fewer = move || tu_string!(words, orders.one_fewer, name = name()).to_string();
    view! {
        <li class="pick-line" class:whole=whole data-line=text(|line| line.sku.clone())>
            <span class="pick-place">{text(|line| place(line).1)}</span>
            <div class="order-line-name"><span>{name}</span><small>{text(|line| line.sku.clone())}</small></div>
            <Parts parts count=kits />
            <Takes takes />
            <strong class="pick-count" role="status">{number(|line| line.picked)}" / "{number(|line| line.reserved)}</strong>
            <Show when=move || here.may(Action::Promise)>
                <div class="pick-buttons">
                    <button type="button" class="icon-button" aria-label=fewer disabled=none on:click=move |_| counting.count(line, Quantity::whole(-1))><Svg icon=Icon::Minus /></button>
                    <button type="button" class="icon-button" aria-label=more disabled=whole on:click=move |_| counting.count(line, Quantity::whole(1))><Svg icon=Icon::Plus /></button>
                </div>
            </Show>
            <Show when=move || fetched() && here.may(Action::Promise)>
                <Elsewhere store=here.store().get_untracked().code name=Signal::derive(name) by_lot=Signal::derive(by_lot) taken=Signal::derive(move || counting.said(line))
                    on_take=Callback::new(move |more| counting.take(line, more)) on_drop=Callback::new(move |at| counting.untake(line, at)) />
            </Show>
            <Show when=move || numbered() && here.may(Action::Promise)>
                <Numbers name=Signal::derive(name) serials=Signal::derive(move || counting.serials(line)) all=Signal::derive(picked)
                    on_add=Callback::new(move |serial| counting.name(line, serial)) on_drop=Callback::new(move |serial: String| counting.unname(line, &serial)) />
            </Show>
        </li>
    }
}

/// What is picked goes to the customer.
#[component]
fn Handing(counting: Counting) -> impl IntoView {
    let words = use_i18n();
    let board = counting.board;
    let picked = move || board.order.with(|order| count(sum(order, |line| line.picked)));
    let some = move || board.order.with(|order| sum(order, |line| line.picked) > Quantity::ZERO);
    let hand = move |_| {
        let goods = HandOver { id: counting.posting.get_value(), lines: counting.goods() };
        let done = t_string!(words, orders.did.handed_over).to_owned();
        let sending = async move {
            let answer = hand_over_order(board.id, goods).await;
            if answer.is_ok() {
                let _ = counting.posting.try_set_value(PostingId::new());
            }
            answer
        };
        board.send(sending, Some(done));
    };
    view! {
        <div class="order-steps">
            <button type="button" class="button primary wide" disabled=move || { board.busy.get() || !some() } on:click=hand>
                <Svg icon=Icon::Check />{t!(words, orders.hand_over, count = picked)}
            </button>
        </div>
    }
}
