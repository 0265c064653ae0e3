//! The benchmarks' home: builds what ships and hands it to the harness.

use crate::Outcome;
use crate::project::Project;
use crate::{run, shell};

const HARNESS: &str = "storeroom-bench";

/// Runs the harness, which gets the server's path in `SERVER_BIN`.
pub fn bench(project: &Project, arguments: &[String]) -> Outcome {
    if !project.packages.iter().any(|package| package == HARNESS) {
        return Err(format!("there is no package `{HARNESS}` in the workspace to measure with").into());
    }
    let server = run::build(project)?;
    let mut cargo = shell::cargo(&project.root);
    cargo.args(["run", "--quiet", "--profile=dist", "--package", HARNESS, "--"]).args(arguments);
    shell::run(cargo.env("SERVER_BIN", server).env("SITE", project.site()))
}
