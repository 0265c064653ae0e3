//! Looking back through the journal: newest first, filtered, a bounded stretch at a time.

use crate::Log;
use crate::line::{Content, Line};
use db::Tx;
use model::{ActivityKind, Result, Scope, StoreId, Time};
use std::time::{Duration, Instant};

/// How many lines are looked through by one statement.
const STRETCH: i64 = 20_000;
/// How long one look goes on when little is found; the next one goes on from there.
const PATIENCE: Duration = Duration::from_millis(600);
/// Clocks of several processes may differ by so much: a day's edges are looked for a little outside.
const SLACK_SECONDS: i64 = 300;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Look {
    /// Which lines.
    pub kind: ActivityKind,
    /// Who; empty for everybody.
    pub principal: String,
    /// In which store.
    pub store: Option<StoreId>,
    /// Of which stores, for a reader who may not see all; lines of no store are then left out.
    pub scope: Scope,
    /// From when, and before when.
    pub span: Option<(Time, Time)>,
    /// A text in the subject or the body; empty for any.
    pub text: String,
    /// Only lines before this one.
    pub before: Option<i64>,
    /// Only lines after this one.
    pub after: i64,
    /// How many at most.
    pub limit: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    #[sqlx(flatten)]
    content: Content,
}

impl Log {
    /// The lines that are looked for, newest first, and where to go on; `None` when there is nothing further back.
    pub async fn look_back(&self, tx: &mut Tx, look: &Look) -> Result<(Vec<Line>, Option<i64>)> {
        let (floor, mut top) = self.bounds(tx, look).await?;
        let pattern = pattern(&look.text);
        let (mut found, begun) = (Vec::new(), Instant::now());
        while top > floor + 1 {
            let from = (top - STRETCH).max(floor + 1);
            let wanted = look.limit + 1 - i64::try_from(found.len()).unwrap_or(0);
            let rows: Vec<Row> = db::fetch_all!(
                tx,
                "select seq, id, at, topic, subject, store, principal, actor, device, request_id, body
                 from log_journal
                 where seq >= $1 and seq < $2 and ($3 = '' or principal = $3)
                   and ($4 = '' or lower(subject) like $4 escape '!' or lower(body) like $4 escape '!')
                   and ($5 = 'all' or ($5 = 'security' and topic like 'auth.%')
                        or ($5 = 'changes' and topic not like 'auth.%' and topic not like 'log.%')
                        or ($5 = 'problems' and (topic like 'log.%' or topic in
                            ('auth.act_refused', 'auth.sign_in_failed', 'auth.refresh_reused', 'inventory.sale_refused'))))
                 order by seq desc limit $6",
                from,
                top,
                &look.principal,
                &pattern,
                look.kind.name(),
                wanted
            )?;
            let cut_at = (i64::try_from(rows.len()).unwrap_or(0) == wanted).then(|| rows.last().map(|row| row.seq));
            found.extend(rows.into_iter().filter(|row| look.holds(row)).map(|row| Line::new(row.seq, row.content)));
            top = cut_at.flatten().unwrap_or(from);
            if i64::try_from(found.len()).unwrap_or(0) > look.limit || begun.elapsed() > PATIENCE {
                break;
            }
        }
        let more = usize::try_from(look.limit).unwrap_or(0);
        if found.len() > more {
            found.truncate(more);
            top = found.last().map_or(top, |line| line.seq);
        }
        Ok((found, (top > floor + 1).then_some(top)))
    }

    /// Lines after the first and before the second number are looked through.
    async fn bounds(&self, tx: &mut Tx, look: &Look) -> Result<(i64, i64)> {
        let head = crate::line::head(tx).await?;
        let top = look.before.unwrap_or(head + 1).clamp(1, head + 1);
        let floor = look.after.clamp(0, head);
        let Some((from, until)) = look.span else { return Ok((floor, top)) };
        let first = first_at(tx, from.plus_seconds(-SLACK_SECONDS), head).await?;
        let last = first_at(tx, until.plus_seconds(SLACK_SECONDS), head).await?;
        Ok((floor.max(first - 1), top.min(last)))
    }
}

impl Look {
    fn holds(&self, row: &Row) -> bool {
        let store = row.content.store;
        let theirs = match &self.scope {
            Scope::All => true,
            Scope::Only(_) => store.is_some_and(|store| self.scope.holds(store)),
        };
        let there = self.store.is_none_or(|asked| store == Some(asked));
        theirs && there && self.span.is_none_or(|(from, until)| (from..until).contains(&row.content.at))
    }
}

/// The first line at or after that moment, found by halving: the journal is in the order of time, but for the clocks'
/// differences. One more than the head when there is none.
async fn first_at(tx: &mut Tx, moment: Time, head: i64) -> Result<i64> {
    let (mut low, mut high) = (1, head + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let at: Option<(Time,)> = db::fetch_optional!(tx, "select at from log_journal where seq = $1", middle)?;
        if at.is_some_and(|(at,)| at < moment) { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

/// For `like … escape '!'`; empty when nothing is looked for.
fn pattern(text: &str) -> String {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return text;
    }
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn signs_that_mean_something_to_like_mean_themselves() {
        assert_eq!(pattern(" 100%_A! "), "%100!%!_a!!%");
        assert_eq!(pattern("  "), "");
    }
}
