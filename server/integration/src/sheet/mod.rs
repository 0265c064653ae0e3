//! Importing products from a spreadsheet, and exporting lists as one.

mod book;
mod export;
mod families;
mod guess;
mod job;
mod kept;
mod number;
mod options;
mod plan;
mod rows;
mod run;
mod table;
mod text;

pub use export::{Format, Sheet};
pub use job::Desks;
pub(crate) use job::aside;
pub(crate) use table::{Cell, Table};
