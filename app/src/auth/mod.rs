//! People, as the pages know them.

pub mod api;
#[cfg(feature = "ssr")]
pub mod session;
mod sign_in;

pub use sign_in::SignIn;

use model::{Action, Actor, Grant, Principal, Role, Store, StoreId};
use serde::{Deserialize, Serialize};

/// Who is signed in, what they may do, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Who.
    pub principal: Principal,
    /// The name to show.
    pub name: String,
    /// Their roles.
    pub grants: Vec<Grant>,
    /// The stores they may see, by code.
    pub stores: Vec<Store>,
}

impl Me {
    /// That actor, with their stores.
    #[must_use]
    pub fn of(actor: Actor, stores: Vec<Store>) -> Self {
        Self { principal: actor.principal, name: actor.name, grants: actor.grants, stores }
    }

    /// May they, there? Only for what is shown: the server asks again at every door.
    #[must_use]
    pub fn may(&self, action: Action, store: StoreId) -> bool {
        let here = |grant: &&Grant| grant.store.is_none_or(|granted| granted == store);
        self.grants.iter().filter(here).any(|grant| grant.role.may(action))
    }

    /// May they, in all stores?
    #[must_use]
    pub fn may_everywhere(&self, action: Action) -> bool {
        self.grants.iter().any(|grant| grant.store.is_none() && grant.role.may(action))
    }

    /// A short text that is this person's and nobody else's, to name what is kept in the browser for them.
    #[must_use]
    pub fn key(&self) -> String {
        match self.principal {
            Principal::Person(id) => id.to_string(),
            Principal::Key(id) => id.to_string(),
            Principal::System => "system".to_owned(),
        }
    }
}

/// With what somebody signs in to the demo, which is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoSignIn {
    /// The sign-in name.
    pub name: String,
    /// The name that others see.
    pub shown: String,
    /// The password.
    pub password: String,
    /// What they are there.
    pub role: Role,
}

#[cfg(feature = "ssr")]
impl From<integration::demo::SignIn> for DemoSignIn {
    fn from(person: integration::demo::SignIn) -> Self {
        let integration::demo::SignIn { name, shown, password, role } = person;
        Self { name: name.to_owned(), shown: shown.to_owned(), password: password.to_owned(), role }
    }
}
