//! A browser's end of the live socket.

use super::{Badge, Shop};
use futures::{SinkExt, StreamExt};
use model::{Frame, Hello};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// An open socket.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens one from our own page; the status of the refusal otherwise.
    pub async fn open(at: SocketAddr, badge: &Badge) -> Result<Self, u16> {
        Self::open_from(at, badge, Some(&format!("http://{at}"))).await
    }

    /// The same from a page of that origin.
    pub async fn open_from(at: SocketAddr, badge: &Badge, origin: Option<&str>) -> Result<Self, u16> {
        let mut request = format!("ws://{at}/live").into_client_request().expect("a request");
        let headers = request.headers_mut();
        if !badge.cookies().is_empty() {
            headers.insert("cookie", badge.cookies().parse().expect("ascii"));
        }
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().expect("ascii"));
        }
        let stream = TcpStream::connect(at).await.expect("the server is there");
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens one, says hello and is welcomed.
    pub async fn hear(shop: &Shop, badge: &Badge, since: i64, topics: &[&str]) -> Self {
        let mut socket = Self::open(shop.at, badge).await.expect("a socket");
        socket.hello(since, topics).await;
        let Frame::Welcome { seq, .. } = socket.frame().await else { panic!("no welcome") };
        assert_eq!(seq, since);
        socket
    }

    pub async fn hello(&mut self, last_seq: i64, topics: &[&str]) {
        let topics = topics.iter().map(|topic| (*topic).to_owned()).collect();
        let hello = Hello { epoch: None, last_seq, topics };
        self.say(&serde_json::to_string(&hello).expect("it writes")).await;
    }

    pub async fn say(&mut self, text: &str) {
        let _ = self.0.send(Message::text(text)).await;
    }

    /// The next frame, within 10 s.
    pub async fn frame(&mut self) -> Frame {
        match self.next().await {
            Ok(frame) => frame,
            Err(end) => panic!("the socket ended: {end:?}"),
        }
    }

    /// The next frame, or the close code with which the socket ended.
    pub async fn next(&mut self) -> Result<Frame, Option<u16>> {
        loop {
            let message = timeout(Duration::from_secs(10), self.0.next()).await.expect("something within 10 s");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("a frame")),
                Some(Ok(Message::Close(close))) => return Err(close.map(|close| close.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// Every byte that comes until it is silent for that long, as it came.
    pub async fn everything(&mut self, silence: Duration) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Ok(Some(Ok(message))) = timeout(silence, self.0.next()).await {
            bytes.extend(message.into_data());
        }
        bytes
    }

    /// Does it stay silent for that long?
    pub async fn is_silent(&mut self, time: Duration) -> bool {
        let told = async {
            loop {
                if !matches!(self.0.next().await, Some(Ok(Message::Ping(_) | Message::Pong(_)))) {
                    return;
                }
            }
        };
        timeout(time, told).await.is_err()
    }
}
