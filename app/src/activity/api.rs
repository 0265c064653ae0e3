//! The journal's server function.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{Activity, ActivityQuery};

#[cfg(feature = "ssr")]
use {crate::caller::caller, auth::Auth};

/// A page of the journal, newest first.
#[server(prefix = "/api/activity", endpoint = "lines", input = Json, output = Answer)]
pub async fn lines(query: ActivityQuery) -> Result<Activity, Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(auth.activity(&actor, &query).await?)
}
