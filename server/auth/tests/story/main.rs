//! Auth's promises, told on both engines, each beside its opposite.

extern crate storeroom_auth as auth;

mod acts;
mod forgery;
mod keys;
mod people;
mod sessions;
mod shop;
mod throttle;
