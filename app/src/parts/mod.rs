//! The parts that pages are made of: they look, and know no server function.

mod chart;
mod empty;
mod format;
mod grid;
mod icon;
mod menu;
mod moment;
mod notice;
mod pad;
mod pill;
mod scan;
mod skeleton;
mod sound;
mod switches;
mod undo;

pub use chart::{Bars, Chart};
pub use empty::Empty;
pub use format::{money, quantity};
pub use grid::{FIRST_ROWS, Measure, Rows, Window, measure};
pub use icon::{Icon, Svg};
pub use menu::Menu;
pub use moment::Moment;
pub use notice::{Notice, sentence};
pub use pad::Pad;
pub use pill::Pill;
pub use scan::{ScanField, Scanned};
pub use skeleton::Skeleton;
pub use sound::{Speaker, Tone};
pub use switches::{Languages, Sounds, Themes};
pub use undo::UndoBar;
