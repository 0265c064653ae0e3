//! How many of a kit can be made now, and which of its parts decides that.

use super::book::Book;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{item_link, stock::lit},
    parts::quantity,
    prefs::Words,
};
use leptos_router::components::A;
use model::{Kit, KitPart, Quantity};

/// Why it is that many: the part that runs out first; tracked.
fn why(words: Words, kit: &Kit) -> Option<String> {
    let part = kit.parts.iter().find(|part| Some(&part.sku) == kit.shortest.as_ref())?;
    let locale = words.get_locale();
    let (name, each) = (part.name.clone(), quantity(locale, part.quantity));
    let available = quantity(locale, part.available);
    Some(if kit.available == 0 {
        t_string!(words, kits.missing, name = name, available = available, each = each).to_string()
    } else {
        t_string!(words, kits.shortest, name = name, available = available, each = each).to_string()
    })
}

/// How many can be made, in a line; nothing for what is no kit.
#[component]
pub fn Makes(
    /// The kit, if it is one.
    #[prop(into)]
    kit: Signal<Option<Kit>>,
) -> impl IntoView {
    let words = use_i18n();
    let number = move |available: i64| quantity(words.get_locale(), Quantity::whole(available));
    view! {
        {move || kit.read().as_ref().map(|kit| view! {
            <p class="kit-now">{t!(words, kits.now)}" "<strong>{number(kit.available)}</strong></p>
            <p class="hint">{why(words, kit)}</p>
        })}
    }
}

/// A kit's number, in place of what is on hand.
#[component]
pub fn KitCard(book: Book) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let kit = Memo::new(move |_| book.with(|sheet| sheet.kit.clone()));
    let store = here.store().get_untracked().code;
    let part = move |part: KitPart, shortest: bool| {
        let link = item_link(&part.sku, &store);
        let number = |size| quantity(words.get_locale(), size);
        let (each, available) = (number(part.quantity), number(part.available));
        let enough = number(Quantity::whole(part.enough_for));
        let KitPart { sku, name, .. } = part;
        let place = sku.clone();
        view! {
            <li class="kit-part" class:kit-shortest=shortest data-part=place>
                <div class="order-line-name">
                    <A href=link>{name}</A>
                    <small>{sku}" · "{t!(words, kits.each, quantity = each)}</small>
                </div>
                <p class="kit-enough">
                    <strong>{t!(words, kits.enough, quantity = enough)}</strong>
                    <small>{t!(words, kits.available, quantity = available)}</small>
                </p>
            </li>
        }
    };
    let parts = move || {
        let Some(Kit { parts, shortest, .. }) = kit.get() else { return Vec::new() };
        let is_shortest = |one: &KitPart| Some(&one.sku) == shortest.as_ref();
        parts.into_iter().map(|one| (is_shortest(&one), one)).map(|(shortest, one)| part(one, shortest)).collect()
    };
    let number = move || {
        let available = kit.read().as_ref().map_or(0, |kit| kit.available);
        quantity(words.get_locale(), Quantity::whole(available))
    };
    view! {
        <section class="card item-number">
            <p class="item-number-name">{t!(words, kits.now)}" "{t!(words, item.in_store, store = move || here.store().get().name)}</p>
            <p class="item-number-big" role="status"><span class=move || lit(book.changes.get())>{number}</span></p>
            <p class="hint kit-why">{move || kit.read().as_ref().and_then(|kit| why(words, kit))}</p>
        </section>
        <section class="card kit-made" aria-labelledby="kit-made-of">
            <h2 id="kit-made-of">{t!(words, kits.made_of)}</h2>
            <p class="hint">{t!(words, kits.about)}</p>
            <ul class="kit-list">{move || parts()}</ul>
        </section>
    }
}
