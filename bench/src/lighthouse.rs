//! What Lighthouse says of the pages that are open all day.

use crate::Outcome;
use crate::client::{Client, ITEMS, fill, sale};
use crate::server::{PASSWORD, Server};
use tokio::process::Command;

/// How many sales the dashboard has to show.
const SALES: usize = 300;

/// Prints its scores, on a desktop and on a phone.
pub async fn measure() -> Outcome {
    let mut server = Server::prepare(None).await?;
    server.add_people().await?;
    server.serve().await?;
    fill(server.port, &server.key).await?;
    let mut client = Client::open(server.port).await?;
    for at in 0..SALES {
        client.post(&server.key, "/api/v1/sales", &sale(at, ITEMS)).await?;
    }
    println!("\n## Lighthouse, signed in (100 is the most)");
    let base = format!("http://127.0.0.1:{}", server.port);
    let done = Command::new("node").args(["bench/lighthouse/run.mjs", &base, "bench0", PASSWORD]).status().await?;
    server.stop().await?;
    if done.success() { Ok(()) } else { Err("Lighthouse could not look at the pages".into()) }
}
