//! The grid on an item's page: its sizes and colours, with what is there of each.

use super::{api::family_of, link, new_link};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{apart, item_link},
    live::follow,
    parts::quantity,
};
use leptos::{either::Either, task::spawn_local};
use leptos_router::components::A;
use model::{Action, FamilyOption, Quantity, Since, Variant, Variants};

/// The section of an item's family in the store looked at; where it is in none, the way to one for those who may.
#[component]
pub fn Siblings(store: String, sku: String) -> impl IntoView {
    let first = RwSignal::new(None);
    // In the browser, once the sheet stands: streamed beside it, it would come before or after what surrounds it.
    Effect::new(move || {
        let (store, sku) = (store.clone(), sku.clone());
        spawn_local(async move {
            // Whoever must not see it sees nothing of it.
            if let Ok(found) = family_of(store.clone(), sku.clone()).await {
                first.try_set(Some((store, sku, found)));
            }
        });
    });
    move || first.get().map(|(store, sku, first)| view! { <Family store sku first /> })
}

#[component]
fn Family(store: String, sku: String, first: Since<Option<Variants>>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let family = RwSignal::new(first.data);
    let wanted = StoredValue::new((store.clone(), sku.clone()));
    let read = move || wanted.with_value(|(store, sku)| family_of(store.clone(), sku.clone()));
    follow(vec![format!("stock:{store}"), format!("papers:{store}")], first.as_of, read, move |now| family.set(now));
    let may_edit = move || here.may(Action::EditItems);
    let begin = new_link(&sku, &store);
    let name =
        move || family.with(|family| family.as_ref().map(|family| family.family.name.clone()).unwrap_or_default());
    let edit = move || {
        wanted
            .with_value(|(store, _)| family.with(|family| family.as_ref().map(|family| link(family.family.id, store))))
    };
    view! {
        <Show when=move || family.read().is_some() fallback=move || {
            let begin = begin.clone();
            view! { <Show when=may_edit><A href=begin.clone() attr:class="button wide">{t!(words, variants.begin)}</A></Show> }
        }>
            <section class="card family" aria-labelledby="item-family">
                <h2 id="item-family">{move || name()}</h2>
                {move || family.get().map(|family| wanted.with_value(|(store, sku)| view! { <Tables family store=store.clone() sku=sku.clone() /> }))}
                <Show when=may_edit>
                    <A href=move || edit().unwrap_or_default() attr:class="button wide">{t!(words, variants.edit)}</A>
                </Show>
            </section>
        </Show>
    }
}

/// What lies behind the first two options: a table for each value of the third, or one.
fn tables(options: &[FamilyOption]) -> Vec<Option<String>> {
    match options.get(2) {
        Some(third) => third.values.iter().cloned().map(Some).collect(),
        None => vec![None],
    }
}

/// The item with these values; an archived one is not offered any more.
fn of<'a>(items: &'a [Variant], values: &[&str]) -> Option<&'a Variant> {
    items.iter().find(|item| !item.archived && item.values.iter().map(String::as_str).eq(values.iter().copied()))
}

#[component]
fn Tables(family: Variants, store: String, sku: String) -> impl IntoView {
    let Variants { family, items } = family;
    let options = family.options;
    let tables = tables(&options);
    tables.into_iter().map(|third| view! { <Table options=options.clone() third items=items.clone() store=store.clone() sku=sku.clone() /> }).collect_view()
}

/// Sizes down, colours across; with one option, each value in a row of its own.
#[component]
fn Table(
    options: Vec<FamilyOption>,
    third: Option<String>,
    items: Vec<Variant>,
    store: String,
    sku: String,
) -> impl IntoView {
    let words = use_i18n();
    let Some(down) = options.first().cloned() else { return Either::Left(()) };
    let across = options.get(1).cloned();
    let columns: Vec<Option<String>> = match &across {
        Some(across) => across.values.iter().cloned().map(Some).collect(),
        None => vec![None],
    };
    let heads = across
        .as_ref()
        .map(|_| columns.iter().flatten().map(|value| view! { <th scope="col">{value.clone()}</th> }).collect_view());
    let head = match &across {
        Some(across) => format!("{} / {}", down.name, across.name),
        None => down.name.clone(),
    };
    let rows = down.values.iter().map(|value| {
        let cells = columns.iter().map(|column| {
            let values: Vec<&str> =
                [Some(value.as_str()), column.as_deref(), third.as_deref()].into_iter().flatten().collect();
            let found = of(&items, &values).cloned();
            view! { <td><Cell found store=store.clone() sku=sku.clone() /></td> }
        });
        view! { <tr><th scope="row">{value.clone()}</th>{cells.collect_view()}</tr> }
    });
    let (rows, label) = (rows.collect_view(), head.clone());
    Either::Right(view! {
        <div class="family-grid" tabindex="0" role="group" aria-label=label>
            <table>
                {third.clone().map(|third| view! { <caption>{third}</caption> })}
                <thead><tr><th scope="col">{head}</th>{heads.map_or_else(|| Either::Right(view! { <th scope="col">{t!(words, variants.there)}</th> }), Either::Left)}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}

/// What is there of one, and the way to it.
#[component]
fn Cell(found: Option<Variant>, store: String, sku: String) -> impl IntoView {
    let words = use_i18n();
    let Some(item) = found else {
        return Either::Left(
            view! { <span class="family-none" aria-label=move || t_string!(words, variants.not_there)>"–"</span> },
        );
    };
    let on_hand = item.on_hand;
    let amount = move || match on_hand {
        Some(on_hand) => quantity(words.get_locale(), on_hand),
        None => t_string!(words, variants.service).to_owned(),
    };
    let none = on_hand.is_some_and(|on_hand| on_hand <= Quantity::ZERO);
    let (name, here) = (item.name, (item.sku == sku).then_some("page"));
    let levels = item.levels;
    let more = move || levels.map(|levels| apart(words, &levels)).filter(|more| !more.is_empty());
    let label = move || {
        let all = [Some(amount()), more()].into_iter().flatten().collect::<Vec<_>>();
        format!("{name}: {}", all.join(" · "))
    };
    Either::Right(view! {
        <a href=item_link(&item.sku, &store) class:none=none aria-current=here aria-label=label>
            {move || amount()}
            {move || more().map(|more| view! { <small>{more}</small> })}
        </a>
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ItemId;

    fn item(sku: &str, values: &[&str], archived: bool) -> Variant {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Variant {
            item: ItemId::new(),
            sku: sku.into(),
            name: sku.into(),
            archived,
            values,
            on_hand: None,
            levels: None,
        }
    }

    #[test]
    fn a_cell_holds_the_item_of_its_size_and_colour() {
        let items = [item("A", &["S", "Red"], false), item("B", &["S", "Blue"], true)];
        assert_eq!(of(&items, &["S", "Red"]).map(|item| item.sku.as_str()), Some("A"));
        assert_eq!(of(&items, &["S", "Blue"]), None, "it is archived");
        assert_eq!(of(&items, &["S"]), None);
    }

    #[test]
    fn a_third_option_makes_a_table_for_each_of_its_values() {
        let option = |values: &[&str]| FamilyOption {
            name: "X".into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        assert_eq!(tables(&[option(&["S"])]), [None]);
        let three = [option(&["S"]), option(&["Red"]), option(&["Wide", "Slim"])];
        assert_eq!(tables(&three), [Some("Wide".to_owned()), Some("Slim".to_owned())]);
    }
}
