//! Who acts, and what they may do: one pure function decides, for every door.

use crate::{Approver, KeyId, PersonId, StoreId};
use serde::{Deserialize, Serialize};

/// What someone is trusted with in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sells, takes back, receives, adjusts, promises, moves, counts; undoes what they just did themselves.
    Employee,
    /// Also undoes what others did, edits items, imports, orders, approves, sees reports.
    Manager,
    /// Everything, people and keys included.
    Administrator,
    /// Another system: documents in, stock and events out.
    Integration,
    /// Looks, and changes nothing.
    ReadOnly,
}

impl Role {
    /// All of them, for forms and for the access matrix.
    pub const ALL: [Self; 5] = [Self::Employee, Self::Manager, Self::Administrator, Self::Integration, Self::ReadOnly];

    /// The name in the database, on the command line and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Manager => "manager",
            Self::Administrator => "administrator",
            Self::Integration => "integration",
            Self::ReadOnly => "read-only",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A role in one store, or (with no store) in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What they are trusted with.
    pub role: Role,
    /// Where; `None` means every store.
    pub store: Option<StoreId>,
}

/// Something one may be allowed to do, without saying where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Action {
    /// Post sales.
    Sell,
    /// Post returns.
    TakeBack,
    /// Post adjustments.
    Adjust,
    /// Post receipts.
    Receive,
    /// Undo anything posted; without it, only one's own postings of the last minutes.
    Reverse,
    /// See items, stock and movements.
    SeeStock,
    /// Take lists away as files.
    Export,
    /// See reports.
    SeeReports,
    /// Add and change items.
    EditItems,
    /// Import files.
    Import,
    /// Order from suppliers: write and send purchase orders, keep suppliers.
    Purchase,
    /// Promise goods to customers: orders, reservations, their picking and handing over.
    Promise,
    /// Send goods from one place to another, and book them in there.
    Transfer,
    /// Count shelves.
    Count,
    /// Approve what somebody else wrote: purchase orders, counts, corrections above the limit.
    Approve,
    /// Read the events of one's stores.
    ReadEvents,
    /// Read the whole journal, sign-ins and refusals included.
    ReadJournal,
    /// Add and change stores.
    ManageStores,
    /// Add people, change their roles, disable them.
    ManagePeople,
    /// Make and revoke API keys.
    ManageKeys,
    /// Read the figures of the process itself.
    SeeMetrics,
}

impl Action {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 21] = [
        Self::Sell,
        Self::TakeBack,
        Self::Adjust,
        Self::Receive,
        Self::Reverse,
        Self::SeeStock,
        Self::Export,
        Self::SeeReports,
        Self::EditItems,
        Self::Import,
        Self::Purchase,
        Self::Promise,
        Self::Transfer,
        Self::Count,
        Self::Approve,
        Self::ReadEvents,
        Self::ReadJournal,
        Self::ManageStores,
        Self::ManagePeople,
        Self::ManageKeys,
        Self::SeeMetrics,
    ];

    /// The scope that an API key needs for it.
    #[must_use]
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Sell => "sales:write",
            Self::TakeBack => "returns:write",
            Self::Adjust => "adjustments:write",
            Self::Receive => "receipts:write",
            Self::Reverse => "postings:reverse",
            Self::SeeStock => "stock:read",
            Self::Export => "lists:export",
            Self::SeeReports => "reports:read",
            Self::EditItems => "items:write",
            Self::Import => "import:write",
            Self::Purchase => "purchase-orders:write",
            Self::Promise => "orders:write",
            Self::Transfer => "transfers:write",
            Self::Count => "counts:write",
            Self::Approve => "approvals:write",
            Self::ReadEvents => "events:read",
            Self::ReadJournal => "journal:read",
            Self::ManageStores => "stores:write",
            Self::ManagePeople => "people:write",
            Self::ManageKeys => "keys:write",
            Self::SeeMetrics => "metrics:read",
        }
    }
}

impl Role {
    /// May this role do that at all?
    #[must_use]
    pub const fn may(self, action: Action) -> bool {
        use Action::{
            Adjust, Approve, Count, Export, Import, ManageKeys, ManagePeople, ManageStores, Promise, ReadEvents,
            ReadJournal, Receive, SeeReports, SeeStock, Sell, TakeBack, Transfer,
        };
        match self {
            Self::Administrator => true,
            Self::Employee => {
                matches!(action, Sell | TakeBack | Adjust | Receive | SeeStock | Export | Promise | Transfer | Count)
            }
            Self::Manager => !matches!(action, ReadJournal | ManageStores | ManagePeople | ManageKeys),
            // What a person has to look at, no program approves.
            Self::Integration => {
                !matches!(action, Import | Approve | ReadJournal | ManageStores | ManagePeople | ManageKeys)
            }
            Self::ReadOnly => matches!(action, SeeStock | Export | SeeReports | ReadEvents),
        }
    }
}

/// An action in a place: what an act needs before it may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// What.
    pub action: Action,
    /// Where; `None` when the thing belongs to no one store (items, people), or when what is read is narrowed to
    /// the actor's stores anyway.
    pub store: Option<StoreId>,
}

impl Action {
    /// This, in that store.
    #[must_use]
    pub const fn at(self, store: StoreId) -> Permission {
        Permission { action: self, store: Some(store) }
    }

    /// This, in at least one store; what follows narrows itself by [`Actor::scope`].
    #[must_use]
    pub const fn anywhere(self) -> Permission {
        Permission { action: self, store: None }
    }
}

/// The stores that something reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every store, those to come included.
    All,
    /// These only.
    Only(Vec<StoreId>),
}

impl Scope {
    /// Is that store among them?
    #[must_use]
    pub fn holds(&self, store: StoreId) -> bool {
        match self {
            Self::All => true,
            Self::Only(stores) => stores.contains(&store),
        }
    }

    /// None at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Only(stores) if stores.is_empty())
    }
}

/// Who is behind an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Principal {
    /// Someone who signed in.
    Person(PersonId),
    /// Another system, by its key.
    Key(KeyId),
    /// The program itself: the command line, or a consequence of an event.
    System,
}

impl std::fmt::Display for Principal {
    /// As the journal and the ledger name them: `person:<id>`, `key:<id>` or `system`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Key(id) => write!(f, "key:{id}"),
            Self::System => f.write_str("system"),
        }
    }
}

/// A client's own name for its request, so that a repeat is answered and not done again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientKey {
    /// The `Idempotency-Key` header: 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 of method, route and body.
    pub request_hash: Vec<u8>,
    /// The status that a success is answered with (201 or 200).
    pub status: u16,
}

/// How an act reached us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Via {
    /// The request's id, for logs and the journal.
    pub request_id: String,
    /// Which device or browser, in words.
    pub device: String,
    /// Set when the request carries an `Idempotency-Key`.
    pub client_key: Option<ClientKey>,
}

/// Someone who was recognised, with what they may do at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub principal: Principal,
    /// The name to show beside what they did.
    pub name: String,
    /// Their roles.
    pub grants: Vec<Grant>,
    /// For keys and for whom a PIN let in: the scopes granted; `None` means that roles alone decide.
    pub scopes: Option<Vec<String>>,
    /// How they reached us.
    pub via: Via,
}

impl Actor {
    /// The program itself, which may do anything; `name` says which part of it (`"command line"`).
    #[must_use]
    pub fn system(name: &str) -> Self {
        Self {
            principal: Principal::System,
            name: name.to_owned(),
            grants: vec![Grant { role: Role::Administrator, store: None }],
            scopes: None,
            via: Via::default(),
        }
    }

    /// May they? The one decision, asked at every door; the default is no.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match permission.store {
            Some(store) => self.scope(permission.action).holds(store),
            None => !self.scope(permission.action).is_empty(),
        }
    }

    /// The stores in which they may do that.
    #[must_use]
    pub fn scope(&self, action: Action) -> Scope {
        let scoped = self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|s| s == "all" || s == action.scope()));
        if !scoped {
            return Scope::Only(Vec::new());
        }
        let mut stores = Vec::new();
        for grant in self.grants.iter().filter(|grant| grant.role.may(action)) {
            match grant.store {
                None => return Scope::All,
                Some(store) => stores.push(store),
            }
        }
        Scope::Only(stores)
    }

    /// May they approve in that store what is left to `by`?
    #[must_use]
    pub fn approves(&self, store: StoreId, by: Approver) -> bool {
        let enough = |grant: &Grant| match by {
            Approver::Manager => true,
            Approver::Administrator => {
                grant.role == Role::Administrator && grant.store.is_none_or(|administered| administered == store)
            }
            Approver::Chief => grant.role == Role::Administrator && grant.store.is_none(),
        };
        self.may(Action::Approve.at(store)) && self.grants.iter().any(enough)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn employee_of(store: StoreId) -> Actor {
        Actor { grants: vec![Grant { role: Role::Employee, store: Some(store) }], ..Actor::system("ann") }
    }

    #[test]
    fn an_employee_sells_in_their_store() {
        let here = StoreId::new();
        assert!(employee_of(here).may(Action::Sell.at(here)));
    }

    #[test]
    fn an_employee_does_not_sell_elsewhere_nor_manage_people() {
        let ann = employee_of(StoreId::new());
        assert!(!ann.may(Action::Sell.at(StoreId::new())));
        assert!(!ann.may(Action::ManagePeople.anywhere()));
    }

    #[test]
    fn a_key_does_only_what_its_scopes_say() {
        let key = Actor { scopes: Some(vec!["sales:write".into()]), ..Actor::system("till 2") };
        assert!(key.may(Action::Sell.anywhere()));
        assert!(!key.may(Action::SeeStock.anywhere()));
    }

    #[test]
    fn what_is_left_to_administrators_no_manager_approves() {
        let (here, elsewhere) = (StoreId::new(), StoreId::new());
        let of = |role, store| Actor { grants: vec![Grant { role, store }], ..Actor::system("mark") };
        let manager = of(Role::Manager, Some(here));
        assert!(manager.approves(here, Approver::Manager) && !manager.approves(here, Approver::Administrator));
        let local = of(Role::Administrator, Some(here));
        assert!(local.approves(here, Approver::Administrator) && !local.approves(elsewhere, Approver::Administrator));
        assert!(of(Role::Administrator, None).approves(here, Approver::Administrator));
        assert!(
            of(Role::Administrator, None).approves(here, Approver::Chief) && !local.approves(here, Approver::Chief)
        );
        assert!(!of(Role::Employee, Some(here)).approves(here, Approver::Manager));
    }

    #[test]
    fn nobody_without_a_grant_may_do_anything() {
        let stranger = Actor { grants: Vec::new(), ..Actor::system("x") };
        assert!(Action::ALL.into_iter().all(|action| !stranger.may(action.anywhere())));
    }
}
