//! Customers' orders: a promise of several items, kept as far as they are there, and handed over as they come.

mod cancel;
mod confirm;
mod draft;
mod fetched;
mod fulfil;
mod kept;
mod line;
mod list;
mod pick;
mod show;
mod takes;
mod undone;

pub(super) use confirm::Got;
pub use list::OrderFilter;
pub(super) use state::is_open;
pub(crate) use undone::reopen;

use super::told::Promised;
use crate::paper::{Paper, Stepped};
use crate::store::Site;
use crate::{Event, Inventory};
use auth::Act;
use db::{Tx, fetch_one};
use model::{Action, Actor, Channel, Error, PaperId, PaperKind, Result};
use std::sync::Arc;

/// The states of an order.
mod state {
    pub(super) const DRAFT: &str = "draft";
    pub(super) const CONFIRMED: &str = "confirmed";
    pub(super) const PICKING: &str = "picking";
    pub(super) const PARTLY: &str = "partly_fulfilled";
    pub(super) const FULFILLED: &str = "fulfilled";
    pub(super) const CLOSED: &str = "closed";
    pub(super) const CANCELLED: &str = "cancelled";

    /// Goods are kept for it, or waited for.
    pub(in crate::promise) fn is_open(state: &str) -> bool {
        [CONFIRMED, PICKING, PARTLY].contains(&state)
    }
}

/// The journal's word for a step, with what it did to promises and what else is to be known.
fn stepped(topic: &'static str, paper: &Paper, promised: Promised, lines: &[line::Line]) -> Event {
    let mut told = serde_json::to_value(promised).expect("these types hold nothing that JSON cannot say");
    told["lines"] = lines
        .iter()
        .map(|line| serde_json::json!({ "line": line.line, "sku": line.item.sku, "quantity": line.quantity }))
        .collect();
    Event::Stepped(Box::new(Stepped { topic, store: paper.store, step: paper.step(), told }))
}

/// Through what an order came.
async fn channel(tx: &mut Tx, paper: PaperId) -> Result<Channel> {
    let (name,): (String,) = fetch_one!(tx, "select channel from inventory_order where paper = $1", paper)?;
    Channel::try_from(name).map_err(|_| Error::NotFound)
}

impl Inventory {
    /// May they take that order a step further, at this moment? Errors: [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn may_step_order(&self, actor: &Actor, id: PaperId) -> Result<()> {
        self.order_site(actor, id).await.map(drop)
    }

    /// The store of an order in which they may promise; others are as good as not there.
    async fn order_site(&self, actor: &Actor, id: PaperId) -> Result<Arc<Site>> {
        let mut tx = self.auth.read(actor, Action::Promise.anywhere()).await?;
        let row: Option<(model::StoreId, String)> = db::fetch_optional!(
            &mut tx,
            "select p.store, s.code from inventory_paper p join inventory_store s on s.id = p.store
             where p.id = $1 and p.kind = $2",
            id,
            PaperKind::Order.name()
        )?;
        drop(tx);
        let scope = actor.scope(Action::Promise);
        let (_, code) = row.filter(|(store, _)| scope.holds(*store)).ok_or(Error::NotFound)?;
        self.site(actor, Action::Promise, &code).await
    }

    /// Answers with an order as it is, because what was asked for was done before; the act is undone.
    async fn order_as_it_is(&self, actor: &Actor, act: Act, paper: PaperId) -> Result<model::Order> {
        // What was seen may be a twin's that is not on disk yet.
        act.withdraw().await?;
        let mut tx = self.auth.read(actor, Action::Promise.anywhere()).await?;
        let order = show::whole(&mut tx, paper).await?;
        drop(tx);
        self.auth.keep_answer(actor, 200, &order, None).await?;
        Ok(order)
    }
}
