//! The fields of a product: each says what is wrong with it once one has left it.

use super::{
    categories::{KNOWN, Known},
    codes::Codes,
    costing::HowCosted,
    entry::{Entry, Field, Wrong},
    packs::Packs,
};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::taxes::Choice,
    parts::{Icon, Svg},
    prefs::Words,
};
use model::TaxClass;

/// What is being typed.
#[derive(Clone, Copy)]
pub struct Typing {
    /// The text of each field.
    pub entry: RwSignal<Entry>,
    /// The same as the server has it.
    pub saved: RwSignal<Entry>,
    /// Fields that were left: only they complain.
    pub left: RwSignal<Vec<Field>>,
    /// The tax classes to choose from.
    pub taxes: RwSignal<Vec<TaxClass>>,
    /// Something was typed.
    pub on_change: Callback<()>,
}

impl Typing {
    /// Another text for a field.
    pub fn set(self, field: Field, text: String) {
        self.entry.update(|entry| entry.set(field, text));
        self.on_change.run(());
    }

    /// A field was left.
    pub fn leave(self, field: Field) {
        self.left.update(|left| {
            if !left.contains(&field) {
                left.push(field);
            }
        });
    }

    /// What is wrong with a field that was left.
    pub fn wrong(self, field: Field) -> Option<Wrong> {
        self.left.read().contains(&field).then(|| self.entry.read().wrong(field, &self.saved.read())).flatten()
    }

    /// Is all of it sound? If not, every field says so and the first wrong one gets the focus.
    pub fn is_sound(self) -> bool {
        let wrong = self.entry.with_untracked(|entry| {
            let saved = self.saved.read_untracked();
            Field::ALL.into_iter().find(|field| entry.wrong(*field, &saved).is_some())
        });
        let Some(wrong) = wrong else { return true };
        self.left.set(Field::ALL.to_vec());
        focus(id(wrong));
        false
    }
}

/// Puts the focus on the element of that id.
pub fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        element.focus().ok();
    }
}

/// The element of a field.
pub const fn id(field: Field) -> &'static str {
    match field {
        Field::Name => "product-name",
        Field::Barcodes => "product-code",
        Field::Packs => "product-packs",
        Field::Price => "product-price",
        Field::Unit => "product-unit",
        Field::Category => "product-category",
        Field::TaxClass => "product-tax",
        Field::Costing => "product-costing",
        Field::Minimum => "product-minimum",
        Field::Maximum => "product-maximum",
    }
}

/// A field's name.
pub fn name(words: Words, field: Field) -> &'static str {
    match field {
        Field::Name => t_string!(words, products.name),
        Field::Barcodes => t_string!(words, products.barcodes),
        Field::Packs => t_string!(words, products.packs.title),
        Field::Price => t_string!(words, products.price),
        Field::Unit => t_string!(words, products.unit),
        Field::Category => t_string!(words, products.category),
        Field::TaxClass => t_string!(words, taxes.class),
        Field::Costing => t_string!(words, costing.how),
        Field::Minimum => t_string!(words, products.minimum),
        Field::Maximum => t_string!(words, products.maximum),
    }
}

/// What is wrong, in a sentence that says what to do.
pub fn sentence(words: Words, wrong: &Wrong) -> String {
    match wrong {
        Wrong::Missing => t_string!(words, products.wrong.missing).to_string(),
        Wrong::NotNumber => t_string!(words, products.wrong.number).to_string(),
        Wrong::Digit(code, digit) => {
            t_string!(words, products.wrong.digit, code = code.clone(), digit = digit.to_string()).to_string()
        }
        Wrong::Turned => t_string!(words, products.wrong.turned).to_string(),
        Wrong::Pack => t_string!(words, products.packs.whole).to_string(),
        Wrong::Twice(code) => t_string!(words, products.packs.twice, code = code.clone()).to_string(),
    }
}

/// All of them, for the store looked at; `sku` is the product's own, empty for a new one.
#[component]
pub fn Fields(
    typing: Typing,
    sku: StoredValue<String>,
    /// It has stock of its own, whose cost is counted.
    #[prop(into)]
    stocked: Signal<bool>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Text typing field=Field::Name most=200 />
        <Codes typing sku />
        <Packs typing />
        <div class="field-pair">
            <Text typing field=Field::Price most=20 decimal=true />
            <Text typing field=Field::Unit most=20 />
        </div>
        <Text typing field=Field::Category most=40 list=KNOWN />
        <Known />
        <Choice id=id(Field::TaxClass) known=typing.taxes
            chosen=Signal::derive(move || typing.entry.read().get(Field::TaxClass).to_owned())
            on_choose=Callback::new(move |class| typing.set(Field::TaxClass, class)) />
        <Show when=move || stocked.get()><HowCosted typing /></Show>
        <fieldset class="limits">
            <legend>{t!(words, products.limits_in, store = move || here.store().get().name)}</legend>
            <p class="hint">{t!(words, products.limits_hint)}</p>
            <div class="field-pair">
                <Text typing field=Field::Minimum most=16 decimal=true />
                <Text typing field=Field::Maximum most=16 decimal=true />
            </div>
        </fieldset>
    }
}

#[component]
fn Text(
    typing: Typing,
    field: Field,
    most: u32,
    #[prop(optional)] decimal: bool,
    /// The list of what is there already.
    #[prop(optional)]
    list: &'static str,
) -> impl IntoView {
    let words = use_i18n();
    let id = id(field);
    let wrong = Memo::new(move |_| typing.wrong(field));
    let about = format!("{id}-wrong");
    view! {
        <div class="field">
            <label for=id>{move || name(words, field)}</label>
            <input
                id=id
                autocomplete="off"
                maxlength=most
                list=(!list.is_empty()).then_some(list)
                inputmode=if decimal { "decimal" } else { "text" }
                prop:value=move || typing.entry.read().get(field).to_owned()
                value=typing.entry.read_untracked().get(field).to_owned()
                aria-invalid=move || wrong.read().is_some().then_some("true")
                aria-describedby=about.clone()
                on:input=move |event| typing.set(field, event_target_value(&event))
                on:blur=move |_| typing.leave(field)
            />
            <p id=about class="wrong" role="status">
                {move || wrong.get().map(|wrong| view! { <Svg icon=Icon::Warning />{sentence(words, &wrong)} })}
            </p>
        </div>
    }
}
