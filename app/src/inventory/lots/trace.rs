//! Where a lot is, the deliveries it came with, and to whom it went: each move with the way to its document.

use super::list::Board;
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::{delivery, escape, history, stock::item_link, told::kind_name},
    parts::{Moment, quantity},
};
use model::{DocumentKind, HistoryQuery, LotMove, LotPaper, LotTrace, PaperKind, PostingId};

/// The way to a document.
fn paper_link(paper: &LotPaper, store: &str) -> String {
    let page = match paper.kind {
        PaperKind::PurchaseOrder => "purchases",
        PaperKind::Order => "orders",
        PaperKind::Transfer => "transfers",
        PaperKind::Count => "counts",
        PaperKind::SupplierReturn => "supplier-returns",
        PaperKind::Adjustment => "corrections",
    };
    format!("/{page}/{}?store={}", paper.id, escape(store))
}

/// The way to what was posted: a delivery has a page, the rest is found in the history.
fn posting_link(moved: &LotMove) -> String {
    match moved.kind {
        DocumentKind::Receipt => delivery::link(moved.posting, &moved.store),
        _ => {
            let (store, text) = (moved.store.clone(), moved.posting.to_string());
            history::link(&HistoryQuery { store, text, ..HistoryQuery::default() })
        }
    }
}

/// Where it is, from where it came, to whom it went, and what else moved it.
#[component]
pub fn Trace(board: Board) -> impl IntoView {
    let words = use_i18n();
    let trace = move || board.trace.get();
    let places = move |trace: &LotTrace| {
        let row = |place: &model::LotPlace| {
            let (link, name) =
                (item_link(&trace.lot.sku, &place.store), format!("{} · {}", place.store_name, place.location_name));
            let (size, aside) = (place.on_hand, !place.condition.is_sellable());
            view! {
                <li><a href=link>{name}</a>": "{move || quantity(words.get_locale(), size)}
                    {aside.then(|| view! { " · "{t!(words, lots.ways.is_aside)} })}</li>
            }
        };
        trace.places.iter().map(row).collect_view()
    };
    view! {
        <div class="lot-trace" aria-live="polite">
            {move || trace().map(|trace| {
                let (came, rest): (Vec<_>, Vec<_>) =
                    trace.moves.iter().cloned().partition(|moved| moved.kind == DocumentKind::Receipt);
                let left = [DocumentKind::Sale, DocumentKind::Return, DocumentKind::SupplierReturn];
                let (went, moved): (Vec<_>, Vec<_>) = rest.into_iter().partition(|moved| left.contains(&moved.kind));
                let undone: Vec<PostingId> = trace.moves.iter().filter_map(|moved| moved.reverses).collect();
                let (none, more) = (trace.places.is_empty(), trace.more);
                let undone = StoredValue::new(undone);
                view! {
                    <h3>{t!(words, lots.place)}</h3>
                    {none.then(|| view! { <p>{t!(words, lots.none_left)}</p> })}
                    <ul>{places(&trace)}</ul>
                    <Moves title=Signal::derive(move || t_string!(words, lots.came).to_owned()) moves=came undone />
                    <Moves title=Signal::derive(move || t_string!(words, lots.reached).to_owned()) moves=went undone />
                    <Moves title=Signal::derive(move || t_string!(words, lots.went).to_owned()) moves=moved undone />
                    {more.then(|| view! { <p>{t!(words, lots.more)}</p> })}
                }
            })}
        </div>
    }
}

/// Some moves under one heading; nothing where there are none.
#[component]
fn Moves(title: Signal<String>, moves: Vec<LotMove>, undone: StoredValue<Vec<PostingId>>) -> impl IntoView {
    (!moves.is_empty()).then(|| {
        view! {
            <h3>{title}</h3>
            <ul>{moves.into_iter().map(|moved| view! { <Move moved undone /> }).collect_view()}</ul>
        }
    })
}

#[component]
fn Move(moved: LotMove, undone: StoredValue<Vec<PostingId>>) -> impl IntoView {
    let words = use_i18n();
    let link = posting_link(&moved);
    let paper = moved.paper.as_ref().map(|paper| (paper_link(paper, &moved.store), paper.number.clone()));
    // Its own number, where the document's does not say it already.
    let of_paper = moved.paper.as_ref().map(|paper| paper.number.clone());
    let number = moved.number.filter(|number| of_paper.as_ref() != Some(number)).map(|number| format!(" {number}"));
    let way = [moved.from_name, moved.to_name].into_iter().flatten().collect::<Vec<_>>().join(" → ");
    let who = [moved.party, moved.contact].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let (kind, size, gone) = (moved.kind, moved.quantity, undone.with_value(|undone| undone.contains(&moved.posting)));
    view! {
        <li>
            <a href=link>{move || kind_name(words, kind)}{number}</a>": "
            {move || quantity(words.get_locale(), size)}
            {(!who.is_empty()).then(|| view! { " · "<strong>{who}</strong> })}
            {paper.map(|(link, number)| view! { " · "<a href=link>{number}</a> })}
            " · "{moved.store_name}": "{way}" · "{moved.actor}" · "<Moment at=moved.occurred_at zone=moved.time_zone />
            {gone.then(|| view! { " "<span class="tag">{t!(words, lots.undone)}</span> })}
        </li>
    }
}
