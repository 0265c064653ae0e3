//! What happened, in the order of the world: rows shaped like CloudEvents 1.0, narrowed to the caller's stores.

use crate::Integration;
use crate::http::{Caller, Limit, Listed, Problem, Problems, Query};
use axum::extract::State;
use log::Line;
use model::{Action, Actor, Flaw, JournalId, Page, Result, Scope, StoreId, Time};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// How many journal lines one request looks at: most may be of stores that are not the caller's.
const LOOKED_AT_MAX: i64 = 5_000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The last `seq` that you know; 0 for the beginning.
    #[serde(default)]
    #[param(minimum = 0)]
    after: i64,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before; then `after` is not needed.
    cursor: Option<String>,
}

/// One event: CloudEvents 1.0, with `seq` and what the journal knows besides.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Event {
    /// `1.0`.
    specversion: &'static str,
    id: JournalId,
    /// Its place in the order of the world.
    seq: i64,
    /// This stream.
    source: &'static str,
    /// `module.thing_happened`, such as `inventory.sale_posted`.
    #[serde(rename = "type")]
    kind: String,
    /// What it happened to.
    subject: String,
    time: Time,
    /// `application/json`.
    datacontenttype: &'static str,
    /// The store's code, when it belongs to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<String>,
    /// Who.
    actor: String,
    /// On which device.
    device: String,
    /// All of it.
    #[schema(value_type = Object)]
    data: Box<RawValue>,
}

/// List events
///
/// Everything that happened in the key's stores after a place in the journal, in order. `next` is `null` when there
/// is no more for now: ask again later with `after` set to `as_of`.
#[utoipa::path(get, path = "/events", operation_id = "list_events", tag = "events", params(Asked), responses(
    (status = 200, description = "A page of events.", body = Page<Event>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<Event>, Problem> {
    let after = match it.cursors.asked("events", asked.cursor.as_deref())? {
        Some(place) => place.parse().unwrap_or(asked.after),
        None => asked.after,
    };
    if after < 0 {
        return Err(Problem::unreadable(Flaw::new("after", "negative", "the journal starts at 0")));
    }
    let page = it.events(&actor, after, asked.limit.rows()).await?;
    Ok(Listed(it.cursors.signed("events", page)))
}

impl Integration {
    async fn events(&self, actor: &Actor, after: i64, limit: i64) -> Result<Page<Event>> {
        let codes = self.codes().await?;
        let scope = actor.scope(Action::ReadEvents);
        let theirs: Vec<&str> =
            codes.iter().filter(|(id, _)| scope.holds(**id)).map(|(_, code)| code.as_str()).collect();
        let mut tx = self.auth.read(actor, Action::ReadEvents.anywhere()).await?;
        let head = self.auth.log().head(&mut tx).await?;
        let (mut data, mut at, wanted) = (Vec::new(), after, usize::try_from(limit).unwrap_or(0));
        let mut batch = limit;
        while at < head && data.len() < wanted && at - after < LOOKED_AT_MAX {
            let lines = self.auth.log().read(&mut tx, at, batch).await?;
            batch = (batch * 4).min(Limit::MAX);
            if lines.is_empty() {
                at = head;
            }
            for line in lines {
                if data.len() == wanted {
                    break;
                }
                at = line.seq;
                if is_theirs(actor, &line) {
                    data.push(told(without_foreign_limits(line, &theirs), &codes));
                }
            }
        }
        let next = (at < head).then(|| at.to_string());
        Ok(Page { data, as_of: head, next })
    }

    async fn codes(&self) -> Result<HashMap<StoreId, String>> {
        let stores = self.inventory.stores(&Actor::system("events")).await?;
        Ok(stores.into_iter().map(|store| (store.id, store.code)).collect())
    }
}

/// A store's lines are for who reads its events; the catalogue's for everyone who reads any; what belongs to no store
/// for who reads all; what Auth wrote for who reads the journal.
fn is_theirs(actor: &Actor, line: &Line) -> bool {
    if (line.topic.starts_with("auth.") || line.topic.starts_with("log.")) && !actor.may(Action::ReadJournal.anywhere())
    {
        return false;
    }
    let scope = actor.scope(Action::ReadEvents);
    match line.store {
        Some(store) => scope.holds(store),
        None => scope == Scope::All || line.topic.starts_with("inventory.item"),
    }
}

/// The catalogue is everyone's, but how few and how many a store wants is that store's own.
fn without_foreign_limits(mut line: Line, theirs: &[&str]) -> Line {
    if !line.topic.starts_with("inventory.item") || !line.body.contains("\"limits\"") {
        return line;
    }
    let Ok(mut body) = serde_json::from_str::<serde_json::Value>(&line.body) else { return line };
    for change in body["changes"].as_array_mut().into_iter().flatten() {
        for side in ["before", "after"] {
            if let Some(limits) = change[side]["limits"].as_array_mut() {
                limits.retain(|limit| limit["store"].as_str().is_some_and(|store| theirs.contains(&store)));
            }
        }
    }
    line.body = body.to_string().into();
    line
}

fn told(line: Line, codes: &HashMap<StoreId, String>) -> Event {
    // The journal holds JSON; were a body none, it would be told as the text it is.
    let data = RawValue::from_string(line.body.to_string())
        .or_else(|_| serde_json::value::to_raw_value(&*line.body))
        .expect("text can be written as JSON");
    Event {
        specversion: "1.0",
        id: line.id,
        seq: line.seq,
        source: "/api/v1/events",
        kind: line.topic,
        subject: line.subject,
        time: line.at,
        datacontenttype: "application/json",
        store: line.store.and_then(|store| codes.get(&store).cloned()),
        actor: line.actor,
        device: line.device,
        data,
    }
}
