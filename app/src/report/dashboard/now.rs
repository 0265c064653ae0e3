//! How the store stands: loaded once, then moved by what is heard, and asked for again when more than sales moved.

use crate::prelude::*;
use crate::{
    live::{Event, Hearing, Live},
    report::api::how_it_stands,
};
use leptos::task::spawn_local;
use model::{LastAct, PostingId, SaleSeen, Standing};
use std::time::Duration;

/// It is asked for again at most this often.
const PAUSE: Duration = Duration::from_millis(1_500);
/// People listed at most.
const PEOPLE_MAX: usize = 12;

/// How the store stands.
#[derive(Clone, Copy)]
pub struct Now {
    shown: RwSignal<Standing>,
    place: StoredValue<(String, Option<String>)>,
    hearing: StoredValue<Option<Hearing>>,
    due: StoredValue<bool>,
    /// How often it moved.
    pub changes: RwSignal<u32>,
}

impl Now {
    /// Listens from where it ends.
    pub fn new(standing: Standing, store: String, day: Option<String>) -> Self {
        // What was settled by hand moves no stock: it is told to those who follow the work.
        let topics = ["stock", "sales", "work"].map(|topic| format!("{topic}:{store}")).to_vec();
        let as_of = standing.as_of;
        let now = Self {
            shown: RwSignal::new(standing),
            place: StoredValue::new((store, day)),
            hearing: StoredValue::new(None),
            due: StoredValue::new(false),
            changes: RwSignal::new(0),
        };
        let live = expect_context::<Live>();
        let hearing = live.hear(topics, as_of, move |event| now.hear(event), move || now.load());
        now.hearing.set_value(Some(hearing));
        now
    }

    fn hear(self, event: &Event<'_>) {
        if let Some(sale) = event.sale {
            self.shown.try_update(|shown| {
                if let Some(people) = &mut shown.people {
                    saw(people, sale);
                }
            });
        }
        self.load_soon();
    }

    fn load_soon(self) {
        if self.due.try_get_value() == Some(false) {
            self.due.set_value(true);
            set_timeout(move || self.load(), PAUSE);
        }
    }

    fn load(self) {
        let Some((store, day)) = self.place.try_get_value() else { return };
        spawn_local(async move {
            let answer = how_it_stands(store, day).await;
            if self.due.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(standing) => {
                    let as_of = standing.as_of;
                    if self.shown.with_untracked(|shown| shown.value != standing.value) {
                        self.changes.update(|changes| *changes += 1);
                    }
                    self.shown.set(standing);
                    if let Some(hearing) = self.hearing.get_value() {
                        hearing.since(as_of);
                    }
                }
                Err(_) => self.load_soon(),
            }
        });
    }

    /// How it stands; tracked.
    pub fn with<T>(self, read: impl FnOnce(&Standing) -> T) -> T {
        self.shown.with(read)
    }
}

/// Puts whoever did that in front; a name that is not listed yet may be another system's, which the next answer shows.
fn saw(people: &mut Vec<LastAct>, sale: &SaleSeen) {
    let Some(at) = people.iter().position(|act| act.actor == sale.actor) else { return };
    people.remove(at);
    let item = sale.lines.first().map(|line| line.name.clone()).unwrap_or_default();
    let lines = i64::try_from(sale.lines.iter().filter(|line| !line.part).count()).unwrap_or(i64::MAX);
    people.insert(
        0,
        LastAct {
            actor: sale.actor.clone(),
            kind: sale.kind,
            posting: PostingId::new(),
            item,
            lines,
            at: sale.occurred_at,
        },
    );
    people.truncate(PEOPLE_MAX);
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{DocumentKind, Time};

    fn act(actor: &str) -> LastAct {
        let (kind, posting) = (DocumentKind::Receipt, PostingId::new());
        LastAct { actor: actor.into(), kind, posting, item: "Lamp".into(), lines: 1, at: Time::from_micros(1) }
    }

    fn sale(actor: &str) -> SaleSeen {
        SaleSeen {
            store: "LON".into(),
            kind: DocumentKind::Sale,
            occurred_at: Time::from_micros(2),
            local: "2026-11-22T14:05".into(),
            actor: actor.into(),
            lines: Vec::new(),
        }
    }

    #[test]
    fn whoever_sells_comes_first_and_once() {
        let mut people = vec![act("Ann"), act("Mark")];
        saw(&mut people, &sale("Mark"));
        assert_eq!(people.iter().map(|act| act.actor.as_str()).collect::<Vec<_>>(), ["Mark", "Ann"]);
        assert_eq!(people[0].kind, DocumentKind::Sale);
    }

    #[test]
    fn a_name_that_is_not_listed_waits_for_the_answer() {
        let mut people = vec![act("Ann")];
        saw(&mut people, &sale("till 2"));
        assert_eq!(people.len(), 1);
    }
}
