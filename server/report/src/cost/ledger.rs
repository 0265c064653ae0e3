//! The value journal: what each fact does to the worth of the stock, as entries that each add up to zero.

use super::book::{Account, At, Book, Cost, Effect};
use super::fact::{Deed, Fact, Scene, Told};
use super::part::{Part, Split};
use model::{Costing, ItemId, PostingId, StoreId, Time};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Entries beyond a document's own lines are numbered from here on.
const MORE: i64 = 1_000;

/// One row of the value journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The journal line.
    pub seq: i64,
    /// Its place among the entries of that line: the document's line, or beyond 1 000 for what follows of it.
    pub nth: i64,
    /// The line of the document that it is about.
    pub line: i64,
    /// The document.
    pub posting: PostingId,
    /// The store.
    pub store: StoreId,
    /// The item.
    pub item: ItemId,
    /// The day on the store's own calendar.
    pub day: String,
    /// When the journal learnt of it.
    pub learnt: Time,
    /// What stands against the inventory.
    pub account: Account,
    /// How much.
    pub effect: Effect,
}

impl Entry {
    /// Where its goods came in, or left.
    pub fn at(&self) -> At {
        At { seq: self.seq, line: self.line }
    }

    /// Is it a document's own line, not what was told of it later?
    pub fn is_own(&self) -> bool {
        self.nth == self.line
    }
}

/// The books that a batch of facts touches, and what it enters.
#[derive(Debug, Default)]
pub struct Ledger {
    /// By store and item.
    pub books: BTreeMap<(StoreId, ItemId), Book>,
    /// Items that are not costed by the oldest layer first.
    pub costings: HashMap<ItemId, Costing>,
    /// The lines of documents that come up again: of an undone one, of a sale whose goods come back.
    pub before: HashMap<PostingId, Vec<Entry>>,
    /// Which documents those are; all may be, when nobody says.
    pub again: Option<HashSet<PostingId>>,
    /// What was entered.
    pub entries: Vec<Entry>,
    /// The journal line that is being entered, and how many entries follow from it.
    pub more: (i64, i64),
}

impl Ledger {
    /// Enters a fact.
    pub fn enter(&mut self, fact: &Fact) {
        match fact {
            Fact::Costing(item, costing) => self.recost(*item, *costing),
            Fact::Deed(scene, Deed::In { account, quantity, cost, sale }) => {
                let sold = sale.and_then(|sale| self.sold_at(sale, scene, *account, *quantity));
                self.receive(scene, *account, *quantity, sold.map_or(*cost, Cost::Whole));
            }
            Fact::Deed(scene, Deed::Out { account, quantity }) => {
                let effect = self.book(scene.store, scene.item).issue(scene.at, *quantity);
                self.note(scene, scene.at.line, *account, effect);
            }
            Fact::Deed(scene, Deed::Lost { quantity, sent }) => {
                // Sent at nothing, there is nothing to write off: what is learnt later is a revaluation of what left.
                let sent = sent.and_then(|sent| self.sold_at(sent, scene, Account::Transit, *quantity));
                self.write_off(scene, Part { quantity: *quantity, value: sent.unwrap_or_default() });
            }
            Fact::Deed(scene, Deed::Missed { posting }) => {
                let lost = self.line(*posting, scene.at.line).map(|lost| lost.effect);
                if let Some(Effect { quantity, inventory: value, .. }) = lost {
                    self.write_off(scene, Part { quantity: -quantity, value: -value });
                }
            }
            Fact::Deed(scene, Deed::Undo { posting, came }) => self.undo(scene, *posting, *came),
            Fact::Told(told) => self.tell(told),
        }
    }

    /// The book of an item in a store; an empty one when there was none.
    fn book(&mut self, store: StoreId, item: ItemId) -> &mut Book {
        let costing = self.costings.get(&item).copied().unwrap_or_default();
        self.books.entry((store, item)).or_insert_with(|| Book { costing, ..Book::default() })
    }

    fn recost(&mut self, item: ItemId, costing: Costing) {
        self.costings.insert(item, costing);
        let books = self.books.iter_mut().filter(|(key, _)| key.1 == item);
        books.for_each(|(_, book)| book.recost(costing));
    }

    fn receive(&mut self, scene: &Scene, account: Account, quantity: i64, cost: Cost) {
        let book = self.book(scene.store, scene.item);
        let knew = book.last_cost.is_some();
        let effect = book.receive(scene.at, account, quantity, cost);
        self.note(scene, scene.at.line, account, effect);
        if !knew {
            self.teach(scene);
        }
    }

    /// What came in before anybody said what one costs is worth something from now on.
    fn teach(&mut self, scene: &Scene) {
        let book = self.book(scene.store, scene.item);
        let Some(each) = book.last_cost else { return };
        for (at, account, effect) in book.teach(each) {
            self.note_more(scene, at.line, account, effect);
        }
    }

    /// What so many cost when they were sold, or sent; `None` when that document says nothing of it.
    fn sold_at(&self, sale: PostingId, scene: &Scene, account: Account, quantity: i64) -> Option<i64> {
        // Another store's sale may be in another currency; what was sent came from another store.
        let theirs = |entry: &&Entry| account == Account::Transit || entry.store == scene.store;
        let left = |entry: &&Entry| entry.account == account && entry.effect.quantity < 0;
        let lines = self.before.get(&sale)?.iter().filter(|entry| entry.item == scene.item && entry.is_own());
        let sold = lines.filter(theirs).filter(left);
        let sum = sold.fold(Part::default(), |sum, entry| {
            sum + Part { quantity: -entry.effect.quantity, value: entry.effect.counter }
        });
        (sum.value > 0).then(|| sum.share(quantity))
    }

    /// What was on its way comes home and is lost there, in two entries that touch no layer.
    fn write_off(&mut self, scene: &Scene, Part { quantity, value }: Part) {
        let home = Effect { quantity, inventory: value, counter: -value, ..Effect::default() };
        let gone = Effect { quantity: -quantity, inventory: -value, counter: value, ..Effect::default() };
        self.note(scene, scene.at.line, Account::Transit, home);
        self.note_more(scene, scene.at.line, Account::Shrinkage, gone);
    }

    fn undo(&mut self, scene: &Scene, posting: PostingId, came: bool) {
        // What is not there was no movement of goods.
        let Some(done) = self.line(posting, scene.at.line).cloned() else { return };
        let book = self.book(scene.store, scene.item);
        let undone = if came {
            book.unreceive(done.at(), scene.at)
        } else {
            Some((done.account, book.unissue(done.at(), done.effect.counter)))
        };
        if let Some((account, effect)) = undone {
            self.note(scene, scene.at.line, account, effect);
        }
    }

    /// A line of a document that was entered before.
    fn line(&self, posting: PostingId, line: i64) -> Option<&Entry> {
        self.before.get(&posting)?.iter().find(|entry| entry.line == line && entry.is_own())
    }

    fn tell(&mut self, told: &Told) {
        let lines: Vec<_> = told
            .lines
            .iter()
            .filter_map(|(line, item, each)| Some((self.line(told.receipt, *line)?.at(), *item, *each)))
            .collect();
        let scene = |at: At, item| Scene {
            at: At { seq: told.seq, line: at.line },
            learnt: told.learnt,
            day: told.day.clone(),
            posting: told.receipt,
            store: told.store,
            item,
        };
        for (at, item, each) in lines.iter().filter_map(|(at, item, each)| Some((*at, *item, (*each)?))) {
            let (scene, book) = (scene(at, item), self.book(told.store, item));
            let knew = book.last_cost.is_some();
            if let Some((account, effect)) = book.price(at, each) {
                self.note_more(&scene, at.line, account, effect);
                if !knew {
                    self.teach(&scene);
                }
            }
        }
        let dealt = match told.undoes {
            Some(undone) => self.dealt(told.receipt, undone),
            None => {
                let came = lines
                    .iter()
                    .filter_map(|(at, item, _)| Some((*at, *item, self.book(told.store, *item).layers.get(at)?.came)));
                shares(told.landed, came.collect())
            }
        };
        for (at, item, share) in dealt.into_iter().filter(|(.., share)| *share != 0) {
            if let Some((account, effect)) = self.book(told.store, item).land(at, share) {
                self.note_more(&scene(at, item), at.line, account, effect);
            }
        }
    }

    /// What takes back the freight that a journal line put on each line of a delivery.
    fn dealt(&self, receipt: PostingId, seq: i64) -> Vec<(At, ItemId, i64)> {
        let entries = self.before.get(&receipt).into_iter().flatten();
        let freight = entries.filter(|entry| entry.seq == seq && entry.account == Account::Landed);
        let back = freight.filter_map(|entry| {
            let at = self.line(receipt, entry.line)?.at();
            // What stood against it was its share, with the other sign.
            Some((at, entry.item, entry.effect.counter))
        });
        back.collect()
    }

    /// An entry of the document's own line.
    fn note(&mut self, scene: &Scene, line: i64, account: Account, effect: Effect) {
        self.push(scene, scene.at.line, line, account, effect);
    }

    /// An entry that follows from it.
    fn note_more(&mut self, scene: &Scene, line: i64, account: Account, effect: Effect) {
        self.more = if self.more.0 == scene.at.seq { (self.more.0, self.more.1 + 1) } else { (scene.at.seq, 1) };
        self.push(scene, MORE + self.more.1, line, account, effect);
    }

    fn push(&mut self, scene: &Scene, nth: i64, line: i64, account: Account, effect: Effect) {
        let Scene { at: At { seq, .. }, learnt, posting, store, item, .. } = *scene;
        let day = scene.day.clone();
        let entry = Entry { seq, nth, line, posting, store, item, day, learnt, account, effect };
        if self.again.as_ref().is_none_or(|again| again.contains(&posting)) {
            self.before.entry(posting).or_default().push(entry.clone());
        }
        self.entries.push(entry);
    }
}

/// By what landed costs are shared out: by what the lines are worth, or how many they are when they are worth nothing.
fn weights(came: &[(At, ItemId, Part)]) -> Vec<i64> {
    let worth = came.iter().try_fold(0_i64, |sum, (.., part)| sum.checked_add(part.value));
    let by_worth = worth.is_some_and(|worth| worth > 0);
    came.iter().map(|(.., part)| if by_worth { part.value } else { part.quantity }).collect()
}

fn shares(landed: i64, came: Vec<(At, ItemId, Part)>) -> Vec<(At, ItemId, i64)> {
    let weights = weights(&came);
    let mut split = Split::of(Part { quantity: weights.iter().sum(), value: landed });
    came.into_iter().zip(weights).map(|((at, item, _), weight)| (at, item, split.next(weight))).collect()
}
