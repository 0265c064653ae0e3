//! The server as others meet it: over HTTP and the live socket, on a real port, on both engines.

mod access;
mod hot;
mod input;
mod kill;
mod kit;
mod limits;
mod live;
mod sale;
