//! People and keys: who may do what, who is signed in where, and the settings that lead there.

mod add;
pub mod api;
mod card;
mod devices;
mod field;
mod keys;
mod new_key;
mod page;
mod password;
mod pin;
mod roles;
mod sessions;
mod settings;
mod undo;
mod words;

pub(crate) use add::sign_in_name;
pub use field::Field;
pub use keys::KeysPage;
pub use page::PeoplePage;
pub use sessions::SessionsPage;
pub use settings::SettingsPage;
pub use words::{flaw_of, role_name};

use model::{DeviceId, Grant, KeyId, PersonId, SessionId, StoreId, Time};
use serde::{Deserialize, Serialize};

/// Someone who may sign in, as the list of people shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Which.
    pub id: PersonId,
    /// The name to sign in with.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// `en`, `es` …; may be empty.
    pub language: String,
    /// Can no longer sign in?
    pub disabled: bool,
    /// Have they a PIN for shared tablets?
    pub has_pin: bool,
    /// What they are trusted with.
    pub grants: Vec<Grant>,
}

/// Someone to add.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newcomer {
    /// The name to sign in with.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// Their first password.
    pub password: String,
    /// `en`, `es` …; empty leaves it to the browser.
    pub language: String,
    /// What they are trusted with.
    pub grants: Vec<Grant>,
}

impl std::fmt::Debug for Newcomer {
    /// Never the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Newcomer").field("name", &self.name).field("grants", &self.grants).finish_non_exhaustive()
    }
}

/// A key, as it is listed: never its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Which.
    pub id: KeyId,
    /// The visible beginning of its text.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// What it may do: `all`, or scopes.
    pub scopes: Vec<String>,
    /// Where; `None` means every store.
    pub stores: Option<Vec<StoreId>>,
    /// Until when.
    pub expires_at: Time,
    /// When it was ended.
    pub revoked_at: Option<Time>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<Time>,
}

/// A key to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// What it may do: scopes.
    pub scopes: Vec<String>,
    /// Where; `None` means every store.
    pub stores: Option<Vec<StoreId>>,
    /// For how many days: 1 to 365.
    pub days: u16,
}

/// A shared tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// The store whose people share it.
    pub store: StoreId,
    /// What it is called.
    pub name: String,
    /// Since when.
    pub created_at: Time,
    /// When somebody last typed a PIN there.
    pub used_at: Option<Time>,
}

/// A tablet to share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// The store whose people share it.
    pub store: StoreId,
    /// What it is called.
    pub name: String,
    /// After so many minutes without a touch it asks who is working: 1, 5 or 15.
    pub lock_minutes: i64,
}

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Who.
    pub name: String,
    /// On which device, in words.
    pub device: String,
    /// Since when.
    pub created_at: Time,
    /// When it was last seen, to some minutes.
    pub used_at: Time,
    /// One's own?
    pub mine: bool,
    /// The one that asks?
    pub here: bool,
}

#[cfg(feature = "ssr")]
mod from_auth {
    use super::{Device, Key, NewDevice, Newcomer, Person};
    use auth::{NewPerson, Secret};
    use model::Scope;

    impl From<auth::Person> for Person {
        fn from(person: auth::Person) -> Self {
            let auth::Person { id, name, display_name, language, disabled, has_pin, grants, .. } = person;
            Self { id, name, display_name, language, disabled, has_pin, grants }
        }
    }

    impl From<Newcomer> for NewPerson {
        fn from(new: Newcomer) -> Self {
            let Newcomer { name, display_name, password, language, grants } = new;
            Self { name, display_name, password: Secret::new(password), language, grants }
        }
    }

    impl From<auth::Device> for Device {
        fn from(device: auth::Device) -> Self {
            let auth::Device { id, store, name, created_at, used_at, .. } = device;
            Self { id, store, name, created_at, used_at }
        }
    }

    impl From<NewDevice> for auth::NewDevice {
        fn from(new: NewDevice) -> Self {
            let NewDevice { store, name, lock_minutes } = new;
            Self { store, name, lock_minutes }
        }
    }

    impl From<auth::Key> for Key {
        fn from(key: auth::Key) -> Self {
            let auth::Key { id, prefix, name, scopes, expires_at, revoked_at, last_used_at, .. } = key;
            let stores = match key.stores {
                Scope::All => None,
                Scope::Only(stores) => Some(stores),
            };
            Self { id, prefix, name, scopes, stores, expires_at, revoked_at, last_used_at }
        }
    }
}
