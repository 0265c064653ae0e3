//! Orders on paper, read back by others: `qpdf` says that the file is sound, `pdftotext` what it says and where,
//! `pdftoppm` what is to be seen.

mod read;

use model::{
    Language, Money, PaperId, Purchase, PurchaseLine, PurchaseState, Quantity, Store, StoreId, Supplier, SupplierId,
    Time,
};
use read::{Pdf, Word};

fn store() -> Store {
    Store {
        id: StoreId::new(),
        code: "LON".into(),
        name: "London, Camden High Street".into(),
        currency: "GBP".into(),
        time_zone: "Europe/London".into(),
    }
}

fn line(at: usize, name: &str, ordered: &str, cost: &str) -> PurchaseLine {
    let (ordered, cost): (Quantity, Money) = (ordered.parse().expect("a size"), cost.parse().expect("an amount"));
    PurchaseLine {
        sku: format!("SKU-{at:04}"),
        name: name.into(),
        unit: "piece".into(),
        ordered,
        unit_cost: Some(cost),
        value: cost.checked_times(ordered),
        code: format!("THEIR-{at}"),
        received: Quantity::ZERO,
        rejected: Quantity::ZERO,
        open: Quantity::ZERO,
        minimum: None,
        multiple: None,
        why: None,
    }
}

fn order(lines: Vec<PurchaseLine>) -> Purchase {
    let value = lines.iter().filter_map(|line| line.value).map(Money::parts).sum();
    Purchase {
        id: PaperId::new(),
        number: "PO-LON-12".into(),
        store: "LON".into(),
        currency: "GBP".into(),
        supplier: Supplier {
            id: SupplierId::new(),
            code: "ACME".into(),
            name: "Acme Trading Ltd".into(),
            email: "orders@acme.example".into(),
            phone: "+44 20 7946 0000".into(),
            note: String::new(),
            lead_days: 3,
            tolerance: Quantity::ZERO,
            archived: false,
            version: 1,
        },
        state: PurchaseState::Approved,
        version: 3,
        reference: Some("Q-778".into()),
        note: Some("Please deliver at the back door.\nRing twice.".into()),
        due_on: Some("2026-12-04".into()),
        reason: None,
        value: Money::from_parts(value),
        above_limit: false,
        approved_by: None,
        author: "Mark".into(),
        approver: None,
        created_at: Time::from_micros(0),
        changed_at: Time::from_micros(0),
        issued_on: "2026-11-30".into(),
        next: Vec::new(),
        lines,
        receipts: Vec::new(),
    }
}

fn pdf(order: &Purchase, language: Language) -> Pdf {
    Pdf::of(storeroom_paper::purchase(order, &store(), language).expect("it is written"))
}

/// What stands in the column of the items of an A4 page.
fn in_item_column(word: &Word) -> bool {
    word.left >= 139.0 && word.right <= 313.5
}

#[test]
fn a_supplier_reads_every_line_and_the_total() {
    let mut mugs = line(1, "Red mug", "1250", "2.55");
    mugs.multiple = Some(Quantity::whole(50));
    let mut rope = line(2, "Rope", "12.5", "0.125");
    (rope.unit, rope.code) = ("m".into(), String::new());
    let free = line(3, "Not ordered at all", "0", "1");
    let pdf = pdf(&order(vec![mugs, rope, free]), Language::English);
    let text = pdf.text();
    for said in [
        "Purchase order",
        "PO-LON-12",
        "Acme Trading Ltd",
        "orders@acme.example",
        "London, Camden High Street",
        "2026-11-30",
        "2026-12-04",
        "Q-778",
        "Please deliver at the back door.",
        "Ring twice.",
        "THEIR-1 Red mug 1,250 2.55 3,187.50",
        "Our code SKU-0001 25 × 50",
        "Rope 12.5 m 0.125 1.5625",
        "Each (GBP)",
        "Total GBP 3,189.0625",
        "Page 1 of 1",
    ] {
        assert!(text.contains(said), "{said:?} is missing in\n{text}");
    }
    for unsaid in ["Not ordered", "Draft"] {
        assert!(!text.contains(unsaid), "{unsaid:?} stands in\n{text}");
    }
    assert_eq!(pdf.info("Page size"), "595.28 x 841.89 pts (A4)");
}

#[test]
fn the_same_order_makes_the_same_bytes_whenever_it_is_asked_for() {
    let order = order(vec![line(1, "Red mug", "3", "2.55")]);
    let first = storeroom_paper::purchase(&order, &store(), Language::Spanish).expect("it is written");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(first == storeroom_paper::purchase(&order, &store(), Language::Spanish).expect("it is written"));
    assert_eq!(Pdf::of(first).info("CreationDate"), "Mon Nov 30 00:00:00 2026 UTC", "the document's own day");
}

#[test]
fn it_speaks_spanish_and_lies_on_letter_where_that_is_printed() {
    let mut mexican = order(vec![line(1, "Taza roja", "1234.5", "10")]);
    mexican.currency = "MXN".into();
    let pdf = pdf(&mexican, Language::Spanish);
    let text = pdf.text();
    for said in [
        "Pedido de compra",
        "Su código",
        "Cada uno (MXN)",
        "1234,5 10,00 12.345,00",
        "Total MXN 12.345,00",
        "Página 1 de 1",
    ] {
        assert!(text.contains(said), "{said:?} is missing in\n{text}");
    }
    assert_eq!(pdf.info("Page size"), "612 x 792 pts (letter)");
}

#[test]
fn a_thousand_lines_take_many_pages_each_with_its_head_and_number() {
    let lines: Vec<_> = (1..=1000).map(|at| line(at, &format!("Thing number {at}"), "3", "1.10")).collect();
    let pdf = pdf(&order(lines), Language::English);
    let pages = pdf.pages();
    assert!(pages.len() > 20, "{} pages", pages.len());
    for (at, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("Page {at} of {}", pages.len())), "page {at}:\n{page}");
        assert!(page.contains("PO-LON-12") && page.contains("Item") && page.contains("SKU-"), "page {at}:\n{page}");
    }
    let text = pages.concat();
    for at in 1..=1000 {
        let row = format!("THEIR-{at} Thing number {at} 3 1.10 3.30");
        assert_eq!(text.matches(&row).count(), 1, "{row}");
    }
    assert_eq!(text.matches("Total GBP 3,300.00").count(), 1);
    assert!(pages.last().is_some_and(|page| page.contains("Total GBP")));
    let words: Vec<_> = pdf.words();
    assert!(words.iter().all(|word| word.bottom <= 841.89 - 40.0 && word.top >= 40.0), "nothing leaves its page");
}

#[test]
fn accents_greek_and_cyrillic_are_there_and_their_fonts_come_along() {
    let names = [
        "Zażółć gęślą jaźń",
        "Příliš žluťoučký kůň",
        "Şişli'de ığdır çiğ",
        "Άλφα και ωμέγα",
        "Объём щётки",
        "Año, niño, ¿qué?",
    ];
    let lines = (1..).zip(names).map(|(at, name)| line(at, name, "1", "1")).collect();
    let pdf = pdf(&order(lines), Language::English);
    let text = pdf.text();
    assert!(names.iter().all(|name| text.contains(name)), "{text}");
    let fonts = pdf.fonts();
    assert!(
        fonts.len() == 2 && fonts.iter().all(|font| font.contains("NotoSans") && font.contains("yes yes yes")),
        "{fonts:?}"
    );
}

#[test]
fn long_words_stay_in_their_column_and_long_numbers_are_not_cut() {
    let long = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(4);
    let mut worst = line(1, &long, "999999999.99999", "999999999.999999");
    (worst.sku, worst.code) = ("W".repeat(64), "W".repeat(64));
    worst.value = Some("4611686018427.387904".parse().expect("an amount"));
    let mut order = order(vec![worst, line(2, "Next", "1", "1")]);
    (order.supplier.name, order.number) = ("W".repeat(200), "PO-ABCDEFGHIJKL-123456789".into());
    (order.reference, order.note) = (Some("W".repeat(64)), Some("W".repeat(1000)));
    let pdf = pdf(&order, Language::English);
    let words = pdf.words();
    assert!(words.iter().all(|word| word.left >= 47.5 && word.right <= 595.28 - 47.5), "nothing leaves the paper");
    let of_name: Vec<_> = words.iter().filter(|word| long.contains(&word.text) && word.text.len() > 9).collect();
    assert!(of_name.len() > 3 && of_name.iter().all(|word| in_item_column(word)), "{of_name:?}");
    assert_eq!(of_name.iter().map(|word| word.text.as_str()).collect::<String>(), long);
    for number in ["999,999,999.99999", "999,999,999.999999", "4,611,686,018,427.387904"] {
        assert!(words.iter().any(|word| word.text == number), "{number}");
    }
    no_two_overlap(&words);
}

fn no_two_overlap(words: &[Word]) {
    for (at, one) in words.iter().enumerate() {
        for other in &words[at + 1..] {
            // A line's box is a little higher than its letters.
            let apart = one.page != other.page
                || one.right <= other.left + 0.5
                || other.right <= one.left + 0.5
                || one.bottom <= other.top + 4.0
                || other.bottom <= one.top + 4.0;
            assert!(apart, "{one:?} and {other:?}");
        }
    }
}

#[test]
fn a_character_without_a_glyph_is_a_box_that_can_be_seen() {
    let pdf = pdf(&order(vec![line(1, "茶", "1", "1")]), Language::English);
    let words = pdf.words();
    let code = words.iter().find(|word| word.text == "THEIR-1").expect("its row");
    let at = |left: f64| Word { left, right: left + 9.0, text: String::new(), ..*code };
    assert!(pdf.ink(&at(140.0)) > 20, "{} dark dots", pdf.ink(&at(140.0)));
    assert_eq!(pdf.ink(&at(160.0)), 0, "and nothing stands behind it");
}

#[test]
fn what_looks_like_a_command_is_text() {
    let tricks = [
        ") Tj ET Q << /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >> (",
        "<script>alert(1)</script> %PDF-1.7 endstream endobj",
        "\u{202e}gpj.exe \u{0}\u{7}\t back\\slash {{ page }} ${x}",
    ];
    let mut order = order((1..).zip(tricks).map(|(at, name)| line(at, name, "1", "1")).collect());
    (order.number, order.supplier.name) = (format!("PO{}", tricks[0]), tricks[1].into());
    order.note = Some(tricks.join("\n"));
    let pdf = pdf(&order, Language::English);
    let joined: String = pdf.text().split_whitespace().collect();
    for trick in &tricks[..2] {
        let bare: String = trick.split_whitespace().collect();
        assert!(joined.contains(&bare), "{bare} is missing in {joined}");
    }
    assert!(joined.contains("{{page}}"), "no gap of ours is filled in a name");
    assert_eq!(pdf.info("JavaScript"), "no");
    let objects = pdf.objects();
    for name in ["JavaScript", "JS", "OpenAction", "AA", "Launch", "URI"] {
        assert!(!objects.contains(&format!("\"/{name}\"")), "{name} in {objects}");
    }
    assert!(objects.contains("\"/Info\"") && objects.contains("u:Purchase order PO) Tj ET Q"), "its title is a text");
}

#[test]
fn what_nobody_is_to_deliver_says_so() {
    for (state, said) in [
        (PurchaseState::Draft, "Draft"),
        (PurchaseState::Submitted, "Waits for approval"),
        (PurchaseState::Rejected, "Not approved"),
        (PurchaseState::Cancelled, "Given up"),
    ] {
        let open = PurchaseLine { unit_cost: None, value: None, ..line(1, "Red mug", "3", "1") };
        let text = pdf(&Purchase { state, ..order(vec![open]) }, Language::English).text();
        assert!(text.contains(said) && text.contains("Red mug 3 – –"), "{text}");
    }
    let empty = pdf(&Purchase { state: PurchaseState::Draft, note: None, ..order(Vec::new()) }, Language::English);
    assert!(empty.text().contains("Total GBP 0.00"), "{}", empty.text());
}
