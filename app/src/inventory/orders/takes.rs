//! From where a line of an order is taken: what the list says, and where somebody says that it was another place or lot.

use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::find_places,
    parts::{Icon, Svg, quantity, use_day},
};
use leptos::{ev, task::spawn_local};
use model::{LotTake, OrderLine, Quantity, Take, Taken};

/// The place where sales leave from.
const SHOP: &str = "SHOP";

/// The first place of a line, as it is sorted by: where sales leave from, then the others by their codes.
pub fn place(line: &OrderLine) -> (bool, String) {
    let place = line.takes.first().map_or(&line.location, |take| &take.location);
    (place != SHOP, place.clone())
}

/// Where a lot that is off the shelf lay: where the list says that it lies, else at the line's first place.
pub fn place_of(line: &OrderLine, lot: &str) -> String {
    let holds = |take: &&Take| take.lots.iter().any(|known| known.lot == lot);
    line.takes.iter().find(holds).map_or_else(|| place(line).1, |take| take.location.clone())
}

/// As much of what was said as goes, in the order in which it was said.
pub fn within(taken: &[Taken], all: Quantity) -> Vec<Taken> {
    let mut left = all.parts();
    let mut part = |one: &Taken| {
        let size = one.quantity.parts().min(left);
        left -= size;
        (size > 0).then(|| Taken { quantity: Quantity::from_parts(size), ..one.clone() })
    };
    taken.iter().filter_map(&mut part).collect()
}

/// One more that was taken from there, with what was said of the same place and lot before.
pub fn note(taken: &mut Vec<Taken>, more: Taken) {
    match taken.iter_mut().find(|one| one.location == more.location && one.lot == more.lot) {
        Some(one) => one.quantity = one.quantity.checked_add(more.quantity).unwrap_or(one.quantity),
        None => taken.push(more),
    }
}

/// How many from which place, and of which lots there; nothing where all of it lies in one place and no lots are told apart.
#[component]
pub fn Takes(#[prop(into)] takes: Signal<Vec<Take>>) -> impl IntoView {
    let words = use_i18n();
    let plain = move || takes.with(|takes| takes.len() < 2 && takes.iter().all(|take| take.lots.is_empty()));
    let one = move |take: Take| {
        let Take { location, quantity: size, lots } = take;
        let place = location.clone();
        let size = quantity(words.get_locale(), size);
        view! {
            <li data-place=place>
                <b>{t!(words, orders.take, quantity = size, place = location)}</b>
                {lots.into_iter().map(|lot| view! { <OfLot lot /> }).collect_view()}
            </li>
        }
    };
    view! {
        <Show when=move || !plain()>
            <ul class="pick-takes" aria-label=move || t_string!(words, orders.takes)>{move || takes.get().into_iter().map(one).collect_view()}</ul>
        </Show>
    }
}

#[component]
fn OfLot(lot: LotTake) -> impl IntoView {
    let words = use_i18n();
    let LotTake { lot, expires_on, quantity: size } = lot;
    let day = expires_on.map(|day| use_day(day.to_string()));
    let text = move || {
        let (lot, size) = (lot.clone(), quantity(words.get_locale(), size));
        match day {
            Some(day) => {
                t_string!(words, orders.take_lot_until, quantity = size, lot = lot, day = day.get()).to_string()
            }
            None => t_string!(words, orders.take_lot, quantity = size, lot = lot).to_string(),
        }
    };
    view! { <span class="pick-lot">{text}</span> }
}

/// Says that some were taken from another place, or of another lot.
#[component]
pub fn Elsewhere(
    /// The store's code.
    store: String,
    /// What the line is of.
    #[prop(into)]
    name: Signal<String>,
    /// Whether its lots are told apart.
    #[prop(into)]
    by_lot: Signal<bool>,
    /// What was said so far.
    #[prop(into)]
    taken: Signal<Vec<Taken>>,
    /// One more was said.
    on_take: Callback<Taken>,
    /// That one, by its place in the list, was not so.
    on_drop: Callback<usize>,
) -> impl IntoView {
    let words = use_i18n();
    let places = RwSignal::new(Vec::<(String, String)>::new());
    let (place, lot, size) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let store = StoredValue::new(store);
    let open = move |_| {
        if !places.with_untracked(Vec::is_empty) {
            return;
        }
        let store = store.get_value();
        spawn_local(async move {
            // Without an answer the list stays empty, and opening it again asks again.
            if let Ok(found) = find_places(store).await {
                let used = found.data.into_iter().filter(|place| !place.archived);
                places.try_set(used.map(|place| (place.code, place.name)).collect());
            }
        });
    };
    let sound = move || {
        let size = size.get().trim().replace(',', ".").parse::<Quantity>().ok().filter(|size| *size > Quantity::ZERO);
        let lot = Some(lot.get().trim().to_owned()).filter(|lot| !lot.is_empty() && by_lot.get());
        let location = Some(place.get()).filter(|place| !place.is_empty());
        Some(Taken { location: location?, lot, quantity: size? })
    };
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(more) = untrack(sound) {
            on_take.run(more);
            lot.set(String::new());
            size.set(String::new());
        }
    };
    let option = |(code, name): (String, String)| {
        let text = format!("{code} · {name}");
        view! { <option value=code>{text}</option> }
    };
    let group = move || t_string!(words, orders.elsewhere_of, name = name.get()).to_string();
    view! {
        <details class="pick-elsewhere" on:toggle=open>
            <summary aria-label=group>{t!(words, orders.elsewhere)}</summary>
            <form class="line-lot" on:submit=add>
                <label class="field"><span>{t!(words, orders.elsewhere_place)}</span>
                    <select on:change:target=move |event| place.set(event.target().value())>
                        <option value="">{t!(words, orders.elsewhere_choose)}</option>
                        {move || places.get().into_iter().map(option).collect_view()}
                    </select></label>
                <Show when=move || by_lot.get()>
                    <label class="field"><span>{t!(words, lots.code)}</span>
                        <input maxlength="64" autocomplete="off" prop:value=lot on:input=move |event| lot.set(event_target_value(&event)) /></label>
                </Show>
                <label class="field"><span>{t!(words, orders.elsewhere_size)}</span>
                    <input inputmode="decimal" maxlength="16" autocomplete="off" prop:value=size on:input=move |event| size.set(event_target_value(&event)) /></label>
                <button type="submit" class="button" disabled=move || sound().is_none()>{t!(words, orders.elsewhere_add)}</button>
            </form>
        </details>
        <ul class="pick-taken">
            {move || taken.get().into_iter().enumerate().map(|(at, one)| view! { <Said at one on_drop /> }).collect_view()}
        </ul>
    }
}

/// What was said, with the way to take it back.
#[component]
fn Said(at: usize, one: Taken, on_drop: Callback<usize>) -> impl IntoView {
    let words = use_i18n();
    let one = StoredValue::new(one);
    let text = move || {
        let Taken { location, lot, quantity: size } = one.get_value();
        let size = quantity(words.get_locale(), size);
        match lot {
            Some(lot) => t_string!(words, orders.taken_lot, quantity = size, place = location, lot = lot).to_string(),
            None => t_string!(words, orders.taken, quantity = size, place = location).to_string(),
        }
    };
    let label = move || t_string!(words, orders.taken_not, what = text()).to_string();
    view! {
        <li><span>{text}</span>
            <button type="button" class="icon-button" aria-label=label on:click=move |_| on_drop.run(at)><Svg icon=Icon::Close /></button></li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(place: &str, lot: Option<&str>, size: i64) -> Taken {
        Taken { location: place.into(), lot: lot.map(str::to_owned), quantity: Quantity::whole(size) }
    }

    #[test]
    fn what_is_said_twice_of_a_place_and_lot_is_one() {
        let mut all = vec![taken("BACK", None, 1)];
        note(&mut all, taken("BACK", Some("L1"), 1));
        note(&mut all, taken("BACK", Some("L1"), 2));
        assert_eq!(all, [taken("BACK", None, 1), taken("BACK", Some("L1"), 3)]);
    }

    #[test]
    fn no_more_is_said_than_goes() {
        let all = [taken("BACK", None, 2), taken("SHOP", None, 2)];
        assert_eq!(within(&all, Quantity::whole(3)), [taken("BACK", None, 2), taken("SHOP", None, 1)]);
        assert_eq!(within(&all, Quantity::ZERO), []);
    }
}
