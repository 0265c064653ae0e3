//! A real till's months, played in a store that orders by one policy, beside a book-keeper who knows only what went in.
//!
//! For the tests of the reports and for the benchmark: no part of the program. Whatever goes wrong ends it.

mod days;
mod keeper;
mod play;
mod policy;
mod store;

pub use days::{Days, FIXTURE, days};
pub use play::{Replay, Served};
pub use policy::Policy;
pub use store::Store;
