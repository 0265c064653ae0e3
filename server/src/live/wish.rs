//! What one socket wants to hear, narrowed to what its person may hear.

use super::told::Told;
use model::{Action, Actor, PaperId, Scope, Store, StoreId};
use std::collections::HashSet;
use std::fmt::Write;
use std::sync::Arc;

/// The most topics of one socket.
pub const TOPICS: usize = 32;

/// The topics of one socket, by store.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    stock: HashSet<StoreId>,
    sales: HashSet<StoreId>,
    /// Every posting of the store, services too, and whatever happens to its exceptions.
    work: HashSet<StoreId>,
    /// Every step of the store's documents.
    papers: HashSet<StoreId>,
    /// These, and what is counted of the store's deliveries before it is booked in.
    arrivals: HashSet<StoreId>,
    /// Every step of one document, for whoever may see one of its stores.
    paper: HashSet<PaperId>,
    /// The stores whose documents are theirs.
    theirs: HashSet<StoreId>,
    /// That there are new lines in the journal, whatever they say: the page asks for those it shows.
    pub journal: bool,
}

impl Wish {
    /// Reads `stock:LON`, `sales:LON`, `work:LON`, `papers:LON`, `arrivals:LON`, `paper:ID` and `journal`; what is unknown or not theirs is
    /// left out without a word.
    #[must_use]
    pub fn new(topics: &[String], stores: &[Store]) -> Self {
        let mut wish = Self { theirs: stores.iter().map(|store| store.id).collect(), ..Self::default() };
        for topic in topics.iter().take(TOPICS) {
            wish.journal |= topic == "journal";
            let Some((kind, code)) = topic.split_once(':') else { continue };
            if kind == "paper" {
                wish.paper.extend(code.parse::<PaperId>().ok());
            }
            let Some(store) = stores.iter().find(|store| store.code == code) else { continue };
            match kind {
                "stock" => wish.stock.insert(store.id),
                "sales" => wish.sales.insert(store.id),
                "work" => wish.work.insert(store.id),
                "papers" => wish.papers.insert(store.id),
                "arrivals" => wish.arrivals.insert(store.id),
                _ => false,
            };
        }
        wish
    }

    /// The part that this person may hear at this moment: stock, work and documents for whoever sees stock, sales for whoever
    /// sees reports, the journal's pulse for whoever reads the journal.
    #[must_use]
    pub fn narrowed(&self, actor: &Actor) -> Self {
        let (stock, reports) = (actor.scope(Action::SeeStock), actor.scope(Action::SeeReports));
        let of = |wish: &HashSet<StoreId>, scope: &Scope| -> HashSet<StoreId> {
            wish.iter().copied().filter(|store| scope.holds(*store)).collect()
        };
        let journal = self.journal && actor.may(Action::ReadJournal.anywhere());
        Self {
            stock: of(&self.stock, &stock),
            sales: of(&self.sales, &reports),
            work: of(&self.work, &stock),
            papers: of(&self.papers, &stock),
            arrivals: of(&self.arrivals, &stock),
            paper: self.paper.clone(),
            theirs: of(&self.theirs, &stock),
            journal,
        }
    }

    /// Is one of these documents followed, by itself or with all of a store's?
    fn follows(&self, told: &Told) -> bool {
        let of_store = |store| self.arrivals.contains(store) || !told.is_counting && self.papers.contains(store);
        told.papers.iter().any(|(id, stores)| {
            stores.iter().any(|store| of_store(store) || self.paper.contains(id) && self.theirs.contains(store))
        })
    }

    /// Writes the frames for a batch of lines; `prev` is the last line told before, and afterwards the last one told.
    ///
    /// A balance that changes again within the batch is told once, with its latest value: values are absolute, so a
    /// slow socket catches up by leaving out what is already old.
    #[must_use]
    pub fn frames(&self, batch: &[Arc<Told>], prev: &mut i64) -> Vec<String> {
        let mut newer = HashSet::new();
        let mut kept = Vec::new();
        for told in batch.iter().rev() {
            let among = |stores: &HashSet<StoreId>| told.store.is_some_and(|store| stores.contains(&store));
            let mut changes = Vec::new();
            // The catalogue is everyone's who sees stock anywhere.
            let items = if self.stock.is_empty() { "" } else { told.items.as_str() };
            if among(&self.stock) {
                // A line may change a balance twice: the last value counts.
                let fresh = told.changes.iter().rev().filter(|(balance, _)| newer.insert(*balance));
                changes.extend(fresh.map(|(_, text)| text.as_str()));
                changes.reverse();
            }
            let sale = told.sale.as_deref().filter(|_| among(&self.sales));
            let papers = self.follows(told);
            if !changes.is_empty() || sale.is_some() || !items.is_empty() || among(&self.work) || papers {
                kept.push((told, changes, sale, items, papers));
            }
        }
        let written = kept.into_iter().rev().map(|(told, changes, sale, items, papers)| {
            let text = frame(told.seq, *prev, &changes, sale, items, papers);
            *prev = told.seq;
            text
        });
        written.collect()
    }
}

/// A [`model::Frame::Event`] put together from parts that are written out already.
fn frame(seq: i64, prev: i64, changes: &[&str], sale: Option<&str>, items: &str, papers: bool) -> String {
    let mut text = String::with_capacity(96 + changes.iter().map(|change| change.len() + 1).sum::<usize>());
    let _ = write!(text, r#"{{"frame":"event","seq":{seq},"prev":{prev},"changes":["#);
    text.push_str(&changes.join(","));
    text.push_str(r#"],"sale":"#);
    text.push_str(sale.unwrap_or("null"));
    if !items.is_empty() {
        let _ = write!(text, r#","items":[{items}]"#);
    }
    if papers {
        text.push_str(r#","papers":true"#);
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Change, Condition, Frame, Grant, ItemId, LocationId, Quantity, Role};

    fn told(seq: i64, store: StoreId, location: LocationId, item: ItemId) -> Arc<Told> {
        let change = Change {
            store: "LON".into(),
            location,
            location_code: "SHOP".into(),
            item,
            sku: "A\"1".into(),
            condition: Condition::Sellable,
            on_hand: Quantity::whole(seq),
            reserved: Quantity::ZERO,
            version: seq,
            reserved_version: 0,
        };
        let text = serde_json::to_string(&change).expect("it writes");
        let changes = vec![((location, item, Condition::Sellable), text)];
        Arc::new(Told { store: Some(store), changes, ..Told::nothing(seq) })
    }

    fn hearing_stock(store: StoreId) -> Wish {
        Wish { stock: HashSet::from([store]), ..Wish::default() }
    }

    #[test]
    fn a_document_is_told_to_those_who_follow_it_and_may_see_one_of_its_stores() {
        let (store, other, id) = (StoreId::new(), StoreId::new(), PaperId::new());
        let batch = [Arc::new(Told { papers: vec![(id, vec![store])], ..Told::nothing(4) })];
        let following =
            |theirs| Wish { paper: HashSet::from([id]), theirs: HashSet::from([theirs]), ..Wish::default() };
        assert_eq!(following(store).frames(&batch, &mut 3).len(), 1);
        assert!(following(other).frames(&batch, &mut 3).is_empty());
        let all = Wish { papers: HashSet::from([store]), ..Wish::default() };
        let frames = all.frames(&batch, &mut 3);
        assert!(matches!(read(&frames[0]), Frame::Event { papers: true, .. }));
        assert!(hearing_stock(store).frames(&batch, &mut 3).is_empty());
        let counted = [Arc::new(Told { papers: vec![(id, vec![store])], is_counting: true, ..Told::nothing(4) })];
        assert!(all.frames(&counted, &mut 3).is_empty(), "no document took a step");
        assert_eq!(following(store).frames(&counted, &mut 3).len(), 1);
        let arrivals = Wish { arrivals: HashSet::from([store]), ..Wish::default() };
        assert_eq!(arrivals.frames(&counted, &mut 3).len(), 1);
    }

    fn read(text: &str) -> Frame {
        serde_json::from_str(text).expect("a frame")
    }

    #[test]
    fn a_batch_is_told_in_order_with_a_chain_of_predecessors() {
        let (store, location) = (StoreId::new(), LocationId::new());
        let batch = [told(4, store, location, ItemId::new()), told(7, store, location, ItemId::new())];
        let mut prev = 3;
        let frames: Vec<_> = hearing_stock(store).frames(&batch, &mut prev).iter().map(|text| read(text)).collect();
        assert!(matches!(frames[0], Frame::Event { seq: 4, prev: 3, .. }));
        assert!(matches!(frames[1], Frame::Event { seq: 7, prev: 4, .. }));
        assert_eq!(prev, 7);
    }

    #[test]
    fn an_older_value_of_the_same_balance_is_left_out() {
        let (store, location, item) = (StoreId::new(), LocationId::new(), ItemId::new());
        let batch = [told(4, store, location, item), told(7, store, location, item)];
        let mut prev = 3;
        let frames = hearing_stock(store).frames(&batch, &mut prev);
        assert_eq!(frames.len(), 1);
        assert!(matches!(read(&frames[0]), Frame::Event { seq: 7, prev: 3, .. }));
    }

    #[test]
    fn another_store_is_not_told() {
        let store = StoreId::new();
        let mut prev = 3;
        let batch = [told(4, StoreId::new(), LocationId::new(), ItemId::new())];
        assert!(hearing_stock(store).frames(&batch, &mut prev).is_empty());
        assert_eq!(prev, 3);
    }

    #[test]
    fn what_changes_no_balance_is_told_to_those_who_follow_the_work_only() {
        let store = StoreId::new();
        let told = Told { store: Some(store), ..Told::nothing(4) };
        let batch = [Arc::new(told)];
        let following = Wish { work: HashSet::from([store]), ..Wish::default() };
        assert_eq!(following.frames(&batch, &mut 3).len(), 1);
        assert!(hearing_stock(store).frames(&batch, &mut 3).is_empty());
    }

    #[test]
    fn the_catalogue_is_told_to_whoever_hears_stock_and_to_nobody_else() {
        let news =
            model::ItemNews { item: ItemId::new(), sku: "A".into(), version: 2, change: model::ItemPatch::default() };
        let items = serde_json::to_string(&news).expect("it writes");
        let told = Arc::new(Told { items, ..Told::nothing(4) });
        let frames = hearing_stock(StoreId::new()).frames(std::slice::from_ref(&told), &mut 3);
        assert!(matches!(read(&frames[0]), Frame::Event { items, .. } if items == [news]));
        assert!(Wish::default().frames(&[told], &mut 3).is_empty());
    }

    #[test]
    fn a_wish_shrinks_with_the_right() {
        let (here, there) = (StoreId::new(), StoreId::new());
        let wish = Wish {
            stock: HashSet::from([here, there]),
            sales: HashSet::from([here]),
            work: HashSet::from([there]),
            journal: true,
            ..Wish::default()
        };
        let grants = vec![Grant { role: Role::Employee, store: Some(here) }];
        let narrowed = wish.narrowed(&Actor { grants, ..Actor::system("ann") });
        assert!(narrowed.stock.contains(&here) && !narrowed.stock.contains(&there) && narrowed.sales.is_empty());
        assert!(narrowed.work.is_empty());
        assert!(!narrowed.journal && wish.narrowed(&Actor::system("boss")).journal);
        let none = wish.narrowed(&Actor { grants: Vec::new(), ..Actor::system("x") });
        assert!(none.stock.is_empty() && none.sales.is_empty());
    }
}
