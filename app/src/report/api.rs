//! Server functions of the reports.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Dashboard;

#[cfg(feature = "ssr")]
use {crate::caller::caller, report::Report};

/// One day of a store, hour by hour and by item; today on the store's clock when no day is given.
#[server(prefix = "/api/report", endpoint = "dashboard", input = Json)]
pub async fn figures(store: String, day: Option<String>) -> Result<Dashboard, Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.dashboard(&actor, &store, day.as_deref()).await?)
}
