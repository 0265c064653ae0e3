//! Each case by hand, with amounts that can be followed on paper.

use super::{at, money, told, total, whole};
use crate::cost::book::{Account, Book, Cost};
use crate::cost::part::times;
use model::Costing;

/// Ten at 1.00 by line 1, then ten at 1.20 by line 2.
fn two_layers(costing: Costing) -> Book {
    let mut book = Book { costing, ..Book::default() };
    assert_eq!(told(received(&mut book, 1, 10, "1")), ["10.00", "-10.00", "0.00", "0.00"]);
    assert_eq!(told(received(&mut book, 2, 10, "1.20")), ["12.00", "-12.00", "0.00", "0.00"]);
    book
}

fn received(book: &mut Book, seq: i64, pieces: i64, each: &str) -> crate::cost::book::Effect {
    book.receive(at(seq), Account::Received, whole(pieces), Cost::Each(money(each)))
}

#[test]
fn a_sale_takes_the_oldest_layers_first() {
    let mut book = two_layers(Costing::Fifo);
    assert_eq!(told(book.issue(at(3), whole(12))), ["-12.40", "12.40", "0.00", "0.00"]);
    assert_eq!(total(&book), ("8".into(), "9.60".into()));
}

#[test]
fn by_the_average_all_cost_the_same() {
    let mut book = two_layers(Costing::Average);
    assert_eq!(told(book.issue(at(3), whole(12))), ["-13.20", "13.20", "0.00", "0.00"]);
    assert_eq!(total(&book), ("8".into(), "8.80".into()));
}

#[test]
fn an_undone_sale_comes_back_to_its_layers() {
    for costing in [Costing::Fifo, Costing::Average] {
        let mut book = two_layers(costing);
        let before = book.layers.clone();
        let sold = book.issue(at(3), whole(12));
        let back = book.unissue(at(3), sold.counter);
        assert_eq!((back.inventory, back.counter), (-sold.inventory, -sold.counter));
        assert_eq!((book.layers, book.uses.len()), (before, 0), "{costing:?}");
    }
}

#[test]
fn goods_without_a_cost_are_worth_the_last_until_it_is_told() {
    let mut book = Book::default();
    received(&mut book, 1, 10, "1");
    let missing = book.receive(at(2), Account::Received, whole(10), Cost::Missing);
    assert_eq!(told(missing), ["10.00", "-10.00", "0.00", "0.00"]);
    assert!(!book.layers[&at(2)].known, "it is marked");
    book.issue(at(3), whole(15));
    let (account, learnt) = book.price(at(2), money("1.50")).expect("it is there");
    assert_eq!(told(learnt), ["2.50", "-5.00", "2.50", "0.00"], "half of it is sold");
    assert_eq!((account, book.layers[&at(2)].known), (Account::Received, true));
    assert_eq!((total(&book), book.last_cost), (("5".into(), "7.50".into()), Some(money("1.50"))));
}

#[test]
fn what_came_before_anybody_said_a_cost_is_worth_the_first_that_is_said() {
    let mut book = Book::default();
    let opening = book.receive(at(1), Account::Opening, whole(10), Cost::Current);
    assert_eq!(told(opening), ["0.00", "0.00", "0.00", "0.00"]);
    book.issue(at(2), whole(4));
    received(&mut book, 3, 5, "2");
    let learnt = book.teach(money("2"));
    assert_eq!(learnt.len(), 1);
    assert_eq!((learnt[0].0, learnt[0].1), (at(1), Account::Opening));
    assert_eq!(told(learnt[0].2), ["12.00", "-20.00", "8.00", "0.00"], "four of the ten were sold at nothing");
    assert_eq!(total(&book), ("11".into(), "22.00".into()));
}

#[test]
fn below_zero_the_cost_is_the_last_and_the_next_delivery_settles_the_difference() {
    for costing in [Costing::Fifo, Costing::Average] {
        let mut book = Book { costing, ..Book::default() };
        received(&mut book, 1, 2, "1");
        assert_eq!(told(book.issue(at(2), whole(6))), ["-6.00", "6.00", "0.00", "0.00"]);
        assert_eq!(total(&book), ("-4".into(), "-4.00".into()));
        let settled = received(&mut book, 3, 10, "1.20");
        assert_eq!(told(settled), ["11.20", "-12.00", "0.80", "0.00"], "{costing:?}");
        assert_eq!(total(&book), ("6".into(), "7.20".into()));
        // What the sale is known to have cost comes back, though less was said when it was sold.
        assert_eq!(told(book.unissue(at(2), money("6"))), ["6.80", "-6.00", "-0.80", "0.00"]);
    }
}

#[test]
fn below_zero_at_the_same_cost_leaves_only_what_rounding_makes() {
    let mut book = Book::default();
    received(&mut book, 1, 1, "0.000001");
    book.issue(at(2), whole(1));
    for seq in 3..6 {
        // Half of one: half a millionth, which is one when it is rounded.
        book.issue(at(seq), whole(1) / 2);
    }
    let settled = received(&mut book, 6, 9, "0.000001");
    assert_eq!(told(settled), ["0.00001", "-0.000009", "0.00", "-0.000001"], "no cost changed");
}

#[test]
fn an_undone_delivery_leaves_the_others_and_what_was_sold_of_it_is_taken_from_them() {
    let mut book = two_layers(Costing::Fifo);
    book.issue(at(3), whole(4));
    let (account, undone) = book.unreceive(at(1), at(4)).expect("it is there");
    assert_eq!(
        (account, told(undone)),
        (Account::Received, ["-10.80".into(), "10.00".into(), "0.80".into(), "0.00".into()])
    );
    assert_eq!(total(&book), ("6".into(), "7.20".into()));
    let (_, undone) = book.unreceive(at(2), at(5)).expect("it is there");
    assert_eq!(undone.counter, money("12"));
    assert_eq!((total(&book).0, book.last_cost), ("-4".into(), None), "nobody says any more what one costs");
}

#[test]
fn a_mistyped_cost_that_is_undone_leaves_no_trace_in_what_comes_after() {
    let mut book = Book { costing: Costing::Average, ..Book::default() };
    received(&mut book, 1, 10, "1");
    received(&mut book, 2, 10, "100");
    let (_, undone) = book.unreceive(at(2), at(3)).expect("it is there");
    assert_eq!(told(undone), ["-1000.00", "1000.00", "0.00", "0.00"]);
    assert_eq!((total(&book), book.last_cost), (("10".into(), "10.00".into()), Some(money("1"))));
    received(&mut book, 4, 10, "100");
    book.issue(at(5), whole(2));
    book.unreceive(at(4), at(6)).expect("it is there");
    assert_eq!(total(&book), ("8".into(), "8.00".into()), "worth what such goods cost before");
}

#[test]
fn freight_makes_what_is_left_dearer_and_what_is_gone_a_revaluation() {
    let mut book = two_layers(Costing::Fifo);
    book.issue(at(3), whole(5));
    let (account, landed) = book.land(at(1), money("2")).expect("it is there");
    assert_eq!(
        (account, told(landed)),
        (Account::Landed, ["1.00".into(), "-2.00".into(), "1.00".into(), "0.00".into()])
    );
    // The carrier is paid although the goods went back.
    let (account, undone) = book.unreceive(at(1), at(4)).expect("it is there");
    assert_eq!((account, undone.counter), (Account::Received, money("10")));
}

#[test]
fn goods_that_are_found_are_worth_what_such_goods_cost() {
    let mut book = two_layers(Costing::Fifo);
    let found = book.receive(at(3), Account::Shrinkage, whole(1), Cost::Current);
    assert_eq!(told(found), ["1.20", "-1.20", "0.00", "0.00"], "the last cost");
    let mut book = two_layers(Costing::Average);
    let found = book.receive(at(3), Account::Shrinkage, whole(1), Cost::Current);
    assert_eq!(told(found), ["1.10", "-1.10", "0.00", "0.00"], "the average");
}

#[test]
fn another_rule_changes_no_worth() {
    let mut book = two_layers(Costing::Fifo);
    book.issue(at(3), whole(5));
    let before = book.total();
    book.recost(Costing::Average);
    assert_eq!(book.total(), before);
    assert_eq!(told(book.issue(at(4), whole(3))), ["-3.40", "3.40", "0.00", "0.00"], "17.00 for 15");
    book.recost(Costing::Fifo);
    received(&mut book, 5, 1, "9");
    assert_eq!(told(book.issue(at(6), whole(12))), ["-13.60", "13.60", "0.00", "0.00"], "the pool is the oldest");
    assert_eq!(total(&book), ("1".into(), "9.00".into()));
}

#[test]
fn what_no_shop_has_counts_as_not_said() {
    let mut book = Book::default();
    received(&mut book, 1, 1, "1000000000");
    let most = model::Quantity::LINE_MAX.parts();
    assert_eq!(times(money("1000000000"), most), None);
    let found = book.receive(at(2), Account::Shrinkage, most, Cost::Current);
    assert_eq!(found.inventory, 0);
    assert!(!book.layers[&at(2)].known);
}
