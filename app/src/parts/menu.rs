//! A button that unfolds a sheet. It is a `<details>`, so it opens before the page is alive.

use crate::prelude::*;
use leptos::{
    ev::{self, FocusEvent, MouseEvent},
    html::Details,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, Node};

/// The button and its sheet. A click elsewhere, Escape, moving the focus away, or following a link folds it up.
#[component]
pub fn Menu(
    /// What the button does, in words.
    #[prop(into)]
    label: Signal<String>,
    /// What is on the button.
    #[prop(into)]
    face: ViewFn,
    /// What is on the sheet.
    children: Children,
) -> impl IntoView {
    let menu = NodeRef::<Details>::new();
    Effect::new(move || {
        let elsewhere = window_event_listener(ev::pointerdown, move |event| fold_unless_inside(menu, event.target()));
        let escape = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" && is_open(menu) {
                fold(menu);
                focus_button(menu);
            }
        });
        on_cleanup(move || {
            elsewhere.remove();
            escape.remove();
        });
    });
    let on_leave = move |event: FocusEvent| {
        if let Some(next) = event.related_target() {
            fold_unless_inside(menu, Some(next));
        }
    };
    let on_click = move |event: MouseEvent| {
        let hit = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if hit.and_then(|hit| hit.closest("a").ok().flatten()).is_some() {
            fold(menu);
        }
    };
    view! {
        <details class="menu" node_ref=menu on:focusout=on_leave>
            <summary class="menu-button" aria-label=label>{face.run()}</summary>
            <div class="menu-sheet" on:click=on_click>{children()}</div>
        </details>
    }
}

fn is_open(menu: NodeRef<Details>) -> bool {
    menu.get_untracked().is_some_and(|menu| menu.open())
}

fn fold(menu: NodeRef<Details>) {
    if let Some(menu) = menu.get_untracked() {
        menu.set_open(false);
    }
}

fn focus_button(menu: NodeRef<Details>) {
    let button = menu.get_untracked().and_then(|menu| menu.query_selector("summary").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        button.focus().ok();
    }
}

fn fold_unless_inside(menu: NodeRef<Details>, target: Option<EventTarget>) {
    let target = target.and_then(|target| target.dyn_into::<Node>().ok());
    if menu.get_untracked().is_some_and(|menu| !menu.contains(target.as_ref())) {
        fold(menu);
    }
}
