//! What the product list shows, read from the URL and written back into it.

use crate::inventory::escape;
use leptos_router::params::ParamsMap;
use model::ProductQuery;

/// The longest search that is passed on.
const SEARCH_MAX: usize = 100;

/// The filters in the URL, for the store looked at.
#[must_use]
pub fn read(params: &ParamsMap, store: &str) -> ProductQuery {
    let on = |name: &str| params.get_str(name) == Some("1");
    let search = params.get_str("q").unwrap_or_default().trim();
    ProductQuery {
        store: store.to_owned(),
        search: search.chars().take(SEARCH_MAX).collect(),
        archived: on("archived"),
        low: on("low"),
        bare: on("bare"),
        category: params.get_str("category").unwrap_or_default().trim().chars().take(SEARCH_MAX).collect(),
        by_name: params.get_str("sort") == Some("name"),
        descending: on("desc"),
    }
}

/// The filters as a URL's query, without its `?`.
#[must_use]
pub fn written(query: &ProductQuery) -> String {
    let mut text = format!("store={}", escape(&query.store));
    if !query.search.is_empty() {
        text.push_str(&format!("&q={}", escape(&query.search)));
    }
    let flags = [("archived", query.archived), ("low", query.low), ("bare", query.bare)];
    for (name, _) in flags.into_iter().filter(|(_, on)| *on) {
        text.push_str(&format!("&{name}=1"));
    }
    if !query.category.is_empty() {
        text.push_str(&format!("&category={}", escape(&query.category)));
    }
    if query.by_name {
        text.push_str("&sort=name");
    }
    if query.descending {
        text.push_str("&desc=1");
    }
    text
}

/// The page that shows that.
#[must_use]
pub fn link(query: &ProductQuery) -> String {
    format!("/products?{}", written(query))
}

/// The editor of a product.
#[must_use]
pub fn product_link(sku: &str, store: &str) -> String {
    format!("/products/{}?store={}", escape(sku), escape(store))
}

/// A new product with a code that was scanned.
#[must_use]
pub fn new_link(code: &str, store: &str) -> String {
    format!("/products/new?code={}&store={}", escape(code), escape(store))
}

/// The file that holds what the list shows.
#[must_use]
pub fn export_link(query: &ProductQuery, format: &str, language: &str) -> String {
    format!("/files/export?list=products&{}&format={format}&lang={language}", written(query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_into_the_url_reads_back() {
        let query = ProductQuery {
            store: "LON".into(),
            search: "té 50".into(),
            archived: true,
            low: true,
            bare: true,
            category: "Té".into(),
            by_name: true,
            descending: true,
        };
        assert_eq!(
            link(&query),
            "/products?store=LON&q=t%C3%A9%2050&archived=1&low=1&bare=1&category=T%C3%A9&sort=name&desc=1"
        );
        let pairs = [
            ("q", "té 50"),
            ("archived", "1"),
            ("low", "1"),
            ("bare", "1"),
            ("category", "Té"),
            ("sort", "name"),
            ("desc", "1"),
        ];
        let params: ParamsMap = pairs.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        assert_eq!(read(&params, "LON"), query);
    }
}
