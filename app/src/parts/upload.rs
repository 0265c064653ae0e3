//! Sends a file to the server, and reads what it says.

use crate::failure::Failure;
use model::{Error, Flaw};
use serde::{Deserialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, RequestInit, Response};

#[derive(Deserialize)]
struct Problem {
    status: u16,
    detail: String,
    #[serde(default)]
    flaws: Vec<Flaw>,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Said(match problem.status {
            401 => Error::SignedOut,
            404 => Error::NotFound,
            503 => Error::Busy,
            507 => Error::Full,
            _ if problem.flaws.is_empty() => Error::from(Flaw::new("file", "refused", problem.detail)),
            _ => Error::Invalid(problem.flaws),
        })
    }
}

/// Sends the file's bytes to that address.
///
/// # Errors
/// What the server says; `Unreachable` when it says nothing that can be read.
pub async fn upload<T: DeserializeOwned>(address: &str, file: &File) -> Result<T, Failure> {
    let text = send(address, file).await.ok_or(Failure::Unreachable)?;
    if let Ok(told) = crate::json::read::<T>(&text) {
        return Ok(told);
    }
    let problem: Problem = crate::json::read(&text).map_err(|_| Failure::Unreachable)?;
    Err(problem.into())
}

async fn send(address: &str, file: &File) -> Option<String> {
    let wanted = RequestInit::new();
    wanted.set_method("POST");
    wanted.set_body(file.as_ref());
    let answer = JsFuture::from(leptos::prelude::window().fetch_with_str_and_init(address, &wanted)).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}
