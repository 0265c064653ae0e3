//! The shop floor: all that a PIN opens on a shared tablet.

use crate::{Action, Actor, Grant, StoreId};

impl Action {
    /// Is it done on the shop floor, with goods and customers? A PIN of six digits, typed where others look on, opens
    /// this and nothing else: no people, keys, settings, prices, figures or files.
    #[must_use]
    pub const fn is_on_floor(self) -> bool {
        match self {
            Self::Sell
            | Self::TakeBack
            | Self::Adjust
            | Self::Receive
            | Self::SeeStock
            | Self::Promise
            | Self::Transfer
            | Self::Count => true,
            Self::Reverse
            | Self::Export
            | Self::SeeReports
            | Self::EditItems
            | Self::Import
            | Self::Purchase
            | Self::Approve
            | Self::ReadEvents
            | Self::ReadJournal
            | Self::ManageStores
            | Self::ManagePeople
            | Self::ManageKeys
            | Self::SeeMetrics => false,
        }
    }
}

impl Actor {
    /// The same person as a PIN let them in: with what their roles allow in that one store, and of it the floor's.
    #[must_use]
    pub fn on_floor(mut self, store: StoreId) -> Self {
        self.grants.retain(|grant| grant.store.is_none_or(|granted| granted == store));
        for grant in &mut self.grants {
            *grant = Grant { store: Some(store), ..*grant };
        }
        let floor = Action::ALL.into_iter().filter(|action| action.is_on_floor());
        self.scopes = Some(floor.map(|action| action.scope().to_owned()).collect());
        self
    }

    /// Did a PIN let them in?
    #[must_use]
    pub fn is_on_floor(&self) -> bool {
        matches!(self.principal, crate::Principal::Person(_)) && self.scopes.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PersonId, Principal, Role};

    fn person(grants: Vec<Grant>) -> Actor {
        Actor { principal: Principal::Person(PersonId::new()), grants, ..Actor::system("ann") }
    }

    /// What each role may in its store once a PIN let it in.
    fn opened(role: Role) -> &'static [Action] {
        use Action::{Adjust, Count, Promise, Receive, SeeStock, Sell, TakeBack, Transfer};
        match role {
            Role::Employee | Role::Manager | Role::Administrator | Role::Integration => {
                &[Sell, TakeBack, Adjust, Receive, SeeStock, Promise, Transfer, Count]
            }
            Role::ReadOnly => &[SeeStock],
        }
    }

    #[test]
    fn a_pin_opens_the_floor_of_one_store_and_nothing_else() {
        let (here, elsewhere) = (StoreId::new(), StoreId::new());
        for role in Role::ALL {
            for granted in [None, Some(here)] {
                let actor = person(vec![Grant { role, store: granted }]).on_floor(here);
                assert!(actor.is_on_floor());
                for action in Action::ALL {
                    assert_eq!(actor.may(action.at(here)), opened(role).contains(&action), "{role:?} {action:?}");
                    assert!(!actor.may(action.at(elsewhere)), "{role:?} {action:?} elsewhere");
                }
            }
        }
    }

    #[test]
    fn who_has_no_role_there_may_nothing_there() {
        let (here, elsewhere) = (StoreId::new(), StoreId::new());
        let actor = person(vec![Grant { role: Role::Administrator, store: Some(elsewhere) }]).on_floor(here);
        assert!(Action::ALL.into_iter().all(|action| !actor.may(action.anywhere())));
        assert!(!person(Vec::new()).is_on_floor(), "a password lets in whole");
    }
}
