//! Rows keep their place, their figures take the latest, and kits follow their parts.

use super::*;
use model::{Condition, Kit, KitPart, LocationId};

fn row(item: ItemId, on_hand: i64, version: i64) -> StockRow {
    StockRow {
        item,
        sku: item.to_string(),
        name: "Heart".into(),
        unit: "piece".into(),
        price: None,
        store: "LON".into(),
        location: "SHOP".into(),
        condition: Condition::Sellable,
        on_hand: Quantity::whole(on_hand),
        reserved: Quantity::ZERO,
        barred: Quantity::ZERO,
        available: Quantity::whole(on_hand),
        version,
        reserved_version: 0,
        incoming: Quantity::ZERO,
        backordered: Quantity::ZERO,
        projected: Quantity::ZERO,
        elsewhere: Quantity::ZERO,
        kit: None,
    }
}

fn change(item: ItemId, on_hand: i64, version: i64) -> Change {
    Change {
        store: "LON".into(),
        location: LocationId::new(),
        location_code: "SHOP".into(),
        item,
        sku: item.to_string(),
        condition: Condition::Sellable,
        on_hand: Quantity::whole(on_hand),
        reserved: Quantity::ZERO,
        version,
        reserved_version: 0,
    }
}

fn shelf(sort: GridSort, rows: Vec<StockRow>) -> Shelf {
    let mut shelf = Shelf::new(GridQuery { store: "LON".into(), sort, ..GridQuery::default() });
    shelf.arrive(0, rows);
    shelf
}

fn on_hand(shelf: &Shelf, number: usize) -> Quantity {
    shelf.row(number).expect("loaded").figures.get_untracked().on_hand
}

#[test]
fn a_change_moves_its_row() {
    let item = ItemId::new();
    let mut shelf = shelf(GridSort::Sku, vec![row(item, 5, 1)]);
    shelf.hear(&change(item, 4, 2));
    assert_eq!(on_hand(&shelf, 0), Quantity::whole(4));
    assert_eq!(shelf.row(0).expect("loaded").changes.get_untracked(), 1);
    assert_eq!(shelf.misplaced(), 0);
}

#[test]
fn what_must_not_be_sold_stays_off_what_is_available_until_that_is_read_anew() {
    let item = ItemId::new();
    let barred = |size: i64, version: i64| StockRow { barred: Quantity::whole(size), ..row(item, 5, version) };
    let mut shelf = shelf(GridSort::Sku, vec![barred(2, 1)]);
    let available = |shelf: &Shelf| shelf.row(0).expect("loaded").figures.get_untracked().available();
    shelf.hear(&change(item, 4, 2));
    assert_eq!(available(&shelf), Quantity::whole(2));
    shelf.arrive(0, vec![barred(0, 1)]);
    assert_eq!(available(&shelf), Quantity::whole(4), "it may be sold again, and the sale is known");
}

#[test]
fn what_is_to_come_is_read_again_and_nothing_else_moves() {
    let item = ItemId::new();
    let mut shelf = shelf(GridSort::Sku, vec![row(item, 5, 1)]);
    let figures = |shelf: &Shelf| shelf.row(0).expect("loaded").figures.get_untracked();
    shelf.hear(&change(item, 4, 2));
    shelf.freshen(vec![StockRow { incoming: Quantity::whole(9), backordered: Quantity::whole(2), ..row(item, 5, 1) }]);
    assert_eq!((figures(&shelf).on_hand, figures(&shelf).projected()), (Quantity::whole(4), Quantity::whole(11)));
    shelf.hear(&change(item, 3, 3));
    assert_eq!(figures(&shelf).projected(), Quantity::whole(10), "a sale does not take back what is to come");
}

#[test]
fn old_news_and_other_stores_do_not() {
    let item = ItemId::new();
    let mut shelf = shelf(GridSort::Sku, vec![row(item, 5, 7)]);
    shelf.hear(&change(item, 4, 7));
    shelf.hear(&Change { store: "PAR".into(), ..change(item, 3, 9) });
    assert_eq!(on_hand(&shelf, 0), Quantity::whole(5));
}

#[test]
fn what_was_heard_while_rows_were_on_their_way_is_not_lost() {
    let item = ItemId::new();
    let mut shelf = shelf(GridSort::Sku, vec![]);
    assert_eq!(shelf.want(CHUNK + 5, CHUNK + 9), vec![1]);
    assert_eq!(shelf.want(CHUNK + 5, CHUNK + 9), Vec::<usize>::new(), "asked for once");
    shelf.hear(&change(item, 3, 9));
    shelf.arrive(1, vec![row(item, 5, 7)]);
    assert_eq!(on_hand(&shelf, CHUNK), Quantity::whole(3));
}

#[test]
fn a_row_that_outgrows_its_neighbour_stays_and_is_counted() {
    let (few, many) = (ItemId::new(), ItemId::new());
    let mut shelf = shelf(GridSort::OnHand, vec![row(few, 1, 1), row(many, 5, 1)]);
    shelf.hear(&change(few, 4, 2));
    assert_eq!(shelf.misplaced(), 0, "still below its neighbour");
    shelf.hear(&change(few, 6, 3));
    assert_eq!((shelf.misplaced(), on_hand(&shelf, 0)), (1, Quantity::whole(6)));
}

#[test]
fn a_new_edition_puts_everything_in_order_and_keeps_what_is_newer() {
    let (few, many) = (ItemId::new(), ItemId::new());
    let mut shelf = shelf(GridSort::OnHand, vec![row(few, 1, 1), row(many, 5, 1)]);
    shelf.hear(&change(few, 6, 3));
    shelf.renew();
    shelf.turn_over(vec![(0, vec![row(many, 5, 1), row(few, 5, 2)])]);
    assert_eq!((shelf.misplaced(), on_hand(&shelf, 1)), (0, Quantity::whole(6)));
}

#[test]
fn rows_far_away_are_let_go() {
    let mut shelf = shelf(GridSort::Sku, vec![]);
    for chunk in 0..=CHUNKS_MAX {
        shelf.arrive(chunk, vec![row(ItemId::new(), 1, 1)]);
    }
    assert!(shelf.row(0).is_none());
    assert!(shelf.row(CHUNKS_MAX * CHUNK).is_some());
}

/// A kit of two of a part, of which so many are there.
fn kit(item: ItemId, part: ItemId, on_hand: i64, turn: i64) -> StockRow {
    let (quantity, available) = (Quantity::whole(2), Quantity::whole(on_hand));
    let part = KitPart {
        item: part,
        sku: "CUP".into(),
        name: "Cup".into(),
        unit: "piece".into(),
        quantity,
        on_hand: available,
        reserved: Quantity::ZERO,
        barred: Quantity::ZERO,
        available,
        enough_for: KitPart::enough(available, quantity),
        turn,
    };
    StockRow { kit: Some(Kit::of("SET".into(), "LON".into(), vec![part])), ..row(item, 0, 0) }
}

fn made(shelf: &Shelf, number: usize) -> (Option<i64>, u32) {
    let live = shelf.row(number).expect("loaded");
    (live.figures.get_untracked().made, live.changes.get_untracked())
}

#[test]
fn a_kit_follows_its_part_whether_or_not_that_is_shown() {
    let (set, cup) = (ItemId::new(), ItemId::new());
    let mut shelf = shelf(GridSort::Sku, vec![kit(set, cup, 9, 3)]);
    assert_eq!(made(&shelf, 0), (Some(4), 0));
    shelf.hear(&change(cup, 7, 4));
    assert_eq!(made(&shelf, 0), (Some(3), 1));
    shelf.hear(&change(cup, 6, 5));
    assert_eq!(made(&shelf, 0), (Some(3), 1), "as many can be made as before");
    shelf.hear(&change(cup, 0, 4));
    shelf.hear(&Change { store: "PAR".into(), ..change(cup, 0, 9) });
    assert_eq!(made(&shelf, 0), (Some(3), 1), "old news, and another store's");
    let figures = shelf.row(0).expect("loaded").figures.get_untracked();
    assert_eq!((figures.available(), figures.unless_kit(figures.on_hand)), (Quantity::whole(3), None));
}

#[test]
fn what_was_told_of_a_part_while_its_kit_was_on_its_way_is_not_lost() {
    let (set, cup) = (ItemId::new(), ItemId::new());
    let mut shelf = shelf(GridSort::Sku, vec![row(set, 0, 0)]);
    assert_eq!(made(&shelf, 0).0, None);
    shelf.rereads();
    shelf.hear(&change(cup, 2, 8));
    shelf.freshen(vec![kit(set, cup, 9, 7)]);
    assert_eq!(made(&shelf, 0).0, Some(1), "it has become a kit, and a part was sold meanwhile");
    shelf.renew();
    shelf.hear(&change(cup, 4, 9));
    shelf.turn_over(vec![(0, vec![row(cup, 9, 7), kit(set, cup, 9, 7)])]);
    assert_eq!((made(&shelf, 1).0, on_hand(&shelf, 0)), (Some(2), Quantity::whole(4)));
    shelf.rereads();
    shelf.freshen(vec![row(set, 0, 0)]);
    assert_eq!(made(&shelf, 1).0, None, "it is no kit any more");
}

#[test]
fn the_order_of_what_is_there_takes_no_notice_of_kits() {
    let (cup, set) = (ItemId::new(), ItemId::new());
    let mut shelf = shelf(GridSort::OnHand, vec![row(cup, 5, 1), kit(set, cup, 5, 1)]);
    shelf.hear(&change(cup, 4, 2));
    assert_eq!((shelf.misplaced(), made(&shelf, 1).0), (0, Some(2)));
}
