//! Importing a file in the browser: look first, then let it run, stop it, or undo it.

pub mod api;
mod check;
mod choose;
mod fault;
mod progress;

use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Empty, Icon, Notice, Skeleton},
};
use crate::{json::brought, prelude::*};
use check::Check;
use choose::Choose;
use leptos::either::EitherOf3;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};
use model::{Action, Error, ImportProgress, ImportState, Uploaded};
use progress::Progress;
use uuid::Uuid;

/// The page: `/import`, and `/import?file=<id>` once a file was read.
#[component]
pub fn ImportPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let id = Memo::new(move |_| params.read().get("file").and_then(|id| id.parse::<Uuid>().ok()));
    let may = untrack(|| here.may(Action::Import));
    let file = brought(
        move || id.get().filter(|_| may),
        |id| async move {
            match id {
                Some(id) => api::import(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    view! {
        <Title text=move || t_string!(words, import.title) />
        <header class="page-head">
            <h1>{t!(words, import.title)}</h1>
            <p>{t!(words, import.lead)}</p>
        </header>
        {if may {
            view! {
                <Transition fallback=|| view! { <Skeleton rows=6 /> }>
                    {drawn(move || async move {
                        match file.await {
                            Ok(Some((file, progress))) => EitherOf3::A(view! { <Work file progress /> }),
                            // A file that was let go, or is somebody else's, is chosen again.
                            Ok(None) | Err(Failure::Said(Error::NotFound)) => EitherOf3::B(view! { <Choose /> }),
                            Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                        }
                    })}
                </Transition>
            }
        } else {
            view! {
                <Empty icon=Icon::Up title=move || t!(words, import.not_yours) text=move || t!(words, import.not_yours_text)>
                    <A href=move || here.link("/stock") attr:class="button primary">{t!(words, products.to_stock)}</A>
                </Empty>
            }
        }}
    }
}

/// A file that was read: checked while it waits, followed while it runs.
#[component]
fn Work(file: Uploaded, progress: ImportProgress) -> impl IntoView {
    let live = expect_context::<crate::live::Live>();
    let topic = format!("import:{}", file.id);
    live.hear(vec![topic.clone()], file.as_of, |_| {}, || {});
    let progress = Memo::new(move |_| live.import(&topic).unwrap_or_else(|| progress.clone()));
    let waiting = Memo::new(move |_| progress.read().state == ImportState::Waiting);
    let file = StoredValue::new(file);
    move || {
        if waiting.get() {
            view! { <Check file=file.get_value() /> }
        } else {
            view! { <Progress file=file.get_value() progress /> }
        }
    }
}
