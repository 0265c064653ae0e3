//! What holds for every scanned text: it is read in the same way in each form, or refused, and nothing ever stops.

use super::{YEAR, checked};
use crate::barcode::*;
use proptest::prelude::*;

/// Characters of set 82, those with a meaning in brackets, queries and paths among them.
const SET_82: &str = "[!\"%&'()*+,./0-9:;<=>?A-Z_a-z-]{1,20}";

/// One element of each kind that fits on one label, in any order, the item first.
fn elements() -> impl Strategy<Value = Vec<(String, String)>> {
    let digits = |pattern: &'static str| pattern.prop_map(|body: String| checked(&body));
    let element = |ai: &'static str, data: BoxedStrategy<String>| data.prop_map(move |data| (ai.to_owned(), data));
    let day = || "[0-9]{2}(0[1-9]|1[0-2])(0[0-9]|1[0-9]|2[0-8])".boxed();
    let rest = prop_oneof![
        element("00", digits("[0-9]{17}").boxed()),
        element("02", digits("[0-9]{13}").boxed()),
        element("10", SET_82.boxed()),
        element("11", day()),
        element("13", day()),
        element("15", day()),
        element("16", day()),
        element("17", day()),
        element("21", SET_82.boxed()),
        element("30", "[0-9]{1,8}".boxed()),
        element("37", "[0-9]{1,8}".boxed()),
        ("310[0-5]", "[0-9]{6}"),
        ("392[0-6]", "[0-9]{1,12}"),
        ("41[0-7]", digits("[0-9]{12}")),
        element("240", SET_82.boxed()),
        element("8008", "26010112(30)?".boxed()),
    ];
    let item = digits("[0-9]{13}").prop_map(|gtin| ("01".to_owned(), gtin));
    (item, proptest::collection::vec(rest, 0..8)).prop_map(|(item, mut rest)| {
        rest.sort();
        rest.dedup_by(|one, other| one.0[..2] == other.0[..2]);
        let middle = rest.len() / 2;
        rest.rotate_left(middle);
        rest.insert(0, item);
        rest
    })
}

fn label(text: &str) -> Result<Label, Fault> {
    match read(text, YEAR, &[])?.says {
        Says::Label(label) => Ok(*label),
        other => panic!("{text:?} is {other:?}"),
    }
}

fn separated(elements: &[(String, String)]) -> String {
    elements.iter().map(|(ai, data)| format!("{ai}{data}\u{1d}")).collect()
}

fn encoded(data: &str) -> String {
    let sign = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
        _ => format!("%{byte:02x}"),
    };
    data.bytes().map(sign).collect()
}

/// Texts that nearly are codes.
fn nearly() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("01".to_owned()),
        Just("09506000134352".to_owned()),
        Just("(01)".to_owned()),
        Just("https://example.com/01/".to_owned()),
        Just("\u{1d}".to_owned()),
        Just("]C1".to_owned()),
        "[?&=/%()#]",
        "[0-9]{1,4}",
        "\\([0-9]{1,5}\\)",
        SET_82,
        "\\PC{0,3}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_label_says_the_same_in_each_form(elements in elements()) {
        let sent = label(&format!("]C1{}", separated(&elements)));
        prop_assert!(sent.is_ok(), "{:?}", sent);
        prop_assert_eq!(&sent, &label(&separated(&elements)), "without an identifier");
        let path = format!("https://example.com/shop/01/{}", elements[0].1);
        let query: Vec<_> = elements[1..].iter().map(|(ai, data)| format!("{ai}={}", encoded(data))).collect();
        prop_assert_eq!(&sent, &label(&format!("{path}?{}", query.join("&"))), "as a link");
        // An identifier in brackets inside a lot cannot be told from one outside.
        if elements.iter().all(|(_, data)| !data.contains('(')) {
            let bracketed: String = elements.iter().map(|(ai, data)| format!("({ai}){data}")).collect();
            prop_assert_eq!(&sent, &label(&bracketed), "in brackets");
        }
    }

    #[test]
    fn a_label_is_what_was_put_in(gtin in "[0-9]{13}", lot in SET_82, weight in 0_u32..1_000_000, decimals in 0_u32..=5) {
        let gtin = checked(&gtin);
        let read = label(&format!("]d201{gtin}310{decimals}{weight:06}10{lot}")).expect("a label");
        prop_assert_eq!(read.gtin.map(|gtin| gtin.to_string()), Some(gtin));
        prop_assert_eq!(read.lot, Some(lot));
        let parts = i64::from(weight) * 10_i64.pow(5 - decimals);
        prop_assert_eq!(read.weight.map(crate::Quantity::parts), Some(parts));
    }

    #[test]
    fn a_label_travels_as_json(elements in elements()) {
        let scan = read(&separated(&elements), YEAR, &[]).expect("a label");
        let json = serde_json::to_string(&scan).expect("json");
        prop_assert_eq!(serde_json::from_str::<Scan>(&json).ok(), Some(scan));
    }

    #[test]
    fn one_wrong_digit_of_an_item_is_refused(body in "[0-9]{12}", place in 0_usize..13, by in 1_u8..10) {
        let mut digits = checked(&body).into_bytes();
        digits[place] = b'0' + (digits[place] - b'0' + by) % 10;
        let text = String::from_utf8(digits).expect("digits");
        for text in [text.clone(), format!("]C1010{text}"), format!("(01)0{text}"), format!("https://e.com/01/{text}")] {
            let refused = read(&text, YEAR, &[]).map_err(|fault| fault.wrong);
            prop_assert!(matches!(refused, Err(Wrong::CheckDigit(_))), "{}: {:?}", text, refused);
        }
    }

    #[test]
    fn a_label_cut_short_never_names_another_item(elements in elements(), cut in 3_usize..200) {
        let whole = format!("]C1{}", separated(&elements));
        let part = whole.get(..cut).unwrap_or(&whole);
        if let Ok(label) = label(part) {
            prop_assert_eq!(label.gtin.map(|gtin| gtin.to_string()), Some(elements[0].1.clone()));
        }
    }

    #[test]
    fn a_price_is_read_back(item in 0_u32..1_000_000, cents in 0_i64..10_000) {
        let rule = Rule::new(21, 6, 4, 2, Measure::Price, false).expect("a rule");
        let text = checked(&format!("21{item:06}{cents:04}"));
        let read = read(&text, YEAR, &[rule]).expect("a label");
        let value = Value::Price(crate::Money::from_parts(cents * 10_000));
        let base = checked(&format!("21{item:06}0000")).parse().expect("a number");
        prop_assert_eq!(read.says, Says::Measured(Measured { item: format!("{item:06}"), base, value }));
    }

    #[test]
    fn no_text_makes_it_stop(text in prop_oneof![nearly(), "\\PC{0,60}", any::<String>()], year: u16) {
        let rules = [Rule::new(20, 5, 4, 2, Measure::Price, true).expect("a rule")];
        match read(&text, year, &rules) {
            Err(fault) => {
                prop_assert!(fault.at <= text.len());
                prop_assert!(text[fault.at..].starts_with(&fault.ai) || text[fault.at..].starts_with('('), "{:?}", fault);
            }
            Ok(Scan { says: Says::Code(code), .. }) => prop_assert!(text.contains(&code)),
            Ok(_) => {}
        }
        let _ = twins(&text);
    }
}
