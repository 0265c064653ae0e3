//! Sales per second over REST, durable and sealed, beside the same machine's raw commits.

use crate::client::{ITEMS, fill, sale};
use crate::server::Server;
use crate::till::Till;
use crate::{Arguments, Outcome, median, raw};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How many tills sell at once, and how many items; the last sells one item from all of them.
const LOADS: [(usize, usize); 4] = [(1, ITEMS), (8, ITEMS), (32, ITEMS), (32, 1)];

/// Prints the table of both engines.
pub async fn measure(arguments: &Arguments) -> Outcome {
    println!("\n## Sales over REST (1 line each, {ITEMS} items; answered when the commit is on disk and sealed)");
    println!("| engine | clients | items | sales/s | p50 ms | p99 ms | beside | raw/s | ratio |");
    println!("|---|---|---|---|---|---|---|---|---|");
    engine(arguments, None).await?;
    let url = db::test::fresh_postgres().await;
    let bench = db::test::fresh_postgres().await;
    raw::pgbench_tables(&bench).await?;
    engine(arguments, Some((url.clone(), bench.clone()))).await?;
    db::test::drop_database(&url).await;
    db::test::drop_database(&bench).await;
    Ok(())
}

async fn engine(arguments: &Arguments, postgres: Option<(String, String)>) -> Outcome {
    let mut server = Server::prepare(postgres.as_ref().map(|(url, _)| url.clone())).await?;
    server.serve().await?;
    fill(server.port, &server.key).await?;
    let (name, beside) = match postgres {
        None => ("SQLite", "one insert per commit, alone"),
        Some(_) => ("PostgreSQL", "pgbench TPC-B, as many clients"),
    };
    for (clients, items) in LOADS {
        let (mut ours, mut theirs, mut waits) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..arguments.rounds {
            let (rate, mut took) = load(&server, clients, items, arguments.seconds).await?;
            ours.push(rate);
            waits.append(&mut took);
            theirs.push(match &postgres {
                None => raw::sqlite_inserts(1, arguments.seconds).await?,
                Some((_, bench)) => raw::pgbench(bench, clients, arguments.seconds).await?,
            });
        }
        waits.sort();
        let at = |part: usize| waits[(waits.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
        let (p50, p99, ours, theirs) = (at(50), at(99), median(ours), median(theirs));
        let ratio = ours / theirs;
        println!(
            "| {name} | {clients} | {items} | {ours:.0} | {p50:.2} | {p99:.2} | {beside} | {theirs:.0} | {ratio:.2} |"
        );
    }
    println!("\n{name}: {} MiB resident after that", server.resident_mib().unwrap_or_default());
    server.stop().await?;
    println!("{name}: verify: {}\n", server.say(&["verify"]).await?.trim());
    Ok(())
}

/// Sells as fast as that many tills can, each waiting for its answer.
async fn load(server: &Server, clients: usize, items: usize, seconds: u64) -> Outcome<(f64, Vec<Duration>)> {
    let counter = Arc::new(AtomicUsize::new(0));
    let (start, until) = (Instant::now(), Duration::from_secs(seconds));
    let tills = (0..clients).map(|_| {
        let (port, key, counter) = (server.port, server.key.clone(), counter.clone());
        tokio::spawn(async move {
            let mut till = Till::open(port, &key).await?;
            let mut waits = Vec::new();
            while start.elapsed() < until {
                let document = sale(counter.fetch_add(1, Ordering::Relaxed), items).to_string();
                let sent = Instant::now();
                till.post("/api/v1/sales", &document).await?;
                waits.push(sent.elapsed());
            }
            Outcome::Ok(waits)
        })
    });
    let mut waits = Vec::new();
    for till in tills.collect::<Vec<_>>() {
        waits.append(&mut till.await??);
    }
    let count = u32::try_from(waits.len())?;
    Ok((f64::from(count) / start.elapsed().as_secs_f64(), waits))
}
