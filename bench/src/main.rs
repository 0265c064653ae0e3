//! Benchmarks: each figure beside the limit of the same machine, in one run, as a ratio.

mod client;
mod forecast;
mod grid;
mod import;
mod lighthouse;
mod lists;
mod live;
mod pages;
mod papers;
mod raw;
mod replay;
mod sales;
mod search;
mod server;
mod till;

use clap::Parser;
use std::path::PathBuf;

/// Measures Storeroom beside the limits of the machine that it runs on.
#[derive(Parser)]
struct Arguments {
    /// One of sales, import, live, search, lists, forecast, replay, grid, pages, lighthouse; all when left out.
    name: Option<String>,
    /// Seconds that each round of load lasts.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Rounds; the median is printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// The items of the larger store whose lists are read.
    #[arg(long, default_value_t = 1_000_000)]
    items: usize,
    /// The folder with a till's files to import; the project's own slice when left out.
    #[arg(long, env = "STOREROOM_TILL_DATA")]
    till: Option<PathBuf>,
}

/// The benchmarks there are.
const NAMES: [&str; 10] =
    ["sales", "import", "live", "search", "lists", "forecast", "replay", "grid", "pages", "lighthouse"];

/// What a benchmark ends with.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome {
    let arguments = Arguments::parse();
    let wanted = |name: &str| arguments.name.as_deref().is_none_or(|only| only == name);
    println!("# Storeroom's benchmarks on {}; load before: {}", machine(), busy());
    println!(
        "# medians of {} rounds; a round of load lasts {} s; clients, server and engines share the machine; nothing is \
         left to chance, so there is no seed: client by client, the n-th sale is of item 7919·n mod {}",
        arguments.rounds,
        arguments.seconds,
        client::ITEMS
    );
    if let Some(name) = arguments.name.as_deref().filter(|name| !NAMES.contains(name)) {
        return Err(format!("there is no benchmark {name:?}; choose one of {}", NAMES.join(", ")).into());
    }
    if wanted("sales") {
        sales::measure(&arguments).await?;
    }
    if wanted("import") {
        import::measure(&arguments).await?;
    }
    if wanted("live") {
        live::measure(&arguments).await?;
    }
    if wanted("search") {
        search::measure(&arguments).await?;
    }
    if wanted("lists") {
        lists::measure(&arguments).await?;
    }
    if wanted("forecast") {
        forecast::measure(&arguments).await?;
    }
    if wanted("replay") {
        replay::measure(&arguments).await?;
    }
    if wanted("grid") {
        grid::measure().await?;
    }
    if wanted("pages") {
        pages::measure().await?;
    }
    if wanted("lighthouse") {
        lighthouse::measure().await?;
    }
    Ok(())
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok());
    let gib = kib.unwrap_or(0_u64).div_ceil(1024 * 1024);
    format!("{cores} × {}, {gib} GiB", model.trim_start_matches([' ', '\t', ':']))
}

/// What else the machine does: the mean number of runnable threads over the last minute.
fn busy() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("unknown").to_owned()
}

/// The middle one; 0 of none.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
