//! The throttle of signing in: attempts are counted before anything is checked, whether the name exists or not.

use crate::{Auth, secret};
use db::Tx;
use model::{Error, Result, Time};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Attempts on one name from one district before waiting begins.
const DISTRICT_FREE: i64 = 5;
/// Attempts on one name from everywhere before waiting begins: more than one district has in a day, so that no stranger
/// alone keeps somebody out who signs in every day.
const NAME_FREE: i64 = 200;
/// Attempts from one address before waiting begins: a shop's tablets share one. What succeeds does not count.
const ADDRESS_FREE: i64 = 30;
/// The longest wait, in seconds.
const WAIT_MAX: i64 = 900;
/// After so many quiet seconds the count starts again.
const FORGET_SECONDS: i64 = 86_400;

/// Whom and whence an attempt concerns; the name is kept as a hash only.
pub(crate) struct Attempt {
    district: String,
    name: String,
    address: String,
}

impl Attempt {
    pub(crate) fn new(name: &str, address: IpAddr) -> Self {
        let hash = secret::base64(&secret::hash(name));
        let (district, address) = (district(address), neighbourhood(address));
        Self {
            district: format!("name:{hash} {district}"),
            name: format!("name:{hash}"),
            address: format!("address:{address}"),
        }
    }
}

/// One household has one IPv4 address, or 2^64 of IPv6.
#[must_use]
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    first_of(address, 32, 64)
}

/// Whoever has several addresses has them close together.
fn district(address: IpAddr) -> IpAddr {
    first_of(address, 24, 48)
}

/// The first of the addresses that have so many bits in common with this one.
fn first_of(address: IpAddr, v4_bits: u32, v6_bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & u32::MAX << (32 - v4_bits))),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & u128::MAX << (128 - v6_bits))),
    }
}

impl Auth {
    /// Counts an attempt. Errors: [`Error::TooMany`] with the seconds to wait; nothing may be checked then.
    pub(crate) async fn count(&self, attempt: &Attempt) -> Result<()> {
        let mut tx = self.db.begin().await?;
        // Always in this order: two transactions never wait for each other in a circle.
        let mut held = count_one(&mut tx, &attempt.district, DISTRICT_FREE).await?;
        if held.is_none() {
            held = count_one(&mut tx, &attempt.name, NAME_FREE).await?;
        }
        let kept_away = count_one(&mut tx, &attempt.address, ADDRESS_FREE).await?;
        // Whoever goes on at a name that waits uses up the attempts of their address; an address that waits does not use
        // up those of a name.
        if held.is_some() || kept_away.is_none() {
            tx.commit().await?;
        }
        held.or(kept_away).map_or(Ok(()), |seconds| Err(Error::TooMany(seconds)))
    }

    /// Takes an attempt back that was never checked, because the server was too busy.
    pub(crate) async fn uncount(&self, attempt: &Attempt) -> Result<()> {
        let mut tx = self.db.begin().await?;
        for subject in [&attempt.district, &attempt.name, &attempt.address] {
            take_back(&mut tx, subject).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// After a success: the name starts anew here, and the address has one attempt less. A wait that its failures earned
/// stays, so that an own account is no way to reset it.
pub(crate) async fn forgive(tx: &mut Tx, attempt: &Attempt) -> Result<()> {
    for subject in [&attempt.district, &attempt.name] {
        db::execute!(tx, "delete from auth_attempt where subject = $1", subject)?;
    }
    take_back(tx, &attempt.address).await
}

async fn take_back(tx: &mut Tx, subject: &str) -> Result<()> {
    db::execute!(tx, "update auth_attempt set fails = fails - 1 where subject = $1 and fails > 0", subject)?;
    Ok(())
}

/// One more for that subject; the seconds to wait when it is not counted, because it has to wait.
async fn count_one(tx: &mut Tx, subject: &str, free: i64) -> Result<Option<u32>> {
    let now = Time::now();
    // The row stays locked until the end, so of many at once each sees the count of the one before.
    let counted: Option<(i64,)> = db::fetch_optional!(
        tx,
        "insert into auth_attempt (subject, fails, unlock_at, last_at) values ($1, 1, 0, $2)
         on conflict (subject) do update set
             fails = case when auth_attempt.last_at < $3 then 1 else auth_attempt.fails + 1 end,
             last_at = excluded.last_at
         where auth_attempt.unlock_at <= excluded.last_at
         returning fails",
        subject,
        now,
        now.plus_seconds(-FORGET_SECONDS)
    )?;
    let Some((fails,)) = counted else { return Ok(Some(still_locked(tx, subject, now).await?)) };
    let wait = wait_seconds(fails, free);
    if wait > 0 {
        let unlock_at = now.plus_seconds(wait);
        db::execute!(tx, "update auth_attempt set unlock_at = $1 where subject = $2", unlock_at, subject)?;
    }
    Ok(None)
}

async fn still_locked(tx: &mut Tx, subject: &str, now: Time) -> Result<u32> {
    let (unlock_at,): (Time,) = db::fetch_one!(tx, "select unlock_at from auth_attempt where subject = $1", subject)?;
    let seconds = (unlock_at.micros() - now.micros() + 999_999) / 1_000_000;
    Ok(u32::try_from(seconds.clamp(1, WAIT_MAX)).unwrap_or(1))
}

/// How long after that many attempts the next one has to wait.
fn wait_seconds(fails: i64, free: i64) -> i64 {
    match fails - free {
        ..0 => 0,
        over @ 0..10 => (1 << over).min(WAIT_MAX),
        _ => WAIT_MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_are_free_then_the_wait_doubles_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (1..=17).map(|fails| wait_seconds(fails, DISTRICT_FREE)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    }

    #[test]
    fn an_address_is_its_household_and_no_other() {
        let of = |text: &str| Attempt::new("ann", text.parse().unwrap()).address;
        assert_eq!(of("2001:db8::1"), of("2001:db8::2:3"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
    }

    #[test]
    fn a_name_is_counted_by_district_and_as_a_whole() {
        let of = |text: &str| Attempt::new("ann", text.parse().unwrap());
        assert_eq!(of("192.0.2.1").district, of("192.0.2.254").district);
        assert_eq!(of("2001:db8:0:1::1").district, of("2001:db8:0:2::1").district);
        assert_ne!(of("192.0.2.1").district, of("192.0.3.1").district);
        assert_eq!(of("192.0.2.1").name, of("198.51.100.7").name);
        // Five at once, ten while the wait grows, then one each quarter of an hour.
        const { assert!(DISTRICT_FREE + 10 + FORGET_SECONDS / WAIT_MAX < NAME_FREE) };
    }
}
