//! Pace: how many requests one caller may make in a second, so that nobody takes the server from the others.

use super::Front;
use auth::{Buckets, Rate};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use integration::http::Problem;
use model::{Principal, Result};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// So many times what comes in a second may come at once.
const BURST: u32 = 4;
/// An address from which nobody is signed in gets one part of so many.
const STRANGER: u32 = 5;

/// The pace of every caller of this process.
#[derive(Clone, Debug)]
pub struct Pace {
    callers: Arc<Buckets<Principal>>,
    strangers: Arc<Buckets<IpAddr>>,
}

impl Pace {
    /// So many requests in a second for each person and each key, four times as many at once; a fifth of that for an
    /// address from which nobody is signed in.
    #[must_use]
    pub fn new(per_second: NonZeroU32) -> Self {
        let rate = |per_second: u32| Rate {
            burst: per_second.saturating_mul(BURST),
            pause: Duration::from_secs(1) / per_second,
        };
        let stranger = (per_second.get() / STRANGER).max(1);
        Self {
            callers: Arc::new(Buckets::new(rate(per_second.get()))),
            strangers: Arc::new(Buckets::new(rate(stranger))),
        }
    }

    /// One more request of somebody.
    ///
    /// # Errors
    /// `TooMany`, with the seconds to wait.
    pub fn caller(&self, principal: Principal) -> Result<()> {
        self.callers.take(principal)
    }

    /// One more request of nobody that we know, from that address; its household has one pace.
    ///
    /// # Errors
    /// As [`Self::caller`].
    pub fn stranger(&self, address: Option<&IpAddr>) -> Result<()> {
        address.map_or(Ok(()), |address| self.strangers.take(auth::neighbourhood(*address)))
    }

    /// Whether that address may show what it would take a look into the database to recognise.
    ///
    /// # Errors
    /// As [`Self::caller`].
    pub fn may_try(&self, address: Option<&IpAddr>) -> Result<()> {
        address.map_or(Ok(()), |address| self.strangers.look(&auth::neighbourhood(*address)))
    }
}

/// For what answers everybody and asks nobody who they are: all are strangers there.
pub async fn of_strangers(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    match front.pace.stranger(request.extensions().get::<IpAddr>()) {
        Ok(()) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_household_have_one_pace_and_another_has_its_own() {
        let pace = Pace::new(NonZeroU32::MIN);
        let ask = |text: &str| pace.stranger(Some(&text.parse().expect("an address")));
        let most = (1..=BURST).filter(|host| ask(&format!("2001:db8::{host}")).is_ok()).count();
        assert_eq!(most, BURST as usize);
        assert!(ask("2001:db8::ffff").is_err());
        assert!(ask("2001:db8:0:1::1").is_ok());
    }
}
