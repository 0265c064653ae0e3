//! What sales brought: what customers paid and what the goods cost, in all and item by item, for the days in the address.

use super::{api::find_margins, day};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{item_link, lit},
    live::follow,
    parts::{Empty, Icon, Notice, Shape, Skeleton, Svg, money, quantity},
};
use crate::{json::brought, prelude::*};
use leptos::either::EitherOf3;
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
};
use model::{Error, Margin, MarginRow, Margins, Money, Period, Quantity, Since};

/// The days that the address names, both or one or none.
type Asked = (Option<String>, Option<String>);

/// The page: `/margins?store=LON&from=2026-11-01&to=2026-11-30`; the month so far when no day is named.
#[component]
pub fn MarginsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    let asked = Memo::new(move |shown: Option<&Asked>| match shown {
        // While another page is on its way in, its address says nothing about this one.
        Some(shown) if path.get() != "/margins" => shown.clone(),
        _ => {
            let named = |name| params.read().get(name).filter(|day| !day.is_empty());
            (named("from"), named("to"))
        }
    });
    let found = brought(
        move || (here.store().get().code, asked.get()),
        |(store, asked)| async move {
            let (days, margins) = find_margins(store, asked.0.clone(), asked.1.clone()).await?;
            Ok::<_, Failure>((asked, days, margins))
        },
    );
    view! {
        <Title text=move || t_string!(words, costing.margin.title) />
        <A href=move || here.link("/dashboard") attr:class="back"><Svg icon=Icon::Back />{t!(words, frame.to.dashboard)}</A>
        <header class="page-head">
            <h1>{t!(words, costing.margin.title)}</h1>
            <p>{t!(words, costing.margin.lead, store = move || here.store().get().name)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton shape=Shape::Board /> }>
            {drawn(move || async move {
                match found.await {
                    Ok((asked, days, margins)) => EitherOf3::A(view! { <Days days=(days.from.clone(), days.to.clone()) /> <Board asked days margins /> }),
                    Err(Failure::Said(Error::Invalid(_))) => {
                        let (from, to) = asked.get_untracked();
                        EitherOf3::B(view! {
                            <Days days=(from.unwrap_or_default(), to.unwrap_or_default()) />
                            <p class="notice" data-kind="bad" role="alert"><Svg icon=Icon::Warning /><span>{t!(words, costing.margin.bad_days)}</span></p>
                        })
                    }
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// The days to look at; works before the page is alive.
#[component]
fn Days(days: (String, String)) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    // A browser warns of what its field could not have written.
    let named = |text: String| Some(text).filter(|text| day::shifted(text, 0).as_ref() == Some(text));
    view! {
        <form class="worth-when" method="get" action="/margins">
            <input type="hidden" name="store" value=move || here.store().get().code />
            <div class="field"><label for="margins-from">{t!(words, costing.margin.from)}</label>
                <input id="margins-from" type="date" name="from" value=named(days.0) /></div>
            <div class="field"><label for="margins-to">{t!(words, costing.margin.to)}</label>
                <input id="margins-to" type="date" name="to" value=named(days.1) /></div>
            <button type="submit" class="button">{t!(words, costing.margin.show)}</button>
        </form>
    }
}

/// The sums and the items; both follow what happens.
#[component]
fn Board(asked: Asked, days: Period, margins: Margins) -> impl IntoView {
    let words = use_i18n();
    let (store, currency) = (StoredValue::new(margins.store.clone()), StoredValue::new(margins.currency.clone()));
    let (as_of, changes) = (margins.as_of, RwSignal::new(0));
    // The days stay those that the form shows, though midnight passes.
    let days = StoredValue::new((asked.0.unwrap_or(days.from), asked.1.unwrap_or(days.to)));
    let now = RwSignal::new(margins);
    let topics = ["stock", "sales", "work"].map(|topic| format!("{topic}:{}", store.get_value())).to_vec();
    let read = move || async move {
        let (from, to) = days.get_value();
        let (_, data) = find_margins(store.get_value(), Some(from), Some(to)).await?;
        Ok(Since { as_of: data.as_of, total: 0, data })
    };
    follow(topics, as_of, read, move |new: Margins| {
        if now.with_untracked(|now| now.total != new.total) {
            changes.update(|changes| *changes += 1);
        }
        now.set(new);
    });
    let amount = move |value: Money| currency.with_value(|currency| money(words.get_locale(), currency, value));
    let total = move |of: fn(&Margin) -> Money| move || amount(now.with(|now| of(&now.total)));
    let residue = move || now.with(|now| now.total.residue);
    let light = move || lit(changes.get());
    view! {
        <div class="tiles worth-tiles">
            <div class="tile tile-first">
                <span class="tile-name">{t!(words, costing.margin.margin)}</span>
                <span class="tile-number"><span class=move || light()>{total(|total| total.margin)}</span></span>
                <span class="tile-text">{t!(words, costing.margin.margin_text)}</span>
            </div>
            <div class="tile">
                <span class="tile-name">{t!(words, costing.margin.revenue)}</span>
                <span class="tile-number">{total(|total| total.revenue)}</span>
                <span class="tile-text">{t!(words, costing.margin.revenue_text)}</span>
            </div>
            <div class="tile">
                <span class="tile-name">{t!(words, costing.margin.cost)}</span>
                <span class="tile-number">{total(|total| total.cost)}</span>
                <span class="tile-text">{t!(words, costing.margin.cost_text)}</span>
            </div>
            <div class="tile">
                <span class="tile-name">{t!(words, costing.margin.later)}</span>
                <span class="tile-number">{total(|total| total.revaluation)}</span>
                <span class="tile-text">{t!(words, costing.margin.later_text)}</span>
            </div>
            <div class="tile">
                <span class="tile-name">{t!(words, costing.margin.shrinkage)}</span>
                <span class="tile-number">{total(|total| total.shrinkage)}</span>
                <span class="tile-text">{t!(words, costing.margin.shrinkage_text)}</span>
            </div>
        </div>
        {move || (residue() != Money::ZERO).then(|| view! {
            <p class="card-text">{move || t_string!(words, costing.margin.residue, amount = amount(residue())).to_string()}</p>
        })}
        <Show when=move || now.with(|now| !now.data.is_empty()) fallback=move || view! { <Nothing /> }>
            <h2 class="worth-list">{t!(words, costing.margin.list)}</h2>
            <p class="history-text">{t!(words, costing.margin.kits)}</p>
            <ul class="purchases">
                <For each=move || now.with(|now| now.data.clone()) key=|row| (row.sku.clone(), row.quantity, parts(&row.margin)) let:row>
                    <Row row currency=currency.get_value() store=store.get_value() />
                </For>
            </ul>
            <p class="history-end">{move || {
                let shown = now.with(|now| i64::try_from(now.data.len()).unwrap_or(i64::MAX));
                let shown_text = || quantity(words.get_locale(), Quantity::whole(shown));
                (shown >= ROWS_MAX).then(|| t_string!(words, costing.margin.shown, shown = shown_text()).to_string())
            }}</p>
        </Show>
    }
}

/// As many items as are listed at most.
const ROWS_MAX: i64 = 200;

/// What tells one state of a row from another.
fn parts(margin: &Margin) -> [Money; 5] {
    [margin.revenue, margin.cost, margin.revaluation, margin.residue, margin.shrinkage]
}

#[component]
fn Row(row: MarginRow, currency: String, store: String) -> impl IntoView {
    let words = use_i18n();
    let MarginRow { sku, name, quantity: many, margin } = row;
    let currency = StoredValue::new(currency);
    let amount = move |value: Money| currency.with_value(|currency| money(words.get_locale(), currency, value));
    let sold = move || t_string!(words, costing.margin.sold, quantity = quantity(words.get_locale(), many)).to_string();
    let figure = move |name: fn(crate::prefs::Words) -> &'static str, value: Money, always: bool| {
        (always || value != Money::ZERO).then(|| {
            view! { <div><dt>{move || name(words)}</dt><dd>{move || amount(value)}</dd></div> }
        })
    };
    view! {
        <li class="margin-row">
            <div class="margin-head">
                <span class="purchase-name"><A href=item_link(&sku, &store)><b>{name}</b></A><small>{sku}" · "{sold}</small></span>
                <span class="purchase-facts"><small>{t!(words, costing.margin.margin)}</small><b>{move || amount(margin.margin)}</b></span>
            </div>
            <dl class="margin-parts">
                {figure(|words| t_string!(words, costing.margin.revenue), margin.revenue, true)}
                {figure(|words| t_string!(words, costing.margin.cost), margin.cost, true)}
                {figure(|words| t_string!(words, costing.margin.later), margin.revaluation, false)}
                {figure(|words| t_string!(words, costing.margin.shrinkage), margin.shrinkage, false)}
                {figure(|words| t_string!(words, costing.margin.rounding), margin.residue, false)}
            </dl>
        </li>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Empty icon=Icon::Chart title=move || t!(words, costing.margin.none_title) text=move || t!(words, costing.margin.none_text)>
            <A href=move || here.link("/till") attr:class="button primary">{t!(words, costing.margin.till)}</A>
        </Empty>
    }
}
