//! People, as the pages know them.

pub mod api;
#[cfg(feature = "ssr")]
pub mod session;
mod sign_in;
mod watch;
mod who;

pub use sign_in::SignIn;
pub use watch::Watch;
pub use who::WhoPage;

use model::{Action, Grant, PersonId, Principal, Role, Store, StoreId};
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
    /// A PIN let them in: only to what is done on the floor.
    pub floor: bool,
    /// On a shared tablet: after so many minutes without a touch it asks who is working.
    pub lock_minutes: Option<u16>,
}

impl Me {
    /// That actor, with their stores, at their own browser.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn of(actor: model::Actor, stores: Vec<Store>) -> Self {
        let floor = actor.is_on_floor();
        Self { principal: actor.principal, name: actor.name, grants: actor.grants, stores, floor, lock_minutes: None }
    }

    /// May they, there? Only for what is shown: the server asks again at every door.
    #[must_use]
    pub fn may(&self, action: Action, store: StoreId) -> bool {
        let here = |grant: &&Grant| grant.store.is_none_or(|granted| granted == store);
        self.opens(action) && self.grants.iter().filter(here).any(|grant| grant.role.may(action))
    }

    /// May they, in all stores?
    #[must_use]
    pub fn may_everywhere(&self, action: Action) -> bool {
        self.opens(action) && self.grants.iter().any(|grant| grant.store.is_none() && grant.role.may(action))
    }

    /// A password opens everything that a role may, a PIN what is done on the floor.
    fn opens(&self, action: Action) -> bool {
        !self.floor || action.is_on_floor()
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

/// Who may take a place at a shared tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtWork {
    /// What the tablet is called.
    pub tablet: String,
    /// They, by name.
    pub faces: Vec<Face>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// Who.
    pub person: PersonId,
    /// The name that others see.
    pub name: String,
    /// Their PIN was tried too often: they need their password.
    pub spent: bool,
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
impl From<(auth::Tablet, Vec<auth::Face>)> for AtWork {
    fn from((tablet, faces): (auth::Tablet, Vec<auth::Face>)) -> Self {
        let face = |auth::Face { person, name, spent }| Face { person, name, spent };
        Self { tablet: tablet.name, faces: faces.into_iter().map(face).collect() }
    }
}

#[cfg(feature = "ssr")]
impl From<integration::demo::SignIn> for DemoSignIn {
    fn from(person: integration::demo::SignIn) -> Self {
        let integration::demo::SignIn { name, shown, password, role } = person;
        Self { name: name.to_owned(), shown: shown.to_owned(), password: password.to_owned(), role }
    }
}
