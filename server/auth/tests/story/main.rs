//! Auth's promises, told on both engines, each beside its opposite.

extern crate storeroom_auth as auth;

mod activity;
mod acts;
mod forgery;
mod keys;
mod people;
mod problems;
mod sessions;
mod shop;
mod signed_in;
mod tablets;
mod throttle;
