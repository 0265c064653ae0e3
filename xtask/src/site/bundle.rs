//! Styles and scripts by esbuild, each under a name that holds its digest, so that a browser may keep it for ever.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{Finish, digest, files};
use crate::Outcome;
use crate::project::Project;
use crate::shell;

/// What the pages call a file → where the browser finds it.
pub type Addresses = BTreeMap<String, String>;

/// Browsers of the last two years: newer syntax is rewritten for them.
const BROWSERS: &str = "--target=chrome120,firefox121,safari17";

/// Bundles `style/main.css`, every script in `frontend/src` and the WASM's own into `pkg/`.
pub fn bundle(project: &Project, finish: Finish, glue: &Path, site: &Path) -> Outcome<Addresses> {
    let list = site.with_extension("list");
    let mut esbuild = Command::new(project.root.join("frontend/node_modules/.bin/esbuild"));
    esbuild.current_dir(&project.root).args(entries(project, glue)?).args(["--bundle", "--format=esm", BROWSERS]);
    // wasm-bindgen names the script that fetches the pieces once for each of them.
    esbuild.args(["--log-level=warning", "--log-override:duplicate-object-key=silent"]);
    esbuild.args(["--legal-comments=none", "--entry-names=[name]"]);
    esbuild.args(["--asset-names=[name]-[hash]", "--loader:.woff2=file", "--loader:.svg=file"]);
    // Such as the one that reads barcodes; a script finds it beside itself.
    esbuild.arg("--loader:.wasm=file");
    esbuild.args((finish == Finish::Full).then_some("--minify"));
    esbuild.arg(argument("--outdir=", &site.join("pkg"))).arg(argument("--metafile=", &list));
    shell::run(&mut esbuild)?;
    let made = made(&fs::read_to_string(&list)?)?;
    fs::remove_file(list)?;
    made.into_iter().map(|name| Ok((name.clone(), keep(&site.join("pkg").join(&name), &name, site)?))).collect()
}

/// Puts the module into `pkg/` and returns its address.
pub fn add_wasm(wasm: &Path, site: &Path) -> Outcome<String> {
    let (name, copy) = ("storeroom_bg.wasm", site.join("pkg/storeroom_bg.wasm"));
    fs::copy(wasm, &copy)?;
    keep(&copy, name, site)
}

/// Gives a file the name that its content has for ever, and returns its address.
fn keep(file: &Path, name: &str, site: &Path) -> Outcome<String> {
    let (stem, ending) = name.rsplit_once('.').ok_or("every asset's name has an ending")?;
    let address = format!("/pkg/{stem}-{}.{ending}", digest::short(&fs::read(file)?));
    fs::rename(file, site.join(address.trim_start_matches('/')))?;
    Ok(address)
}

fn entries(project: &Project, glue: &Path) -> Outcome<Vec<PathBuf>> {
    let mut entries = files(&project.root.join("style/main.css"))?;
    let scripts =
        fs::read_dir(project.root.join("frontend/src"))?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    entries.extend(scripts.into_iter().filter(|script| script.extension().is_some_and(|ending| ending == "js")));
    entries.push(glue.to_path_buf());
    Ok(entries)
}

/// Reads from esbuild's list what it made from an entry; the rest are pieces, which the entries name themselves.
fn made(list: &str) -> Outcome<Vec<String>> {
    let list: Value = serde_json::from_str(list)?;
    let outputs = list["outputs"].as_object().ok_or("esbuild lists no outputs")?;
    let entries = outputs.iter().filter(|(_, output)| output["entryPoint"].is_string());
    Ok(entries.map(|(path, _)| path.rsplit('/').next().unwrap_or(path).to_owned()).collect())
}

fn argument(name: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(name);
    argument.push(path);
    argument
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_gets_an_address_and_an_asset_has_its_own() {
        let list = r#"{"outputs":{
            "target/site.next/pkg/main.css":{"entryPoint":"style/main.css"},
            "target/site.next/pkg/sans-CD34.woff2":{}}}"#;
        assert_eq!(made(list).unwrap(), ["main.css"]);
    }
}
