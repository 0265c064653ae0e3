//! A store with its keys, and the REST interface in front of it, in this process.

use auth::{Auth, NewPerson, Secret};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use db::Db;
use inventory::Inventory;
use log::{Log, Running};
use model::{Actor, Grant, Role, Scope, Store, Via};
use serde_json::{Value, json};
use storeroom_integration::{Integration, rest};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

pub struct World {
    pub auth: Auth,
    pub inventory: Inventory,
    pub integration: Integration,
    pub lon: Store,
    pub par: Store,
    /// Everything, everywhere.
    pub key: String,
    router: Router,
    running: Running,
    _folder: TempDir,
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|fault| panic!("{fault}: {:?}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("visible ASCII"))
    }

    /// The answer is a problem of that status and code.
    #[track_caller]
    pub fn is_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:storeroom:problem:{code}"));
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
        problem
    }
}

pub fn root() -> Actor {
    Actor::system("test")
}

pub fn id() -> String {
    Uuid::now_v7().to_string()
}

impl World {
    pub async fn open(db: Db) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = Log::open(db.clone(), folder.path()).await.expect("the journal opens");
        let running = log.start();
        let auth = Auth::open(db, log, folder.path()).await.expect("auth opens");
        let inventory = Inventory::new(auth.clone());
        let integration = Integration::open(auth.clone(), inventory.clone()).await.expect("integration opens");
        let lon = inventory.add_store(&root(), "LON", "London", "GBP", "Europe/London").await.expect("a store");
        let par = inventory.add_store(&root(), "PAR", "Paris", "EUR", "Europe/Paris").await.expect("a store");
        let api = rest::serve(rest::routes().with_state(integration.clone()));
        let router = api.layer(axum::middleware::from_fn_with_state(auth.clone(), recognise));
        let mut world =
            Self { auth, inventory, integration, lon, par, key: String::new(), router, running, _folder: folder };
        world.key = world.key_for(&["all"], Scope::All).await;
        for (sku, name) in [("85123A", "White heart"), ("22633", "Hand warmer"), ("21212", "Cake cases")] {
            world.add_item(sku, name).await;
        }
        world
    }

    /// Ends it in order: nothing may be left that holds the database.
    pub async fn close(self) {
        self.running.stop().await;
    }

    pub async fn key_for(&self, scopes: &[&str], stores: Scope) -> String {
        let scopes: Vec<String> = scopes.iter().map(|&scope| scope.to_owned()).collect();
        let (_, key) = self.auth.add_key(&root(), "till 1", &scopes, &stores, None).await.expect("a key");
        key.expose().to_owned()
    }

    pub async fn add_item(&self, sku: &str, name: &str) {
        let item = json!({ "id": id(), "sku": sku, "name": name, "price": "2.55" });
        assert_eq!(self.post("/items", &id(), &item).await.status, 201);
    }

    /// A delivery of one item.
    pub async fn receive(&self, store: &str, sku: &str, quantity: &str) {
        let lines = json!([{ "sku": sku, "quantity": quantity, "unit_price": "1.00" }]);
        let delivery = json!({ "id": id(), "store": store, "lines": lines });
        assert_eq!(self.post("/receipts", &id(), &delivery).await.status, 201);
    }

    /// Somebody with that role everywhere.
    pub async fn person(&self, name: &str, shown: &str, role: Role) {
        let new = NewPerson {
            name: name.to_owned(),
            display_name: shown.to_owned(),
            password: Secret::new("seven green bottles"),
            language: String::new(),
            grants: vec![Grant { role, store: None }],
        };
        self.auth.add_person(&root(), new).await.expect("a person");
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("a router answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 16 << 20).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_as(&self.key, path).await
    }

    pub async fn get_as(&self, key: &str, path: &str) -> Answer {
        self.send(request(Method::GET, key, path).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, path: &str, name: &str, body: &Value) -> Answer {
        self.post_as(&self.key, path, name, body).await
    }

    pub async fn post_as(&self, key: &str, path: &str, name: &str, body: &Value) -> Answer {
        let request = request(Method::POST, key, path)
            .header("idempotency-key", name)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        self.send(request.expect("a request")).await
    }

    pub async fn on_hand(&self, store: &str, sku: &str) -> String {
        let answer = self.get(&format!("/stock?store={store}&sku={sku}")).await;
        let rows = answer.json();
        rows["data"][0]["on_hand"].as_str().unwrap_or("none").to_owned()
    }
}

pub fn request(method: Method, key: &str, path: &str) -> axum::http::request::Builder {
    let uri = format!("/api/v1{path}");
    Request::builder().method(method).uri(uri).header(header::AUTHORIZATION, format!("Bearer {key}"))
}

pub fn sale(store: &str, lines: &[(&str, &str)]) -> Value {
    let lines: Vec<Value> =
        lines.iter().map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity, "unit_price": "2.55" })).collect();
    json!({ "id": id(), "store": store, "occurred_at": "2026-11-20T10:00:00Z", "lines": lines })
}

/// What the server's identity layer does with a key.
async fn recognise(State(auth): State<Auth>, mut request: Request, next: Next) -> Response {
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = bearer.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default().to_owned();
    let via = Via { request_id: "req-12345678".into(), device: "till 1".into(), client_key: None };
    if let Ok(actor) = auth.identify_key(&key, via).await {
        request.extensions_mut().insert(actor);
    }
    next.run(request).await
}

pub const OK: u16 = StatusCode::OK.as_u16();
