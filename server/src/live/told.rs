//! What sockets are told of a journal line: read and written out once, then shared by all of them.

use inventory::{
    Changes, Counted, FamilySaved, LotChanged, Posted, PriceListSaved, Promised, Renamed, TaxClassSaved, steps,
};
use log::Line;
use model::{Condition, ItemId, LocationId, PaperId, StoreId};
use std::sync::{Arc, Mutex, PoisonError};

/// How many lines are kept ready: more than a burst, far less than a day.
const KEPT: usize = 1024;

/// A line of the journal as sockets tell it.
#[derive(Debug)]
pub struct Told {
    /// Its place in the journal.
    pub seq: i64,
    /// The store that it is about; none for the catalogue, which all of them share.
    pub store: Option<StoreId>,
    /// Balances after it: which, and the written-out [`model::Change`].
    pub changes: Vec<((LocationId, ItemId, Condition), String)>,
    /// The written-out [`model::SaleSeen`], when it was a sale, a return or their undoing.
    pub sale: Option<String>,
    /// The written-out [`model::ItemNews`], one after another with commas between them; empty when it was something else.
    pub items: String,
    /// The documents that it brought a step further, and the stores whose business each is.
    pub papers: Vec<(PaperId, Vec<StoreId>)>,
    /// No document took a step: somebody counted something of a delivery.
    pub is_counting: bool,
}

impl Told {
    /// `None` when the line is nothing that screens show.
    fn of(line: &Line) -> Option<Self> {
        // No balance changes by these: whoever follows the work of the store reads it anew.
        let work = [
            "inventory.exception_",
            "inventory.reorder_",
            "inventory.costs_told",
            "inventory.count_confirmed",
            "inventory.count_plan_",
            "inventory.place_",
        ];
        if work.iter().any(|start| line.topic.starts_with(start)) {
            let store = Some(line.store?);
            return Some(Self { store, ..Self::nothing(line.seq) });
        }
        if let Some(counted) = Counted::of(line) {
            let papers = vec![(counted.delivery, vec![line.store?])];
            return Some(Self { papers, is_counting: true, ..Self::nothing(line.seq) });
        }
        if let Some(changes) = Changes::of(line) {
            let written = changes.news().iter().filter_map(|news| serde_json::to_string(news).ok()).collect::<Vec<_>>();
            return Some(Self { items: written.join(","), ..Self::nothing(line.seq) });
        }
        if let Some(saved) = FamilySaved::of(line) {
            let written = saved.news().iter().filter_map(|news| serde_json::to_string(news).ok()).collect::<Vec<_>>();
            return Some(Self { items: written.join(","), ..Self::nothing(line.seq) });
        }
        if let Some(saved) = PriceListSaved::of(line) {
            let written = saved.news().iter().filter_map(|news| serde_json::to_string(news).ok()).collect::<Vec<_>>();
            return Some(Self { items: written.join(","), store: line.store, ..Self::nothing(line.seq) });
        }
        let one = LotChanged::of(line).map(|changed| changed.news());
        let named =
            || Renamed::of(line).map(Renamed::news).or_else(|| TaxClassSaved::of(line).map(TaxClassSaved::news));
        if let Some(news) = one.or_else(named) {
            let items = serde_json::to_string(&news).ok()?;
            return Some(Self { items, ..Self::nothing(line.seq) });
        }
        let mut papers: Vec<_> = steps(line).into_iter().map(|step| (step.id, step.stores)).collect();
        let written = |change: &model::Change| {
            Some(((change.location, change.item, change.condition), serde_json::to_string(change).ok()?))
        };
        let Some(posted) = Posted::of(line) else {
            let Some(promised) = Promised::of(line) else {
                return (!papers.is_empty()).then(|| Self { papers, ..Self::nothing(line.seq) });
            };
            let changes = promised.changes.iter().filter_map(written).collect();
            return Some(Self { store: line.store, changes, papers, ..Self::nothing(line.seq) });
        };
        let store = Some(line.store?);
        papers.extend(posted.arrival.zip(line.store).map(|(delivery, store)| (delivery, vec![store])));
        let changes = posted.changes.iter().filter_map(written).collect();
        let sale = posted.sale(&line.actor).and_then(|sale| serde_json::to_string(&sale).ok());
        Some(Self { store, changes, sale, papers, ..Self::nothing(line.seq) })
    }

    /// A line that says nothing yet.
    pub(super) fn nothing(seq: i64) -> Self {
        Self {
            seq,
            store: None,
            changes: Vec::new(),
            sale: None,
            items: String::new(),
            papers: Vec::new(),
            is_counting: false,
        }
    }
}

/// One kept line: its place in the journal, and what is told of it.
type Slot = Mutex<Option<(i64, Option<Arc<Told>>)>>;

/// The lines of late, each in the slot of its number.
pub struct Shelf {
    slots: Box<[Slot]>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { slots: (0..KEPT).map(|_| Mutex::default()).collect() }
    }
}

impl Shelf {
    /// What is told of that line. Whoever asks first reads it while the others wait: it is never read twice at once.
    pub fn told(&self, line: &Line) -> Option<Arc<Told>> {
        let place = usize::try_from(line.seq).unwrap_or_default() % KEPT;
        let mut slot = self.slots[place].lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((seq, told)) if *seq == line.seq => told.clone(),
            _ => {
                let told = Told::of(line).map(Arc::new);
                *slot = Some((line.seq, told.clone()));
                told
            }
        }
    }
}
