//! The button "Report a problem": it opens the sheet that the frame keeps.

use super::{Icon, Svg};
use crate::i18n::{t, use_i18n};
use crate::prelude::*;

/// The sheet for reporting, in context below the frame: open while there is something in it.
#[derive(Clone, Copy)]
pub struct Reporting {
    /// The ticket to report, or an empty text; `None` while the sheet is closed.
    pub open: RwSignal<Option<String>>,
    /// The last ticket that a screen showed.
    pub last: RwSignal<String>,
}

impl Reporting {
    /// Puts it in context, closed.
    pub fn provide() -> Self {
        let reporting = Self { open: RwSignal::new(None), last: RwSignal::new(String::new()) };
        provide_context(reporting);
        reporting
    }
}

/// The button; nothing where nobody is signed in.
#[component]
pub fn ReportProblem(
    /// The ticket to report.
    #[prop(optional, into)]
    ticket: Option<String>,
    /// How the button looks: its classes.
    #[prop(default = "button quiet-button")]
    class: &'static str,
) -> impl IntoView {
    let words = use_i18n();
    let reporting = use_context::<Reporting>()?;
    if let Some(ticket) = ticket.clone() {
        Effect::new(move || reporting.last.set(ticket.clone()));
    }
    let open = move |_| reporting.open.set(Some(ticket.clone().unwrap_or_else(|| reporting.last.get_untracked())));
    Some(view! {
        <button type="button" class=class on:click=open><Svg icon=Icon::Flag />{t!(words, problems.report.button)}</button>
    })
}
