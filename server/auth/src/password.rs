//! Passwords: which are taken, how they are hashed, and how they are checked without telling or stalling anything.

use crate::{Secret, unexpected};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Argon2, Params};
use model::{Error, Flaw, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Fewest characters of a password.
const CHARS_MIN: usize = 10;
/// Most characters of a password.
const CHARS_MAX: usize = 128;
/// How long one waits for a core before being told to come again.
const WAIT: Duration = Duration::from_secs(2);
/// No stored hash may cost more than 256 MiB, 10 passes or 4 lanes: one that does was planted to stall us.
const COST_MAX: (u32, u32, u32) = (256 * 1024, 10, 4);

/// The hashing of passwords: as many at a time as there are cores.
#[derive(Clone)]
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    dummy: Arc<str>,
}

/// What a check told.
#[derive(PartialEq, Eq)]
pub(crate) enum Verified {
    /// The password is right; a new hash is given when the stored one was weaker than today's.
    Right(Option<String>),
    /// It is not, or there is no such person.
    Wrong,
}

impl Passwords {
    /// Makes the hash against which unknown names are checked, so that they take as long as known ones.
    pub(crate) fn new() -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let dummy = make_hash(crate::secret::random_text()?.expose())?;
        Ok(Self { permits: Arc::new(Semaphore::new(cores)), dummy: dummy.into() })
    }

    /// Hashes a password. Errors: [`Error::Busy`] when no core was free within 2 s.
    pub(crate) async fn hash(&self, password: &Secret) -> Result<String> {
        let password = password.clone();
        self.on_a_core(move || make_hash(password.expose())).await
    }

    /// Checks a password against the stored hash; without one, against a dummy, which takes as long.
    pub(crate) async fn verify(&self, stored: Option<String>, password: &Secret) -> Result<Verified> {
        let known = stored.as_deref().is_some_and(is_reasonable);
        let hash = if known { stored.unwrap_or_default() } else { self.dummy.to_string() };
        let password = password.clone();
        self.on_a_core(move || {
            if !is_right(&hash, password.expose()) || !known {
                return Ok(Verified::Wrong);
            }
            let renewed = if is_weak(&hash) { Some(make_hash(password.expose())?) } else { None };
            Ok(Verified::Right(renewed))
        })
        .await
    }

    /// The permit moves into the work: a caller that hangs up must not free a core that is still at work.
    async fn on_a_core<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let waiting = self.permits.clone().acquire_owned();
        let permit: OwnedSemaphorePermit = match tokio::time::timeout(WAIT, waiting).await {
            Ok(Ok(permit)) => permit,
            _ => return Err(Error::Busy),
        };
        let working = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        working.await.unwrap_or_else(|cause| Err(unexpected("hashing a password failed", cause)))
    }
}

fn make_hash(password: &str) -> Result<String> {
    // The crate's default is the floor: argon2id, 19 456 KiB, 2 passes, 1 lane, 16 random bytes of salt.
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|cause| unexpected("a password cannot be hashed", cause))?;
    Ok(hash.to_string())
}

fn is_right(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

fn costs(hash: &str) -> Option<(u32, u32, u32)> {
    let parsed = PasswordHash::new(hash).ok()?;
    let params = Params::try_from(&parsed).ok()?;
    (parsed.algorithm.as_str() == "argon2id").then(|| (params.m_cost(), params.t_cost(), params.p_cost()))
}

fn is_reasonable(hash: &str) -> bool {
    let reasonable = costs(hash).is_some_and(|(m, t, p)| m <= COST_MAX.0 && t <= COST_MAX.1 && p <= COST_MAX.2);
    if !reasonable {
        tracing::error!("a stored password hash is not argon2id or costs too much; its owner needs a new password");
    }
    reasonable
}

fn is_weak(hash: &str) -> bool {
    costs(hash).is_none_or(|(m, t, _)| m < Params::DEFAULT_M_COST || t < Params::DEFAULT_T_COST)
}

/// The old password was asked for, in that field, and another one came.
pub(crate) fn wrong(field: &str) -> Flaw {
    Flaw::new(field, "wrong_password", "this is not your password; type the one that you sign in with")
}

/// Is this password good enough? Any characters, 10 to 128 of them, byte for byte; not one of the commonest, not a
/// simple row or repetition, and not made of the names given.
pub(crate) fn check(password: &Secret, names: &[&str]) -> Result<()> {
    let text = password.expose();
    let flaw = |code: &str, message: &str| Err(Flaw::new("password", code, message).into());
    match text.chars().count() {
        ..CHARS_MIN => return flaw("too_short", "use at least 10 characters; a few words are easy to remember"),
        CHARS_MIN..=CHARS_MAX => {}
        _ => return flaw("too_long", "use at most 128 characters"),
    }
    let plain = text.to_lowercase();
    if names.iter().any(|name| is_mostly(&plain, &name.to_lowercase())) {
        return flaw("is_name", "do not make it of a name that others know; add words of your own");
    }
    if is_common(&plain) {
        return flaw("too_common", "this is among the first that anyone would try; use a few words of your own");
    }
    Ok(())
}

/// The name, and at most five more characters.
fn is_mostly(plain: &str, name: &str) -> bool {
    name.chars().count() >= 4 && plain.contains(name) && plain.chars().count() < name.chars().count() + 6
}

fn is_common(plain: &str) -> bool {
    let letters: String = plain.chars().filter(|c| c.is_alphabetic()).collect();
    let unmasked: String =
        plain.trim_matches(|c: char| !c.is_alphabetic()).chars().map(unmask).filter(|c| c.is_alphabetic()).collect();
    // A common word among eight or more other characters is no longer a common password.
    let common = |text: &str| {
        plain.chars().count() < text.chars().count() + 8
            && COMMON.split_ascii_whitespace().any(|word| is_repeated(text, word))
    };
    common(plain) || common(&letters) || common(&unmasked) || is_row(plain) || is_repetition(plain)
}

/// `pa55w0rd` is `password`.
fn unmask(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        _ => c,
    }
}

fn is_repeated(text: &str, word: &str) -> bool {
    !text.is_empty() && text.replace(word, "").is_empty()
}

/// Neighbours on the keyboard, in the alphabet or among the digits, in either direction, without a break.
fn is_row(plain: &str) -> bool {
    const ROWS: [&str; 5] = [
        "01234567890123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
    ];
    let back: String = plain.chars().rev().collect();
    ROWS.iter().any(|row| row.contains(plain) || row.contains(&back))
}

/// One to four characters over and over: `aaaaaaaaaa`, `abcabcabcabc`, `1212121212`.
fn is_repetition(plain: &str) -> bool {
    let chars: Vec<char> = plain.chars().collect();
    (1..=4).any(|size| chars.iter().zip(chars.iter().skip(size)).all(|(a, b)| a == b))
}

/// Words of which, alone or repeated or with digits and signs around them, the commonest passwords are made.
const COMMON: &str = "password passwort contrasena contraseña motdepasse senha parola wachtwoord passw passwordpassword
    welcome willkommen bienvenido bienvenue benvenuto letmein iloveyou ihateyou loveyou teamo teamomucho jetaime
    qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm qazwsx qazwsxedc zaqwsx xswqaz asdfasdf
    qwerasdf asdf zxcv qwer asdfgh zxcvb admin administrator administrador root superuser sysadmin user username
    guest test testing tester demo default changeme change secret secreto topsecret private master access login
    signin trustno trustnoone nopassword mypassword yourpassword thepassword newpassword oldpassword abc abcd
    abcdef abcdefg abcdefgh abcabc football baseball basketball soccer futbol hockey liverpool chelsea arsenal
    barcelona realmadrid juventus manchester superman batman spiderman ironman starwars pokemon naruto minecraft
    fortnite monkey dragon tigger tiger eagle falcon shadow sunshine princess princesa prinzessin angel cheese
    chocolate cookie cookies banana orange butterfly flower summer sommer verano winter invierno spring autumn
    january february march april june july august september october november december monday friday sunday
    michael jennifer jessica ashley daniel andrew joshua jordan thomas robert charlie christopher alexander
    alejandro michelle nicole anthony matthew samantha elizabeth william george hunter killer ninja samurai
    computer internet google facebook instagram whatsapp youtube microsoft windows samsung iphone apple android
    linkedin amazon paypal storeroom store store's inventory inventario warehouse almacen tienda shop till stock
    company business office manager employee cashier merchant sales server system database correct
    correcthorsebatterystaple mustang ferrari porsche mercedes harley corvette jesus jesuschrist blessed heaven
    freedom forever foreverlove mylove myloveyou babygirl lovely beautiful family friends whatever fuckyou asshole
    london paris madrid berlin newyork california america england mexico";

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<String> {
        match check(&password.into(), &["ann.smith", "Storeroom"]) {
            Err(Error::Invalid(flaws)) => Some(flaws[0].code.clone()),
            _ => None,
        }
    }

    #[test]
    fn a_few_words_of_ones_own_are_taken_in_any_script() {
        for good in
            ["blue kettle 42 rain", "ваза на окне", "  two spaces  ", "🦆🦆🪑🪑🧦🧦🛶🛶🌵🌵x", "orange 83736 28371"]
        {
            assert_eq!(code(good), None, "{good}");
        }
        assert_eq!(code(&"0123456789abcdeX".repeat(8)), None, "128 characters");
    }

    #[test]
    fn what_anyone_would_try_is_not() {
        for bad in [
            "1234567890",
            "password123",
            "Passw0rd2026!",
            "p@ssw0rd1234",
            "qwertyuiop",
            "0987654321",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "Welcome2026!!",
            "letmein12345",
            "iloveyou!!!!",
            "passwordpassword",
            "Summer2026!!",
            "admin12345",
        ] {
            assert_eq!(code(bad).as_deref(), Some("too_common"), "{bad}");
        }
        assert_eq!(code("ann.smith2026").as_deref(), Some("is_name"));
        assert_eq!(code("short one").as_deref(), Some("too_short"));
        assert_eq!(code(&"xy9?".repeat(33)).as_deref(), Some("too_long"));
    }

    #[tokio::test]
    async fn a_password_counts_byte_for_byte() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash(&"blue kettle 42".into()).await.unwrap();
        assert!(passwords.verify(Some(hash.clone()), &"blue kettle 42".into()).await.unwrap() == Verified::Right(None));
        for near in ["blue kettle 42 ", "Blue kettle 42", "blue kettle 4", ""] {
            assert!(passwords.verify(Some(hash.clone()), &near.into()).await.unwrap() == Verified::Wrong, "{near:?}");
        }
        assert!(passwords.verify(None, &"blue kettle 42".into()).await.unwrap() == Verified::Wrong);
    }

    #[tokio::test]
    async fn a_weak_hash_is_renewed_and_an_absurd_one_refused() {
        let passwords = Passwords::new().unwrap();
        let weak = Argon2::from(Params::new(8_192, 1, 1, None).unwrap());
        let weak = weak.hash_password(b"blue kettle 42").unwrap().to_string();
        let Verified::Right(Some(renewed)) = passwords.verify(Some(weak), &"blue kettle 42".into()).await.unwrap()
        else {
            panic!("a weak hash is renewed")
        };
        assert!(renewed.contains("m=19456,t=2,p=1"), "{renewed}");
        for absurd in [
            renewed.replace("m=19456", "m=4194304"),
            renewed.replace("t=2", "t=4000000000"),
            renewed.replace("argon2id", "argon2d"),
            "plain".to_owned(),
            String::new(),
        ] {
            let begun = std::time::Instant::now();
            assert!(passwords.verify(Some(absurd.clone()), &"blue kettle 42".into()).await.unwrap() == Verified::Wrong);
            assert!(begun.elapsed() < Duration::from_secs(5), "{absurd}");
        }
    }

    #[tokio::test]
    async fn a_caller_that_hangs_up_does_not_free_the_core() {
        let passwords = Passwords { permits: Arc::new(Semaphore::new(1)), dummy: "".into() };
        let slow = passwords.on_a_core(|| {
            std::thread::sleep(Duration::from_millis(300));
            Ok(())
        });
        assert!(tokio::time::timeout(Duration::from_millis(50), slow).await.is_err(), "the caller hung up");
        assert_eq!(passwords.permits.available_permits(), 0);
    }

    #[tokio::test]
    async fn who_waits_too_long_for_a_core_is_told_to_come_again() {
        let passwords = Passwords { permits: Arc::new(Semaphore::new(0)), dummy: "".into() };
        assert_eq!(passwords.hash(&"blue kettle 42".into()).await, Err(Error::Busy));
    }
}
