//! Many at once on the last pieces: promises are kept or refused, facts are never refused.

use crate::kit::{Answer, Ask, Badge, Shop, delivery, on_each, sale};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const CLIENTS: usize = 64;
const PIECES: usize = 1_000;

/// Every client sells single pieces until `attempts` sales were tried in all; the statuses, counted.
async fn rush(shop: &Shop, key: &Badge, attempts: usize, change: fn(&mut Value)) -> (usize, usize, Vec<Answer>) {
    let tried = Arc::new(AtomicUsize::new(0));
    let client = |_| {
        let (tried, key, at) = (tried.clone(), key.clone(), shop.at);
        tokio::spawn(async move {
            let mut answers = Vec::new();
            while tried.fetch_add(1, Ordering::Relaxed) < attempts {
                let mut body = sale("1");
                change(&mut body);
                let id = body["id"].to_string();
                let ask = Ask::post("/api/v1/sales", &body).header("idempotency-key", id.trim_matches('"'));
                answers.push(insist(&key.on(ask), at).await);
            }
            answers
        })
    };
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    let mut answers = Vec::new();
    for client in clients {
        answers.extend(client.await.expect("no panic"));
    }
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    (count(201), count(409), answers)
}

/// Sends it again, as it is, while the server has too much to do: that is what its answers ask for.
async fn insist(ask: &Ask, at: SocketAddr) -> Answer {
    loop {
        let answer = ask.send(at).await;
        if !matches!(answer.status, 503 | 504) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_thousand_pieces_are_promised_a_thousand_times_and_not_once_more() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery(&PIECES.to_string())).await.status, 201);
        let (sold, refused, answers) = rush(&shop, &key, PIECES + 200, |body| body["channel"] = "web".into()).await;
        let odd = answers.iter().find(|answer| !matches!(answer.status, 201 | 409));
        assert_eq!((sold, refused), (PIECES, 200), "{odd:?}");
        assert_eq!(shop.on_hand(&key).await, "0");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_till_is_never_refused_and_the_shortfall_is_opened_once() {
    on_each(async |shop| {
        let key = shop.key(&["all"], None).await;
        assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery("50")).await.status, 201);
        let (sold, _, answers) = rush(&shop, &key, 200, |_| {}).await;
        let odd = answers.iter().find(|answer| answer.status != 201);
        assert_eq!(sold, 200, "{odd:?}");
        assert_eq!(shop.on_hand(&key).await, "-150");
        let open =
            shop.house.inventory.exceptions(&model::Actor::system("test"), "LON", None).await.expect("exceptions");
        assert_eq!(open.data.len(), 1);
        shop.close().await;
    })
    .await;
}
