//! A change asked for over REST: by a key, under a name of the client's own, once however often it is sent.

use super::json::Json;
use super::{Caller, Nothing, Problem, Query};
use auth::{Answer, Auth};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{
    Actor, ClientKey, Error, Flaw, Held, Item, Product, Purchase, Receipt, Reservation, Result, Reused, Supplier,
    Ticket,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tracing::Instrument;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A change that someone asks for: the caller, whose `via.client_key` holds the `Idempotency-Key`, and the body.
#[derive(Clone, Debug)]
pub struct Order<T> {
    /// Who asks.
    pub actor: Actor,
    /// For what.
    pub body: T,
}

impl<S: Send + Sync, T: DeserializeOwned + Serialize> FromRequest<S> for Order<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Caller(mut actor) = Caller::from_request_parts(&mut parts, state).await?;
        let Query(Nothing {}) = Query::from_request_parts(&mut parts, state).await?;
        let key = client_key(&parts.headers)?;
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let Json(body) = Json::<T>::from_request(Request::from_parts(parts, body), state).await?;
        let request_hash = hash(&method, &path, &body)?;
        actor.via.client_key = Some(ClientKey { key, request_hash, status: StatusCode::CREATED.as_u16() });
        Ok(Self { actor, body })
    }
}

fn client_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut sent = headers.get_all(IDEMPOTENCY_KEY).iter();
    let (key, more) = (sent.next(), sent.next());
    let text = key.and_then(|key| key.to_str().ok()).unwrap_or_default();
    let fits = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits && more.is_none() {
        return Ok(text.to_owned());
    }
    let message = "send one Idempotency-Key of 1 to 255 visible ASCII characters, new for each change, the same when you send a change again";
    Err(Problem::unreadable(Flaw::new("Idempotency-Key", "idempotency_key", message)))
}

/// SHA-256 of method, path and content. The content is written anew from what was read, so that spaces, the order
/// of fields and `6.0` for `6` make no other request.
fn hash(method: &Method, path: &str, body: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let canonical = serde_json::to_vec(body).map_err(|cause| internal("a body cannot be written as JSON", &cause))?;
    let mut hash = Sha256::new();
    for part in [method.as_str().as_bytes(), path.as_bytes(), &canonical] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Ok(hash.finalize().to_vec())
}

fn internal(what: &str, cause: &dyn std::fmt::Display) -> Problem {
    let ticket = uuid::Uuid::now_v7().to_string();
    tracing::error!(%cause, ticket, "{what}");
    Error::Internal(Ticket(ticket)).into()
}

/// What a change is answered with.
pub trait Answered: Serialize + DeserializeOwned + Send + 'static {
    /// The same with its place in the journal, which PostgreSQL knows only after the answer was stored.
    #[must_use]
    fn sealed(self, _seq: Option<i64>) -> Self {
        self
    }

    /// The version that its `ETag` names, for what has versions.
    #[must_use]
    fn version(&self) -> Option<i64> {
        None
    }

    /// The status of a success that is another than its work's.
    #[must_use]
    fn status(&self) -> Option<StatusCode> {
        None
    }
}

impl Answered for Item {}

impl Answered for Product {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Answered for Held {}

impl Answered for Reservation {}

impl Answered for model::Order {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Answered for Supplier {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Answered for Purchase {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Answered for Receipt {
    fn sealed(self, seq: Option<i64>) -> Self {
        Self { seq: self.seq.or(seq), ..self }
    }
}

/// A unit of work: whether the caller may (asked before an old answer is told again), and the doing of it.
pub trait Work: Send + 'static {
    /// What it is answered with.
    type Answer: Answered;
    /// The status of a success.
    const STATUS: StatusCode = StatusCode::CREATED;
    /// Is its key looked up before it begins? What would fail with [`Reused::Key`], because its answer is stored in its
    /// own transaction and nothing that it does twice counts twice, spares itself the question.
    const ASKS_FIRST: bool = true;
    /// May they, at this moment?
    fn permit(&self, actor: &Actor) -> impl Future<Output = Result<()>> + Send;
    /// Does it.
    fn carry_out(self, actor: &Actor) -> impl Future<Output = Result<Self::Answer>> + Send;
}

/// Carries out a unit of work, or tells again what was answered under the same key before.
///
/// It runs in a task of its own, so that a client that hangs up cannot stop it half-way.
///
/// # Errors
/// What the work answers; 422 when the key came with another request before.
pub async fn settle<W: Work>(auth: Auth, actor: Actor, work: W) -> Result<Response, Problem> {
    let task = tokio::spawn(carry_out(auth, actor, work).in_current_span());
    task.await.map_err(|cause| internal("a unit of work broke off", &cause))?
}

async fn carry_out<W: Work>(auth: Auth, actor: Actor, work: W) -> Result<Response, Problem> {
    work.permit(&actor).await?;
    if W::ASKS_FIRST
        && let Some(answer) = recall(&auth, &actor).await?
    {
        return replay::<W::Answer>(answer);
    }
    match work.carry_out(&actor).await {
        Ok(done) => Ok(with_version(done.status().unwrap_or(W::STATUS), done)),
        Err(error) => refused::<W>(&auth, &actor, error).await,
    }
}

async fn recall(auth: &Auth, actor: &Actor) -> Result<Option<Answer>> {
    match &actor.via.client_key {
        Some(key) => auth.recall(actor, key).await,
        None => Ok(None),
    }
}

/// A faster twin's success is told instead of the refusal that it caused; what the store's rules refused is kept.
async fn refused<W: Work>(auth: &Auth, actor: &Actor, error: Error) -> Result<Response, Problem> {
    let by_rule = matches!(error, Error::Refused(_) | Error::Conflict(Reused::Id | Reused::Key));
    if (by_rule || !W::ASKS_FIRST)
        && let Some(answer) = recall(auth, actor).await?
    {
        return replay::<W::Answer>(answer);
    }
    if !by_rule || error == Error::Conflict(Reused::Key) {
        return Err(error.into());
    }
    let problem = Problem::from(error);
    let answer = auth.keep_answer(actor, problem.status, &*problem, None).await?;
    Ok(told(answer.status, answer.body))
}

/// The answer, with the version that a later change names in `If-Match`.
fn with_version<A: Answered>(status: StatusCode, answer: A) -> Response {
    let tag = answer.version().and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok());
    let mut response = (status, axum::Json(answer)).into_response();
    if let Some(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn replay<A: Answered>(answer: Answer) -> Result<Response, Problem> {
    let Answer { status, body, seq, .. } = answer;
    let mut response = if status < 400 {
        let stored: A =
            serde_json::from_str(&body).map_err(|cause| internal("a stored answer cannot be read", &cause))?;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::CREATED);
        with_version(status, stored.sealed(seq))
    } else {
        told(status, body)
    };
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// A refusal as it is stored: the same bytes each time, so without the request's id.
fn told(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT);
    let kind = HeaderValue::from_static("application/problem+json");
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::NewSale;

    fn sale(text: &str) -> NewSale {
        serde_json::from_str(text).expect("it is a sale")
    }

    #[test]
    fn the_same_request_in_another_dress_has_the_same_hash() {
        let id = "0198c0de-0000-7000-8000-000000000001";
        let one = sale(&format!(r#"{{"id":"{id}","store":"LON","lines":[{{"sku":"a","quantity":"6"}}]}}"#));
        let same = sale(&format!(r#"{{ "store":"LON", "lines":[{{"quantity":"6.0","sku":"a"}}], "id":"{id}" }}"#));
        let other = sale(&format!(r#"{{"id":"{id}","store":"LON","lines":[{{"sku":"a","quantity":"7"}}]}}"#));
        let hash = |path, sale| hash(&Method::POST, path, sale).expect("it can be written");
        assert_eq!(hash("/sales", &one), hash("/sales", &same));
        assert_ne!(hash("/sales", &one), hash("/sales", &other));
        assert_ne!(hash("/sales", &one), hash("/returns", &one));
    }

    #[test]
    fn a_key_is_needed_and_has_bounds() {
        let with = |keys: &[&str]| {
            let mut headers = HeaderMap::new();
            for key in keys {
                headers.append(IDEMPOTENCY_KEY, HeaderValue::from_str(key).expect("a header's text"));
            }
            client_key(&headers)
        };
        assert_eq!(with(&["8e03978e-40d5"]).expect("it is sound"), "8e03978e-40d5");
        assert!(with(&[&"k".repeat(255)]).is_ok());
        for keys in [&[][..], &[""], &["a b"], &["a", "b"], &["é"], &[&"k".repeat(256)]] {
            assert_eq!(with(keys).expect_err("it is not").status, 400, "{keys:?}");
        }
    }
}
