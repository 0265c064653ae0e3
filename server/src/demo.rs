//! The demo: a store with a history, and people whose passwords are no secret.

use crate::house::command_line;
use crate::{House, Stop};
use auth::{NewPerson, Secret};
use model::{Action, Grant, Role, StoreId};

/// With what someone signs in to the demo.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The sign-in name.
    pub name: &'static str,
    /// The password; on the console and on the demo's own sign-in page it is meant to be read.
    pub password: &'static str,
    /// What they are there.
    pub role: &'static str,
}

/// The people of the demo.
pub const PEOPLE: [(SignIn, &str, Role); 3] = [
    (
        SignIn { name: "olga", password: "olga-owns-the-demo-shop", role: "administrator" },
        "Olga Marsh",
        Role::Administrator,
    ),
    (SignIn { name: "mark", password: "mark-minds-the-demo-shop", role: "manager" }, "Mark Hale", Role::Manager),
    (SignIn { name: "ann", password: "ann-sells-in-the-demo-shop", role: "employee" }, "Ann Reed", Role::Employee),
];

/// Opens the demo store and its people, when there is nobody yet; answers with how they sign in, or with nothing when
/// somebody's own data is there.
///
/// # Errors
/// When the store cannot be opened.
pub async fn open(house: &House) -> Result<Vec<SignIn>, Stop> {
    let actor = command_line();
    let people = house.auth.people(&actor, "").await?;
    let is_demo = people.iter().all(|person| PEOPLE.iter().any(|(sign_in, ..)| sign_in.name == person.name));
    if !people.is_empty() {
        return Ok(if is_demo { sign_ins() } else { Vec::new() });
    }
    house.integration.open_demo().await?;
    let store = house.inventory.store(&actor, Action::SeeStock, integration::demo::STORE).await?;
    for (sign_in, display_name, role) in &PEOPLE {
        house.auth.add_person(&actor, person(sign_in, display_name, *role, store.id)).await?;
    }
    Ok(sign_ins())
}

fn sign_ins() -> Vec<SignIn> {
    PEOPLE.iter().map(|(sign_in, ..)| sign_in.clone()).collect()
}

fn person(sign_in: &SignIn, display_name: &str, role: Role, store: StoreId) -> NewPerson {
    let everywhere = role == Role::Administrator;
    NewPerson {
        name: sign_in.name.to_owned(),
        display_name: display_name.to_owned(),
        password: Secret::new(sign_in.password),
        language: String::new(),
        grants: vec![Grant { role, store: (!everywhere).then_some(store) }],
    }
}
