//! Picking: what is off the shelf for an order, counted up by as many hands as there are.

use super::line::{self, Line};
use super::{show, state, stepped};
use crate::Inventory;
use crate::kit::flaw_unless_whole;
use crate::paper;
use crate::promise::told::Promised;
use model::{Action, Actor, Error, Flaw, Order, PaperId, PaperKind, Picking, Result, Reused};

impl Inventory {
    /// Writes down how many of each line are picked. Each says how many were when its author looked: two people at one
    /// order count what they both see, and a repeat counts once.
    ///
    /// Errors: [`Reused::Version`] when a line moved meanwhile; `Invalid` for more than is kept for it.
    pub async fn pick_order(&self, actor: &Actor, id: PaperId, picking: Picking) -> Result<Order> {
        let site = self.order_site(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let mut paper = paper::take(&mut act, PaperKind::Order, id, None).await?;
        let mut lines = line::of(&mut act, id).await?;
        let changed = match apply(&mut lines, &picking) {
            Ok(changed) if changed.is_empty() => return self.order_as_it_is(actor, act, id).await,
            Ok(changed) if state::is_open(&paper.state) => {
                act = self.still_kept(act, &site, id).await?;
                changed
            }
            Ok(_) => return Err(paper.wrong_state()),
            Err(error) => {
                act.withdraw().await?;
                return Err(error);
            }
        };
        line::write(&mut act, id, &changed).await?;
        if paper.state == state::CONFIRMED {
            paper::enter(&mut act, &mut paper, state::PICKING).await?;
        }
        let order = show::whole(&mut act, id).await?;
        act.conclude(stepped("inventory.order_picked", &paper, Promised::default(), &[]), 200, &order).await?;
        Ok(order)
    }
}

/// The lines that are different now.
fn apply(lines: &mut [Line], picking: &Picking) -> Result<Vec<Line>> {
    if picking.lines.is_empty() || picking.lines.len() > lines.len().max(1) {
        return Err(Flaw::new("lines", "line_count", "send each line of the order at most once").into());
    }
    let mut changed = Vec::new();
    for (at, pick) in picking.lines.iter().enumerate() {
        let Some(line) = lines.iter_mut().find(|line| line.line == pick.line) else {
            return Err(Flaw::new(format!("lines[{at}].line"), "unknown_line", "the order has no such line").into());
        };
        if pick.picked.is_negative() || pick.picked > line.reserved {
            let message = format!("{} are kept for this line; pick from 0 to that many", line.reserved);
            return Err(Flaw::new(format!("lines[{at}].picked"), "quantity", message).into());
        }
        if !line.parts.is_empty() {
            flaw_unless_whole(&format!("lines[{at}].picked"), &line.item, pick.picked)?;
        }
        if line.picked == pick.picked {
            continue;
        }
        if line.picked != pick.before {
            return Err(Error::Conflict(Reused::Version));
        }
        line.picked = pick.picked;
        changed.push(line.clone());
    }
    Ok(changed)
}
