//! The JavaScript that carries calls in and out of the WASM, by wasm-bindgen as a library: no tool to install.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use super::split::{self, Pages};
use super::{Finish, digest, remove};
use crate::Outcome;
use crate::project::Project;

/// A module, its JavaScript, and the pieces that come later.
pub struct Glue {
    pub folder: PathBuf,
    pub javascript: PathBuf,
    pub wasm: PathBuf,
    pub pages: Pages,
}

/// Writes all of it, unless this very module has been through already.
pub fn glue(project: &Project, finish: Finish, wasm: &Path) -> Outcome<Glue> {
    let folder = project.target.join("bindgen").join(finish.profile());
    let (stamp, listed) = (folder.join("made-from"), folder.join("pages.json"));
    let made_from = digest::of(&[wasm.to_path_buf()], split::PIECE)?;
    if !fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == made_from) {
        remove(&folder)?;
        fs::create_dir_all(&folder)?;
        let split = split::split(wasm, finish, &folder)?;
        let mut bindgen = Bindgen::new();
        // The pieces live on what the main module exports.
        bindgen.input_path(split.main).keep_lld_exports(true).out_name("storeroom").typescript(false).web(true)?;
        bindgen.remove_name_section(finish == Finish::Full).remove_producers_section(finish == Finish::Full);
        bindgen.generate(&folder)?;
        fs::write(&listed, serde_json::to_string(&split.pages)?)?;
        fs::write(stamp, made_from)?;
    }
    let pages = serde_json::from_str(&fs::read_to_string(listed)?)?;
    let (javascript, wasm) = (folder.join("storeroom.js"), folder.join("storeroom_bg.wasm"));
    Ok(Glue { folder, javascript, wasm, pages })
}
