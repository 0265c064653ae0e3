//! The design language: type, space, colours, icons and every part in its states, as the product itself shows them.

mod parts;
mod tokens;

use crate::i18n::{t, t_string, use_i18n};
use crate::prelude::*;
use leptos_meta::Title;
use parts::{Actions, Feedback, Figures, Lists};
use tokens::{Colours, Icons, Space, Type};

/// The design language's page. It stands behind the sign-in because the frame is part of it.
#[component]
pub fn DesignPage() -> impl IntoView {
    let words = use_i18n();
    view! {
        <Title text=move || t_string!(words, design.title) />
        <header class="page-head">
            <h1>{t!(words, design.title)}</h1>
            <p>{t!(words, design.lead)}</p>
        </header>
        <div class="design">
            <Type />
            <Space />
            <Colours />
            <Icons />
            <Actions />
            <Feedback />
            <Lists />
            <Figures />
        </div>
    }
}

/// One chapter of the page.
#[component]
fn Chapter(
    /// What it is about.
    #[prop(into)]
    title: ViewFn,
    /// The rule, in a sentence or two.
    #[prop(into)]
    rule: ViewFn,
    /// The thing itself.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card design-chapter">
            <h2>{title.run()}</h2>
            <p class="card-text">{rule.run()}</p>
            {children()}
        </section>
    }
}
