//! From a typed text to the first results, among fifty thousand items.

use crate::client::{Client, sign_in, stock};
use crate::server::Server;
use crate::{Arguments, Outcome};
use std::time::{Duration, Instant};

/// How many items the store has.
const ITEMS: usize = 50_000;
/// How many searches of a kind each round makes.
const SEARCHES: usize = 100;
/// Words that many names share.
const COLOURS: [&str; 12] =
    ["red", "blue", "green", "ivory", "black", "white", "copper", "silver", "amber", "violet", "olive", "coral"];
/// What the items are.
const THINGS: [&str; 16] = [
    "umbrella",
    "lantern",
    "thermometer",
    "cushion",
    "teapot",
    "saucer",
    "necklace",
    "candle",
    "calendar",
    "notebook",
    "blanket",
    "mirror",
    "napkin",
    "basket",
    "kettle",
    "ornament",
];
/// What the names of ranges are made of: each three of these are one range.
const SYLLABLES: [&str; 20] = [
    "ba", "ko", "mi", "lu", "re", "sa", "to", "ni", "du", "ve", "ga", "po", "fi", "ru", "le", "ca", "no", "si", "mu",
    "te",
];

/// What is searched for, in words, and the text that is typed for the n-th item.
type Kind = (&'static str, fn(usize) -> String);

/// What is searched for, and how.
const KINDS: [Kind; 6] = [
    ("a word that many have", |at| THINGS[at % THINGS.len()].to_owned()),
    ("a word that few have", range),
    ("two words", |at| format!("{} {}", range(at), COLOURS[at % COLOURS.len()])),
    ("a word with a letter left out", |at| {
        range(at).chars().enumerate().filter(|(n, _)| *n != 2).map(|(_, c)| c).collect()
    }),
    ("a barcode", barcode),
    ("a part number without its dash", |at| sku(at).replace('-', "")),
];

/// Prints the waits on both engines.
pub async fn measure(arguments: &Arguments) -> Outcome {
    println!("\n## First results of a search among {ITEMS} items, as the till asks for them (20 at most)");
    println!("| engine | search | p50 ms | p99 ms | beside: one item by SKU over REST p50 | p99 | p50 ÷ p50 |");
    println!("|---|---|---|---|---|---|---|");
    engine("SQLite", None, arguments).await?;
    let url = db::test::fresh_postgres().await;
    engine("PostgreSQL", Some(url.clone()), arguments).await?;
    db::test::drop_database(&url).await;
    Ok(())
}

async fn engine(name: &str, database: Option<String>, arguments: &Arguments) -> Outcome {
    let mut server = Server::prepare(database).await?;
    server.add_people().await?;
    server.serve().await?;
    stock(server.port, &server.key, ITEMS, |at| (sku(at), called(at), Some(barcode(at)))).await?;
    let cookies = sign_in(server.port, 1).await?;
    let mut client = Client::open(server.port).await?;
    for (kind, text) in KINDS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..arguments.rounds {
            for at in 0..SEARCHES {
                let at = ((round * SEARCHES + at) * 7_919) % ITEMS;
                ours.push(search(&mut client, &cookies, &text(at)).await?);
                theirs.push(one(&mut client, &server.key, &sku(at)).await?);
            }
        }
        let ([p50, p99], [one, most]) = (waits(ours), waits(theirs));
        println!("| {name} | {kind} | {p50:.1} | {p99:.1} | {one:.2} | {most:.2} | {:.1} |", p50 / one);
    }
    server.stop().await
}

/// How long the first results took; an empty answer is an error, because nothing was found quickly.
async fn search(client: &mut Client, cookies: &str, text: &str) -> Outcome<Duration> {
    let asked = serde_json::json!({ "store": "LON", "text": text }).to_string();
    let headers = [("content-type", "application/json"), ("cookie", cookies), ("sec-fetch-site", "same-origin")];
    let sent = Instant::now();
    let (status, _, body) = client.send("POST", "/api/inventory/search", &headers, asked).await?;
    let took = sent.elapsed();
    if !status.is_success() || body.len() < 10 {
        return Err(format!("searching for {text:?}: {status} {}", String::from_utf8_lossy(&body)).into());
    }
    Ok(took)
}

async fn one(client: &mut Client, key: &str, sku: &str) -> Outcome<Duration> {
    let bearer = format!("Bearer {key}");
    let sent = Instant::now();
    let (status, _, body) =
        client.send("GET", &format!("/api/v1/items/{sku}"), &[("authorization", &bearer)], String::new()).await?;
    if status.is_success() { Ok(sent.elapsed()) } else { Err(String::from_utf8_lossy(&body).into()) }
}

fn sku(at: usize) -> String {
    format!("{}{}-{at:05}", (b'A' + (at % 26) as u8) as char, (b'A' + (at / 26 % 26) as u8) as char)
}

/// The n-th item's name.
pub fn called(at: usize) -> String {
    let (colour, thing) = (COLOURS[at % COLOURS.len()], THINGS[at % THINGS.len()]);
    format!("{} {colour} {thing} no {}", range(at), at % 90 + 10)
}

/// One of eight thousand ranges.
fn range(at: usize) -> String {
    let number = at.wrapping_mul(31) % 8_000;
    [number % 20, number / 20 % 20, number / 400].map(|syllable| SYLLABLES[syllable]).concat() + "lin"
}

/// An EAN-13, whose last digit checks the others.
fn barcode(at: usize) -> String {
    let digits = format!("50123{at:07}");
    let sum: u32 = (1..)
        .zip(digits.bytes())
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// The waits that half and 99 % of the requests did not exceed, in milliseconds.
fn waits(mut waits: Vec<Duration>) -> [f64; 2] {
    waits.sort();
    let at =
        |part: usize| waits.get(waits.len().saturating_sub(1) * part / 100).map_or(f64::NAN, Duration::as_secs_f64);
    [50, 99].map(|part| at(part) * 1_000.0)
}
