//! A list of documents: the latest step first, followed live, and read on page by page.

use crate::failure::Failure;
use crate::parts::Notice;
use crate::prelude::*;
use leptos::task::spawn_local;
use model::{PaperId, Time};
use std::future::Future;

/// Where reading goes on after a page: behind its last row.
pub type After = (Time, PaperId);

/// What is read of the list, and where reading goes on; nowhere at its end.
#[derive(Debug)]
pub struct Papers<T: 'static> {
    /// The rows.
    pub rows: RwSignal<Vec<T>>,
    next: RwSignal<Option<After>>,
    failure: RwSignal<Option<Failure>>,
    read_on: StoredValue<bool>,
    key: fn(&T) -> After,
}

impl<T> Clone for Papers<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Papers<T> {}

impl<T: Send + Sync + 'static> Papers<T> {
    /// The first page, and whether there are more.
    pub fn new(rows: Vec<T>, more: bool, key: fn(&T) -> After) -> Self {
        let next = rows.last().filter(|_| more).map(key);
        let (rows, next) = (RwSignal::new(rows), RwSignal::new(next));
        Self { rows, next, failure: RwSignal::new(None), read_on: StoredValue::new(false), key }
    }

    /// The first page, read anew. Who read on keeps what they read.
    pub fn renew(self, first: Vec<T>, more: bool) {
        let id = |row: &T| (self.key)(row).1;
        if self.read_on.get_value() {
            let ids: Vec<PaperId> = first.iter().map(id).collect();
            self.rows.update(|rows| {
                rows.retain(|row| !ids.contains(&id(row)));
                rows.splice(0..0, first);
            });
        } else {
            self.next.set(first.last().filter(|_| more).map(self.key));
            self.rows.set(first);
        }
    }

    /// Reads the next page.
    fn read_on<Reading>(self, read: impl Fn(After) -> Reading + 'static)
    where
        Reading: Future<Output = Result<(Vec<T>, bool), Failure>> + 'static,
    {
        let Some(after) = self.next.get_untracked() else { return };
        spawn_local(async move {
            match read(after).await {
                Ok((page, more)) => {
                    self.read_on.try_set_value(true);
                    self.next.try_set(page.last().filter(|_| more).map(self.key));
                    self.rows.try_update(|rows| rows.extend(page));
                }
                Err(failure) => drop(self.failure.try_set(Some(failure))),
            }
        });
    }
}

/// Below the list: the button that reads on, as long as there is more.
#[component]
pub fn Older<T, Reading>(
    papers: Papers<T>,
    /// Reads the page behind that row, and says whether there are more.
    read: impl Fn(After) -> Reading + Copy + Send + Sync + 'static,
    /// What the button says.
    #[prop(into)]
    name: Signal<&'static str>,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    Reading: Future<Output = Result<(Vec<T>, bool), Failure>> + 'static,
{
    view! {
        <Notice failure=papers.failure />
        <Show when=move || papers.next.read().is_some()>
            <button type="button" class="button history-more" on:click=move |_| papers.read_on(read)>{name}</button>
        </Show>
    }
}
