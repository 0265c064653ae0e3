//! Proof for kits: none has stock of its own, none is made of another, and what one moved is what it was made of.

use super::line::{KitMoved, PartMoved};
use crate::event::Posted;
use crate::verify::{Finding, find};
use db::{Tx, fetch_all};
use model::{ItemId, JournalId, Money, PostingId, Quantity, Result};
use std::collections::HashMap;

const STOCK: &str = "a kit has no stock of its own";
const WITHIN: &str = "there is no kit within a kit";
const PARTS: &str = "a kit moves what it is made of";
const ROWS: &str = "a kit's line is what the journal says";
const ORDERED: &str = "an order's kit keeps what it is made of";

/// The lines of kits as the journal's lines make them.
#[derive(Default)]
pub(crate) struct Told {
    lines: HashMap<PostingId, Vec<KitMoved>>,
}

impl Told {
    /// Takes in one posting.
    pub(crate) fn hear(&mut self, posted: &Posted) {
        if !posted.kits.is_empty() {
            self.lines.insert(posted.receipt.id, posted.kits.clone());
        }
    }
}

/// Looks at all kits; what is committed and waits for its seal is left out.
pub(crate) async fn compare(tx: &mut Tx, told: Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    stock(tx, findings).await?;
    within(tx, findings).await?;
    parts(tx, findings).await?;
    orders(tx, findings).await?;
    against_journal(tx, told, waiting, findings).await
}

async fn stock(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(String, Quantity, Quantity)> = fetch_all!(
        tx,
        "select i.sku, b.on_hand, b.reserved from inventory_item i
         join inventory_balance b on b.item = i.id and (b.on_hand <> 0 or b.reserved <> 0)
         where i.kind = 'kit' order by i.sku"
    )?;
    for (sku, on_hand, reserved) in rows {
        find(findings, STOCK, format!("kit {sku} has {on_hand} on hand and {reserved} reserved"));
    }
    let rows: Vec<(String, PostingId, i64)> = fetch_all!(
        tx,
        "select distinct i.sku, m.posting, m.line from inventory_component c
         join inventory_item i on i.id = c.kit
         join inventory_movement m on m.item = c.kit and m.recorded_at >= c.since
                                  and (c.until is null or m.recorded_at < c.until)
         order by i.sku, m.posting, m.line"
    )?;
    for (sku, posting, line) in rows {
        find(findings, STOCK, format!("movement {line} of posting {posting} moved {sku} while it was a kit"));
    }
    Ok(())
}

async fn within(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(String, String, String, String)> = fetch_all!(
        tx,
        "select k.sku, k.kind, i.sku, i.kind from inventory_component c
         join inventory_item k on k.id = c.kit join inventory_item i on i.id = c.component
         where c.until is null and (k.kind <> 'kit' or i.kind <> 'stocked') order by k.sku, i.sku"
    )?;
    for (kit, kind, part, of) in rows {
        find(findings, WITHIN, format!("{kit} ({kind}) is made of {part} ({of})"));
    }
    let rows: Vec<(String,)> = fetch_all!(
        tx,
        "select i.sku from inventory_item i where i.kind = 'kit'
           and not exists (select 1 from inventory_component c where c.kit = i.id and c.until is null) order by i.sku"
    )?;
    for (sku,) in rows {
        find(findings, WITHIN, format!("kit {sku} is made of nothing"));
    }
    Ok(())
}

/// A movement of a kit's line: how many were in one, how many kits, and how many moved.
type OfKit = (PostingId, i64, Quantity, Option<Quantity>, Option<Quantity>);

/// Each movement of a kit's line is as many as were in one, times the kits.
async fn parts(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<OfKit> = fetch_all!(
        tx,
        "select p.posting, p.line, p.size, k.quantity, m.quantity
         from inventory_kit_part p
         left join inventory_kit_line k on k.posting = p.posting and k.line = p.kit_line
         left join inventory_movement m on m.posting = p.posting and m.line = p.line"
    )?;
    let one = i128::from(Quantity::whole(1).parts());
    for (posting, line, size, kits, moved) in rows {
        let wanted = kits.map(|kits| i128::from(size.parts()) * i128::from(kits.parts()));
        if wanted.is_none() || wanted != moved.map(|moved| i128::from(moved.parts()) * one) {
            let what = format!("movement {line} of posting {posting} is not {size} for each of its kits");
            find(findings, PARTS, what);
        }
    }
    let rows: Vec<(PostingId, i64)> = fetch_all!(
        tx,
        "select k.posting, k.line from inventory_kit_line k
         where not exists (select 1 from inventory_kit_part p where p.posting = k.posting and p.kit_line = k.line)"
    )?;
    for (posting, line) in rows {
        find(findings, PARTS, format!("line {line} of posting {posting} is a kit and moved nothing"));
    }
    Ok(())
}

/// What is kept for a kit in an order is what it is made of, as often as it is kept.
async fn orders(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(String, i64, Quantity, Quantity, i64)> = fetch_all!(
        tx,
        "select n.number, l.line, l.reserved, o.size,
                cast(coalesce(sum(case when r.state = 'active' then r.quantity - r.fulfilled else 0 end), 0) as bigint)
         from inventory_order_part o
         join inventory_order_line l on l.paper = o.paper and l.line = o.line
         join inventory_paper n on n.id = o.paper
         left join inventory_reservation r on r.document = o.paper and r.line = o.line and r.item = o.item
         group by n.number, l.paper, l.line, l.reserved, o.item, o.size"
    )?;
    let one = i128::from(Quantity::whole(1).parts());
    for (number, line, kits, size, kept) in rows {
        if i128::from(size.parts()) * i128::from(kits.parts()) != i128::from(kept) * one {
            let kept = Quantity::from_parts(kept);
            let what =
                format!("line {line} of {number} keeps {kits} kits, and {kept} of a part of which each has {size}");
            find(findings, ORDERED, what);
        }
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    posting: PostingId,
    line: i64,
    item: ItemId,
    quantity: Quantity,
    unit_price: Option<Money>,
    movement: Option<i64>,
    size: Option<Quantity>,
    journal: JournalId,
}

async fn against_journal(tx: &mut Tx, told: Told, waiting: &[JournalId], findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<Row> = fetch_all!(
        tx,
        "select k.posting, k.line, k.item, k.quantity, k.unit_price, p.line as movement, p.size, g.journal
         from inventory_kit_line k join inventory_posting g on g.id = k.posting
         left join inventory_kit_part p on p.posting = k.posting and p.kit_line = k.line
         order by k.posting, k.line, p.line"
    )?;
    let mut held: HashMap<PostingId, Vec<KitMoved>> = HashMap::new();
    for row in rows.into_iter().filter(|row| !waiting.contains(&row.journal)) {
        let kits = held.entry(row.posting).or_default();
        if kits.last().is_none_or(|kit| kit.line != row.line) {
            let Row { line, item, quantity, unit_price, .. } = row;
            kits.push(KitMoved { line, item, quantity, unit_price, parts: Vec::new() });
        }
        if let (Some(kit), Some(line), Some(size)) = (kits.last_mut(), row.movement, row.size) {
            kit.parts.push(PartMoved { line, sku: String::new(), name: String::new(), size });
        }
    }
    let mut told = told.lines;
    for kit in told.values_mut().flatten() {
        // What a part was called then is the journal's alone to say.
        kit.parts.iter_mut().for_each(|part| (part.sku, part.name) = (String::new(), String::new()));
    }
    for (posting, kits) in held {
        if told.remove(&posting).as_ref() != Some(&kits) {
            find(findings, ROWS, format!("posting {posting} has other lines of kits than its journal line"));
        }
    }
    for posting in told.into_keys() {
        find(findings, ROWS, format!("posting {posting} has no lines of kits, and the journal tells of some"));
    }
    Ok(())
}
