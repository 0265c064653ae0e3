//! What the browser fetches: WASM, JavaScript, styles and public files, in `target/site` with a list of their addresses.

mod bindgen;
mod bundle;
mod digest;
mod split;
mod worker;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::project::Project;
use crate::{shell, tools};

pub use digest::files;

/// How much work goes into the files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// For the loop and the tests: hardly optimised, readable, not compressed.
    Quick,
    /// For people: small, and compressed beside itself.
    Full,
}

impl Finish {
    fn profile(self) -> &'static str {
        match self {
            Self::Quick => "wasm-dev",
            Self::Full => "wasm-release",
        }
    }
}

/// What the site is made from, beside the WASM; xtask itself is among it, since it is the recipe.
const INPUTS: [&str; 6] =
    ["frontend/src", worker::SOURCE, "frontend/compress.js", "frontend/package-lock.json", "public", "style"];
const RECIPE: &str = "xtask/src/site";

/// Builds `target/site` when something that it is made from has changed.
///
/// The folder appears at once, whole: a server that reads it meanwhile sees the old one or the new one.
pub fn build(project: &Project, finish: Finish) -> Outcome {
    tools::wasm_target(project)?;
    tools::npm_packages(project, "frontend")?;
    let wasm = shell::timed("browser's side", || compile(project, finish))?;
    let made_from = digest::of(&inputs(project, &wasm), finish.profile())?;
    let (site, stamp) = (project.site(), project.site().with_extension("made-from"));
    if site.join("assets.json").is_file() && fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == made_from) {
        return Ok(());
    }
    shell::timed("site", || assemble(project, finish, &wasm))?;
    Ok(fs::write(stamp, made_from)?)
}

fn compile(project: &Project, finish: Finish) -> Outcome<PathBuf> {
    let mut cargo = shell::cargo(&project.root);
    cargo.args(["build", "--package=storeroom-frontend", "--lib", "--target=wasm32-unknown-unknown"]);
    shell::run(cargo.args(["--profile", finish.profile()]).args(shell::quiet_in_a_log("--quiet")))?;
    Ok(project.target.join("wasm32-unknown-unknown").join(finish.profile()).join("storeroom_frontend.wasm"))
}

fn inputs(project: &Project, wasm: &Path) -> Vec<PathBuf> {
    let named = INPUTS.iter().chain([&RECIPE]).map(|name| project.root.join(name));
    named.chain([wasm.to_path_buf()]).collect()
}

fn assemble(project: &Project, finish: Finish, wasm: &Path) -> Outcome {
    let (site, next) = (project.site(), project.root.join("target/site.next"));
    remove(&next)?;
    fs::create_dir_all(next.join("pkg"))?;
    let glue = bindgen::glue(project, finish, wasm)?;
    let mut addresses = bundle::bundle(project, finish, &glue.javascript, &next)?;
    addresses.insert("storeroom_bg.wasm".into(), bundle::add_wasm(&glue.wasm, &next)?);
    copy_public(&project.root.join("public"), &next)?;
    for piece in glue.pages.values().flatten() {
        fs::copy(glue.folder.join(piece), next.join("pkg").join(piece))?;
    }
    worker::write(project, &addresses, &next)?;
    if finish == Finish::Full {
        shell::run(Command::new("node").arg("frontend/compress.js").arg(&next).current_dir(&project.root))?;
    }
    let mut list = serde_json::to_value(&addresses)?;
    // What comes later: each page's pieces.
    list["pages"] = serde_json::to_value(&glue.pages)?;
    fs::write(next.join("assets.json"), serde_json::to_string_pretty(&list)?)?;
    remove(&site)?;
    Ok(fs::rename(next, site)?)
}

fn copy_public(public: &Path, site: &Path) -> Outcome {
    for file in files(public)? {
        let copy = site.join(file.strip_prefix(public)?);
        fs::create_dir_all(copy.parent().unwrap_or(site))?;
        fs::copy(&file, copy)?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}
