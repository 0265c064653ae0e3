//! The serial numbers of a line: those that are named, and a field to name one more. A scan names one as well.

use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg, quantity},
};
use leptos::ev;
use model::Quantity;

/// The numbers of so many pieces.
#[component]
pub fn Numbers(
    #[prop(into)] name: Signal<String>,
    #[prop(into)] serials: Signal<Vec<String>>,
    #[prop(into)] all: Signal<Quantity>,
    on_add: Callback<String>,
    on_drop: Callback<String>,
) -> impl IntoView {
    let words = use_i18n();
    let typed = RwSignal::new(String::new());
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let serial = typed.get_untracked().trim().to_owned();
        if !serial.is_empty() {
            on_add.run(serial);
            typed.set(String::new());
        }
    };
    let named = move || {
        let locale = words.get_locale();
        let count = serials.with(|serials| i64::try_from(serials.len()).unwrap_or(i64::MAX));
        let (named, all) = (quantity(locale, Quantity::whole(count)), quantity(locale, all.get()));
        t_string!(words, lots.serial.count, named = named, all = all).to_string()
    };
    let group = move || t_string!(words, lots.serial.of_item, name = name.get()).to_string();
    view! {
        <div class="line-serials" role="group" aria-label=group>
            <p class="quiet" role="status">{named}</p>
            <ul>
                <For each=move || serials.get() key=String::clone let:serial>
                    <Named serial on_drop />
                </For>
            </ul>
            <form class="line-lot" on:submit=add>
                <label class="field"><span>{t!(words, lots.serial.field)}</span>
                    <input maxlength="64" autocomplete="off" prop:value=typed on:input=move |event| typed.set(event_target_value(&event)) /></label>
                <button type="submit" class="button quiet"><Svg icon=Icon::Plus />{t!(words, lots.serial.add)}</button>
            </form>
        </div>
    }
}

#[component]
fn Named(serial: String, on_drop: Callback<String>) -> impl IntoView {
    let words = use_i18n();
    let kept = StoredValue::new(serial.clone());
    let label = move || t_string!(words, lots.serial.take_out, serial = kept.get_value()).to_string();
    view! {
        <li><span>{serial}</span>
            <button type="button" class="icon-button" aria-label=label on:click=move |_| on_drop.run(kept.get_value())><Svg icon=Icon::Close /></button></li>
    }
}
