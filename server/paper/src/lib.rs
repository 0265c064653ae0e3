//! Paper: documents as PDF files, for those who are not here. No I/O, no clock: the same document makes the same bytes.

mod face;
mod purchase;
mod sheet;
mod words;

pub use purchase::purchase;
