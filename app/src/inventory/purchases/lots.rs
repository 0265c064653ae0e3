//! Of which lots a counted line is, and until when each is good: small lines under it; a scanned label fills one in.

use super::{arrival::Desk, counted::Counted, counted::OfLot};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};
use model::Quantity;

/// Something to be changed in the counted line.
type Edit = Box<dyn FnOnce(&mut Counted)>;

/// A small line for each lot; how many are of it is said once there are several.
#[component]
pub fn Lots(desk: Desk, sku: StoredValue<String>, name: StoredValue<String>, counted: Memo<Counted>) -> impl IntoView {
    let words = use_i18n();
    let rows = Memo::new(move |_| counted.read().rows().len());
    let several = Memo::new(move |_| rows.get() > 1);
    let some = move || counted.read().taken > Quantity::ZERO;
    let most = move || untrack(|| sku.with_value(|sku| desk.most(sku)));
    let change = Callback::new(move |change: Edit| {
        desk.change(|draft| change(draft.line(&sku.get_value(), &name.get_value())));
    });
    view! {
        <div class="line-lots">
            <For each=move || 0..rows.get() key=|at| *at let:at><Row at counted several most=Callback::new(move |()| most()) change /></For>
            <Show when=some>
                <button type="button" class="button quiet" aria-label=move || t_string!(words, lots.another_of, name = name.get_value()).to_string()
                    on:click=move |_| {
                        let most = most();
                        change.run(Box::new(move |line| line.another_lot(most)));
                    }><Svg icon=Icon::Plus />{t!(words, lots.another)}</button>
            </Show>
        </div>
    }
}

#[component]
fn Row(
    at: usize,
    counted: Memo<Counted>,
    several: Memo<bool>,
    /// How many of all lots there can be.
    most: Callback<(), Quantity>,
    change: Callback<Edit>,
) -> impl IntoView {
    let words = use_i18n();
    let row = Memo::new(move |_| counted.read().rows().get(at).cloned().unwrap_or_default());
    let set = move |pick: fn(&mut OfLot) -> &mut String, text: String| {
        change.run(Box::new(move |line| *pick(line.row(at)) = text));
    };
    // What is no number, or one below zero, says nothing.
    let size = move |text: String| {
        if let Ok(size) = text.trim().replace(',', ".").parse::<Quantity>()
            && !size.is_negative()
        {
            let most = most.run(());
            change.run(Box::new(move |line| line.take_row(at, size, most)));
        }
    };
    view! {
        <div class="line-lot">
            <label class="field"><span>{t!(words, lots.code)}</span>
                <input maxlength="64" autocomplete="off" prop:value=move || row.read().lot.clone() on:input=move |event| set(|lot| &mut lot.lot, event_target_value(&event)) /></label>
            <label class="field"><span>{t!(words, lots.last_day)}</span>
                <input type="date" prop:value=move || row.read().day.clone() on:input=move |event| set(|lot| &mut lot.day, event_target_value(&event)) /></label>
            <Show when=move || several.get()>
                <label class="field"><span>{t!(words, purchases.receive.of_lot)}</span>
                    <input inputmode="decimal" maxlength="16" autocomplete="off" prop:value=move || row.read().taken.to_string() on:change=move |event| size(event_target_value(&event)) /></label>
            </Show>
        </div>
    }
}
