//! Trusted proxies: from whom we believe where a request came from.

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

/// A range of addresses, such as `10.0.0.0/8` or `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    first: IpAddr,
    bits: u32,
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("{text:?} is no range of addresses such as 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let first: IpAddr = address.parse().map_err(|_| fault())?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| fault())?;
        if bits > most { Err(fault()) } else { Ok(Self { first, bits }) }
    }
}

impl Range {
    fn holds(self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(asked)) => {
                same(first.to_bits().into(), asked.to_bits().into(), 32 - self.bits)
            }
            (IpAddr::V6(first), IpAddr::V6(asked)) => same(first.to_bits(), asked.to_bits(), 128 - self.bits),
            _ => false,
        }
    }
}

/// Are they equal, but for so many of their last bits?
fn same(one: u128, other: u128, ignored: u32) -> bool {
    (one ^ other).checked_shr(ignored).unwrap_or(0) == 0
}

/// The proxies in front of us.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Arc<[Range]>);

impl Proxies {
    /// Those, and nobody else.
    #[must_use]
    pub fn new(ranges: &[Range]) -> Self {
        Self(ranges.into())
    }

    /// Is that one of them?
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.holds(address))
    }

    /// Where a request came from: the peer; or, when that is a trusted proxy, whom it names, from the nearest on until
    /// one that we do not trust.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let named = headers.get_all("x-forwarded-for").iter().rev().filter_map(|value| value.to_str().ok());
        let mut from = peer;
        for text in named.flat_map(|line| line.rsplit(',')) {
            if !self.trusts(from) {
                break;
            }
            match text.trim().parse() {
                Ok(address) => from = address,
                Err(_) => break,
            }
        }
        from
    }
}

/// Leaves the client's address in the request, for the throttle, the limits and the log.
pub async fn seen_through(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let client = proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert::<IpAddr>(client);
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn client(proxies: &[&str], peer: &str, forwarded: &str) -> IpAddr {
        let ranges: Vec<Range> = proxies.iter().map(|text| text.parse().expect("a range")).collect();
        let value = forwarded.parse().expect("ascii");
        let headers = HeaderMap::from_iter([("x-forwarded-for".parse().expect("a name"), value)]);
        Proxies::new(&ranges).client(address(peer), &headers)
    }

    #[test]
    fn a_trusted_proxy_is_believed() {
        assert_eq!(client(&["127.0.0.1"], "127.0.0.1", "203.0.113.7"), address("203.0.113.7"));
        let two = client(&["127.0.0.1", "10.0.0.0/8"], "127.0.0.1", "203.0.113.7, 10.1.2.3");
        assert_eq!(two, address("203.0.113.7"), "two proxies in a row");
        assert_eq!(client(&["::1/128"], "::1", "2001:db8::7"), address("2001:db8::7"));
    }

    #[test]
    fn nobody_else_is_and_what_a_client_made_up_is_not_passed_on() {
        assert_eq!(client(&[], "198.51.100.9", "203.0.113.7"), address("198.51.100.9"));
        assert_eq!(client(&["10.0.0.0/8"], "198.51.100.9", "10.0.0.1"), address("198.51.100.9"));
        let made_up = client(&["127.0.0.1"], "127.0.0.1", "10.0.0.1, 198.51.100.9");
        assert_eq!(made_up, address("198.51.100.9"), "the nearest that is not ours");
        assert_eq!(client(&["127.0.0.1"], "127.0.0.1", "nonsense"), address("127.0.0.1"));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["10.0.0.0/33", "ten", "10.0.0.0/x", "", "::1/129"] {
            assert!(text.parse::<Range>().is_err(), "{text}");
        }
        assert!("0.0.0.0/0".parse::<Range>().expect("all").holds(address("203.0.113.7")));
    }
}
