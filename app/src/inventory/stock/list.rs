//! The list itself: its head, the rows in view, and the mark that their order has changed.

use super::{
    filter::{self, item_link},
    keys,
    loader::Loader,
    row::Row,
    shelf::CHUNK,
    whereabouts,
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    in_turn::in_turn,
    parts::{Icon, Notice, Rows, Svg, quantity},
    prefs::Words,
};
use leptos::html;
use model::{GridQuery, GridSort, Quantity, Since, StockRow};

/// So many rows come to life with the page: what a phone shows. The others have their turn, or are out of view by then.
const FIRST_ALIVE: usize = 6;

/// A list that moves: `first` are its rows from `from` on.
#[component]
pub fn List(
    /// What it lists.
    query: GridQuery,
    /// Where `first` starts.
    from: usize,
    /// What was loaded with the page.
    first: Since<Vec<StockRow>>,
    /// The store's currency.
    currency: String,
) -> impl IntoView {
    let words = use_i18n();
    let reach = query.reach().and_then(|most| usize::try_from(most).ok());
    let loader = Loader::new(query.clone(), from, first);
    let grid = NodeRef::<html::Div>::new();
    let active = RwSignal::new(from);
    // Before the page is alive every row is a tab stop of its own; afterwards the arrow keys move between them.
    let alive = RwSignal::new(false);
    let stop = Memo::new(move |_| {
        let (window, active) = (loader.window.get(), active.get());
        alive.get().then(|| if (window.first..window.end).contains(&active) { active } else { window.first })
    });
    Effect::new(move |_| alive.set(true));
    let wanted = StoredValue::new(None);
    keys::keep_focus(grid, loader, wanted);
    whereabouts::go_back(loader);
    let draw = move |number: usize| {
        let currency = currency.clone();
        let row = move || {
            let href = |row: &StockRow| item_link(&row.sku, &row.store);
            view! { <Row number row=loader.row(number) stop currency href /> }.into_any()
        };
        if number < from + FIRST_ALIVE { row() } else { in_turn(row) }
    };
    view! {
        <p class="stock-count" role="status">
            {t!(words, stock.rows, count = move || loader.total.get() as u64, shown = move || counted(words, loader.total.get()))}
            <Show when=move || reach.is_some_and(|most| loader.total.get() >= most)>
                <small>{t!(words, stock.reach, most = move || counted(words, reach.unwrap_or_default()))}</small>
            </Show>
        </p>
        <div class="stock-body">
        <Refresh loader />
        <div
            class="stock-grid"
            role="grid"
                tabindex="-1"
            node_ref=grid
            aria-label=move || t_string!(words, stock.table)
            aria-rowcount=move || loader.total.get() + 1
            on:keydown=move |event| keys::pressed(&event, grid, loader, active, wanted)
            on:focusin=move |event| keys::focused(&event, active)
        >
            <Head query=query.clone() />
            <Rows total=loader.total window=loader.window row=draw />
        </div>
        </div>
        <Notice failure=loader.failure />
        <Pages query from total=loader.total hidden=alive />
    }
}

fn counted(words: Words, count: usize) -> String {
    quantity(words.get_locale(), Quantity::whole(i64::try_from(count).unwrap_or_default()))
}

/// The columns. Three of them sort: each is a link, so that an order can be shared and works without scripts.
#[component]
fn Head(query: GridQuery) -> impl IntoView {
    let words = use_i18n();
    let column = move |sort: GridSort, class: &'static str, name: fn(Words) -> &'static str| {
        let sorted = query.sort == sort;
        let order = match (sorted, query.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        };
        let icon = if query.descending { Icon::Down } else { Icon::Up };
        let href = filter::link(&filter::sorted(&query, sort));
        view! {
            <div role="columnheader" class=class aria-sort=order>
                <a href=href data-noscroll="" title=move || t_string!(words, stock.sort_by, column = name(words)).to_string()>
                    {move || name(words)} {sorted.then(|| view! { <Svg icon /> })}
                </a>
            </div>
        }
    };
    view! {
        <div class="stock-head" role="rowgroup">
            <div class="stock-row" role="row" aria-rowindex="1">
                {column(GridSort::Name, "stock-name", |words| t_string!(words, stock.item))}
                {column(GridSort::Sku, "stock-sku", |words| t_string!(words, stock.sku))}
                {column(GridSort::OnHand, "stock-hand", |words| t_string!(words, stock.on_hand))}
                <div role="columnheader" class="stock-more">{t!(words, stock.reserved)}</div>
                <div role="columnheader" class="stock-more">{t!(words, stock.available)}</div>
                <div role="columnheader" class="stock-more">{t!(words, item.incoming)}</div>
                <div role="columnheader" class="stock-more">{t!(words, item.projected)}</div>
                <div role="columnheader" class="stock-price">{t!(words, stock.price)}</div>
            </div>
        </div>
    }
}

/// Rows stay where they are; this says how many of them would move, and moves them when asked.
#[component]
fn Refresh(loader: Loader) -> impl IntoView {
    let words = use_i18n();
    let text = move || {
        let count = loader.misplaced.get();
        t!(words, stock.moved, count = move || count as u64, shown = move || counted(words, count))
    };
    view! {
        <div class="stock-refresh" role="status">
            <Show when=move || { loader.misplaced.get() > 0 }>
                <button type="button" class="chip stock-refresh-chip" on:click=move |_| loader.renew()>
                    {move || text()}
                </button>
            </Show>
        </div>
    }
}

/// On a page without scripts: on to the next rows, and back.
#[component]
fn Pages(
    query: GridQuery,
    from: usize,
    total: RwSignal<usize>,
    /// Once the page scrolls by itself.
    hidden: RwSignal<bool>,
) -> impl IntoView {
    let words = use_i18n();
    let link = filter::link(&query);
    let next = format!("{link}&from={}", from + CHUNK);
    let more = from + CHUNK < total.get_untracked();
    view! {
        <nav class="stock-pages" hidden=move || hidden.get()>
            {(from > 0).then(|| view! { <a class="button" href=link>{t!(words, stock.first_rows)}</a> })}
            {more.then(|| view! { <a class="button" href=next>{t!(words, stock.next_rows)}</a> })}
        </nav>
    }
}
