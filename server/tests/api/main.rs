//! The server as others meet it: over HTTP and the live socket, on a real port, on both engines.

mod access;
mod arrive;
mod asks;
mod beside;
mod buying;
mod corrections;
mod costs;
mod counting;
mod exceptions;
mod first_start;
mod hot;
mod input;
mod kill;
mod kill_papers;
mod kit;
mod limits;
mod live;
mod lots;
mod operate;
mod problems;
mod promise;
mod ready;
mod sale;
mod supplier_returns;
mod tablet;
mod till;
