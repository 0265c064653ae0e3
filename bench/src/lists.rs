//! What a page of each list takes in a store of ten thousand items, and in one of a million.

use crate::client::{Client, sign_in};
use crate::search::called;
use crate::server::Server;
use crate::{Arguments, Outcome, median};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The smaller store's items.
const FEW: usize = 10_000;
/// A till's lines in one file.
const FILE: usize = 100_000;
/// Lines of one sale.
const SALE: usize = 100;
/// Pages that are asked for of each list, one after the other.
const PAGES: usize = 100;
/// Rows of a page.
const ROWS: usize = 60;

/// What is asked: over REST page by page, or as a screen asks, from the start or from the middle.
enum List {
    Rest(&'static str),
    Screen(&'static str, Value),
}

fn lists() -> Vec<(&'static str, List)> {
    let grid = |sort: &str, short: bool| json!({ "store": "LON", "sort": sort, "short": short });
    vec![
        ("items, REST", List::Rest("/api/v1/items?limit=60")),
        ("stock, REST", List::Rest("/api/v1/stock?store=LON&limit=60")),
        ("movements, REST", List::Rest("/api/v1/movements?store=LON&limit=60")),
        ("exceptions, REST", List::Rest("/api/v1/exceptions?store=LON&limit=60")),
        ("stock by SKU", List::Screen("/api/inventory/grid", grid("sku", false))),
        ("stock by name", List::Screen("/api/inventory/grid", grid("name", false))),
        ("stock by what is there", List::Screen("/api/inventory/grid", grid("on_hand", false))),
        ("stock that runs out", List::Screen("/api/inventory/grid", grid("sku", true))),
        ("products", List::Screen("/api/inventory/products", json!({ "store": "LON" }))),
        ("products by name", List::Screen("/api/inventory/products", json!({ "store": "LON", "by_name": true }))),
    ]
}

/// Prints the waits on both engines.
pub async fn measure(arguments: &Arguments) -> Outcome {
    let many = arguments.items;
    println!("\n## A page of each list ({ROWS} rows), of {FEW} items and of {many}");
    println!("| engine | list | p50 ms of {FEW} | p50 ms of {many} | ratio |\n|---|---|---|---|---|");
    engine("SQLite", None, None, many).await?;
    let urls = [db::test::fresh_postgres().await, db::test::fresh_postgres().await];
    engine("PostgreSQL", Some(urls[0].clone()), Some(urls[1].clone()), many).await?;
    for url in urls {
        db::test::drop_database(&url).await;
    }
    Ok(())
}

async fn engine(name: &str, small: Option<String>, large: Option<String>, many: usize) -> Outcome {
    let few = waits(small, FEW).await?;
    for ((list, few), (_, many)) in few.into_iter().zip(waits(large, many).await?) {
        println!("| {name} | {list} | {few:.1} | {many:.1} | {:.1} |", many / few);
    }
    Ok(())
}

/// The list's name and the median wait for a page of it, in milliseconds.
async fn waits(database: Option<String>, items: usize) -> Outcome<Vec<(&'static str, f64)>> {
    let mut server = Server::prepare(database).await?;
    server.add_people().await?;
    let folder = tempfile::tempdir()?;
    let files = till(folder.path(), items)?;
    let mut words = vec!["import", "till"];
    words.extend(files.iter().filter_map(|file| file.to_str()));
    words.extend(["--store", "LON"]);
    server.say(&words).await?;
    server.serve().await?;
    let cookies = sign_in(server.port, 1).await?;
    let mut client = Client::open(server.port).await?;
    let mut medians = Vec::new();
    for (name, list) in lists() {
        let took = match list {
            List::Rest(path) => rest(&mut client, &server.key, path).await,
            List::Screen(path, query) => screen(&mut client, &cookies, path, &query, items).await,
        };
        medians.push((name, median(took.map_err(|error| format!("{name}: {error}"))?)));
    }
    server.stop().await?;
    Ok(medians)
}

/// A till that sold one of each item.
fn till(folder: &Path, items: usize) -> Outcome<Vec<PathBuf>> {
    (0..items)
        .step_by(FILE)
        .map(|from| {
            let mut text =
                "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n".to_owned();
            for at in from..items.min(from + FILE) {
                let (sale, name) = (100_000 + at / SALE, called(at));
                // So a till writes goods: five digits and a letter.
                let (digits, letter) = (at % FILE, char::from(b'A' + u8::try_from(at / FILE)?));
                writeln!(text, "{sale},{digits:05}{letter},{name},1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom")?;
            }
            let file = folder.join(format!("till-{from:07}.csv"));
            std::fs::write(&file, text)?;
            Ok(file)
        })
        .collect()
}

/// Page after page by its cursor, in milliseconds each.
async fn rest(client: &mut Client, key: &str, path: &str) -> Outcome<Vec<f64>> {
    let bearer = format!("Bearer {key}");
    let (mut took, mut next) = (Vec::new(), path.to_owned());
    for _ in 0..PAGES {
        let sent = Instant::now();
        let (status, _, body) = client.send("GET", &next, &[("authorization", &bearer)], String::new()).await?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
        let page = full(status, &body).map_err(|error| format!("GET {next}: {error}"))?;
        next = format!("{path}&cursor={}", page["next"].as_str().ok_or("the list ended")?);
    }
    Ok(took)
}

/// Pages from all over the list, as somebody meets them who drags the scroll bar, in milliseconds each.
async fn screen(client: &mut Client, cookies: &str, path: &str, query: &Value, items: usize) -> Outcome<Vec<f64>> {
    let headers = [("content-type", "application/json"), ("cookie", cookies), ("sec-fetch-site", "same-origin")];
    let mut took = Vec::new();
    for page in 0..PAGES {
        let offset = (items - ROWS) / PAGES * page / ROWS * ROWS;
        let asked = json!({ "query": query, "offset": offset, "limit": ROWS }).to_string();
        let sent = Instant::now();
        let (status, _, body) = client.send("POST", path, &headers, asked).await?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
        full(status, &body).map_err(|error| format!("row {offset}: {error}"))?;
    }
    Ok(took)
}

/// A page that has all its rows: a shorter one was not read quickly.
fn full(status: StatusCode, body: &[u8]) -> Outcome<Value> {
    let page: Value = serde_json::from_slice(body)?;
    match page["data"].as_array() {
        Some(rows) if status.is_success() && rows.len() == ROWS => Ok(page),
        rows => Err(format!("{status}, {:?} rows and not {ROWS}", rows.map(Vec::len)).into()),
    }
}
