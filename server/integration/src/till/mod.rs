//! The import of a till's files.

mod document;
mod import;
mod line;
mod reading;
mod source;
mod summary;

pub(crate) use document::{Document, LINES_MAX, documents, new_item};
pub(crate) use import::ITEMS_AT_ONCE;
pub use line::{LeftOut, LineKind};
pub(crate) use reading::{Reading, SeenItem};
pub use source::Source;
pub use summary::{Figures, Summary};
