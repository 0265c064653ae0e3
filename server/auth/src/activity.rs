//! The journal as people read it: only who may, filtered, with the names that a sentence needs.

use crate::{Auth, key, person};
use db::Tx;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use log::{Line, Look};
use model::{
    Action, Activity, ActivityLine, ActivityQuery, Actor, Doer, Flaw, PersonId, Principal, Quantity, Result, Scope,
    Time,
};
use serde_json::Value;
use std::collections::HashMap;

/// How many lines a page has.
const LINES: i64 = 50;
/// How many of the things in a line are named.
const NAMED: usize = 3;
/// How many people and keys can be asked for.
const PEOPLE: usize = 200;
const KEYS: usize = 100;
/// The longest text that is looked for, in characters.
const TEXT_MAX: usize = 100;

impl Auth {
    /// A page of the journal, newest first. Who may read the journal of some stores only sees the lines of those.
    ///
    /// Errors: [`model::Error::Forbidden`]; [`model::Error::Invalid`] for what is no day or no zone.
    pub async fn activity(&self, actor: &Actor, query: &ActivityQuery) -> Result<Activity> {
        let look = look(query, actor.scope(Action::ReadJournal))?;
        let mut tx = self.read(actor, Action::ReadJournal.anywhere()).await?;
        let as_of = self.log().head(&mut tx).await?;
        let (lines, older) = self.log().look_back(&mut tx, &look).await?;
        let mut names = Names::default();
        let mut told = Vec::with_capacity(lines.len());
        for line in lines {
            told.push(tell(&mut tx, &mut names, line).await?);
        }
        let first = query.before.is_none() && query.after.is_none();
        let doers = if first { doers(&mut tx, actor).await? } else { Vec::new() };
        Ok(Activity { lines: told, older, as_of, verified: self.log().verified(), doers })
    }
}

fn look(query: &ActivityQuery, scope: Scope) -> Result<Look> {
    if query.text.chars().count() > TEXT_MAX || query.person.len() > TEXT_MAX {
        return Err(Flaw::new("text", "too_long", "look for at most 100 characters").into());
    }
    let span = (!query.day.is_empty()).then(|| span(&query.day, &query.zone)).transpose()?;
    Ok(Look {
        kind: query.kind,
        principal: query.person.clone(),
        store: query.store,
        scope,
        span,
        text: query.text.clone(),
        before: query.before,
        after: query.after.unwrap_or(0),
        limit: LINES,
    })
}

/// A day's first moment, and the next day's.
fn span(day: &str, zone: &str) -> Result<(Time, Time)> {
    let read = || {
        let (date, zone): (Date, _) = (day.parse().ok()?, TimeZone::get(zone).ok()?);
        let next = date.checked_add(1.day()).ok()?;
        let moment =
            |date: Date| Some(Time::from_micros(date.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond()));
        Some((moment(date)?, moment(next)?))
    };
    read().ok_or_else(|| Flaw::new("day", "bad_day", "choose a day such as 2026-11-22").into())
}

/// Who can be asked for: the people and keys whom the actor manages, by name, and the program itself.
async fn doers(tx: &mut Tx, actor: &Actor) -> Result<Vec<Doer>> {
    let mut people = person::managed(tx, actor, "", PEOPLE).await?;
    people.sort_by(|one, other| one.display_name.cmp(&other.display_name));
    let keys = key::managed(tx, actor, KEYS).await?;
    let doer = |principal: Principal, name| Doer { principal: principal.to_string(), name };
    let mut doers: Vec<Doer> =
        people.into_iter().map(|person| doer(Principal::Person(person.id), person.display_name)).collect();
    doers.extend(keys.into_iter().map(|key| doer(Principal::Key(key.id), key.name)));
    doers.push(Doer { principal: "system".to_owned(), name: "Storeroom".to_owned() });
    Ok(doers)
}

/// The name to show for someone.
pub(crate) async fn shown(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    let row: Option<(String,)> = db::fetch_optional!(tx, "select display_name from auth_person where id = $1", person)?;
    Ok(row.map(|(name,)| name))
}

/// The names of people met so far.
#[derive(Default)]
struct Names(HashMap<PersonId, Option<String>>);

impl Names {
    async fn of(&mut self, tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
        if let Some(known) = self.0.get(&person) {
            return Ok(known.clone());
        }
        let name = shown(tx, person).await?;
        self.0.insert(person, name.clone());
        Ok(name)
    }
}

async fn tell(tx: &mut Tx, names: &mut Names, line: Line) -> Result<ActivityLine> {
    let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
    let (things, more) = things(&body);
    let person = match id(&body["person"]) {
        Some(id) => names.of(tx, id).await?,
        // Whose it is that the line's own person approved.
        None => body.pointer("/author/name").and_then(Value::as_str).map(str::to_owned),
    };
    Ok(ActivityLine {
        seq: line.seq,
        at: line.at,
        topic: line.topic,
        subject: line.subject,
        store: line.store,
        actor: line.actor,
        device: line.device,
        request_id: line.request_id,
        person,
        word: word(&body),
        things,
        more,
    })
}

fn id(value: &Value) -> Option<PersonId> {
    value.as_str()?.parse().ok()
}

/// The one word or text that the line's sentence may need.
fn word(body: &Value) -> Option<String> {
    let places = [
        "/role",
        "/action",
        "/reason",
        "/note",
        "/refusal/code",
        "/name",
        "/differed",
        "/lost",
        "/count",
        "/progress/state",
        "/undoes",
    ];
    let found = places.iter().find_map(|place| body.pointer(place).filter(|value| !value.is_null()))?;
    Some(found.as_str().map_or_else(|| found.to_string(), str::to_owned)).filter(|word| !word.is_empty())
}

/// The first things that the line is about, and how many more there are.
fn things(body: &Value) -> (Vec<String>, i64) {
    let lists = [
        "/receipt/lines",
        "/items",
        "/lines",
        "/told/reservations",
        "/item",
        "/grants",
        "/scopes",
        "/summary/files",
        "/files",
    ];
    let found =
        lists.iter().find_map(|place| body.pointer(place).filter(|value| value.is_array() || value.is_object()));
    let all: Vec<&Value> = match found {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let named: Vec<String> = all.iter().filter_map(|value| thing(value)).take(NAMED).collect();
    let more = all.len().saturating_sub(named.len());
    (named, i64::try_from(more).unwrap_or(0))
}

fn thing(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let text = |key: &str| value[key].as_str().filter(|text| !text.is_empty());
    let name = text("name").or_else(|| text("sku")).or_else(|| text("role"))?;
    match text("quantity").and_then(|text| text.parse::<Quantity>().ok()) {
        Some(quantity) => Some(format!("{quantity} × {name}")),
        None => Some(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sale_names_three_things_and_counts_the_rest() {
        let line = |name: &str| json!({ "sku": "A1", "name": name, "quantity": "6" });
        let body = json!({ "receipt": { "lines": [line("Lantern"), line("Cup"), line("Pen"), line("Book")] } });
        assert_eq!(things(&body), (vec!["6 × Lantern".into(), "6 × Cup".into(), "6 × Pen".into()], 1));
    }

    #[test]
    fn a_line_about_nothing_in_particular_names_nothing() {
        assert_eq!(things(&json!({ "session": "x" })), (vec![], 0));
        assert_eq!(word(&json!({ "session": "x", "note": "" })), None);
        assert_eq!(word(&json!({ "differed": 3 })).as_deref(), Some("3"));
    }

    #[test]
    fn a_day_is_as_long_as_it_is_in_that_zone_and_what_is_none_is_refused() {
        let (from, until) = span("2026-10-25", "Europe/London").expect("a day");
        assert_eq!(until.micros() - from.micros(), 25 * 3_600 * 1_000_000, "clocks go back");
        for (day, zone) in [("2026-13-01", "Europe/London"), ("today", "Europe/London"), ("2026-01-01", "Mars/Here")] {
            assert!(span(day, zone).is_err(), "{day} {zone}");
        }
    }
}
