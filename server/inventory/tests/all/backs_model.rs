//! Random deliveries, sales, returns to suppliers, credits and undoings against a model of a few lines, on both engines.

use crate::backs::{back, goes};
use crate::buying::{delivery, sent, supplier};
use crate::common::{Open, line, play_on_each, receipt, sale};
use crate::lots::lot;
use ::model::{
    Condition, Error, NewReceipt, NewSupplierReturn, NewSupplierReturnLine, PaperId, Purchase, Quantity, Refusal,
    ReturnReason, SupplierCredit, SupplierReturn, SupplierReturnState,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// A cup of one of two lots, or a mug, which has none.
const GOODS: [(&str, Option<&str>); 3] = [("CUP", Some("L1")), ("CUP", Some("L2")), ("MUG", None)];

#[derive(Clone, Debug)]
enum Step {
    Deliver(usize, i64),
    /// So many mugs are sold, also more than are there.
    Sell(i64),
    /// Goods go back; with the order on which mugs came, or with none.
    Send(Vec<(usize, i64)>, bool),
    /// The last one is sent again.
    Again,
    /// The return so many returns ago is credited, or not after all.
    Credit(usize, bool),
    Undo(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let goods = prop::collection::btree_map(0..GOODS.len(), 1..5_i64, 1..3);
    let step = prop_oneof![
        4 => (0..GOODS.len(), 1..9_i64).prop_map(|(which, size)| Step::Deliver(which, size)),
        1 => (1..4_i64).prop_map(Step::Sell),
        6 => (goods, prop::bool::weighted(0.3)).prop_map(|(goods, order)| Step::Send(goods.into_iter().collect(), order)),
        1 => Just(Step::Again),
        3 => (0..3_usize, any::<bool>()).prop_map(|(ago, is)| Step::Credit(ago, is)),
        3 => (0..3_usize).prop_map(Step::Undo),
    ];
    prop::collection::vec(step, 1..20)
}

struct Gone {
    new: NewSupplierReturn,
    id: PaperId,
    goods: Vec<(usize, i64)>,
    state: SupplierReturnState,
    version: i64,
}

struct Expected {
    there: [i64; 3],
    /// How many mugs came with the order and did not go back with it.
    of_order: i64,
    order: Purchase,
    gone: Vec<Gone>,
}

impl Expected {
    /// Whether they may go: all is there, and with the order only what came with it.
    fn covers(&self, goods: &[(usize, i64)], with_order: bool) -> bool {
        let there = goods.iter().all(|(which, size)| self.there[*which] >= *size);
        let came = goods.iter().all(|(which, size)| *which == 2 && self.of_order >= *size);
        there && (came || !with_order)
    }

    fn moved(&mut self, goods: &[(usize, i64)], with_order: bool, sign: i64) {
        for (which, size) in goods {
            self.there[*which] += sign * size;
            self.of_order += if with_order { sign * size } else { 0 };
        }
    }
}

fn lines(goods: &[(usize, i64)]) -> Vec<NewSupplierReturnLine> {
    let line = |(which, size): &(usize, i64)| {
        let (sku, lot) = GOODS[*which];
        let line = goes(sku, &Quantity::whole(*size).to_string(), ReturnReason::Recalled);
        NewSupplierReturnLine { lot: lot.map(str::to_owned), ..line }
    };
    goods.iter().map(line).collect()
}

async fn play(store: &Open, expected: &mut Expected, step: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    match step {
        Step::Deliver(which, size) => {
            let (sku, code) = GOODS[which];
            let lots = code.map(|code| lot(1, code, None)).into_iter().collect();
            let lines = vec![line(sku, &Quantity::whole(size).to_string())];
            inventory.post_receipt(owner, NewReceipt { lots, ..receipt(lines) }).await.expect("posted");
            expected.there[which] += size;
        }
        Step::Sell(size) => {
            let lines = vec![line("MUG", &Quantity::whole(size).to_string())];
            inventory.post_sale(owner, sale(lines)).await.expect("a fact");
            expected.there[2] -= size;
        }
        Step::Send(goods, with_order) => {
            let supplier = &expected.order.supplier;
            let order = with_order.then_some(expected.order.id);
            let new = NewSupplierReturn { order, ..back(supplier, lines(&goods)) };
            let answer = store.insist(async || inventory.send_back(owner, new.clone()).await).await;
            assert_eq!(answer.is_ok(), expected.covers(&goods, with_order), "{new:?} {answer:?}");
            if let Ok(SupplierReturn { id, version, state, .. }) = answer {
                expected.moved(&goods, with_order, -1);
                expected.gone.push(Gone { new, id, goods, state, version });
            }
        }
        Step::Again => {
            if let Some(last) = expected.gone.last() {
                let again = inventory.send_back(owner, last.new.clone()).await.expect("answered as it is");
                assert_eq!((again.state, again.version), (last.state, last.version));
            }
        }
        Step::Credit(ago, is) => {
            let Some(at) = expected.gone.len().checked_sub(ago + 1) else { return };
            let gone = &mut expected.gone[at];
            let credit = SupplierCredit { number: is.then(|| "CN-1".to_owned()) };
            let answer = inventory.credit_supplier_return(owner, gone.id, Some(gone.version), credit).await;
            if gone.state == SupplierReturnState::Undone {
                let wrong = Refusal::WrongState { state: "undone".into() };
                assert_eq!(answer.map(drop), Err(Error::Refused(wrong)));
                return;
            }
            let to = if is { SupplierReturnState::Credited } else { SupplierReturnState::Sent };
            gone.version += i64::from(to != gone.state);
            gone.state = to;
            assert_eq!(answer.map(|told| (told.state, told.version)), Ok((to, gone.version)));
        }
        Step::Undo(ago) => {
            let Some(at) = expected.gone.len().checked_sub(ago + 1) else { return };
            let told = inventory.supplier_return(owner, expected.gone[at].id).await.expect("readable").data;
            let (goods, state) = (expected.gone[at].goods.clone(), expected.gone[at].state);
            let answer = store.take_back(&told).await;
            assert_eq!(answer.is_ok(), state == SupplierReturnState::Sent, "{answer:?}");
            if answer.is_ok() {
                let with_order = expected.gone[at].new.order.is_some();
                expected.moved(&goods, with_order, 1);
                let gone = &mut expected.gone[at];
                (gone.state, gone.version) = (SupplierReturnState::Undone, gone.version + 1);
            }
        }
    }
}

async fn check(store: &Open, expected: &Expected) {
    let lots = store.lots_in("LON").await;
    for (which, (_, code)) in GOODS.iter().enumerate().filter(|(_, goods)| goods.1.is_some()) {
        let there = lots.iter().find(|lot| Some(lot.lot.as_str()) == *code).map(|lot| lot.on_hand).unwrap_or_default();
        assert_eq!(there, Quantity::whole(expected.there[which]), "{code:?}");
    }
    assert_eq!(store.level("MUG").await.on_hand, Quantity::whole(expected.there[2]));
    for gone in &expected.gone {
        let told = store.inventory.supplier_return(&store.owner, gone.id).await.expect("readable").data;
        assert_eq!((told.state, told.version, told.lines.len()), (gone.state, gone.version, gone.goods.len()));
        assert!(told.lines.iter().all(|line| line.condition == Condition::Sellable));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_to_suppliers_are_what_a_model_says() {
    play_on_each(12, async |db, mut runner, sequences| {
        let store = Open::with_lots(db).await;
        let acme = store.inventory.add_supplier(&store.owner, supplier("ACME", "0")).await.expect("added");
        let order = sent(&store, &acme, &[("MUG", "8", "2")]).await;
        store.inventory.post_receipt(&store.owner, delivery(&order, &[("MUG", "6")], &[])).await.expect("posted");
        let mut expected = Expected { there: [0, 0, 6], of_order: 6, order, gone: Vec::new() };
        let (mut sent, mut refused) = (0, 0);
        for _ in 0..sequences {
            for step in steps().new_tree(&mut runner).expect("a sequence").current() {
                let (before, sends) = (expected.gone.len(), matches!(step, Step::Send(..)));
                store.along(play(&store, &mut expected, step.clone())).await;
                store.stepped().await;
                let went = expected.gone.len() > before;
                (sent, refused) = (sent + usize::from(went), refused + usize::from(sends && !went));
            }
            check(&store, &expected).await;
            store.assert_sound().await;
        }
        assert!(sent > 0 && refused > 0, "both were played: {sent} went and {refused} did not");
        store.close().await;
    })
    .await;
}
