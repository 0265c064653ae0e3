//! The project's source files, as the tests that keep the house read them.

mod pieces;

use std::fs;
use std::path::{Path, PathBuf};

pub use pieces::{Kind, Piece};

/// Folders that hold nothing of ours.
const FOREIGN: [&str; 3] = ["target", "node_modules", "results"];

/// A source file.
pub struct Source {
    /// Its path below the project, with `/`.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl Source {
    /// A file that a test makes up.
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Code, string literals and comments, in order.
    pub fn pieces(&self) -> Vec<Piece> {
        pieces::pieces(&self.text)
    }

    /// The string literals.
    pub fn literals(&self) -> impl Iterator<Item = Piece> {
        self.pieces().into_iter().filter(|piece| piece.kind == Kind::Literal)
    }

    /// Whether it lies in one of these folders (or is one of these files).
    pub fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| Path::new(&self.name).starts_with(place))
    }
}

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the server lies in the project").to_path_buf()
}

/// All files of the project with this ending, sorted by name.
pub fn sources(ending: &str) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    gather(&root, ending, &mut found);
    found.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file can be read");
        let name = path.strip_prefix(&root).expect("it lies below the root").to_string_lossy().replace('\\', "/");
        Source { name, text }
    };
    found.into_iter().map(read).collect()
}

fn gather(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the project can be read").flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            if !name.starts_with('.') && !FOREIGN.contains(&name.as_str()) {
                gather(&path, ending, found);
            }
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
}

/// Fails with all faults, one a line, below a sentence that says what to do.
pub fn no_faults(faults: &[String], sentence: &str) {
    assert!(faults.is_empty(), "{sentence}:\n  {}", faults.join("\n  "));
}
