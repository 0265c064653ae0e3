//! Examples of every kind of scanned text, and of each thing that can be wrong with one.

mod properties;

use super::*;
use crate::{Money, Quantity};

const YEAR: u16 = 2026;

fn scan(text: &str) -> Scan {
    read(text, YEAR, &[]).unwrap_or_else(|fault| panic!("{text:?}: {fault}"))
}

fn label(text: &str) -> Label {
    match scan(text).says {
        Says::Label(label) => *label,
        other => panic!("{text:?} is {other:?}"),
    }
}

fn fault(text: &str) -> (Wrong, String, usize) {
    let fault = read(text, YEAR, &[]).expect_err(text);
    (fault.wrong, fault.ai, fault.at)
}

/// The digits with their check digit.
fn checked(body: &str) -> String {
    format!("{body}{}", char::from(crate::gtin::check_digit(body.as_bytes())))
}

fn date(text: &str) -> Option<Date> {
    Some(text.parse().expect("a day"))
}

/// What each symbology's readers send, with and without its identifier.
#[test]
fn every_symbology_tells_the_same_item() {
    let ean: &[&str] = &[
        "4006381333931",
        "]E04006381333931",
        "]E3400638133393112",
        "]E3400638133393151299",
        "04006381333931",
        "]I104006381333931",
        "]I004006381333931",
        "]C04006381333931",
        "]C10104006381333931",
        "]C1010400638133393110A-1\u{1d}17261231",
        "\u{1d}010400638133393110A-1",
        "010400638133393117261231",
        "172612310104006381333931",
        "(01)04006381333931",
        "(17) 261231 (01) 0 4006381 33393 1",
        "]d20104006381333931",
        "]Q30104006381333931",
        "]e00104006381333931",
        "]J10104006381333931",
        "]d1https://id.gs1.org/01/04006381333931",
        "]Q1https://example.com/some/where/01/4006381333931/10/A-1?17=261231",
        "HTTP://EXAMPLE.COM/01/04006381333931",
        " 4006381333931\r\n",
    ];
    let upc: &[&str] = &[
        "042100005264",
        "]E00042100005264",
        "]E0042100005264",
        "]E304210000526412",
        "04252614",
        "]E004252614",
        "00042100005264",
        "]I100042100005264",
        "]C10100042100005264",
        "]e00100042100005264",
        "https://id.gs1.org/01/042100005264",
    ];
    let eight: &[&str] = &["96385074", "]E496385074", "00000096385074", "(01)00000096385074", "]C10100000096385074"];
    for (gtin, texts) in [("04006381333931", ean), ("00042100005264", upc), ("00000096385074", eight)] {
        for text in texts {
            assert_eq!(scan(text).gtin().map(|gtin| gtin.to_string()).as_deref(), Some(gtin), "{text:?}");
        }
    }
}

#[test]
fn a_text_says_how_it_is_written() {
    let forms = [
        ("96385074", Form::Ean8),
        ("04252614", Form::UpcE),
        ("042100005264", Form::UpcA),
        ("4006381333931", Form::Ean13),
        ("14006381333938", Form::Gtin14),
        ("(01)04006381333931", Form::ElementString),
        ("https://id.gs1.org/01/04006381333931", Form::DigitalLink),
        ("LAMP-7", Form::Plain),
    ];
    for (text, form) in forms {
        assert_eq!(scan(text).form, form, "{text}");
    }
}

#[test]
fn eight_digits_may_be_two_numbers() {
    let codes = (1..).map(|body| checked(&format!("0{body:06}")));
    let twice = codes.take(1_000).find(|code| Gtin::from_upc_e(code).is_ok()).expect("one of ten is both");
    let (ean, upc) = (twice.parse::<Gtin>().expect("EAN-8"), Gtin::from_upc_e(&twice).expect("UPC-E"));
    assert_eq!(scan(&twice).says, Says::Item { gtin: ean, or: Some(upc) });
    assert_eq!(scan(&format!("]E4{twice}")).says, Says::Item { gtin: ean, or: None }, "the scanner knows");
    assert_eq!(scan(&format!("]E0{twice}")).says, Says::Item { gtin: upc, or: None }, "the scanner knows");
}

#[test]
fn what_is_no_number_and_no_label_stays_as_it_is() {
    let codes = [
        "LAMP-7",
        "10ABC",
        "2012",
        "123456",
        "21-4711",
        "9780306406157123",
        "340123456789012345",
        "https://example.com/blog/2024/01/15/news",
        "https://example.com/01",
        "https:///01/04006381333931",
        "ftp://example.com/01/04006381333931",
        "(x) lamp",
        "é",
        "]",
        "]1",
        "<b>alert(1)</b>",
    ];
    for code in codes {
        assert_eq!(scan(code), Scan { form: Form::Plain, says: Says::Code(code.into()) }, "{code}");
    }
    assert_eq!(scan("]C0LAMP-7\n").says, Says::Code("LAMP-7".into()));
}

#[test]
fn a_catalogue_s_code_has_one_key() {
    for code in ["04252614", "042100005264", "0042100005264", "00042100005264"] {
        assert!(twins(code).iter().any(|twin| twin == "00042100005264"), "{code}");
    }
    assert_eq!(twins("042100005265"), ["042100005265"], "a wrong check digit makes it a code of somebody's own");
}

#[test]
fn a_label_tells_all_that_it_says() {
    let told = label(
        "]C1010950600013435211260101132601021526010316260104172602003103001250\
         10LOT-1\u{1d}21S/1\u{1d}3012\u{1d}3932978001299\u{1d}4149506000134352240REF\u{1d}",
    );
    let expected = Label {
        gtin: "09506000134352".parse().ok(),
        lot: Some("LOT-1".into()),
        serial: Some("S/1".into()),
        produced: date("2026-01-01"),
        packed: date("2026-01-02"),
        best_before: date("2026-01-03"),
        sell_by: date("2026-01-04"),
        expiry: date("2026-02-28"),
        count: Some(12),
        weight: "1.25".parse().ok(),
        amount: Some(Payable { amount: "12.99".parse().expect("money"), currency: Some(978) }),
        places: vec![Place { role: 414, gln: "9506000134352".into() }],
        other: vec![Element { ai: "240".into(), data: "REF".into() }],
        ..Label::default()
    };
    assert_eq!(told, expected);
    let load = label("(00)106141412345678908(02)09506000134352(37)24(3922)1299");
    assert_eq!(load.sscc.as_deref(), Some("106141412345678908"));
    assert_eq!((load.contained, load.contained_count), ("09506000134352".parse().ok(), Some(24)));
    assert_eq!(load.amount, Some(Payable { amount: "12.99".parse().expect("money"), currency: None }));
}

#[test]
fn decimals_are_counted_by_the_identifier() {
    for (ai, weight) in [("3100", "123456"), ("3102", "1234.56"), ("3105", "1.23456")] {
        assert_eq!(label(&format!("({ai})123456")).weight, weight.parse::<Quantity>().ok(), "{ai}");
    }
    for (text, amount) in [("(3920)5", "5"), ("(3922)5", "0.05"), ("(3926)1", "0.000001"), ("(3929)1000", "0.000001")] {
        assert_eq!(label(text).amount.map(|due| due.amount), amount.parse::<Money>().ok(), "{text}");
    }
}

#[test]
fn brackets_and_links_keep_signs_of_a_lot() {
    assert_eq!(label("(10)A(B)/1 (21)7").lot.as_deref(), Some("A(B)/1"));
    let link = label("https://example.com/01/04006381333931/10/A%2FB+%281%29?21=x%26y&lang=en&8008=26010112#21=other");
    assert_eq!((link.lot.as_deref(), link.serial.as_deref()), (Some("A/B+(1)"), Some("x&y")));
    assert_eq!(link.other, [Element { ai: "8008".into(), data: "26010112".into() }]);
    assert_eq!(label("https://example.com/00/106141412345678908/").sscc.as_deref(), Some("106141412345678908"));
    assert_eq!(label("https://example.com/414/9506000134352").places.len(), 1);
}

#[test]
fn a_wrong_text_says_what_and_where() {
    let length = |least, most, found| Wrong::Length { least, most, found };
    let cases = [
        ("", Wrong::Empty, "", 0),
        ("]C1", Wrong::Empty, "", 0),
        ("]C1\u{1d}", Wrong::Empty, "", 0),
        ("4006381333932", Wrong::CheckDigit('1'), "", 0),
        ("]E4963850741", length(8, 14, 9), "", 0),
        ("]E440063813X", Wrong::Character('X'), "", 0),
        ("]E004252615", Wrong::CheckDigit('4'), "", 0),
        ("0104006381333932", Wrong::CheckDigit('1'), "01", 0),
        (" ]C10104006381333932", Wrong::CheckDigit('1'), "01", 4),
        ("00106141412345678909", Wrong::CheckDigit('8'), "00", 0),
        ("(01)04006381333931 (414)9506000134353", Wrong::CheckDigit('2'), "414", 19),
        ("(01)04006381333931(17)261301", Wrong::Date, "17", 18),
        ("(17)260229", Wrong::Date, "17", 0),
        ("]C1010400638133393117261", length(6, 6, 3), "17", 19),
        ("]C10104006381333931X9", Wrong::Unknown, "X9", 19),
        ("(01)04006381333931(04)1", Wrong::Unknown, "04", 18),
        ("]C199", length(1, 90, 0), "99", 3),
        ("]C1010400638133393110ABCDEFGHIJKLMNOPQRST17261231", length(1, 20, 28), "10", 19),
        ("(10)AB#1", Wrong::Character('#'), "10", 0),
        ("(10)Ä", Wrong::Character('Ä'), "10", 0),
        ("]d2\u{1d}é", Wrong::Unknown, "é", 4),
        ("(30)1x", Wrong::Character('x'), "30", 0),
        ("(10)A(10)B", Wrong::Repeated, "10", 5),
        ("(3102)000001(3103)000001", Wrong::Repeated, "3103", 12),
        ("(410)9506000134352(410)4006381333931", Wrong::Repeated, "410", 18),
        ("(3920)999999999999999", Wrong::Amount, "3920", 0),
        ("(3929)1", Wrong::Amount, "3929", 0),
        ("(3932)978", length(4, 18, 3), "3932", 0),
        ("https://e.com/01/4006381333932", Wrong::CheckDigit('1'), "01", 14),
        ("https://e.com/01/4006381333931/10", length(1, 20, 0), "10", 31),
        ("https://e.com/01/4006381333931/10/%4", Wrong::Escape, "10", 31),
        ("https://e.com/01/4006381333931?17=26", length(6, 6, 2), "17", 31),
        ("https://e.com/01/4006381333931/lot/1", Wrong::Unknown, "lot", 31),
    ];
    for (text, wrong, ai, at) in cases {
        assert_eq!(fault(text), (wrong, ai.to_owned(), at), "{text:?}");
    }
    assert_eq!(fault(&"7".repeat(TEXT_MAX + 1)).0, Wrong::TooLong);
    let twice = label("(10)A(10)A(410)9506000134352(410)9506000134352(90)x(90)x");
    assert_eq!((twice.places.len(), twice.other.len()), (1, 1), "the same twice is no fault");
}

#[test]
fn a_fault_is_told_in_plain_words() {
    let told = |text: &str| read(text, YEAR, &[]).expect_err(text).flaw("code");
    let flaw = told("(01)04006381333931(17)261301");
    assert_eq!((flaw.field.as_str(), flaw.code.as_str()), ("code", "date"));
    assert_eq!(flaw.message, "(17) at position 19: not a day, written YYMMDD");
    assert_eq!(told("4006381333932").message, "the last digit should be 1; look at the code again");
    assert_eq!(told("]C110").message, "(10) at position 4: 0 characters instead of 1 to 20");
}

fn rule(prefix: u8, item: u8, value: u8, decimals: u8, measure: Measure, check: bool) -> Rule {
    Rule::new(prefix, item, value, decimals, measure, check).expect("a rule")
}

#[test]
fn a_store_s_own_label_carries_its_weight_or_price() {
    let rules = [
        rule(20, 5, 4, 2, Measure::Price, true),
        rule(22, 4, 5, 2, Measure::Price, true),
        rule(23, 6, 4, 3, Measure::Weight, false),
        rule(2, 5, 4, 2, Measure::Price, true),
    ];
    let price = |text: &str| Value::Price(text.parse().expect("a price"));
    let weight = |text: &str| Value::Weight(text.parse().expect("a weight"));
    let labels = [
        // The standard's own examples: 9 is the check digit of 2875, 6 that of 14685.
        ("201234592875", "12345", "201234500000", price("28.75")),
        ("221234614685", "1234", "221234000000", price("146.85")),
        ("231234561234", "123456", "231234560000", weight("1.234")),
        ("021234592875", "12345", "021234500000", price("28.75")),
    ];
    for (text, item, base, value) in labels {
        let text = checked(text);
        let measured = Measured { item: item.into(), base: checked(base).parse().expect("a number"), value };
        let found = read(&text, YEAR, &rules).expect(&text);
        assert_eq!((found.gtin(), found.says), (Some(measured.base), Says::Measured(measured)), "{text}");
        assert!(matches!(scan(&text).says, Says::Item { .. }), "without a rule it is a number like others");
    }
    let upc = checked("021234592875")[1..].to_owned();
    assert!(matches!(read(&upc, YEAR, &rules).expect("a UPC-A").says, Says::Measured(_)));
    let wrong = read(&checked("201234582875"), YEAR, &rules).map_err(|fault| fault.wrong);
    assert_eq!(wrong, Err(Wrong::PriceCheckDigit('9')));
    assert!(matches!(read("4006381333931", YEAR, &rules).expect("an item").says, Says::Item { .. }));
}

#[test]
fn a_rule_that_cannot_be_is_refused() {
    let refused = |prefix, item, value, decimals, measure, check| {
        Rule::new(prefix, item, value, decimals, measure, check).expect_err("no rule").field
    };
    assert_eq!(refused(30, 5, 5, 2, Measure::Price, false), "prefix");
    assert_eq!(refused(20, 5, 4, 2, Measure::Price, false), "value_digits");
    assert_eq!(refused(20, 255, 255, 2, Measure::Price, false), "value_digits");
    assert_eq!(refused(20, 5, 5, 6, Measure::Price, false), "decimals");
    assert_eq!(refused(20, 4, 6, 6, Measure::Weight, false), "decimals");
    assert_eq!(refused(20, 3, 6, 2, Measure::Price, true), "value_check");
    let good = rule(20, 5, 4, 2, Measure::Price, true);
    let json = serde_json::to_string(&good).expect("json");
    assert_eq!(serde_json::from_str::<Rule>(&json).ok(), Some(good));
    assert!(serde_json::from_str::<Rule>(&json.replace("20", "31")).is_err());
}

#[test]
fn all_that_may_mean_the_same_are_twins() {
    assert_eq!(twins("4711"), ["4711"]);
    assert_eq!(twins("9506000134353"), ["9506000134353"], "a wrong check digit is a number of somebody's own");
    assert_eq!(twins("0036000291452"), ["00036000291452", "0036000291452", "036000291452"]);
    let both = twins("01234565");
    for code in ["00000001234565", "012345000065"] {
        assert!(both.contains(&code.to_owned()) && twins(code).contains(&"01234565".to_owned()), "{code}");
    }
    assert!(!twins("012345000065").contains(&"00000001234565".to_owned()), "an EAN-8 and a UPC-E, each written out");
}
