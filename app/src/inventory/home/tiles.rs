//! The tiles: what one can do here, and what waits, counted live.

use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
    in_turn::in_turn,
    inventory::{api::waiting, outbox::use_outbox},
    live::follow,
    parts::{Icon, Svg, counted, money},
    report::{midnight, today},
};
use model::{Action, Money, Since, Store, Waiting};

/// What waits, as it changes.
#[component]
pub fn Tiles(
    store: String,
    first: Since<Waiting>,
    /// The day, and what was sold on it, for those who see figures.
    sold: Option<Since<(String, Money)>>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let counts = RwSignal::new(first.data);
    let topics = vec![format!("work:{store}"), format!("papers:{store}")];
    let store = StoredValue::new(store);
    follow(topics, first.as_of, move || waiting(store.get_value()), move |now| counts.set(now));
    let number = move |pick: fn(&Waiting) -> i64| move || counted(words.get_locale(), counts.with(pick));
    let link = move |path: &'static str| Signal::derive(move || here.link(path));
    let short = Signal::derive(move || format!("/stock?store={}&short=1", here.store().get().code));
    let approvals = Signal::derive(move || format!("/purchases?store={}&state=submitted", here.store().get().code));
    let sell = move || here.may(Action::Sell);
    let receive = move || here.may(Action::Receive);
    let back = move || here.may(Action::TakeBack);
    let outbox = use_outbox();
    let (unsent, refused) = (outbox.waiting(), outbox.refused());
    let left = move || unsent.get() + refused.get();
    let left_shown = move || counted(words.get_locale(), i64::try_from(left()).unwrap_or(i64::MAX));
    in_turn(move || {
        view! {
            <div class="home-tiles">
                <Show when=sell><Tile icon=Icon::Till href=link("/till") name=move || t!(words, day.home.sell) text=move || t!(words, day.home.sell_text) /></Show>
                <Show when=receive><Tile icon=Icon::Receive href=link("/receive") name=move || t!(words, day.home.receive) text=move || t!(words, day.home.receive_text) /></Show>
                <Show when=back><Tile icon=Icon::Return href=link("/return") name=move || t!(words, day.home.back) text=move || t!(words, day.home.back_text) /></Show>
                <Show when=move || { left() > 0 }>
                    <Counter icon=Icon::Clock href=link("/waiting") number=left_shown waits=|| true name=move || t!(words, waiting.title) />
                </Show>
                <Counter icon=Icon::Warning href=link("/exceptions") number=number(|counts| counts.exceptions) waits=move || { counts.with(|counts| counts.exceptions > 0) }
                    name=move || t!(words, day.home.exceptions) />
                <Show when=move || counts.with(|counts| counts.approvals > 0)>
                    <Counter icon=Icon::Flag href=approvals number=number(|counts| counts.approvals) waits=|| true name=move || t!(words, purchases.tile_approvals) />
                </Show>
                <Show when=move || counts.with(|counts| counts.corrections > 0)>
                    <Counter icon=Icon::Eye href=link("/corrections") number=number(|counts| counts.corrections) waits=|| true name=move || t!(words, corrections.tile) />
                </Show>
                <Show when=move || counts.with(|counts| counts.reviews > 0)>
                    <Counter icon=Icon::Eye href=link("/counts") number=number(|counts| counts.reviews) waits=|| true name=move || t!(words, counting.tile_review) />
                </Show>
                <Show when=move || counts.with(|counts| counts.counts > 0)>
                    <Counter icon=Icon::List href=link("/counts") number=number(|counts| counts.counts) waits=|| true name=move || t!(words, counting.tile) />
                </Show>
                <Show when=move || counts.with(|counts| counts.deliveries > 0)>
                    <Counter icon=Icon::Receive href=link("/purchases") number=number(|counts| counts.deliveries) waits=|| false name=move || t!(words, purchases.tile_deliveries) />
                </Show>
                <Counter icon=Icon::Search href=short number=number(|counts| counts.short) waits=|| false name=move || t!(words, day.home.short) />
                {sold.map(|sold| view! { <Today store=store.get_value() sold /> })}
            </div>
        }
    })
}

/// Something that one can do.
#[component]
fn Tile(
    icon: Icon,
    #[prop(into)] href: Signal<String>,
    #[prop(into)] name: ViewFn,
    #[prop(into)] text: ViewFn,
) -> impl IntoView {
    view! {
        <a href=href class="home-tile">
            <Svg icon />
            <b>{name.run()}</b>
            <span>{text.run()}</span>
        </a>
    }
}

/// How many wait, and the way to them.
#[component]
fn Counter(
    icon: Icon,
    #[prop(into)] href: Signal<String>,
    number: impl Fn() -> String + Send + Sync + 'static,
    waits: impl Fn() -> bool + Send + Sync + 'static,
    #[prop(into)] name: ViewFn,
    /// Its number is an amount, with many figures.
    #[prop(optional)]
    amount: bool,
) -> impl IntoView {
    let class = if amount { "number home-amount" } else { "number" };
    view! {
        <a href=href class="home-tile home-count" data-waits=move || waits().then_some("true")>
            <Svg icon />
            <b>{name.run()}</b>
            <strong class=class>{number}</strong>
        </a>
    }
}

/// What was sold today, as it changes; after midnight that is another day.
#[component]
fn Today(store: String, sold: Since<(String, Money)>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (day, value) = (RwSignal::new(sold.data.0), RwSignal::new(sold.data.1));
    let Store { currency, time_zone, .. } = here.store().get_untracked();
    let topics = vec![format!("sales:{store}")];
    let store = StoredValue::new(store);
    let take = move |(today, now): (String, Money)| {
        day.set(today);
        value.set(now);
    };
    let following = follow(topics, sold.as_of, move || today(store.get_value()), take);
    midnight::watch(time_zone, day.into(), Callback::new(move |()| following.now()));
    let shown = move || money(words.get_locale(), &currency, value.get());
    let href = Signal::derive(move || here.link("/dashboard"));
    view! { <Counter icon=Icon::Chart href number=shown waits=|| false name=move || t!(words, day.home.today) amount=true /> }
}
