//! The items of a family in its editor: those that are there, and those that are proposed.

use super::{desk::Desk, typed::Row};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::{item_link, picker::Pick},
    parts::{Empty, Icon, Svg},
};
use leptos::either::Either;

/// The list, with the field by which items that are there join.
#[component]
pub fn Rows(desk: Desk, keeps: bool) -> impl IntoView {
    let words = use_i18n();
    view! {
        <section class="card form" aria-labelledby="family-items">
            <h2 id="family-items">{t!(words, variants.items)}</h2>
            {keeps.then(|| view! {
                <p class="hint">{t!(words, variants.join_hint)}</p>
                <Pick picker=desk.picker on_pick=Callback::new(move |picked| desk.join(&picked)) />
            })}
            <Show when=move || !desk.rows.read().is_empty() fallback=move || view! {
                <Empty icon=Icon::Tag title=move || t!(words, variants.no_items) text=move || t!(words, variants.no_items_text) />
            }>
                <ul class="price-lines">
                    <For each=move || desk.rows.get() key=|row| row.nth let:row>
                        {if row.make.is_some() {
                            Either::Left(view! { <Proposal desk row keeps /> })
                        } else {
                            Either::Right(view! { <Known desk row keeps /> })
                        }}
                    </For>
                </ul>
            </Show>
        </section>
    }
}

/// An item that is there: what it is of.
#[component]
fn Known(desk: Desk, row: Row, keeps: bool) -> impl IntoView {
    let words = use_i18n();
    let Row { nth, sku, name, .. } = row;
    let link = item_link(&sku, &desk.store.get_value());
    let count = Memo::new(move |_| desk.known_options().len());
    let name = StoredValue::new(name);
    view! {
        <li class="price-line family-row">
            <span class="purchase-name"><a href=link><b>{name.get_value()}</b></a><small>{sku}</small></span>
            {keeps.then(|| view! {
                <button type="button" class="icon-button" aria-label=move || t_string!(words, variants.take_out, name = name.get_value()).to_string() on:click=move |_| desk.drop_row(nth)><Svg icon=Icon::Close /></button>
            })}
            {move || (0..count.get()).map(|at| view! { <Choice desk nth at keeps name /> }).collect_view()}
        </li>
    }
}

/// Its value for one option.
#[component]
fn Choice(desk: Desk, nth: u32, at: usize, keeps: bool, name: StoredValue<String>) -> impl IntoView {
    let words = use_i18n();
    let option = Memo::new(move |_| desk.known_options().get(at).cloned());
    let chosen = Memo::new(move |_| {
        desk.rows.with(|rows| {
            let row = rows.iter().find(|row| row.nth == nth);
            row.and_then(|row| row.values.get(at).cloned()).unwrap_or_default()
        })
    });
    let set = move |value: String| {
        desk.set(nth, |row| {
            if row.values.len() <= at {
                row.values.resize(at + 1, String::new());
            }
            row.values[at] = value;
        });
    };
    let id = format!("value-{nth}-{at}");
    let called = move || option.get().map(|option| option.name).unwrap_or_default();
    let values = move || {
        let value = move |value: String| {
            let same = value.clone();
            view! { <option value=value.clone() selected=move || chosen.get() == same>{value.clone()}</option> }
        };
        option.get().map(|option| option.values.into_iter().map(value).collect_view())
    };
    view! {
        <div class="field">
        <label for=id.clone()>{move || called()}</label>
        <select id=id.clone() disabled=!keeps
            aria-label=move || t_string!(words, variants.value_of, option = called(), name = name.get_value()).to_string()
            on:change:target=move |event| set(event.target().value())>
            <option value="" selected=move || option.get().is_none_or(|option| !option.values.contains(&chosen.get()))>{t!(words, variants.choose)}</option>
            {move || values()}
        </select>
        </div>
    }
}

/// An item that is to be made, unless nobody wants it.
#[component]
fn Proposal(desk: Desk, row: Row, keeps: bool) -> impl IntoView {
    let words = use_i18n();
    let Row { nth, sku, name, values, wanted, .. } = row;
    let (sku_id, name_id, tick_id) = (format!("sku-{nth}"), format!("name-{nth}"), format!("make-{nth}"));
    let tick_for = tick_id.clone();
    let of = StoredValue::new(values.join(" · "));
    view! {
        <li class="price-line family-row">
            <label class="tick purchase-name" for=tick_for>
                <input id=tick_id type="checkbox" disabled=!keeps prop:checked=wanted on:change:target=move |event| desk.set(nth, |row| row.wanted = event.target().checked()) />
                <span><b>{of.get_value()}</b><small>{t!(words, variants.make)}</small></span>
            </label>
            <div class="field"><label for=sku_id.clone()>{t!(words, products.sku)}</label>
                <input id=sku_id maxlength="64" autocomplete="off" disabled=!keeps value=sku on:input:target=move |event| desk.set(nth, |row| row.sku = event.target().value()) /></div>
            <div class="field"><label for=name_id.clone()>{t!(words, products.name)}</label>
                <input id=name_id maxlength="200" autocomplete="off" disabled=!keeps value=name on:input:target=move |event| desk.set(nth, |row| row.name = event.target().value()) /></div>
        </li>
    }
}
