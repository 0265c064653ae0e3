//! Grants: roles in stores, who holds them, and how far a key reaches.

use crate::Auth;
use db::Tx;
use model::{Action, Actor, Grant, PersonId, Result, Role, Scope, StoreId};
use std::collections::HashMap;

/// The grants of a person.
pub(crate) async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Grant>> {
    let rows: Vec<(String, Option<StoreId>)> =
        db::fetch_all!(tx, "select role, store from auth_grant where person = $1 order by role, store", person)?;
    Ok(rows.into_iter().filter_map(|(role, store)| Some(Grant { role: Role::named(&role)?, store })).collect())
}

/// The grants of all people whose names come after the first and not after the last.
pub(crate) async fn of_people(tx: &mut Tx, after: &str, last: &str) -> Result<HashMap<PersonId, Vec<Grant>>> {
    let rows: Vec<(PersonId, String, Option<StoreId>)> = db::fetch_all!(
        tx,
        "select g.person, g.role, g.store from auth_person p join auth_grant g on g.person = p.id
         where p.name > $1 and p.name <= $2 order by g.role, g.store",
        after,
        last
    )?;
    let mut grants: HashMap<PersonId, Vec<Grant>> = HashMap::new();
    for (person, role, store) in rows {
        if let Some(role) = Role::named(&role) {
            grants.entry(person).or_default().push(Grant { role, store });
        }
    }
    Ok(grants)
}

/// Writes a grant down; `false` when it was there.
pub(crate) async fn add(tx: &mut Tx, person: PersonId, grant: Grant) -> Result<bool> {
    let rows = db::execute!(
        tx,
        "insert into auth_grant (person, role, store) values ($1, $2, $3) on conflict do nothing",
        person,
        grant.role.name(),
        grant.store
    )?;
    Ok(rows == 1)
}

/// Strikes a grant out; `false` when it was not there.
pub(crate) async fn remove(tx: &mut Tx, person: PersonId, grant: Grant) -> Result<bool> {
    let rows = match grant.store {
        Some(store) => db::execute!(
            tx,
            "delete from auth_grant where person = $1 and role = $2 and store = $3",
            person,
            grant.role.name(),
            store
        )?,
        None => db::execute!(
            tx,
            "delete from auth_grant where person = $1 and role = $2 and store is null",
            person,
            grant.role.name()
        )?,
    };
    Ok(rows == 1)
}

/// Does this actor manage people in every place where these grants hold? Who manages one store can neither give a
/// role in another nor touch someone who has one there.
pub(crate) fn covers(actor: &Actor, grants: &[Grant]) -> bool {
    let managed = actor.scope(Action::ManagePeople);
    !managed.is_empty() && grants.iter().all(|grant| within(&managed, grant.store))
}

fn within(scope: &Scope, store: Option<StoreId>) -> bool {
    match store {
        Some(store) => scope.holds(store),
        None => *scope == Scope::All,
    }
}

impl Auth {
    /// [`covers`], with the refusal written down and told.
    pub(crate) async fn permit_people(&self, actor: &Actor, grants: &[Grant]) -> Result<()> {
        if covers(actor, grants) {
            return Ok(());
        }
        let managed = actor.scope(Action::ManagePeople);
        let beyond = grants.iter().find(|grant| !within(&managed, grant.store)).and_then(|grant| grant.store);
        let permission = model::Permission { action: Action::ManagePeople, store: beyond };
        Err(self.refuse(actor, permission).await?)
    }
}

/// The stores that a key was made for.
pub(crate) struct Reach(Option<Vec<StoreId>>);

impl Reach {
    /// From the column: `*`, or ids with spaces between.
    pub(crate) fn parse(text: &str) -> Self {
        if text == "*" {
            return Self(None);
        }
        Self(Some(text.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect()))
    }

    /// For the column.
    pub(crate) fn print(scope: &Scope) -> String {
        match scope {
            Scope::All => "*".to_owned(),
            Scope::Only(stores) => stores.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        }
    }

    /// As the rest of the program says it.
    pub(crate) fn scope(self) -> Scope {
        self.0.map_or(Scope::All, Scope::Only)
    }

    /// The key's grants: an integration's in its stores, and never more than its creator has there at this moment.
    /// The command line (`None`) has everything.
    pub(crate) fn within(&self, creator: Option<&[Grant]>) -> Vec<Grant> {
        let everything = [Grant { role: Role::Integration, store: None }];
        let mut reached: Vec<Grant> = Vec::new();
        for grant in creator.unwrap_or(&everything) {
            for store in self.meets(grant.store) {
                let grant = Grant { role: capped(grant.role), store };
                if !reached.contains(&grant) {
                    reached.push(grant);
                }
            }
        }
        reached
    }

    fn meets(&self, store: Option<StoreId>) -> Vec<Option<StoreId>> {
        match (&self.0, store) {
            (None, store) => vec![store],
            (Some(stores), None) => stores.iter().copied().map(Some).collect(),
            (Some(stores), Some(store)) => stores.iter().copied().filter(|s| *s == store).map(Some).collect(),
        }
    }
}

/// What an integration may do of what that role may: the test below holds it against both.
const fn capped(role: Role) -> Role {
    match role {
        Role::Manager | Role::Administrator | Role::Integration => Role::Integration,
        Role::Employee => Role::Employee,
        Role::ReadOnly => Role::ReadOnly,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_what_an_integration_and_its_creator_both_may() {
        for role in Role::ALL {
            for action in Action::ALL {
                let both = role.may(action) && Role::Integration.may(action);
                assert_eq!(capped(role).may(action), both, "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn a_key_reaches_only_stores_that_its_creator_has() {
        let (london, paris) = (StoreId::new(), StoreId::new());
        let manager = [Grant { role: Role::Manager, store: Some(london) }];
        let in_london = vec![Grant { role: Role::Integration, store: Some(london) }];
        let both = Reach::parse(&format!("{london} {paris}"));
        assert_eq!(both.within(Some(&manager)), in_london);
        assert_eq!(Reach::parse("*").within(Some(&manager)), in_london);
        assert_eq!(Reach::parse(&paris.to_string()).within(Some(&manager)), vec![]);
        assert_eq!(both.within(None).len(), 2);
        assert_eq!(Reach::parse("*").within(None), vec![Grant { role: Role::Integration, store: None }]);
    }

    #[test]
    fn a_reach_is_read_as_it_was_written() {
        let some = Scope::Only(vec![StoreId::new(), StoreId::new()]);
        assert_eq!(Reach::parse(&Reach::print(&some)).scope(), some);
        assert_eq!(Reach::parse(&Reach::print(&Scope::All)).scope(), Scope::All);
        assert_eq!(Reach::parse("").scope(), Scope::Only(vec![]));
    }
}
