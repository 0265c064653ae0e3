//! A field of a form: its label, what to mend, and a hint; it says so when one leaves it, not while one types.

use crate::prelude::*;
use crate::{
    i18n::{t_string, use_i18n},
    parts::{Icon, Svg},
};
use leptos::html::Input;

/// A text field. What was typed stays, whatever the answer was.
#[component]
pub fn Field(
    /// The field's name in the form, and its id.
    name: &'static str,
    /// What it is for.
    #[prop(into)]
    label: Signal<String>,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with a text, found when one leaves the field; `None` when nothing is.
    #[prop(optional, into)]
    check: Option<Callback<String, Option<String>>>,
    /// What the server says is wrong.
    #[prop(into)]
    flaw: Signal<Option<String>>,
    /// A word of help below the field.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// A password: hidden, with a button that shows it.
    #[prop(optional)]
    secret: bool,
    /// Digits only: they come up first where there are no keys.
    #[prop(optional)]
    numeric: bool,
    /// The longest text, in characters.
    #[prop(default = 100)]
    longest: u16,
    /// The id of a list to choose from.
    #[prop(optional)]
    list: Option<&'static str>,
    /// One has typed here.
    #[prop(optional, into)]
    on_type: Option<Callback<()>>,
) -> impl IntoView {
    let words = use_i18n();
    let left = RwSignal::new(None::<String>);
    let shown = RwSignal::new(false);
    let node = NodeRef::<Input>::new();
    // What was typed before the page was alive stays; afterwards the signal leads.
    Effect::new(move |alive: Option<bool>| {
        let (Some(field), text) = (node.get(), value.get()) else { return false };
        if alive != Some(true) && text.is_empty() && !field.value().is_empty() {
            value.set(field.value());
        } else if field.value() != text {
            field.set_value(&text);
        }
        true
    });
    // The server's word counts until the text is another one.
    let judged = RwSignal::new(None::<String>);
    Effect::new(move || {
        let said = flaw.get().is_some();
        judged.set(said.then(|| value.get_untracked()));
    });
    let problem = move || {
        let said = flaw.get().filter(|_| judged.get().is_none_or(|judged| judged == value.get()));
        left.get().or(said)
    };
    let leave = move |_| {
        let text = value.get_untracked();
        left.set(check.filter(|_| !text.is_empty()).and_then(|check| check.run(text)));
    };
    let typed = move |event| {
        value.set(event_target_value(&event));
        left.set(None);
        if let Some(on_type) = on_type {
            on_type.run(());
        }
    };
    let kind = move || if secret && !shown.get() { "password" } else { "text" };
    let described = format!("{name}-help");
    view! {
        <div class="field" data-wrong=move || problem().is_some().then_some("")>
            <label for=name>{label}</label>
            <div class="field-box">
                <input id=name name=name type=move || kind() autocomplete=autocomplete inputmode=numeric.then_some("numeric") autocapitalize="none" spellcheck="false" maxlength=longest list=list
                    aria-describedby=described.clone() aria-invalid=move || problem().is_some().then_some("true")
                    node_ref=node value=value.get_untracked() on:input=typed on:blur=leave />
                {secret.then(|| view! {
                    <button type="button" class="icon-button" aria-pressed=move || shown.get().to_string()
                        aria-label=move || t_string!(words, people.show_password) on:click=move |_| shown.update(|shown| *shown = !*shown)>
                        <Svg icon=Icon::Eye />
                    </button>
                })}
            </div>
            <p id=described class="field-help" role="status">{move || problem().or_else(|| hint.get())}</p>
        </div>
    }
}
