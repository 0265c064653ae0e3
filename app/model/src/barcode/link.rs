//! GS1 Digital Link: a web address that names an item, a load or a place.

use super::{Fault, Label, Wrong, offset};
use crate::gtin::is_digits;
use std::borrow::Cow;

/// Reads the address of any host (GS1 Digital Link, URI syntax): somewhere in its path stands a key's identifier with
/// its number, then pairs of identifier and data; more of them are in the query. `None` when it is another address.
///
/// Data is percent-encoded; a `+` is a plus. Names in the query that are no identifier belong to the web site.
pub(super) fn read(whole: &str, text: &str, this_year: u16) -> Option<Result<Label, Fault>> {
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let rest = rest.split('#').next()?;
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = address.split_once('/')?;
    let segments: Vec<&str> = path.split('/').collect();
    let start = segments.windows(2).position(|pair| is_key(pair[0], pair[1]))?;
    (!host.is_empty()).then(|| elements(whole, &segments[start..], query, this_year))
}

fn elements(whole: &str, path: &[&str], query: &str, this_year: u16) -> Result<Label, Fault> {
    let mut label = Label::default();
    for (at, pair) in path.chunks(2).enumerate() {
        match pair {
            // A GTIN may be written with 8, 12 or 13 digits.
            [ai, data] if at == 0 && *ai == "01" => {
                label.add(ai, &format!("{data:0>14}"), offset(whole, ai), this_year)?
            }
            [ai, data] => add(&mut label, whole, ai, data, this_year)?,
            [""] => {}
            [ai, ..] => add(&mut label, whole, ai, "", this_year)?,
            [] => {}
        }
    }
    for pair in query.split('&') {
        let (name, data) = pair.split_once('=').unwrap_or((pair, ""));
        if super::table::find(name).is_some_and(|(ai, _)| ai == name) {
            add(&mut label, whole, name, data, this_year)?;
        }
    }
    Ok(label)
}

fn add(label: &mut Label, whole: &str, ai: &str, data: &str, this_year: u16) -> Result<(), Fault> {
    let at = offset(whole, ai);
    let data = decoded(data).ok_or_else(|| Fault::new(Wrong::Escape, ai, at))?;
    label.add(ai, &data, at, this_year)
}

/// Whether these are the identifier of a key and a number of its length: item, load, place. Other addresses have
/// `/01/` in their path too, for January.
fn is_key(ai: &str, number: &str) -> bool {
    let lengths: &[usize] = match ai {
        "01" => &[8, 12, 13, 14],
        "00" => &[18],
        "414" | "415" | "417" => &[13],
        _ => return false,
    };
    lengths.contains(&number.len()) && is_digits(number)
}

/// The data without percent-encoding. Bytes that are no text become U+FFFD, which no element may have.
fn decoded(data: &str) -> Option<Cow<'_, str>> {
    if !data.contains('%') {
        return Some(data.into());
    }
    let mut parts = data.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2).filter(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned().into())
}
