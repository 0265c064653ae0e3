//! The places of a store: a tree of rooms, shelves and bins, with what lies in each.

use super::api::{add_place, change_place, places};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    json::brought,
    live::{Follow, follow},
    parts::{Icon, Notice, Skeleton, Svg},
};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use model::{Action, COUNT_REACH, LocationId, NewPlace, Place, PlaceChange, Since};

/// The page of the places of the store looked at.
#[component]
pub fn PlacesPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get().code,
        |store| async move { places(store.clone()).await.map(|places| (store, places)) },
    );
    view! {
        <Title text=move || t_string!(words, transfers.places.title) />
        <header class="page-head">
            <h1>{t!(words, transfers.places.title)}</h1>
            <p>{t!(words, transfers.places.lead)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, places)) => Either::Left(view! { <Tree store first=places /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[derive(Clone, Copy)]
struct Board {
    places: RwSignal<Vec<Place>>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    follow: StoredValue<Option<Follow>>,
}

impl Board {
    /// Ends something that was asked of the server.
    fn done(self, answer: Result<Place, Failure>) -> bool {
        if self.busy.try_set(false).is_some() {
            return false; // The page is gone.
        }
        let done = answer.is_ok();
        self.failure.set(answer.err());
        self.follow.get_value().iter().for_each(|follow| follow.now());
        done
    }
}

/// Each place below the one that it is in, with how deep it lies.
fn in_order(places: &[Place]) -> Vec<(usize, Place)> {
    fn below(places: &[Place], parent: Option<&str>, depth: usize, into: &mut Vec<(usize, Place)>) {
        for place in places.iter().filter(|place| place.parent.as_deref() == parent) {
            into.push((depth, place.clone()));
            below(places, Some(&place.code), depth + 1, into);
        }
    }
    let mut ordered = Vec::with_capacity(places.len());
    below(places, None, 0, &mut ordered);
    ordered
}

#[component]
fn Tree(store: String, first: Since<Vec<Place>>) -> impl IntoView {
    let here = use_here();
    let board = Board {
        places: RwSignal::new(first.data),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        follow: StoredValue::new(None),
    };
    let code = StoredValue::new(store.clone());
    let read = move || places(code.get_value());
    let following = follow(vec![format!("stock:{store}"), format!("work:{store}")], first.as_of, read, move |now| {
        board.places.set(now)
    });
    board.follow.set_value(Some(following));
    let rows = move || board.places.with(|places| in_order(places));
    view! {
        <Show when=move || here.may(Action::EditItems)><Add board store=code.get_value() /></Show>
        <Notice failure=board.failure />
        <ul class="moves">
            {move || rows().into_iter().map(|(depth, place)| view! { <Row board depth place /> }).collect_view()}
        </ul>
    }
}

#[component]
fn Row(board: Board, depth: usize, place: Place) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (id, archived, items, shop) = (place.id, place.archived, place.items, place.code == "SHOP");
    let turn = move |_| {
        board.busy.set(true);
        let change = PlaceChange { archived: Some(!archived), name: None };
        spawn_local(async move {
            board.done(change_place(id, change).await);
        });
    };
    let naming = RwSignal::new(false);
    let name = StoredValue::new(place.name.clone());
    view! {
        <li class="card move place" class:undone=archived data-depth=depth.min(4).to_string()>
            <strong>{place.name}</strong>
            <span class="item-sku">{place.code}</span>
            <span>
                {if items > COUNT_REACH {
                    Either::Left(t!(words, transfers.places.many_items))
                } else {
                    Either::Right(t!(words, transfers.places.items, count = move || items))
                }}
            </span>
            <Show when=move || here.may(Action::EditItems) && !shop && (archived || items == 0)>
                <button type="button" class="button quiet" disabled=board.busy on:click=turn>
                    {if archived { t_string!(words, transfers.places.take_up) } else { t_string!(words, transfers.places.give_up) }}
                </button>
            </Show>
            <Show when=move || here.may(Action::EditItems) && !archived && !naming.get()>
                <button type="button" class="button quiet" on:click=move |_| naming.set(true)>{t!(words, transfers.places.rename)}</button>
            </Show>
            <Show when=move || naming.get()><Name board id name=name.get_value() naming /></Show>
        </li>
    }
}

/// Another name for a place.
#[component]
fn Name(board: Board, id: LocationId, name: String, naming: RwSignal<bool>) -> impl IntoView {
    let words = use_i18n();
    let (typed, old) = (RwSignal::new(name.clone()), StoredValue::new(name));
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = typed.read_untracked().trim().to_owned();
        if board.busy.get_untracked() {
            return;
        }
        if name == old.get_value() {
            return naming.set(false);
        }
        board.busy.set(true);
        spawn_local(async move {
            if board.done(change_place(id, PlaceChange { name: Some(name), archived: None }).await) {
                naming.try_set(false);
            }
        });
    };
    view! {
        <form class="place-name" on:submit=save>
            <label class="field">
                <span>{t!(words, transfers.places.new_name, name = old.get_value())}</span>
                <input type="text" required maxlength="100" prop:value=typed on:input:target=move |event| typed.set(event.target().value()) />
            </label>
            <button type="submit" class="button" disabled=board.busy>{t!(words, transfers.places.save_name)}</button>
            <button type="button" class="button" disabled=board.busy on:click=move |_| naming.set(false)>{t!(words, transfers.places.keep_name)}</button>
        </form>
    }
}

#[component]
fn Add(board: Board, store: String) -> impl IntoView {
    let words = use_i18n();
    let store = StoredValue::new(store);
    let (code, name, parent) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let id = StoredValue::new(LocationId::new());
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if board.busy.get_untracked() {
            return;
        }
        board.busy.set(true);
        let new = NewPlace {
            id: id.get_value(),
            store: store.get_value(),
            parent: Some(parent.get_untracked()).filter(|parent| !parent.is_empty()),
            code: code.read_untracked().trim().to_uppercase(),
            name: name.read_untracked().trim().to_owned(),
        };
        spawn_local(async move {
            if board.done(add_place(new).await) {
                id.set_value(LocationId::new());
                code.set(String::new());
                name.set(String::new());
            }
        });
    };
    let options = move || {
        let known = board.places.with(|places| in_order(places)).into_iter().filter(|(_, place)| !place.archived);
        known.map(|(_, place)| view! { <option value=place.code.clone()>{place.name}</option> }).collect_view()
    };
    view! {
        <form class="card move-new" on:submit=add>
            <label class="field">
                <span>{t!(words, transfers.places.name)}</span>
                <input type="text" required maxlength="100" prop:value=name on:input:target=move |event| name.set(event.target().value()) />
            </label>
            <label class="field">
                <span>{t!(words, transfers.places.code)}</span>
                <input type="text" required maxlength="20" autocapitalize="characters" prop:value=code on:input:target=move |event| code.set(event.target().value()) />
            </label>
            <label class="field">
                <span>{t!(words, transfers.places.inside)}</span>
                <select prop:value=parent on:change:target=move |event| parent.set(event.target().value())>
                    <option value="">{t!(words, transfers.places.nothing)}</option>
                    {options}
                </select>
            </label>
            <button type="submit" class="button primary" disabled=board.busy><Svg icon=Icon::Plus />{t!(words, transfers.places.add)}</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: &str, parent: Option<&str>) -> Place {
        let (store, name) = ("LON".to_owned(), code.to_owned());
        let parent = parent.map(str::to_owned);
        Place { id: LocationId::new(), store, parent, code: code.to_owned(), name, archived: false, items: 0 }
    }

    #[test]
    fn a_place_stands_below_the_one_that_it_is_in() {
        let places = [place("A1", Some("ROOM")), place("ROOM", None), place("SHOP", None), place("X", Some("A1"))];
        let order: Vec<_> = in_order(&places).into_iter().map(|(depth, place)| (depth, place.code)).collect();
        let told: Vec<_> = order.iter().map(|(depth, code)| (*depth, code.as_str())).collect();
        assert_eq!(told, [(0, "ROOM"), (1, "A1"), (2, "X"), (0, "SHOP")]);
    }
}
