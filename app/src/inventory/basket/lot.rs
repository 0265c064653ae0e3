//! Of which lot a line of a delivery or a return is: a scanned label says it, or somebody types it.

use super::{
    draft::{Line, LineKey},
    kind::Kind,
    register::Register,
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{api::FoundLot, lots::Numbers},
    parts::{Icon, Svg, Tone},
};
use model::Quantity;

/// The lot and, of what is new here, its last good day; nothing for goods that are not told apart.
#[component]
pub fn LotFields(basket: Register, id: LineKey) -> impl IntoView {
    let words = use_i18n();
    let kind = basket.kind;
    let line = Memo::new(move |_| basket.draft.with(|draft| draft.lines.iter().find(|line| line.key() == id).cloned()));
    let asked = Memo::new(move |_| line.with(|line| line.as_ref().is_some_and(|line| line.asks_lot(kind))));
    let of = move |pick: fn(&Line) -> String| line.with(|line| line.as_ref().map(pick).unwrap_or_default());
    let name = move || of(|line| line.item.name.clone());
    let set = move |pick: fn(&mut FoundLot) -> &mut String, text: String| {
        basket.change(|draft| {
            if let Some(line) = draft.line(id) {
                *pick(&mut line.lot) = text;
                // What was known of another lot says nothing of this one.
                line.lot.warning = None;
            }
        });
    };
    // The same item once more, for what bears another lot.
    let another = move |_| {
        basket.change(|draft| {
            if let Some(Line { item, price, .. }) = draft.line(id).cloned() {
                draft.insert(item, price, Quantity::whole(1), FoundLot::default());
            }
        });
    };
    let delivery = kind == Kind::Receipt;
    let numbered = Memo::new(move |_| line.with(|line| line.as_ref().is_some_and(Line::has_serials)));
    view! {
        <Show when=move || numbered.get()><Serials basket id line /></Show>
        <Show when=move || asked.get()>
            <div class="line-lot">
                <label class="field"><span>{t!(words, lots.code)}</span>
                    <input maxlength="64" autocomplete="off" prop:value=move || of(|line| line.lot.lot.clone())
                        on:input=move |event| set(|lot| &mut lot.lot, event_target_value(&event)) /></label>
                {delivery.then(|| view! {
                    <label class="field"><span>{t!(words, lots.last_day)}</span>
                        <input type="date" prop:value=move || of(|line| line.lot.day.clone())
                            on:input=move |event| set(|lot| &mut lot.day, event_target_value(&event)) /></label>
                })}
                <button type="button" class="button quiet" aria-label=move || t_string!(words, lots.another_of, name = name()).to_string() on:click=another>
                    <Svg icon=Icon::Plus />{t!(words, lots.another)}
                </button>
            </div>
        </Show>
    }
}

/// Which pieces they are, of what has serial numbers; at the till too, where the label does not say it.
#[component]
pub fn Serials(basket: Register, id: LineKey, line: Memo<Option<Line>>) -> impl IntoView {
    let name =
        Signal::derive(move || line.with(|line| line.as_ref().map(|line| line.item.name.clone()).unwrap_or_default()));
    let serials =
        Signal::derive(move || line.with(|line| line.as_ref().map(|line| line.serials.clone()).unwrap_or_default()));
    let all = Signal::derive(move || line.with(|line| line.as_ref().map(|line| line.quantity).unwrap_or_default()));
    let add = move |serial: String| {
        if basket.draft.with_untracked(|draft| draft.has_serial(id.0, &serial)) {
            let text = tu_string!(basket.words, lots.serial.twice, serial = serial).to_string();
            return basket.say(Tone::Warn, text);
        }
        basket.change(|draft| draft.add_serial(id, serial));
    };
    let drop = move |serial: String| basket.change(|draft| draft.drop_serial(id, &serial));
    view! { <Numbers name serials all on_add=Callback::new(add) on_drop=Callback::new(drop) /> }
}
