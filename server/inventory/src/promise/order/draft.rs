//! Writing an order: it promises nothing until it is confirmed.

use super::{line, show, state, stepped};
use crate::document::{check_day, check_text};
use crate::item::{self, ItemRow};
use crate::kit::flaw_unless_whole;
use crate::paper::{self, NewPaper, Opened, Paper};
use crate::promise::told::Promised;
use crate::store::Site;
use crate::{Inventory, lot, price};
use auth::Act;
use db::{execute, insert_rows};
use model::{
    Action, Actor, Error, Flaw, Money, NewLine, NewOrder, Order, OrderContent, PaperId, PaperKind, Quantity, Result,
    Time, best,
};
use sha2::{Digest, Sha256};

/// How many lines an order may have.
const LINES_MAX: usize = 1_000;

impl Inventory {
    /// Writes an order down as a draft. Sending the same again answers with the order as it is.
    pub async fn add_order(&self, actor: &Actor, new: NewOrder) -> Result<Order> {
        check(&new.content)?;
        let site = self.site(actor, Action::Promise, &new.store).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let hash = hash(&new);
        let content = &new.content;
        let opened = paper::open(
            &mut act,
            &site,
            NewPaper {
                id: new.id,
                kind: PaperKind::Order,
                to_store: None,
                party: None,
                state: state::DRAFT,
                hash: &hash,
                reference: content.reference.as_deref(),
                note: content.note.as_deref(),
                due_on: content.due_on.as_deref(),
            },
        );
        match opened.await? {
            Opened::Before(paper) => {
                let order = show::whole(&mut act, paper.id).await?;
                act.withdraw().await?;
                self.auth.keep_answer(actor, 201, &order, None).await?;
                Ok(order)
            }
            Opened::Now(paper) => {
                execute!(
                    act,
                    "insert into inventory_order (paper, customer, contact, channel, kept_until) values ($1, $2, $3, $4, $5)",
                    paper.id,
                    content.customer.as_deref(),
                    content.contact.as_deref(),
                    content.channel.name(),
                    content.kept_until.as_deref()
                )?;
                write_lines(&mut act, &site, paper.id, content).await?;
                end_draft(act, "inventory.order_drafted", &paper, 201).await
            }
        }
    }

    /// Writes a draft anew; `seen` is the version that the author looked at.
    ///
    /// Errors: [`Error::Conflict`] with another version; [`model::Refusal::WrongState`] when it is no draft any more.
    pub async fn change_order(
        &self,
        actor: &Actor,
        id: PaperId,
        seen: Option<i64>,
        content: OrderContent,
    ) -> Result<Order> {
        check(&content)?;
        let site = self.order_site(actor, id).await?;
        let mut act = self.auth.act(actor, Action::Promise.at(site.store.id)).await?;
        let paper = paper::take(&mut act, PaperKind::Order, id, seen).await?;
        if paper.state != state::DRAFT {
            return Err(paper.wrong_state());
        }
        execute!(
            act,
            "update inventory_paper set reference = $2, note = $3, due_on = $4 where id = $1",
            id,
            content.reference.as_deref(),
            content.note.as_deref(),
            content.due_on.as_deref()
        )?;
        execute!(
            act,
            "update inventory_order set customer = $2, contact = $3, channel = $4, kept_until = $5 where paper = $1",
            id,
            content.customer.as_deref(),
            content.contact.as_deref(),
            content.channel.name(),
            content.kept_until.as_deref()
        )?;
        execute!(act, "delete from inventory_order_line where paper = $1", id)?;
        write_lines(&mut act, &site, id, &content).await?;
        end_draft(act, "inventory.order_changed", &paper, 200).await
    }
}

async fn end_draft(mut act: Act, topic: &'static str, paper: &Paper, status: u16) -> Result<Order> {
    let lines = line::of(&mut act, paper.id).await?;
    let order = show::whole(&mut act, paper.id).await?;
    act.conclude(stepped(topic, paper, Promised::default(), &lines), status, &order).await?;
    Ok(order)
}

async fn write_lines(act: &mut Act, site: &Site, paper: PaperId, content: &OrderContent) -> Result<()> {
    let mut skus: Vec<&str> = content.lines.iter().map(|line| line.sku.as_str()).collect();
    skus.sort_unstable();
    skus.dedup();
    let items = item::by_sku(act, &skus).await?;
    let (mut flaws, mut rows) = (Vec::new(), Vec::new());
    for (at, line) in content.lines.iter().enumerate() {
        match items.get(&line.sku) {
            Some(item) => {
                if item.is_kit() {
                    let whole = flaw_unless_whole(&format!("lines[{at}].quantity"), item, line.quantity);
                    flaws.extend(whole.err());
                }
                rows.push((at, item, line));
            }
            None => {
                let message = format!("there is no item {:?}; add it first or check the SKU", line.sku);
                flaws.push(Flaw::new(format!("lines[{at}].sku"), "unknown_sku", message));
            }
        }
    }
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let mut open: Vec<_> = rows.iter().filter(|row| row.2.unit_price.is_none()).map(|row| row.1.id).collect();
    open.sort_unstable();
    open.dedup();
    let offers = price::holding(act, site, &open, Time::now()).await?;
    let price = |item: &ItemRow, line: &NewLine| {
        let wanted = content.lines.iter().filter(|other| other.sku == line.sku).map(|other| other.quantity);
        let offer = offers.get(&item.id).and_then(|offers| best(item.price, offers, wanted));
        line.unit_price.or(offer.map_or(item.price, |offer| Some(offer.price)))
    };
    insert_rows!(
        act,
        "insert into inventory_order_line (paper, line, store, location, item, quantity, unit_price, reserved, picked,
                                           fulfilled, backordered, cancelled) ",
        &rows,
        |row, line| {
            let (at, item, line) = line;
            row.push_bind(paper).push_bind(i64::try_from(*at).unwrap_or(i64::MAX) + 1).push_bind(site.store.id);
            // What is charged for and never counted comes from its own place.
            let goods = item.stocked() || item.is_kit();
            row.push_bind(if goods { site.shop } else { site.service }).push_bind(item.id);
            row.push_bind(line.quantity).push_bind(price(item, line));
            row.push_bind(0_i64).push_bind(0_i64).push_bind(0_i64).push_bind(0_i64).push_bind(0_i64);
        },
        ""
    )?;
    Ok(())
}

/// SHA-256 of the content: the same id with another hash is a conflict.
fn hash(new: &NewOrder) -> Vec<u8> {
    let json = serde_json::to_vec(new).expect("these types hold nothing that JSON cannot say");
    Sha256::new().chain_update(PaperKind::Order.name()).chain_update([0]).chain_update(json).finalize().to_vec()
}

fn check(content: &OrderContent) -> Result<()> {
    let mut flaws = Vec::new();
    if content.lines.len() > LINES_MAX {
        flaws.push(Flaw::new("lines", "line_count", format!("send at most {LINES_MAX} lines")));
    }
    check_text(&mut flaws, "customer", content.customer.as_deref(), 100);
    check_text(&mut flaws, "contact", content.contact.as_deref(), 200);
    check_text(&mut flaws, "reference", content.reference.as_deref(), 64);
    check_text(&mut flaws, "note", content.note.as_deref(), 500);
    check_day(&mut flaws, "due_on", content.due_on.as_deref());
    check_day(&mut flaws, "kept_until", content.kept_until.as_deref());
    for (at, line) in content.lines.iter().enumerate().take(LINES_MAX) {
        if line.quantity <= Quantity::ZERO || line.quantity > Quantity::LINE_MAX {
            let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
            flaws.push(Flaw::new(format!("lines[{at}].quantity"), "quantity", message));
        }
        if line.unit_price.is_some_and(|price| price < Money::ZERO || price > Money::PRICE_MAX) {
            let message = "use a price from 0 to 1000000000";
            flaws.push(Flaw::new(format!("lines[{at}].unit_price"), "unit_price", message));
        }
        if line.lot.is_some() || !line.serials.is_empty() {
            flaws.push(lot::promised(at));
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}
