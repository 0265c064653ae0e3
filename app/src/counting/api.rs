//! Server functions of the counts. What they answer to those who count never says what we think is there.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{
    CountEntered, CountFigures, CountPlan, CountPlanId, CountReview, CountTolerance, Counting, CountingPerson,
    NewCountEntries, NewCountPlan, NewStockCount, PaperId, Since, StockCount,
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    crate::{
        auth::Me,
        caller::{caller, complete},
    },
    inventory::{CountFilter, Inventory, ReviewPart},
    model::{Action, Actor, CountDone, CountState, Error, NewRecount, Result as Told, Time},
};

/// The counts of a store, and what they say of its numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Board {
    /// The latest step first.
    pub counts: Vec<StockCount>,
    /// Where older ones start.
    pub next: Option<String>,
    /// Who counts at the moment, and in which of them.
    pub who: Vec<(PaperId, CountingPerson)>,
    /// The last 90 days, for those who see reports.
    pub figures: Option<CountFigures>,
    /// What may differ without a look.
    pub tolerance: CountTolerance,
    /// Those that come again by themselves.
    pub plans: Vec<CountPlan>,
    /// Today on the store's clock.
    pub today: String,
}

/// A count, as far as whoever looks may see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// It is being counted, and they may count.
    Counting(Counting),
    /// It was handed in, and they may approve.
    Review(Box<CountReview>),
    /// Only where it stands.
    Head(StockCount),
}

impl Shown {
    /// Its head.
    pub fn count(&self) -> &StockCount {
        match self {
            Self::Counting(counting) => &counting.count,
            Self::Review(review) => &review.count,
            Self::Head(count) => count,
        }
    }
}

/// Who calls, when it is who made what they send: somebody else may have signed in since, in another window.
#[cfg(feature = "ssr")]
async fn maker(by: String) -> Told<(Actor, Inventory)> {
    let (actor, inventory) = caller::<Inventory>().await?;
    if Me::of(actor.clone(), Vec::new()).key() == by { Ok((actor, inventory)) } else { Err(Error::SignedOut) }
}

/// The counts of a store, 50 at once.
#[server(prefix = "/api/inventory", endpoint = "counts", input = Json, output = Answer)]
pub async fn counts(store: String, after: Option<String>) -> Result<Since<Board>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let after = after.as_deref().and_then(|place| {
        let (at, id) = place.split_once('\n')?;
        Some((Time::from_micros(at.parse().ok()?), id.parse().ok()?))
    });
    let filter = CountFilter { store: store.clone(), open: false, after, limit: 50 };
    let page = inventory.stock_counts(&actor, &filter).await?;
    let who = inventory.who_counts(&actor, &store).await?;
    let tolerance = inventory.count_tolerance(&actor, &store).await?;
    let known = inventory.store(&actor, Action::SeeStock, &store).await?;
    let figures = if actor.may(Action::SeeReports.at(known.id)) {
        let now = Time::now();
        Some(inventory.count_figures(&actor, &store, now.plus_seconds(-90 * 86_400), now.plus_seconds(1)).await?)
    } else {
        None
    };
    let plans = inventory.count_plans(&actor, &store).await?.data;
    let today = inventory.count_day(&actor, &store).await?;
    let board = Board { counts: page.data, next: page.next, who, figures, tolerance, plans, today };
    Ok(Since { data: board, as_of: page.as_of, total: 0 })
}

/// The counts of a store that come again by themselves.
#[server(prefix = "/api/inventory", endpoint = "count_plans", input = Json, output = Answer)]
pub async fn count_plans(store: String) -> Result<Since<Vec<CountPlan>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let page = inventory.count_plans(&actor, &store).await?;
    Ok(Since { data: page.data, as_of: page.as_of, total: 0 })
}

/// Makes one of them what the caller says, or adds it; the same again changes nothing.
#[server(prefix = "/api/inventory", endpoint = "save_count_plan", input = Json, output = Answer)]
pub async fn save_count_plan(id: CountPlanId, plan: NewCountPlan) -> Result<CountPlan, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.save_count_plan(&actor, id, plan).await }).await?)
}

/// Opens a count; the same again answers with it.
#[server(prefix = "/api/inventory", endpoint = "open_count", input = Json, output = Answer)]
pub async fn open_count(new: NewStockCount) -> Result<StockCount, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.open_count(&actor, new).await }).await?)
}

/// A count, as far as the caller may see it.
#[server(prefix = "/api/inventory", endpoint = "shown_count", input = Json, output = Answer)]
pub async fn shown_count(id: PaperId) -> Result<Since<Shown>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let Since { data: count, as_of, .. } = inventory.stock_count(&actor, id).await?;
    let may = |action: Action| actor.may(action.anywhere());
    let (data, as_of) = if count.state.counts() && may(Action::Count) {
        let counting = inventory.counting(&actor, id, false).await?;
        let as_of = counting.as_of;
        (Shown::Counting(counting), as_of)
    } else if !count.state.counts() && count.state != CountState::Cancelled && may(Action::Approve) {
        let review = inventory.review_count(&actor, id, ReviewPart::Open).await?;
        let as_of = review.as_of;
        (Shown::Review(Box::new(review)), as_of)
    } else {
        (Shown::Head(count), as_of)
    };
    Ok(Since { data, as_of, total: 0 })
}

/// A count in progress, with what nobody has counted yet.
#[server(prefix = "/api/inventory", endpoint = "counting_left", input = Json, output = Answer)]
pub async fn counting_left(id: PaperId) -> Result<Counting, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.counting(&actor, id, true).await?)
}

/// Writes down what was counted; the same entries again count once. `by` is [`Me::key`] of who counted.
#[server(prefix = "/api/inventory", endpoint = "enter_counts", input = Json, output = Answer)]
pub async fn enter_counts(id: PaperId, new: NewCountEntries, by: String) -> Result<CountEntered, Failure> {
    let (actor, inventory) = maker(by).await?;
    Ok(complete(async move { inventory.enter_counts(&actor, id, new).await }).await?)
}

/// Hands a count in.
#[server(prefix = "/api/inventory", endpoint = "hand_in_count", input = Json, output = Answer)]
pub async fn hand_in_count(id: PaperId, none_found: bool) -> Result<StockCount, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let done = CountDone { none_found };
    Ok(complete(async move { inventory.submit_count(&actor, id, None, done).await }).await?)
}

/// Gives a count up before it is handed in.
#[server(prefix = "/api/inventory", endpoint = "cancel_count", input = Json, output = Answer)]
pub async fn cancel_count(id: PaperId) -> Result<StockCount, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.cancel_count(&actor, id, None).await }).await?)
}

/// Has some of it counted again; the rest is accepted.
#[server(prefix = "/api/inventory", endpoint = "recount", input = Json, output = Answer)]
pub async fn recount(id: PaperId, seen: i64, skus: Vec<String>) -> Result<StockCount, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.recount(&actor, id, Some(seen), NewRecount { skus }).await }).await?)
}

/// Accepts all of it and books it; one that is approved already is booked.
#[server(prefix = "/api/inventory", endpoint = "approve_count", input = Json, output = Answer)]
pub async fn approve_count(id: PaperId, seen: i64) -> Result<StockCount, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let booking = async move {
        let count = inventory.stock_count(&actor, id).await?.data;
        let waits = count.state == CountState::Approved && count.version == seen;
        let seen = if waits { seen } else { inventory.approve_count(&actor, id, Some(seen)).await?.version };
        inventory.post_count(&actor, id, Some(seen)).await
    };
    Ok(complete(booking).await?)
}

/// Throws a count away that was handed in.
#[server(prefix = "/api/inventory", endpoint = "reject_count", input = Json, output = Answer)]
pub async fn reject_count(id: PaperId, seen: i64, reason: String) -> Result<StockCount, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.reject_count(&actor, id, Some(seen), &reason).await }).await?)
}

/// Settles what may differ in a store's counts without a look.
#[server(prefix = "/api/inventory", endpoint = "set_count_tolerance", input = Json, output = Answer)]
pub async fn set_count_tolerance(store: String, tolerance: CountTolerance) -> Result<(), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.set_count_tolerance(&actor, &store, tolerance).await }).await?)
}
