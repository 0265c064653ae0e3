//! Opening a count: what it goes over is settled here, its items included.

use super::enter::meant;
use super::head;
use crate::document::{check_day, check_text};
use crate::paper::{self, NewPaper, Opened, Stepped};
use crate::store::Site;
use crate::{Event, Inventory, kit, place};
use auth::Act;
use db::{execute, insert_rows};
use model::{
    Action, Actor, CountBy, CountState, Error, Flaw, ItemId, LocationId, NewStockCount, PaperId, PaperKind, Result,
    StockCount,
};
use sha2::{Digest, Sha256};

/// How many items may be named.
const SKUS_MAX: usize = 1_000;
/// How many items a plan chooses at most, and when nothing is said.
const MOST: (i64, i64) = (200, 50);

impl Inventory {
    /// Opens a count of the whole store, of some items, or of those that a plan chooses at this moment. Opening the
    /// same again answers with the count as it is.
    pub async fn open_count(&self, actor: &Actor, new: NewStockCount) -> Result<StockCount> {
        check(&new)?;
        let site = self.site(actor, Action::Count, &new.store).await?;
        // The plan reads many movements: not in the act, which holds SQLite's one writer.
        let planned = match new.by {
            CountBy::Store | CountBy::Items => Vec::new(),
            by => self.planned(actor, &site, new.place.as_deref(), by, new.most.unwrap_or(MOST.1)).await?,
        };
        let json = serde_json::to_vec(&new).expect("these types hold nothing that JSON cannot say");
        let hash = Sha256::new().chain_update("count\0").chain_update(json).finalize();
        let mut act = self.auth.act(actor, Action::Count.at(site.store.id)).await?;
        let paper = NewPaper {
            id: new.id,
            kind: PaperKind::Count,
            to_store: None,
            party: None,
            state: CountState::Planned.name(),
            hash: &hash,
            reference: None,
            note: new.note.as_deref(),
            due_on: new.due_on.as_deref(),
        };
        let paper = match paper::open(&mut act, &site, paper).await? {
            Opened::Now(paper) => paper,
            Opened::Before(paper) => {
                act.withdraw().await?;
                return self.as_it_is(actor, Action::Count, &site, &paper, 201).await;
            }
        };
        let place = match &new.place {
            Some(code) => place::on_use(&mut act, site.store.id, code).await?.ok_or_else(|| {
                Flaw::new("place", "unknown_place", format!("there is no place {code:?} in this store"))
            })?,
            None => site.shop,
        };
        let items = if new.by == CountBy::Items { named(&mut act, &new.skus).await? } else { planned };
        if items.is_empty() && new.by != CountBy::Store {
            let message = "nothing in this store fits that; count the whole store, or name the items";
            return Err(Flaw::new("by", "nothing_to_count", message).into());
        }
        write(&mut act, &site, place, paper.id, new.by, &items).await?;
        let answer = head(&mut act, &site, &paper).await?;
        let told = serde_json::json!({ "by": new.by, "items": items.len() });
        let (topic, store) = ("inventory.count_opened", site.store.id);
        let event = Event::Stepped(Box::new(Stepped { topic, store, step: paper.step(), told }));
        act.conclude(event, 201, &answer).await?;
        Ok(answer)
    }
}

fn check(new: &NewStockCount) -> Result<()> {
    let mut flaws = Vec::new();
    let listed = new.by == CountBy::Items;
    if listed == new.skus.is_empty() || new.skus.len() > SKUS_MAX {
        let message = format!("name 1 to {SKUS_MAX} items with \"items\", and none with anything else");
        flaws.push(Flaw::new("skus", "line_count", message));
    }
    if new.most.is_some_and(|most| !(1..=MOST.0).contains(&most)) {
        flaws.push(Flaw::new("most", "quantity", format!("choose 1 to {} items", MOST.0)));
    }
    check_day(&mut flaws, "due_on", new.due_on.as_deref());
    check_text(&mut flaws, "note", new.note.as_deref(), 200);
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// The items named by SKU or by whatever a scanner reads from them, each once.
async fn named(act: &mut Act, skus: &[String]) -> Result<Vec<ItemId>> {
    let wanted: Vec<&str> = skus.iter().map(String::as_str).collect();
    let found = meant(act, &wanted).await?;
    let flaws = skus.iter().enumerate().filter(|(_, sku)| !found.get(*sku).is_some_and(|found| found.item.stocked()));
    let flaws: Vec<Flaw> = flaws
        .map(|(at, sku)| {
            let field = format!("skus[{at}]");
            let unknown = || Flaw::new(&field, "unknown_sku", format!("there is no item {sku:?} to count"));
            found.get(sku).and_then(|found| kit::refused(&field, &found.item)).unwrap_or_else(unknown)
        })
        .collect();
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let mut items: Vec<ItemId> = found.into_values().map(|found| found.item.id).collect();
    items.sort_unstable();
    items.dedup();
    Ok(items)
}

async fn write(
    act: &mut Act,
    site: &Site,
    place: LocationId,
    paper: PaperId,
    by: CountBy,
    items: &[ItemId],
) -> Result<()> {
    execute!(
        act,
        "insert into inventory_count (paper, store, location, choice, entries, items) values ($1, $2, $3, $4, 0, 0)",
        paper,
        site.store.id,
        place,
        by.name()
    )?;
    insert_rows!(
        act,
        "insert into inventory_count_line (paper, item, round, accepted) ",
        items,
        |row, item| {
            row.push_bind(paper).push_bind(*item).push_bind(1_i64).push_bind(0_i64);
        },
        ""
    )?;
    Ok(())
}
