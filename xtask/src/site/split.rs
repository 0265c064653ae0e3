//! The module in pieces: what the start needs, and a piece for each group of pages that arrives when one of them is first opened.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use wasm_split_cli_support::{Options, transform};

use super::{Finish, digest};
use crate::Outcome;

/// The script that fetches the pieces; the main module's script imports it.
const LINK: &str = "./__wasm_split.js";

/// How a piece is fetched: `piece(address)` answers with the compiled module.
pub const PIECE: &str = include_str!("piece.js");

/// Pieces below this size come in one file: asking for another forty kept a phone busy for longer than reading them does.
const SMALL: usize = 8 * 1024;

/// What a module was split into.
pub struct Split {
    /// The main module, for wasm-bindgen.
    pub main: PathBuf,
    /// Each group of pages → the file names of its pieces, beside the main module.
    pub pages: Pages,
}

/// Each group of pages → the file names of its pieces.
pub type Pages = BTreeMap<String, Vec<String>>;

/// Splits a module, which must have its relocations, into a folder. A file's name holds its digest.
pub fn split(wasm: &Path, finish: Finish, folder: &Path) -> Outcome<Split> {
    let (input, main) = (fs::read(wasm)?, folder.join("main.wasm"));
    let mut options = Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = LINK;
    options.main_module = "./storeroom.js";
    let made = transform(options).map_err(|error| format!("the WASM cannot be split: {error:#}"))?;
    let link = folder.join(LINK);
    let mut script = patient(&fs::read_to_string(&link)?)?;
    let (mut names, mut small) = (BTreeMap::new(), Vec::new());
    for piece in &made.split_modules {
        let (stem, content) = taken(piece, finish)?;
        if content.len() < SMALL {
            small.push((stem, content));
        } else {
            let name = keep(folder, &stem, &content)?;
            script = script.replace(&format!("\"./{stem}.wasm\""), &format!("\"./{name}\""));
            names.insert(stem, name);
        }
    }
    let all = keep(folder, "chunk_small", &together(&small))?;
    for (stem, _) in small {
        script = script.replace(&asked(&stem), &format!("small(\"{stem}\")"));
        names.insert(stem, all.clone());
    }
    fs::write(link, script.replace("{{small}}", &all))?;
    let named = |stems: Vec<String>| {
        let mut known = BTreeSet::new();
        stems.iter().filter_map(|stem| names.get(stem)).filter(|name| known.insert(*name)).cloned().collect()
    };
    let pages = made.prefetch_map.into_iter().map(|(split, stems)| (group(&split), named(stems))).collect();
    Ok(Split { main, pages })
}

/// The script with pieces that are asked for again when the line breaks: as written it gives up, and the page with it.
fn patient(script: &str) -> Outcome<String> {
    let mut script = script.to_owned();
    for (old, new) in [
        ("const src = fetch(new URL(", "const src = piece(new URL("),
        (
            "WebAssembly.instantiateStreaming(src, imports)",
            "src.then((module) => WebAssembly.instantiate(module, imports))",
        ),
    ] {
        if !script.contains(old) {
            return Err(format!("the script that fetches the pieces holds no `{old}`").into());
        }
        script = script.replace(old, new);
    }
    Ok(script + PIECE)
}

/// How the script asks for a piece of its own.
fn asked(stem: &str) -> String {
    format!("piece(new URL(\"./{stem}.wasm\", import.meta.url))")
}

/// Takes a piece out of the folder: its stem and its content.
fn taken(piece: &Path, finish: Finish) -> Outcome<(String, Vec<u8>)> {
    let mut content = fs::read(piece)?;
    if finish == Finish::Full {
        content = without_names(&content)?;
    }
    fs::remove_file(piece)?;
    Ok((piece.file_stem().ok_or("a piece has a name")?.to_string_lossy().into_owned(), content))
}

/// Puts a file into the folder under the name that its content has for ever.
fn keep(folder: &Path, stem: &str, content: &[u8]) -> Outcome<String> {
    let name = format!("{stem}-{}.wasm", digest::short(content));
    fs::write(folder.join(&name), content)?;
    Ok(name)
}

/// A module that is nothing but a section for each piece, by which a browser finds it.
fn together(pieces: &[(String, Vec<u8>)]) -> Vec<u8> {
    let sections = pieces.iter().flat_map(|(name, content)| {
        let section = [&leb128_of(name.len()), name.as_bytes(), content].concat();
        [vec![0], leb128_of(section.len()), section].concat()
    });
    b"\0asm\x01\0\0\0".iter().copied().chain(sections).collect()
}

/// `goods_1234` → `goods`: the group in `app/src/lazy.rs`.
fn group(split: &str) -> String {
    split.rsplit_once('_').map_or(split, |(group, _)| group).to_owned()
}

/// A module without its custom sections, which only a debugger reads.
fn without_names(module: &[u8]) -> Outcome<Vec<u8>> {
    const HEADER: usize = 8;
    let mut kept = module.get(..HEADER).ok_or("a module has a header")?.to_vec();
    let mut at = HEADER;
    while at < module.len() {
        let (length, start) = leb128(module, at + 1).ok_or("a section has a length")?;
        let section = module.get(at..start + length).ok_or("a section is whole")?;
        if section[0] != 0 {
            kept.extend_from_slice(section);
        }
        at = start + length;
    }
    Ok(kept)
}

/// The number at a place, and where it ends.
fn leb128(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut value, mut shift) = (0_usize, 0);
    loop {
        let byte = usize::from(*bytes.get(at)?);
        value |= (byte & 0x7f).checked_shl(shift)?;
        (at, shift) = (at + 1, shift + 7);
        if byte < 0x80 {
            return Some((value, at));
        }
    }
}

/// A number as [`leb128`] reads it.
fn leb128_of(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_as_the_pages_say() {
        assert_eq!(group("goods_1234567"), "goods");
    }

    #[test]
    fn every_piece_is_fetched_with_patience() {
        let script = "const src = fetch(new URL(\"./a.wasm\")); f(WebAssembly.instantiateStreaming(src, imports));";
        let patient = patient(script).unwrap();
        assert!(patient.starts_with("const src = piece(new URL(\"./a.wasm\")); f(src.then("), "{patient}");
        assert!(super::patient("import(\"./a.wasm\")").is_err(), "another way to fetch is told");
    }

    #[test]
    fn a_small_piece_is_asked_for_as_the_script_does() {
        let script = patient(
            "const src = fetch(new URL(\"./a.wasm\", import.meta.url)); WebAssembly.instantiateStreaming(src, imports)",
        );
        assert!(script.unwrap().contains(&asked("a")));
    }

    #[test]
    fn small_pieces_lie_side_by_side_under_their_names() {
        let pieces = [("a".to_owned(), vec![7; 200]), ("b".to_owned(), vec![8])];
        let first = [&[0, 0xca, 0x01, 1, b'a'], [7; 200].as_slice()].concat();
        assert_eq!(together(&pieces), [b"\0asm\x01\0\0\0", first.as_slice(), &[0, 3, 1, b'b', 8]].concat());
        assert_eq!(leb128(&leb128_of(16_384), 0), Some((16_384, 3)));
    }

    #[test]
    fn custom_sections_go_and_the_rest_stays() {
        let custom = [0, 3, 1, b'n', 9];
        let code = [10, 2, 1, 7];
        let module = [b"\0asm\x01\0\0\0".as_slice(), &custom, &code, &custom].concat();
        assert_eq!(without_names(&module).unwrap(), [b"\0asm\x01\0\0\0".as_slice(), &code].concat());
        assert!(without_names(&module[..module.len() - 1]).is_err(), "a cut module is told");
    }
}
