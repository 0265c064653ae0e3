//! Inventory's tests, on both engines; one program, so that it links once.

mod buying;
mod codes;
mod common;
mod day;
mod model;
mod products;
mod purchase_model;
mod purchases;
mod search;
mod story;
mod suppliers;
mod tamper;
