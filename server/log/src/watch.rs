//! The watch: verifies the journal while the process serves, a stretch at a time, and says how far it came.
//!
//! It begins at the first line when the process starts, goes on from where it stood every minute, and begins anew after
//! a day, so that a line that somebody changed after it was checked is found too.

use crate::Log;
use crate::running::Stop;
use crate::verify::{BATCH, Check};
use model::{Result, Ticket, Time, Verified};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How often what was added is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// The pause between two stretches: looking back at a long journal must not slow a sale.
const BREATH: Duration = Duration::from_millis(40);
/// When everything is looked at anew.
const ANEW: Duration = Duration::from_secs(24 * 3_600);

/// Runs until it is stopped, or until something is wrong: then what it says stays.
pub(crate) async fn keep(log: Log, mut stop: Stop) {
    let mut begun = Instant::now();
    let mut check = Check::new(Vec::new(), &[]);
    let mut after = (i64::MIN, i64::MIN);
    while !stop.is_asked() {
        if begun.elapsed() > ANEW {
            (begun, check, after) = (Instant::now(), Check::new(Vec::new(), &[]), (i64::MIN, i64::MIN));
        }
        // A failure to read was logged where it happened; the next round tries again.
        let done = stretch(&log, &mut check, &mut after).await.unwrap_or(true);
        if let Some(finding) = check.first() {
            return cry(&log, after.0.max(0), &finding);
        }
        let pause = if done { EVERY } else { BREATH };
        if timeout(pause, stop.asked()).await.is_ok() {
            return;
        }
    }
}

/// The next lines; `true` when there are no more.
async fn stretch(log: &Log, check: &mut Check, after: &mut (i64, i64)) -> Result<bool> {
    let (checkpoints, unsigned) = log.inner.checkpoints.load()?;
    check.expect(checkpoints, &unsigned);
    let (rows, head) = log.clone().batch(*after).await?;
    rows.iter().for_each(|row| check.row(row));
    if let Some(last) = rows.last() {
        *after = (last.seq, last.ordinal);
    }
    let done = rows.len() < BATCH;
    if done {
        check.end(&head);
    }
    if check.first().is_none() {
        log.inner.verified.send_replace(Verified { line: after.0.max(0), at: Some(Time::now()), broken: None });
    }
    Ok(done)
}

/// Loudly: in the program's log, on the page of activities, in the figures for whoever watches the process.
fn cry(log: &Log, line: i64, finding: &str) {
    let ticket = Ticket::new();
    tracing::error!(
        ticket = ticket.0,
        finding,
        "the journal is not what was sealed: run `storeroom verify`, keep a copy of the data folder, and restore the last good backup"
    );
    let broken = Some(finding.to_owned());
    log.inner.verified.send_replace(Verified { line, at: Some(Time::now()), broken });
}
