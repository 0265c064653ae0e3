//! The figures' pages.

pub mod api;
mod dashboard;
pub mod day;
mod layers;
mod margins;
mod merge;
pub mod midnight;
mod posting;
mod worth;

pub use api::today;
pub use dashboard::DashboardPage;
pub use layers::{LayersPage, link as layers_link};
pub use margins::MarginsPage;
pub use posting::CostOf;
pub use worth::WorthPage;
