//! `kill -9` under load, again and again: nothing acknowledged is lost, nothing resent counts twice.

use crate::kit::{Ask, Badge, binary, sale_of};
use model::PostingId;
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

const CLIENTS: usize = 8;
/// How many sales are acknowledged before each blow, at least, and how long the load then goes on, at most: so that
/// the blow falls into every phase of a commit, on a busy machine too.
const ACKNOWLEDGED: usize = 8;
const LOAD_MS: u64 = 200;

/// A shop that is served by the built binary.
pub struct Victim {
    folder: TempDir,
    url: Option<String>,
    pub at: SocketAddr,
    pub key: Badge,
}

/// A serving process that never outlives its test.
pub struct Process(Child);

impl Process {
    pub fn blow(&mut self) {
        self.0.kill().expect("SIGKILL");
        self.0.wait().expect("it is dead");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Documents on their way: every client sells with its own ids, and keeps what was not answered to send it again.
#[derive(Default)]
struct Sent {
    /// The journal line that the receipt named.
    acknowledged: HashMap<PostingId, i64>,
    unanswered: Vec<PostingId>,
}

impl Victim {
    pub fn new(url: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let at = SocketAddr::from(([127, 0, 0, 1], port));
        let mut victim = Self { folder, url, at, key: Badge::default() };
        victim.done(&["store", "add", "LON", "London", "--currency", "GBP", "--time-zone", "Europe/London"]);
        let items = victim.fixture();
        victim.done(&["import", "till", items.to_str().expect("a path"), "--store", "LON"]);
        let key = victim.done(&["key", "add", "--scopes", "all", "--stores", "all"]);
        victim.key = Badge::key(String::from_utf8_lossy(&key.stdout).trim());
        victim
    }

    /// One invoice of a till and its undoing: an item appears with it, and its stock is as before.
    fn fixture(&self) -> PathBuf {
        let file = self.folder.path().join("till.csv");
        let header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
        let row = |rest: &str| format!("{rest},2.50,17850.0,United Kingdom\n");
        let rows = row("100001,85123A,PEN,1,2010-12-01 08:26:00") + &row("C100002,85123A,PEN,-1,2010-12-01 08:30:00");
        std::fs::write(&file, format!("{header}\n{rows}")).expect("written");
        file
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(arguments, &self.data());
        if let Some(url) = &self.url {
            command.env("STOREROOM_DATABASE_URL", url);
        }
        command
    }

    fn data(&self) -> PathBuf {
        Path::new(self.folder.path()).join("data")
    }

    pub fn done(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().expect("the binary runs");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        output
    }

    pub async fn start(&self) -> Process {
        let words = self.folder.path().join("words");
        let (out, err) = (Stdio::null(), std::fs::File::create(&words).expect("a file"));
        let mut server = self.command(&["serve", "--bind", &self.at.to_string(), "--requests-per-second", "1000000"]);
        let mut server = Process(server.stdout(out).stderr(err).spawn().expect("the binary runs"));
        let until = Instant::now() + Duration::from_secs(30);
        while Ask::get("/readyz").try_send(self.at).await.map_or(0, |answer| answer.status) != 200 {
            if let Some(status) = server.0.try_wait().expect("a status") {
                panic!("the server ended: {status}: {}", std::fs::read_to_string(&words).unwrap_or_default());
            }
            assert!(Instant::now() < until, "ready within 30 s");
            sleep(Duration::from_millis(20)).await;
        }
        server
    }

    /// Sells from all clients until the server dies, resending first what was not answered before.
    fn load(&self, sent: &[Arc<Mutex<Sent>>]) -> Vec<tokio::task::JoinHandle<()>> {
        let client = |sent: &Arc<Mutex<Sent>>| {
            let (sent, key, at) = (sent.clone(), self.key.clone(), self.at);
            tokio::spawn(async move { while sell(&key, at, &sent).await {} })
        };
        sent.iter().map(client).collect()
    }
}

/// One sale, an unanswered one before a new one; false when the server is gone.
async fn sell(key: &Badge, at: SocketAddr, sent: &Mutex<Sent>) -> bool {
    let id = sent.lock().expect("nobody panics").unanswered.last().copied();
    let id = id.unwrap_or_else(|| {
        let id = PostingId::new();
        sent.lock().expect("nobody panics").unanswered.push(id);
        id
    });
    let mut sale = sale_of(id, "1");
    sale["lines"][0]["sku"] = "85123A".into();
    let ask = Ask::post("/api/v1/sales", &sale).header("idempotency-key", &id.to_string());
    let Ok(answer) = key.on(ask).try_send(at).await else { return false };
    if answer.status == 503 {
        return true;
    }
    assert_eq!(answer.status, 201, "{}", answer.text());
    let seq = answer.json()["seq"].as_i64().expect("its journal line");
    let mut sent = sent.lock().expect("nobody panics");
    sent.unanswered.retain(|other| *other != id);
    sent.acknowledged.insert(id, seq);
    true
}

async fn survives(victim: &Victim, blows: u64) {
    let sent: Vec<_> = (0..CLIENTS).map(|_| Arc::new(Mutex::new(Sent::default()))).collect();
    for blow in 0..blows {
        let mut server = victim.start().await;
        let clients = victim.load(&sent);
        under_way(&sent).await;
        sleep(Duration::from_millis(blow * 7_919 % LOAD_MS)).await;
        server.blow();
        for client in clients {
            client.await.expect("no answer but a receipt");
        }
    }
    let mut server = victim.start().await;
    for sent in &sent {
        while !sent.lock().expect("nobody panics").unanswered.is_empty() {
            assert!(sell(&victim.key, victim.at, sent).await, "the server lives");
        }
    }
    every_sale_counts_once(victim, &sent, blows).await;
    server.blow();
    let verified = victim.command(&["verify"]).output().expect("the binary runs");
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
}

/// Returns when that many more sales were acknowledged.
async fn under_way(sent: &[Arc<Mutex<Sent>>]) {
    let count = || sent.iter().map(|sent| sent.lock().expect("nobody panics").acknowledged.len()).sum::<usize>();
    let (before, until) = (count(), Instant::now() + Duration::from_secs(30));
    while count() < before + ACKNOWLEDGED {
        assert!(Instant::now() < until, "{ACKNOWLEDGED} sales within 30 s");
        sleep(Duration::from_millis(5)).await;
    }
}

/// Acknowledged ⊆ stored, each once, under the line that its receipt named.
async fn every_sale_counts_once(victim: &Victim, sent: &[Arc<Mutex<Sent>>], blows: u64) {
    let mut acknowledged = HashMap::new();
    for sent in sent {
        acknowledged.extend(sent.lock().expect("nobody panics").acknowledged.clone());
    }
    assert!(acknowledged.len() as u64 >= blows * ACKNOWLEDGED as u64, "there was load: {} sales", acknowledged.len());
    let stock = victim.key.on(Ask::get("/api/v1/stock?store=LON&sku=85123A")).send(victim.at).await.json();
    assert_eq!(stock["data"][0]["on_hand"], format!("-{}", acknowledged.len()), "none lost, none doubled");
    let mut stored: HashMap<PostingId, i64> = HashMap::new();
    let mut after = 0;
    loop {
        let path = format!("/api/v1/events?after={after}&limit=200");
        let page = victim.key.on(Ask::get(&path)).send(victim.at).await.json();
        for event in page["data"].as_array().expect("rows") {
            after = event["seq"].as_i64().expect("a seq");
            if event["type"] == "inventory.sale_posted"
                && let Ok(id) = event["subject"].as_str().expect("a subject").parse()
            {
                assert_eq!(stored.insert(id, after), None, "told once");
            }
        }
        if page["next"].is_null() {
            break;
        }
    }
    for (id, seq) in acknowledged {
        assert_eq!(stored.get(&id), Some(&seq), "{id} is where its receipt said");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_blows_on_sqlite_lose_and_double_nothing() {
    survives(&Victim::new(None), 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_blows_on_postgresql_lose_and_double_nothing() {
    let url = db::test::fresh_postgres().await;
    survives(&Victim::new(Some(url.clone())), 5).await;
    db::test::drop_database(&url).await;
}

/// Holds the journal's head, so that what is committed meanwhile waits for its seal.
async fn hold_the_head(db: &db::Db) -> db::Tx {
    let mut tx = db.begin().await.expect("a transaction");
    db::execute!(&mut tx, "update log_head set seq = seq where one = 1").expect("the head is held");
    tx
}

async fn unsealed(db: &db::Db) -> i64 {
    let mut tx = db.read().await.expect("a snapshot");
    let (count,): (i64,) =
        db::fetch_one!(&mut tx, "select count(*) from log_journal where seq is null").expect("a count");
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_right_after_a_blow_finds_nothing_wrong_in_lines_that_wait_for_their_seal() {
    let url = db::test::fresh_postgres().await;
    let victim = Victim::new(Some(url.clone()));
    let db = db::Db::open_postgres(&url).await.expect("PostgreSQL opens");
    let mut server = victim.start().await;
    let sent: Vec<_> = (0..CLIENTS).map(|_| Arc::new(Mutex::new(Sent::default()))).collect();
    let held = hold_the_head(&db).await;
    let clients = victim.load(&sent);
    let until = Instant::now() + Duration::from_secs(30);
    while unsealed(&db).await < CLIENTS as i64 {
        assert!(Instant::now() < until, "every client's sale is committed within 30 s");
        sleep(Duration::from_millis(5)).await;
    }
    server.blow();
    drop(held);
    for client in clients {
        client.await.expect("no answer but a receipt");
    }
    assert!(unsealed(&db).await > 0, "the blow came before the seal");
    let verified = victim.command(&["verify"]).output().expect("the binary runs");
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    let mut server = victim.start().await;
    for sent in &sent {
        while !sent.lock().expect("nobody panics").unanswered.is_empty() {
            assert!(sell(&victim.key, victim.at, sent).await, "the server lives");
        }
    }
    assert_eq!(unsealed(&db).await, 0, "the next process seals them");
    every_sale_counts_once(&victim, &sent, 1).await;
    server.blow();
    db.close().await;
    db::test::drop_database(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_the_same_file_is_refused_with_a_sentence() {
    let victim = Victim::new(None);
    let mut server = victim.start().await;
    let output = victim.command(&["verify"]).output().expect("the binary runs");
    server.blow();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.starts_with("storeroom: ") && words.contains("process"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_by_signal_ends_cleanly() {
    let victim = Victim::new(None);
    let mut server = victim.start().await;
    let pid = server.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
    let status = tokio::task::spawn_blocking(move || server.0.wait()).await.expect("no panic").expect("a status");
    assert_eq!(status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_by_signal_under_load_answers_what_is_under_way() {
    let victim = Victim::new(None);
    let sent: Vec<_> = (0..CLIENTS).map(|_| Arc::new(Mutex::new(Sent::default()))).collect();
    let mut server = victim.start().await;
    let clients = victim.load(&sent);
    under_way(&sent).await;
    let pid = server.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
    let status = tokio::task::spawn_blocking(move || server.0.wait()).await.expect("no panic").expect("a status");
    assert_eq!(status.code(), Some(0));
    for client in clients {
        client.await.expect("no answer but a receipt");
    }
    let mut server = victim.start().await;
    for sent in &sent {
        while !sent.lock().expect("nobody panics").unanswered.is_empty() {
            assert!(sell(&victim.key, victim.at, sent).await, "the server lives");
        }
    }
    every_sale_counts_once(&victim, &sent, 1).await;
    server.blow();
}
