//! Inventory's tests, on both engines; one program, so that it links once.

mod codes;
mod common;
mod day;
mod model;
mod products;
mod search;
mod story;
mod tamper;
mod transfers;
mod trips;
