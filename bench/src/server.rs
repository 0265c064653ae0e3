//! The server under measurement: the program that ships, in a folder of its own, on a free port.

use crate::Outcome;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// A store with a key, people and items; ends with its owner.
pub struct Server {
    pub port: u16,
    pub key: String,
    bin: String,
    database: Option<String>,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

/// How many people may listen: each ten sockets.
pub const PEOPLE: usize = 10;
/// The password of each of them, on a server that lives for a minute.
pub const PASSWORD: &str = "a long bench passphrase";

impl Server {
    /// Sets a store up; `database` is a PostgreSQL URL, or nothing for SQLite.
    pub async fn prepare(database: Option<String>) -> Outcome<Self> {
        let bin = std::env::var("SERVER_BIN").map_err(|_| "SERVER_BIN is not set: run `cargo xtask bench`")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = tempfile::tempdir()?;
        let mut server = Self { port, key: String::new(), bin, database, folder, child: None };
        server.say(&["migrate"]).await?;
        server.say(&["store", "add", "LON", "London", "--currency", "GBP", "--time-zone", "Europe/London"]).await?;
        let key = server.say(&["key", "add", "--name", "bench", "--scopes", "all", "--stores", "all"]).await?;
        server.key = key.trim().to_owned();
        Ok(server)
    }

    /// Adds the people that [`crate::live`] signs in, and an administrator.
    pub async fn add_people(&self) -> Outcome {
        let file = self.folder.path().join("password");
        std::fs::write(&file, PASSWORD)?;
        let file = file.to_string_lossy().into_owned();
        for person in 0..PEOPLE {
            let role = if person == 0 { "administrator" } else { "manager" };
            self.say(&["user", "add", &format!("bench{person}"), "--role", role, "--password-file", &file]).await?;
        }
        Ok(())
    }

    /// Runs a command of the program to its end and answers with what it printed.
    pub async fn say(&self, words: &[&str]) -> Outcome<String> {
        let done = self.command(words).stderr(Stdio::inherit()).output().await?;
        if !done.status.success() {
            return Err(format!("storeroom {} failed: {}", words.join(" "), done.status).into());
        }
        Ok(String::from_utf8(done.stdout)?)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.bin);
        command.args(words).arg("--data-dir").arg(self.folder.path()).stdin(Stdio::null());
        // Ours, and unknown to the program, which takes no variable for nothing.
        command.env_remove("STOREROOM_TILL_DATA");
        if let Some(url) = &self.database {
            command.env("STOREROOM_DATABASE_URL", url);
        }
        command
    }

    /// Starts serving and waits until it is ready.
    pub async fn serve(&mut self) -> Outcome {
        let bind = format!("127.0.0.1:{}", self.port);
        let mut command = self.command(&["serve", "--bind", &bind, "--requests-per-second", "10000000"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        self.child = Some(command.spawn()?);
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if crate::client::Client::open(self.port).await.is_ok() {
                return Ok(());
            }
        }
        Err("the server did not start within 10 s".into())
    }

    /// Stops serving.
    pub async fn stop(&mut self) -> Outcome {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// How much memory it holds at this moment, in MiB.
    pub fn resident_mib(&self) -> Option<u64> {
        let pid = self.child.as_ref()?.id()?;
        let status = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib / 1024)
    }
}
