//! A shop for the stories: a journal, an Auth, and people in it.

use auth::{Auth, Identified, NewPerson, Secret, SignedIn};
use db::Db;
use log::{Log, Running};
use model::{Actor, ClientKey, Error, Grant, PersonId, Result, Role, StoreId, Via};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use tempfile::TempDir;

/// The password of everyone in the stories.
pub const PASSWORD: &str = "blue kettle 42 rain";
/// Where they sign in from.
pub const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A shop; closes at the end of its story.
pub struct Shop {
    pub auth: Auth,
    pub db: Db,
    pub log: Log,
    pub folder: TempDir,
    running: Running,
}

impl Shop {
    pub async fn open(db: Db) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = Log::open(db.clone(), folder.path()).await.expect("the journal opens");
        let running = log.start();
        let auth = Auth::open(db.clone(), log.clone(), folder.path()).await.expect("auth opens");
        Self { auth, db, log, folder, running }
    }

    /// Auth as another process has it: with its own memory and its own signing key.
    pub async fn other_process(&self) -> (Auth, TempDir) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let auth = Auth::open(self.db.clone(), self.log.clone(), folder.path()).await.expect("auth opens");
        (auth, folder)
    }

    pub async fn close(self) {
        self.running.stop().await;
    }

    /// Adds someone with that role, everywhere or in a store.
    pub async fn person(&self, name: &str, role: Role, store: Option<StoreId>) -> PersonId {
        self.auth.add_person(&root(), new(name, vec![Grant { role, store }])).await.expect("a person is added")
    }

    pub async fn sign_in(&self, name: &str) -> SignedIn {
        self.try_sign_in(name, PASSWORD).await.expect("the right password signs in")
    }

    pub async fn try_sign_in(&self, name: &str, password: &str) -> Result<SignedIn> {
        self.auth.sign_in(name, &Secret::new(password), HERE, via("tablet")).await
    }

    /// How many lines of that topic the journal has; waits for the sealing of what was just written.
    pub async fn lines(&self, topic: &str) -> usize {
        self.bodies(topic).await.len()
    }

    /// The bodies of the lines of that topic.
    pub async fn bodies(&self, topic: &str) -> Vec<String> {
        let mut before = -1;
        loop {
            let mut tx = self.db.read().await.expect("a snapshot opens");
            let lines = self.log.read(&mut tx, 0, 10_000).await.expect("the journal reads");
            drop(tx);
            let head = lines.last().map_or(0, |line| line.seq);
            if head == before {
                let of_topic = lines.iter().filter(|line| topic.is_empty() || line.topic == topic);
                return of_topic.map(|line| format!("{} {}", line.subject, line.body)).collect();
            }
            before = head;
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }

    /// Makes every wait that attempts to sign in have earned so many seconds longer, or shorter.
    pub async fn lengthen_waits(&self, seconds: i64) {
        let mut tx = self.db.begin().await.expect("a transaction opens");
        db::execute!(
            &mut tx,
            "update auth_attempt set unlock_at = unlock_at + $1 where unlock_at > 0",
            seconds * 1_000_000
        )
        .expect("the waits change");
        tx.commit().await.expect("the waits change");
    }

    /// How many rows acts left behind under such a name.
    pub async fn rows_of(&self, name: &str) -> i64 {
        let mut tx = self.db.read().await.expect("a snapshot opens");
        let (count,): (i64,) = db::fetch_one!(&mut tx, "select count(*) from auth_attempt where subject like $1", name)
            .expect("the rows are counted");
        count
    }

    /// Makes an answer that many seconds older.
    pub async fn age_answer(&self, key: &str, seconds: i64) {
        let mut tx = self.db.begin().await.expect("a transaction opens");
        db::execute!(
            &mut tx,
            "update auth_answer set created_at = created_at - $1 where key = $2",
            seconds * 1_000_000,
            key
        )
        .expect("the answer ages");
        tx.commit().await.expect("the answer ages");
    }

    /// Moves a session's clock back by so many seconds.
    pub async fn age_session(&self, session: model::SessionId, seconds: i64) {
        let mut tx = self.db.begin().await.expect("a transaction opens");
        db::execute!(
            &mut tx,
            "update auth_session set rotated_at = rotated_at - $1, expires_at = expires_at - $1 where id = $2",
            seconds * 1_000_000,
            session
        )
        .expect("the session ages");
        tx.commit().await.expect("the session ages");
    }
}

/// The command line.
pub fn root() -> Actor {
    Actor::system("command line")
}

pub fn via(device: &str) -> Via {
    Via { request_id: "r-1".to_owned(), device: device.to_owned(), client_key: None }
}

/// The same actor with an `Idempotency-Key`.
pub fn keyed(actor: &Actor, key: &str, content: &str) -> Actor {
    let client_key = ClientKey { key: key.to_owned(), request_hash: content.as_bytes().to_vec(), status: 201 };
    Actor { via: Via { client_key: Some(client_key), ..via("till") }, ..actor.clone() }
}

pub fn new(name: &str, grants: Vec<Grant>) -> NewPerson {
    let display_name = format!("{name} of the shop");
    NewPerson { name: name.to_owned(), display_name, password: PASSWORD.into(), language: "en".to_owned(), grants }
}

/// Recognises a browser by these tokens.
pub async fn identify(auth: &Auth, access: Option<&Secret>, refresh: Option<&Secret>) -> Result<Identified> {
    auth.identify(access.map(Secret::expose), refresh.map(Secret::expose), None, via("tablet")).await
}

/// Waits until that is refused; panics when it is still accepted after half a minute.
pub async fn refused_soon<T>(attempt: impl AsyncFn() -> Result<T>) {
    let begun = std::time::Instant::now();
    loop {
        match attempt().await {
            Err(Error::SignedOut) => return,
            Err(error) => panic!("refused otherwise: {error}"),
            Ok(_) => assert!(begun.elapsed() < Duration::from_secs(30), "still accepted"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
