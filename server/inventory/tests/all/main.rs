//! Inventory's tests, on both engines; one program, so that it links once.

mod codes;
mod common;
mod day;
mod model;
mod orders;
mod printed;
mod products;
mod promise;
mod promise_model;
mod search;
mod story;
mod tamper;
