//! Integration's tests, on both engines; one program, so that it links once.

mod demo;
mod events;
mod limits;
mod once;
mod rest;
mod till;
mod world;
