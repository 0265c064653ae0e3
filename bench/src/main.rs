//! Benchmarks: each figure beside the limit of the same machine, in one run, as a ratio.

mod client;
mod import;
mod live;
mod pages;
mod raw;
mod sales;
mod server;

use clap::Parser;
use std::path::PathBuf;

/// Measures Storeroom beside the limits of the machine that it runs on.
#[derive(Parser)]
struct Arguments {
    /// One of sales, import, live, pages; all when left out.
    name: Option<String>,
    /// Seconds that each round of load lasts.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Rounds; the median is printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// The folder with a till's files to import; the project's own slice when left out.
    #[arg(long, env = "STOREROOM_TILL_DATA")]
    till: Option<PathBuf>,
}

/// What a benchmark ends with.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome {
    let arguments = Arguments::parse();
    let wanted = |name: &str| arguments.name.as_deref().is_none_or(|only| only == name);
    println!("# Storeroom's benchmarks: {}", machine());
    println!(
        "# medians of {} rounds of {} s, client and server on the same machine",
        arguments.rounds, arguments.seconds
    );
    if wanted("sales") {
        sales::measure(&arguments).await?;
    }
    if wanted("import") {
        import::measure(&arguments).await?;
    }
    if wanted("live") {
        live::measure(&arguments).await?;
    }
    if wanted("pages") {
        pages::measure().await?;
    }
    Ok(())
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} × {}", cores, model.trim_start_matches([' ', '\t', ':']))
}

/// The middle one; 0 of none.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
