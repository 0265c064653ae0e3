//! What the stock is worth, now or at any second of the store's clock: the sum, and the items that it is made of.

use super::{api::stock_worth, layers};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::lit,
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
use model::{Error, Money, Quantity, Since, Worth, WorthRow};

/// The page: `/worth?store=LON`, and `&at=2026-11-30T14:05:10` for what was known then.
#[component]
pub fn WorthPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    let asked = Memo::new(move |shown: Option<&String>| match shown {
        // While another page is on its way in, its address says nothing about this one.
        Some(shown) if path.get() != "/worth" => shown.clone(),
        _ => params.read().get("at").unwrap_or_default(),
    });
    let found = brought(
        move || (here.store().get().code, asked.get()),
        |(store, at)| async move {
            let moment = Some(at.clone()).filter(|at| !at.is_empty());
            stock_worth(store, moment).await.map(|worth| (!at.is_empty(), worth))
        },
    );
    view! {
        <Title text=move || t_string!(words, costing.title) />
        <A href=move || here.link("/dashboard") attr:class="back"><Svg icon=Icon::Back />{t!(words, frame.to.dashboard)}</A>
        <header class="page-head">
            <h1>{t!(words, costing.title)}</h1>
            <p>{t!(words, costing.lead, store = move || here.store().get().name)}</p>
        </header>
        <When asked />
        <Transition fallback=|| view! { <Skeleton shape=Shape::Board /> }>
            {drawn(move || async move {
                match found.await {
                    Ok((past, worth)) => EitherOf3::A(view! { <Board past worth /> }),
                    Err(Failure::Said(Error::Invalid(_))) => EitherOf3::B(view! {
                        <p class="notice" data-kind="bad" role="alert"><Svg icon=Icon::Warning /><span>{t!(words, costing.bad_at)}</span></p>
                    }),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// `2026-11-30T14:05`, or with seconds, as the field writes it: a browser warns of anything else.
fn is_moment(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    };
    matches!(text.len(), 16 | 19) && text.bytes().enumerate().all(fits)
}

/// The moment to look at; works before the page is alive.
#[component]
fn When(asked: Memo<String>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let store = move || here.store().get().code;
    view! {
        <form class="worth-when" method="get" action="/worth">
            <input type="hidden" name="store" value=store />
            <div class="field">
                <label for="worth-at">{t!(words, costing.at)}</label>
                <input id="worth-at" type="datetime-local" step="1" name="at" value=move || Some(asked.get()).filter(|at| is_moment(at)) aria-describedby="worth-at-hint" />
            </div>
            <button type="submit" class="button">{t!(words, costing.show)}</button>
            <Show when=move || !asked.read().is_empty()>
                <a data-noscroll="" class="button" href=move || format!("/worth?store={}", store())>{t!(words, costing.now)}</a>
            </Show>
            <p id="worth-at-hint" class="hint">{t!(words, costing.at_hint, store = move || here.store().get().name)}</p>
        </form>
    }
}

/// The figures and the items; those of now follow what happens.
#[component]
fn Board(past: bool, worth: Worth) -> impl IntoView {
    let words = use_i18n();
    let (store, currency) = (StoredValue::new(worth.store.clone()), StoredValue::new(worth.currency.clone()));
    let (as_of, changes) = (worth.as_of, RwSignal::new(0));
    let now = RwSignal::new(worth);
    if !past {
        let topics = ["stock", "sales", "work"].map(|topic| format!("{topic}:{}", store.get_value())).to_vec();
        let read = move || async move {
            let data = stock_worth(store.get_value(), None).await?;
            Ok(Since { as_of: data.as_of, total: data.items, data })
        };
        follow(topics, as_of, read, move |new: Worth| {
            if now.with_untracked(|now| now.value != new.value) {
                changes.update(|changes| *changes += 1);
            }
            now.set(new);
        });
    }
    let amount = move |value: Money| currency.with_value(|currency| money(words.get_locale(), currency, value));
    let light = move || lit(changes.get());
    let count = move |number: i64| quantity(words.get_locale(), Quantity::whole(number));
    let owed = move || now.with(|now| now.owed);
    let owed_text = move || {
        if owed() == Money::ZERO { t_string!(words, costing.owed_none) } else { t_string!(words, costing.owed_text) }
    };
    let guessed = move || now.with(|now| now.guessed);
    view! {
        <p class="card-text worth-moment">
            {move || if past { t_string!(words, costing.then) } else { t_string!(words, costing.live) }}
        </p>
        <div class="tiles worth-tiles">
            <div class="tile tile-first">
                <span class="tile-name">{t!(words, costing.total)}</span>
                <span class="tile-number"><span class=move || light()>{move || amount(now.with(|now| now.value))}</span></span>
                <span class="tile-text">{t!(words, costing.items, count = move || now.with(|now| now.items.unsigned_abs()))}</span>
            </div>
            <div class="tile" class:tile-warn=move || { owed() != Money::ZERO }>
                <span class="tile-name">{t!(words, costing.owed)}</span>
                <span class="tile-number">{move || amount(owed())}</span>
                <span class="tile-text">{owed_text}</span>
            </div>
            // How much of it is guessed is known of now only.
            {(!past).then(|| view! {
                <div class="tile">
                    <span class="tile-name">{t!(words, costing.guessed)}</span>
                    <span class="tile-number">{move || count(guessed())}</span>
                    <span class="tile-text">{t!(words, costing.guessed_text, count = move || guessed().unsigned_abs())}</span>
                </div>
            })}
        </div>
        <Show when=move || now.with(|now| !now.data.is_empty()) fallback=move || view! { <Nothing past /> }>
            <h2 class="worth-list">{t!(words, costing.list)}</h2>
            <ul class="purchases">
                <For each=move || now.with(|now| now.data.clone()) key=|row| (row.sku.clone(), row.quantity, row.value) let:row>
                    <Row row past currency=currency.get_value() store=store.get_value() />
                </For>
            </ul>
            <p class="history-end">{move || {
                let (shown, total) = now.with(|now| (i64::try_from(now.data.len()).unwrap_or(i64::MAX), now.items));
                (shown < total).then(|| t_string!(words, costing.shown, shown = count(shown), total = count(total)).to_string())
            }}</p>
        </Show>
    }
}

#[component]
fn Row(row: WorthRow, past: bool, currency: String, store: String) -> impl IntoView {
    let words = use_i18n();
    let WorthRow { sku, name, quantity: size, value } = row;
    let many = move || {
        let number = quantity(words.get_locale(), size.abs());
        match (size.is_negative(), past) {
            (true, _) => t_string!(words, costing.short, quantity = number).to_string(),
            (false, false) => t_string!(words, costing.here, quantity = number).to_string(),
            (false, true) => t_string!(words, costing.here_then, quantity = number).to_string(),
        }
    };
    view! {
        <li>
            <A href=layers::link(&sku, &store) attr:class="purchase-row">
                <span class="purchase-name"><b>{name}</b><small>{sku}</small></span>
                <span class="purchase-facts">
                    <b>{move || money(words.get_locale(), &currency, value)}</b>
                    <small>{many}</small>
                </span>
                <Svg icon=Icon::Chevron />
            </A>
        </li>
    }
}

#[component]
fn Nothing(past: bool) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let text = move || if past { t_string!(words, costing.none_then) } else { t_string!(words, costing.none_text) };
    view! {
        <Empty icon=Icon::Box title=move || t!(words, costing.none_title) text>
            {(!past).then(|| view! { <A href=move || here.link("/receive") attr:class="button primary">{t!(words, costing.receive)}</A> })}
        </Empty>
    }
}

#[cfg(test)]
mod tests {
    use super::is_moment;

    #[test]
    fn a_field_is_given_what_it_could_have_written_and_nothing_else() {
        assert!(is_moment("2026-11-30T14:05") && is_moment("2026-11-30T14:05:10"));
        for text in ["", "soon", "2026-11-30", "2026-11-30 14:05", "2026-11-30T14:05Z1"] {
            assert!(!is_moment(text), "{text}");
        }
    }
}
