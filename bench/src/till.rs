//! A till that costs the machine as little as it can: the other side of the measurement shares the processors with it.

use crate::Outcome;
use std::fmt::Write;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection, kept open.
pub struct Till {
    stream: TcpStream,
    key: String,
    sent: String,
    heard: Vec<u8>,
}

impl Till {
    /// Connects.
    pub async fn open(port: u16, key: &str) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, key: key.to_owned(), sent: String::new(), heard: Vec::with_capacity(4_096) })
    }

    /// Posts a document and waits for the answer; anything but 201 is an error.
    pub async fn post(&mut self, path: &str, document: &str) -> Outcome {
        self.sent.clear();
        write!(
            self.sent,
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             idempotency-key: {}\r\ncontent-length: {}\r\n\r\n{document}",
            self.key,
            uuid::Uuid::now_v7(),
            document.len()
        )?;
        self.stream.write_all(self.sent.as_bytes()).await?;
        self.heard.clear();
        let head = loop {
            if let Some(end) = self.heard.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            self.hear().await?;
        };
        let whole = head + length(&self.heard[..head]).ok_or("the answer does not tell its length")?;
        while self.heard.len() < whole {
            self.hear().await?;
        }
        if self.heard.starts_with(b"HTTP/1.1 201 ") {
            return Ok(());
        }
        Err(format!("POST {path}: {}", String::from_utf8_lossy(&self.heard)).into())
    }

    async fn hear(&mut self) -> Outcome {
        if self.stream.read_buf(&mut self.heard).await? == 0 {
            return Err("the server hung up".into());
        }
        Ok(())
    }
}

fn length(head: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(head).ok()?;
    text.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()
}
