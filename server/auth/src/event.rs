//! What Auth tells the journal. No secret and no sign-in name is ever among it: a journal cannot forget.

use model::{DeviceId, Grant, KeyId, Permission, PersonId, SessionId, StoreId, Time};
use serde_json::{Value, json};

/// Something that happened at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Someone asked for what they may not; so often since the line before about it.
    ActRefused(Permission, u64),
    /// The first administrator was made, with the set-up token.
    SetUp(PersonId),
    /// Someone signed in.
    SignedIn(SessionId, PersonId),
    /// Someone did not; the person is known only when the name was right.
    SignInFailed(Option<PersonId>),
    /// Someone took their place at a shared tablet, with their PIN.
    PinSignedIn(SessionId, PersonId, DeviceId),
    /// Someone did not; the person is known only when a PIN of theirs could have opened it.
    PinFailed(Option<PersonId>, DeviceId),
    /// A person set their PIN.
    PinSet(PersonId),
    /// A person's PIN was taken away; what it had opened has ended.
    PinTaken(PersonId),
    /// A tablet is shared by the people of a store from now on, under that name.
    DeviceShared(DeviceId, StoreId, String),
    /// A tablet is shared no longer; what PINs had opened there has ended.
    DeviceEnded(DeviceId, StoreId, String),
    /// A session was ended by its owner, or by who may.
    SignedOut(SessionId, PersonId),
    /// All sessions of a person were ended.
    SessionsRevoked(PersonId),
    /// A refresh token was used a second time: the session was ended.
    RefreshReused(SessionId),
    /// A person was added.
    PersonAdded(PersonId, Vec<Grant>),
    /// A person's password was set; their sessions have ended.
    PasswordSet(PersonId),
    /// A person was given a role.
    Granted(PersonId, Grant),
    /// A person lost a role.
    GrantRevoked(PersonId, Grant),
    /// A person can no longer sign in.
    PersonDisabled(PersonId),
    /// A person can sign in again.
    PersonEnabled(PersonId),
    /// Another system was given a key.
    KeyAdded {
        /// Which.
        key: KeyId,
        /// Its scopes.
        scopes: Vec<String>,
        /// Its stores; `None` means all.
        stores: Option<Vec<StoreId>>,
        /// Its end.
        expires_at: Time,
    },
    /// A key was revoked.
    KeyRevoked(KeyId),
}

impl log::Event for Event {
    fn topic(&self) -> &'static str {
        match self {
            Self::ActRefused(..) => "auth.act_refused",
            Self::SetUp(_) => "auth.set_up",
            Self::SignedIn(..) => "auth.signed_in",
            Self::SignInFailed(_) => "auth.sign_in_failed",
            Self::PinSignedIn(..) => "auth.pin_signed_in",
            Self::PinFailed(..) => "auth.pin_failed",
            Self::PinSet(_) => "auth.pin_set",
            Self::PinTaken(_) => "auth.pin_taken",
            Self::DeviceShared(..) => "auth.device_shared",
            Self::DeviceEnded(..) => "auth.device_ended",
            Self::SignedOut(..) => "auth.signed_out",
            Self::SessionsRevoked(_) => "auth.sessions_revoked",
            Self::RefreshReused(_) => "auth.refresh_reused",
            Self::PersonAdded(..) => "auth.person_added",
            Self::PasswordSet(_) => "auth.password_set",
            Self::Granted(..) => "auth.role_granted",
            Self::GrantRevoked(..) => "auth.role_revoked",
            Self::PersonDisabled(_) => "auth.person_disabled",
            Self::PersonEnabled(_) => "auth.person_enabled",
            Self::KeyAdded { .. } => "auth.key_added",
            Self::KeyRevoked(_) => "auth.key_revoked",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::ActRefused(permission, _) => permission.action.scope().to_owned(),
            Self::SignedIn(session, _)
            | Self::PinSignedIn(session, ..)
            | Self::SignedOut(session, _)
            | Self::RefreshReused(session) => session.to_string(),
            Self::DeviceShared(device, ..) | Self::DeviceEnded(device, ..) => device.to_string(),
            Self::SignInFailed(person) | Self::PinFailed(person, _) => {
                person.map(|person| person.to_string()).unwrap_or_default()
            }
            Self::SetUp(person)
            | Self::SessionsRevoked(person)
            | Self::PersonAdded(person, _)
            | Self::PasswordSet(person)
            | Self::PinSet(person)
            | Self::PinTaken(person)
            | Self::Granted(person, _)
            | Self::GrantRevoked(person, _)
            | Self::PersonDisabled(person)
            | Self::PersonEnabled(person) => person.to_string(),
            Self::KeyAdded { key, .. } | Self::KeyRevoked(key) => key.to_string(),
        }
    }

    /// None: what happens at the door is read with [`model::Action::ReadJournal`], not with a store's events.
    fn store(&self) -> Option<StoreId> {
        None
    }

    fn body(&self) -> Value {
        match self {
            Self::ActRefused(permission, times) => {
                json!({ "action": permission.action.scope(), "store": permission.store, "times": times })
            }
            Self::SignedIn(session, person) | Self::SignedOut(session, person) => {
                json!({ "session": session, "person": person })
            }
            Self::PinSignedIn(session, person, device) => {
                json!({ "session": session, "person": person, "tablet": device })
            }
            Self::PinFailed(person, device) => json!({ "person": person, "tablet": device }),
            Self::DeviceShared(device, store, name) | Self::DeviceEnded(device, store, name) => {
                json!({ "tablet": device, "at": store, "name": name })
            }
            Self::RefreshReused(session) => json!({ "session": session }),
            Self::SignInFailed(person) => json!({ "person": person }),
            Self::PersonAdded(person, grants) => json!({ "person": person, "grants": grants }),
            Self::Granted(person, grant) | Self::GrantRevoked(person, grant) => {
                json!({ "person": person, "role": grant.role, "store": grant.store })
            }
            Self::SetUp(person)
            | Self::SessionsRevoked(person)
            | Self::PasswordSet(person)
            | Self::PinSet(person)
            | Self::PinTaken(person)
            | Self::PersonDisabled(person)
            | Self::PersonEnabled(person) => json!({ "person": person }),
            Self::KeyAdded { key, scopes, stores, expires_at } => {
                json!({ "key": key, "scopes": scopes, "stores": stores, "expires_at": expires_at })
            }
            Self::KeyRevoked(key) => json!({ "key": key }),
        }
    }
}
