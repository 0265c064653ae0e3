//! The benchmarks' home: builds what ships and hands it to the harness.

use std::process::Command;

use crate::Outcome;
use crate::project::Project;
use crate::{run, shell, tools};

const HARNESS: &str = "storeroom-bench";
/// The benchmarks that do without Lighthouse.
const OTHERS: [&str; 9] = ["sales", "import", "live", "search", "lists", "forecast", "replay", "grid", "pages"];

/// Runs the harness, which gets the server's path in `SERVER_BIN`, the built assets in `SITE` and a browser in
/// `CHROMIUM`.
pub fn bench(project: &Project, arguments: &[String]) -> Outcome {
    if !project.packages.iter().any(|package| package == HARNESS) {
        return Err(format!("there is no package `{HARNESS}` in the workspace to measure with").into());
    }
    tools::postgresql()?;
    tools::npm_packages(project, "end2end")?;
    // It is large, and nothing else needs it.
    let one_of_the_others = |word: &String| OTHERS.contains(&word.as_str());
    if !arguments.iter().any(one_of_the_others) {
        tools::npm_packages(project, "bench/lighthouse")?;
    }
    let chromium = tools::chromium()?;
    let server = run::build(project)?;
    // In the profile of the server, whose libraries are then compiled already.
    shell::timed("harness", || {
        let mut cargo = shell::cargo(&project.root);
        cargo.args(["build", "--profile=dist", "--package", HARNESS]).args(shell::quiet_in_a_log("--quiet"));
        shell::run(&mut cargo)
    })?;
    let mut harness = Command::new(project.target.join("dist").join(HARNESS));
    harness.current_dir(&project.root).args(arguments);
    shell::run(harness.env("SERVER_BIN", server).env("SITE", project.site()).env("CHROMIUM", chromium))
}
