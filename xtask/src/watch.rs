//! The loop of a developer: build, serve, wait for a change, again.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use crate::Outcome;
use crate::project::Project;
use crate::site::{self, Finish};
use crate::{run, shell};

/// What a change in matters to; `server` holds tests too, which cost a build that does nothing.
const WATCHED: [&str; 8] =
    ["Cargo.toml", "Cargo.lock", "app", "frontend/src", "migrations", "public", "server", "style"];
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Serves, and again after every change; a build that fails leaves the last server running.
pub fn dev(project: &Project, demo: bool, arguments: &[String]) -> Outcome {
    let mut server: Option<Child> = None;
    loop {
        let seen = look(&project.root)?;
        match build(project) {
            Ok(()) => {
                stop(server.take())?;
                server = Some(run::serve(project, "debug", demo, arguments).spawn()?);
            }
            Err(why) => eprintln!("\n{why}\nwaiting for a change"),
        }
        wait_for_change(&project.root, seen)?;
    }
}

fn build(project: &Project) -> Outcome {
    site::build(project, Finish::Quick)?;
    shell::timed("server", || run::compile(project, "dev"))
}

fn stop(server: Option<Child>) -> Outcome {
    let Some(mut server) = server else { return Ok(()) };
    if server.try_wait()?.is_none() {
        // Asked, not killed: a clean stop is what an operator does, so it is what we try all day.
        let asked = Command::new("kill").arg(server.id().to_string()).status().is_ok_and(|status| status.success());
        if !asked {
            server.kill()?;
        }
    }
    server.wait()?;
    Ok(())
}

fn wait_for_change(root: &Path, seen: u64) -> Outcome {
    let mut last = seen;
    loop {
        sleep(LOOK_EVERY);
        let now = look(root)?;
        // Editors write several files: wait until they are done.
        if now != seen && now == last {
            return Ok(());
        }
        last = now;
    }
}

/// A figure that changes when a watched file is written, added or removed.
fn look(root: &Path) -> Outcome<u64> {
    let mut hasher = DefaultHasher::new();
    for name in WATCHED {
        for file in site::files(&root.join(name))? {
            let changed = file.metadata().and_then(|file| file.modified()).ok();
            (file, changed).hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}
