//! From a sale sent over REST to its frame on a hundred sockets.

use crate::client::{Client, ITEMS, fill, sale, sign_in};
use crate::server::{PEOPLE, Server};
use crate::{Arguments, Outcome, median};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

/// Sockets that listen.
const SOCKETS: usize = 100;
/// Sales per second.
const RATE: u64 = 50;

/// When each journal line's sale was sent and answered, by `seq`.
type Sent = HashMap<i64, (Instant, Instant)>;
/// Which line was seen when, on any of the sockets.
type Seen = Arc<Mutex<Vec<(i64, Instant)>>>;

/// Prints the latency on both engines.
pub async fn measure(arguments: &Arguments) -> Outcome {
    println!(
        "\n## From a sale sent over REST to its frame on each of {SOCKETS} sockets ({RATE} sales/s, one till, {ITEMS} items)"
    );
    println!(
        "| engine | frames, of expected | p50 ms | p99 ms | most ms | beside: the till's answer p50 | p99 | p99 ÷ p99 |"
    );
    println!("|---|---|---|---|---|---|---|---|");
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
    let head = fill(server.port, &server.key).await?;
    let seen = Seen::default();
    let mut listeners = Vec::new();
    for person in 0..PEOPLE {
        let cookies = sign_in(server.port, person).await?;
        for _ in 0..SOCKETS / PEOPLE {
            let socket = connect(server.port, &cookies, head).await?;
            listeners.push(tokio::spawn(listen(socket, seen.clone())));
        }
    }
    let mut rounds = Vec::new();
    for _ in 0..arguments.rounds {
        let sent = sell(&server, arguments.seconds).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        rounds.push(Round::of(&sent, &std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner))));
    }
    listeners.iter().for_each(tokio::task::JoinHandle::abort);
    let middle = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
    let (came, expected) = rounds.iter().fold((0, 0), |sum, round| (sum.0 + round.came, sum.1 + round.expected));
    let (p99, answered) = (middle(|round| round.frames[1]), middle(|round| round.answers[1]));
    println!(
        "| {name} | {came} of {expected} | {:.1} | {p99:.1} | {:.1} | {:.1} | {answered:.1} | {:.2} |",
        middle(|round| round.frames[0]),
        middle(|round| round.frames[2]),
        middle(|round| round.answers[0]),
        p99 / answered
    );
    server.stop().await
}

/// A round's figures: 50 %, 99 % and all of the waits were no longer, in milliseconds.
struct Round {
    came: usize,
    expected: usize,
    frames: [f64; 3],
    answers: [f64; 3],
}

impl Round {
    fn of(sent: &Sent, seen: &[(i64, Instant)]) -> Self {
        let frames: Vec<_> = seen.iter().filter_map(|(seq, at)| Some(at.duration_since(sent.get(seq)?.0))).collect();
        let answers = sent.values().map(|(sent, answered)| answered.duration_since(*sent)).collect();
        Self {
            came: frames.len(),
            expected: sent.len() * SOCKETS,
            frames: percentiles(frames),
            answers: percentiles(answers),
        }
    }
}

fn percentiles(mut waits: Vec<Duration>) -> [f64; 3] {
    waits.sort();
    [50, 99, 100].map(|part| {
        let place = waits.len().saturating_sub(1) * part / 100;
        waits.get(place).map_or(f64::NAN, Duration::as_secs_f64) * 1_000.0
    })
}

async fn connect(port: u16, cookies: &str, head: i64) -> Outcome<WebSocketStream<TcpStream>> {
    let mut request = format!("ws://127.0.0.1:{port}/live").into_client_request()?;
    request.headers_mut().insert("origin", format!("http://127.0.0.1:{port}").parse()?);
    request.headers_mut().insert("cookie", cookies.parse()?);
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    let hello = json!({"epoch": null, "last_seq": head, "topics": ["stock:LON", "sales:LON"]});
    socket.send(Message::text(hello.to_string())).await?;
    Ok(socket)
}

async fn listen(mut socket: WebSocketStream<TcpStream>, seen: Seen) {
    while let Some(Ok(message)) = socket.next().await {
        let now = Instant::now();
        let Ok(text) = message.to_text() else { continue };
        let Ok(frame) = serde_json::from_str::<Value>(text) else { continue };
        if let (Some("event"), Some(seq)) = (frame["frame"].as_str(), frame["seq"].as_i64()) {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push((seq, now));
        }
    }
}

async fn sell(server: &Server, seconds: u64) -> Outcome<Sent> {
    let mut sent = Sent::new();
    let mut client = Client::open(server.port).await?;
    let mut beat = tokio::time::interval(Duration::from_millis(1_000 / RATE));
    for at in 0..seconds * RATE {
        beat.tick().await;
        let now = Instant::now();
        let answer = client.post(&server.key, "/api/v1/sales", &sale(usize::try_from(at)?, ITEMS)).await?;
        let seq = answer["seq"].as_i64().ok_or("the answer names no journal line")?;
        sent.insert(seq, (now, Instant::now()));
    }
    Ok(sent)
}
