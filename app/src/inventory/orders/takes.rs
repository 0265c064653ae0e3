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

/// Where so many of a lot that are off the shelf lay: where the list says that it lies, less what was said of that before;
/// what more there is lay at the last of these places. `None` where the list names several places, none of them for that lot.
pub fn places_of(takes: &[Take], lot: &str, size: Quantity, said: &[Taken]) -> Option<Vec<Taken>> {
    let of = |place: &str, size: i64| Taken {
        location: place.to_owned(),
        lot: Some(lot.to_owned()),
        quantity: Quantity::from_parts(size),
    };
    let before = |place: &str| {
        let same = said.iter().filter(|one| one.location == place && one.lot.as_deref() == Some(lot));
        same.map(|one| one.quantity.parts()).sum::<i64>()
    };
    let (mut left, mut places) = (size.parts(), Vec::new());
    for take in takes {
        let Some(known) = take.lots.iter().find(|known| known.lot == lot) else { continue };
        let part = (known.quantity.parts() - before(&take.location)).clamp(0, left);
        left -= part;
        places.push((take.location.as_str(), part));
    }
    match places.last_mut() {
        Some((_, part)) => *part += left,
        None => {
            let [only] = takes else { return None };
            places.push((only.location.as_str(), left));
        }
    }
    Some(places.into_iter().filter(|(_, part)| *part > 0).map(|(place, part)| of(place, part)).collect())
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
    fn a_lot_that_lies_in_two_places_is_taken_from_both_as_the_list_says() {
        let lots = |of: &[(&str, i64)]| {
            let lot = |(lot, size): &(&str, i64)| LotTake {
                lot: (*lot).into(),
                expires_on: None,
                quantity: Quantity::whole(*size),
            };
            of.iter().map(lot).collect::<Vec<_>>()
        };
        let take = |location: &str, of: &[(&str, i64)]| Take {
            location: location.into(),
            quantity: Quantity::whole(2),
            lots: lots(of),
        };
        let takes = [take("SHOP", &[("L1", 2)]), take("BACK", &[("L1", 2)])];
        let mut said = Vec::new();
        for _ in 0..5 {
            let more = places_of(&takes, "L1", Quantity::whole(1), &said).expect("the list names it");
            more.into_iter().for_each(|more| note(&mut said, more));
        }
        assert_eq!(said, [taken("SHOP", Some("L1"), 2), taken("BACK", Some("L1"), 3)]);
        let pack = places_of(&takes, "L1", Quantity::whole(4), &[]);
        assert_eq!(pack, Some(vec![taken("SHOP", Some("L1"), 2), taken("BACK", Some("L1"), 2)]));
        assert_eq!(places_of(&takes, "L2", Quantity::whole(1), &[]), None, "nobody knows from which of both");
        assert_eq!(places_of(&takes[..1], "L2", Quantity::whole(1), &[]), Some(vec![taken("SHOP", Some("L2"), 1)]));
    }

    #[test]
    fn no_more_is_said_than_goes() {
        let all = [taken("BACK", None, 2), taken("SHOP", None, 2)];
        assert_eq!(within(&all, Quantity::whole(3)), [taken("BACK", None, 2), taken("SHOP", None, 1)]);
        assert_eq!(within(&all, Quantity::ZERO), []);
    }
}
