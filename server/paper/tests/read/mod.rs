//! A PDF file as others read it.

use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A file that `qpdf` found sound.
pub struct Pdf {
    path: PathBuf,
    folder: TempDir,
}

/// A word and where it stands, in points from the left and the top of its page.
#[derive(Debug)]
pub struct Word {
    pub page: usize,
    pub text: String,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Pdf {
    pub fn of(bytes: Vec<u8>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("order.pdf");
        std::fs::write(&path, bytes).expect("written");
        let it = Self { path, folder };
        let told = it.run("qpdf", &["--check"], &[]);
        assert!(told.contains("No syntax or stream encoding errors found"), "{told}");
        it
    }

    /// What it says, page by page, as rows whose words are one space apart.
    pub fn pages(&self) -> Vec<String> {
        let text = self.run("pdftotext", &["-layout"], &["-"]);
        let rows = |page: &str| -> String {
            let rows = page.lines().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "));
            rows.filter(|row| !row.is_empty()).map(|row| row + "\n").collect()
        };
        text.split('\u{c}').map(rows).filter(|page| !page.is_empty()).collect()
    }

    pub fn text(&self) -> String {
        self.pages().concat()
    }

    pub fn words(&self) -> Vec<Word> {
        let told = self.run("pdftotext", &["-bbox"], &["-"]);
        let mut page = 0;
        let mut words = Vec::new();
        for line in told.lines().map(str::trim) {
            page += usize::from(line.starts_with("<page "));
            if !line.starts_with("<word ") {
                continue;
            }
            let side = |name: &str| {
                let (_, rest) = line.split_once(&format!("{name}=\"")).expect("a side");
                rest.split('"').next().expect("a number").parse().expect("a number")
            };
            let text = line.split_once('>').expect("a word").1.trim_end_matches("</word>").to_owned();
            let [left, top, right, bottom] = ["xMin", "yMin", "xMax", "yMax"].map(side);
            words.push(Word { page, text, left, top, right, bottom });
        }
        words
    }

    /// A fact, as `pdfinfo` tells it.
    pub fn info(&self, name: &str) -> String {
        let told = self.run("pdfinfo", &[], &[]);
        let line = told.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} in {told}"));
        line.split_once(':').expect("a fact").1.trim().to_owned()
    }

    /// Its fonts, one a row: embedded, a part, with the characters of its glyphs.
    pub fn fonts(&self) -> Vec<String> {
        let told = self.run("pdffonts", &[], &[]);
        told.lines().skip(2).map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// Its objects as JSON, in which a name is `"/Name"` and a text begins with `"u:`.
    pub fn objects(&self) -> String {
        self.run("qpdf", &["--json"], &[])
    }

    /// How many dark dots, four to a point, are to be seen where that word stands.
    pub fn ink(&self, word: &Word) -> usize {
        let dots = |points: f64| (points * 2.0).round().to_string();
        let (left, top) = (dots(word.left), dots(word.top));
        let (width, height) = (dots(word.right - word.left), dots(word.bottom - word.top));
        let page = word.page.to_string();
        let cut =
            ["-gray", "-r", "144", "-f", &page, "-l", &page, "-x", &left, "-y", &top, "-W", &width, "-H", &height];
        let picture = self.folder.path().join("seen");
        self.run("pdftoppm", &[&cut[..], &["-singlefile"]].concat(), &[picture.to_str().expect("a path")]);
        let bytes = std::fs::read(picture.with_extension("pgm")).expect("a picture");
        // Its head is three rows of text.
        let dots = bytes.splitn(4, |byte| *byte == b'\n').nth(3).expect("dots");
        dots.iter().filter(|dot| **dot < 128).count()
    }

    fn run(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(before).arg(&self.path).args(after).env("TZ", "UTC");
        let Ok(done) = command.output() else {
            panic!("{program} is missing: `cargo xtask test` installs it, or install qpdf and poppler-utils")
        };
        assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }
}
