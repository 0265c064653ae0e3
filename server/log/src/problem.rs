//! Problems: what went wrong and nobody foresaw, kept by kind, counted, bounded; and what people do about it.

use crate::Log;
use crate::scrub::{kind_of, scrub};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::Tx;
use model::{Doing, Error, PersonId, Problem, ProblemFilter, ProblemId, ProblemSource, Result, Settling, Time};

/// How many kinds are kept. What comes beyond is counted under one name.
const KINDS_MAX: i64 = 2_000;
/// How many of them are what browsers say, which anybody can make up.
const BROWSER_KINDS_MAX: i64 = 500;
/// How many a list shows.
const LIST_MAX: i64 = 100;
/// Under what the rest is counted when there are too many kinds.
const OVERFLOW: &str = "overflow";

/// Something that went wrong, as it is written down.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// Where it showed.
    pub source: ProblemSource,
    /// What went wrong.
    pub what: String,
    /// In which part of the program.
    pub place: String,
    /// What the screen was doing.
    pub doing: Doing,
    /// Who reported it, by name; empty when nobody did.
    pub reporter: String,
}

/// What became of a trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its row.
    pub id: ProblemId,
    /// The first of its kind, or the first after its kind was closed.
    pub news: bool,
}

impl Trouble {
    /// Without what somebody may have typed, and within bounds. A person's own sentence stays as it is.
    fn tidied(mut self) -> Self {
        self.what = match self.source {
            ProblemSource::Person => cut(&self.what, 1_000),
            ProblemSource::Server | ProblemSource::Browser => scrub(&self.what),
        };
        self.place = scrub(&self.place);
        self.reporter = cut(&self.reporter, 100);
        let doing = &mut self.doing;
        doing.screen = cut(doing.screen.split(['?', '#']).next().unwrap_or_default(), 200);
        doing.actions.truncate(10);
        doing.actions.iter_mut().for_each(|action| *action = cut(action, 80));
        let short = [
            &mut doing.version,
            &mut doing.viewport,
            &mut doing.language,
            &mut doing.connection,
            &mut doing.ticket,
            &mut doing.request,
            &mut doing.device,
        ];
        short.into_iter().for_each(|text| *text = cut(text, 80));
        self
    }

    /// The name of its kind. What a person says is a kind of its own.
    fn fingerprint(&self, id: ProblemId) -> String {
        if self.source == ProblemSource::Person {
            return format!("person {id}");
        }
        let text = format!("{}\n{}\n{}", self.source.name(), kind_of(&self.place), kind_of(&self.what));
        URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ProblemId,
    source: String,
    what: String,
    place: String,
    build: String,
    first_at: Time,
    last_at: Time,
    times: i64,
    ticket: String,
    doing: String,
    reporter: String,
    state: String,
    taken_by: Option<PersonId>,
    closing: String,
}

impl Row {
    fn problem(self) -> Problem {
        Problem {
            id: self.id,
            source: ProblemSource::named(&self.source),
            what: self.what,
            place: self.place,
            version: self.build,
            first_at: self.first_at,
            last_at: self.last_at,
            times: self.times,
            ticket: self.ticket,
            doing: serde_json::from_str(&self.doing).unwrap_or_default(),
            reporter: self.reporter,
            open: self.state == "open",
            taken_by: self.taken_by,
            taken_by_name: String::new(),
            closing: self.closing,
        }
    }
}

impl Log {
    /// Writes a trouble down: counts it with its kind, or opens a new kind. One that was closed opens again.
    pub async fn keep_problem(&self, tx: &mut Tx, trouble: Trouble) -> Result<Kept> {
        let trouble = trouble.tidied();
        let fresh = ProblemId::new();
        let mut fingerprint = trouble.fingerprint(fresh);
        let mut known = find(tx, &fingerprint).await?;
        if known.is_none() && !make_room(tx, trouble.source).await? {
            OVERFLOW.clone_into(&mut fingerprint);
            known = find(tx, &fingerprint).await?;
        }
        let (id, now) = (known.as_ref().map_or(fresh, |(id, _)| *id), Time::now());
        db::execute!(
            tx,
            "insert into log_problem (id, fingerprint, source, what, place, build, first_at, last_at, times, ticket,
                                      doing, reporter, state, taken_by, closing)
             values ($1, $2, $3, $4, $5, $6, $7, $7, 1, $8, $9, $10, 'open', null, '')
             on conflict (fingerprint) do update set what = excluded.what, place = excluded.place,
                 build = excluded.build, last_at = excluded.last_at, times = log_problem.times + 1,
                 ticket = case when excluded.ticket = '' then log_problem.ticket else excluded.ticket end,
                 doing = excluded.doing, state = 'open'",
            id,
            &fingerprint,
            trouble.source.name(),
            &trouble.what,
            &trouble.place,
            &trouble.doing.version,
            now,
            &trouble.doing.ticket,
            serde_json::to_string(&trouble.doing).unwrap_or_default(),
            &trouble.reporter
        )?;
        Ok(Kept { id, news: known.is_none_or(|(_, state)| state != "open") })
    }

    /// The latest first, at most 100.
    pub async fn problems(&self, tx: &mut Tx, filter: ProblemFilter, me: Option<PersonId>) -> Result<Vec<Problem>> {
        let state = if filter == ProblemFilter::Closed { "closed" } else { "open" };
        let mine = filter == ProblemFilter::Mine;
        let rows: Vec<Row> = db::fetch_all!(
            tx,
            "select id, source, what, place, build, first_at, last_at, times, ticket, doing, reporter, state, taken_by,
                    closing
             from log_problem where state = $1 and ($2 = false or taken_by = $3)
             order by last_at desc, id limit $4",
            state,
            mine,
            me,
            LIST_MAX
        )?;
        Ok(rows.into_iter().map(Row::problem).collect())
    }

    /// How many are open.
    pub async fn open_problems(&self, tx: &mut Tx) -> Result<i64> {
        let (count,): (i64,) = db::fetch_one!(tx, "select count(*) from log_problem where state = 'open'")?;
        Ok(count)
    }

    /// Does that with a problem; answers with its words. Errors: [`Error::NotFound`], also when it is done already.
    pub async fn settle_problem(
        &self,
        tx: &mut Tx,
        id: ProblemId,
        settling: &Settling,
        by: Option<PersonId>,
    ) -> Result<String> {
        let changed = match settling {
            Settling::Take => db::execute!(
                tx,
                "update log_problem set taken_by = $1
                     where id = $2 and state = 'open' and (taken_by is null or taken_by <> $1)",
                by,
                id
            )?,
            Settling::GiveBack => {
                db::execute!(tx, "update log_problem set taken_by = null where id = $1 and taken_by is not null", id)?
            }
            Settling::Close(note) => db::execute!(
                tx,
                "update log_problem set state = 'closed', closing = $1 where id = $2 and state = 'open'",
                note,
                id
            )?,
            Settling::Reopen => db::execute!(
                tx,
                "update log_problem set state = 'open', closing = '' where id = $1 and state = 'closed'",
                id
            )?,
        };
        if changed == 0 {
            return Err(Error::NotFound);
        }
        let (what,): (String,) = db::fetch_one!(tx, "select what from log_problem where id = $1", id)?;
        Ok(what)
    }
}

async fn find(tx: &mut Tx, fingerprint: &str) -> Result<Option<(ProblemId, String)>> {
    Ok(db::fetch_optional!(tx, "select id, state from log_problem where fingerprint = $1", fingerprint)?)
}

/// Makes room for one more kind of that source, if there is none: of what browsers say the one goes that nobody saw for
/// the longest time; otherwise the first that was closed, or else one of theirs. Is there room then?
async fn make_room(tx: &mut Tx, source: ProblemSource) -> Result<bool> {
    let browser = ProblemSource::Browser.name();
    let (all, of_browsers): (i64, i64) = db::fetch_one!(
        tx,
        "select count(*), coalesce(sum(case when source = $1 then 1 else 0 end), 0) from log_problem",
        browser
    )?;
    let quota = source == ProblemSource::Browser && of_browsers >= BROWSER_KINDS_MAX;
    if all < KINDS_MAX && !quota {
        return Ok(true);
    }
    let dropped = db::execute!(
        tx,
        "delete from log_problem where id =
             (select id from log_problem where source = $1 or (state = 'closed' and not $2)
              order by case when state = 'closed' and not $2 then 0 else 1 end, last_at, id limit 1)",
        browser,
        quota
    )?;
    Ok(dropped > 0)
}

fn cut(text: &str, characters: usize) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(characters).collect()
}
