//! What is written is read again, and what means something else is not.

use super::{read, tree::Misread};
use crate::failure::Failure;
use model::{Error, Flaw, Frame, Refusal};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt::Debug};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Plain,
    Sized(u8),
    Told { by: String, twice: bool },
    Pair(i64, Option<bool>),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    #[serde(rename = "called")]
    name: String,
    #[serde(default)]
    more: Vec<Kind>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Outer {
    unit: (),
    share: f64,
    below: i64,
    above: u64,
    maybe: Option<Inner>,
    named: BTreeMap<String, Inner>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    absent: Option<char>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    id: u32,
    #[serde(flatten)]
    inner: Inner,
}

fn inner() -> Inner {
    let told = Kind::Told { by: "Mei \"M\" Sø".into(), twice: true };
    Inner { name: "a".into(), more: vec![Kind::Plain, Kind::Sized(255), told, Kind::Pair(-1, None)] }
}

fn outer() -> Outer {
    let named = BTreeMap::from([("x".to_owned(), inner())]);
    let (below, above, maybe) = (i64::MIN, u64::MAX, Some(inner()));
    Outer { unit: (), share: 0.25, below, above, maybe, named, absent: None }
}

fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("json");
    assert_eq!(&read::<T>(&text).expect("what was written"), value, "{text}");
    assert_eq!(&serde_json::from_str::<T>(&text).expect("what was written"), value, "{text}");
}

#[test]
fn what_serde_json_writes_is_read_as_it_reads_it() {
    same(&outer());
    same(&Flat { id: 7, inner: inner() });
    same(&Failure::Said(Error::Refused(Refusal::SkuTaken { sku: "LAMP".into() })));
    same(&Failure::Said(Error::from(Flaw::new("name", "missing", "a name is needed"))));
    same(&Failure::Said(Error::SignedOut));
    same(&Failure::Unreachable);
    same(&Frame::Beat { seq: 4, prev: 3 });
    same(&Frame::Present { topic: "at:LON".into(), names: vec!["Mei".into()] });
}

#[test]
fn fields_come_in_any_order_beside_others_and_may_be_missing_where_they_say_so() {
    let read = |text| read::<Inner>(text).ok();
    assert_eq!(
        read(r#"{"new": {"a": [1]}, "more": ["plain"], "called": "b"}"#),
        Some(Inner { name: "b".into(), more: vec![Kind::Plain] })
    );
    assert_eq!(read(r#"{"called": "b"}"#), Some(Inner { name: "b".into(), more: Vec::new() }));
    assert_eq!(read(r#"{"more": []}"#), None, "a name is needed");
    assert_eq!(read(r#"{"called": null}"#), None);
    assert_eq!(read(r#"["b", []]"#), None, "a list is no struct");
}

#[test]
fn what_means_something_else_is_refused() {
    let odd = |text| read::<Kind>(text).is_err();
    for text in [
        r#""sized""#,
        r#"{"sized": 256}"#,
        r#"{"sized": -1}"#,
        r#"{"sized": "1"}"#,
        r#"{"sized": 1, "plain": null}"#,
        r#"{"plain": 1}"#,
        r#"{"told": {"by": "a"}}"#,
        r#"{"pair": [1]}"#,
        r#""other""#,
        "7",
        "{",
    ] {
        assert!(odd(text), "{text}");
    }
    let why: Misread = read::<Outer>("[]").expect_err("no struct");
    assert_eq!(why.to_string(), "this is not struct Outer");
}
