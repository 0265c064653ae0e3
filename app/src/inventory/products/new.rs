//! A new product: its SKU, which then stays, and the same fields as its editor; a scanned code is filled in already.

use super::{
    api::{add_product, change_product},
    entry::{Entry, Field},
    fields::{Fields, Typing, focus},
    filter::product_link,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{keep, taxes::known},
    parts::{Empty, Icon, Notice, Svg},
};
use leptos::{ev, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_navigate, use_query_map},
};
use model::{Action, Costing, ItemId, ItemKind, NewItem};
use serde::{Deserialize, Serialize};

/// What is kept in this browser until it is saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Draft {
    id: ItemId,
    sku: String,
    entry: Entry,
}

/// The page: `/products/new?code=5012345678900`.
#[component]
pub fn NewProductPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Title text=move || t_string!(words, products.new_title) />
        <A href=move || here.link("/products") attr:class="back"><Svg icon=Icon::Back />{t!(words, products.back)}</A>
        <header class="page-head"><h1>{t!(words, products.new_title)}</h1></header>
        {if untrack(|| here.may(Action::EditItems)) {
            view! { <New /> }
        } else {
            view! {
                <Empty icon=Icon::Box title=move || t!(words, products.not_yours) text=move || t!(words, products.not_yours_text)>
                    <A href=move || here.link("/stock") attr:class="button primary">{t!(words, products.to_stock)}</A>
                </Empty>
            }
        }}
    }
}

/// What a scanned code fills in: itself as barcode when it is one, and as SKU.
fn filled(code: &str, unit: &str) -> Draft {
    let mut draft = Draft { sku: code.to_owned(), ..Draft::default() };
    draft.entry.set(Field::Unit, unit.to_owned());
    draft.entry.set(Field::Costing, Costing::default().name().to_owned());
    if code.len() >= 8 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        draft.entry.set(Field::Barcodes, code.to_owned());
    }
    draft
}

#[component]
fn New() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let code = use_query_map().read_untracked().get("code").unwrap_or_default();
    let code: String = code.trim().chars().take(64).collect();
    let key = StoredValue::new(format!("product:{}:new:{code}", here.me().key()));
    let first = filled(&code, "piece");
    let (id, sku) = (StoredValue::new(first.id), RwSignal::new(first.sku.clone()));
    let entry = RwSignal::new(first.entry.clone());
    let first = StoredValue::new(first);
    let keep_it = move || {
        let draft = Draft { id: id.get_value(), sku: sku.get_untracked(), entry: entry.get_untracked() };
        key.with_value(|key| keep::save(key, &draft));
    };
    let typing = Typing {
        entry,
        saved: RwSignal::new(Entry::default()),
        left: RwSignal::new(Vec::new()),
        taxes: known(),
        on_change: Callback::new(move |()| keep_it()),
    };
    let restored = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(draft) = key.with_value(|key| keep::load::<Draft>(key)) {
            id.set_value(draft.id);
            sku.set(draft.sku);
            entry.set(draft.entry);
            restored.set(true);
        }
    });
    let discard = move |_| {
        let empty = first.get_value();
        sku.set(empty.sku);
        entry.set(empty.entry);
        restored.set(false);
        key.with_value(|key| keep::forget(key));
    };
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let sku_left = RwSignal::new(false);
    let sku_wrong = move || sku_left.get() && sku.read().trim().is_empty();
    let navigate = StoredValue::new(use_navigate());
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        sku_left.set(true);
        if sku.read_untracked().trim().is_empty() {
            return focus("product-sku");
        }
        if !typing.is_sound() || busy.get_untracked() {
            return;
        }
        let store = here.store().get_untracked().code;
        let typed = entry.get_untracked();
        let new = NewItem {
            id: id.get_value(),
            sku: sku.read_untracked().trim().to_owned(),
            name: typed.get(Field::Name).trim().to_owned(),
            barcodes: typed.barcodes(),
            packs: typed.packs().unwrap_or_default(),
            unit: typed.get(Field::Unit).trim().to_owned(),
            price: typed.price(),
            kind: ItemKind::Stocked,
            costing: typed.costing().unwrap_or_default(),
        };
        busy.set(true);
        spawn_local(async move {
            let model::ItemPatch { limits, category, tax_class, .. } = typed.patch(&Entry::default(), &store);
            let answer = match add_product(new).await {
                Ok(product) if limits.is_some() || category.is_some() || tax_class.is_some() => {
                    let patch = model::ItemPatch { limits, category, tax_class, ..model::ItemPatch::default() };
                    change_product(product.item.sku.clone(), product.version, patch).await
                }
                answer => answer,
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(product) => {
                    key.with_value(|key| keep::forget(key));
                    let to = product_link(&product.item.sku, &store);
                    navigate.with_value(|navigate| navigate(&to, Default::default()));
                }
                Err(reason) => failure.set(Some(reason)),
            }
        });
    };
    view! {
        <Show when=move || restored.get()>
            <p class="notice" data-kind="warn" role="status">
                <Svg icon=Icon::Clock /><span>{t!(words, products.restored)}</span>
                <button type="button" class="button" on:click=discard>{t!(words, products.discard)}</button>
            </p>
        </Show>
        <form class="card product-form narrow" on:submit=on_submit aria-label=move || t_string!(words, products.form)>
            <div class="field">
                <label for="product-sku">{t!(words, products.sku)}</label>
                <input
                    id="product-sku"
                    autocomplete="off"
                    maxlength="64"
                    prop:value=sku
                    value=sku.get_untracked()
                    aria-invalid=move || sku_wrong().then_some("true")
                    aria-describedby="product-sku-hint"
                    on:input=move |event| {
                        sku.set(event_target_value(&event));
                        keep_it();
                    }
                    on:blur=move |_| sku_left.set(true)
                />
                <p id="product-sku-hint" class="hint">{t!(words, products.sku_hint)}</p>
                <p class="wrong" role="status">
                    {move || sku_wrong().then(|| view! { <Svg icon=Icon::Warning />{t!(words, products.wrong.missing)} })}
                </p>
            </div>
            <Fields typing sku=StoredValue::new(String::new()) stocked=true />
            <Notice failure />
            <div class="product-save">
                <button type="submit" class="button primary wide" disabled=busy>
                    {move || if busy.get() { t_string!(words, products.saving) } else { t_string!(words, products.add_do) }}
                </button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanned_code_is_filled_in() {
        let draft = filled("5012345678900", "piece");
        assert_eq!((draft.sku.as_str(), draft.entry.get(Field::Barcodes)), ("5012345678900", "5012345678900"));
        assert_eq!(filled("A-1", "piece").entry.get(Field::Barcodes), "");
    }
}
