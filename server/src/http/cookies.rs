//! Reading cookies.

use axum::http::{HeaderMap, header};

/// The value of the cookie of that name. A name that comes twice is no answer: somebody planted the second one.
#[must_use]
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut values = lines.flat_map(|line| line.split(';')).filter_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    });
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn a_cookie_is_found_by_its_name() {
        assert_eq!(find(&headers("theme=dark; __Host-at=abc.def; x=1"), "__Host-at"), Some("abc.def"));
    }

    #[test]
    fn a_planted_twin_or_another_name_is_not() {
        assert_eq!(find(&headers("at=good; at=planted"), "at"), None);
        assert_eq!(find(&headers("chat=1"), "at"), None);
    }
}
