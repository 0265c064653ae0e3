//! Stories about the journal, each on both engines.

mod problems;
mod shop;
mod story;
mod tamper;
mod watch;
