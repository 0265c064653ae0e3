//! Inventory's tests, on both engines; one program, so that it links once.

mod common;
mod model;
mod story;
mod tamper;
