//! From a sale sent over REST to its frame on a hundred sockets.

use crate::client::{Client, fill, sale};
use crate::server::{PASSWORD, PEOPLE, Server};
use crate::{Arguments, Outcome};
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

/// When each journal line's sale was sent, by `seq`.
type Sent = Arc<Mutex<HashMap<i64, Instant>>>;

/// Prints the latency.
pub async fn measure(arguments: &Arguments) -> Outcome {
    let mut server = Server::prepare(None).await?;
    server.add_people().await?;
    server.serve().await?;
    fill(server.port, &server.key).await?;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let mut listeners = Vec::new();
    for person in 0..PEOPLE {
        let cookies = sign_in(server.port, person).await?;
        for _ in 0..SOCKETS / PEOPLE {
            let socket = connect(server.port, &cookies).await?;
            listeners.push(tokio::spawn(listen(socket, seen.clone())));
        }
    }
    let sent = sell(&server, arguments.seconds * 2).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    listeners.iter().for_each(tokio::task::JoinHandle::abort);
    report(&sent, &seen.lock().unwrap_or_else(PoisonError::into_inner));
    server.stop().await
}

async fn sign_in(port: u16, person: usize) -> Outcome<String> {
    let origin = format!("http://127.0.0.1:{port}");
    let body = format!("name=bench{person}&password={}", PASSWORD.replace(' ', "+"));
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", origin.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    let (status, headers, answer) = Client::open(port).await?.send("POST", "/api/auth/sign_in", &headers, body).await?;
    let cookies: Vec<_> = headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next().map(str::to_owned))
        .collect();
    if cookies.is_empty() {
        return Err(format!("no session: {status} {}", String::from_utf8_lossy(&answer)).into());
    }
    Ok(cookies.join("; "))
}

async fn connect(port: u16, cookies: &str) -> Outcome<WebSocketStream<TcpStream>> {
    let mut request = format!("ws://127.0.0.1:{port}/live").into_client_request()?;
    request.headers_mut().insert("origin", format!("http://127.0.0.1:{port}").parse()?);
    request.headers_mut().insert("cookie", cookies.parse()?);
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    let hello = json!({"epoch": null, "last_seq": 0, "topics": ["stock:LON", "sales:LON"]});
    socket.send(Message::text(hello.to_string())).await?;
    Ok(socket)
}

async fn listen(mut socket: WebSocketStream<TcpStream>, seen: Arc<Mutex<Vec<(i64, Instant)>>>) {
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
    let sent = Sent::default();
    let mut client = Client::open(server.port).await?;
    let mut beat = tokio::time::interval(Duration::from_millis(1_000 / RATE));
    for at in 0..seconds * RATE {
        beat.tick().await;
        let now = Instant::now();
        let answer = client.post(&server.key, "/api/v1/sales", &sale(usize::try_from(at)?)).await?;
        let seq = answer["seq"].as_i64().ok_or("the answer names no journal line")?;
        sent.lock().unwrap_or_else(PoisonError::into_inner).insert(seq, now);
    }
    Ok(sent)
}

fn report(sent: &Sent, seen: &[(i64, Instant)]) {
    let sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
    let mut waits: Vec<_> = seen.iter().filter_map(|(seq, at)| Some(at.duration_since(*sent.get(seq)?))).collect();
    waits.sort();
    println!("\n## From a sale sent to its frame on {SOCKETS} sockets ({RATE} sales/s, SQLite)");
    let expected = sent.len() * SOCKETS;
    println!("frames: {} of {expected} expected", waits.len());
    if waits.is_empty() {
        return;
    }
    let at = |part: usize| waits[(waits.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
    println!("p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms", at(50), at(99), at(100));
}
