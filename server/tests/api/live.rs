//! The live socket: who may listen, what they hear, and when it ends.

use crate::kit::{Badge, Shop, Socket, on_each, on_sqlite, on_two, sale};
use model::{Actor, Frame, Grant, Role};
use std::time::Duration;

async fn head(shop: &Shop) -> i64 {
    let mut tx = shop.house.db.read().await.expect("a snapshot");
    shop.house.log.head(&mut tx).await.expect("a head")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_pushed_with_absolute_values_and_a_chain_of_predecessors() {
    on_each(async |shop| {
        let mark = shop.person("mark", Role::Manager, Some(&shop.london)).await;
        let key = shop.key(&["all"], None).await;
        let start = head(&shop).await;
        let mut socket = Socket::hear(&shop, &mark, start, &["stock:LON", "sales:LON"]).await;
        let mut before = start;
        for sold in 1..=3 {
            assert_eq!(shop.post(&key, "/api/v1/sales", &sale("1")).await.status, 201);
            let Frame::Event { seq, prev, changes, sale, .. } = socket.frame().await else { panic!("an event") };
            assert_eq!(prev, before);
            assert_eq!(changes[0].on_hand.to_string(), format!("-{sold}"));
            assert_eq!(sale.expect("a sale").lines[0].sku, "A1");
            before = seq;
        }
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_hears_what_they_missed_once() {
    on_each(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let key = shop.key(&["all"], None).await;
        let start = head(&shop).await;
        for _ in 0..5 {
            assert_eq!(shop.post(&key, "/api/v1/sales", &sale("1")).await.status, 201);
        }
        let mut socket = Socket::hear(&shop, &ann, start, &["stock:LON"]).await;
        let mut last = String::new();
        let mut seqs = vec![start];
        while last != "-5" {
            let Frame::Event { seq, prev, changes, sale, .. } = socket.frame().await else { panic!("an event") };
            assert_eq!(Some(&prev), seqs.last());
            assert!(sale.is_none(), "an employee does not see reports");
            last = changes[0].on_hand.to_string();
            seqs.push(seq);
        }
        assert!(socket.is_silent(Duration::from_millis(300)).await, "and nothing twice");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_stores_sales_are_not_heard() {
    on_sqlite(async |shop| {
        let pierre = shop.person("pierre", Role::Manager, Some(&shop.paris)).await;
        let key = shop.key(&["all"], None).await;
        let start = head(&shop).await;
        let mut socket = Socket::hear(&shop, &pierre, start, &["stock:LON", "sales:LON", "stock:PAR"]).await;
        assert_eq!(shop.post(&key, "/api/v1/sales", &sale("1")).await.status, 201);
        assert!(socket.is_silent(Duration::from_millis(500)).await);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_page_and_only_for_who_is_signed_in() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let port = shop.at.port();
        let foreign = [
            "",
            "null",
            "https://evil.example",
            &format!("http://127.0.0.1:{}", port + 1),
            &format!("https://127.0.0.1:{port}"),
        ];
        for origin in foreign {
            assert_eq!(Socket::open_from(shop.at, &ann, Some(origin)).await.err(), Some(403), "{origin}");
        }
        assert_eq!(Socket::open_from(shop.at, &ann, None).await.err(), Some(403));
        assert_eq!(Socket::open(shop.at, &Badge::default()).await.err(), Some(401));
        assert_eq!(Socket::open(shop.at, &Badge::cookie("__Host-at=x.y.z")).await.err(), Some(401));
        assert!(Socket::open(shop.at, &ann).await.is_ok());
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_when_the_right_ends() {
    on_each(async |shop| {
        let system = Actor::system("test");
        let start = head(&shop).await;
        for how in ["disabled", "role taken", "signed out"] {
            let name = how.replace(' ', "-");
            let badge = shop.person(&name, Role::Employee, Some(&shop.london)).await;
            let mut socket = Socket::hear(&shop, &badge, start, &["stock:LON"]).await;
            let id = shop.id_of(&name).await;
            let grant = Grant { role: Role::Employee, store: Some(shop.london.id) };
            match how {
                "disabled" => shop.house.auth.disable(&system, id).await.expect("disabled"),
                "role taken" => shop.house.auth.revoke(&system, id, grant).await.expect("revoked"),
                _ => shop.house.auth.sign_out_all(&system, id).await.expect("signed out"),
            }
            while !matches!(socket.frame().await, Frame::Bye) {}
            assert_eq!(socket.next().await.expect_err("closed"), Some(1008), "{how}");
            assert_eq!(Socket::open(shop.at, &badge).await.is_err(), how != "role taken", "{how}");
        }
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_eleventh_socket_a_flood_and_noise_are_refused() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let mut sockets = Vec::new();
        for _ in 0..10 {
            sockets.push(Socket::open(shop.at, &ann).await.expect("a place"));
        }
        assert_eq!(Socket::open(shop.at, &ann).await.err(), Some(429));
        sockets[0].say("what?").await;
        assert_eq!(sockets[0].next().await.expect_err("closed"), Some(1008));
        for _ in 0..25 {
            sockets[1].hello(0, &[]).await;
        }
        while sockets[1].next().await.is_ok() {}
        sockets[2].say(&format!("\"{}\"", "x".repeat(70_000))).await;
        assert!(sockets[2].next().await.is_err(), "a message beyond 64 KiB");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_tells_its_sockets_to_come_back() {
    on_sqlite(async |shop| {
        let ann = shop.person("ann", Role::Employee, Some(&shop.london)).await;
        let start = head(&shop).await;
        let mut socket = Socket::hear(&shop, &ann, start, &["stock:LON"]).await;
        shop.close().await;
        assert_eq!(socket.next().await.expect_err("closed"), Some(1012));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_database_both_push_and_both_know_who_signed_in() {
    on_two(async |here, there| {
        let mark = here.person("mark", Role::Manager, Some(&here.london)).await;
        let key = here.key(&["all"], None).await;
        let start = head(&here).await;
        let mut near = Socket::hear(&here, &mark, start, &["stock:LON"]).await;
        let mut far = Socket::hear(&there, &mark, start, &["stock:LON"]).await;
        for (sold, shop) in [("-1", &here), ("-2", &there)] {
            assert_eq!(shop.post(&key, "/api/v1/sales", &sale("1")).await.status, 201);
            for socket in [&mut near, &mut far] {
                let Frame::Event { changes, .. } = socket.frame().await else { panic!("an event") };
                assert_eq!(changes[0].on_hand.to_string(), sold);
            }
        }
        here.close().await;
        there.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_edit_no_more_is_neither_seen_at_a_product_nor_told_who_is() {
    on_each(async |shop| {
        let (system, start) = (Actor::system("test"), head(&shop).await);
        let mark = shop.person("mark", Role::Manager, Some(&shop.london)).await;
        let mia = shop.person("mia", Role::Manager, Some(&shop.london)).await;
        let mut socket = Socket::hear(&shop, &mark, start, &["editing:A1"]).await;
        let Frame::Present { names, .. } = socket.frame().await else { panic!("who is there") };
        assert!(names.is_empty(), "{names:?}");
        let mut other = Socket::hear(&shop, &mia, start, &["editing:A1"]).await;
        let Frame::Present { names, .. } = other.frame().await else { panic!("who is there") };
        assert_eq!(names, ["mark the tester"]);
        let Frame::Present { names, .. } = socket.frame().await else { panic!("who is there") };
        assert_eq!(names, ["mia the tester"]);

        let id = shop.id_of("mark").await;
        let grant = |role| Grant { role, store: Some(shop.london.id) };
        shop.house.auth.grant(&system, id, grant(Role::Employee)).await.expect("granted");
        shop.house.auth.revoke(&system, id, grant(Role::Manager)).await.expect("revoked");
        let Frame::Present { names, .. } = other.frame().await else { panic!("who is there") };
        assert!(names.is_empty(), "he left: {names:?}");
        drop(other);
        let _again = Socket::hear(&shop, &mia, start, &["editing:A1"]).await;
        assert!(socket.is_silent(Duration::from_secs(2)).await, "and the socket itself lives on");
        shop.close().await;
    })
    .await;
}
