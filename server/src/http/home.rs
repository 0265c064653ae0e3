//! Where this server is at home: which pages may talk to it, and which cookies it may set.

use axum::http::{HeaderMap, Uri, header};

/// The origin that browsers see, when it was configured; else the `Host` that they ask for.
#[derive(Clone, Debug, Default)]
pub struct Home {
    origin: Option<String>,
}

impl Home {
    /// From `--public-url`, such as `https://stock.example.org`.
    ///
    /// # Errors
    /// Says what is wrong when it is not an `http` or `https` origin.
    pub fn new(public_url: Option<&str>) -> Result<Self, String> {
        let Some(text) = public_url else { return Ok(Self::default()) };
        let fault = || format!("the public URL {text:?} is not of the form https://stock.example.org");
        let url: Uri = text.parse().map_err(|_| fault())?;
        let scheme = url.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or_else(fault)?;
        let authority = url.authority().filter(|_| matches!(url.path(), "" | "/")).ok_or_else(fault)?;
        Ok(Self { origin: Some(format!("{scheme}://{authority}").to_ascii_lowercase()) })
    }

    /// Does the request come from one of our own pages? Exact: scheme, host and port.
    #[must_use]
    pub fn sent(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = text(headers, header::ORIGIN) else { return false };
        match &self.origin {
            Some(ours) => origin == ours,
            None => host(headers).is_some_and(|host| origin.strip_prefix("http://") == Some(host)),
        }
    }

    /// Do browsers reach us over TLS?
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.as_deref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// May cookies wear the `__Host-` prefix? Browsers grant it to TLS and to the machine itself.
    #[must_use]
    pub fn is_trustworthy(&self, headers: &HeaderMap) -> bool {
        self.is_https() || host(headers).is_some_and(is_loopback)
    }

    /// The origin of the live socket, for the content security policy.
    #[must_use]
    pub fn socket(&self, headers: &HeaderMap) -> Option<String> {
        match &self.origin {
            Some(origin) => Some(origin.replacen("http", "ws", 1)),
            None => host(headers).map(|host| format!("ws://{host}")),
        }
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The `Host` header, when it is nothing but a host and a port: it goes into the policy's text.
fn host(headers: &HeaderMap) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-' | b'[' | b']');
    text(headers, header::HOST).filter(|host| !host.is_empty() && host.bytes().all(plain))
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: &'static str, origin: &'static str) -> HeaderMap {
        HeaderMap::from_iter([
            (header::HOST, host.parse().expect("ascii")),
            (header::ORIGIN, origin.parse().expect("ascii")),
        ])
    }

    #[test]
    fn our_own_page_is_at_home() {
        let home = Home::new(Some("https://Stock.example.org/")).expect("an origin");
        assert!(home.sent(&asked("10.0.0.7:3000", "https://stock.example.org")));
        assert!(Home::default().sent(&asked("localhost:3000", "http://localhost:3000")));
    }

    #[test]
    fn a_foreign_page_is_not() {
        let home = Home::new(Some("https://stock.example.org")).expect("an origin");
        for origin in ["http://stock.example.org", "https://stock.example.org:444", "https://evil.example", "null", ""]
        {
            assert!(!home.sent(&asked("stock.example.org", origin)), "{origin}");
        }
        assert!(!Home::default().sent(&asked("localhost:3000", "http://localhost:3001")));
        assert!(!Home::default().sent(&HeaderMap::new()));
    }

    #[test]
    fn a_public_url_with_a_path_is_refused() {
        for text in ["https://a.example/stock", "ftp://a.example", "stock", ""] {
            assert!(Home::new(Some(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn cookies_are_strict_on_the_machine_itself_and_not_on_a_plain_network() {
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000"] {
            assert!(Home::default().is_trustworthy(&asked(host, "")), "{host}");
        }
        assert!(!Home::default().is_trustworthy(&asked("192.168.1.5:3000", "")));
        assert!(!Home::default().is_trustworthy(&asked("localhost.evil.example", "")));
    }
}
