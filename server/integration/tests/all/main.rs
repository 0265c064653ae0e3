//! Integration's tests, on both engines; one program, so that it links once.

mod demo;
mod events;
mod imports;
mod interrupted;
mod kits;
mod limits;
mod once;
mod prices;
mod products;
mod promises;
mod purchases;
mod rest;
mod till;
mod world;
