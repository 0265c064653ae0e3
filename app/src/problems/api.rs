//! Server functions of problems: what browsers notice, what people report, what administrators do about it.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{NewReport, ProblemFilter, ProblemId, Problems, SeenError, Settling};

#[cfg(feature = "ssr")]
use {
    crate::auth::session::knock,
    crate::caller::{caller, complete, module},
    auth::Auth,
};

/// An error that a browser noticed by itself; whoever sits there, signed in or not. Limited in size and rate.
#[server(prefix = "/api/problems", endpoint = "see", input = Json, output = Answer)]
pub async fn see(seen: SeenError) -> Result<(), Failure> {
    let (auth, (address, device)) = (module::<Auth>()?, knock());
    let by = caller::<Auth>().await.ok().map(|(actor, _)| actor);
    Ok(complete(async move { auth.see_error(by.as_ref(), address, &device, seen).await }).await?)
}

/// Somebody says that something is wrong.
#[server(prefix = "/api/problems", endpoint = "report", input = Json, output = Answer)]
pub async fn report(report: NewReport) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.report_problem(&actor, report).await.map(drop) }).await?)
}

/// The problems of that filter, and how many are open.
#[server(prefix = "/api/problems", endpoint = "list", input = Json, output = Answer)]
pub async fn list(filter: ProblemFilter) -> Result<Problems, Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(auth.problems(&actor, filter).await?)
}

/// Takes, gives back, closes or reopens a problem.
#[server(prefix = "/api/problems", endpoint = "settle", input = Json, output = Answer)]
pub async fn settle(problem: ProblemId, settling: Settling) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.settle_problem(&actor, problem, settling).await }).await?)
}
