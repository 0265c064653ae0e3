//! Inventory's tests, on both engines; one program, so that it links once.

mod codes;
mod common;
mod counting;
mod counting_model;
mod counting_rules;
mod day;
mod model;
mod products;
mod search;
mod story;
mod tamper;
