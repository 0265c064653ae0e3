//! Ready or not: to a server whose database answers and takes no writes nobody is sent.

use crate::kit::{Ask, Badge, Shop, binary};
use db::sqlx::sqlite::SqliteConnectOptions;
use db::sqlx::{Connection, PgConnection, SqliteConnection};
use model::ItemId;
use serde_json::json;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use storeroom::Place;

/// Asks until it is so.
async fn until_ready_is(status: u16, at: SocketAddr, mut meanwhile: impl AsyncFnMut()) -> String {
    let until = Instant::now() + Duration::from_secs(40);
    loop {
        if let Ok(answer) = Ask::get("/readyz").try_send(at).await
            && answer.status == status
        {
            return answer.text();
        }
        assert!(Instant::now() < until, "/readyz is {status} within 40 s");
        meanwhile().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_no_writes_is_not_ready_until_it_does() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = Shop::open(&Place::folder(folder.path())).await;
    until_ready_is(200, shop.at, async || {}).await;
    let file = SqliteConnectOptions::new().filename(folder.path().join("storeroom.db"));
    let mut other = SqliteConnection::connect_with(&file).await.expect("it opens");
    db::sqlx::query("begin immediate").execute(&mut other).await.expect("the file is another's");
    assert!(until_ready_is(503, shop.at, async || {}).await.contains("no_writes"));
    assert_eq!(Ask::get("/healthz").send(shop.at).await.status, 200, "it lives all the same");
    db::sqlx::query("rollback").execute(&mut other).await.expect("it is free again");
    until_ready_is(200, shop.at, async || {}).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_is_only_read_is_not_ready_until_it_is_written() {
    let (url, keys) = (db::test::fresh_postgres().await, tempfile::tempdir().expect("a temporary folder"));
    let shop = Shop::open(&Place::postgres(keys.path(), &url)).await;
    until_ready_is(200, shop.at, async || {}).await;
    let (server, name) = url.rsplit_once('/').expect("a URL with a database");
    let mut owner = PgConnection::connect(&format!("{server}/postgres")).await.expect("it answers");
    let end = format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    for (set, status) in [("set default_transaction_read_only = on", 503), ("reset default_transaction_read_only", 200)]
    {
        for sql in [format!("alter database {name} {set}"), end.clone()] {
            db::sqlx::query(db::sqlx::AssertSqlSafe(sql)).execute(&mut owner).await.expect("it is so");
        }
        until_ready_is(status, shop.at, async || {}).await;
    }
    shop.close().await;
    db::test::drop_database(&url).await;
}

/// A serving process that never outlives its test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_disk_takes_no_more_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let made = binary(&["key", "add", "--scopes", "all", "--stores", "all"], folder.path()).output().expect("it runs");
    let key = Badge::key(String::from_utf8_lossy(&made.stdout).trim());
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let at = SocketAddr::from(([127, 0, 0, 1], port));
    let serve = binary(&["serve", "--bind", &at.to_string()], folder.path());
    // No file grows beyond 2 to 4 MB, whichever size of block this shell means: as on a disk that is full.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 4000; exec \"$@\"", "sh"])
        .arg(serve.get_program())
        .args(serve.get_args());
    let server =
        shell.env("STOREROOM_LOG", "off").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    let _server = Process(server);
    until_ready_is(200, at, async || {}).await;
    let fill = async || {
        for _ in 0..50 {
            let item = json!({ "id": ItemId::new(), "sku": ItemId::new(), "name": "Pen ".repeat(40) });
            let ask = Ask::post("/api/v1/items", &item).header("idempotency-key", &ItemId::new().to_string());
            if key.on(ask).send(at).await.status >= 500 {
                return;
            }
        }
    };
    assert!(until_ready_is(503, at, fill).await.contains("no_writes"));
}
