//! The barcodes of a product: scanned or typed, each checked as soon as it is there.

use super::{
    api::find_product,
    entry::{Field, Wrong},
    fields::{Typing, id, sentence},
    filter::product_link,
};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};
use leptos::{ev, html, task::spawn_local};
use model::gtin;

/// Another product that has a code already.
#[derive(Clone, PartialEq)]
struct Taken {
    code: String,
    sku: String,
    name: String,
}

/// The list of codes and the field for another one.
#[component]
pub fn Codes(typing: Typing, sku: StoredValue<String>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let field = NodeRef::<html::Input>::new();
    let wrong = RwSignal::new(None::<Wrong>);
    let taken = RwSignal::new(None::<Taken>);
    let set = move |codes: Vec<String>| typing.set(Field::Barcodes, codes.join("\n"));
    let add = move || {
        let Some(input) = field.get_untracked() else { return };
        let code = input.value().trim().to_owned();
        taken.set(None);
        if code.is_empty() {
            return wrong.set(None);
        }
        if let Some(digit) = gtin::wrong_check_digit(&code) {
            return wrong.set(Some(Wrong::Digit(code, digit)));
        }
        wrong.set(None);
        spawn_local(async move {
            let known = find_product(code.clone()).await;
            let Some(own) = sku.try_get_value() else { return };
            if let Ok(Some(other)) = known
                && other.data.item.sku != own
            {
                let item = other.data.item;
                return taken.set(Some(Taken { code, sku: item.sku, name: item.name }));
            }
            // Without an answer it is looked at again when all of it is saved.
            let mut codes = typing.entry.read_untracked().barcodes();
            codes.push(code);
            input.set_value("");
            set(codes);
        });
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            add();
        }
    };
    let codes = move || typing.entry.read().barcodes();
    let one = move |code: String| {
        let gone = code.clone();
        let (label, text) = (code.clone(), code);
        let remove = move |_| {
            let mut codes = typing.entry.read_untracked().barcodes();
            codes.retain(|kept| *kept != gone);
            set(codes);
        };
        view! {
            <li>
                <span class="code">{text}</span>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, products.remove_code, code = label.clone()).to_string() on:click=remove>
                    <Svg icon=Icon::Close />
                </button>
            </li>
        }
    };
    let saved_wrong = move || typing.wrong(Field::Barcodes);
    view! {
        <div class="field codes">
            <label for=id(Field::Barcodes)>{t!(words, products.barcodes)}</label>
            <ul class="code-list">{move || codes().into_iter().map(one).collect_view()}</ul>
            <div class="code-add">
                <input
                    id=id(Field::Barcodes)
                    node_ref=field
                    autocomplete="off"
                    maxlength="128"
                    placeholder=move || t_string!(words, products.code_hint)
                    aria-invalid=move || wrong.read().is_some().then_some("true")
                    aria-describedby="product-code-wrong"
                    on:keydown=on_key
                    on:blur=move |_| add()
                />
                <button type="button" class="button" on:click=move |_| add()><Svg icon=Icon::Plus />{t!(words, products.add_code)}</button>
            </div>
            <div id="product-code-wrong" class="wrong" role="status">
                {move || wrong.get().or_else(saved_wrong).map(|wrong| view! { <Svg icon=Icon::Warning /><span>{sentence(words, &wrong)}</span> })}
                {move || taken.get().map(|Taken { code, sku, name }| {
                    let link = product_link(&sku, &here.store().get().code);
                    view! {
                        <Svg icon=Icon::Warning />
                        <span>{t!(words, products.wrong.taken, code = move || code.clone())}" "<a href=link>{name}</a></span>
                    }
                })}
            </div>
        </div>
    }
}
