//! Corrections above a store's limit: what waits, what became of it, and the word of whoever decides.

use super::documents::Keyed;
use super::items::seen;
use super::purchases::{Because, Plain};
use super::which;
use crate::Integration;
use crate::http::{
    Answered, Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, moment_and_id, settle,
};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use inventory::Inventory;
use model::{
    Action, Actor, Corrected, Correction, CorrectionQuery, CorrectionRow, CorrectionState, CorrectionStep, Error,
    NewAdjustment, Page, PaperId, Receipt, Result,
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

impl Answered for Correction {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// What an adjustment is answered with: its receipt, or the correction that waits.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
pub(super) enum Told {
    Posted(Box<Receipt>),
    Held(Box<Correction>),
}

impl From<Corrected> for Told {
    fn from(corrected: Corrected) -> Self {
        match corrected {
            Corrected::Posted(receipt) => Self::Posted(receipt),
            Corrected::Held(correction) => Self::Held(correction),
        }
    }
}

impl Answered for Told {
    fn sealed(self, seq: Option<i64>) -> Self {
        match self {
            Self::Posted(receipt) => Self::Posted(Box::new(receipt.sealed(seq))),
            held @ Self::Held(_) => held,
        }
    }

    fn version(&self) -> Option<i64> {
        match self {
            Self::Posted(_) => None,
            Self::Held(correction) => correction.version(),
        }
    }

    fn status(&self) -> Option<StatusCode> {
        matches!(self, Self::Held(_)).then_some(StatusCode::ACCEPTED)
    }
}

struct Correcting {
    inventory: Inventory,
    new: NewAdjustment,
}

impl Work for Correcting {
    type Answer = Told;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        self.inventory.store(actor, Action::Adjust, &self.new.store).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Told> {
        self.inventory.correct(actor, self.new).await.map(Told::from)
    }
}

/// Post an adjustment
///
/// The shelf was found to hold more or less, and why. Worth more than the store's limit for corrections, it is not posted:
/// 202 answers with a correction that waits for somebody else (`GET /corrections/{id}`), and the stock stays as it is.
#[utoipa::path(post, path = "/adjustments", tag = "documents", params(Keyed), request_body = NewAdjustment, responses(
    (status = 201, description = "It is posted; also when it was posted before, with its first receipt.", body = Receipt),
    (status = 202, description = "It waits, or waited: as it is now.", body = Correction), Problems
))]
pub(super) async fn post_adjustment(
    State(it): State<Integration>,
    order: Order<NewAdjustment>,
) -> Result<Response, Problem> {
    settle(it.auth, order.actor, Correcting { inventory: it.inventory, new: order.body }).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store's code.
    store: String,
    /// Only those in this state.
    #[serde(default)]
    #[param(inline)]
    state: Option<CorrectionState>,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List corrections that had to wait
///
/// Of one store, the latest step first.
#[utoipa::path(get, path = "/corrections", operation_id = "list_corrections", tag = "documents", params(Asked), responses(
    (status = 200, description = "A page of corrections above the store's limit.", body = Page<CorrectionRow>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<CorrectionRow>, Problem> {
    let list = format!("corrections {:?} {:?}", asked.store, asked.state);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let query = CorrectionQuery { store: asked.store, state: asked.state, after };
    let page = it.inventory.corrections(&actor, &query, asked.limit.rows()).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Find a correction that had to wait
///
/// Its `ETag` is its version; its id is that of the adjustment that asked for it.
#[utoipa::path(get, path = "/corrections/{id}", operation_id = "find_correction", tag = "documents", params(("id" = PaperId, Path, description = "Which.")), responses(
    (status = 200, description = "The correction.", body = Correction), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Response, Problem> {
    let found = it.inventory.correction(&actor, which(&id)?).await?.data;
    Ok(super::shown(found))
}

/// One step of a correction.
struct Deciding {
    inventory: Inventory,
    id: PaperId,
    seen: Option<i64>,
    step: CorrectionStep,
    reason: Option<String>,
}

impl Work for Deciding {
    type Answer = Correction;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        let right = if self.step == CorrectionStep::Withdraw { Action::Adjust } else { Action::Approve };
        if !actor.may(right.anywhere()) {
            return Err(Error::Forbidden(right));
        }
        self.inventory.correction(actor, self.id).await.map(drop)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Correction> {
        let Self { inventory, id, seen, step, reason } = self;
        inventory.step_correction(actor, id, seen, step, reason.as_deref()).await
    }
}

macro_rules! steps {
    ($($(#[doc = $doc:literal])* $name:ident, $path:literal, $operation:literal, $body:ty, $step:ident, |$said:ident| $reason:expr;)*) => {$(
        $(#[doc = $doc])*
        #[utoipa::path(post, path = $path, operation_id = $operation, tag = "documents", params(
            ("id" = PaperId, Path, description = "Which."),
            ("If-Match" = Option<String>, Header, description = "The ETag of the correction as you saw it: with another version, nothing is done."),
            Keyed
        ), request_body = $body, responses(
            (status = 200, description = "It is done; also when you did it before.", body = Correction), Problems
        ))]
        pub(super) async fn $name(
            State(it): State<Integration>,
            Path(id): Path<String>,
            headers: HeaderMap,
            order: Order<$body>,
        ) -> Result<Response, Problem> {
            let ($said, step) = (order.body, CorrectionStep::$step);
            let (id, seen, reason) = (which(&id)?, seen(&headers), $reason);
            settle(it.auth, order.actor, Deciding { inventory: it.inventory, id, seen, step, reason }).await
        }
    )*};
}

steps! {
    /// Approve a correction
    ///
    /// By somebody else than who told it: it is posted as of the moment at which it happened. Programs may not: a person
    /// looks at it.
    approve, "/corrections/{id}/approve", "approve_correction", Plain, Approve, |_said| None;
    /// Do not approve a correction
    ///
    /// The stock stays as it is.
    reject, "/corrections/{id}/reject", "reject_correction", Because, Reject, |said| Some(said.reason);
    /// Take a correction back
    ///
    /// By whoever told it, before anybody decided.
    withdraw, "/corrections/{id}/withdraw", "withdraw_correction", Plain, Withdraw, |_said| None;
}
