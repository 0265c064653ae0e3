//! Finding the sale whose goods come back: by its slip, or among the latest; or going on without one.

use super::{draft::Line, register::Register};
use crate::{
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{
        ago::{Ago, Clock},
        api::{find, history, meaning, posting},
        told::things,
    },
    parts::{Icon, Notice, Scanned, Svg, Tone, money, quantity},
};
use crate::{json::brought, prelude::*};
use leptos::{either::EitherOf3, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::{DocumentKind, HistoryLine, HistoryQuery, Meant, PostingId, Quantity, ReceiptLine};

/// How many sales are offered.
const OFFERED: i64 = 4;

impl Register {
    /// No item has that code; a sale may.
    pub(super) async fn maybe_sale(self, store: String, scanned: Scanned) {
        match meaning(store.clone(), scanned.code.clone()).await {
            Ok(Meant::Posting { id, kind: DocumentKind::Sale, .. }) => {
                self.sale.set(Some(id));
                self.say(Tone::Good, tu_string!(self.words, day.back.sale_found).to_string());
            }
            Ok(_) if scanned.typed => self.meant(store, scanned.code).await,
            Ok(_) => self.unknown(&scanned.code),
            Err(failure) => self.failure.set(Some(failure)),
        }
    }

    /// Takes back what a line of a sale says, for the price that was paid; never more than was sold.
    fn take_back(self, sold: ReceiptLine, number: String) {
        let (store, _) = self.place();
        spawn_local(async move {
            match find(store, sold.sku.clone()).await {
                Ok(Some(found)) => {
                    let most = Some(sold.quantity);
                    let (item, quantity, price) = (found.item, sold.quantity, sold.unit_price);
                    self.change(|draft| {
                        draft.lines.retain(|line| line.item.id != item.id);
                        draft.lines.insert(0, Line { item, quantity, price, most, sure: false });
                        draft.number = number;
                    });
                    self.say(Tone::Good, tu_string!(self.words, day.back.taken, name = sold.name).to_string());
                }
                Ok(None) => self.unknown(&sold.sku),
                Err(failure) => self.failure.set(Some(failure)),
            }
            self.clear.notify();
        });
    }
}

/// The sale that was found, or the latest ones to choose from.
#[component]
pub fn SaleFinder(basket: Register) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let named = query.read().get("sale").and_then(|id| id.parse::<PostingId>().ok());
        basket.sale.get().or(named)
    });
    let store = basket.place().0;
    let sales = brought(
        move || asked.get(),
        move |asked| {
            let store = store.clone();
            async move {
                match asked {
                    Some(id) => posting(id).await.map(|sale| (true, vec![sale.data])),
                    None => {
                        let query = HistoryQuery { store, kind: Some(DocumentKind::Sale), ..HistoryQuery::default() };
                        history(query, None, OFFERED).await.map(|sales| (false, sales.data))
                    }
                }
            }
        },
    );
    view! {
        <Transition>
            {move || sales.get().map(|answer| match answer {
                Ok((true, sales)) => EitherOf3::A(sales.into_iter().next().map(|sale| view! { <Sold basket sale /> })),
                Ok((false, sales)) => EitherOf3::B(view! { <Latest basket sales /> }),
                Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
            })}
        </Transition>
    }
}

/// The latest sales, to tap one.
#[component]
fn Latest(basket: Register, sales: Vec<HistoryLine>) -> impl IntoView {
    let words = use_i18n();
    let clock = Clock::start();
    let zone = use_here().store().get_untracked().time_zone;
    let sales: Vec<_> = sales.into_iter().filter(|sale| sale.reversed_by.is_none()).collect();
    if sales.is_empty() {
        return ().into_any();
    }
    let row = move |sale: HistoryLine| {
        let (id, zone) = (sale.posting, zone.clone());
        let total = money(words.get_locale_untracked(), &sale.currency, sale.total);
        let told = sale.clone();
        view! {
            <li class="sale-row">
                <button type="button" class="result" on:click=move |_| basket.sale.set(Some(id))>
                    <span class="result-name">{move || things(words, &told)}<small>{sale.actor.clone()}</small></span>
                    <span class="result-facts"><b>{total}</b></span>
                    <Svg icon=Icon::Chevron />
                </button>
                <Ago at=sale.occurred_at zone clock />
            </li>
        }
    };
    view! {
        <section class="sale-finder" aria-label=move || t_string!(words, day.back.latest)>
            <h2>{t!(words, day.back.latest)}</h2>
            <p class="quiet">{t!(words, day.back.find)}</p>
            <ul class="results">{sales.into_iter().map(row).collect_view()}</ul>
        </section>
    }
}

/// The lines of the sale, each to be taken back.
#[component]
fn Sold(basket: Register, sale: HistoryLine) -> impl IntoView {
    let words = use_i18n();
    let clock = Clock::start();
    let zone = use_here().store().get_untracked().time_zone;
    let number = sale.number.clone().unwrap_or_else(|| sale.posting.to_string());
    let (all, all_number) = (sale.lines.clone(), number.clone());
    let row = |line: ReceiptLine| {
        let (many, number) = (quantity(words.get_locale_untracked(), line.quantity), number.clone());
        let name = line.name.clone();
        let sold = line.clone();
        view! {
            <li>
                <button type="button" class="result" on:click=move |_| basket.take_back(sold.clone(), number.clone())>
                    <span class="result-name">{line.name.clone()}<small>{line.sku.clone()}</small></span>
                    <span class="result-facts"><b>{many}</b></span>
                    <span class="unseen">{t!(words, day.back.take, name = name)}</span>
                    <Svg icon=Icon::Plus />
                </button>
            </li>
        }
    };
    let rows = sale.lines.iter().filter(|line| line.quantity > Quantity::ZERO).cloned().map(row).collect_view();
    view! {
        <section class="sale-finder" aria-label=move || t_string!(words, day.back.sold)>
            <h2>{t!(words, day.back.sold)}</h2>
            <div class="sale-who">{sale.actor.clone()}<Ago at=sale.occurred_at zone clock /></div>
            <ul class="results">{rows}</ul>
            <button type="button" class="button" on:click=move |_| all.iter().for_each(|line| basket.take_back(line.clone(), all_number.clone()))>
                <Svg icon=Icon::Back />{t!(words, day.back.take_all)}
            </button>
        </section>
    }
}
