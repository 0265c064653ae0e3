//! Writing down what was counted: each entry once, several people at once, and none of it lost.

use super::{CountRow, ENTRIES_MAX, ITEMS_MAX, head, row, show, state};
use crate::document::{check_text, on_our_clock};
use crate::item::ItemRow;
use crate::paper::{self, Paper, Stepped};
use crate::{Event, Inventory, code, item};
use auth::Act;
use db::{Tx, execute, insert_rows, query_rows};
use model::{
    Action, Actor, AsideEntry, CountEntered, CountEntryId, CountState, EntryAside, Error, Flaw, ItemId,
    NewCountEntries, NewCountEntry, PackEntry, PaperId, PaperKind, Quantity, Result, Reused, Time,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many entries come at once.
const BATCH_MAX: usize = 100;

/// An item's line in the count, as far as entries change it.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Line {
    item: ItemId,
    round: i64,
    accepted: i64,
    counted: Option<Quantity>,
    first_at: Option<Time>,
    counted_at: Option<Time>,
}

impl Line {
    fn new(item: ItemId) -> Self {
        Self { item, round: 1, accepted: 0, counted: None, first_at: None, counted_at: None }
    }

    /// What it becomes with one more entry; `None` when it would take back more than there is.
    fn with(&self, quantity: Quantity, at: Time) -> Option<Self> {
        let counted = self.counted.unwrap_or_default().checked_add(quantity)?;
        let fits = !counted.is_negative() && counted <= Quantity::LINE_MAX;
        fits.then(|| Self {
            counted: Some(counted),
            first_at: Some(self.first_at.map_or(at, |first| first.min(at))),
            counted_at: Some(self.counted_at.map_or(at, |last| last.max(at))),
            ..self.clone()
        })
    }
}

/// An entry that is written down now.
struct Fresh<'a> {
    new: &'a NewCountEntry,
    item: &'a ItemRow,
    /// What it counts for: a pack's code stands for more.
    quantity: Quantity,
    round: i64,
    at: Time,
}

/// What is to be written of a batch, and what is not.
#[derive(Default)]
struct Sorted<'a> {
    fresh: Vec<Fresh<'a>>,
    aside: Vec<AsideEntry>,
    packs: Vec<PackEntry>,
    /// The items whose line changes: how it was, if it was, and how it is.
    lines: BTreeMap<ItemId, (Option<Line>, Line)>,
}

impl Inventory {
    /// Writes down what somebody counted. Entries of one item add up, whoever makes them; the same id counts once,
    /// however often it is sent. What cannot be counted is put aside and told; the rest counts all the same.
    ///
    /// Errors: [`model::Refusal::WrongState`] when the count was handed in meanwhile; [`Reused::Id`] when an id came
    /// with other content before.
    pub async fn enter_counts(&self, actor: &Actor, id: PaperId, new: NewCountEntries) -> Result<CountEntered> {
        check(&new)?;
        let (paper, site) = self.count_paper(actor, Action::Count, id).await?;
        let mut act = self.auth.act(actor, Action::Count.at(paper.store)).await?;
        let mut paper = paper::take(&mut act, PaperKind::Count, id, None).await?;
        let codes: Vec<&str> = new.entries.iter().map(|entry| entry.code.as_str()).collect();
        let items = meant(&mut act, &codes).await?;
        let touched: HashSet<ItemId> = items.values().map(|meant| meant.item.id).collect();
        let before = row(&mut act, id).await?;
        let sorted = sort(&mut act, actor, (&paper, before.again_at), &new, &items).await?;
        if sorted.fresh.is_empty() {
            act.withdraw().await?;
            let mut tx = self.auth.read(actor, Action::Count.at(paper.store)).await?;
            let paper = paper::find_paper(&mut tx, id).await?.ok_or(Error::NotFound)?;
            let lines = show::lines(&mut tx, actor, id, &touched).await?;
            let (aside, packs) = (sorted.aside, sorted.packs);
            let answer = CountEntered { count: head(&mut tx, &site, &paper).await?, lines, aside, packs };
            drop(tx);
            self.auth.keep_answer(actor, 200, &answer, None).await?;
            return Ok(answer);
        }
        write(&mut act, &paper, &before, &sorted).await?;
        paper::written(&mut act, id).await?;
        if state(&paper)? == CountState::Planned {
            paper::enter(&mut act, &mut paper, CountState::Counting.name()).await?;
        }
        let lines = show::lines(&mut act, actor, id, &touched).await?;
        let told = sorted.fresh.iter().map(|fresh| serde_json::json!([fresh.item.sku, fresh.quantity]));
        let told = serde_json::json!({ "entries": told.collect::<Vec<_>>() });
        let (aside, packs) = (sorted.aside, sorted.packs);
        let answer = CountEntered { count: head(&mut act, &site, &paper).await?, lines, aside, packs };
        let (topic, store) = ("inventory.count_entered", paper.store);
        let event = Event::Stepped(Box::new(Stepped { topic, store, step: paper.step(), told }));
        act.conclude(event, 200, &answer).await?;
        Ok(answer)
    }
}

fn check(new: &NewCountEntries) -> Result<()> {
    let mut flaws = Vec::new();
    if new.entries.is_empty() || new.entries.len() > BATCH_MAX {
        flaws.push(Flaw::new("entries", "line_count", format!("send 1 to {BATCH_MAX} entries")));
    }
    for (at, entry) in new.entries.iter().enumerate().take(BATCH_MAX) {
        if entry.code.is_empty() || entry.code.chars().count() > 200 || entry.code.contains('\0') {
            flaws.push(Flaw::new(format!("entries[{at}].code"), "text", "use 1 to 200 characters"));
        }
        if entry.quantity.abs() > Quantity::LINE_MAX {
            let message = format!("use a quantity of at most {}", Quantity::LINE_MAX);
            flaws.push(Flaw::new(format!("entries[{at}].quantity"), "quantity", message));
        }
        check_text(&mut flaws, &format!("entries[{at}].shelf"), entry.shelf.as_deref(), 40);
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// What a code means to those who count.
pub(super) struct Meant {
    pub(super) item: ItemRow,
    /// How many of it one is; none when a load's label does not say it.
    each: Option<Quantity>,
}

impl Meant {
    /// What so many of them are.
    fn times(&self, entry: &NewCountEntry) -> Option<Quantity> {
        let each = self.each?;
        if each == Quantity::whole(1) {
            return Some(entry.quantity);
        }
        let parts = i128::from(each.parts()) * i128::from(entry.quantity.parts()) / i128::from(Quantity::ONE);
        let amount = Quantity::from_parts(i64::try_from(parts).ok()?);
        Some(amount).filter(|amount| amount.abs() <= Quantity::LINE_MAX)
    }
}

/// What the codes mean: by SKU, by barcode, or by the number in whatever form.
pub(super) async fn meant(tx: &mut Tx, codes: &[&str]) -> Result<HashMap<String, Meant>> {
    let mut codes = codes.to_vec();
    codes.sort_unstable();
    codes.dedup();
    let owners = code::owners(tx, &codes).await?;
    let skus: Vec<&str> = owners.values().map(|owner| owner.sku.as_str()).collect();
    let rows = item::by_sku(tx, &skus).await?;
    let mut meant = HashMap::new();
    for code in codes {
        let known = owners.get(code).and_then(|owner| rows.get(&owner.sku).map(|row| (row, owner.each)));
        let one = match known {
            Some((row, each)) => Some(Meant { item: row.clone(), each: Some(each) }),
            // Few are written otherwise than any code that we know.
            None => code::meant(tx, code).await?.map(|found| Meant { each: found.amount().ok(), item: found.item }),
        };
        meant.extend(one.map(|one| (code.to_owned(), one)));
    }
    Ok(meant)
}

/// When it was counted, on our clock: as long ago as the counter's own clock says, and never before the count was opened.
fn when(paper: &Paper, new: &NewCountEntries, entry: &NewCountEntry, now: Time) -> Time {
    let told = match (entry.counted_at, new.sent_at) {
        (Some(at), Some(sent)) => on_our_clock(at, sent, now),
        (Some(at), None) => at,
        (None, _) => now,
    };
    told.clamp(paper.created_at.min(now), now)
}

async fn sort<'a>(
    act: &mut Act,
    actor: &Actor,
    (paper, again_at): (&Paper, Option<Time>),
    new: &'a NewCountEntries,
    items: &'a HashMap<String, Meant>,
) -> Result<Sorted<'a>> {
    let mut ids: HashMap<CountEntryId, (PaperId, ItemId, Quantity)> = known(act, &new.entries).await?;
    let wanted: Vec<ItemId> = items.values().map(|meant| meant.item.id).collect();
    let mut lines = lines(act, paper.id, &wanted).await?;
    let mine = counted_before(act, actor, paper.id, &wanted).await?;
    let (now, at) = (Time::now(), state(paper)?);
    let mut sorted = Sorted::default();
    for entry in &new.entries {
        let (meant, item) = (items.get(&entry.code), items.get(&entry.code).map(|meant| &meant.item));
        let is_pack = meant.is_some_and(|meant| meant.each != Some(Quantity::whole(1)));
        if let Some((of, what, quantity)) = ids.get(&entry.id) {
            // What a pack holds may have been put right since.
            let same = *of == paper.id && (is_pack || *quantity == entry.quantity);
            if !same || item.is_some_and(|item| item.id != *what) {
                return Err(Error::Conflict(Reused::Id));
            }
            if *quantity != entry.quantity {
                sorted.packs.push(PackEntry { id: entry.id, quantity: *quantity });
            }
            continue;
        }
        if !at.counts() {
            return Err(paper.wrong_state());
        }
        let line = item.map(|item| lines.get(&item.id).cloned().unwrap_or_else(|| Line::new(item.id)));
        let when = when(paper, new, entry, now);
        let late = at == CountState::Recounting && again_at.is_some_and(|again| when < again);
        let (item, line) = match judge(at, item, line, &mine, late) {
            Ok(fine) => fine,
            Err(why) => {
                sorted.aside.push(AsideEntry { id: entry.id, code: entry.code.clone(), why });
                continue;
            }
        };
        let Some(quantity) = meant.and_then(|meant| meant.times(entry)) else {
            let (id, code, why) = (entry.id, entry.code.clone(), EntryAside::NoNumber);
            sorted.aside.push(AsideEntry { id, code, why });
            continue;
        };
        let Some(after) = line.with(quantity, when) else {
            let (id, code, why) = (entry.id, entry.code.clone(), EntryAside::BelowZero);
            sorted.aside.push(AsideEntry { id, code, why });
            continue;
        };
        ids.insert(entry.id, (paper.id, item.id, quantity));
        if quantity != entry.quantity {
            sorted.packs.push(PackEntry { id: entry.id, quantity });
        }
        sorted.fresh.push(Fresh { new: entry, item, quantity, round: line.round, at: when });
        let before = lines.insert(item.id, after.clone());
        sorted.lines.entry(item.id).or_insert_with(|| (before, after.clone())).1.clone_from(&after);
    }
    Ok(sorted)
}

/// May it be counted, now and by them?
fn judge<'a>(
    at: CountState,
    item: Option<&'a ItemRow>,
    line: Option<Line>,
    mine: &HashSet<(ItemId, i64)>,
    late: bool,
) -> std::result::Result<(&'a ItemRow, Line), EntryAside> {
    let (Some(item), Some(line)) = (item, line) else { return Err(EntryAside::Unknown) };
    if item.is_kit() {
        return Err(EntryAside::Kit);
    }
    if !item.stocked() {
        return Err(EntryAside::Service);
    }
    if at == CountState::Recounting && (line.round == 1 || line.accepted == 1) {
        return Err(EntryAside::NotAgain);
    }
    // It waited on a device since before: it is no part of what is counted anew.
    if late {
        return Err(EntryAside::Late);
    }
    if (1..line.round).any(|round| mine.contains(&(item.id, round))) {
        return Err(EntryAside::NotYou);
    }
    Ok((item, line))
}

async fn known(tx: &mut Tx, entries: &[NewCountEntry]) -> Result<HashMap<CountEntryId, (PaperId, ItemId, Quantity)>> {
    let rows: Vec<(CountEntryId, PaperId, ItemId, Quantity)> = query_rows!(
        tx,
        "with wanted (id) as (",
        entries,
        |row, entry| {
            row.push_bind(entry.id);
        },
        ") select e.id, e.paper, e.item, e.quantity from wanted join inventory_count_entry e on e.id = wanted.id"
    )?;
    Ok(rows.into_iter().map(|(id, paper, item, quantity)| (id, (paper, item, quantity))).collect())
}

async fn lines(tx: &mut Tx, paper: PaperId, items: &[ItemId]) -> Result<HashMap<ItemId, Line>> {
    let rows: Vec<Line> = query_rows!(
        tx,
        "with wanted (paper, item) as (",
        items,
        |row, item| {
            row.push_bind(paper).push_bind(*item);
        },
        ") select l.item, l.round, l.accepted, l.counted, l.first_at, l.counted_at
         from wanted join inventory_count_line l on l.paper = wanted.paper and l.item = wanted.item"
    )?;
    Ok(rows.into_iter().map(|line| (line.item, line)).collect())
}

/// In which rounds they counted these items themselves.
pub(super) async fn counted_before(
    tx: &mut Tx,
    actor: &Actor,
    paper: PaperId,
    items: &[ItemId],
) -> Result<HashSet<(ItemId, i64)>> {
    let me = actor.principal.to_string();
    let rows: Vec<(ItemId, i64)> = query_rows!(
        tx,
        "with wanted (paper, item, principal) as (",
        items,
        |row, item| {
            row.push_bind(paper).push_bind(*item).push_bind(me.clone());
        },
        ") select distinct e.item, e.round from wanted
         join inventory_count_entry e
           on e.paper = wanted.paper and e.item = wanted.item and e.principal = wanted.principal"
    )?;
    Ok(rows.into_iter().collect())
}

async fn write(act: &mut Act, paper: &Paper, before: &CountRow, sorted: &Sorted<'_>) -> Result<()> {
    let entries = i64::try_from(sorted.fresh.len()).unwrap_or(i64::MAX);
    let first = |(before, after): &&(Option<Line>, Line)| {
        after.round == 1 && before.as_ref().is_none_or(|before| before.counted.is_none())
    };
    let items = i64::try_from(sorted.lines.values().filter(first).count()).unwrap_or(i64::MAX);
    if before.entries + entries > ENTRIES_MAX || before.items + items > ITEMS_MAX {
        let message = format!(
            "a count holds {ENTRIES_MAX} entries of {ITEMS_MAX} items; finish this one, and open another for the rest"
        );
        return Err(Flaw::new("entries", "line_count", message).into());
    }
    let lines: Vec<&Line> = sorted.lines.values().map(|(_, after)| after).collect();
    insert_rows!(
        act,
        "insert into inventory_count_line (paper, item, round, accepted, counted, first_at, counted_at) ",
        &lines,
        |row, line| {
            row.push_bind(paper.id).push_bind(line.item).push_bind(line.round).push_bind(line.accepted);
            row.push_bind(line.counted).push_bind(line.first_at).push_bind(line.counted_at);
        },
        " on conflict (paper, item) do update
          set counted = excluded.counted, first_at = excluded.first_at, counted_at = excluded.counted_at"
    )?;
    let (principal, author) = (act.actor().principal.to_string(), act.actor().name.clone());
    insert_rows!(
        act,
        "insert into inventory_count_entry (id, paper, item, round, quantity, shelf, principal, author, counted_at,
                                            recorded_at) ",
        &sorted.fresh,
        |row, fresh| {
            row.push_bind(fresh.new.id).push_bind(paper.id).push_bind(fresh.item.id).push_bind(fresh.round);
            row.push_bind(fresh.quantity).push_bind(fresh.new.shelf.as_deref()).push_bind(principal.clone());
            row.push_bind(author.clone()).push_bind(fresh.at).push_bind(paper.changed_at);
        },
        ""
    )?;
    execute!(
        act,
        "update inventory_count set entries = entries + $2, items = items + $3 where paper = $1",
        paper.id,
        entries,
        items
    )?;
    Ok(())
}
