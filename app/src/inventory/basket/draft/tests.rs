//! What a draft keeps, joins and refuses to lose.

use super::*;
use crate::inventory::outbox::Document;
use model::{LineTax, Pack, PriceListId};

fn item(sku: &str, unit: &str, price: Option<&str>) -> Item {
    Item {
        id: ItemId::new(),
        sku: sku.into(),
        name: sku.into(),
        unit: unit.into(),
        price: price.map(|price| price.parse().expect("a decimal")),
        kind: ItemKind::Stocked,
        barcodes: vec![format!("9{sku}")],
        packs: vec![Pack { name: "Case of 12".into(), barcode: format!("12{sku}"), quantity: Quantity::whole(12) }],
        costing: Default::default(),
        tracking: Default::default(),
    }
}

fn add(draft: &mut Draft, item: &Item) -> Quantity {
    draft.add(item, Kind::Sale, Quantity::whole(1), None, FoundLot::default())
}

fn lot(lot: &str) -> FoundLot {
    FoundLot { lot: lot.into(), ..FoundLot::default() }
}

#[test]
fn the_same_item_scanned_again_is_one_line_more() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    add(&mut draft, &lamp);
    assert_eq!(add(&mut draft, &lamp), Quantity::whole(2));
    assert_eq!((draft.lines.len(), draft.things()), (1, 2));
    assert_eq!(draft.total(), "5.00".parse().ok());
    assert_eq!(draft.knows("91"), Some(lamp.id));
    assert_eq!(draft.knows("92"), None);
}

#[test]
fn a_pack_is_so_many_and_the_line_says_so_as_long_as_it_is_all_of_it() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    let case = lamp.pack("121").expect("its case");
    let mut scan = |quantity, pack| {
        draft.add(&lamp, Kind::Sale, quantity, pack, FoundLot::default());
        (draft.things(), draft.lines[0].pack.clone())
    };
    let name = Some(case.name.clone());
    assert_eq!(scan(case.quantity, name.as_deref()), (12, name.clone()));
    assert_eq!(scan(case.quantity, name.as_deref()), (24, name.clone()));
    assert_eq!(scan(Quantity::whole(1), None), (25, None));
    assert_eq!(scan(case.quantity, name.as_deref()), (37, None), "not all of it");
    assert_eq!((draft.knows("121"), draft.knows("122")), (Some(lamp.id), None));
}

#[test]
fn a_new_price_shows_at_once_and_a_typed_one_stays() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    add(&mut draft, &lamp);
    let price = "3".parse().ok();
    let change = model::ItemPatch { price: Some(price), ..model::ItemPatch::default() };
    let news = ItemNews { item: lamp.id, sku: "1".into(), version: 2, change };
    assert!(draft.hear(&news, Kind::Sale));
    assert_eq!(draft.total(), price);
    draft.set_price((lamp.id, 0), "1".parse().expect("a decimal"));
    draft.hear(&news, Kind::Sale);
    assert_eq!(draft.total(), "1".parse().ok());
}

#[test]
fn what_was_read_anew_is_priced_as_now_unless_a_price_was_typed_or_it_is_posted() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    add(&mut draft, &lamp);
    let now = Item { price: "3".parse().ok(), name: "Lamp".into(), ..lamp.clone() };
    assert!(draft.read(&now, Kind::Sale));
    assert_eq!((draft.total(), draft.lines[0].item.name.as_str()), (now.price, "Lamp"));
    assert!(!draft.read(&now, Kind::Sale), "nothing is new");
    draft.set_price((lamp.id, 0), "1".parse().expect("a decimal"));
    draft.read(&lamp, Kind::Sale);
    assert_eq!(draft.total(), "1".parse().ok());
    draft.sent_at = Some(Time::from_micros(5));
    assert!(!draft.read(&now, Kind::Sale));
}

fn sold(many: i64, price: &str) -> ReceiptLine {
    ReceiptLine {
        sku: "1".into(),
        name: "1".into(),
        quantity: Quantity::whole(many),
        unit_price: price.parse().ok(),
        list: None,
        tax: None,
        on_hand: None,
        version: None,
    }
}

#[test]
fn what_comes_back_at_two_prices_is_not_one_line_and_none_of_it_is_lost() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    add(&mut draft, &lamp);
    assert!(draft.take_back(lamp.clone(), &sold(2, "2.00")), "what the sale says, for what was scanned");
    assert!(draft.take_back(lamp.clone(), &sold(2, "2.00")), "the same again");
    assert!(!draft.take_back(lamp.clone(), &sold(1, "2.50")));
    assert_eq!((draft.things(), draft.total()), (2, "4".parse().ok()));
}

#[test]
fn a_basket_has_room_for_what_lies_in_it_and_not_for_another() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", None));
    assert!(draft.has_room_for(PostingId::new()));
    add(&mut draft, &lamp);
    assert!(draft.has_room_for(draft.id));
    assert!(!draft.has_room_for(PostingId::new()));
}

#[test]
fn a_weight_counts_as_one_thing() {
    let (mut draft, flour) = (Draft::default(), item("2", "kg", Some("4")));
    add(&mut draft, &flour);
    draft.set_quantity((flour.id, 0), "2.5".parse().expect("a decimal"));
    assert_eq!((draft.things(), draft.total()), (1, "10".parse().ok()));
}

#[test]
fn a_missing_price_leaves_the_total_open_until_it_is_set() {
    let (mut draft, fee) = (Draft::default(), item("3", "piece", None));
    add(&mut draft, &fee);
    assert_eq!(draft.total(), None);
    draft.set_price((fee.id, 0), "1".parse().expect("a decimal"));
    assert_eq!(draft.total(), "1".parse().ok());
}

#[test]
fn steps_stop_at_one_and_zero_takes_the_line_away() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", None));
    add(&mut draft, &lamp);
    draft.step((lamp.id, 0), -1);
    assert_eq!(draft.things(), 1);
    draft.set_quantity((lamp.id, 0), Quantity::ZERO);
    assert!(draft.lines.is_empty());
}

#[test]
fn what_is_sent_again_is_the_same() {
    let mut draft = Draft::default();
    let lamp = item("1", "piece", Some("1"));
    add(&mut draft, &lamp);
    draft.sent_at = Some(Time::from_micros(5));
    let kept: Draft = serde_json::from_str(&serde_json::to_string(&draft).expect("json")).expect("json");
    assert!(kept.is_posted());
    assert_eq!(Kind::Sale.document(&kept, "LON"), Kind::Sale.document(&draft, "LON"));
}

#[test]
fn no_more_comes_back_than_was_sold_and_an_odd_number_is_doubted_until_somebody_is_sure() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", None));
    add(&mut draft, &lamp);
    draft.set_quantity((lamp.id, 0), Quantity::whole(1212));
    assert_eq!(draft.lines[0].doubt(None), Some(Quantity::whole(12)));
    draft.keep_quantity((lamp.id, 0));
    assert_eq!(draft.lines[0].doubt(None), None);
    draft.lines[0].most = Some(Quantity::whole(3));
    draft.set_quantity((lamp.id, 0), Quantity::whole(5));
    assert_eq!(draft.lines[0].quantity, Quantity::whole(3));
}

#[test]
fn an_unknown_code_is_kept_once_and_outlives_the_sale() {
    let mut draft = Draft::default();
    draft.hold("123", false);
    draft.hold("123", true);
    draft.done();
    assert_eq!(draft.held, [Held { code: "123".into(), unknown: true }]);
}

#[test]
fn each_lot_is_a_line_of_its_own() {
    let mut lamp = item("1", "piece", Some("2.50"));
    lamp.tracking = Tracking::Lot;
    let scan = |draft: &mut Draft, code: &str, kind| draft.add(&lamp, kind, Quantity::whole(1), None, lot(code));
    let told = |draft: &Draft| draft.lines.iter().map(|line| (line.lot.lot.clone(), line.things())).collect::<Vec<_>>();
    let of = |lines: &[(&str, u64)]| lines.iter().map(|(lot, size)| ((*lot).to_owned(), *size)).collect::<Vec<_>>();
    let mut sale = Draft::default();
    for code in ["", "L1", "", "L2", "L1"] {
        scan(&mut sale, code, Kind::Sale);
    }
    assert_eq!(told(&sale), of(&[("L2", 1), ("L1", 2), ("", 2)]));
    sale.set_quantity((lamp.id, 1), Quantity::ZERO);
    assert_eq!(told(&sale), of(&[("L2", 1), ("", 2)]), "the one that was meant");

    let mut delivery = Draft::default();
    scan(&mut delivery, "", Kind::Receipt);
    assert!(delivery.lacks_lot());
    for code in ["L1", "", "L2", ""] {
        scan(&mut delivery, code, Kind::Receipt);
    }
    assert_eq!(told(&delivery), of(&[("L2", 2), ("L1", 3)]), "a code that names none is more of the latest");
    assert!(!delivery.lacks_lot());
    let Document::Receipt(new) = Kind::Receipt.document(&delivery, "LON") else { panic!("it is a delivery") };
    assert_eq!(new.lots.iter().map(|lot| (lot.line, lot.lot.as_str())).collect::<Vec<_>>(), [(1, "L1"), (2, "L2")]);
    assert!(new.lines.iter().all(|line| line.lot.is_none()), "it is named once");
}

#[test]
fn the_pieces_of_an_item_are_one_line_and_each_number_is_there_once() {
    let mut phone = item("1", "piece", Some("2.50"));
    phone.tracking = Tracking::Serial;
    let mut delivery = Draft::default();
    let scan = |draft: &mut Draft, code: &str| draft.add(&phone, Kind::Receipt, Quantity::whole(1), None, lot(code));
    for code in ["", "A", "B", "B", ""] {
        scan(&mut delivery, code);
    }
    let line = &delivery.lines[0];
    assert_eq!(
        (delivery.lines.len(), line.things(), line.serials.as_slice()),
        (1, 3, ["A".into(), "B".into()].as_slice())
    );
    assert!(delivery.lacks_serial(), "one of three has no number yet");
    let key = line.key();
    delivery.add_serial(key, "C".into());
    assert!(!delivery.lacks_serial());
    let Document::Receipt(new) = Kind::Receipt.document(&delivery, "LON") else { panic!("it is a delivery") };
    assert_eq!((new.lots.len(), new.lines[0].serials.join(" ").as_str()), (0, "A B C"));
    delivery.drop_serial(key, "B");
    delivery.set_quantity(key, Quantity::whole(1));
    assert_eq!(delivery.lines[0].serials, ["A"], "no more numbers than pieces");
    delivery.drop_serial(key, "A");
    assert!(delivery.lines.is_empty());
}

#[test]
fn a_draft_that_was_kept_before_there_were_lots_is_read() {
    let mut draft = Draft::default();
    add(&mut draft, &item("1", "piece", None));
    let mut json = serde_json::to_value(&draft).expect("json");
    let line = json["lines"][0].as_object_mut().expect("a line");
    line.remove("lot");
    line.remove("nth");
    line.remove("serials");
    line["item"].as_object_mut().expect("an item").remove("tracking");
    assert_eq!(serde_json::from_value::<Draft>(json).expect("it is read"), draft);
}

fn offer(least: i64, price: &str) -> Offer {
    Offer {
        list: PriceListId::new(),
        name: format!("from {least}"),
        least: Quantity::whole(least),
        price: price.parse().expect("a decimal"),
        overrides: false,
        since: None,
        until: None,
    }
}

#[test]
fn a_price_of_a_list_follows_how_many_and_a_typed_one_stays() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    let offers = [offer(1, "2.40"), offer(3, "2")];
    add(&mut draft, &lamp);
    assert!(draft.offer(lamp.id, &offers));
    let key = draft.lines[0].key();
    let told = |draft: &Draft| {
        let line = &draft.lines[0];
        (line.price.map(|price| price.to_string()), draft.offer_of(line).map(|offer| offer.name.clone()))
    };
    let is = |price: &str, name: Option<&str>| (Some(price.to_owned()), name.map(str::to_owned));
    assert_eq!(told(&draft), is("2.40", Some("from 1")));
    draft.set_quantity(key, Quantity::whole(3));
    assert_eq!(told(&draft), is("2.00", Some("from 3")));
    draft.step(key, -1);
    assert_eq!(told(&draft), is("2.40", Some("from 1")));
    let Document::Sale(sale) = Kind::Sale.document(&draft, "LON") else { panic!("a sale") };
    assert_eq!((sale.lists.len(), sale.lists[0].line, sale.lists[0].list), (1, 1, offers[0].list));
    draft.set_price(key, "2.45".parse().expect("a decimal"));
    draft.set_quantity(key, Quantity::whole(3));
    assert_eq!(told(&draft), is("2.45", None), "somebody typed it");
    draft.offer(lamp.id, &[]);
    assert_eq!(told(&draft), is("2.45", None));
}

#[test]
fn a_price_of_a_list_follows_how_many_are_in_all_lines_of_the_item() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    let scan = |draft: &mut Draft, of: &str| draft.add(&lamp, Kind::Sale, Quantity::whole(6), None, lot(of));
    scan(&mut draft, "A");
    draft.offer(lamp.id, &[offer(12, "2")]);
    let prices =
        |draft: &Draft| draft.lines.iter().map(|line| line.price.expect("priced").to_string()).collect::<Vec<_>>();
    assert_eq!(prices(&draft), ["2.50"]);
    scan(&mut draft, "B");
    assert_eq!(prices(&draft), ["2.00", "2.00"], "six of one lot and six of another are twelve");
    let Document::Sale(sale) = Kind::Sale.document(&draft, "LON") else { panic!("a sale") };
    assert_eq!(sale.lists.iter().map(|named| named.line).collect::<Vec<_>>(), [1, 2]);
    let (b, a) = (draft.lines[0].key(), draft.lines[1].key());
    draft.step(b, -1);
    assert_eq!(prices(&draft), ["2.50", "2.50"]);
    draft.set_price(a, "1".parse().expect("a decimal"));
    draft.step(b, 1);
    assert_eq!(prices(&draft), ["2.00", "1.00"], "a typed price stays, and its pieces count");
    draft.set_quantity(a, Quantity::ZERO);
    assert_eq!(prices(&draft), ["2.50"]);
}

#[test]
fn a_basket_costs_what_a_naive_reading_of_the_rule_says() {
    let (lamp, offers) = (item("1", "piece", Some("2.50")), [offer(4, "2.40"), offer(9, "2")]);
    let naive = |many: i64| {
        if many >= 9 {
            "2.00"
        } else if many >= 4 {
            "2.40"
        } else {
            "2.50"
        }
    };
    for sizes in (0..6_i64).flat_map(|a| (0..6_i64).flat_map(move |b| (0..6_i64).map(move |c| [a, b, c]))) {
        let mut draft = Draft::default();
        for (size, of) in sizes.into_iter().zip(["A", "B", "C"]) {
            draft.add(&lamp, Kind::Sale, Quantity::whole(1), None, lot(of));
            draft.offer(lamp.id, &offers);
            draft.set_quantity(draft.lines[0].key(), Quantity::whole(size));
        }
        let price = naive(sizes.into_iter().sum());
        let mut told = draft.lines.iter().map(|line| line.price.expect("priced").to_string());
        assert!(told.all(|told| told == price), "{sizes:?} {draft:?}");
    }
}

#[test]
fn without_its_lists_a_line_has_its_own_price_again() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    add(&mut draft, &lamp);
    let (name, price, least) = ("Sale".to_owned(), "1".parse().expect("a decimal"), Quantity::whole(1));
    let (list, overrides, since, until) = (PriceListId::new(), false, None, None);
    draft.offer(lamp.id, &[Offer { list, name, least, price, overrides, since, until }]);
    assert_eq!(draft.total(), "1".parse().ok());
    assert!(draft.offer(lamp.id, &[]));
    assert_eq!(draft.total(), "2.50".parse().ok());
}

fn rate(since: Option<i64>, rate: &str) -> RateSince {
    RateSince { since: since.map(Time::from_micros), rate: rate.parse().expect("a decimal") }
}

/// Rate and tax at that moment.
fn told(draft: &Draft, at: i64) -> Vec<(String, String)> {
    let taxes = draft.taxes("GBP", Time::from_micros(at));
    taxes.into_iter().map(|one| (one.rate.to_string(), one.tax.to_string())).collect()
}

fn pair(rate: &str, tax: &str) -> (String, String) {
    (rate.into(), tax.into())
}

#[test]
fn a_basket_tells_the_tax_of_all_its_lines_at_the_rates_of_the_moment() {
    let (mut draft, lamp, book) =
        (Draft::default(), item("1", "piece", Some("2.55")), item("2", "piece", Some("1.05")));
    let case = lamp.pack("121").expect("its case");
    draft.add(&lamp, Kind::Sale, case.quantity, Some(&case.name), lot("A"));
    assert_eq!(told(&draft, 0), [], "nobody knows a rate yet");
    assert!(draft.hold_tax(lamp.id, &[rate(None, "19"), rate(Some(10), "20")]));
    draft.offer(lamp.id, &[offer(12, "2.5")]);
    draft.add(&lamp, Kind::Sale, Quantity::whole(1), None, lot("B"));
    add(&mut draft, &book);
    assert!(draft.hold_tax(book.id, &[rate(None, "5")]));
    assert!(!draft.hold_tax(book.id, &[rate(None, "5")]), "nothing is new");
    assert_eq!(told(&draft, 9), [pair("5", "0.05"), pair("19", "5.19")], "a new lot's line holds it too");
    assert_eq!(told(&draft, 10), [pair("5", "0.05"), pair("20", "5.42")]);
    draft.set_price(draft.lines[0].key(), "2.10".parse().expect("a decimal"));
    assert_eq!(told(&draft, 9)[0], pair("5", "0.10"), "what is typed is what is paid");
    draft.hold_tax(lamp.id, &[]);
    assert_eq!(told(&draft, 9), [pair("5", "0.10")], "of no class any more");
    draft.sent_at = Some(Time::from_micros(9));
    assert!(!draft.hold_tax(lamp.id, &[rate(None, "20")]), "it is posted");
}

#[test]
fn what_comes_back_holds_the_tax_that_was_paid() {
    let (mut draft, lamp) = (Draft::default(), item("1", "piece", Some("2.50")));
    let sold =
        ReceiptLine { tax: Some(LineTax { class: "Standard".into(), rate: Quantity::whole(20) }), ..sold(2, "6") };
    assert!(draft.take_back(lamp.clone(), &sold));
    assert!(!draft.hold_tax(lamp.id, &[rate(None, "25")]));
    assert_eq!(told(&draft, 0), [pair("20", "2.00")]);
}
