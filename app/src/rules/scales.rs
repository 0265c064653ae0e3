//! What the labels of the house's own scales say, to be settled by those who manage all stores.

use super::api::{scale_labels, set_scale_labels};
use crate::{
    failure::Failure,
    i18n::{Locale, t, t_string, use_i18n},
    parts::{Icon, Notice, Skeleton, Svg},
    prefs::Words,
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev, task::spawn_local};
use model::barcode::{Measure, ScaleLabel};

/// How such labels may begin.
const PREFIXES: [u8; 11] = [2, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
/// What most scales print: five digits of the item, five of grams.
const USUAL: ScaleLabel = ScaleLabel {
    prefix: 20,
    item_digits: 5,
    value_digits: 5,
    decimals: 3,
    measure: Measure::Weight,
    value_check: false,
};

/// The card.
#[component]
pub fn Scales() -> impl IntoView {
    let first = brought(|| (), |()| scale_labels());
    view! {
        <Transition fallback=|| view! { <Skeleton rows=2 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok(labels) => Either::Left(view! { <Form labels /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// How such a label looks: `21 IIIII WWWWW C`.
fn pattern(words: Words, label: ScaleLabel) -> String {
    let times = |letter: &str, count: u8| letter.repeat(usize::from(count));
    let check = if label.value_check { " ✓ " } else { " " };
    let (item, value) = (t_string!(words, people.scales.item_letter), t_string!(words, people.scales.value_letter));
    let (whole, after) = (label.value_digits.saturating_sub(label.decimals), label.decimals.min(label.value_digits));
    let point = match words.get_locale() {
        _ if after == 0 => "",
        Locale::es => ",",
        Locale::en => ".",
    };
    let value = format!("{}{point}{}", times(value, whole), times(value, after));
    format!("{:02} {}{check}{value} ✓", label.prefix, times(item, label.item_digits))
}

#[component]
fn Form(labels: Vec<ScaleLabel>) -> impl IntoView {
    let words = use_i18n();
    let rows = RwSignal::new((0_u32..).zip(labels).collect::<Vec<_>>());
    let (busy, failure, saved) = (RwSignal::new(false), RwSignal::new(None::<Failure>), RwSignal::new(false));
    let add = move |_| {
        saved.set(false);
        rows.update(|rows| {
            let free = PREFIXES.into_iter().skip(1).find(|prefix| rows.iter().all(|row| row.1.prefix != *prefix));
            let key = rows.iter().map(|row| row.0 + 1).max().unwrap_or_default();
            rows.extend(free.map(|prefix| (key, ScaleLabel { prefix, ..USUAL })));
        });
    };
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let labels = rows.with_untracked(|rows| rows.iter().map(|row| row.1).collect());
        spawn_local(async move {
            let answer = set_scale_labels(labels).await;
            if busy.try_set(false).is_none() {
                saved.set(answer.is_ok());
                failure.set(answer.err());
            }
        });
    };
    let keys = move || rows.with(|rows| rows.iter().map(|row| row.0).collect::<Vec<_>>());
    view! {
        <form class="card form scales" on:submit=save>
            <h2>{t!(words, people.scales.title)}</h2>
            <p class="card-text">{t!(words, people.scales.help)}</p>
            <For each=keys key=|key| *key let:key><Label key rows saved /></For>
            <button type="button" class="button wide" on:click=add disabled=move || rows.with(|rows| rows.len() + 1 >= PREFIXES.len())>
                <Svg icon=Icon::Plus />{t!(words, people.scales.add)}
            </button>
            <Notice failure />
            <button type="submit" class="button wide" disabled=busy>{t!(words, people.scales.save)}</button>
            <p role="status">{move || saved.get().then(|| t!(words, people.rules.saved))}</p>
        </form>
    }
}

#[component]
fn Label(key: u32, rows: RwSignal<Vec<(u32, ScaleLabel)>>, saved: RwSignal<bool>) -> impl IntoView {
    let words = use_i18n();
    let label = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.0 == key).map_or(USUAL, |row| row.1)));
    let change = move |to: &dyn Fn(&mut ScaleLabel)| {
        saved.set(false);
        rows.update(|rows| rows.iter_mut().filter(|row| row.0 == key).for_each(|row| to(&mut row.1)));
    };
    let id = move |what: &str| format!("scale-{key}-{what}");
    let number = move |what: &'static str,
                       name: Signal<&'static str>,
                       value: fn(&ScaleLabel) -> u8,
                       set: fn(&mut ScaleLabel, u8)| {
        view! {
            <div class="field">
                <label for=id(what)>{name}</label>
                <input id=id(what) inputmode="numeric" maxlength="1" autocomplete="off" prop:value=move || value(&label.get()).to_string()
                    on:change:target=move |event| change(&|label| set(label, event.target().value().trim().parse().unwrap_or_default())) />
            </div>
        }
    };
    let named = move |name: fn(Words) -> &'static str| Signal::derive(move || name(words));
    view! {
        <fieldset class="scale-label">
            <legend><code>{move || pattern(words, label.get())}</code></legend>
            <div class="field">
                <label for=id("prefix")>{t!(words, people.scales.prefix)}</label>
                <select id=id("prefix") on:change:target=move |event| change(&|label| label.prefix = event.target().value().parse().unwrap_or(USUAL.prefix))>
                    {PREFIXES.map(|prefix| view! { <option value=prefix.to_string() selected=move || label.get().prefix == prefix>{format!("{prefix:02}")}</option> })}
                </select>
            </div>
            <div class="field">
                <label for=id("measure")>{t!(words, people.scales.measure)}</label>
                <select id=id("measure") on:change:target=move |event| {
                    let measure = if event.target().value() == "price" { Measure::Price } else { Measure::Weight };
                    change(&|label| label.measure = measure);
                }>
                    <option value="weight" selected=move || label.get().measure == Measure::Weight>{t!(words, people.scales.weight)}</option>
                    <option value="price" selected=move || label.get().measure == Measure::Price>{t!(words, people.scales.price)}</option>
                </select>
            </div>
            {number("item", named(|words| t_string!(words, people.scales.item_digits)), |label| label.item_digits, |label, to| label.item_digits = to)}
            {number("value", named(|words| t_string!(words, people.scales.value_digits)), |label| label.value_digits, |label, to| label.value_digits = to)}
            {number("decimals", named(|words| t_string!(words, people.scales.decimals)), |label| label.decimals, |label, to| label.decimals = to)}
            <label class="check">
                <input type="checkbox" prop:checked=move || label.get().value_check on:change:target=move |event| change(&|label| label.value_check = event.target().checked()) />
                <span>{t!(words, people.scales.check)}</span>
            </label>
            <button type="button" class="button quiet" on:click=move |_| { saved.set(false); rows.update(|rows| rows.retain(|row| row.0 != key)) }>{t!(words, people.scales.remove)}</button>
        </fieldset>
    }
}
