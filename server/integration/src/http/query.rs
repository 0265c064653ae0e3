//! Query strings, read strictly: an unknown or repeated parameter is refused, a page has at most 200 rows.

use super::Problem;
use super::json::named_flaw;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use model::{Flaw, Time};
use serde::de::{self, Deserializer};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// The longest query string that is read, in bytes.
const LENGTH_MAX: usize = 4_096;

/// The query string as a `T` (which should deny unknown fields), or a [`Problem`] of status 400.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// No parameters at all.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Reads a `T` from a query string.
///
/// # Errors
/// 400 with the parameter's name.
pub fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    if query.len() > LENGTH_MAX {
        return Err(Problem::unreadable(Flaw::new("", "too_long", "the query string is longer than 4 096 bytes")));
    }
    if query.contains("%00") {
        return Err(Problem::unreadable(Flaw::new("", "nul", "text must not hold the character U+0000")));
    }
    let pairs = serde_urlencoded::Deserializer::new(form(query));
    serde_path_to_error::deserialize(pairs).map_err(|fault| {
        let path = fault.path().to_string();
        Problem::unreadable(named_flaw(&path, &fault.inner().to_string()))
    })
}

fn form(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

/// How many rows a page may have: 1 to 200, 50 when left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = u32, minimum = 1, maximum = 200, default = 50)]
pub struct Limit(i64);

impl Limit {
    /// The most that anyone gets at once.
    pub const MAX: i64 = 200;

    /// The number of rows.
    #[must_use]
    pub const fn rows(self) -> i64 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(rows @ 1..=Self::MAX) => Ok(Self(rows)),
            _ => Err(de::Error::custom("a page has 1 to 200 rows")),
        }
    }
}

/// A moment in a query string; a `+` that arrived as a space is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T09:30:00Z")]
pub struct Moment(pub Time);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = text.replace(' ', "+").parse();
        time.map(Self).map_err(|_| de::Error::custom("not a time such as 2026-11-22T09:30:00Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        store: Option<String>,
        as_of: Option<Moment>,
        #[serde(default)]
        limit: Limit,
    }

    #[test]
    fn a_sound_query_is_read() {
        let asked: Asked = read("store=LON&as_of=2011-01-01T00:00:00+01:00&limit=200").expect("it is sound");
        assert_eq!(asked.store.as_deref(), Some("LON"));
        assert_eq!(asked.as_of.expect("it is there").0.to_string(), "2010-12-31T23:00:00Z");
        assert_eq!(asked.limit.rows(), 200);
        assert_eq!(read::<Asked>("").expect("nothing is asked").limit.rows(), 50);
    }

    #[test]
    fn a_flawed_query_is_refused_by_name() {
        for (query, field) in [
            ("stoer=LON", "stoer"),
            ("limit=201", "limit"),
            ("limit=0", "limit"),
            ("limit=ten", "limit"),
            ("as_of=yesterday", "as_of"),
            ("store=A&store=B", "store"),
            ("store=%00", ""),
        ] {
            let problem = read::<Asked>(query).expect_err("it is flawed");
            assert_eq!((problem.status, problem.flaws[0].field.as_str()), (400, field), "{query}");
        }
    }
}
