//! People and keys, made from the command line.

use super::obey::say;
use super::{KeyAdd, UserAdd};
use crate::house::command_line;
use crate::{House, Stop};
use auth::{NewPerson, Secret};
use model::{Action, Grant, Role, Scope};
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

/// Adds someone who signs in.
pub async fn add(add: UserAdd) -> Result<(), Stop> {
    let role = Role::named(&add.role).ok_or_else(|| {
        let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
        Stop::new(format!("--role {:?} is not one of {}", add.role, names.join(", "))).with_status(2)
    })?;
    let house = House::open(&add.place).await?;
    let beside = house.start();
    let added = add_with(&house, &add, role).await;
    house.close(beside).await;
    added?;
    say(&format!("{} can sign in as {} in {}", add.name, role.name(), add.stores));
    Ok(())
}

async fn add_with(house: &House, add: &UserAdd, role: Role) -> Result<(), Stop> {
    let grants = match stores(house, &add.stores).await? {
        Scope::All => vec![Grant { role, store: None }],
        Scope::Only(stores) => stores.into_iter().map(|store| Grant { role, store: Some(store) }).collect(),
    };
    let password = password(add.password_file.as_deref())?;
    let person = NewPerson {
        name: add.name.clone(),
        display_name: add.display.clone().unwrap_or_else(|| add.name.clone()),
        password: Secret::new(password),
        language: String::new(),
        grants,
    };
    house.auth.add_person(&command_line(), person).await?;
    Ok(())
}

/// Makes a key and prints it.
pub async fn add_key(add: KeyAdd) -> Result<(), Stop> {
    let house = House::open(&add.place).await?;
    let beside = house.start();
    let made = make_key(&house, &add).await;
    house.close(beside).await;
    say(&made?);
    eprintln!("keep it: it is shown this once");
    Ok(())
}

async fn make_key(house: &House, add: &KeyAdd) -> Result<String, Stop> {
    let scopes = scopes(&add.scopes)?;
    let stores = stores(house, &add.stores).await?;
    let (_, key) = house.auth.add_key(&command_line(), &add.name, &scopes, &stores, None).await?;
    Ok(key.expose().to_owned())
}

/// `all`, or codes with commas between.
async fn stores(house: &House, codes: &str) -> Result<Scope, Stop> {
    if codes == "all" {
        return Ok(Scope::All);
    }
    let known = house.inventory.stores(&command_line()).await?;
    let find = |code: &str| {
        let found = known.iter().find(|store| store.code == code).map(|store| store.id);
        let codes = known.iter().map(|store| store.code.as_str()).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| Stop::new(format!("there is no store {code:?}; there are: {codes}")))
    };
    Ok(Scope::Only(codes.split(',').map(|code| find(code.trim())).collect::<Result<_, _>>()?))
}

/// `all`, or scopes with commas between.
fn scopes(text: &str) -> Result<Vec<String>, Stop> {
    let known = |scope: &str| scope == "all" || Action::ALL.iter().any(|action| action.scope() == scope);
    let scopes: Vec<String> = text.split(',').map(|scope| scope.trim().to_owned()).collect();
    match scopes.iter().find(|scope| !known(scope)) {
        None => Ok(scopes),
        Some(scope) => {
            let all: Vec<_> = Action::ALL.iter().map(|action| action.scope()).collect();
            Err(Stop::new(format!("there is no scope {scope:?}; there are all, {}", all.join(", "))).with_status(2))
        }
    }
}

/// The first line of the file, or of standard input; a password may begin and end with spaces, but not with a line end.
fn password(file: Option<&Path>) -> Result<String, Stop> {
    let text = match file {
        Some(file) => std::fs::read_to_string(file)
            .map_err(|error| Stop::new(format!("the password file {} cannot be read: {error}", file.display())))?,
        None if std::io::stdin().is_terminal() => typed()?,
        None => line_of_input()?,
    };
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    if line.is_empty() {
        return Err(Stop::new("there is no password: type one, or name a file with --password-file"));
    }
    Ok(line.to_owned())
}

fn line_of_input() -> Result<String, Stop> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}

/// Asks at the terminal, which does not show it where it can be told so.
fn typed() -> Result<String, Stop> {
    let echo = |how: &str| std::process::Command::new("stty").arg(how).status().is_ok_and(|status| status.success());
    eprint!("password: ");
    std::io::stderr().flush()?;
    let hidden = echo("-echo");
    let line = line_of_input();
    if hidden {
        echo("echo");
        eprintln!();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_known_words() {
        assert_eq!(scopes("sales:write, stock:read").expect("known"), ["sales:write", "stock:read"]);
        assert_eq!(scopes("all").expect("known"), ["all"]);
    }

    #[test]
    fn an_unknown_scope_is_named() {
        let stop = scopes("sales:write,stok:read").expect_err("unknown");
        assert!(stop.to_string().contains("stok:read") && stop.status() == 2);
    }

    #[test]
    fn a_password_is_the_first_line_byte_for_byte() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), " with spaces \r\nsecond\n").expect("written");
        assert_eq!(password(Some(file.path())).expect("there"), " with spaces ");
        std::fs::write(file.path(), "\n").expect("written");
        assert!(password(Some(file.path())).is_err());
    }
}
