//! What the address asks of the journal.

use leptos_router::params::ParamsMap;
use model::{ActivityKind, ActivityQuery, Store};

/// The filters, as the address has them; empty texts filter nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The store looked at elsewhere, kept in the address.
    pub store: String,
    /// Which lines.
    pub kind: ActivityKind,
    /// Who.
    pub who: String,
    /// In which store, by its code.
    pub place: String,
    /// On which day.
    pub day: String,
    /// A text in the line.
    pub text: String,
    /// Only lines before this one.
    pub before: String,
}

impl Asked {
    /// From the address.
    #[must_use]
    pub fn read(params: &ParamsMap) -> Self {
        let text = |name| params.get(name).unwrap_or_default();
        Self {
            store: text("store"),
            kind: ActivityKind::named(&text("kind")).unwrap_or_default(),
            who: text("who"),
            place: text("in"),
            day: text("day"),
            text: text("q"),
            before: text("before"),
        }
    }

    /// What to ask the server for.
    #[must_use]
    pub fn query(&self, stores: &[Store], zone: &str) -> ActivityQuery {
        let place = stores.iter().find(|store| store.code == self.place);
        ActivityQuery {
            kind: self.kind,
            person: self.who.clone(),
            store: place.map(|store| store.id),
            day: self.day.clone(),
            zone: place.map_or(zone, |store| &store.time_zone).to_owned(),
            text: self.text.clone(),
            before: self.before.parse().ok(),
            after: None,
        }
    }

    /// Whether anything but the kind is filtered.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        [&self.who, &self.place, &self.day, &self.text].into_iter().any(|text| !text.is_empty())
    }

    /// The address after a change.
    #[must_use]
    pub fn link(mut self, change: impl FnOnce(&mut Self)) -> String {
        change(&mut self);
        let kind = if self.kind == ActivityKind::All { "" } else { self.kind.name() };
        let pairs = [
            ("store", self.store.as_str()),
            ("kind", kind),
            ("who", &self.who),
            ("in", &self.place),
            ("day", &self.day),
            ("q", &self.text),
            ("before", &self.before),
        ];
        let asked: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let asked: Vec<_> = asked.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        if asked.is_empty() { "/activity".to_owned() } else { format!("/activity?{}", asked.join("&")) }
    }
}

/// Percent-encodes everything that could end a query's value.
fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let asked = Asked {
            kind: ActivityKind::Security,
            who: "person:0198".into(),
            text: "a b&c=ñ".into(),
            before: "40".into(),
            ..Asked::default()
        };
        let link = asked.clone().link(|_| ());
        assert_eq!(link, "/activity?kind=security&who=person%3A0198&q=a%20b%26c%3D%C3%B1&before=40");
        assert!(asked.is_narrowed());
    }

    #[test]
    fn an_address_without_filters_is_short() {
        assert_eq!(Asked::default().link(|_| ()), "/activity");
        assert!(!Asked::default().is_narrowed());
    }
}
