//! Till lines per second through `storeroom import till`, beside raw inserts.

use crate::server::Server;
use crate::{Arguments, Outcome, median, raw};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Prints the rate on both engines.
pub async fn measure(arguments: &Arguments) -> Outcome {
    let files = files(arguments.till.as_deref())?;
    let lines = files.iter().map(|file| count(file)).sum::<Outcome<u32>>()?;
    println!(
        "\n## Import of a till's files ({} of them, {lines} lines), the program's start and end included",
        files.len()
    );
    println!("| engine | lines/s | beside | raw/s | ratio |\n|---|---|---|---|---|");
    let (mut sqlite, mut postgres, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    let mut told = Vec::new();
    for _ in 0..arguments.rounds {
        sqlite.push(f64::from(lines) / import(None, &files, &mut told).await?);
        theirs.push(raw::sqlite_inserts(100, arguments.seconds).await?);
        let url = db::test::fresh_postgres().await;
        postgres.push(f64::from(lines) / import(Some(url.clone()), &files, &mut told).await?);
        db::test::drop_database(&url).await;
    }
    let theirs = median(theirs);
    let beside = "SQLite, one-row inserts, 100 per commit";
    for (engine, rates) in [("SQLite", sqlite), ("PostgreSQL", postgres)] {
        let rate = median(rates);
        println!("| {engine} | {rate:.0} | {beside} | {theirs:.0} | {:.2} |", rate / theirs);
    }
    told.dedup();
    println!("\nverify, after each: {}", told.join("; "));
    Ok(())
}

/// Imports into a new store and verifies it; answers with the seconds that the import took.
async fn import(database: Option<String>, files: &[PathBuf], told: &mut Vec<String>) -> Outcome<f64> {
    let server = Server::prepare(database).await?;
    let paths: Vec<_> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let mut words = vec!["import", "till"];
    words.extend(paths.iter().map(String::as_str));
    words.extend(["--store", "LON"]);
    let start = Instant::now();
    server.say(&words).await?;
    let took = start.elapsed().as_secs_f64();
    told.push(server.say(&["verify"]).await?.trim().to_owned());
    Ok(took)
}

/// The lines of a file without its heading; `zcat -f` reads both kinds.
fn count(file: &Path) -> Outcome<u32> {
    let out = std::process::Command::new("zcat").arg("-f").arg(file).output()?;
    let lines = out.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    Ok(u32::try_from(lines.saturating_sub(1))?)
}

/// The till's files in a folder; the project's own slice when there is none.
pub fn files(folder: Option<&Path>) -> Outcome<Vec<PathBuf>> {
    let Some(folder) = folder else {
        return Ok(vec![Path::new("server/integration/fixtures/online-retail-slice.csv.gz").to_owned()]);
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().contains(".csv"))
        .collect();
    files.sort();
    if files.is_empty() { Err(format!("{} holds no .csv files", folder.display()).into()) } else { Ok(files) }
}
