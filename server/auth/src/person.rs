//! People: added, trusted with roles, disabled; and always one administrator left.

use crate::act::Act;
use crate::sign_in::plain_name;
use crate::{Auth, Event, Secret, grant, password, pin, session};
use db::Tx;
use model::{Action, Actor, Error, Flaw, Grant, PersonId, Refusal, Result, Role, Time};

/// How many people are listed, and how many are read at once for it.
const LISTED: usize = 200;
const AT_ONCE: i64 = 200;
/// The most roles that somebody is added with.
const GRANTS_MAX: usize = 200;

/// Someone to add.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The name to sign in with: 1 to 64 characters without spaces; upper and lower case are one.
    pub name: String,
    /// The name that others see: 1 to 100 characters.
    pub display_name: String,
    /// 10 to 128 characters.
    pub password: Secret,
    /// `en`, `es` …; empty leaves it to the browser.
    pub language: String,
    /// What they are trusted with.
    pub grants: Vec<Grant>,
}

/// Someone who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Since when.
    pub created_at: Time,
}

impl Auth {
    /// Adds someone. Errors: [`Error::Invalid`]; [`Refusal::NameTaken`]; [`Error::Forbidden`] also for a role in a
    /// store whose people the actor does not manage.
    pub async fn add_person(&self, actor: &Actor, new: NewPerson) -> Result<PersonId> {
        self.permit_people(actor, &new.grants).await?;
        let hash = self.check_new(&new).await?;
        let mut act = self.open_people_act(actor).await?;
        let person = insert(&mut act, &new, &hash).await?;
        act.commit(Event::PersonAdded(person, new.grants)).await?;
        Ok(person)
    }

    /// Gives someone a new password; their sessions end, and their PIN goes. Errors: as [`Auth::add_person`]; [`Error::NotFound`].
    pub async fn set_password(&self, actor: &Actor, person: PersonId, password: Secret) -> Result<()> {
        let known = self.find_managed(actor, person).await?;
        password::check(&password, &[&known.name, &known.display_name])?;
        let hash = self.passwords.hash(&password).await?;
        let mut act = self.open_people_act(actor).await?;
        self.recheck(&mut act, actor, person).await?;
        db::execute!(
            act,
            "update auth_person set password_hash = $1, version = version + 1 where id = $2",
            hash,
            person
        )?;
        pin::forget(&mut act, person).await?;
        session::end_sessions(&mut act, person, None).await?;
        self.end_people_act(act, Event::PasswordSet(person)).await
    }

    /// Trusts someone with a role. What they have already is no error.
    pub async fn grant(&self, actor: &Actor, person: PersonId, new: Grant) -> Result<()> {
        self.permit_people(actor, &[new]).await?;
        self.find_managed(actor, person).await?;
        let mut act = self.open_people_act(actor).await?;
        self.recheck(&mut act, actor, person).await?;
        if !grant::add(&mut act, person, new).await? {
            return act.withdraw().await;
        }
        bump(&mut act, person).await?;
        self.end_people_act(act, Event::Granted(person, new)).await
    }

    /// Takes a role away. Errors: [`Error::NotFound`] when they do not have it; [`Refusal::LastAdministrator`].
    pub async fn revoke(&self, actor: &Actor, person: PersonId, old: Grant) -> Result<()> {
        self.find_managed(actor, person).await?;
        let mut act = self.open_people_act(actor).await?;
        self.recheck(&mut act, actor, person).await?;
        let before = count_administrators(&mut act).await?;
        if !grant::remove(&mut act, person, old).await? {
            return Err(Error::NotFound);
        }
        keep_an_administrator(&mut act, before).await?;
        bump(&mut act, person).await?;
        self.end_people_act(act, Event::GrantRevoked(person, old)).await
    }

    /// Keeps someone from signing in, and ends their sessions. Errors: [`Refusal::LastAdministrator`].
    pub async fn disable(&self, actor: &Actor, person: PersonId) -> Result<()> {
        self.set_disabled(actor, person, true).await
    }

    /// Lets someone sign in again, with a fresh session.
    pub async fn enable(&self, actor: &Actor, person: PersonId) -> Result<()> {
        self.set_disabled(actor, person, false).await
    }

    async fn set_disabled(&self, actor: &Actor, person: PersonId, disabled: bool) -> Result<()> {
        self.find_managed(actor, person).await?;
        let mut act = self.open_people_act(actor).await?;
        self.recheck(&mut act, actor, person).await?;
        let before = count_administrators(&mut act).await?;
        let changed = db::execute!(
            act,
            "update auth_person set disabled = $1, version = version + 1 where id = $2 and disabled <> $1",
            disabled,
            person
        )?;
        if changed == 0 {
            return act.withdraw().await;
        }
        if !disabled {
            return self.end_people_act(act, Event::PersonEnabled(person)).await;
        }
        keep_an_administrator(&mut act, before).await?;
        session::end_sessions(&mut act, person, None).await?;
        self.end_people_act(act, Event::PersonDisabled(person)).await
    }

    /// The people whom the actor manages, by name; at most 200, those after `after`. Fewer are all that are left.
    pub async fn people(&self, actor: &Actor, after: &str) -> Result<Vec<Person>> {
        let mut tx = self.read(actor, Action::ManagePeople.anywhere()).await?;
        managed(&mut tx, actor, after, LISTED).await
    }

    /// The person of that sign-in name, if the actor manages them.
    pub async fn person_named(&self, actor: &Actor, name: &str) -> Result<Option<Person>> {
        let mut tx = self.read(actor, Action::ManagePeople.anywhere()).await?;
        let row: Option<PersonRow> = db::fetch_optional!(
            &mut tx,
            "select id, name, display_name, language, disabled, created_at,
                    exists (select 1 from auth_pin n where n.person = auth_person.id) as has_pin
             from auth_person where name = $1",
            plain_name(name)
        )?;
        let Some(row) = row else { return Ok(None) };
        let grants = grant::of_person(&mut tx, row.id).await?;
        Ok(grant::covers(actor, &grants).then(|| row.person(grants)))
    }

    /// Are these (sign-in name, shown name) all who can sign in, and can they all? For a demo's sign-in page.
    pub async fn are_everybody(&self, known: &[(&str, &str)]) -> Result<bool> {
        let limit = i64::try_from(known.len() + 1).unwrap_or(i64::MAX);
        let mut tx = self.db.read().await?;
        let rows: Vec<(String, String)> = db::fetch_all!(
            &mut tx,
            "select name, display_name from auth_person where disabled = false order by name limit $1",
            limit
        )?;
        let is_known = |row: &(String, String)| known.iter().any(|(name, shown)| row.0 == *name && row.1 == *shown);
        Ok(rows.len() == known.len() && rows.iter().all(is_known))
    }

    /// Refuses what no one should have to repair later, and hashes the password.
    pub(crate) async fn check_new(&self, new: &NewPerson) -> Result<String> {
        let mut flaws = Vec::new();
        let name = plain_name(&new.name);
        if name.is_empty() || name.chars().count() > 64 || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
            flaws.push(Flaw::new("name", "bad_name", "use 1 to 64 characters without spaces"));
        }
        let shown = new.display_name.trim();
        if shown.is_empty() || shown.chars().count() > 100 || shown.chars().any(char::is_control) {
            flaws.push(Flaw::new("display_name", "bad_name", "use 1 to 100 characters"));
        }
        if new.language.len() > 16 {
            flaws.push(Flaw::new("language", "bad_language", "use a language such as en"));
        }
        if new.grants.len() > GRANTS_MAX {
            flaws.push(Flaw::new("grants", "too_many", format!("give at most {GRANTS_MAX} roles at once")));
        }
        if let Err(error) = password::check(&new.password, &[&name, shown, "storeroom"]) {
            let Error::Invalid(more) = error else { return Err(error) };
            flaws.extend(more);
        }
        if flaws.is_empty() { self.passwords.hash(&new.password).await } else { Err(Error::Invalid(flaws)) }
    }

    /// A person whom the actor manages; anyone else is not there for them.
    async fn find_managed(&self, actor: &Actor, person: PersonId) -> Result<Person> {
        self.permit(actor, Action::ManagePeople.anywhere()).await?;
        let mut tx = self.db.read().await?;
        let row: Option<PersonRow> = db::fetch_optional!(
            &mut tx,
            "select id, name, display_name, language, disabled, created_at,
                    exists (select 1 from auth_pin n where n.person = auth_person.id) as has_pin
             from auth_person where id = $1",
            person
        )?;
        let row = row.ok_or(Error::NotFound)?;
        let grants = grant::of_person(&mut tx, person).await?;
        drop(tx);
        if !grant::covers(actor, &grants) {
            return Err(Error::NotFound);
        }
        Ok(row.person(grants))
    }

    /// The right again, inside the act: a grant may have come since the look outside.
    async fn recheck(&self, act: &mut Act, actor: &Actor, person: PersonId) -> Result<()> {
        let grants = grant::of_person(act, person).await?;
        if grant::covers(actor, &grants) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Changes of people take turns, so that two administrators cannot disable each other at once.
    pub(crate) async fn open_people_act(&self, actor: &Actor) -> Result<Act> {
        let mut act = self.open_act(actor).await?;
        db::execute!(act, "update auth_house set turns = turns + 1 where one = 1")?;
        Ok(act)
    }

    async fn end_people_act(&self, act: Act, event: Event) -> Result<()> {
        act.commit(event).await?;
        self.standings.forget();
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: PersonId,
    name: String,
    display_name: String,
    language: String,
    disabled: bool,
    created_at: Time,
    has_pin: bool,
}

impl PersonRow {
    fn person(self, grants: Vec<Grant>) -> Person {
        let Self { id, name, display_name, language, disabled, created_at, has_pin } = self;
        Person { id, name, display_name, language, disabled, has_pin, grants, created_at }
    }
}

/// The people whom the actor manages, by name. Others are read over, so that a page has its full length.
pub(crate) async fn managed(tx: &mut Tx, actor: &Actor, after: &str, most: usize) -> Result<Vec<Person>> {
    let (mut people, mut after) = (Vec::new(), after.to_owned());
    loop {
        let rows: Vec<PersonRow> = db::fetch_all!(
            tx,
            "select id, name, display_name, language, disabled, created_at,
                    exists (select 1 from auth_pin n where n.person = auth_person.id) as has_pin
             from auth_person
             where name > $1 order by name limit $2",
            &after,
            AT_ONCE
        )?;
        let Some(last) = rows.last().map(|row| row.name.clone()) else { return Ok(people) };
        let mut grants = grant::of_people(tx, &after, &last).await?;
        for row in rows {
            let grants = grants.remove(&row.id).unwrap_or_default();
            if grant::covers(actor, &grants) {
                people.push(row.person(grants));
            }
        }
        if people.len() >= most {
            people.truncate(most);
            return Ok(people);
        }
        after = last;
    }
}

/// Writes a person and their grants down.
pub(crate) async fn insert(tx: &mut Tx, new: &NewPerson, hash: &str) -> Result<PersonId> {
    let (person, name) = (PersonId::new(), plain_name(&new.name));
    let rows = db::execute!(
        tx,
        "insert into auth_person (id, name, display_name, password_hash, language, disabled, version, created_at)
         values ($1, $2, $3, $4, $5, $6, 1, $7) on conflict (name) do nothing",
        person,
        &name,
        new.display_name.trim(),
        hash,
        &new.language,
        false,
        Time::now()
    )?;
    if rows == 0 {
        return Err(Refusal::NameTaken { name }.into());
    }
    for grant in &new.grants {
        grant::add(tx, person, *grant).await?;
    }
    Ok(person)
}

async fn bump(tx: &mut Tx, person: PersonId) -> Result<()> {
    db::execute!(tx, "update auth_person set version = version + 1 where id = $1", person)?;
    Ok(())
}

/// Refuses when there were administrators before, and are none now.
async fn keep_an_administrator(tx: &mut Tx, before: i64) -> Result<()> {
    let gone = before > 0 && count_administrators(tx).await? == 0;
    if gone { Err(Refusal::LastAdministrator.into()) } else { Ok(()) }
}

/// How many people can sign in and administer everything.
pub(crate) async fn count_administrators(tx: &mut Tx) -> Result<i64> {
    let (count,): (i64,) = db::fetch_one!(
        tx,
        "select count(*) from auth_person p join auth_grant g on g.person = p.id
         where p.disabled = false and g.role = $1 and g.store is null",
        Role::Administrator.name()
    )?;
    Ok(count)
}
