//! A mistyped variable must not be a silent default.

use super::Cli;
use clap::CommandFactory;
use std::ffi::{OsStr, OsString};

/// Variables that our own tests set, and the program does not read.
const TESTS: [&str; 1] = ["STOREROOM_TEST_SQLITE_ONLY"];

/// Refuses `STOREROOM_…` variables that no flag reads.
///
/// # Errors
/// Names the first unknown one, and those that there are.
pub fn known(names: impl Iterator<Item = OsString>) -> Result<(), String> {
    let mut ours = Vec::new();
    collect(&Cli::command(), &mut ours);
    for name in names {
        let Some(name) = name.to_str().filter(|name| name.starts_with("STOREROOM_")) else { continue };
        if !ours.iter().any(|known| known == name) && !TESTS.contains(&name) {
            ours.sort();
            ours.dedup();
            return Err(format!("nothing reads the variable {name}; there are {}", ours.join(", ")));
        }
    }
    Ok(())
}

fn collect(command: &clap::Command, into: &mut Vec<String>) {
    let variables = command.get_arguments().filter_map(|argument| argument.get_env()).filter_map(OsStr::to_str);
    into.extend(variables.map(str::to_owned));
    command.get_subcommands().for_each(|sub| collect(sub, into));
}

#[cfg(test)]
mod tests {
    use super::known;

    fn names(list: &[&str]) -> impl Iterator<Item = std::ffi::OsString> {
        list.iter().map(std::ffi::OsString::from).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn what_a_flag_reads_is_known() {
        assert_eq!(
            known(names(&["PATH", "STOREROOM_BIND", "STOREROOM_PASSWORD_FILE", "STOREROOM_DATABASE_URL"])),
            Ok(())
        );
    }

    #[test]
    fn a_mistyped_variable_is_named() {
        let sentence = known(names(&["STOREROOM_DATABSE_URL"])).expect_err("unknown");
        assert!(
            sentence.contains("STOREROOM_DATABSE_URL") && sentence.contains("STOREROOM_DATABASE_URL"),
            "{sentence}"
        );
    }
}
