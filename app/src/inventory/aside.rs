//! What was set aside: looked at, and then sold again or thrown away.

use super::{
    api::{goods_aside, inspect},
    corrections::{HeldBar, HeldNow},
    done::{Done, DoneBar},
    lots::called,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    json::brought,
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg, as_number, quantity, to_type, use_day},
};
use leptos::{either::Either, task::spawn_local};
use leptos_meta::Title;
use model::{Action, Corrected, NewInspection, PostingId, Quantity, SetAside, Since};

/// The page: `/aside?store=LON`.
#[component]
pub fn AsidePage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get().code,
        |store| async move { goods_aside(store.clone()).await.map(|goods| (store, goods)) },
    );
    view! {
        <Title text=move || t_string!(words, aside.title) />
        <header class="page-head">
            <h1>{t!(words, aside.title)}</h1>
            <p>{t!(words, aside.lead)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=4 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, goods)) => Either::Left(view! { <Goods store first=goods /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[derive(Clone, Copy)]
struct Board {
    store: StoredValue<String>,
    goods: RwSignal<Vec<SetAside>>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    done: RwSignal<Option<Done>>,
    held: RwSignal<Option<HeldNow>>,
    again: StoredValue<Option<Callback<()>>>,
}

impl Board {
    /// Says of those goods what became of them.
    fn say(self, new: NewInspection, told: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = inspect(new).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(Corrected::Posted(receipt)) => {
                    self.held.set(None);
                    self.done.set(Some(Done::new(receipt.id, told)));
                    self.failure.set(None);
                }
                Ok(Corrected::Held(correction)) => {
                    self.held.set(Some(HeldNow::from(*correction)));
                    self.failure.set(None);
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
            self.read();
        });
    }

    fn read(self) {
        self.again.get_value().iter().for_each(|again| again.run(()));
    }
}

#[component]
fn Goods(store: String, first: Since<Vec<SetAside>>) -> impl IntoView {
    let words = use_i18n();
    let board = Board {
        store: StoredValue::new(store.clone()),
        goods: RwSignal::new(first.data),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
        done: RwSignal::new(None),
        held: RwSignal::new(None),
        again: StoredValue::new(None),
    };
    let read = move || goods_aside(board.store.get_value());
    let following = follow(vec![format!("stock:{store}")], first.as_of, read, move |now| board.goods.set(now));
    board.again.set_value(Some(Callback::new(move |()| following.now())));
    // A row stays, with what is being typed in it, until there are more or fewer of its goods.
    let key = |goods: &SetAside| (goods.sku.clone(), goods.lot.clone(), goods.quantity.parts());
    view! {
        <DoneBar done=board.done on_undone=Callback::new(move |()| board.read()) />
        <HeldBar held=board.held />
        <Notice failure=board.failure />
        <Show when=move || board.goods.with(Vec::is_empty)>
            <Empty icon=Icon::Check title=move || t!(words, aside.empty_title) text=move || t!(words, aside.empty_text) />
        </Show>
        <ul class="moves">
            <For each=move || board.goods.get() key=key let:goods><Row board goods /></For>
        </ul>
        <Show when=move || board.goods.with(|goods| goods.len() >= usize::from(SetAside::MOST))>
            <p class="hint">{t!(words, aside.first, most = SetAside::MOST)}</p>
        </Show>
    }
}

#[component]
fn Row(board: Board, goods: SetAside) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let SetAside { sku, name, tracking, lot, expires_on, quantity: all, .. } = goods;
    let fresh = || (PostingId::new(), PostingId::new());
    // One id for all tries of the same, so that an answer that was lost does not count twice.
    let (typed, ids) = (RwSignal::new(to_type(words.get_locale_untracked(), all)), StoredValue::new(fresh()));
    let meant = Memo::new(move |_| {
        let wanted = typed.with(|typed| as_number::<Quantity>(typed));
        wanted.filter(|wanted| *wanted > Quantity::ZERO && *wanted <= all)
    });
    let of = StoredValue::new((sku.clone(), lot.clone(), name.clone()));
    let say = move |scrap: bool| {
        move |_| {
            let Some(quantity) = meant.get_untracked() else { return };
            let (sku, lot, name) = of.get_value();
            let (sold, scrapped) = ids.get_value();
            let shown = crate::parts::quantity(words.get_locale_untracked(), quantity);
            let told = if scrap {
                t_string!(words, aside.thrown, name = name, quantity = shown).to_string()
            } else {
                t_string!(words, aside.back, name = name, quantity = shown).to_string()
            };
            let (id, reason) = if scrap { (scrapped, "damaged") } else { (sold, "nothing wrong") };
            let (store, reason) = (board.store.get_value(), reason.to_owned());
            board.say(NewInspection { id, store, sku, quantity, lot, scrap, aside: false, reason }, told);
        }
    };
    let day = expires_on.map(|day| use_day(day.to_string()));
    let stuck = move || board.busy.get() || meant.get().is_none();
    let (mark, label) = (sku.clone(), name.clone());
    view! {
        <li class="card aside" data-sku=mark>
            <div class="line-name">
                <strong>{name}</strong>
                <span class="line-facts">
                    <span>{sku}</span>
                    {lot.map(|lot| view! { <span>{move || called(words, tracking, &lot)}</span> })}
                    {day.map(|day| view! { <span>{move || t_string!(words, lots.until, day = day.get()).to_string()}</span> })}
                </span>
            </div>
            <p class="aside-count">{move || t_string!(words, aside.count, quantity = quantity(words.get_locale(), all)).to_string()}</p>
            <Show when=move || here.may(Action::Adjust)>
                <div class="aside-ways">
                    <label class="field"><span>{t!(words, aside.how_many)}</span>
                        <input type="text" inputmode="decimal" autocomplete="off" maxlength="16" prop:value=typed
                            aria-invalid=move || if meant.get().is_none() { "true" } else { "false" }
                            on:input:target=move |event| { ids.set_value(fresh()); typed.set(event.target().value()) } /></label>
                    <button type="button" class="button" disabled=stuck on:click=say(false)>
                        <Svg icon=Icon::Check />{t!(words, aside.sell)}<span class="unseen">{label.clone()}</span></button>
                    <button type="button" class="button" disabled=stuck on:click=say(true)>
                        {t!(words, aside.scrap)}<span class="unseen">{label.clone()}</span></button>
                </div>
            </Show>
        </li>
    }
}
