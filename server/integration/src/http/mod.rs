//! The vocabulary of everything under `/api/v1`: who calls, strict bodies and queries, lists, problems, cursors.

mod caller;
mod cursor;
mod json;
mod listed;
mod order;
mod polish;
mod problem;
mod query;

pub use caller::Caller;
pub use cursor::{Cursors, moment_and_id};
pub use json::Json;
pub use listed::Listed;
pub use order::{Answered, Order, Work, settle};
pub use polish::{RequestId, polish};
pub use problem::{Details, Problem, Problems};
pub use query::{Limit, Moment, Nothing, Query};
