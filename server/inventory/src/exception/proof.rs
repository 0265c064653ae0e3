//! Exceptions as the journal tells them, and whether the table says the same.

use super::code::{self, CodesTold};
use super::{COVERED, Settled, Taken};
use crate::cost::Costed;
use crate::event::{Opened, Posted};
use crate::news::known;
use crate::promise::Promised;
use crate::verify::{Finding, find};
use db::{Tx, fetch_all};
use model::{ExceptionId, JournalId, Result};
use serde::Deserialize;
use std::collections::HashMap;

/// The exceptions as the journal tells them: whether settled and why, and who is on them.
#[derive(Default)]
pub(crate) struct Told(HashMap<ExceptionId, (Option<String>, Option<String>)>);

impl Told {
    fn opened_and_closed(&mut self, opened: &[Opened], closed: &[ExceptionId]) {
        self.0.extend(opened.iter().map(|opened| (opened.id, (None, None))));
        for id in closed {
            self.0.entry(*id).or_default().0 = Some(COVERED.to_owned());
        }
    }

    /// Takes in one journal line, in order.
    pub(crate) fn hear(&mut self, line: &log::Line) {
        if let Some(posted) = Posted::of(line) {
            self.opened_and_closed(&posted.exceptions, &posted.closed);
        }
        if let Some(promised) = Promised::of(line) {
            self.opened_and_closed(&promised.exceptions, &promised.closed);
        }
        if line.topic == code::OPENED
            && let Ok(told) = serde_json::from_str::<CodesTold>(&line.body)
        {
            self.opened_and_closed(&told.opened, &[]);
        }
        if let Some(costed) = Costed::of(line) {
            self.opened_and_closed(&[], &costed.closed);
        }
        self.opened_and_closed(&[], &known(line));
        self.opened_and_closed(&[], &by_count(line));
        if line.topic == "inventory.exception_taken"
            && let Ok(taken) = serde_json::from_str::<Taken>(&line.body)
        {
            self.0.entry(taken.exception).or_default().1 = taken.by;
        }
        if line.topic == "inventory.exception_settled"
            && let Ok(settled) = serde_json::from_str::<Settled>(&line.body)
        {
            self.0.entry(settled.exception).or_default().0 = Some(settled.reason);
        }
    }
}

/// The exceptions that a count closed which booked nothing.
fn by_count(line: &log::Line) -> Vec<ExceptionId> {
    #[derive(Deserialize)]
    struct Step {
        told: Closed,
    }
    #[derive(Deserialize)]
    struct Closed {
        closed: Vec<ExceptionId>,
    }
    if !["inventory.count_posted", "inventory.count_confirmed"].contains(&line.topic.as_str()) {
        return Vec::new();
    }
    serde_json::from_str::<Step>(&line.body).map(|step| step.told.closed).unwrap_or_default()
}

/// Compares them with the table; what is committed and waits for its seal is left out.
pub(crate) async fn compare(tx: &mut Tx, told: Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    type Kept = (ExceptionId, String, Option<String>, Option<String>, Option<JournalId>);
    let rows: Vec<Kept> = fetch_all!(tx, "select id, state, resolution, taken_name, journal from inventory_exception")?;
    let mut told = told.0;
    for (id, state, resolution, taken, journal) in rows {
        let said = told.remove(&id);
        let same = said.is_some_and(|said| said == (resolution, taken)) && matches!(&*state, "open" | "settled");
        if !same && !journal.is_some_and(|journal| waiting.contains(&journal)) {
            find(findings, EXCEPTIONS, format!("exception {id} is {state}, which is not what the journal says"));
        }
    }
    for id in told.into_keys() {
        find(findings, EXCEPTIONS, format!("exception {id} is missing, and the journal tells of it"));
    }
    Ok(())
}

const EXCEPTIONS: &str = "an exception is what the journal says";
