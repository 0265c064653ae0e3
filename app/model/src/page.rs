//! Lists: a page, the moment it is true for, and where to go on.

use serde::{Deserialize, Serialize};

/// How many rows of a list of the catalogue can be reached that is narrowed down, or in the order of what is there: its
/// rows are not counted beforehand, so that they are counted up to here each time.
pub const LIST_REACH: i64 = 10_000;
/// The same where words were typed: more of them find what is meant sooner than a long list does.
pub const SEARCH_REACH: i64 = 1_000;
/// Up to how many things are counted where a number only says that there is something to do; more are told as "more than".
pub const COUNT_REACH: i64 = 1_000;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// At most 200 rows.
    pub data: Vec<T>,
    /// The journal line up to which they are true.
    pub as_of: i64,
    /// Where the next page starts; `null` at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with each row as something else.
    #[must_use]
    pub fn map<U>(self, told: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(told).collect(), as_of: self.as_of, next: self.next }
    }
}

/// Something, and the journal line up to which it is true: the live stream goes on from there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since<T> {
    /// The thing.
    pub data: T,
    /// The journal line up to which it is true.
    pub as_of: i64,
    /// How many rows there are in all, where that is asked.
    pub total: i64,
}
