//! Documents in: sales, returns, receipts, and the undoing of any document.

use crate::Integration;
use crate::http::{Order, Problem, Problems, Work, settle};
use axum::extract::{Path, State};
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, Error, NewReceipt, NewReturn, NewReversal, NewSale, PostingId, Receipt, Result};
use utoipa::IntoParams;

/// The header that every change carries.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is read by the OpenAPI document only")]
pub(super) struct Keyed {
    /// A name of your own for this change: 1 to 255 visible ASCII characters. Sent again with the same body, the
    /// change is not done again and its first answer is repeated, for 35 days.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255)]
    key: String,
}

/// A document to be posted into a store.
struct Posting<D> {
    inventory: Inventory,
    document: D,
}

macro_rules! postings {
    ($($document:ty, $action:ident, $post:ident;)*) => {$(
        impl Work for Posting<$document> {
            type Answer = Receipt;
            // Tills sell new things all day, and hardly ever the same again.
            const ASKS_FIRST: bool = false;

            async fn permit(&self, actor: &Actor) -> Result<()> {
                self.inventory.store(actor, Action::$action, &self.document.store).await.map(drop)
            }

            async fn carry_out(self, actor: &Actor) -> Result<Receipt> {
                self.inventory.$post(actor, self.document).await
            }
        }
    )*};
}

postings! {
    NewSale, Sell, post_sale;
    NewReturn, TakeBack, post_return;
    NewReceipt, Receive, post_receipt;
}

impl Integration {
    async fn post<D>(self, order: Order<D>) -> Result<Response, Problem>
    where
        Posting<D>: Work,
    {
        let posting = Posting { inventory: self.inventory, document: order.body };
        settle(self.auth, order.actor, posting).await
    }
}

/// Post a sale
///
/// Goods that left with a customer. A sale at the till is a fact and never refused for stock; with
/// `"channel":"web"` it is a promise, and refused with 409 when the stock does not cover it.
#[utoipa::path(post, path = "/sales", tag = "documents", params(Keyed), request_body = NewSale, responses(
    (status = 201, description = "It is posted; also when it was posted before, with its first receipt.", body = Receipt), Problems
))]
pub(super) async fn post_sale(State(it): State<Integration>, order: Order<NewSale>) -> Result<Response, Problem> {
    it.post(order).await
}

/// Post a return
///
/// Goods that came back from a customer: to the shelf, into quarantine until somebody has looked at them, or to scrap.
#[utoipa::path(post, path = "/returns", tag = "documents", params(Keyed), request_body = NewReturn, responses(
    (status = 201, description = "It is posted; also when it was posted before, with its first receipt.", body = Receipt), Problems
))]
pub(super) async fn post_return(State(it): State<Integration>, order: Order<NewReturn>) -> Result<Response, Problem> {
    it.post(order).await
}

/// Post a receipt
///
/// Goods that arrived from a supplier, with or without an order.
#[utoipa::path(post, path = "/receipts", tag = "documents", params(Keyed), request_body = NewReceipt, responses(
    (status = 201, description = "It is posted; also when it was posted before, with its first receipt.", body = Receipt), Problems
))]
pub(super) async fn post_receipt(State(it): State<Integration>, order: Order<NewReceipt>) -> Result<Response, Problem> {
    it.post(order).await
}

/// The undoing of a posting.
struct Undoing {
    inventory: Inventory,
    posting: PostingId,
    reversal: NewReversal,
}

impl Work for Undoing {
    type Answer = Receipt;

    /// Whoever sees it there still may be told how its undoing went; a key that sees nothing must be one that undoes.
    /// Which right the undoing itself needs, Inventory decides.
    async fn permit(&self, actor: &Actor) -> Result<()> {
        if actor.may(Action::SeeStock.anywhere()) {
            return self.inventory.receipt(actor, self.posting).await.map(drop);
        }
        if actor.may(Action::Reverse.anywhere()) { Ok(()) } else { Err(Error::Forbidden(Action::Reverse)) }
    }

    async fn carry_out(self, actor: &Actor) -> Result<Receipt> {
        self.inventory.reverse(actor, self.posting, self.reversal).await
    }
}

/// Undo a posting
///
/// By a posting of its own with the opposite movements: once, and never an undoing itself.
#[utoipa::path(post, path = "/postings/{id}/reverse", operation_id = "reverse_posting", tag = "documents", request_body = NewReversal,
    params(Keyed, ("id" = PostingId, Path, description = "What is to be undone.")), responses(
    (status = 201, description = "It is undone; also when this same reversal was posted before.", body = Receipt), Problems
))]
pub(super) async fn reverse(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<NewReversal>,
) -> Result<Response, Problem> {
    // What is no id is the id of nothing.
    let posting = super::which(&id)?;
    let undoing = Undoing { inventory: it.inventory, posting, reversal: order.body };
    settle(it.auth, order.actor, undoing).await
}
