//! The basket: scan, look, post; one thumb, a queue of people, no training. The till, the delivery and the return are
//! one basket, told apart by its [`Kind`].

mod arriving;
mod draft;
mod kind;
mod levels;
mod lines;
mod lot;
mod met;
mod panel;
mod register;
mod results;
mod sale;
mod scan;
mod send;
mod slip;

use super::{
    escape, keep,
    outbox::{Entry, Left},
};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
    lazy,
    parts::{Empty, Icon, Notice, Saying, ScanField},
};
use arriving::Arriving;
pub use draft::{Draft, Held, Line, LineKey};
pub use kind::Kind;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};
use lines::Lines;
use lot::LotFields;
use model::{Item, Store};
use panel::Panel;
use register::Register;
pub use results::{HeldCodes, Results};
use sale::SaleFinder;
pub use send::now;

/// Puts the lines of something that could not be booked into the basket of its kind, to be mended; not among others.
pub fn put_back(person: &str, entry: &Entry) -> bool {
    let key = entry.kind().key(person, entry.store());
    let mut draft: Draft = keep::load(&key).unwrap_or_default();
    if !draft.has_room_for(entry.id()) {
        return false;
    }
    draft.take_up(entry.draft());
    keep::save(&key, &draft)
}

/// Empties the basket in which it still lies, posted and not answered: who opens that page next would send it again.
pub fn let_go(person: &str, entry: &Entry) {
    let key = entry.kind().key(person, entry.store());
    if let Some(mut draft) = keep::load::<Draft>(&key).filter(|draft| draft.id == entry.id()) {
        draft.done();
        keep::save(&key, &draft);
    }
}

/// The till: what a customer takes.
#[component]
pub fn Till() -> impl IntoView {
    view! { <BasketPage kind=Kind::Sale lots=|basket, id| view! { <LotFields basket id /> }.into_any() /> }
}

/// What a supplier brings: `/receive`, with `?item=` for an item that was missed.
#[component]
pub fn Receive() -> impl IntoView {
    view! { <BasketPage kind=Kind::Receipt finder=|basket| view! { <Arriving basket /> }.into_any() lots=|basket, id| view! { <LotFields basket id /> }.into_any() /> }
}

/// What a customer brings back: `/return`, with `?sale=` for the sale that it was in.
#[component]
pub fn TakeBack() -> impl IntoView {
    view! { <BasketPage kind=Kind::Return finder=|basket| view! { <SaleFinder basket /> }.into_any() lots=|basket, id| view! { <LotFields basket id /> }.into_any() /> }
}

/// What finds the sale whose goods come back, or shows who else takes in a delivery. Their pages bring it along: to sell,
/// nobody has to fetch it.
type Finder = fn(Register) -> AnyView;

/// What asks of which lot a line is, or which pieces. At the till the label says a lot, and nobody is asked for one.
type Lots = fn(Register, LineKey) -> AnyView;

#[component]
fn BasketPage(
    kind: Kind,
    #[prop(optional)] finder: Option<Finder>,
    #[prop(optional)] lots: Option<Lots>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Title text=move || kind.title(words).to_owned() />
        {move || {
            let store = here.store().get();
            if here.may(kind.action()) {
                view! { <Counter kind store finder lots /> }
            } else {
                view! { <NotYours kind /> }
            }
        }}
    }
}

/// For those who may look, and no more.
#[component]
fn NotYours(kind: Kind) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <h1 class="unseen">{move || kind.title(words)}</h1>
        <Empty icon=kind.icon() title=move || move || kind.not_yours(words) text=move || t!(words, till.not_yours.text)>
            <A href=move || here.link("/stock") attr:class="button primary">{t!(words, till.not_yours.go)}</A>
        </Empty>
    }
}

#[component]
fn Counter(kind: Kind, store: Store, finder: Option<Finder>, lots: Option<Lots>) -> impl IntoView {
    let words = use_i18n();
    let currency = store.currency.clone();
    let basket = Register::open(kind, use_here(), store, words);
    let empty = Memo::new(move |_| basket.draft.with(|draft| draft.lines.is_empty()));
    let held = Memo::new(move |_| basket.draft.with(|draft| draft.held.clone()));
    let title = if kind == Kind::Sale { "unseen" } else { "till-title" };
    let missed = use_query_map().read_untracked().get("item");
    Effect::new(|| lazy::fetch_day());
    Effect::new(move || missed.iter().for_each(|code| basket.missed(code)));
    view! {
        <div class="till">
            <h1 class=title>{move || kind.title(words)}</h1>
            <section class="till-main" aria-label=move || kind.basket(words)>
                <ScanField
                    clear=basket.clear
                    said=basket.said
                    on_code=Callback::new(move |scanned| basket.scanned(scanned))
                    on_text=Callback::new(move |text| basket.typed(text))
                />
                <Saying said=basket.said />
                <Results found=basket.candidates currency on_choose=Callback::new(move |item: Item| basket.choose(&item)) />
                <Left />
                <Refused basket />
                <HeldCodes held again=Callback::new(move |code| basket.try_again(code)) drop=Callback::new(move |code: String| basket.drop_code(&code)) />
                {finder.map(|finder| finder(basket))}
                <Show when=move || !empty.get() fallback=move || view! {
                    <Empty icon=Icon::Barcode title=move || move || kind.empty(words).0 text=move || move || kind.empty(words).1 />
                }>
                    <Lines basket lots />
                </Show>
            </section>
            <Panel basket />
        </div>
    }
}

/// It got a no.
#[component]
fn Refused(basket: Register) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let signed_out =
        move || basket.failure.with(|failure| failure.as_ref().is_some_and(|failure| failure.is_signed_out()));
    let sign_in = move || format!("/sign-in?next={}", escape(&here.link(basket.kind.path())));
    view! {
        <Notice failure=basket.failure>
            <Show when=signed_out>
                <a class="button" href=move || sign_in() rel="external">{t!(words, till.sign_in)}</a>
            </Show>
        </Notice>
    }
}
