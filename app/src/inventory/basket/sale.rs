//! Finding the sale whose goods come back: by its slip, or among the latest; or going on without one.

use super::register::Register;
use crate::{
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{
        ago::{Ago, Clock},
        api::{Found, find, history, meaning, posting},
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
                let undone = posting(id).await.is_ok_and(|sale| sale.data.reversed_by.is_some());
                self.sale.set(Some(id));
                if undone {
                    self.say(Tone::Warn, tu_string!(self.words, day.back.undone).to_string());
                } else {
                    self.say(Tone::Good, tu_string!(self.words, day.back.sale_found).to_string());
                }
            }
            Ok(_) if scanned.typed => self.meant(store, scanned.code).await,
            Ok(meant) => {
                self.change(|draft| draft.hold(&scanned.code, true));
                self.say_unknown(&scanned.code, Some(meant));
            }
            Err(failure) => self.failure.set(Some(failure)),
        }
    }

    /// Takes back what a line of a sale says, for the price that was paid; never more than was sold.
    fn take_back(self, sold: ReceiptLine, sale: PostingId, number: String) {
        let (store, _) = self.place();
        spawn_local(async move {
            match find(store, sold.sku.clone()).await {
                Ok(Some(found)) => self.put_back_in(found, sold, sale, number),
                Ok(None) => self.unknown(&sold.sku).await,
                Err(failure) => self.failure.set(Some(failure)),
            }
            self.clear.notify();
        });
    }

    fn put_back_in(self, found: Found, sold: ReceiptLine, sale: PostingId, number: String) {
        let mut taken = false;
        self.change(|draft| {
            taken = draft.take_back(found.item, &sold);
            if taken {
                (draft.number, draft.sale) = (number, Some(sale));
            }
        });
        if !taken {
            self.say(Tone::Warn, tu_string!(self.words, day.back.other_price, name = sold.name).to_string());
        } else if found.archived {
            self.say_archived(&sold.name, sold.quantity);
        } else {
            self.say(Tone::Good, tu_string!(self.words, day.back.taken, name = sold.name).to_string());
        }
    }
}

/// What was sold, with the lines of one item at one price taken together: they come back as one.
fn together(lines: &[ReceiptLine]) -> Vec<ReceiptLine> {
    let mut sold: Vec<ReceiptLine> = Vec::new();
    for line in lines.iter().filter(|line| line.quantity > Quantity::ZERO) {
        let same = |other: &&mut ReceiptLine| other.sku == line.sku && other.unit_price == line.unit_price;
        match sold.iter_mut().find(same) {
            Some(there) => there.quantity = there.quantity.checked_add(line.quantity).unwrap_or(there.quantity),
            None => sold.push(line.clone()),
        }
    }
    sold
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

/// The sale, and what of it can come back: nothing when it was undone.
#[component]
fn Sold(basket: Register, sale: HistoryLine) -> impl IntoView {
    let words = use_i18n();
    let clock = Clock::start();
    let zone = use_here().store().get_untracked().time_zone;
    let (who, at, undone) = (sale.actor.clone(), sale.occurred_at, sale.reversed_by.is_some());
    let what = if undone {
        view! { <div class="notice" data-kind="warn"><Svg icon=Icon::Undo /><p>{t!(words, day.back.undone)}</p></div> }
    } else {
        view! { <SoldLines basket sale /> }
    };
    view! {
        <section class="sale-finder" aria-label=move || t_string!(words, day.back.sold)>
            <h2>{t!(words, day.back.sold)}</h2>
            <div class="sale-who">{who}<Ago at zone clock /></div>
            {what}
        </section>
    }
}

/// The lines of the sale, each to be taken back.
#[component]
fn SoldLines(basket: Register, sale: HistoryLine) -> impl IntoView {
    let words = use_i18n();
    let id = sale.posting;
    let number = sale.number.clone().unwrap_or_else(|| sale.posting.to_string());
    let (all, all_number) = (together(&sale.lines), number.clone());
    let row = |line: ReceiptLine| {
        let (many, number) = (quantity(words.get_locale_untracked(), line.quantity), number.clone());
        let name = line.name.clone();
        let sold = line.clone();
        view! {
            <li>
                <button type="button" class="result" on:click=move |_| basket.take_back(sold.clone(), id, number.clone())>
                    <span class="result-name">{line.name.clone()}<small>{line.sku.clone()}</small></span>
                    <span class="result-facts"><b>{many}</b></span>
                    <span class="unseen">{t!(words, day.back.take, name = name)}</span>
                    <Svg icon=Icon::Plus />
                </button>
            </li>
        }
    };
    let rows = all.iter().cloned().map(row).collect_view();
    view! {
        <ul class="results">{rows}</ul>
        <button type="button" class="button" on:click=move |_| all.iter().for_each(|line| basket.take_back(line.clone(), id, all_number.clone()))>
            <Svg icon=Icon::Back />{t!(words, day.back.take_all)}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_item_at_one_price_come_back_as_one_and_at_another_price_they_do_not() {
        let line = |sku: &str, quantity: i64, price: &str| ReceiptLine {
            sku: sku.into(),
            name: sku.into(),
            quantity: Quantity::whole(quantity),
            unit_price: price.parse().ok(),
            list: None,
            tax: None,
            on_hand: None,
            version: None,
        };
        let sold = [line("1", 2, "2.50"), line("2", 1, "2.50"), line("1", 3, "2.50"), line("1", 1, "2")];
        assert_eq!(together(&sold), [line("1", 5, "2.50"), line("2", 1, "2.50"), line("1", 1, "2")]);
    }
}
