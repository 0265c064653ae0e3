//! The postings on the screen: loaded once, followed live, and never moved under a finger.

use crate::prelude::*;
use crate::{
    failure::Failure,
    inventory::api::{history, posting},
    live::{Follow, follow},
};
use leptos::task::spawn_local;
use model::{HistoryLine, HistoryQuery, Page, PostingId, Since, Time};
use std::collections::HashMap;

/// What follows the newest postings of a query.
#[derive(Clone, Copy)]
pub struct Feed {
    query: StoredValue<HistoryQuery>,
    limit: i64,
    /// What is shown, newest first.
    pub shown: RwSignal<Vec<HistoryLine>>,
    /// What came since, newest first, and waits to be shown.
    pub news: RwSignal<Vec<HistoryLine>>,
    /// After which posting there may be older ones: one that is shown, or to which was looked back for a text.
    pub place: RwSignal<Option<(Time, PostingId)>>,
    /// Why the older ones did not come.
    pub failure: RwSignal<Option<Failure>>,
    follow: StoredValue<Option<Follow>>,
}

impl Feed {
    /// Follows from a first page on. News comes in by itself when `eager`, else it waits until [`Feed::show`].
    pub fn new(query: HistoryQuery, limit: i64, first: Page<HistoryLine>, eager: bool) -> Self {
        let topics = vec![format!("work:{}", query.store)];
        let feed = Self {
            query: StoredValue::new(query),
            limit,
            place: RwSignal::new(first.next.as_deref().and_then(place)),
            shown: RwSignal::new(first.data),
            news: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            follow: StoredValue::new(None),
        };
        let read = move || {
            let query = feed.query.get_value();
            async move {
                let page = history(query, None, limit).await;
                page.map(|page| Since { as_of: page.as_of, total: 0, data: page })
            }
        };
        let following = follow(topics, first.as_of, read, move |page| feed.take(page, eager));
        feed.follow.set_value(Some(following));
        feed
    }

    /// Something was done here: reads at once.
    pub fn now(self) {
        self.follow.get_value().iter().for_each(|follow| follow.now());
    }

    /// Something was done to this posting: reads it too, because it may be older than what is followed.
    pub fn again(self, id: PostingId) {
        self.now();
        spawn_local(async move {
            // Without an answer its button stays, and to press it again does nothing twice.
            if let Ok(Since { data: line, .. }) = posting(id).await {
                self.shown.try_update(|shown| replace(shown, line));
            }
        });
    }

    fn take(self, page: Page<HistoryLine>, eager: bool) {
        if eager {
            self.place.set(page.next.as_deref().and_then(place));
            return self.shown.set(page.data);
        }
        let known: Vec<PostingId> = self.shown.with_untracked(|shown| shown.iter().map(|line| line.posting).collect());
        let (old, new): (Vec<_>, Vec<_>) = page.data.into_iter().partition(|line| known.contains(&line.posting));
        // What was undone meanwhile says so in its place.
        let mut old: HashMap<PostingId, HistoryLine> = old.into_iter().map(|line| (line.posting, line)).collect();
        let changed = |line: &HistoryLine| old.get(&line.posting).is_some_and(|now| now != line);
        if self.shown.with_untracked(|shown| shown.iter().any(changed)) {
            self.shown.update(|shown| {
                for line in shown.iter_mut() {
                    if let Some(now) = old.remove(&line.posting) {
                        *line = now;
                    }
                }
            });
        }
        self.news.set(new);
    }

    /// Shows what came since.
    pub fn show(self) {
        let mut news = self.news.get_untracked();
        self.news.set(Vec::new());
        if i64::try_from(news.len()).is_ok_and(|count| count >= self.limit) {
            // There may be more between these and what is shown.
            self.place.set(news.last().map(|line| (line.recorded_at, line.posting)));
            return self.shown.set(news);
        }
        self.shown.update(|shown| {
            news.append(shown);
            *shown = news;
        });
    }

    /// Reads on where the list ends.
    pub fn read_on(self) {
        let Some(after) = self.place.get_untracked() else { return };
        let query = self.query.get_value();
        spawn_local(async move {
            let answer = history(query, Some(after), self.limit).await;
            if self.failure.try_set(None).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(page) => {
                    self.place.set(page.next.as_deref().and_then(place));
                    self.shown.update(|shown| {
                        let known: Vec<PostingId> = shown.iter().map(|line| line.posting).collect();
                        shown.extend(page.data.into_iter().filter(|line| !known.contains(&line.posting)));
                    });
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }
}

/// Where a list goes on, as the server said it.
fn place(next: &str) -> Option<(Time, PostingId)> {
    let (recorded, id) = next.split_once('\n')?;
    Some((Time::from_micros(recorded.parse().ok()?), id.parse().ok()?))
}

/// A posting as it is now, in the place of what was shown of it.
fn replace(shown: &mut [HistoryLine], now: HistoryLine) {
    if let Some(line) = shown.iter_mut().find(|line| line.posting == now.posting) {
        *line = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{DocumentKind, Money};

    fn line(posting: PostingId, reversed_by: Option<PostingId>) -> HistoryLine {
        let [store, actor, device, currency] = ["LON", "Ann", "till 1", "GBP"].map(str::to_owned);
        let (occurred_at, recorded_at) = (Time::from_micros(1), Time::from_micros(2));
        HistoryLine {
            posting,
            kind: DocumentKind::Sale,
            store,
            number: None,
            reason: None,
            actor,
            device,
            occurred_at,
            recorded_at,
            reverses: None,
            reversed_by,
            currency,
            total: Money::ZERO,
            tax: Vec::new(),
            lines: Vec::new(),
            line_count: 1,
            may_undo: reversed_by.is_none(),
        }
    }

    #[test]
    fn a_list_goes_on_where_the_server_said() {
        let id = PostingId::new();
        assert_eq!(place(&format!("7\n{id}")), Some((Time::from_micros(7), id)));
        assert_eq!(place("soon"), None);
    }

    #[test]
    fn a_posting_that_was_undone_says_so_in_its_place_and_the_others_stay() {
        let (first, old, undo) = (PostingId::new(), PostingId::new(), PostingId::new());
        let mut shown = vec![line(first, None), line(old, None)];
        replace(&mut shown, line(old, Some(undo)));
        assert_eq!(shown, [line(first, None), line(old, Some(undo))]);
        replace(&mut shown, line(undo, None));
        assert_eq!(shown.len(), 2, "one that is not shown is not added");
    }
}
