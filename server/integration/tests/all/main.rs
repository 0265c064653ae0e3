//! Integration's tests, on both engines; one program, so that it links once.

mod demo;
mod events;
mod families;
mod imports;
mod interrupted;
mod kits;
mod limits;
mod lost;
mod once;
mod prices;
mod products;
mod promises;
mod purchases;
mod rest;
mod sheets;
mod taxes;
mod till;
mod world;
