//! One order: what is wanted, what is promised of it, and the next step.

use super::{
    api::{cancel_order, close_order, confirm_order, show_order},
    board::{Board, Others},
    draft::Draft,
    parts::Parts,
    terms::{Kept, Lapsed},
    words::{count, is_open, promise, state, sum, through},
    worth::Worth,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::item_link,
    parts::{Empty, Icon, Notice, Saying, Skeleton, Svg, quantity, use_day},
};
use crate::{json::brought, prelude::*};
use leptos::either::EitherOf3;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Action, Cancelling, Error, Order, OrderLine, PaperId, Quantity, Since};

/// The order's page: `/orders/ID`.
#[component]
pub fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let found = brought(move || id.get(), read);
    view! {
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok(first) => EitherOf3::A(view! { <Whole first /> }),
                    Err(Failure::Said(Error::NotFound)) => EitherOf3::B(view! { <Missing /> }),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// Reads the order of an address; what is no id is the id of nothing.
pub async fn read(id: String) -> Result<Since<Order>, Failure> {
    match id.parse::<PaperId>() {
        Ok(id) => show_order(id).await,
        Err(_) => Err(Failure::Said(Error::NotFound)),
    }
}

/// There is no such order, or it is not theirs to see.
#[component]
pub fn Missing() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    let words = use_i18n();
    let here = use_here();
    view! {
        <Title text=move || t_string!(words, orders.order) />
        <h1 class="unseen">{t!(words, orders.order)}</h1>
        <Empty icon=Icon::List title=move || t!(words, orders.missing_title) text=move || t!(words, orders.missing_text)>
            <A href=move || here.link("/orders") attr:class="button primary">{t!(words, orders.back)}</A>
        </Empty>
    }
}

#[component]
fn Whole(first: Since<Order>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let board = Board::new(first);
    let number = move || board.order.read().number.clone();
    let is_draft = move || board.order.read().state == "draft";
    let may = move || here.may(Action::Promise);
    let asked = RwSignal::new(None);
    // Somebody else may have ended it meanwhile.
    let sure = Memo::new(move |_| asked.get().filter(|_| is_draft() || board.order.with(is_open)));
    view! {
        <Title text=move || board.order.try_with(|order| order.number.clone()).unwrap_or_default() />
        <A href=move || here.link("/orders") attr:class="back"><Svg icon=Icon::Back />{t!(words, orders.back)}</A>
        <header class="page-head item-head">
            <h1>{t!(words, orders.order)}" "{move || number()}</h1>
            <p><span class="tag">{move || state(words, &board.order.read().state)}</span></p>
        </header>
        <Others id=board.id />
        <Lapsed board />
        <Saying said=board.said />
        <Notice failure=board.failure />
        <Show when=move || is_draft() && may() fallback=move || view! { <Promised board asked /> }>
            <Draft board />
        </Show>
        <Show when=may>
            {move || match sure.get() {
                None => view! { <Steps board asked /> },
                Some(what) => view! { <Sure board asked what /> },
            }}
        </Show>
    }
}

/// What is asked before it is cancelled: its goods go to the next in line at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// All that is open, really?
    Order,
    /// What is open of that line, really?
    Line(i64),
}

/// Who it is for, and its lines with what became of each.
#[component]
fn Promised(board: Board, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let words = use_i18n();
    let customer = move || board.order.read().customer.clone();
    let contact = move || board.order.read().contact.clone();
    let note = move || board.order.read().note.clone();
    let due_on = Memo::new(move |_| board.order.with(|order| order.due_on.clone()));
    let due_day = Memo::new(move |_| due_on.get().map(use_day));
    let due = move || due_day.get().map(|day| day.get());
    let came = move || through(words, board.order.read().channel).to_owned();
    let fact = move |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    view! {
        <dl class="card facts">
            {move || fact(t_string!(words, orders.customer), customer())}
            {move || fact(t_string!(words, orders.contact), contact())}
            {move || fact(t_string!(words, orders.due_on), due())}
            {move || fact(t_string!(words, orders.note), note())}
            {move || fact(t_string!(words, orders.through), Some(came()))}
            <Worth board />
        </dl>
        <Show when=move || board.order.with(is_open)><Kept board /></Show>
        <ul class="order-lines card" aria-label=move || t_string!(words, orders.lines)>
            {move || board.order.read().lines.iter().cloned().map(|line| view! { <Line board asked line /> }).collect_view()}
        </ul>
    }
}

#[component]
fn Line(board: Board, asked: RwSignal<Option<Asked>>, line: OrderLine) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let place = line.line;
    let open = line.reserved > Quantity::ZERO || line.backordered > Quantity::ZERO;
    let link = item_link(&line.sku, &here.store().get_untracked().code);
    let (wanted, name, sku, line_of) = (line.quantity, line.name.clone(), line.sku.clone(), line.sku.clone());
    let cancel = move |_| asked.set(Some(Asked::Line(place)));
    let waits = line.backordered > Quantity::ZERO;
    let label = StoredValue::new(name.clone());
    view! {
        <li class="order-line" data-line=line_of>
            <div class="order-line-name"><A href=link>{name}</A><small>{sku}</small></div>
            <strong>{move || quantity(words.get_locale(), wanted)}</strong>
            <Parts parts=line.parts.clone() count=line.quantity />
            <p class="order-line-promise" class:waits=waits>{move || promise(words, &line)}</p>
            <Show when=move || open && here.may(Action::Promise)>
                <button type="button" class="icon-button" disabled=board.busy on:click=cancel
                    aria-label=move || tu_string!(words, orders.cancel_line, name = label.get_value()).to_string()>
                    <Svg icon=Icon::Close />
                </button>
            </Show>
        </li>
    }
}

/// The one next step, and the ways out.
#[component]
fn Steps(board: Board, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let now = Memo::new(move |_| {
        board.order.with(|order| (order.state.clone(), is_open(order), count(sum(order, |line| line.reserved))))
    });
    let wanted = move || board.order.with(|order| count(sum(order, |line| line.quantity)));
    let confirm = move |_| {
        let seen = board.order.read_untracked().version;
        let done = t_string!(words, orders.did.promised).to_owned();
        board.send(confirm_order(board.id, seen), Some(done));
    };
    let cancel = move |_| asked.set(Some(Asked::Order));
    let close = move |_| board.send(close_order(board.id), None);
    let pick = move || here.link(&format!("/pick/{}", board.id));
    let next = move || match now.get() {
        (state, _, _) if state == "draft" => view! {
            <button type="button" class="button primary wide" disabled=move || { board.busy.get() || wanted() == 0 } on:click=confirm>
                <Svg icon=Icon::Check />{t!(words, orders.promise, count = wanted)}
            </button>
        },
        (_, true, to_pick) if to_pick > 0 => view! {
            <A href=pick attr:class="button primary wide"><Svg icon=Icon::Box />{t!(words, orders.pick, count = move || to_pick)}</A>
        },
        (_, true, _) => {
            view! { <p class="notice" data-kind="warn"><Svg icon=Icon::Clock /><span>{t!(words, orders.waits)}</span></p> }
        }
        (state, ..) if state == "fulfilled" => view! {
            <button type="button" class="button primary wide" disabled=board.busy on:click=close>
                <Svg icon=Icon::Check />{t!(words, orders.close)}
            </button>
        },
        _ => ().into_any(),
    };
    view! {
        <div class="order-steps">
            {move || next()}
            <Show when=move || { now.with(|(state, open, _)| *open || state == "draft") }>
                <button type="button" class="button quiet wide" disabled=board.busy on:click=cancel>{t!(words, orders.cancel)}</button>
            </Show>
        </div>
    }
}

/// Names what is lost, and asks.
#[component]
fn Sure(board: Board, asked: RwSignal<Option<Asked>>, what: Asked) -> impl IntoView {
    let words = use_i18n();
    let meant = move |line: &&OrderLine| what == Asked::Order || what == Asked::Line(line.line);
    let promised = move || board.order.with(is_open);
    let open = move || {
        board.order.with(|order| {
            let open = |line: &OrderLine| {
                if is_open(order) { [line.reserved, line.backordered] } else { [line.quantity, Quantity::ZERO] }
            };
            let sizes = order.lines.iter().filter(meant).flat_map(open);
            count(sizes.fold(Quantity::ZERO, |sum, more| sum.checked_add(more).unwrap_or(sum)))
        })
    };
    let name = move || {
        board.order.with(|order| match what {
            Asked::Order => order.number.clone(),
            Asked::Line(_) => order.lines.iter().find(meant).map(|line| line.name.clone()).unwrap_or_default(),
        })
    };
    let cancel = move |_| {
        asked.set(None);
        let (lines, done) = match what {
            Asked::Order => (Vec::new(), Some(t_string!(words, orders.did.cancelled).to_owned())),
            Asked::Line(line) => (vec![line], None),
        };
        board.send(cancel_order(board.id, Cancelling { lines }), done);
    };
    let lost = move || match promised() {
        true => t_string!(words, orders.cancel_sure, name = name(), count = open()).to_string(),
        false => t_string!(words, orders.cancel_draft, name = name(), count = open()).to_string(),
    };
    view! {
        <div class="notice notice-asks" data-kind="warn" role="alert">
            <p>{lost}</p>
            <button type="button" class="button wide" on:click=move |_| asked.set(None)>{t!(words, orders.keep)}</button>
            <button type="button" class="button wide" disabled=board.busy on:click=cancel>{t!(words, orders.cancel_line, name = name)}</button>
        </div>
    }
}
