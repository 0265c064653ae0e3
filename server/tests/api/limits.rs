//! What lies around every route: headers, sizes, times, shapes, and pages of strangers.

use crate::kit::{Ask, Badge, Shop, on_sqlite, raw, sale};
use model::Role;
use serde_json::json;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};
use storeroom::Place;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A path of every kind, with its expected status for nobody.
const PATHS: [(&str, u16); 10] = [
    ("/healthz", 200),
    ("/readyz", 200),
    ("/api/docs", 200),
    ("/sign-in", 200),
    ("/till", 303),
    ("/live", 403),
    ("/api/v1/items", 401),
    ("/api/v1/no-such-thing", 404),
    ("/no/such/page", 404),
    ("/pkg/none.js", 404),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_wears_the_security_headers_errors_included() {
    on_sqlite(async |shop| {
        for (path, status) in PATHS {
            let answer = Ask::get(path).header("accept", "text/html").send(shop.at).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.text());
            wears(&answer, path);
        }
        wears(&Ask::post("/api/v1/sales", &sale("1")).send(shop.at).await, "a refused sale");
        wears(&Ask::new("DELETE", "/till").send(shop.at).await, "a wrong method");
        shop.close().await;
    })
    .await;
}

fn wears(answer: &crate::kit::Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'nonce-"), "{what}: {policy}");
    assert!(policy.contains("'strict-dynamic' 'wasm-unsafe-eval'"), "{what}: {policy}");
    assert!(!policy.contains("'unsafe-eval'") && !policy.contains("unsafe-inline"), "{what}: {policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(self), geolocation=(), microphone=()"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    assert!(answer.header("strict-transport-security").is_empty() && answer.header("server").is_empty(), "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_carries_the_nonce_of_its_header_and_no_two_are_alike() {
    on_sqlite(async |shop| {
        let nonce = async || {
            let page = Ask::get("/sign-in").send(shop.at).await;
            let policy = page.header("content-security-policy").to_owned();
            let nonce =
                policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
            assert!(page.text().contains(&format!("nonce=\"{nonce}\"")), "{}", page.text());
            nonce
        };
        assert_ne!(nonce().await, nonce().await);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_its_limit_is_refused_and_one_within_is_read() {
    on_sqlite(async |shop| {
        let key = shop.key(&["all"], None).await;
        let large = |path: &str, size: usize| {
            key.on(Ask::new("POST", path)
                .header("idempotency-key", "large-0001")
                .body("application/json", vec![b' '; size]))
        };
        assert_eq!(large("/api/v1/sales", 256 * 1024 + 1).send(shop.at).await.status, 413);
        assert_eq!(large("/api/v1/sales", 256 * 1024).send(shop.at).await.status, 400, "only blanks, but read");
        let sign_in = |size| {
            Ask::new("POST", "/api/auth/sign_in")
                .header("sec-fetch-site", "same-origin")
                .body("application/x-www-form-urlencoded", vec![b'a'; size])
        };
        assert_eq!(sign_in(4 * 1024 + 1).send(shop.at).await.status, 413);
        assert!(sign_in(1024).send(shop.at).await.status < 500);
        chunked_is_counted_too(&shop).await;
        shop.close().await;
    })
    .await;
}

async fn chunked_is_counted_too(shop: &Shop) {
    let mut request =
        b"POST /api/v1/sales HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..40 {
        request.extend_from_slice(b"2000\r\n");
        request.extend_from_slice(&[b' '; 0x2000]);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(raw(shop.at, &request).await.expect("an answer").status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_an_odd_shape_are_refused_and_the_server_lives() {
    on_sqlite(async |shop| {
        let long = format!("GET /till?{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "a=1&".repeat(10_000));
        let header = format!("GET /till HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "a".repeat(65_536));
        for request in [
            "CONNECT example.org:443 HTTP/1.1\r\nhost: example.org\r\nconnection: close\r\n\r\n",
            "GET http://example.org/till HTTP/1.1\r\nhost: example.org\r\nconnection: close\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            "GET /%ff%fe HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            "GET /items/%ff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            "POST /api/v1/sales HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            "nonsense\r\n\r\n",
            &long,
            &header,
        ] {
            let start = &request[..request.len().min(40)];
            match raw(shop.at, request.as_bytes()).await {
                Ok(answer) => assert!((300..500).contains(&answer.status), "{start}: {}", answer.status),
                Err(error) => assert!(error.kind() != std::io::ErrorKind::TimedOut, "{start}: {error}"),
            }
        }
        assert_eq!(Ask::get("/healthz").send(shop.at).await.status, 200);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_is_closed() {
    on_sqlite(async |shop| {
        for first in ["", "GET /till HTTP/1.1\r\nhost: "] {
            let began = Instant::now();
            let mut stream = TcpStream::connect(shop.at).await.expect("a connection");
            stream.write_all(first.as_bytes()).await.expect("written");
            let read = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut Vec::new())).await;
            assert!(read.is_ok(), "closed");
            assert!(began.elapsed() > Duration::from_secs(4), "but not at once");
        }
        shop.close().await;
    })
    .await;
}

/// A picture or a list takes longer to arrive, over a shop's connection, than a handler may think.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_arrive_slowly() {
    on_sqlite(async |shop| {
        let mark = shop.person("mark", Role::Manager, Some(&shop.london)).await;
        let (file, cookies) = ("sku,name\nZ9,Zed\n", mark.cookies());
        let head = format!(
            "POST /files/import?name=a.csv HTTP/1.1\r\nhost: {}\r\ncookie: {cookies}\r\nsec-fetch-site: same-origin\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            shop.at,
            file.len()
        );
        let mut stream = TcpStream::connect(shop.at).await.expect("a connection");
        stream.write_all(head.as_bytes()).await.expect("written");
        let (first, rest) = file.split_at(5);
        stream.write_all(first.as_bytes()).await.expect("written");
        tokio::time::sleep(Duration::from_secs(11)).await;
        stream.write_all(rest.as_bytes()).await.expect("written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_page_cannot_act_in_somebodys_name() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let cookie = ann.cookies().to_owned();
        let own = format!("http://{}", shop.at);
        let sell = || Ask::post("/api/inventory/post_sale", &json!({ "sale": sale("1") })).header("cookie", &cookie);
        for headers in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("origin", "null")],
            vec![("origin", "https://evil.example")],
            vec![("sec-fetch-site", "cross-site"), ("origin", own.as_str())],
            vec![],
        ] {
            let ask = headers.iter().fold(sell(), |ask, (name, value)| ask.header(name, value));
            assert_eq!(ask.send(shop.at).await.status, 403, "{headers:?}");
        }
        let key = shop.key(&["all"], None).await;
        assert_eq!(shop.on_hand(&key).await, "0");
        assert_eq!(sell().header("origin", &own).send(shop.at).await.status, 200);
        assert_eq!(sell().header("sec-fetch-site", "same-origin").send(shop.at).await.status, 200);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_from_a_strangers_page_is_refused_and_no_get_changes_anything() {
    on_sqlite(async |shop| {
        let form =
            Ask::new("POST", "/api/auth/sign_in").body("application/x-www-form-urlencoded", "name=boss&password=x");
        assert_eq!(form.clone().header("sec-fetch-site", "cross-site").send(shop.at).await.status, 403);
        assert_eq!(form.send(shop.at).await.status, 403);
        for path in storeroom::http::functions() {
            let answer = shop.get(&Badge::default(), path).await;
            assert!(matches!(answer.status, 404 | 405), "{path}: {}", answer.status);
        }
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_request_id_comes_back_and_an_odd_one_does_not() {
    on_sqlite(async |shop| {
        let given = Ask::get("/healthz").header("x-request-id", "till-2_00017").send(shop.at).await;
        assert_eq!(given.header("x-request-id"), "till-2_00017");
        let odd = Ask::get("/healthz").header("x-request-id", "<script>").send(shop.at).await;
        assert_eq!(odd.header("x-request-id").len(), 32);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_that_are_rendered_at_once_do_not_disturb_each_other() {
    on_sqlite(async |shop| {
        let mark = shop.person("mark", Role::Manager, Some(&shop.london)).await;
        let client = |_| {
            let (mark, at) = (mark.clone(), shop.at);
            tokio::spawn(async move {
                // What each page brings along: it is asked for once, however the threads take turns.
                let pages = [
                    ("/sign-in", 2),
                    ("/till", 1),
                    ("/stock", 3),
                    ("/items/A1", 2),
                    ("/products/A1", 2),
                    ("/dashboard", 2),
                ];
                for (path, brings) in pages.repeat(8) {
                    let answer = mark.on(Ask::get(path)).send(at).await;
                    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
                    let brought = answer.text().matches("__RESOLVED_RESOURCES[").count();
                    assert_eq!(brought, brings, "{path}: {}", answer.text());
                }
            })
        };
        let clients: Vec<_> = (0..12).map(client).collect();
        for client in clients {
            client.await.expect("every page");
        }
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_waits_and_nobody_else_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path());
    let slow = NonZeroU32::new(1).expect("it is not zero");
    let shop = Shop::open_at(slow, &place).await;
    let mut keys = Vec::new();
    for _ in 0..3 {
        keys.push(shop.key(&["stock:read"], None).await);
    }
    let [busy, other, late] = keys.try_into().expect("three");
    let ask = async |badge: &Badge| badge.on(Ask::get("/api/v1/items?limit=1")).send(shop.at).await;
    let mut refused = None;
    for _ in 0..200 {
        let answer = ask(&busy).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("200 at once are too many for one a second");
    assert_eq!((refused.status, refused.json()["code"].as_str()), (429, Some("too_many")));
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds >= 1));
    assert_eq!(ask(&other).await.status, 200);
    // Whoever tries keys is slowed down by address.
    let guess = Badge::key("sk_made_up");
    let mut last = 0;
    for _ in 0..200 {
        last = ask(&guess).await.status;
        if last != 401 {
            break;
        }
    }
    assert_eq!(last, 429);
    assert_eq!(ask(&late).await.status, 429, "whom we would have to look up is not looked up");
    assert_eq!(ask(&other).await.status, 200, "whom we know is not taken for one of them");
    for path in ["/readyz", "/api/docs", "/no/such/page"] {
        assert_eq!(Ask::get(path).header("accept", "text/html").send(shop.at).await.status, 429, "{path}");
    }
    assert_eq!(Ask::get("/healthz").send(shop.at).await.status, 200, "the way to look at the server stays open");
    shop.close().await;
}
