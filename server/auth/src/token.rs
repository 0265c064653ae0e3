//! Access tokens: short JWTs signed by this process, and the chain of refresh tokens.
//!
//! A token names a session and a person's version, never a right: rights are looked up, so that a change acts at once.

use crate::secret::{base64, is_random_text};
use crate::{Auth, Secret, keyfile, unexpected};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use model::{PersonId, Result, SessionId, Time};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long an access token lives.
pub const ACCESS_SECONDS: i64 = 300;
/// How far the clocks of two processes may differ.
const LEEWAY_SECONDS: i64 = 5;
/// No honest token is longer, in bytes.
const LENGTH_MAX: usize = 4_096;
/// How often unknown key names may make us look for other processes' keys.
const RELOAD_EVERY: Duration = Duration::from_secs(1);
const ISSUER: &str = "storeroom";
const AUDIENCE: &str = "storeroom";
const TYPE: &str = "at+jwt";

/// What an access token says; nothing may be missing, nothing may be added.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    pub(crate) sub: PersonId,
    pub(crate) sid: SessionId,
    pub(crate) ver: i64,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: Uuid,
}

/// This process's signing key, and the public keys of all processes by their names.
pub(crate) struct Tokens {
    kid: String,
    public: Vec<u8>,
    signing: EncodingKey,
    chain: hmac::Key,
    validation: Validation,
    known: RwLock<Known>,
}

struct Known {
    keys: HashMap<String, DecodingKey>,
    loaded: Instant,
}

impl Tokens {
    /// Loads or makes `session.key` in that folder.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        // The provider is chosen here and once; a second call finds it chosen, which is as good.
        let _chosen = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let pkcs8 = keyfile::load(folder, "session.key")?;
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|e| unexpected("keys/session.key is not a key", e))?;
        let public = pair.public_key().as_ref().to_vec();
        let kid = kid_of(&public);
        let root = hmac::Key::new(hmac::HMAC_SHA256, &pkcs8);
        let chain = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, b"storeroom refresh chain 1").as_ref());
        let keys = HashMap::from([(kid.clone(), DecodingKey::from_ed_der(&public))]);
        let known = RwLock::new(Known { keys, loaded: Instant::now() });
        let tokens =
            Self { kid, public, signing: EncodingKey::from_ed_der(&pkcs8), chain, validation: validation(), known };
        tokens.try_out()?;
        Ok(tokens)
    }

    /// Signs and reads one token, so that a broken set-up shows at the start and not at the first sign-in.
    fn try_out(&self) -> Result<()> {
        let token = self.sign(PersonId::new(), SessionId::new(), 1)?;
        match self.read(token.expose()) {
            Read::Good(_) => Ok(()),
            _ => Err(unexpected("access tokens do not verify", "the self-test failed")),
        }
    }

    /// A new access token.
    pub(crate) fn sign(&self, person: PersonId, session: SessionId, version: i64) -> Result<Secret> {
        let now = Time::now().micros() / 1_000_000;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: person,
            sid: session,
            ver: version,
            exp: now + ACCESS_SECONDS,
            nbf: now,
            iat: now,
            jti: Uuid::now_v7(),
        };
        jsonwebtoken::encode(&header(&self.kid), &claims, &self.signing)
            .map(Secret::from)
            .map_err(|cause| unexpected("an access token cannot be signed", cause))
    }

    /// Reads an access token; whatever is wrong with it, it is only "not good".
    pub(crate) fn read(&self, token: &str) -> Read {
        if token.len() > LENGTH_MAX || Time::now() < crate::CLOCK_FLOOR {
            return Read::Bad;
        }
        let Ok(found) = jsonwebtoken::decode_header(token) else { return Read::Bad };
        let Some(kid) = found.kid.as_deref() else { return Read::Bad };
        // Exactly the header that we write: no jwk, jku, x5u, crit, other type or other algorithm.
        if found != header(kid) {
            return Read::Bad;
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let Some(key) = known.keys.get(kid) else {
            return if known.loaded.elapsed() >= RELOAD_EVERY { Read::UnknownKey } else { Read::Bad };
        };
        match jsonwebtoken::decode::<Claims>(token, key, &self.validation) {
            Ok(data) if data.claims.is_within_reason() => Read::Good(data.claims),
            _ => Read::Bad,
        }
    }

    /// The refresh token that follows this one: the same each time, and unknown to whoever lacks our key. So a
    /// repeat within the grace time gets the same successor, and nothing has to be stored in clear.
    pub(crate) fn successor(&self, refresh: &str) -> Secret {
        Secret::from(base64(hmac::sign(&self.chain, refresh.as_bytes()).as_ref()))
    }
}

/// What reading an access token told.
pub(crate) enum Read {
    /// Ours, whole, in time.
    Good(Claims),
    /// Not that.
    Bad,
    /// Perhaps from another process whose key we do not know yet.
    UnknownKey,
}

impl Claims {
    /// Signed by us and yet absurd: only a stolen key would make such.
    fn is_within_reason(&self) -> bool {
        let latest = Time::now().micros() / 1_000_000 + ACCESS_SECONDS + LEEWAY_SECONDS;
        self.exp <= latest && self.nbf <= self.exp && self.iat <= self.exp && self.nbf >= 0 && self.iat >= 0
    }
}

impl Auth {
    /// Tells the other processes this one's public key, and learns theirs.
    pub(crate) async fn publish_signer(&self) -> Result<()> {
        let mut tx = self.db.begin().await?;
        db::execute!(
            &mut tx,
            "insert into auth_signer (kid, public_key, created_at) values ($1, $2, $3) on conflict (kid) do nothing",
            &self.tokens.kid,
            &self.tokens.public,
            Time::now()
        )?;
        tx.commit().await?;
        self.learn_signers().await
    }

    /// Reads an access token; looks once for a key that another process may have published.
    pub(crate) async fn read_access(&self, token: &str) -> Result<Option<Claims>> {
        match self.tokens.read(token) {
            Read::Good(claims) => Ok(Some(claims)),
            Read::Bad => Ok(None),
            Read::UnknownKey => {
                self.learn_signers().await?;
                Ok(match self.tokens.read(token) {
                    Read::Good(claims) => Some(claims),
                    _ => None,
                })
            }
        }
    }

    async fn learn_signers(&self) -> Result<()> {
        let mut tx = self.db.read().await?;
        let rows: Vec<(String, Vec<u8>)> =
            db::fetch_all!(&mut tx, "select kid, public_key from auth_signer order by created_at desc limit 1000")?;
        // A key counts only under the name that it makes itself, so no row can take another's place.
        let keys = rows.into_iter().filter(|(kid, public)| *kid == kid_of(public));
        let mut known = self.tokens.known.write().unwrap_or_else(PoisonError::into_inner);
        for (kid, public) in keys {
            known.keys.entry(kid).or_insert_with(|| DecodingKey::from_ed_der(&public));
        }
        known.loaded = Instant::now();
        Ok(())
    }
}

/// Could this be a refresh token at all? Spares the database a look.
pub(crate) fn is_refresh(text: &str) -> bool {
    is_random_text(text)
}

fn header(kid: &str) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(kid.to_owned());
    header
}

fn kid_of(public: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let mut name = base64(&Sha256::digest(public));
    name.truncate(16);
    name
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY_SECONDS.unsigned_abs();
    validation
}
