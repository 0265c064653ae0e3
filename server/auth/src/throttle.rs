//! The throttle of signing in: attempts are counted before anything is checked, whether the name exists or not.

use crate::{Auth, secret};
use db::Tx;
use model::{Error, Result, Time};
use std::net::{IpAddr, Ipv6Addr};

/// Attempts on one name before waiting begins.
const NAME_FREE: i64 = 5;
/// Attempts from one address before waiting begins: a shop's tablets share one. What succeeds does not count.
const ADDRESS_FREE: i64 = 30;
/// The longest wait, in seconds.
const WAIT_MAX: i64 = 900;
/// After so many quiet seconds the count starts again.
const FORGET_SECONDS: i64 = 86_400;

/// Whom and whence an attempt concerns; the name is kept as a hash only.
pub(crate) struct Attempt {
    name: String,
    address: String,
}

impl Attempt {
    pub(crate) fn new(name: &str, address: IpAddr) -> Self {
        let hash = secret::base64(&secret::hash(name));
        Self { name: format!("name:{hash}"), address: format!("address:{}", neighbourhood(address)) }
    }
}

/// One household has one IPv4 address, or 2^64 of IPv6.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

impl Auth {
    /// Counts an attempt. Errors: [`Error::TooMany`] with the seconds to wait; nothing may be checked then.
    pub(crate) async fn count(&self, attempt: &Attempt) -> Result<()> {
        let mut tx = self.db.begin().await?;
        // Always the name first, then the address: two transactions never wait for each other in a circle.
        count_one(&mut tx, &attempt.name, NAME_FREE).await?;
        count_one(&mut tx, &attempt.address, ADDRESS_FREE).await?;
        Ok(tx.commit().await?)
    }

    /// Takes an attempt back that was never checked, because the server was too busy.
    pub(crate) async fn uncount(&self, attempt: &Attempt) -> Result<()> {
        let mut tx = self.db.begin().await?;
        take_back(&mut tx, &attempt.name).await?;
        take_back(&mut tx, &attempt.address).await?;
        Ok(tx.commit().await?)
    }
}

/// After a success: the name starts anew, and the address has one attempt less. A wait that its failures earned
/// stays, so that an own account is no way to reset it.
pub(crate) async fn forgive(tx: &mut Tx, attempt: &Attempt) -> Result<()> {
    db::execute!(tx, "delete from auth_attempt where subject = $1", &attempt.name)?;
    take_back(tx, &attempt.address).await
}

async fn take_back(tx: &mut Tx, subject: &str) -> Result<()> {
    db::execute!(tx, "update auth_attempt set fails = fails - 1 where subject = $1 and fails > 0", subject)?;
    Ok(())
}

async fn count_one(tx: &mut Tx, subject: &str, free: i64) -> Result<()> {
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
    let Some((fails,)) = counted else { return Err(still_locked(tx, subject, now).await?) };
    let wait = wait_seconds(fails, free);
    if wait > 0 {
        let unlock_at = now.plus_seconds(wait);
        db::execute!(tx, "update auth_attempt set unlock_at = $1 where subject = $2", unlock_at, subject)?;
    }
    Ok(())
}

async fn still_locked(tx: &mut Tx, subject: &str, now: Time) -> Result<Error> {
    let (unlock_at,): (Time,) = db::fetch_one!(tx, "select unlock_at from auth_attempt where subject = $1", subject)?;
    let seconds = (unlock_at.micros() - now.micros() + 999_999) / 1_000_000;
    Ok(Error::TooMany(u32::try_from(seconds.clamp(1, WAIT_MAX)).unwrap_or(1)))
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
        let waits: Vec<i64> = (1..=17).map(|fails| wait_seconds(fails, NAME_FREE)).collect();
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
}
