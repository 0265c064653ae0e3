//! The sheet "Report a problem": one sentence, and what the screen was doing goes along.

use super::{api, doing::doing};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t, t_string, use_i18n},
    live::{Connection, Live},
    parts::{Icon, Reporting, Svg, sentence},
};
use leptos::{html::Dialog, task::spawn_local};
use model::NewReport;

/// The sheet; closed until somebody wants to report.
#[component]
pub fn ReportSheet() -> impl IntoView {
    let words = use_i18n();
    let reporting = expect_context::<Reporting>();
    let live = expect_context::<Live>();
    let dialog = NodeRef::<Dialog>::new();
    let note = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let sent = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match reporting.open.get() {
            Some(_) if !dialog.open() => drop(dialog.show_modal()),
            None if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    let close = move || {
        reporting.open.set(None);
        failure.set(None);
        if sent.get_untracked() {
            sent.set(false);
            note.set(String::new());
        }
    };
    let send = move || {
        let connection = match live.state().get_untracked() {
            Connection::Live => "live",
            Connection::Reconnecting => "reconnecting",
            Connection::Offline => "offline",
        };
        let ticket = reporting.open.get_untracked().unwrap_or_default();
        let report = NewReport { note: note.get_untracked(), doing: doing(connection, ticket) };
        busy.set(true);
        spawn_local(async move {
            let done = api::report(report).await;
            busy.set(false);
            sent.set(done.is_ok());
            failure.set(done.err());
        });
    };
    let code = move || reporting.open.get().filter(|ticket| !ticket.is_empty());
    view! {
        <dialog class="sheet talk" node_ref=dialog aria-labelledby="report-title" on:close=move |_| close()>
            <h2 id="report-title">{t!(words, problems.report.title)}</h2>
            <Show when=move || !sent.get() fallback=move || view! {
                <p role="status" class="sheet-sent"><Svg icon=Icon::Check />{t!(words, problems.report.sent)}</p>
                <button type="button" class="button" on:click=move |_| close()>{t!(words, common.close)}</button>
            }>
                <p>{t!(words, problems.report.text)}</p>
                {move || code().map(|ticket| view! { <p class="quiet">{t!(words, problems.report.code, ticket = ticket)}</p> })}
                <form class="sheet-form" on:submit=move |event| { event.prevent_default(); send() }>
                    <label class="field"><span>{t!(words, problems.report.note)}</span>
                        <textarea rows="3" maxlength="1000" placeholder=move || t_string!(words, problems.report.note_hint)
                            prop:value=note on:input=move |event| note.set(event_target_value(&event))></textarea>
                    </label>
                    <div role="alert" class="notice-place">
                        {move || failure.get().map(|failure| view! { <p class="notice" data-kind="bad"><Svg icon=Icon::Warning /><span>{sentence(words, &failure)}</span></p> })}
                    </div>
                    <div class="problem-ways">
                        <button type="submit" class="button primary" disabled=busy>{t!(words, problems.report.send)}</button>
                        <button type="button" class="button" on:click=move |_| close()>{t!(words, problems.report.cancel)}</button>
                    </div>
                </form>
            </Show>
        </dialog>
    }
}
