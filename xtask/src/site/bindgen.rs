//! The JavaScript that carries calls in and out of the WASM, by wasm-bindgen as a library: no tool to install.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use super::{Finish, digest, remove};
use crate::Outcome;
use crate::project::Project;

/// A module and its JavaScript.
pub struct Glue {
    pub javascript: PathBuf,
    pub wasm: PathBuf,
}

/// Writes both, unless this very module has been through already.
pub fn glue(project: &Project, finish: Finish, wasm: &Path) -> Outcome<Glue> {
    let folder = project.target.join("bindgen").join(finish.profile());
    let glue = Glue { javascript: folder.join("storeroom.js"), wasm: folder.join("storeroom_bg.wasm") };
    let made_from = digest::of(&[wasm.to_path_buf()], env!("CARGO_PKG_VERSION"))?;
    let stamp = folder.join("made-from");
    if fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == made_from) {
        return Ok(glue);
    }
    remove(&folder)?;
    fs::create_dir_all(&folder)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("storeroom").typescript(false).web(true)?;
    bindgen.remove_name_section(finish == Finish::Full).remove_producers_section(finish == Finish::Full);
    bindgen.generate(&folder)?;
    fs::write(stamp, made_from)?;
    Ok(glue)
}
