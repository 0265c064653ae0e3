//! Till lines per second through `storeroom import till`.

use crate::server::Server;
use crate::{Arguments, Outcome, median};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Prints the rate on both engines.
pub async fn measure(arguments: &Arguments) -> Outcome {
    let files = files(arguments.till.as_deref())?;
    println!("\n## Import of a till's file ({} file(s))", files.len());
    println!("| engine | lines | lines/s |\n|---|---|---|");
    let mut rates = Vec::new();
    for _ in 0..arguments.rounds {
        rates.push(import(None, &files).await?);
    }
    println!("| SQLite | {} | {:.0} |", rates[0].0, median(rates.iter().map(|rate| rate.1).collect()));
    let url = db::test::fresh_postgres().await;
    let (lines, rate) = import(Some(url.clone()), &files).await?;
    println!("| PostgreSQL | {lines} | {rate:.0} |");
    db::test::drop_database(&url).await;
    Ok(())
}

async fn import(database: Option<String>, files: &[PathBuf]) -> Outcome<(usize, f64)> {
    let server = Server::prepare(database).await?;
    let paths: Vec<_> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let mut words = vec!["import", "till"];
    words.extend(paths.iter().map(String::as_str));
    words.extend(["--store", "LON"]);
    let start = Instant::now();
    server.say(&words).await?;
    let took = start.elapsed().as_secs_f64();
    let lines = files.iter().map(|file| count(file)).sum::<Outcome<usize>>()?;
    Ok((lines, f64::from(u32::try_from(lines)?) / took))
}

/// The lines of a file without its heading; `zcat -f` reads both kinds.
fn count(file: &Path) -> Outcome<usize> {
    let out = std::process::Command::new("zcat").arg("-f").arg(file).output()?;
    Ok(out.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count().saturating_sub(1))
}

fn files(folder: Option<&Path>) -> Outcome<Vec<PathBuf>> {
    let Some(folder) = folder else {
        return Ok(vec![Path::new("server/integration/fixtures/online-retail-slice.csv.gz").to_owned()]);
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().contains(".csv"))
        .collect();
    files.sort();
    Ok(files)
}
