//! Building and starting the server.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::Outcome;
use crate::project::Project;
use crate::shell;
use crate::site::{self, Finish};

/// Builds everything and becomes the server.
pub fn run(project: &Project, dev: bool, demo: bool, arguments: &[String]) -> Outcome {
    let (finish, profile, folder) =
        if dev { (Finish::Quick, "dev", "debug") } else { (Finish::Full, "release", "release") };
    site::build(project, finish)?;
    shell::timed("server", || compile(project, profile))?;
    shell::become_program(&mut serve(project, folder, demo, arguments))
}

/// Builds the one executable that ships, with every asset inside; returns where it lies.
pub fn build(project: &Project) -> Outcome<PathBuf> {
    site::build(project, Finish::Full)?;
    shell::timed("server", || compile(project, "dist"))?;
    let (built, shipped) = (project.executable("dist"), project.executable("release"));
    fs::create_dir_all(project.target.join("release"))?;
    // Cargo's own file there is a hard link: writing into it would change what Cargo keeps behind it.
    if shipped.exists() {
        fs::remove_file(&shipped)?;
    }
    fs::copy(built, &shipped)?;
    Ok(shipped)
}

/// Compiles the server; the site must be there, since optimised profiles embed it.
pub fn compile(project: &Project, profile: &str) -> Outcome {
    let mut cargo = shell::cargo(&project.root);
    cargo.args(["build", "--package=storeroom", "--bin=storeroom", "--profile", profile]);
    shell::run(cargo.args(shell::quiet_in_a_log("--quiet")))
}

/// The command that serves, from the profile's folder.
pub fn serve(project: &Project, folder: &str, demo: bool, arguments: &[String]) -> Command {
    let mut server = Command::new(project.executable(folder));
    server.arg("serve").args(demo.then_some("--demo")).args(arguments);
    server
}
