//! How smoothly a long list scrolls in a browser while its numbers change.

use crate::Outcome;
use crate::client::stock;
use crate::server::{PASSWORD, Server};
use tokio::process::Command;

/// How many rows the list has.
const ROWS: usize = 100_000;

/// Prints what Chromium measured.
pub async fn measure() -> Outcome {
    let mut server = Server::prepare(None).await?;
    server.add_people().await?;
    server.serve().await?;
    stock(server.port, &server.key, ROWS, |at| (format!("G{at:06}"), format!("Zinc bucket no {at}"), None)).await?;
    println!("\n## The stock grid of {ROWS} rows, scrolled without a pause (SQLite)");
    let base = format!("http://127.0.0.1:{}", server.port);
    let done = Command::new("node")
        .args(["end2end/grid.mjs", &base, "bench0", PASSWORD, &server.key, &ROWS.to_string()])
        .status()
        .await?;
    server.stop().await?;
    if done.success() { Ok(()) } else { Err("the grid could not be measured".into()) }
}
