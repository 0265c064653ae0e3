//! What a page of each list takes in a store of ten thousand items, and in one of a million.

use crate::client::{Client, sign_in};
use crate::papers::{self, SOLD};
use crate::search::called;
use crate::server::Server;
use crate::{Arguments, Outcome, median};
use hyper::StatusCode;
use serde_json::{Value, json};
use sqlx::Connection;
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
/// How often all that a screen shows is asked for.
const WHOLES: usize = 20;
/// Rows of a page.
const ROWS: usize = 60;
/// What every tenth item is of.
const CATEGORY: &str = "Lanterns";
/// Items changed by one request.
const CHANGED: usize = 1_000;

/// What is asked: over REST page by page, or as a screen asks, from the start or from the middle, behind the row before, or
/// for all that it shows.
enum List {
    Rest(&'static str),
    Screen(&'static str, Value),
    History(Value),
    Whole(&'static str, Value),
}

fn lists() -> Vec<(&'static str, List)> {
    let grid = |sort: &str, more: Value| {
        let mut query = json!({ "store": "LON", "sort": sort });
        merge(&mut query, more);
        List::Screen("/api/inventory/grid", query)
    };
    let products = |more: Value| {
        let mut query = json!({ "store": "LON" });
        merge(&mut query, more);
        List::Screen("/api/inventory/products", query)
    };
    let of_item = json!({ "query": { "store": "LON", "sku": SOLD }, "limit": ROWS });
    let at = || json!({ "store": "LON" });
    vec![
        ("items, REST", List::Rest("/api/v1/items?limit=60")),
        ("stock, REST", List::Rest("/api/v1/stock?store=LON&limit=60")),
        ("movements, REST", List::Rest("/api/v1/movements?store=LON&limit=60")),
        ("movements of an item, REST", List::Rest("/api/v1/movements?store=LON&sku=00001A&limit=60")),
        ("exceptions, REST", List::Rest("/api/v1/exceptions?store=LON&limit=60")),
        ("exceptions of a kind, REST", List::Rest("/api/v1/exceptions?store=LON&kind=negative&limit=60")),
        ("customer orders, REST", List::Rest("/api/v1/orders?store=LON&limit=60")),
        ("purchase orders, REST", List::Rest("/api/v1/purchase-orders?store=LON&limit=60")),
        ("transfers, REST", List::Rest("/api/v1/transfers?store=LON&limit=60")),
        ("counts, REST", List::Rest("/api/v1/counts?store=LON&limit=60")),
        ("lots by their last day, REST", List::Rest("/api/v1/lots?store=LON&limit=60")),
        ("history", List::History(json!({ "query": { "store": "LON" }, "limit": ROWS }))),
        ("history of an item", List::History(of_item)),
        ("item's page", List::Whole("/api/inventory/sheet", json!({ "store": "LON", "sku": SOLD }))),
        ("to settle", List::Whole("/api/inventory/exceptions", json!({ "store": "LON", "kind": null }))),
        (
            "customer orders",
            List::Whole("/api/inventory/orders", json!({ "store": "LON", "state": "", "search": "", "after": null })),
        ),
        ("purchase orders", List::Whole("/api/inventory/purchases", json!({ "query": at() }))),
        ("transfers", List::Whole("/api/inventory/transfers", at())),
        ("counts", List::Whole("/api/inventory/counts", json!({ "store": "LON", "after": null }))),
        ("lots", List::Whole("/api/inventory/lots", json!({ "query": at() }))),
        ("what waits, at home", List::Whole("/api/inventory/waiting", at())),
        ("what to buy", List::Whole("/api/report/to_buy", json!({ "store": "PAR" }))),
        ("stock by SKU", grid("sku", json!({}))),
        ("stock by SKU, backwards", grid("sku", json!({ "descending": true }))),
        ("stock by name", grid("name", json!({}))),
        ("stock by what is there", grid("on_hand", json!({}))),
        ("stock by what is there, most first", grid("on_hand", json!({ "descending": true }))),
        ("stock that runs out", grid("sku", json!({ "short": true }))),
        ("stock of a category", grid("sku", json!({ "category": CATEGORY }))),
        ("stock of a category by name", grid("name", json!({ "category": CATEGORY }))),
        ("stock with a word", grid("sku", json!({ "search": "umbrella" }))),
        ("products", products(json!({}))),
        ("products by name", products(json!({ "by_name": true }))),
        ("products by name, backwards", products(json!({ "by_name": true, "descending": true }))),
        ("products of a category", products(json!({ "category": CATEGORY }))),
        ("archived products", products(json!({ "archived": true }))),
        ("products that run low", products(json!({ "low": true }))),
        ("products without a barcode", products(json!({ "bare": true }))),
        ("products with a word", products(json!({ "search": "umbrella" }))),
    ]
}

fn merge(query: &mut Value, more: Value) {
    if let (Some(query), Value::Object(more)) = (query.as_object_mut(), more) {
        query.extend(more);
    }
}

/// Prints the waits on both engines.
pub async fn measure(arguments: &Arguments) -> Outcome {
    let many = arguments.items;
    println!("\n## A page of each list ({ROWS} rows), of {FEW} items and of {many}");
    println!("| engine | list | p50 ms of {FEW} | p50 ms of {many} | ratio | the first page, ms | of {many} |");
    println!("|---|---|---|---|---|---|---|");
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
        let [few, few_first, many, many_first] = [few.0, few.1, many.0, many.1];
        println!("| {name} | {list} | {few:.1} | {many:.1} | {:.1} | {few_first:.0} | {many_first:.0} |", many / few);
    }
    Ok(())
}

/// The list's name, the median wait for a page of it, and that for the first one, in milliseconds.
async fn waits(database: Option<String>, items: usize) -> Outcome<Vec<(&'static str, (f64, f64))>> {
    let url = database.clone();
    let mut server = Server::prepare(database).await?;
    server.add_people().await?;
    let folder = tempfile::tempdir()?;
    let files = till(folder.path(), items)?;
    let mut words = vec!["import", "till"];
    words.extend(files.iter().filter_map(|file| file.to_str()));
    words.extend(["--store", "LON"]);
    server.say(&words).await?;
    server.say(&["store", "add", "PAR", "Paris", "--currency", "GBP", "--time-zone", "Europe/London"]).await?;
    server.serve().await?;
    let cookies = sign_in(server.port, 0).await?;
    let mut client = Client::open(server.port).await?;
    let every = |n: usize| (0..items).step_by(n).map(sku).collect::<Vec<_>>();
    change(&mut client, &cookies, &every(10), &json!({ "category": CATEGORY })).await?;
    change(&mut client, &cookies, &every(7), &json!({ "archived": true })).await?;
    let least = json!({ "limits": { "store": "LON", "minimum": "1", "maximum": null } });
    change(&mut client, &cookies, &every(11), &least).await?;
    // In Paris as much is missing however many items there are: all that is missing is weighed to say what is most urgent.
    let missing: Vec<String> = (0..FEW).step_by(11).map(sku).collect();
    let least = json!({ "limits": { "store": "PAR", "minimum": "1", "maximum": null } });
    change(&mut client, &cookies, &missing, &least).await?;
    papers::write(server.port, &server.key, items).await?;
    if let Some(url) = url {
        sweep(&url).await?;
    }
    // The server has closed the one that nobody used meanwhile, and may have ended the session.
    let mut client = Client::open(server.port).await?;
    let cookies = sign_in(server.port, 0).await?;
    let mut medians = Vec::new();
    for (name, list) in lists() {
        let took = match list {
            List::Rest(path) => rest(&mut client, &server.key, path).await,
            List::Screen(path, query) => screen(&mut client, &cookies, path, &query).await,
            List::History(asked) => history(&mut client, &cookies, asked).await,
            List::Whole(path, asked) => whole(&mut client, &cookies, path, &asked).await,
        };
        let took = took.map_err(|error| format!("{name}: {error}"))?;
        let first = took.first().copied().unwrap_or(f64::NAN);
        medians.push((name, (median(took), first)));
    }
    server.stop().await?;
    Ok(medians)
}

/// So a till writes goods: five digits and a letter.
pub fn sku(at: usize) -> String {
    format!("{:05}{}", at % FILE, char::from(b'A' + (at / FILE % 26) as u8))
}

/// A till that sold some of each item.
fn till(folder: &Path, items: usize) -> Outcome<Vec<PathBuf>> {
    (0..items)
        .step_by(FILE)
        .map(|from| {
            let mut text =
                "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n".to_owned();
            for at in from..items.min(from + FILE) {
                let (sale, sku, name) = (100_000 + at / SALE, sku(at), called(at));
                writeln!(text, "{sale},{sku},{name},{},2010-12-01 08:26:00,2.55,17850.0,United Kingdom", at % 40 + 1)?;
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
        let page: Value = serde_json::from_slice(&body)?;
        let Some(cursor) = page["next"].as_str() else {
            // At its end it begins again; the last page is left out, it may be a short one.
            took.pop();
            if took.is_empty() || !status.is_success() {
                return Err(format!("GET {next}: {status}, and no second page").into());
            }
            path.clone_into(&mut next);
            continue;
        };
        full(status, &body).map_err(|error| format!("GET {next}: {error}"))?;
        next = format!("{path}&cursor={cursor}");
    }
    Ok(took)
}

/// Page after page of postings, each behind the last row of the one before, in milliseconds each.
async fn history(client: &mut Client, cookies: &str, mut asked: Value) -> Outcome<Vec<f64>> {
    let mut took = Vec::new();
    for _ in 0..PAGES {
        let sent = Instant::now();
        let (status, _, body) =
            client.send("POST", "/api/inventory/history", &headers(cookies), asked.to_string()).await?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
        let page: Value = serde_json::from_slice(&body)?;
        let last = page["data"].as_array().and_then(|rows| rows.last()).ok_or(format!("{status}, no rows"))?;
        asked["after"] = json!([last["recorded_at"], last["posting"]]);
        if page["next"].is_null() {
            asked["after"] = Value::Null;
        }
    }
    Ok(took)
}

/// All that a screen shows at once, asked for again and again, in milliseconds each.
async fn whole(client: &mut Client, cookies: &str, path: &str, asked: &Value) -> Outcome<Vec<f64>> {
    let mut took = Vec::new();
    for _ in 0..WHOLES {
        let sent = Instant::now();
        let (status, _, body) = client.send("POST", path, &headers(cookies), asked.to_string()).await?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
        if !status.is_success() {
            return Err(format!("{status} {}", String::from_utf8_lossy(&body)).into());
        }
    }
    Ok(took)
}

/// What PostgreSQL does by itself within a minute or two after much was written, done now: until then an index does not
/// know which of its rows are still there.
async fn sweep(url: &str) -> Outcome {
    let mut conn = sqlx::PgConnection::connect(url).await?;
    sqlx::raw_sql("vacuum analyze").execute(&mut conn).await?;
    Ok(conn.close().await?)
}

/// Changes these items.
async fn change(client: &mut Client, cookies: &str, skus: &[String], bulk: &Value) -> Outcome {
    for skus in skus.chunks(CHANGED) {
        let asked = json!({ "id": null, "store": "LON", "skus": skus, "bulk": bulk }).to_string();
        let (status, _, body) = client.send("POST", "/api/inventory/change_many", &headers(cookies), asked).await?;
        if !status.is_success() {
            return Err(format!("changing items: {status} {}", String::from_utf8_lossy(&body)).into());
        }
    }
    Ok(())
}

const fn headers(cookies: &str) -> [(&str, &str); 3] {
    [("content-type", "application/json"), ("cookie", cookies), ("sec-fetch-site", "same-origin")]
}

/// Pages from all over the list, as somebody meets them who drags the scroll bar, in milliseconds each.
async fn screen(client: &mut Client, cookies: &str, path: &str, query: &Value) -> Outcome<Vec<f64>> {
    let (mut took, mut rows) = (Vec::new(), ROWS);
    for page in 0..PAGES {
        let offset = (rows - ROWS) / PAGES * page / ROWS * ROWS;
        let asked = json!({ "query": query, "offset": offset, "limit": ROWS }).to_string();
        let sent = Instant::now();
        let (status, _, body) = client.send("POST", path, &headers(cookies), asked).await?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
        let page = full(status, &body).map_err(|error| format!("row {offset}: {error}"))?;
        rows = page["total"].as_u64().ok_or("the list does not say how long it is")?.try_into()?;
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
