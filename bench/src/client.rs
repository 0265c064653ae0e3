//! One HTTP connection that is kept open, as a till keeps it.

use crate::Outcome;
use crate::server::PASSWORD;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// A connection.
pub struct Client {
    port: u16,
    send: SendRequest<Full<Bytes>>,
}

/// How many items the load sells.
pub const ITEMS: usize = 1_000;

impl Client {
    /// Connects.
    pub async fn open(port: u16) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { port, send })
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Outcome<(StatusCode, HeaderMap, Bytes)> {
        let mut request =
            Request::builder().method(method).uri(path).header("host", format!("127.0.0.1:{}", self.port));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        // The connection takes the next request a moment after the last answer.
        self.send.ready().await?;
        let answer = self.send.send_request(request.body(Full::from(body))?).await?;
        let (parts, body) = answer.into_parts();
        Ok((parts.status, parts.headers, body.collect().await?.to_bytes()))
    }

    /// Posts a document to the REST interface; anything but 201 is an error.
    pub async fn post(&mut self, key: &str, path: &str, document: &Value) -> Outcome<Value> {
        let bearer = format!("Bearer {key}");
        let once = uuid::Uuid::now_v7().to_string();
        let headers =
            [("authorization", bearer.as_str()), ("content-type", "application/json"), ("idempotency-key", &once)];
        let (status, _, body) = self.send("POST", path, &headers, document.to_string()).await?;
        if status != StatusCode::CREATED {
            return Err(format!("POST {path}: {status} {}", String::from_utf8_lossy(&body)).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }
}

/// Adds the items and a delivery of each; answers with the last journal line of that.
pub async fn fill(port: u16, key: &str) -> Outcome<i64> {
    let mut last = 0;
    let mut client = Client::open(port).await?;
    for at in 0..ITEMS {
        let id = uuid::Uuid::now_v7();
        client
            .post(key, "/api/v1/items", &json!({"id": id, "sku": format!("B{at:05}"), "name": format!("Item {at}")}))
            .await?;
    }
    for from in (0..ITEMS).step_by(500) {
        let lines: Vec<_> =
            (from..from + 500).map(|at| json!({"sku": format!("B{at:05}"), "quantity": "1000000"})).collect();
        let id = uuid::Uuid::now_v7();
        let receipt = client.post(key, "/api/v1/receipts", &json!({"id": id, "store": "LON", "lines": lines})).await?;
        last = receipt["seq"].as_i64().ok_or("the answer names no journal line")?;
    }
    Ok(last)
}

/// Items that are added at once.
const LANES: usize = 16;

/// Adds that many items, each with its SKU, name and barcode, and a delivery of each.
pub async fn stock(
    port: u16,
    key: &str,
    items: usize,
    item: impl Fn(usize) -> (String, String, Option<String>) + Copy + Send + 'static,
) -> Outcome {
    let lanes = (0..LANES).map(|lane| {
        let key = key.to_owned();
        tokio::spawn(async move {
            let mut client = Client::open(port).await?;
            for at in (lane..items).step_by(LANES) {
                let (sku, name, barcode) = item(at);
                let codes: Vec<String> = barcode.into_iter().collect();
                let new =
                    json!({"id": uuid::Uuid::now_v7(), "sku": sku, "name": name, "barcodes": codes, "price": "2.55"});
                client.post(&key, "/api/v1/items", &new).await?;
            }
            Outcome::Ok(())
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await??;
    }
    let mut client = Client::open(port).await?;
    for from in (0..items).step_by(500) {
        let lines: Vec<_> =
            (from..items.min(from + 500)).map(|at| json!({"sku": item(at).0, "quantity": "1000"})).collect();
        let delivery = json!({"id": uuid::Uuid::now_v7(), "store": "LON", "lines": lines});
        client.post(key, "/api/v1/receipts", &delivery).await?;
    }
    Ok(())
}

/// Signs one of the bench's people in; answers with the cookies of the session.
pub async fn sign_in(port: u16, person: usize) -> Outcome<String> {
    let origin = format!("http://127.0.0.1:{port}");
    let body = format!("name=bench{person}&password={}", PASSWORD.replace(' ', "+"));
    let form = "application/x-www-form-urlencoded";
    let headers = [("content-type", form), ("origin", origin.as_str()), ("sec-fetch-site", "same-origin")];
    let (status, headers, _) = Client::open(port).await?.send("POST", "/api/auth/sign_in", &headers, body).await?;
    let cookies =
        headers.get_all("set-cookie").into_iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookies = cookies.collect::<Vec<_>>().join("; ");
    if cookies.is_empty() { Err(format!("bench{person} was not signed in: {status}").into()) } else { Ok(cookies) }
}

/// A sale of one line; `at` picks the item among the first `items`.
pub fn sale(at: usize, items: usize) -> Value {
    let sku = format!("B{:05}", at.wrapping_mul(7_919) % items);
    json!({"id": uuid::Uuid::now_v7(), "store": "LON", "lines": [{"sku": sku, "quantity": "1", "unit_price": "2.55"}]})
}
