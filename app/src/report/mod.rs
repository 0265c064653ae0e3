//! The figures' pages.

pub mod api;
mod dashboard;
mod day;
mod merge;

pub use dashboard::DashboardPage;
