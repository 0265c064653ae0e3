//! The figures' pages.

pub mod api;
mod dashboard;
pub mod day;
mod merge;
pub mod midnight;

pub use api::today;
pub use dashboard::DashboardPage;
