//! A shop to test with: two stores, people of every role, a server on port 0.

mod socket;
mod wire;

pub use socket::Socket;
pub use wire::{Answer, Ask, raw};

use auth::{NewDevice, NewPerson, Secret};
use model::{Actor, Grant, ItemId, NewItem, PersonId, PostingId, Role, Scope, Store, Via};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use storeroom::{Config, House, Place};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The password of everybody here.
pub const PASSWORD: &str = "seven green bottles";
/// The PIN of everybody who has one.
pub const PIN: &str = "739158";

/// A served shop.
pub struct Shop {
    pub house: House,
    pub at: SocketAddr,
    pub london: Store,
    pub paris: Store,
    stop: CancellationToken,
    serving: JoinHandle<Result<(), storeroom::Stop>>,
}

/// Somebody's cookies or key, added to what they ask.
#[derive(Clone, Debug, Default)]
pub struct Badge(Vec<(String, String)>);

impl Badge {
    pub fn cookie(cookie: &str) -> Self {
        Self(vec![("cookie".into(), cookie.into()), ("sec-fetch-site".into(), "same-origin".into())])
    }

    pub fn key(key: &str) -> Self {
        Self(vec![("authorization".into(), format!("Bearer {key}"))])
    }

    /// The request, with the badge.
    pub fn on(&self, ask: Ask) -> Ask {
        self.0.iter().fold(ask, |ask, (name, value)| ask.header(name, value))
    }

    /// The text of the key.
    pub fn secret(&self) -> &str {
        self.0.iter().find(|(name, _)| name == "authorization").map_or("", |(_, value)| &value["Bearer ".len()..])
    }

    /// The value of the cookie header.
    pub fn cookies(&self) -> &str {
        self.0.iter().find(|(name, _)| name == "cookie").map_or("", |(_, value)| value)
    }
}

/// Tells the story on SQLite, then on PostgreSQL.
pub async fn on_each(story: impl AsyncFn(Shop)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    story(Shop::open(&Place::folder(folder.path())).await).await;
    let (url, keys) = (db::test::fresh_postgres().await, tempfile::tempdir().expect("a temporary folder"));
    story(Shop::open(&Place::postgres(keys.path(), &url)).await).await;
    db::test::drop_database(&url).await;
}

/// Tells the story on SQLite only: for what does not depend on the engine.
pub async fn on_sqlite(story: impl AsyncFn(Shop)) {
    let folder: TempDir = tempfile::tempdir().expect("a temporary folder");
    story(Shop::open(&Place::folder(folder.path())).await).await;
}

/// Tells the story of two processes that serve one PostgreSQL database.
pub async fn on_two(story: impl AsyncFn(Shop, Shop)) {
    let (url, folders) = (db::test::fresh_postgres().await, [(); 2].map(|()| tempfile::tempdir().expect("a folder")));
    let first = Shop::open(&Place::postgres(folders[0].path(), &url)).await;
    let place = Place::postgres(folders[1].path(), &url);
    let house = House::open(&place).await.expect("the house opens");
    let second = Shop::serve(house, &place, first.london.clone(), first.paris.clone()).await;
    story(first, second).await;
    db::test::drop_database(&url).await;
}

/// More requests in a second than a test can make.
pub const FAST: NonZeroU32 = NonZeroU32::new(1_000_000).expect("it is not zero");

impl Shop {
    /// Opens the stores LON and PAR with the items A1 (a pen, 2.50) and B2 (a book, 10.00), and an administrator.
    pub async fn open(place: &Place) -> Self {
        Self::open_at(FAST, place).await
    }

    /// The same, for callers at another pace.
    pub async fn open_at(requests_per_second: NonZeroU32, place: &Place) -> Self {
        let house = House::open(place).await.expect("the house opens");
        let system = Actor::system("test");
        // On PostgreSQL an act is told its place in the journal by a sequencer: a process that serves runs one.
        let beside = house.start();
        let london =
            house.inventory.add_store(&system, "LON", "London", "GBP", "Europe/London").await.expect("a store");
        let paris = house.inventory.add_store(&system, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("a store");
        for (sku, name, price) in [("A1", "Pen", "2.50"), ("B2", "Book", "10.00")] {
            house.inventory.add_item(&system, item(sku, name, price)).await.expect("an item");
        }
        beside.stop().await;
        add_person(&house, "boss", Role::Administrator, None).await;
        Self::serve_at(requests_per_second, house, place, london, paris).await
    }

    /// Serves a house that is open.
    pub async fn serve(house: House, place: &Place, london: Store, paris: Store) -> Self {
        Self::serve_at(FAST, house, place, london, paris).await
    }

    async fn serve_at(
        requests_per_second: NonZeroU32,
        house: House,
        place: &Place,
        london: Store,
        paris: Store,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let at = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let config = Config {
            place: place.clone(),
            public_url: None,
            demo: false,
            trusted_proxies: Vec::new(),
            requests_per_second,
        };
        let shutdown = stop.clone().cancelled_owned();
        let serving = tokio::spawn(storeroom::serve(house.clone(), config, listener, shutdown));
        Self { house, at, london, paris, stop, serving }
    }

    /// Adds someone with that role in those stores (none: everywhere) and signs them in.
    pub async fn person(&self, name: &str, role: Role, store: Option<&Store>) -> Badge {
        add_person(&self.house, name, role, store).await;
        self.sign_in(name).await
    }

    /// Someone's cookies.
    pub async fn sign_in(&self, name: &str) -> Badge {
        let address = "127.0.0.1".parse().expect("an address");
        let signed = self.house.auth.sign_in(name, &Secret::new(PASSWORD), address, Via::default()).await;
        let tokens = signed.expect("they sign in").tokens;
        Badge::cookie(&format!("__Host-at={}; __Host-rt={}", tokens.access.expose(), tokens.refresh.expose()))
    }

    /// Someone's cookies at a shared tablet of that store, where they took their place with their PIN.
    pub async fn by_pin(&self, name: &str, store: &Store) -> Badge {
        let (auth, address) = (&self.house.auth, "127.0.0.1".parse().expect("an address"));
        let actor =
            auth.sign_in(name, &Secret::new(PASSWORD), address, Via::default()).await.expect("they sign in").actor;
        // A new PIN would end what the one before has opened.
        if !auth.has_pin(&actor).await.expect("readable") {
            auth.set_pin(&actor, &PASSWORD.into(), &PIN.into(), address).await.expect("set");
        }
        let new = NewDevice { store: store.id, name: "Till 2".to_owned(), lock_minutes: 5 };
        let (_, tablet) = auth.share_device(&Actor::system("test"), new, None).await.expect("shared");
        let person = self.id_of(name).await;
        let signed = auth.sign_in_by_pin(Some(&tablet), person, &PIN.into(), Via::default()).await;
        let tokens = signed.expect("the PIN is right").tokens;
        let (access, refresh) = (tokens.access.expose(), tokens.refresh.expose());
        Badge::cookie(&format!("__Host-at={access}; __Host-rt={refresh}; __Host-tablet={}", tablet.expose()))
    }

    /// The id of someone by their sign-in name.
    pub async fn id_of(&self, name: &str) -> PersonId {
        let people = self.house.auth.people(&Actor::system("test"), "").await.expect("people");
        people.into_iter().find(|person| person.name == name).expect("that name").id
    }

    /// A key with those scopes in that store (none: everywhere).
    pub async fn key(&self, scopes: &[&str], store: Option<&Store>) -> Badge {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let stores = store.map_or(Scope::All, |store| Scope::Only(vec![store.id]));
        let made = self.house.auth.add_key(&Actor::system("test"), "test", &scopes, &stores, None).await;
        Badge::key(made.expect("a key").1.expose())
    }

    /// Sends a document to `/api/v1` with an `Idempotency-Key` of its own.
    pub async fn post(&self, badge: &Badge, path: &str, body: &Value) -> Answer {
        let key = PostingId::new().to_string();
        badge.on(Ask::post(path, body).header("idempotency-key", &key)).send(self.at).await
    }

    pub async fn get(&self, badge: &Badge, path: &str) -> Answer {
        badge.on(Ask::get(path)).send(self.at).await
    }

    /// What is on hand of A1 in London, in whole pieces.
    pub async fn on_hand(&self, badge: &Badge) -> String {
        let answer = self.get(badge, "/api/v1/stock?store=LON&sku=A1").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["data"][0]["on_hand"].as_str().unwrap_or("0").to_owned()
    }

    /// Stops the server as SIGTERM would.
    pub async fn close(self) {
        self.stop.cancel();
        self.serving.await.expect("no panic").expect("a clean end");
    }
}

/// A sale of A1 in London.
pub fn sale(quantity: &str) -> Value {
    sale_of(PostingId::new(), quantity)
}

/// The same with a given id.
pub fn sale_of(id: PostingId, quantity: &str) -> Value {
    json!({ "id": id, "store": "LON", "lines": [{ "sku": "A1", "quantity": quantity, "unit_price": "2.50" }] })
}

/// A receipt of A1 in London.
pub fn delivery(quantity: &str) -> Value {
    json!({ "id": PostingId::new(), "store": "LON", "lines": [{ "sku": "A1", "quantity": quantity, "unit_price": "1.00" }] })
}

async fn add_person(house: &House, name: &str, role: Role, store: Option<&Store>) {
    let new = NewPerson {
        name: name.to_owned(),
        display_name: format!("{name} the tester"),
        password: Secret::new(PASSWORD),
        language: "en".to_owned(),
        grants: vec![Grant { role, store: store.map(|store| store.id) }],
    };
    house.auth.add_person(&Actor::system("test"), new).await.expect("a person");
}

fn item(sku: &str, name: &str, price: &str) -> NewItem {
    let (id, price) = (ItemId::new(), Some(price.parse().expect("a price")));
    NewItem {
        id,
        sku: sku.into(),
        name: name.into(),
        barcodes: Vec::new(),
        packs: Vec::new(),
        unit: "piece".into(),
        price,
        kind: Default::default(),
        costing: Default::default(),
    }
}

/// The built binary on that folder.
pub fn binary(arguments: &[&str], data_dir: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_storeroom"));
    command.args(arguments).arg("--data-dir").arg(data_dir).env("STOREROOM_LOG", "warn");
    command
}
