//! The people of the demo, whose passwords are no secret.

use super::STORE;
use crate::Integration;
use auth::{NewPerson, Secret};
use model::{Action, Actor, Grant, PersonId, Result, Role, StoreId};

/// With what someone signs in to the demo.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The sign-in name.
    pub name: &'static str,
    /// The name that others see.
    pub shown: &'static str,
    /// The password; on the console and on the demo's own sign-in page it is meant to be read.
    pub password: &'static str,
    /// What they are there.
    pub role: Role,
}

/// Everybody in the demo; the first is its administrator.
pub const PEOPLE: [SignIn; 3] = [
    SignIn { name: "olga", shown: "Olga Marsh", password: "olga-owns-the-demo-shop", role: Role::Administrator },
    SignIn { name: "mark", shown: "Mark Hale", password: "mark-minds-the-demo-shop", role: Role::Manager },
    SignIn { name: "ann", shown: "Ann Reed", password: "ann-sells-in-the-demo-shop", role: Role::Employee },
];

impl SignIn {
    fn person(&self, store: StoreId) -> NewPerson {
        let everywhere = self.role == Role::Administrator;
        NewPerson {
            name: self.name.to_owned(),
            display_name: self.shown.to_owned(),
            password: Secret::new(self.password),
            language: String::new(),
            grants: vec![Grant { role: self.role, store: (!everywhere).then_some(store) }],
        }
    }
}

impl Integration {
    /// How one signs in, when the demo's people are all there are: a demo tells its passwords to everybody. Nothing
    /// as soon as there is somebody else.
    pub async fn demo_sign_ins(&self) -> Result<Vec<SignIn>> {
        let known = PEOPLE.map(|person| (person.name, person.shown));
        Ok(if self.auth.are_everybody(&known).await? { PEOPLE.to_vec() } else { Vec::new() })
    }

    /// Adds those of the demo's people who are not there; the administrator last, so that with her all are there.
    pub(super) async fn add_people(&self, actor: &Actor) -> Result<()> {
        let store = self.inventory.store(actor, Action::SeeStock, STORE).await?;
        for sign_in in PEOPLE.iter().rev() {
            if self.auth.person_named(actor, sign_in.name).await?.is_none() {
                self.auth.add_person(actor, sign_in.person(store.id)).await?;
            }
        }
        Ok(())
    }

    /// Keeps the demo's people from signing in; answers with who could until now.
    ///
    /// Errors: [`model::Refusal::LastAdministrator`], with nobody changed, when nobody else administers the house.
    pub(super) async fn disable_people(&self, actor: &Actor) -> Result<Vec<PersonId>> {
        let mut disabled = Vec::new();
        for sign_in in &PEOPLE {
            let found = self.auth.person_named(actor, sign_in.name).await?;
            // Somebody's own Ann is not the demo's.
            let theirs = found.filter(|person| person.display_name == sign_in.shown && !person.disabled);
            if let Some(person) = theirs {
                self.auth.disable(actor, person.id).await?;
                disabled.push(person.id);
            }
        }
        Ok(disabled)
    }
}
