//! What of a posting is of which lot: named, given back, or taken by what expires first.

use super::name::{Known, find_or_add};
use super::shelf::{Batch, Part, Shelf};
use super::{LotMoved, NEVER, date, day, serial};
use crate::balance::{Balances, Key, Legs, NO_LOT};
use crate::document::{Draft, DraftLine};
use crate::exception::Crossing;
use crate::store::Site;
use auth::Act;
use db::{Tx, fetch_all, insert_rows, query_rows};
use model::barcode::Date;
use model::{DocumentKind, ItemId, LocationId, LotId, LotStatus, PostingId, Quantity, Result};
use std::collections::{BTreeMap, HashMap, HashSet};

/// May it be about goods of a lot? What is undone gives back what it took, whatever the catalogue says by now.
pub(crate) fn concerns(draft: &Draft) -> bool {
    draft.reverses.is_some() || draft.lines.iter().any(|line| line.item.has_lots())
}

/// Says and writes down what of a draft is of which lot, once its balances are changed and held; answers with that, and
/// with the sales of what must not be sold.
pub(crate) async fn book(
    act: &mut Act,
    site: &Site,
    draft: &Draft,
    legs: &Legs,
    balances: &Balances,
    local: &str,
) -> Result<(Vec<LotMoved>, Vec<Crossing>)> {
    let parts = match draft.reverses {
        Some(original) => given_back(act, draft, original).await?,
        None => {
            let mut booking = Booking::open(act, draft, legs, balances, day(local)).await?;
            let mut parts: Vec<_> = draft.lines.iter().map(|line| booking.named(line)).collect::<Result<_>>()?;
            // What says nothing takes what is left by what is named.
            for (line, parts) in draft.lines.iter().zip(&mut parts) {
                booking.rest(line, parts)?;
            }
            parts
        }
    };
    let (mut moved, mut deltas) = (Vec::new(), BTreeMap::new());
    for (at, (line, parts)) in (1_i64..).zip(draft.lines.iter().zip(&parts)) {
        for part in parts {
            if let Some(key) = place(line) {
                let sign = if line.to == key.location { 1 } else { -1 };
                let until = part.expires_on.map_or(NEVER.to_owned(), |day| day.to_string());
                deltas.entry(Key { lot: part.lot, ..key }).or_insert((0_i64, until)).0 += sign * part.size;
            }
            moved.push(LotMoved {
                line: at,
                lot: part.lot,
                item: line.item.id,
                code: part.code.clone(),
                expires_on: part.expires_on,
                quantity: Quantity::from_parts(part.size),
            });
        }
    }
    let numbers = serial::judge(act, draft, balances, legs, &deltas).await?;
    write(act, site, draft.id, &deltas, &moved).await?;
    let bad = |(line, parts): &(&DraftLine, &Vec<Part>)| {
        draft.kind == DocumentKind::Sale && line.at.is_some() && parts.iter().any(|part| !part.good)
    };
    let sold = draft.lines.iter().zip(&parts).filter(bad);
    let mut told = HashSet::new();
    let sold = sold.filter(|(line, _)| told.insert(line.item.id));
    let expired = sold.filter_map(|(line, _)| Some(Crossing::of_expired(line.at?, &line.item)));
    let crossings = expired.chain(numbers).collect();
    Ok((moved, crossings))
}

/// The balance that a line changes.
fn place(line: &DraftLine) -> Option<Key> {
    Some(Key { location: line.at?, item: line.item.id, lot: NO_LOT, condition: line.condition })
}

/// What is known of the lots that a draft may be about.
struct Booking<'a> {
    draft: &'a Draft,
    named: BTreeMap<(ItemId, String), Known>,
    shelves: HashMap<Key, Shelf>,
    /// What is on its way between two places, or was sold and comes back.
    hands: HashMap<ItemId, Shelf>,
    day: &'a str,
}

impl<'a> Booking<'a> {
    async fn open(
        act: &mut Act,
        draft: &'a Draft,
        legs: &Legs,
        balances: &Balances,
        day: &'a str,
    ) -> Result<Booking<'a>> {
        let mut names: BTreeMap<(ItemId, String), (String, Option<Date>)> = BTreeMap::new();
        for line in &draft.lines {
            for (code, day) in line.lot.iter().flat_map(|lot| lot.codes.iter().map(|code| (code, lot.expires_on))) {
                let kept = names.entry((line.item.id, code.clone()));
                let (_, known) = kept.or_insert_with(|| (line.item.sku.clone(), day));
                *known = known.or(day);
            }
        }
        let named = if names.is_empty() { BTreeMap::new() } else { find_or_add(act, &names).await? };
        let taken: Vec<Key> = {
            let lots = draft.lines.iter().filter(|line| line.item.has_lots());
            lots.filter_map(place).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
        };
        let mut shelves = shelves(act, &taken, day).await?;
        for key in &taken {
            let shelf = shelves.entry(*key).or_default();
            let (Some(leg), Some(balance)) = (legs.get(key), balances.get(key)) else { continue };
            let lots: i64 = shelf.batches.iter().map(|batch| batch.left).sum();
            shelf.loose = balance.on_hand.parts() - leg.delta - lots;
        }
        let hands = match &draft.number {
            Some(number) if draft.kind == DocumentKind::Transfer => on_the_way(act, draft, number, day).await?,
            _ => match draft.returns {
                Some(sale) if draft.kind == DocumentKind::Return => sold(act, draft, sale, day).await?,
                _ => HashMap::new(),
            },
        };
        Ok(Booking { draft, named, shelves, hands, day })
    }

    /// What a line names: a lot of all of it, or serial numbers of one each.
    fn named(&mut self, line: &DraftLine) -> Result<Vec<Part>> {
        let codes = line.lot.iter().flat_map(|lot| &lot.codes).filter(|_| line.item.has_lots() && line.item.stocked());
        let size = if line.item.has_serials() { Quantity::ONE } else { line.quantity.abs().parts() };
        let part = |code: &String| {
            let known = &self.named[&(line.item.id, code.clone())];
            let (lot, code, expires_on) = (known.id, code.clone(), known.expires_on);
            Part { lot, code, expires_on, good: good(&known.status, expires_on, self.day), size }
        };
        let parts: Vec<Part> = codes.map(part).collect();
        if parts.is_empty() {
            return Ok(parts);
        }
        let all = parts.iter().map(|part| part.size).sum();
        if line.at == Some(line.from) {
            let shelf = self.shelf(line);
            parts.iter().for_each(|part| shelf.take_named(part));
            self.carry(line, all, &parts);
        } else {
            let on_the_way = self.draft.kind == DocumentKind::Transfer && line.item.has_serials();
            let hands = self.hands.entry(line.item.id).or_default();
            for part in &parts {
                hands.take_named(part);
                if on_the_way && hands.owes(part.lot) {
                    return Err(serial::not_sent(&line.item, &part.code));
                }
            }
            self.lay_down(line, all, &parts);
        }
        Ok(parts)
    }

    /// Of which lots the rest of a line is, which names none.
    fn rest(&mut self, line: &DraftLine, parts: &mut Vec<Part>) -> Result<()> {
        let size = line.quantity.abs().parts() - parts.iter().map(|part| part.size).sum::<i64>();
        if size <= 0 || !line.item.has_lots() || !line.item.stocked() {
            return Ok(());
        }
        let serials = line.item.has_serials();
        let (kind, written_off) = (self.draft.kind, self.draft.kind == DocumentKind::Adjustment);
        let taken = if line.at == Some(line.from) {
            let shelf = self.shelf(line);
            let taken = if serials { shelf.take_certain(size) } else { shelf.take(size, written_off) };
            self.carry(line, size, &taken);
            taken
        } else {
            let from_hands = matches!(kind, DocumentKind::Transfer | DocumentKind::Return);
            let hands = self.hands.entry(line.item.id).or_default();
            let taken = match from_hands {
                true if serials => hands.take_certain(size),
                true => hands.take(size, true),
                false => Vec::new(),
            };
            if from_hands && serials && hands.is_doubtful() {
                return Err(serial::missing(&line.item));
            }
            self.lay_down(line, size, &taken);
            taken
        };
        parts.extend(taken);
        Ok(())
    }

    fn shelf(&mut self, line: &DraftLine) -> &mut Shelf {
        self.shelves.entry(place(line).expect("it leaves a real place")).or_default()
    }

    /// What left in a transfer is on its way.
    fn carry(&mut self, line: &DraftLine, size: i64, parts: &[Part]) {
        if self.draft.kind == DocumentKind::Transfer {
            self.hands.entry(line.item.id).or_default().put(size, parts);
        }
    }

    fn lay_down(&mut self, line: &DraftLine, size: i64, parts: &[Part]) {
        if let Some(key) = place(line) {
            self.shelves.entry(key).or_default().put(size, parts);
        }
    }
}

fn good(status: &str, expires_on: Option<Date>, day: &str) -> bool {
    let over = expires_on.is_some_and(|last| last.to_string().as_str() < day);
    LotStatus::named(status) == LotStatus::Ok && !over
}

/// The lots at these places.
pub(super) async fn shelves(tx: &mut Tx, places: &[Key], day: &str) -> Result<HashMap<Key, Shelf>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        key: Key,
        on_hand: i64,
        code: String,
        expires_on: Option<String>,
        status: String,
    }
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (location, item, condition) as (",
        places,
        |row, key| {
            row.push_bind(key.location).push_bind(key.item).push_bind(key.condition.name());
        },
        ") select b.location, b.item, b.lot, b.condition, b.on_hand, l.code, l.expires_on, l.status
         from wanted join inventory_lot_balance b on b.location = wanted.location and b.item = wanted.item
                                                 and b.condition = wanted.condition and b.on_hand <> 0
         join inventory_lot l on l.id = b.lot"
    )?;
    let mut shelves: HashMap<Key, Shelf> = HashMap::new();
    for Row { key, on_hand: left, code, expires_on, status } in rows {
        let expires_on = date(expires_on);
        let batch = Batch { lot: key.lot, code, expires_on, good: good(&status, expires_on, day), left };
        shelves.entry(Key { lot: NO_LOT, ..key }).or_default().batches.push(batch);
    }
    Ok(shelves)
}

/// The lots of a transfer that left and did not arrive yet; what was lost and is found counts again.
async fn on_the_way(tx: &mut Tx, draft: &Draft, number: &str, day: &str) -> Result<HashMap<ItemId, Shelf>> {
    let Some(transit) = draft.lines.iter().find(|line| line.at != Some(line.from)).map(|line| line.from) else {
        return Ok(HashMap::new());
    };
    travelling(tx, (number, transit), draft.id, day).await
}

/// The same by the transfer's number and its sender's TRANSIT, but for what that posting moves.
pub(super) async fn travelling(
    tx: &mut Tx,
    (number, transit): (&str, LocationId),
    but: PostingId,
    day: &str,
) -> Result<HashMap<ItemId, Shelf>> {
    let rows: Vec<(ItemId, LotId, String, Option<String>, String, i64)> = fetch_all!(
        tx,
        "select m.item, l.id, l.code, l.expires_on, l.status,
                cast(sum(case when m.to_location = $2 then t.quantity else -t.quantity end) as bigint)
         from inventory_posting p
         join inventory_movement m on m.posting = p.id and (m.to_location = $2 or m.from_location = $2)
         join inventory_lot_movement t on t.posting = m.posting and t.line = m.line
         join inventory_lot l on l.id = t.lot
         where p.number = $1 and p.kind = 'transfer' and p.outcome = 'posted' and p.id <> $3
           and not exists (select 1 from inventory_posting r where r.reverses = p.id)
         group by m.item, l.id, l.code, l.expires_on, l.status",
        number,
        transit,
        but
    )?;
    Ok(in_hands(rows, day))
}

/// The lots that a sale took and that did not come back yet.
async fn sold(tx: &mut Tx, draft: &Draft, sale: PostingId, day: &str) -> Result<HashMap<ItemId, Shelf>> {
    let rows: Vec<(ItemId, LotId, String, Option<String>, String, i64)> = fetch_all!(
        tx,
        "select m.item, l.id, l.code, l.expires_on, l.status,
                cast(sum(case when p.kind = 'sale' then t.quantity else -t.quantity end) as bigint)
         from (select id, kind from inventory_posting where id = $1 and kind = 'sale'
               union all select id, kind from inventory_posting where returns = $1 and kind = 'return') p
         join inventory_movement m on m.posting = p.id
         join inventory_lot_movement t on t.posting = m.posting and t.line = m.line
         join inventory_lot l on l.id = t.lot
         where p.id <> $2 and not exists (select 1 from inventory_posting r where r.reverses = p.id)
         group by m.item, l.id, l.code, l.expires_on, l.status",
        sale,
        draft.id
    )?;
    Ok(in_hands(rows, day))
}

/// Of what is of no lot nobody asks how much it is: it is the rest of what arrives.
fn in_hands(rows: Vec<(ItemId, LotId, String, Option<String>, String, i64)>, day: &str) -> HashMap<ItemId, Shelf> {
    let mut hands: HashMap<ItemId, Shelf> = HashMap::new();
    for (item, lot, code, expires_on, status, left) in rows {
        let expires_on = date(expires_on);
        let batch = Batch { lot, code, expires_on, good: good(&status, expires_on, day), left };
        hands.entry(item).or_default().batches.push(batch);
    }
    hands
}

/// The lots of what is undone, line by line.
async fn given_back(tx: &mut Tx, draft: &Draft, original: PostingId) -> Result<Vec<Vec<Part>>> {
    let rows: Vec<(i64, LotId, String, Option<String>, i64)> = fetch_all!(
        tx,
        "select t.line, t.lot, l.code, l.expires_on, t.quantity
         from inventory_lot_movement t join inventory_lot l on l.id = t.lot where t.posting = $1 order by t.line, t.lot",
        original
    )?;
    let mut parts = vec![Vec::new(); draft.lines.len()];
    for (line, lot, code, expires_on, size) in rows {
        let at = usize::try_from(line - 1).ok();
        if let Some(parts) = at.and_then(|at| parts.get_mut(at)) {
            parts.push(Part { lot, code, expires_on: date(expires_on), good: true, size });
        }
    }
    Ok(parts)
}

async fn write(
    act: &mut Act,
    site: &Site,
    posting: PostingId,
    deltas: &BTreeMap<Key, (i64, String)>,
    moved: &[LotMoved],
) -> Result<()> {
    let rows: Vec<(&Key, &(i64, String))> = deltas.iter().collect();
    insert_rows!(
        act,
        "insert into inventory_lot_balance (location, item, lot, condition, store, on_hand, until) ",
        &rows,
        |row, delta| {
            row.push_bind(delta.0.location).push_bind(delta.0.item).push_bind(delta.0.lot);
            row.push_bind(delta.0.condition.name()).push_bind(site.store.id).push_bind(delta.1.0);
            row.push_bind(&delta.1.1);
        },
        " on conflict (location, item, lot, condition) do update
          set on_hand = inventory_lot_balance.on_hand + excluded.on_hand"
    )?;
    insert_rows!(
        act,
        "insert into inventory_lot_movement (posting, line, lot, quantity) ",
        moved,
        |row, part| {
            row.push_bind(posting).push_bind(part.line).push_bind(part.lot).push_bind(part.quantity);
        },
        ""
    )?;
    Ok(())
}
