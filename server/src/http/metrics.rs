//! Figures for whoever watches the process, as Prometheus reads them. Written by hand: a few counters and one
//! histogram need no library.

use super::Front;
use super::problem::refuse;
use crate::crowd::Crowd;
use crate::operate::wal_bytes;
use axum::Extension;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::{Action, Principal, Via};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The upper ends of the histogram, in milliseconds.
const ENDS_MS: [u64; 10] = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000];

/// Who is at the other end of the connection.
type Peer = ConnectInfo<SocketAddr>;

/// Method, route and status.
type Key = (String, String, u16);

/// How requests went, by method, route and status: as many rows as there are routes and statuses, whatever is asked.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Mutex<BTreeMap<Key, Row>>>);

#[derive(Clone, Copy, Default)]
struct Row {
    /// How many took at most as long as each end; the last counts those that took longer.
    within: [u64; ENDS_MS.len() + 1],
    sum: Duration,
}

impl Metrics {
    fn count(&self, key: Key, took: Duration) {
        let place = ENDS_MS.iter().position(|end| took <= Duration::from_millis(*end)).unwrap_or(ENDS_MS.len());
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry(key).or_default();
        row.within[place] += 1;
        row.sum += took;
    }

    fn write(&self, text: &mut String) {
        let name = "storeroom_http_request_duration_seconds";
        let _ = writeln!(text, "# HELP {name} How long requests took, by route.\n# TYPE {name} histogram");
        for ((method, route, status), row) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            let mut count = 0;
            for (end, within) in ENDS_MS.iter().zip(row.within) {
                count += within;
                let (whole, rest) = (end / 1_000, end % 1_000);
                let _ = writeln!(text, "{name}_bucket{{{labels},le=\"{whole}.{rest:03}\"}} {count}");
            }
            count += row.within[ENDS_MS.len()];
            let _ = writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {count}");
            let (whole, rest) = (row.sum.as_secs(), row.sum.subsec_micros());
            let _ = writeln!(text, "{name}_sum{{{labels}}} {whole}.{rest:06}\n{name}_count{{{labels}}} {count}");
        }
    }
}

/// Counts each request under the route that answered it, never under what was asked for.
pub async fn counted(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = match request.method().as_str() {
        known @ ("GET" | "POST" | "HEAD" | "PUT" | "DELETE" | "PATCH" | "OPTIONS") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let began = Instant::now();
    let answer = next.run(request).await;
    metrics.count((method, route, answer.status().as_u16()), began.elapsed());
    answer
}

/// What the page of figures is made of.
#[derive(Clone)]
pub struct Gauges {
    pub front: Arc<Front>,
    pub metrics: Metrics,
    pub sockets: Crowd<Principal>,
}

/// The figures; for this machine itself while nobody else is expected, else for a key with the scope `metrics:read`.
pub async fn page(State(gauges): State<Gauges>, headers: HeaderMap, peer: Option<Extension<Peer>>) -> Response {
    if !may(&gauges.front, &headers, peer.map(|peer| peer.0.0.ip())).await {
        let detail = "ask from this machine, or with a key that has the scope metrics:read";
        return refuse(StatusCode::FORBIDDEN, "forbidden", detail);
    }
    let text = gauges.text().await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// A proxy on the same machine makes everybody look like this machine: behind one, only a key opens.
async fn may(front: &Front, headers: &HeaderMap, peer: Option<IpAddr>) -> bool {
    if let Some(bearer) = bearer(headers) {
        let actor = front.house.auth.identify_key(bearer, Via::default()).await;
        return actor.is_ok_and(|actor| actor.may(Action::SeeMetrics.anywhere()));
    }
    let forwarded = ["forwarded", "x-forwarded-for", "via", "x-real-ip"];
    let direct = forwarded.iter().all(|name| !headers.contains_key(*name));
    front.public_url.is_none() && direct && peer.is_some_and(|ip| ip.to_canonical().is_loopback())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

impl Gauges {
    async fn text(&self) -> String {
        let mut text = String::with_capacity(16 * 1024);
        self.metrics.write(&mut text);
        let house = &self.front.house;
        let (load, verified) = (house.db.load(), house.log.verified());
        let mut one = |kind: &str, name: &str, help: &str, value: u64| {
            let name = format!("storeroom_{name}");
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        };
        one("counter", "acts_total", "Acts that were committed.", load.acts);
        one("counter", "commits_total", "Durable commits; acts through commits is the size of a group.", load.commits);
        one("gauge", "acts_waiting", "Acts that wait or are under way.", load.waiting);
        one("gauge", "live_sockets", "Open live sockets.", self.sockets.count());
        let head = *house.log.heads().borrow();
        one("gauge", "journal_line", "The last journal line.", positive(head));
        one("gauge", "journal_verified_line", "The last line that was checked.", positive(verified.line));
        let sound = u64::from(verified.broken.is_none());
        one("gauge", "journal_sound", "1 while what was checked is as it was sealed, else 0.", sound);
        if let Some(at) = verified.at {
            let seconds = positive(at.micros() / 1_000_000);
            one("gauge", "journal_verified_at_seconds", "When that was, in seconds since 1970.", seconds);
        }
        if let Ok(open) = house.auth.count_open_problems().await {
            one("gauge", "problems_open", "Problems that nobody closed.", positive(open));
        }
        one("gauge", "wal_bytes", "SQLite's log beside its file.", wal_bytes(&self.front.place.file()));
        one("gauge", "memory_bytes", "Memory of this process.", memory_bytes());
        text
    }
}

fn positive(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// What the system counts as resident; 0 where it does not say.
fn memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1_024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_in_every_end_that_it_fits() {
        let metrics = Metrics::default();
        let key = || ("GET".to_owned(), "/items/{sku}".to_owned(), 200);
        metrics.count(key(), Duration::from_millis(3));
        metrics.count(key(), Duration::from_secs(9));
        let mut text = String::new();
        metrics.write(&mut text);
        let labels = "method=\"GET\",route=\"/items/{sku}\",status=\"200\"";
        let name = "storeroom_http_request_duration_seconds";
        for line in [
            format!("{name}_bucket{{{labels},le=\"0.001\"}} 0"),
            format!("{name}_bucket{{{labels},le=\"0.005\"}} 1"),
            format!("{name}_bucket{{{labels},le=\"5.000\"}} 1"),
            format!("{name}_bucket{{{labels},le=\"+Inf\"}} 2"),
            format!("{name}_sum{{{labels}}} 9.003000"),
            format!("{name}_count{{{labels}}} 2"),
        ] {
            assert!(text.lines().any(|written| written == line), "{line} is not in\n{text}");
        }
    }
}
