//! What goes on while a model plays a step: the same asked twice at once, and a store next door of which no model knows.

use crate::common::{Open, give_back, item, line, open, receipt, sale};
use crate::promise::hold;
use db::test::on_each;
use model::{Error, ItemKind, NewReceipt, NewReturn, NewReversal, NewSale, PostingId, Quantity, Result};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::{Cell, RefCell};

/// The store next door, and the chance by which something goes on there.
pub struct NextDoor {
    chance: RefCell<TestRunner>,
    /// How many jugs it has, once it is open.
    jugs: Cell<Option<i64>>,
    /// Its last posting, and by how much that changed them.
    last: Cell<Option<(PostingId, i64)>>,
}

impl Default for NextDoor {
    fn default() -> Self {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let chance = RefCell::new(TestRunner::new_with_rng(Config::default(), rng));
        Self { chance, jugs: Cell::new(None), last: Cell::new(None) }
    }
}

/// Asks the same twice at once: both are told the same, unless one is told to come again.
pub async fn twice<T>(act: &impl AsyncFn() -> Result<T>) -> Result<T> {
    let (one, other) = tokio::join!(Box::pin(act()), Box::pin(act()));
    if matches!(one, Err(Error::Busy)) {
        return other;
    }
    let same = one.is_ok() == other.is_ok() || matches!(other, Err(Error::Busy));
    assert!(same, "two at once were told {:?} and {:?}", one.as_ref().err(), other.as_ref().err());
    one
}

impl Open {
    /// Is something else done at once with this step? With one in five it is.
    pub fn is_paired(&self) -> bool {
        self.draw(&prop::bool::weighted(0.2))
    }

    fn draw<S: Strategy>(&self, from: &S) -> S::Value {
        let mut chance = self.next_door.chance.borrow_mut();
        from.new_tree(&mut chance).expect("it can be drawn").current()
    }

    /// Plays a step, one in five of them while something goes on next door; that changes nothing that the model knows, so
    /// their order does not matter.
    pub async fn along(&self, step: impl Future<Output = ()>) {
        let step = Box::pin(step);
        if self.is_paired() {
            tokio::join!(step, Box::pin(self.go_on_next_door()));
        } else {
            step.await;
        }
    }

    async fn go_on_next_door(&self) {
        let (inventory, owner) = (&self.inventory, &self.owner);
        let jugs = match self.next_door.jugs.get() {
            Some(jugs) => jugs,
            None => {
                inventory.add_store(owner, "YRK", "York", "GBP", "Europe/London").await.expect("the store opens");
                inventory.add_item(owner, item("JUG", ItemKind::Stocked)).await.expect("the item is added");
                0
            }
        };
        let (what, size) = self.draw(&(0..4_usize, 1..9_i64));
        let (store, lines) = ("YRK".to_owned(), vec![line("JUG", &size.to_string())]);
        let (posted, change) = match (what, self.next_door.last.take()) {
            (0, Some((id, change))) => {
                let undo = NewReversal { id: PostingId::new(), reason: None };
                (Box::pin(self.insist(async || inventory.reverse(owner, id, undo.clone()).await)).await, -change)
            }
            (0 | 1, _) => {
                let new = NewReceipt { store, ..receipt(lines) };
                (Box::pin(self.insist(async || inventory.post_receipt(owner, new.clone()).await)).await, size)
            }
            (2, _) => {
                let new = NewReturn { store, ..give_back(lines) };
                (Box::pin(self.insist(async || inventory.post_return(owner, new.clone()).await)).await, size)
            }
            _ => {
                let new = NewSale { store, ..sale(lines) };
                (Box::pin(self.insist(async || inventory.post_sale(owner, new.clone()).await)).await, -size)
            }
        };
        let id = posted.expect("it is booked, whatever goes on beside it").id;
        self.next_door.last.set((what != 0).then_some((id, change)));
        self.next_door.jugs.set(Some(jugs + change));
    }

    /// Next door is what was booked there.
    pub async fn assert_next_door(&self) {
        let Some(jugs) = self.next_door.jugs.get() else { return };
        let level = self.inventory.level(&self.owner, "YRK", "JUG").await.expect("the level can be read");
        assert_eq!(level.map(|level| level.on_hand), Some(Quantity::whole(jugs)), "next door");
    }
}

#[tokio::test]
async fn a_hold_is_not_refused_because_its_twin_took_the_goods() {
    on_each(async |db| {
        let store = open(db).await;
        for round in 1..=8 {
            let came = receipt(vec![line("CUP", "5")]);
            store.inventory.post_receipt(&store.owner, came).await.expect("posted");
            let new = hold(&[("CUP", "5")]);
            let held = twice(&async || store.inventory.hold(&store.owner, new.clone()).await).await;
            held.expect("all that is there is kept for it");
            assert_eq!(store.level("CUP").await.reserved, Quantity::whole(5 * round), "once");
        }
        store.close().await;
    })
    .await;
}
