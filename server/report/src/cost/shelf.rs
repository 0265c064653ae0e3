//! The tables of the value journal: what a batch touches is read with a few statements, and written back with a few.

use super::book::{Account, At, Book, Cost, Effect, Layer};
use super::fact::{Deed, Fact};
use super::ledger::{Entry, Ledger};
use super::part::Part;
use db::{Result, Tx, query_rows};
use model::{Costing, ItemId, PostingId, StoreId, Time};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An item in a store.
type Key = (StoreId, ItemId);

/// Takes the lock that lets one writer at a time at the value journal, and says up to which line it is true.
pub async fn lock(tx: &mut Tx) -> Result<i64> {
    let (seq,): (i64,) = db::fetch_one!(tx, "update report_cost_head set seq = seq where one = 1 returning seq")?;
    Ok(seq)
}

/// The journal line up to which the value journal in this snapshot is true.
pub async fn as_of(tx: &mut Tx) -> Result<i64> {
    let (seq,): (i64,) = db::fetch_one!(tx, "select seq from report_cost_head where one = 1")?;
    Ok(seq)
}

/// Empties the value journal.
pub async fn clear(tx: &mut Tx) -> Result<()> {
    db::execute!(tx, "delete from report_costing")?;
    db::execute!(tx, "delete from report_cost_pile")?;
    db::execute!(tx, "delete from report_cost_layer")?;
    db::execute!(tx, "delete from report_cost_use")?;
    db::execute!(tx, "delete from report_cost_entry")?;
    db::execute!(tx, "update report_cost_head set seq = 0 where one = 1")?;
    Ok(())
}

/// What of an item's book these facts can touch.
#[derive(Default)]
struct Wanted {
    /// Goods may come in, and cover what is owed.
    comes: bool,
    /// A delivery may say what one cost.
    says: bool,
    /// All layers, also those that are used up.
    deep: bool,
}

/// Reads all that these facts can touch.
pub async fn load(tx: &mut Tx, facts: &[Fact]) -> Result<Ledger> {
    let mut wanted: BTreeMap<Key, Wanted> = BTreeMap::new();
    let (mut again, mut here, mut recosted) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for fact in facts {
        match fact {
            Fact::Costing(item, _) => recosted.push(*item),
            Fact::Deed(scene, deed) => {
                here.insert(scene.posting);
                let wanted = wanted.entry((scene.store, scene.item)).or_default();
                match deed {
                    Deed::In { sale, cost, .. } => {
                        wanted.comes = true;
                        wanted.says |= matches!(cost, Cost::Each(_));
                        again.extend(*sale);
                    }
                    Deed::Undo { posting, .. } => {
                        wanted.comes = true;
                        wanted.deep = true;
                        again.insert(*posting);
                    }
                    Deed::Lost { sent, .. } => again.extend(*sent),
                    Deed::Missed { posting } => drop(again.insert(*posting)),
                    Deed::Out { .. } => {}
                }
            }
            Fact::Told(told) => {
                again.insert(told.receipt);
                for (_, item, _) in &told.lines {
                    let wanted = wanted.entry((told.store, *item)).or_default();
                    (wanted.says, wanted.deep) = (true, true);
                }
            }
        }
    }
    for key in piles_of(tx, &recosted).await? {
        wanted.entry(key).or_default();
    }
    let earlier: Vec<PostingId> = again.difference(&here).copied().collect();
    let again = Some(again.into_iter().collect());
    let mut ledger = Ledger { before: before(tx, &earlier).await?, again, ..Ledger::default() };
    let keys: Vec<Key> = wanted.keys().copied().collect();
    ledger.costings = costings(tx, &keys).await?;
    piles(tx, &keys, &mut ledger).await?;
    fill(tx, wanted, &mut ledger).await?;
    Ok(ledger)
}

/// Layers and what left them, as far as they are wanted.
async fn fill(tx: &mut Tx, wanted: BTreeMap<Key, Wanted>, ledger: &mut Ledger) -> Result<()> {
    let (mut open, mut deep, mut owing, mut all) = (Vec::new(), BTreeSet::new(), Vec::new(), Vec::new());
    for (key, wanted) in wanted {
        // There is nothing yet.
        let Some(book) = ledger.books.get(&key) else { continue };
        // What came before anybody said a cost is told of it now.
        let teaches = wanted.says && book.last_cost.is_none();
        if wanted.deep || teaches {
            deep.insert(key);
        } else {
            open.push(key);
        }
        if teaches {
            all.push(key);
        } else if wanted.comes && book.owed.quantity > 0 {
            owing.push((key, At::OWED));
        }
    }
    layers(tx, &open, &deep.iter().copied().collect::<Vec<_>>(), ledger).await?;
    let own = ledger.before.values().flatten().filter(|entry| entry.is_own());
    let own = own.map(|entry| ((entry.store, entry.item), entry.at()));
    // A return may name a sale of other goods: only its entries are asked for.
    let ats: Vec<(Key, At)> = own.filter(|(key, _)| deep.contains(key)).collect();
    uses_by_place(tx, &ats, ledger).await?;
    owing.extend(ats);
    uses_of_layers(tx, &owing, ledger).await?;
    uses_of_items(tx, &all, ledger).await
}

async fn piles_of(tx: &mut Tx, items: &[ItemId]) -> Result<Vec<Key>> {
    query_rows!(
        tx,
        "with wanted (item) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select p.store, p.item from report_cost_pile p where p.item in (select item from wanted)"
    )
}

async fn costings(tx: &mut Tx, keys: &[Key]) -> Result<HashMap<ItemId, Costing>> {
    let items: BTreeSet<ItemId> = keys.iter().map(|key| key.1).collect();
    let items: Vec<ItemId> = items.into_iter().collect();
    let rows: Vec<(ItemId, String)> = query_rows!(
        tx,
        "with wanted (item) as (",
        &items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select c.item, c.costing from wanted join report_costing c on c.item = wanted.item"
    )?;
    Ok(rows.into_iter().filter_map(|(item, name)| Some((item, Costing::named(&name)?))).collect())
}

async fn piles(tx: &mut Tx, keys: &[Key], ledger: &mut Ledger) -> Result<()> {
    let rows: Vec<(StoreId, ItemId, i64, i64, Option<i64>)> = query_rows!(
        tx,
        "with wanted (store, item) as (",
        keys,
        |row, key| {
            row.push_bind(key.0).push_bind(key.1);
        },
        ") select p.store, p.item, p.owed, p.owed_value, p.last_cost
         from wanted join report_cost_pile p on p.store = wanted.store and p.item = wanted.item"
    )?;
    for (store, item, quantity, value, last_cost) in rows {
        let costing = ledger.costings.get(&item).copied().unwrap_or_default();
        let owed = Part { quantity, value };
        ledger.books.insert((store, item), Book { costing, owed, last_cost, ..Book::default() });
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LayerRow {
    store: StoreId,
    item: ItemId,
    seq: i64,
    line: i64,
    account: String,
    came: i64,
    value: i64,
    landed: i64,
    quantity_left: i64,
    value_left: i64,
    known: bool,
}

impl LayerRow {
    fn put(self, ledger: &mut Ledger) {
        let layer = Layer {
            // Only a hand in the database can make another name of it; `verify` tells.
            account: Account::named(&self.account).unwrap_or(Account::Received),
            came: Part { quantity: self.came, value: self.value },
            landed: self.landed,
            left: Part { quantity: self.quantity_left, value: self.value_left },
            known: self.known,
        };
        let at = At { seq: self.seq, line: self.line };
        ledger.books.entry((self.store, self.item)).or_default().layers.insert(at, layer);
    }
}

macro_rules! layers {
    ($tx:expr, $keys:expr, $where:literal) => {
        query_rows!(
            $tx,
            "with wanted (store, item) as (",
            $keys,
            |row, key| {
                row.push_bind(key.0).push_bind(key.1);
            },
            concat!(
                ") select l.store, l.item, l.seq, l.line, l.account, l.came, l.value, l.landed, l.quantity_left,
                    l.value_left, l.known
                 from wanted join report_cost_layer l on l.store = wanted.store and l.item = wanted.item",
                $where
            )
        )
    };
}

async fn layers(tx: &mut Tx, open: &[Key], deep: &[Key], ledger: &mut Ledger) -> Result<()> {
    let rows: Vec<LayerRow> = layers!(tx, open, " where l.quantity_left > 0")?;
    rows.into_iter().for_each(|row| row.put(ledger));
    let rows: Vec<LayerRow> = layers!(tx, deep, "")?;
    rows.into_iter().for_each(|row| row.put(ledger));
    Ok(())
}

#[derive(sqlx::FromRow)]
struct UseRow {
    store: StoreId,
    item: ItemId,
    layer_seq: i64,
    layer_line: i64,
    seq: i64,
    line: i64,
    quantity: i64,
    value: i64,
}

impl UseRow {
    fn put(self, ledger: &mut Ledger) {
        let (layer, at) = (At { seq: self.layer_seq, line: self.layer_line }, At { seq: self.seq, line: self.line });
        let part = Part { quantity: self.quantity, value: self.value };
        ledger.books.entry((self.store, self.item)).or_default().uses.insert((layer, at), part);
    }
}

async fn uses_by_place(tx: &mut Tx, ats: &[(Key, At)], ledger: &mut Ledger) -> Result<()> {
    let rows: Vec<UseRow> = query_rows!(
        tx,
        "with wanted (seq, line) as (",
        ats,
        |row, at| {
            row.push_bind(at.1.seq).push_bind(at.1.line);
        },
        ") select u.store, u.item, u.layer_seq, u.layer_line, u.seq, u.line, u.quantity, u.value
         from wanted join report_cost_use u on u.seq = wanted.seq and u.line = wanted.line"
    )?;
    rows.into_iter().for_each(|row| row.put(ledger));
    Ok(())
}

async fn uses_of_layers(tx: &mut Tx, layers: &[(Key, At)], ledger: &mut Ledger) -> Result<()> {
    let rows: Vec<UseRow> = query_rows!(
        tx,
        "with wanted (store, item, seq, line) as (",
        layers,
        |row, at| {
            row.push_bind(at.0.0).push_bind(at.0.1).push_bind(at.1.seq).push_bind(at.1.line);
        },
        ") select u.store, u.item, u.layer_seq, u.layer_line, u.seq, u.line, u.quantity, u.value
         from wanted join report_cost_use u on u.store = wanted.store and u.item = wanted.item
              and u.layer_seq = wanted.seq and u.layer_line = wanted.line"
    )?;
    rows.into_iter().for_each(|row| row.put(ledger));
    Ok(())
}

async fn uses_of_items(tx: &mut Tx, keys: &[Key], ledger: &mut Ledger) -> Result<()> {
    let rows: Vec<UseRow> = query_rows!(
        tx,
        "with wanted (store, item) as (",
        keys,
        |row, key| {
            row.push_bind(key.0).push_bind(key.1);
        },
        ") select u.store, u.item, u.layer_seq, u.layer_line, u.seq, u.line, u.quantity, u.value
         from wanted join report_cost_use u on u.store = wanted.store and u.item = wanted.item"
    )?;
    rows.into_iter().for_each(|row| row.put(ledger));
    Ok(())
}

#[derive(sqlx::FromRow)]
pub struct EntryRow {
    seq: i64,
    nth: i64,
    line: i64,
    posting: PostingId,
    store: StoreId,
    item: ItemId,
    day: String,
    learnt: Time,
    account: String,
    quantity: i64,
    inventory: i64,
    counter: i64,
    revaluation: i64,
    residue: i64,
}

impl From<EntryRow> for Entry {
    fn from(row: EntryRow) -> Self {
        let EntryRow { seq, nth, line, posting, store, item, day, learnt, quantity, inventory, counter, .. } = row;
        let account = Account::named(&row.account).unwrap_or(Account::Received);
        let EntryRow { revaluation, residue, .. } = row;
        let effect = Effect { quantity, inventory, counter, revaluation, residue };
        Self { seq, nth, line, posting, store, item, day, learnt, account, effect }
    }
}

/// The entries of documents that come up again.
async fn before(tx: &mut Tx, postings: &[PostingId]) -> Result<HashMap<PostingId, Vec<Entry>>> {
    let rows: Vec<EntryRow> = query_rows!(
        tx,
        "with wanted (posting) as (",
        postings,
        |row, posting| {
            row.push_bind(*posting);
        },
        ") select e.seq, e.nth, e.line, e.posting, e.store, e.item, e.day, e.learnt, e.account, e.quantity, e.inventory,
            e.counter, e.revaluation, e.residue
         from wanted join report_cost_entry e on e.posting = wanted.posting order by e.seq, e.nth"
    )?;
    let mut before: HashMap<PostingId, Vec<Entry>> = HashMap::new();
    for entry in rows.into_iter().map(Entry::from) {
        before.entry(entry.posting).or_default().push(entry);
    }
    Ok(before)
}

/// All that is kept of an item's book, and what its pile says it adds up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// The book.
    pub book: Book,
    /// What it says that it adds up to.
    pub total: Part,
}

/// Everything that the tables hold beside the entries.
pub async fn held(tx: &mut Tx) -> Result<BTreeMap<Key, Keep>> {
    let rows: Vec<(StoreId, ItemId, i64, i64)> =
        db::fetch_all!(tx, "select store, item, quantity, value from report_cost_pile")?;
    let keys: Vec<Key> = rows.iter().map(|row| (row.0, row.1)).collect();
    let mut ledger = Ledger { costings: costings(tx, &keys).await?, ..Ledger::default() };
    piles(tx, &keys, &mut ledger).await?;
    layers(tx, &[], &keys, &mut ledger).await?;
    uses_of_items(tx, &keys, &mut ledger).await?;
    let total = |(store, item, quantity, value)| ((store, item), Part { quantity, value });
    let totals: BTreeMap<Key, Part> = rows.into_iter().map(total).collect();
    let kept = ledger.books.into_iter().map(|(key, book)| {
        let total = totals.get(&key).copied().unwrap_or_default();
        (key, Keep { book, total })
    });
    Ok(kept.collect())
}
