//! One PostgreSQL for all tests of a run: each makes its own database in it, and none waits for a cluster of its own.

use std::env;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use crate::Outcome;

/// The variable that tells the tests where it is.
pub const VARIABLE: &str = "TEST_POSTGRES_URL";

/// A running cluster; dropping it stops and removes it.
pub struct Postgres {
    /// Without a database: the tests add theirs.
    pub url: String,
    keeper: Option<Child>,
}

impl Postgres {
    /// The cluster that the environment names, or a throwaway one.
    pub fn start() -> Outcome<Self> {
        if let Ok(url) = env::var(VARIABLE) {
            return Ok(Self { url, keeper: None });
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut keeper = as_ordinary_user()
            .args(["bash", "-c", include_str!("postgres.sh"), "postgres", &port.to_string()])
            .current_dir(env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = String::new();
        BufReader::new(keeper.stdout.take().ok_or("the output is a pipe")?).read_line(&mut said)?;
        if said.trim() != "ready" {
            return Err("PostgreSQL does not start; its messages stand above".into());
        }
        Ok(Self { url: format!("postgres://storeroom@127.0.0.1:{port}"), keeper: Some(keeper) })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            // Nothing is left to do when it is gone already.
            let _ = keeper.wait();
        }
    }
}

/// PostgreSQL refuses to run as root.
fn as_ordinary_user() -> Command {
    let id = |of: &[&str]| Command::new("id").arg("-u").args(of).output().ok().filter(|told| told.status.success());
    if id(&[]).is_none_or(|told| told.stdout.trim_ascii() != b"0") {
        return Command::new("env");
    }
    let user = if id(&["postgres"]).is_some() { "postgres" } else { "nobody" };
    let mut command = Command::new("runuser");
    command.args(["-u", user, "--"]);
    command
}
