//! Stories about the journal, each on both engines.

mod shop;
mod story;
mod tamper;
mod watch;
