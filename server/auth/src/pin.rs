//! PINs: six digits with which somebody takes their place at a shared tablet, and which mean nothing anywhere else.

use crate::password::Verified;
use crate::session::end_pin_sessions;
use crate::throttle::{self, Attempt};
use crate::{Auth, Buckets, Event, Rate, Secret, keyfile, password, secret};
use aws_lc_rs::hmac;
use db::Tx;
use model::{Action, Actor, DeviceId, Error, Flaw, PersonId, Principal, Result, Time};
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

/// So many wrong ones in a row, and the person needs their password.
pub(crate) const TRIES: i64 = 5;
/// How fast PINs are taken at one tablet, whosever they are.
const PACE: Rate = Rate { burst: 20, pause: Duration::from_secs(3) };

/// What PINs are hashed with, and how fast they are taken.
pub(crate) struct Pins {
    pepper: hmac::Key,
    /// Tells this process's pepper from another one's, and nothing else about it.
    pub(crate) mark: String,
    pub(crate) pace: Buckets<DeviceId>,
}

impl Pins {
    /// Loads or makes `pin.key` in that folder. A million PINs are tried in a day, so their hashes alone must be worth
    /// nothing: whoever has only the database, or a backup of it, cannot try even one.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let root = hmac::Key::new(hmac::HMAC_SHA256, &keyfile::load(folder, "pin.key")?);
        let pepper = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, b"storeroom pin 1").as_ref());
        let mut mark = secret::base64(hmac::sign(&root, b"storeroom pin mark").as_ref());
        mark.truncate(16);
        Ok(Self { pepper, mark, pace: Buckets::new(PACE) })
    }

    /// What is hashed instead of the PIN: the same PIN of two people has nothing in common.
    pub(crate) fn peppered(&self, person: PersonId, pin: &Secret) -> Secret {
        let text = format!("{person} {}", pin.expose());
        Secret::from(secret::base64(hmac::sign(&self.pepper, text.as_bytes()).as_ref()))
    }
}

impl Auth {
    /// Sets one's own PIN, for who knows their password; that is counted like an attempt to sign in. Whatever the PIN
    /// before has opened ends.
    ///
    /// Errors: [`Error::Invalid`] for a PIN that is none or too easy and for a wrong password; [`Error::TooMany`];
    /// [`Error::Forbidden`] for who is no person.
    pub async fn set_pin(&self, actor: &Actor, password: &Secret, pin: &Secret, address: IpAddr) -> Result<()> {
        let Principal::Person(person) = actor.principal else {
            return Err(self.refuse(actor, Action::ManagePeople.anywhere()).await?);
        };
        check(pin)?;
        let (name, stored) = self.find_password(person).await?;
        let attempt = Attempt::new(&name, address);
        self.count(&attempt).await?;
        if self.passwords.verify(Some(stored.clone()), password).await? == Verified::Wrong {
            return Err(password::wrong("password").into());
        }
        let hash = self.passwords.hash(&self.pins.peppered(person, pin)).await?;
        let mut act = self.open_act(actor).await?;
        // Writing the row, even unchanged, makes a change of password and this wait for each other.
        let same = db::execute!(
            act,
            "update auth_person set version = version where id = $1 and password_hash = $2 and disabled = false",
            person,
            stored
        )?;
        if same == 0 {
            return Err(Error::Conflict(model::Reused::Version));
        }
        db::execute!(
            act,
            "insert into auth_pin (person, hash, pepper, fails, set_at) values ($1, $2, $3, 0, $4)
             on conflict (person) do update set
                 hash = excluded.hash, pepper = excluded.pepper, fails = 0, set_at = excluded.set_at",
            person,
            hash,
            &self.pins.mark,
            Time::now()
        )?;
        throttle::forgive(&mut act, &attempt).await?;
        end_pin_sessions(&mut act, person).await?;
        act.commit(Event::PinSet(person)).await?;
        self.standings.forget();
        Ok(())
    }

    /// Takes a PIN away, one's own or that of someone whom the actor manages, and ends what it has opened. Without a
    /// PIN nothing happens. Errors: [`Error::Forbidden`].
    pub async fn take_pin(&self, actor: &Actor, person: PersonId) -> Result<()> {
        self.permit_own(actor, person).await?;
        let mut act = self.open_people_act(actor).await?;
        if !forget(&mut act, person).await? {
            return act.withdraw().await;
        }
        end_pin_sessions(&mut act, person).await?;
        act.commit(Event::PinTaken(person)).await?;
        self.standings.forget();
        Ok(())
    }

    /// Has the actor a PIN?
    pub async fn has_pin(&self, actor: &Actor) -> Result<bool> {
        let Principal::Person(person) = actor.principal else { return Ok(false) };
        let mut tx = self.db.read().await?;
        let row: Option<(i64,)> = db::fetch_optional!(&mut tx, "select fails from auth_pin where person = $1", person)?;
        Ok(row.is_some())
    }

    /// Says so when PINs were set with another key than this process has: they open nothing here.
    pub(crate) async fn check_pepper(&self) -> Result<()> {
        let mut tx = self.db.read().await?;
        let (strange,): (i64,) =
            db::fetch_one!(&mut tx, "select count(*) from auth_pin where pepper <> $1", &self.pins.mark)?;
        if strange > 0 {
            tracing::warn!(
                strange,
                "PINs were set with another keys/pin.key than this one; copy that file, or have them set anew"
            );
        }
        Ok(())
    }
}

/// Strikes a person's PIN out; `false` when there was none. A new password does that too: whoever knew the old one may
/// have set the PIN.
pub(crate) async fn forget(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(db::execute!(tx, "delete from auth_pin where person = $1", person)? == 1)
}

/// After a sign-in with the password the PIN may be tried again.
pub(crate) async fn forgive(tx: &mut Tx, person: PersonId) -> Result<()> {
    db::execute!(tx, "update auth_pin set fails = 0 where person = $1 and fails > 0", person)?;
    Ok(())
}

/// Is this a PIN, and none of the first that anyone would try: one or two digits over and over, a row, a date?
fn check(pin: &Secret) -> Result<()> {
    let digits: Vec<u8> = pin.expose().bytes().collect();
    if digits.len() != 6 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Flaw::new("pin", "not_six_digits", "use six digits").into());
    }
    let digits: [u8; 6] = std::array::from_fn(|at| digits[at] - b'0');
    if is_repetition(&digits) || is_row(&digits) || is_date(&digits) {
        let message = "this is among the first that anyone would try; no rows, repetitions or dates";
        return Err(Flaw::new("pin", "easy_pin", message).into());
    }
    Ok(())
}

/// `111111`, `121212`, `123123`, `112233`, `123321`.
fn is_repetition(digits: &[u8; 6]) -> bool {
    let [a, b, c, d, e, f] = *digits;
    let over = (1..=3).any(|size| (size..6).all(|at| digits[at] == digits[at - size]));
    over || (a == b && c == d && e == f) || (a, b, c) == (f, e, d)
}

/// Each digit the same step from the one before, such as `123456`, `654321`, `890123`, `135791`.
fn is_row(digits: &[u8; 6]) -> bool {
    let step = |at: usize| (10 + digits[at] - digits[at - 1]) % 10;
    (2..6).all(|at| step(at) == step(1))
}

/// A day with its month and year, in any of the orders in which people write them.
fn is_date(digits: &[u8; 6]) -> bool {
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    let day = |at: usize| (1..=31).contains(&two(at));
    let month = |at: usize| (1..=12).contains(&two(at));
    (day(0) && month(2)) || (month(0) && day(2)) || (month(2) && day(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(pin: &str) -> Option<String> {
        match check(&pin.into()) {
            Err(Error::Invalid(flaws)) => Some(flaws[0].code.clone()),
            _ => None,
        }
    }

    #[test]
    fn six_digits_of_ones_own_are_taken() {
        for good in ["739158", "904736", "508264", "460952", "000791"] {
            assert_eq!(code(good), None, "{good}");
        }
    }

    #[test]
    fn what_anyone_would_try_and_what_is_no_pin_is_not() {
        for easy in [
            "000000", "111111", "121212", "123123", "112233", "123321", "123456", "654321", "012345", "890123",
            "135791", "311299", "123199", "990228", "240585",
        ] {
            assert_eq!(code(easy).as_deref(), Some("easy_pin"), "{easy}");
        }
        for none in ["", "12345", "1234567", "12345a", " 39158", "７３９１５８", "739158\n"] {
            assert_eq!(code(none).as_deref(), Some("not_six_digits"), "{none:?}");
        }
        let taken = (0..1_000_000).filter(|pin| code(&format!("{pin:06}")).is_none()).count();
        assert!(taken > 850_000, "{taken} are left to choose from");
    }

    #[test]
    fn another_key_or_another_person_makes_another_secret_of_a_pin() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (here, there) = (Pins::open(one.path()).unwrap(), Pins::open(two.path()).unwrap());
        let (ann, pin) = (PersonId::new(), Secret::from("739158"));
        assert_eq!(here.peppered(ann, &pin), Pins::open(one.path()).unwrap().peppered(ann, &pin));
        assert_ne!(here.peppered(ann, &pin), there.peppered(ann, &pin));
        assert_ne!(here.peppered(ann, &pin), here.peppered(PersonId::new(), &pin));
        assert!(here.mark != there.mark && here.mark.len() == 16);
    }
}
