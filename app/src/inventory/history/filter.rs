//! What the history shows, read from the URL and written back into it: each filter is a chip and a link to share.

use crate::inventory::stock::escape;
use leptos_router::params::ParamsMap;
use model::{DocumentKind, HistoryQuery};

/// The longest text that is passed on.
const TEXT_MAX: usize = 100;

/// The filters in the URL, for the store looked at.
#[must_use]
pub fn read(params: &ParamsMap, store: &str) -> HistoryQuery {
    let text = |name| params.get_str(name).unwrap_or_default().trim().chars().take(TEXT_MAX).collect::<String>();
    HistoryQuery {
        store: store.to_owned(),
        kind: DocumentKind::named(&text("kind")),
        person: text("person"),
        day: Some(text("day")).filter(|day| is_day(day)).unwrap_or_default(),
        sku: text("item"),
        text: text("q"),
    }
}

/// `2026-11-22`, as a date field writes it.
fn is_day(text: &str) -> bool {
    let digit = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(digit)
}

/// The page that shows that.
#[must_use]
pub fn link(query: &HistoryQuery) -> String {
    let parts = [
        ("kind", query.kind.map(DocumentKind::name).unwrap_or_default()),
        ("person", &query.person),
        ("day", &query.day),
        ("item", &query.sku),
        ("q", &query.text),
    ];
    let start = format!("/history?store={}", escape(&query.store));
    parts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .fold(start, |link, (name, value)| format!("{link}&{name}={}", escape(value)))
}

/// Whether anything is left out.
#[must_use]
pub fn is_filtered(query: &HistoryQuery) -> bool {
    *query != HistoryQuery { store: query.store.clone(), ..HistoryQuery::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_into_the_url_reads_back() {
        let query = HistoryQuery {
            store: "LON".into(),
            kind: Some(DocumentKind::Receipt),
            person: "Ann Reed".into(),
            day: "2026-11-22".into(),
            sku: "A/1".into(),
            text: "té".into(),
        };
        let written = "/history?store=LON&kind=receipt&person=Ann%20Reed&day=2026-11-22&item=A%2F1&q=t%C3%A9";
        assert_eq!(link(&query), written);
        let pairs = [("kind", "receipt"), ("person", "Ann Reed"), ("day", "2026-11-22"), ("item", "A/1"), ("q", "té")];
        let params: ParamsMap = pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        assert_eq!(read(&params, "LON"), query);
    }

    #[test]
    fn nonsense_in_the_url_is_as_if_it_were_not_there() {
        let params: ParamsMap =
            [("kind", "theft"), ("day", "soon")].map(|(k, v)| (k, v.to_owned())).into_iter().collect();
        assert!(!is_filtered(&read(&params, "LON")));
    }
}
