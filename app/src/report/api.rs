//! Server functions of the reports.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{Buying, CostLayers, Dashboard, Margins, Money, Period, PostingCost, PostingId, Since, Standing, Worth};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    report::Report,
};

/// One day of a store, hour by hour and by item; today on the store's clock when no day is given.
#[server(prefix = "/api/report", endpoint = "dashboard", input = Json, output = Answer)]
pub async fn figures(store: String, day: Option<String>) -> Result<Dashboard, Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.dashboard(&actor, &store, day.as_deref()).await?)
}

/// Both in one answer: the figures of a day, and how the store stands beside them.
#[server(prefix = "/api/report", endpoint = "board", input = Json, output = Answer)]
pub async fn board(store: String, day: Option<String>) -> Result<(Dashboard, Standing), Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.board(&actor, &store, day.as_deref()).await?)
}

/// How a store stands beside the day's sales: against the week before, the stock's worth, what waits, who does what.
#[server(prefix = "/api/report", endpoint = "standing", input = Json, output = Answer)]
pub async fn how_it_stands(store: String, day: Option<String>) -> Result<Standing, Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.standing(&actor, &store, day.as_deref()).await?)
}

/// What day it is on the store's clock, and for how much was sold so far, returns taken off.
#[server(prefix = "/api/report", endpoint = "today", input = Json, output = Answer)]
pub async fn today(store: String) -> Result<Since<(String, Money)>, Failure> {
    let (actor, report) = caller::<Report>().await?;
    let day = report.dashboard(&actor, &store, None).await?;
    let (_, sold) = day.sold();
    Ok(Since { data: (day.day, sold), as_of: day.as_of, total: 1 })
}

/// What a store should buy today, by supplier, each line with its reason.
#[server(prefix = "/api/report", endpoint = "to_buy", input = Json, output = Answer)]
pub async fn to_buy(store: String) -> Result<Since<Buying>, Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.to_buy(&actor, &store, None).await?)
}

/// Says whether a store wants drafts of what to buy each morning.
#[server(prefix = "/api/report", endpoint = "set_mornings", input = Json, output = Answer)]
pub async fn set_mornings(store: String, wanted: bool) -> Result<(), Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(complete(async move { report.set_mornings(&actor, &store, wanted).await }).await?)
}

/// What the stock of a store is worth: now, or at a second of the store's own clock; with the items worth most.
#[server(prefix = "/api/report", endpoint = "worth", input = Json, output = Answer)]
pub async fn stock_worth(store: String, at: Option<String>) -> Result<Worth, Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.worth_at(&actor, &store, at.as_deref()).await?)
}

/// Why an item is worth that in a store: its layers, in the order in which they leave.
#[server(prefix = "/api/report", endpoint = "cost_layers", input = Json, output = Answer)]
pub async fn find_cost_layers(store: String, sku: String) -> Result<CostLayers, Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.cost_layers(&actor, &store, &sku).await?)
}

/// What sales brought from one day to another, and which days those are; those of the month so far when none is named.
#[server(prefix = "/api/report", endpoint = "margins", input = Json, output = Answer)]
pub async fn find_margins(
    store: String,
    from: Option<String>,
    to: Option<String>,
) -> Result<(Period, Margins), Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.margins_of(&actor, &store, from.as_deref(), to.as_deref()).await?)
}

/// What a document did to the worth of the stock, then and later.
#[server(prefix = "/api/report", endpoint = "posting_cost", input = Json, output = Answer)]
pub async fn find_posting_cost(id: PostingId) -> Result<PostingCost, Failure> {
    let (actor, report) = caller::<Report>().await?;
    Ok(report.posting_cost(&actor, id).await?)
}
