//! What the grid shows, read from the URL and written back into it: each filter is a link that can be shared.

use leptos_router::params::ParamsMap;
use model::{GridQuery, GridSort};

/// The longest search that is passed on.
const SEARCH_MAX: usize = 100;

/// The filters in the URL, for the store looked at.
#[must_use]
pub fn read(params: &ParamsMap, store: &str) -> GridQuery {
    let search = params.get_str("q").unwrap_or_default().trim();
    GridQuery {
        store: store.to_owned(),
        search: search.chars().take(SEARCH_MAX).collect(),
        short: params.get_str("short") == Some("1"),
        category: params.get_str("category").unwrap_or_default().trim().chars().take(SEARCH_MAX).collect(),
        sort: sort(params.get_str("sort").unwrap_or_default()),
        descending: params.get_str("desc") == Some("1"),
    }
}

/// Where a page without scripts starts, in rows.
#[must_use]
pub fn read_from(params: &ParamsMap) -> usize {
    params.get_str("from").and_then(|from| from.parse().ok()).filter(|from| *from <= 10_000_000).unwrap_or_default()
}

fn sort(name: &str) -> GridSort {
    match name {
        "name" => GridSort::Name,
        "on_hand" => GridSort::OnHand,
        _ => GridSort::Sku,
    }
}

/// The word of an order in the URL.
#[must_use]
pub const fn name(sort: GridSort) -> &'static str {
    match sort {
        GridSort::Sku => "sku",
        GridSort::Name => "name",
        GridSort::OnHand => "on_hand",
    }
}

/// The page that shows that.
#[must_use]
pub fn link(query: &GridQuery) -> String {
    let mut link = format!("/stock?store={}", escape(&query.store));
    if !query.search.is_empty() {
        link.push_str(&format!("&q={}", escape(&query.search)));
    }
    if query.short {
        link.push_str("&short=1");
    }
    if !query.category.is_empty() {
        link.push_str(&format!("&category={}", escape(&query.category)));
    }
    if query.sort != GridSort::default() {
        link.push_str(&format!("&sort={}", name(query.sort)));
    }
    if query.descending {
        link.push_str("&desc=1");
    }
    link
}

/// The file that holds what the grid shows.
#[must_use]
pub fn export_link(query: &GridQuery, format: &str, language: &str) -> String {
    let filters = link(query);
    let filters = filters.split_once('?').map_or("", |(_, filters)| filters);
    format!("/files/export?list=stock&{filters}&format={format}&lang={language}")
}

/// The sheet of an item, seen from a store.
#[must_use]
pub fn item_link(sku: &str, store: &str) -> String {
    format!("/items/{}?store={}", escape(sku), escape(store))
}

/// Text as one part of a URL: everything but unreserved characters as `%XX`.
#[must_use]
pub fn escape(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

/// The same list, sorted by that; a second click turns it round.
#[must_use]
pub fn sorted(query: &GridQuery, sort: GridSort) -> GridQuery {
    GridQuery { sort, descending: query.sort == sort && !query.descending, ..query.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs.iter().map(|(key, value)| (*key, (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_written_into_the_url_reads_back() {
        let query = GridQuery {
            store: "LON".into(),
            search: "té & 50".into(),
            short: true,
            category: "Té".into(),
            sort: GridSort::OnHand,
            descending: true,
        };
        assert_eq!(link(&query), "/stock?store=LON&q=t%C3%A9%20%26%2050&short=1&category=T%C3%A9&sort=on_hand&desc=1");
        let params =
            params(&[("q", "té & 50"), ("short", "1"), ("category", "Té"), ("sort", "on_hand"), ("desc", "1")]);
        let read_back = read(&params, "LON");
        assert_eq!(read_back, query);
    }

    #[test]
    fn nonsense_in_the_url_is_as_if_it_were_not_there() {
        let params = params(&[("short", "maybe"), ("sort", "colour"), ("desc", ""), ("from", "-3")]);
        assert_eq!(read(&params, "LON"), GridQuery { store: "LON".into(), ..GridQuery::default() });
        assert_eq!(read_from(&params), 0);
    }

    #[test]
    fn a_second_click_on_a_column_turns_the_order_round() {
        let once = sorted(&GridQuery::default(), GridSort::Name);
        assert!(!once.descending && sorted(&once, GridSort::Name).descending);
        assert!(!sorted(&sorted(&once, GridSort::Name), GridSort::Sku).descending);
    }

    #[test]
    fn an_odd_sku_stays_one_part_of_the_path() {
        assert_eq!(item_link("A/B?#%", "LON"), "/items/A%2FB%3F%23%25?store=LON");
    }
}
