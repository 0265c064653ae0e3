//! The figures on the screen: loaded once, then moved by each sale that is heard of.

use crate::prelude::*;
use crate::{
    live::{Event, Hearing, Live},
    parts::Bars,
    report::{
        api::figures,
        merge::{Merged, merge},
    },
};
use leptos::task::spawn_local;
use model::{Dashboard, HourFigure, Money, Quantity};
use std::time::Duration;

/// The figures are asked for again at most this often.
const PAUSE: Duration = Duration::from_secs(2);

/// A day's figures.
#[derive(Clone, Copy)]
pub struct Board {
    shown: RwSignal<Dashboard>,
    hearing: StoredValue<Option<Hearing>>,
    due: StoredValue<bool>,
    on_over: Callback<()>,
    /// How often they moved.
    pub changes: RwSignal<u32>,
}

impl Board {
    /// Listens from where the figures end; tells `on_over` of a sale on a later day.
    pub fn new(figures: Dashboard, on_over: Callback<()>) -> Self {
        let (topics, as_of) = (vec![format!("sales:{}", figures.store)], figures.as_of);
        let board = Self {
            shown: RwSignal::new(figures),
            hearing: StoredValue::new(None),
            due: StoredValue::new(false),
            on_over,
            changes: RwSignal::new(0),
        };
        let live = expect_context::<Live>();
        let hearing = live.hear(topics, as_of, move |event| board.hear(event), move || board.load());
        board.hearing.set_value(Some(hearing));
        board
    }

    fn hear(self, event: &Event<'_>) {
        let Some(sale) = event.sale else { return };
        match self.shown.try_update(|shown| merge(shown, sale)) {
            None | Some(Merged::Elsewhere) => return,
            Some(Merged::Later) => return self.on_over.run(()),
            Some(Merged::Whole) => {}
            Some(Merged::RankUnsure) => self.load_soon(),
        }
        self.changes.update(|changes| *changes += 1);
    }

    fn load_soon(self) {
        if self.due.try_get_value() == Some(false) {
            self.due.set_value(true);
            set_timeout(move || self.load(), PAUSE);
        }
    }

    fn load(self) {
        let Some((store, day)) = self.shown.try_with_untracked(|shown| (shown.store.clone(), shown.day.clone())) else {
            return;
        };
        spawn_local(async move {
            let answer = figures(store, Some(day)).await;
            if self.due.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(figures) => self.start_from(figures),
                Err(_) => self.load_soon(),
            }
        });
    }

    /// What was heard after these figures comes again, and is added again.
    fn start_from(self, figures: Dashboard) {
        let as_of = figures.as_of;
        self.shown.set(figures);
        if let Some(hearing) = self.hearing.get_value() {
            hearing.since(as_of);
        }
    }

    /// Nothing sold and nothing brought back.
    pub fn is_quiet(self) -> bool {
        self.shown.with(|shown| {
            shown.most_sold.is_empty() && shown.hours.iter().all(|hour| hour.sales == 0 && hour.value == Money::ZERO)
        })
    }

    /// The figures; tracked.
    pub fn with<T>(self, read: impl FnOnce(&Dashboard) -> T) -> T {
        self.shown.with(read)
    }

    /// What was taken, how many sales, how many pieces.
    pub fn sums(self) -> (Money, i64, Quantity) {
        self.with(|shown| {
            shown.hours.iter().fold((Money::ZERO, 0, Quantity::ZERO), |(value, sales, quantity), hour| {
                let value = value.checked_add(hour.value).unwrap_or(value);
                (value, sales + hour.sales, quantity.checked_add(hour.quantity).unwrap_or(quantity))
            })
        })
    }

    /// The bars of "sales by hour".
    pub fn hours(self) -> Bars {
        self.with(|shown| Bars {
            labels: shown.hours.iter().map(|hour| clock(&hour.hour)).collect(),
            values: lengths(&shown.hours),
            ..Bars::default()
        })
    }

    /// The bars of "most sold".
    pub fn most_sold(self) -> Bars {
        self.with(|shown| Bars {
            labels: shown.most_sold.iter().map(|row| row.name.clone()).collect(),
            values: shown.most_sold.iter().map(|row| drawn(row.quantity.parts(), Quantity::ONE)).collect(),
            ..Bars::default()
        })
    }
}

/// How long the bars of these hours are.
pub fn lengths(hours: &[HourFigure]) -> Vec<f64> {
    hours.iter().map(|hour| drawn(hour.value.parts(), 1_000_000)).collect()
}

/// `2026-11-22T14` as a clock says it.
pub fn clock(hour: &str) -> String {
    format!("{}:00", hour.get(11..13).unwrap_or(hour))
}

#[expect(clippy::cast_precision_loss, reason = "a bar's length on a screen; the table holds the exact figure")]
fn drawn(parts: i64, one: i64) -> f64 {
    parts as f64 / one as f64
}
