//! Inventory's tests, on both engines; one program, so that it links once.

mod buying;
mod codes;
mod common;
mod counting;
mod counting_model;
mod counting_rules;
mod day;
mod exceptions;
mod lots;
mod lots_model;
mod model;
mod orders;
mod packs;
mod printed;
mod products;
mod promise;
mod promise_model;
mod purchase_model;
mod purchases;
mod rules;
mod search;
mod story;
mod suppliers;
mod tamper;
mod transfers;
mod trips;
