//! Random kits, made of this and that, sold, brought back, undone and promised: balances are those of a simple model, on
//! both engines.

use crate::common::{Open, SKUS, give_back, item, line, open, play_on_each, receipt, sale};
use crate::promise::{hand_over, order};
use ::model::{Channel, Error, ItemKind, NewReturn, NewReversal, NewSale, PaperId, PostingId, Quantity, Refusal};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::cell::Cell;

const KITS: [&str; 2] = ["SET", "BOX"];

/// How many of each item are in one.
type Recipe = [i64; 3];

#[derive(Clone, Debug)]
enum Step {
    Make(usize, Recipe),
    Receive(Recipe),
    /// So many of each kit, and of each item by itself; over the web or at the till.
    Sell([i64; 2], Recipe, bool),
    /// One of a sale's kits, by its sale.
    GiveBack(usize),
    /// One kit of which nobody knows the sale.
    GiveBackUnknown(usize),
    Undo(usize),
    Order([i64; 2], Recipe),
    HandOver(usize, i64, i64),
    Cancel(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let recipe = || prop::array::uniform3(0..4_i64);
    let kits = || prop::array::uniform2(0..3_i64);
    let step = prop_oneof![
        3 => (0..2_usize, recipe()).prop_map(|(kit, recipe)| Step::Make(kit, recipe)),
        4 => recipe().prop_map(Step::Receive),
        5 => (kits(), recipe(), any::<bool>()).prop_map(|(kits, items, web)| Step::Sell(kits, items, web)),
        2 => (0..3_usize).prop_map(Step::GiveBack),
        1 => (0..2_usize).prop_map(Step::GiveBackUnknown),
        2 => (0..3_usize).prop_map(Step::Undo),
        4 => (kits(), recipe()).prop_map(|(kits, items)| Step::Order(kits, items)),
        3 => (0..3_usize, 1..4_i64, 1..3_i64).prop_map(|(ago, line, size)| Step::HandOver(ago, line, size)),
        1 => (0..3_usize).prop_map(Step::Cancel),
    ];
    prop::collection::vec(step, 5..25)
}

/// A document's lines, each with what one of it is made of, and how many there are.
type Lines = Vec<(String, Recipe, i64)>;

struct Sold {
    id: PostingId,
    lines: Lines,
    /// One of it came back.
    back: bool,
    undone: bool,
}

struct Ordered {
    id: PaperId,
    /// Each with how many are still kept.
    lines: Lines,
}

/// What should be: what each kit is made of, what is on hand and promised of each item.
#[derive(Default)]
struct Model {
    made: [Recipe; 2],
    on_hand: Recipe,
    reserved: Recipe,
    sold: Vec<Sold>,
    orders: Vec<Ordered>,
    kits: usize,
    refused: usize,
}

fn of(recipe: &Recipe) -> Vec<(&'static str, i64)> {
    SKUS.into_iter().zip(*recipe).filter(|(_, size)| *size > 0).collect()
}

fn moved(lines: &Lines) -> Recipe {
    let mut sum = Recipe::default();
    for (_, recipe, many) in lines {
        sum.iter_mut().zip(recipe).for_each(|(sum, size)| *sum += size * many);
    }
    sum
}

impl Model {
    fn is_kit(&self, kit: usize) -> bool {
        self.made[kit] != Recipe::default()
    }

    /// Lines of kits, where they are kits, and of items by themselves.
    fn lines(&self, kits: [i64; 2], items: &Recipe) -> Lines {
        let mut lines = Lines::new();
        for (at, many) in kits.into_iter().enumerate().filter(|(at, many)| *many > 0 && self.is_kit(*at)) {
            lines.push((KITS[at].to_owned(), self.made[at], many));
        }
        for (at, many) in items.iter().copied().enumerate().filter(|(_, many)| *many > 0) {
            let mut one = Recipe::default();
            one[at] = 1;
            lines.push((SKUS[at].to_owned(), one, many));
        }
        lines
    }

    fn covers(&self, wanted: &Recipe) -> bool {
        (0..3).all(|at| wanted[at] == 0 || self.on_hand[at] - self.reserved[at] >= wanted[at])
    }

    fn takes(&mut self, lines: &Lines, sign: i64) {
        let moved = moved(lines);
        self.on_hand.iter_mut().zip(moved).for_each(|(on_hand, size)| *on_hand -= sign * size);
    }
}

fn documents(lines: &Lines) -> Vec<::model::NewLine> {
    lines.iter().map(|(sku, _, many)| line(sku, &many.to_string())).collect()
}

async fn play(store: &Open, model: &mut Model, step: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    match step {
        Step::Make(kit, recipe) => {
            let parts: Vec<_> = of(&recipe).into_iter().map(|(sku, size)| (sku, size.to_string())).collect();
            let parts: Vec<_> = parts.iter().map(|(sku, size)| (*sku, size.as_str())).collect();
            let turns = model.is_kit(kit) == parts.is_empty();
            let open =
                model.orders.iter().any(|order| order.lines.iter().any(|line| line.0 == KITS[kit] && line.2 > 0));
            match store.make(KITS[kit], &parts).await {
                Ok(_) => {
                    assert!(!(turns && open), "it stands in an order that is open");
                    model.made[kit] = recipe;
                }
                Err(Error::Invalid(flaws)) => assert_eq!(flaws[0].code, "kit_document", "{flaws:?}"),
                Err(error) => panic!("{error:?}"),
            }
        }
        Step::Receive(recipe) => {
            let lines = model.lines([0, 0], &recipe);
            if !lines.is_empty() {
                let new = receipt(documents(&lines));
                store.insist(async || inventory.post_receipt(owner, new.clone()).await).await.expect("received");
                model.takes(&lines, -1);
            }
        }
        Step::Sell(kits, items, web) => {
            let lines = model.lines(kits, &items);
            if lines.is_empty() {
                return;
            }
            let channel = if web { Channel::Web } else { Channel::Till };
            let new = NewSale { channel, ..sale(documents(&lines)) };
            let covered = !web || model.covers(&moved(&lines));
            match store.insist(async || inventory.post_sale(owner, new.clone()).await).await {
                Ok(receipt) => {
                    assert!(covered, "{lines:?} was promised");
                    assert_eq!(inventory.post_sale(owner, new).await.map(|again| again.lines), Ok(receipt.lines));
                    model.kits += lines.iter().filter(|line| KITS.contains(&line.0.as_str())).count();
                    model.takes(&lines, 1);
                    model.sold.push(Sold { id: receipt.id, lines, back: false, undone: false });
                }
                Err(Error::Refused(Refusal::OutOfStock { .. })) if !covered => model.refused += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
        Step::GiveBackUnknown(kit) => {
            if model.is_kit(kit) {
                let lines = vec![(KITS[kit].to_owned(), model.made[kit], 1)];
                inventory.post_return(owner, give_back(documents(&lines))).await.expect("it comes back");
                model.takes(&lines, -1);
            }
        }
        Step::GiveBack(ago) => {
            let Some(at) = model.sold.len().checked_sub(ago + 1) else { return };
            let sold = &model.sold[at];
            let Some((sku, recipe, _)) = sold.lines.iter().find(|line| KITS.contains(&line.0.as_str())) else { return };
            let lines = vec![(sku.clone(), *recipe, 1)];
            let back = NewReturn { sale: Some(sold.id), ..give_back(documents(&lines)) };
            let answer = store.insist(async || inventory.post_return(owner, back.clone()).await).await;
            assert_eq!(answer.is_ok(), !sold.undone, "{answer:?}");
            if answer.is_ok() {
                model.sold[at].back = true;
                model.takes(&lines, -1);
            }
        }
        Step::Undo(ago) => {
            let Some(at) = model.sold.len().checked_sub(ago + 1) else { return };
            let undo = NewReversal { id: PostingId::new(), reason: None };
            let answer = store.insist(async || inventory.reverse(owner, model.sold[at].id, undo.clone()).await).await;
            assert_eq!(answer.is_ok(), !model.sold[at].undone && !model.sold[at].back, "{answer:?}");
            if answer.is_ok() {
                let lines = model.sold[at].lines.clone();
                model.takes(&lines, -1);
                model.sold[at].undone = true;
            }
        }
        other => play_order(store, model, other).await,
    }
}

async fn play_order(store: &Open, model: &mut Model, step: Step) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    match step {
        Step::Order(kits, items) => {
            let lines = model.lines(kits, &items);
            if lines.is_empty() {
                return;
            }
            let texts: Vec<_> = lines.iter().map(|(sku, _, many)| (sku.as_str(), many.to_string())).collect();
            let texts: Vec<_> = texts.iter().map(|(sku, many)| (*sku, many.as_str())).collect();
            let drafted = inventory.add_order(owner, order(&texts)).await.expect("drafted");
            let wanted = moved(&lines);
            match inventory.confirm_order(owner, drafted.id, None).await {
                Ok(_) => {
                    assert!(model.covers(&wanted), "{lines:?} was promised");
                    model.reserved.iter_mut().zip(wanted).for_each(|(reserved, size)| *reserved += size);
                    model.orders.push(Ordered { id: drafted.id, lines });
                }
                Err(Error::Refused(Refusal::OutOfStock { .. })) => {
                    assert!(!model.covers(&wanted), "{lines:?} was refused");
                    model.refused += 1;
                    inventory.cancel_order(owner, drafted.id, None, Default::default()).await.expect("cancelled");
                }
                Err(error) => panic!("{error:?}"),
            }
        }
        Step::HandOver(ago, at, size) => {
            let Some(ordered) = model.orders.len().checked_sub(ago + 1) else { return };
            let ordered = &mut model.orders[ordered];
            let new = hand_over(&[(at, &size.to_string())]);
            let answer = inventory.hand_over(owner, ordered.id, None, new).await;
            let kept = usize::try_from(at - 1).ok().and_then(|at| ordered.lines.get_mut(at));
            let Some(kept) = kept.filter(|kept| kept.2 >= size) else {
                assert!(answer.is_err(), "{answer:?}");
                return;
            };
            answer.expect("handed over");
            kept.2 -= size;
            let gone = vec![(kept.0.clone(), kept.1, size)];
            model.reserved.iter_mut().zip(moved(&gone)).for_each(|(reserved, size)| *reserved -= size);
            model.takes(&gone, 1);
        }
        Step::Cancel(ago) => {
            let Some(ordered) = model.orders.len().checked_sub(ago + 1) else { return };
            let ordered = &mut model.orders[ordered];
            if inventory.cancel_order(owner, ordered.id, None, Default::default()).await.is_ok() {
                let free = moved(&std::mem::take(&mut ordered.lines));
                model.reserved.iter_mut().zip(free).for_each(|(reserved, size)| *reserved -= size);
            }
        }
        _ => unreachable!("the others are no steps of orders"),
    }
}

async fn check(store: &Open, model: &Model) {
    for (at, sku) in SKUS.into_iter().enumerate() {
        let level = store.inventory.level(&store.owner, "LON", sku).await.expect("readable");
        let told = level.map(|row| (row.on_hand, row.reserved)).unwrap_or_default();
        assert_eq!(told, (Quantity::whole(model.on_hand[at]), Quantity::whole(model.reserved[at])), "{sku}");
    }
    for (at, kit) in KITS.into_iter().enumerate() {
        let told = store.inventory.kit(&store.owner, "LON", kit).await.expect("readable").map(|kit| kit.available);
        let enough = |at: usize, size: i64| ((model.on_hand[at] - model.reserved[at]) / size).max(0);
        let sizes = model.made[at].into_iter().enumerate().filter(|(_, size)| *size > 0);
        assert_eq!(told, sizes.map(|(at, size)| enough(at, size)).min(), "{kit}");
    }
    store.assert_sound().await;
}

#[tokio::test]
async fn balances_are_those_of_a_simple_model_whatever_kits_are_made_of() {
    let played = Cell::new((0, 0));
    play_on_each(12, async |db, mut runner, sequences| {
        let store = open(db).await;
        for kit in KITS {
            store.inventory.add_item(&store.owner, item(kit, ItemKind::Stocked)).await.expect("added");
        }
        let mut model = Model::default();
        for _ in 0..sequences {
            let steps = steps().new_tree(&mut runner).expect("steps can be made").current();
            for step in steps {
                store.along(play(&store, &mut model, step)).await;
                store.stepped().await;
            }
            check(&store, &model).await;
        }
        played.update(|(kits, refused)| (kits + model.kits, refused + model.refused));
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
        check(&store, &model).await;
        store.close().await;
    })
    .await;
    let (kits, refused) = played.get();
    assert!(kits > 100 && refused > 100, "{kits} kits sold, {refused} refused");
}
