//! The JavaScript that carries calls in and out of the WASM, by wasm-bindgen as a library: no tool to install.

use std::collections::BTreeMap;
use std::fs;
use std::mem::replace;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use super::split::{self, Pages};
use super::{Finish, digest, remove};
use crate::Outcome;
use crate::project::Project;

/// What the module calls the script that it imports from.
const SCRIPT: &str = "./storeroom_bg.js";
/// A digest's length at the end of an import's name.
const DIGEST: usize = 16;

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
        let mut made = bindgen.generate_output()?;
        let given: BTreeMap<_, _> = (made.wasm_mut().imports.iter_mut())
            .filter(|import| import.module == SCRIPT && digested(&import.name))
            .enumerate()
            .map(|(nth, import)| (replace(&mut import.name, format!("i{nth}")), nth))
            .collect();
        made.emit(&folder)?;
        let script = folder.join("storeroom.js");
        fs::write(&script, shortened(&fs::read_to_string(&script)?, &given)?)?;
        fs::write(&listed, serde_json::to_string(&split.pages)?)?;
        fs::write(stamp, made_from)?;
    }
    let pages = serde_json::from_str(&fs::read_to_string(listed)?)?;
    let (javascript, wasm) = (folder.join("storeroom.js"), folder.join("storeroom_bg.wasm"));
    Ok(Glue { folder, javascript, wasm, pages })
}

/// `__wbg_stack_575c4e0918581b9c`: the digest tells it from another crate's. In one module a number does, and some three
/// hundred digests were 5 KiB of what a till downloads, since nothing compresses them.
fn digested(import: &str) -> bool {
    let digest = import.len().checked_sub(DIGEST).and_then(|start| import.get(start..));
    import.starts_with("__wb") && digest.is_some_and(|digest| digest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The script with its functions under the imports' new names: `i` and the number.
fn shortened(script: &str, given: &BTreeMap<String, usize>) -> Outcome<String> {
    let mut short = String::with_capacity(script.len());
    let mut left = given.len();
    for line in script.split_inclusive('\n') {
        let named = line.split_once(':').and_then(|(name, rest)| Some((given.get(name.trim())?, rest)));
        match named {
            Some((nth, rest)) => {
                short += &format!("i{nth}:{rest}");
                left -= 1;
            }
            None => short += line,
        }
    }
    if left == 0 { Ok(short) } else { Err(format!("the script lacks {left} functions that the module imports").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_and_its_function_get_the_same_short_name() {
        let name = "__wbg_stack_575c4e0918581b9c";
        assert!(digested(name) && !digested("__wbindgen_init_externref_table") && !digested("memory"));
        let given = BTreeMap::from([(name.to_owned(), 7)]);
        let script =
            "const all = {\n    __wbg_stack_575c4e0918581b9c: function(arg0) { a ? b : c; },\n    other: 1,\n};\n";
        let short = "const all = {\ni7: function(arg0) { a ? b : c; },\n    other: 1,\n};\n";
        assert_eq!(shortened(script, &given).unwrap(), short);
        assert!(shortened("const all = {};\n", &given).is_err(), "a function that is not there is told");
    }
}
