//! Purchase orders: written, approved, sent to a supplier, received in parts, and settled.
//!
//! An order's head is a [`Paper`]; its lines are here, each item once. What is open of them is what is expected; nothing
//! keeps that number beside them.

mod back;
mod draft;
mod list;
mod receive;
mod show;
mod sold;
mod step;
mod supplier;
mod verify;

pub(crate) use back::take_back;
pub(crate) use list::{incoming, waiting};
pub use receive::{Delivered, Delivery};
pub(crate) use receive::{give_back, sound};

use crate::paper::Paper;
use auth::Act;
use db::{Tx, fetch_all, fetch_one, insert_rows};
use model::{Error, Flaw, ItemId, Money, PaperId, PurchaseState, Quantity, Result, Time};
use serde::{Deserialize, Serialize};

/// What an order has beside its head.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Beside {
    value: Money,
    /// Who took its last step.
    stepper: String,
    /// Why it was rejected, given up or closed short.
    reason: Option<String>,
    /// When it was sent, else when it was approved.
    issued_at: Option<Time>,
}

/// One line, as the table has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
struct LineRow {
    item: ItemId,
    /// Its place in the order, from 1.
    line: i64,
    ordered: Quantity,
    unit_cost: Option<Money>,
    code: String,
    #[serde(skip)]
    received: Quantity,
    #[serde(skip)]
    rejected: Quantity,
    /// Why it was proposed, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl LineRow {
    /// Has all that was ordered arrived?
    fn done(&self) -> bool {
        self.received >= self.ordered
    }

    /// Ordered × cost; nothing while the cost is not known.
    fn value(&self) -> Result<Money> {
        let value = self.unit_cost.unwrap_or_default().checked_times(self.ordered);
        value.filter(|value| *value <= Money::PRICE_MAX).ok_or_else(too_dear)
    }
}

/// What all lines together cost: exactly the sum of what each of them says.
fn value(lines: &[LineRow]) -> Result<Money> {
    let add = |sum: Money, line: &LineRow| sum.checked_add(line.value()?).ok_or_else(too_dear);
    let sum = lines.iter().try_fold(Money::ZERO, add)?;
    if sum > Money::PRICE_MAX { Err(too_dear()) } else { Ok(sum) }
}

fn too_dear() -> Error {
    let message = format!("an order's value may be {} at most; split it", Money::PRICE_MAX);
    Flaw::new("lines", "total", message).into()
}

/// In which state goods and lines say that an order is, once it was sent.
fn by_counts(lines: &[LineRow]) -> PurchaseState {
    if lines.iter().all(|line| line.received == Quantity::ZERO && line.rejected == Quantity::ZERO) {
        PurchaseState::Sent
    } else if lines.iter().all(LineRow::done) {
        PurchaseState::Received
    } else {
        PurchaseState::PartlyReceived
    }
}

/// The state of an order.
fn state(paper: &Paper) -> Result<PurchaseState> {
    // Only a hand in the database can write another; `verify` finds that.
    PurchaseState::named(&paper.state).ok_or(Error::NotFound)
}

async fn beside(tx: &mut Tx, paper: PaperId) -> Result<Beside> {
    Ok(fetch_one!(tx, "select value, stepper, reason, issued_at from inventory_purchase where paper = $1", paper)?)
}

async fn lines(tx: &mut Tx, paper: PaperId) -> Result<Vec<LineRow>> {
    Ok(fetch_all!(
        tx,
        "select item, line, ordered, unit_cost, code, received, rejected, why from inventory_purchase_line
         where paper = $1 order by line",
        paper
    )?)
}

/// Adds lines; what is received and rejected of those that are there already is added to theirs.
async fn add_lines(act: &mut Act, paper: PaperId, lines: &[LineRow]) -> Result<()> {
    insert_rows!(
        act,
        "insert into inventory_purchase_line (paper, item, line, ordered, unit_cost, code, received, rejected, why) ",
        lines,
        |row, line| {
            row.push_bind(paper).push_bind(line.item).push_bind(line.line).push_bind(line.ordered);
            row.push_bind(line.unit_cost).push_bind(&line.code).push_bind(line.received).push_bind(line.rejected);
            row.push_bind(&line.why);
        },
        " on conflict (paper, item) do update
          set received = inventory_purchase_line.received + excluded.received,
              rejected = inventory_purchase_line.rejected + excluded.rejected"
    )?;
    Ok(())
}

/// Writes down that an order was approved or sent now.
async fn issued(act: &mut Act, paper: PaperId) -> Result<()> {
    db::execute!(act, "update inventory_purchase set issued_at = $2 where paper = $1", paper, Time::now())?;
    Ok(())
}

/// Writes down who took an order's step, and why.
async fn stepped(act: &mut Act, paper: PaperId, reason: Option<&str>) -> Result<()> {
    let stepper = act.actor().principal.to_string();
    db::execute!(
        act,
        "update inventory_purchase set stepper = $2, reason = $3 where paper = $1",
        paper,
        &stepper,
        reason
    )?;
    Ok(())
}
