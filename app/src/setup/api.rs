//! Server functions of the first start; before there is an administrator the set-up token opens them.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use super::{Opening, Progress, Removed, Sheet, Shelves};
use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::PersonId;

#[cfg(feature = "ssr")]
use {
    super::{Card, bars::stripes},
    crate::auth::session::{begin, visitor},
    crate::caller::{caller, complete, module},
    auth::{Auth, NewPerson, Secret},
    integration::{
        Integration,
        demo::{PEOPLE, STORE},
    },
    inventory::{Inventory, ItemFilter},
    model::{Actor, Error, Item},
    std::time::Duration,
};

/// How long one answer waits for the demo store, well within what a request may take.
#[cfg(feature = "ssr")]
const PATIENCE: Duration = Duration::from_secs(6);
/// How many codes a practice sheet has.
#[cfg(feature = "ssr")]
const CARDS: usize = 12;
/// What there is to scan where there is no item yet: EAN-13 of the range that every shop may use for itself.
#[cfg(feature = "ssr")]
const MADE_UP: [&str; 4] = ["2000000000015", "2000000000022", "2000000000039", "2000000000046"];

/// How far the set-up has come, for who has the token.
#[server(prefix = "/api/setup", endpoint = "progress", input = Json, output = Answer)]
pub async fn how_far(token: String) -> Result<Progress, Failure> {
    let inventory = module::<Inventory>()?;
    match set_up_actor(Some(&token)).await {
        Ok(actor) => Ok(Progress { open: true, stores: inventory.stores(&actor).await? }),
        Err(Error::Invalid(_)) => Ok(Progress { open: false, stores: Vec::new() }),
        Err(error) => Err(error.into()),
    }
}

/// Opens a store and goes on to `next`.
#[server(prefix = "/api/setup", endpoint = "add_store", output = Answer)]
pub async fn add_store(
    token: Option<String>,
    name: String,
    code: String,
    currency: String,
    time_zone: String,
) -> Result<(), Failure> {
    let (actor, inventory) = (set_up_actor(token.as_deref()).await?, module::<Inventory>()?);
    complete(async move { inventory.add_store(&actor, &code, &name, &currency, &time_zone).await }).await?;
    leptos_axum::redirect(&after_store(token.as_deref()));
    Ok(())
}

/// Makes the first administrator, signs them in, and goes on to the products.
#[server(prefix = "/api/setup", endpoint = "add_administrator", output = Answer)]
pub async fn add_administrator(
    token: String,
    display_name: String,
    name: String,
    password: String,
    language: String,
) -> Result<(), Failure> {
    let (auth, visitor) = (module::<Auth>()?, visitor());
    let grants = Vec::new();
    let new = NewPerson { name: name.clone(), display_name, password: Secret::new(password.clone()), language, grants };
    let entered = complete(async move {
        auth.create_first_administrator(&Secret::new(token), new, visitor.via.clone()).await?;
        visitor.sign_in(&auth, &name, &password).await
    });
    begin(&entered.await?);
    leptos_axum::redirect("/setup/products");
    Ok(())
}

/// The stores, and whether the demo is among them.
#[server(prefix = "/api/setup", endpoint = "shelves", input = Json, output = Answer)]
pub async fn what_is_there() -> Result<Shelves, Failure> {
    let ((actor, inventory), integration) = (caller::<Inventory>().await?, module::<Integration>()?);
    inventory.manages_stores(&actor).await?;
    let demo = integration.has_demo(&actor).await?;
    Ok(Shelves { stores: inventory.stores(&actor).await?, demo })
}

/// Opens the demo store. Where nobody is yet (with the token), its people come with it, and one is signed in as its
/// administrator.
#[server(prefix = "/api/setup", endpoint = "open_demo", input = Json, output = Answer)]
pub async fn open_demo(token: Option<String>) -> Result<Opening, Failure> {
    let (integration, alone) = (module::<Integration>()?, token.is_some());
    if alone && !integration.demo_sign_ins().await?.is_empty() {
        // It became ready while nobody waited: from then on its passwords are everybody's.
        return enter_demo().await;
    }
    let actor = set_up_actor(token.as_deref()).await?;
    let opening = tokio::spawn(async move {
        if alone { integration.open_demo_with_people(&actor).await } else { integration.open_demo(&actor).await }
    });
    match tokio::time::timeout(PATIENCE, opening).await {
        Ok(opened) => opened.unwrap_or(Err(Error::Busy))?,
        Err(_) => return Ok(Opening::UnderWay),
    }
    if alone { enter_demo().await } else { Ok(Opening::Done) }
}

/// Removes the demo store and its people; answers with who could sign in until now.
#[server(prefix = "/api/setup", endpoint = "remove_demo", input = Json, output = Answer)]
pub async fn remove_demo() -> Result<Removed, Failure> {
    let (actor, integration) = caller::<Integration>().await?;
    let people = complete(async move { integration.remove_demo(&actor).await }).await?;
    Ok(Removed { people })
}

/// Undoes the removal: the store is back, and those people may sign in again.
#[server(prefix = "/api/setup", endpoint = "restore_demo", input = Json, output = Answer)]
pub async fn restore_demo(people: Vec<PersonId>) -> Result<(), Failure> {
    let ((actor, integration), auth) = (caller::<Integration>().await?, module::<Auth>()?);
    Ok(complete(async move {
        integration.open_demo(&actor).await?;
        for person in people.into_iter().take(PEOPLE.len()) {
            auth.enable(&actor, person).await?;
        }
        Ok(())
    })
    .await?)
}

/// Barcodes to practise with: of the first items, or made up where there are none.
#[server(prefix = "/api/setup", endpoint = "practice", input = Json, output = Answer)]
pub async fn practice() -> Result<Sheet, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let mut stores = inventory.stores(&actor).await?;
    // First the one where there is something to find.
    stores.sort_by_key(|store| store.code != STORE);
    let filter = ItemFilter { limit: 60, ..ItemFilter::default() };
    let items = inventory.items(&actor, &filter).await?.data;
    let cards: Vec<Card> = items.iter().filter_map(Card::of).take(CARDS).collect();
    let made_up = || MADE_UP.into_iter().filter_map(|code| Card::new("", code)).collect();
    Ok(Sheet { store: stores.into_iter().next(), cards: if cards.is_empty() { made_up() } else { cards } })
}

/// Who sets things up: the first of all by the token, else an administrator who is signed in.
#[cfg(feature = "ssr")]
async fn set_up_actor(token: Option<&str>) -> model::Result<Actor> {
    match token {
        Some(token) => module::<Auth>()?.setup_actor(&Secret::from(token), visitor().via).await,
        None => Ok(caller::<Inventory>().await?.0),
    }
}

/// Signs in as the demo's administrator.
#[cfg(feature = "ssr")]
async fn enter_demo() -> Result<Opening, Failure> {
    begin(&visitor().sign_in(&module::<Auth>()?, PEOPLE[0].name, PEOPLE[0].password).await?);
    Ok(Opening::Done)
}

/// The page after the store.
#[cfg(feature = "ssr")]
fn after_store(token: Option<&str>) -> String {
    let plain = token.filter(|token| token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    match plain {
        Some(token) => format!("/setup?token={token}&step=administrator"),
        None => "/setup/products".to_owned(),
    }
}

#[cfg(feature = "ssr")]
impl Card {
    fn new(name: &str, code: &str) -> Option<Self> {
        let (stripes, width) = stripes(code)?;
        Some(Self { name: name.to_owned(), code: code.to_owned(), stripes, width })
    }

    fn of(item: &Item) -> Option<Self> {
        item.barcodes.iter().chain([&item.sku]).find_map(|code| Self::new(&item.name, code))
    }
}
