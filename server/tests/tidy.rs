//! The house is kept: what a file begins with, how long it is, whose tables it names, and how it speaks SQL.

mod house;
mod words;

use std::collections::BTreeSet;

use house::{Kind, Source, no_faults, sources};

const LINES_MAX: usize = 400;

/// What is left to do has no place in what lands; a test that is skipped says nothing.
const UNFINISHED: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "#[ignore"];

/// Words of one engine only. A cast is looked for apart, since `::` is Rust's too.
const DIALECT: [&str; 6] = ["ilike", "now()", "pg_", "json_", "for update", "for share"];

/// Where a dialect may be spoken: the engines' own crate, the journal's sequencer, and the one bulk statement.
const DIALECT_SPOKEN_IN: [&str; 4] = ["server/db", "server/log", "server/tests", "bench"];

/// Where tables of several modules may be named: here, where whole acts are checked against what was stored.
const ALL_TABLES_NAMED_IN: [&str; 2] = ["server/tests", "bench"];

/// Elements whose children a browser reads as text, so that what the server wrote could never be hydrated.
const RAW_TEXT: [&str; 4] = ["textarea", "style", "script", "noscript"];

#[test]
fn every_file_says_first_what_it_is() {
    no_faults(&without_first_sentence(&rust()), "the first line of a file is one `//!` sentence that says what it is");
}

#[test]
fn no_file_is_too_long() {
    no_faults(&too_long(&rust()), "a file is one thing, and no longer than 400 lines");
}

#[test]
fn nothing_is_left_to_do() {
    no_faults(&unfinished(&rust()), "what lands is finished");
}

#[test]
fn a_table_is_named_by_its_module_only() {
    let tables = tables(&sources("sql"));
    assert!(tables.len() > 10, "the migrations make only {} tables, so this test would say nothing", tables.len());
    let mut all = rust();
    all.extend(sources("sql"));
    no_faults(&foreign_tables(&all, &tables), "a table belongs to one module; ask that module's handle instead");
}

#[test]
fn sql_is_the_same_for_both_engines() {
    no_faults(&dialects(&rust()), "SQL has one text for both engines, in lower case, with literals bound from Rust");
}

#[test]
fn elements_of_raw_text_have_no_children() {
    let faults = children_of_raw_text(&rust());
    no_faults(&faults, "set `prop:value` or `inner_html` instead: a browser cannot hydrate children here");
}

#[test]
fn a_file_without_a_first_sentence_is_found() {
    let files =
        [Source::new("a.rs", "use std::fs;\n"), Source::new("b.rs", "//!\n"), Source::new("c.rs", "//! Sales.\n")];
    assert_eq!(without_first_sentence(&files), ["a.rs", "b.rs"], "the first has none, the second says nothing");
}

#[test]
fn a_long_file_is_found() {
    let files = [Source::new("a.rs", &"x\n".repeat(401)), Source::new("b.rs", &"x\n".repeat(400))];
    assert_eq!(too_long(&files), ["a.rs has 401 lines"], "only the first is longer than allowed");
}

#[test]
fn unfinished_code_is_found_but_not_a_word_about_it() {
    let files = [
        Source::new("a.rs", "fn a() { todo!() }\n"),
        Source::new("b.rs", "// no todo!()\nconst A: &str = \"dbg!\";\n"),
    ];
    assert_eq!(unfinished(&files), ["a.rs:1 has todo!"], "comments and literals may name it");
}

#[test]
fn a_table_named_elsewhere_is_found() {
    let tables = tables(&[Source::new("migrations/sqlite/0003_auth.sql", "create table auth_person (id blob);")]);
    let query = "fn a() { db::fetch_all!(tx, \"select id from auth_person\") }";
    let files = [Source::new("server/report/src/lib.rs", query), Source::new("server/auth/src/lib.rs", query)];
    let expected = ["server/report/src/lib.rs:1 names auth_person, which is auth's"];
    assert_eq!(foreign_tables(&files, &tables), expected, "only auth may name its tables");
}

#[test]
fn a_dialect_is_found_but_not_rust_that_looks_like_it() {
    let query = "fn a() { q!(\"select cast(a as text), b::text from t where c ilike $1\") }";
    let rust = "//! A: `now()`.\nfn a() { Time::now(); panic!(\"app::Failure\") }";
    let files = [Source::new("server/auth/src/a.rs", query), Source::new("server/auth/src/b.rs", rust)];
    let expected = ["server/auth/src/a.rs:1 says ilike", "server/auth/src/a.rs:1 casts with ::"];
    assert_eq!(dialects(&files), expected, "only literals are SQL");
}

#[test]
fn children_of_a_text_area_are_found_but_not_an_attribute() {
    let bad = Source::new("app/src/a.rs", "view! { <textarea on:input=move |e| set(a > b)>{text}</textarea> }");
    let good = Source::new("app/src/b.rs", "view! { <textarea prop:value=text></textarea><style inner_html=css /> }");
    assert_eq!(children_of_raw_text(&[bad, good]), ["app/src/a.rs:1 gives <textarea> children"], "the second has none");
}

fn rust() -> Vec<Source> {
    let files = sources("rs");
    assert!(
        files.iter().any(|file| file.name == "server/src/main.rs"),
        "no source was found, so the test says nothing"
    );
    files
}

fn without_first_sentence(files: &[Source]) -> Vec<String> {
    let sentence = |text: &str| {
        text.lines().next().and_then(|line| line.strip_prefix("//! ")).is_some_and(|words| words.len() > 3)
    };
    files.iter().filter(|file| !sentence(&file.text)).map(|file| file.name.clone()).collect()
}

fn too_long(files: &[Source]) -> Vec<String> {
    let counted = files.iter().map(|file| (file, file.text.lines().count()));
    counted
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(file, lines)| format!("{} has {lines} lines", file.name))
        .collect()
}

fn unfinished(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        for piece in file.pieces().iter().filter(|piece| piece.kind == Kind::Code) {
            for word in UNFINISHED.iter().filter(|word| piece.text.contains(**word)) {
                faults.push(format!("{}:{} has {word}", file.name, line_of(piece.line, &piece.text, word)));
            }
        }
    }
    faults
}

/// The tables that the migrations make.
fn tables(migrations: &[Source]) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for file in migrations.iter().filter(|file| file.is_in(&["migrations"])) {
        for (at, _) in file.text.match_indices("create table ") {
            let name = file.text[at + "create table ".len()..].trim_start_matches("if not exists ");
            tables.insert(words(name).next().unwrap_or_default().to_owned());
        }
    }
    tables
}

fn foreign_tables(files: &[Source], tables: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| !file.is_in(&ALL_TABLES_NAMED_IN)) {
        for (line, text) in spoken(file) {
            for table in words(&text).filter(|word| tables.contains(*word)) {
                let owner = table.split('_').next().unwrap_or_default();
                if !belongs(file, owner) {
                    faults.push(format!(
                        "{}:{} names {table}, which is {owner}'s",
                        file.name,
                        line_of(line, &text, table)
                    ));
                }
            }
        }
    }
    faults
}

/// A module's folder, and its migrations (`0003_auth.sql`).
fn belongs(file: &Source, owner: &str) -> bool {
    let migration =
        file.is_in(&["migrations"]).then(|| file.name.trim_end_matches(".sql").rsplit('/').next()).flatten();
    let of_migration = migration.and_then(|name| name.split('_').nth(1));
    file.is_in(&[&format!("server/{owner}")]) || of_migration == Some(owner)
}

/// What of a file the database may hear: the literals of Rust, all of an SQL file.
fn spoken(file: &Source) -> Vec<(usize, String)> {
    if file.name.ends_with(".sql") {
        return file.text.lines().enumerate().map(|(at, line)| (at + 1, line.to_owned())).collect();
    }
    file.literals().map(|piece| (piece.line, piece.text)).collect()
}

fn dialects(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.is_in(&["server", "app"]) && !file.is_in(&DIALECT_SPOKEN_IN)) {
        for piece in file.literals().filter(|piece| is_sql(&piece.text)) {
            let lower = piece.text.to_lowercase();
            for word in DIALECT.iter().filter(|word| lower.contains(**word)) {
                faults.push(format!("{}:{} says {word}", file.name, line_of(piece.line, &lower, word)));
            }
            if lower.contains("::") {
                faults.push(format!("{}:{} casts with ::", file.name, line_of(piece.line, &lower, "::")));
            }
            if words(&piece.text).next().is_some_and(|word| word.chars().all(char::is_uppercase)) {
                faults.push(format!("{}:{} shouts", file.name, piece.line));
            }
        }
    }
    faults
}

/// Whether a literal is a statement, or a piece of one.
fn is_sql(text: &str) -> bool {
    const BEGIN: [&str; 18] = [
        "select",
        "insert",
        "update",
        "delete",
        "with",
        "create",
        "drop",
        "alter",
        "truncate",
        "where",
        "and",
        "or",
        "order",
        "limit",
        "on",
        "values",
        "from",
        "returning",
    ];
    let lower = text.to_lowercase();
    let begins = words(&lower).next().is_some_and(|first| BEGIN.contains(&first));
    begins && lower.split_whitespace().count() > 1
}

fn children_of_raw_text(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.is_in(&["app"])) {
        for name in RAW_TEXT {
            for (at, opening) in file.text.match_indices(&format!("<{name}")) {
                let rest = &file.text[at + opening.len()..];
                if rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/') && has_children(rest, name) {
                    faults.push(format!(
                        "{}:{} gives <{name}> children",
                        file.name,
                        line_of(1, &file.text, &file.text[at..])
                    ));
                }
            }
        }
    }
    faults
}

/// Whether an element has children; `rest` begins behind its name.
fn has_children(rest: &str, name: &str) -> bool {
    let (mut depth, mut quoted, mut before) = (0, false, ' ');
    for (at, c) in rest.char_indices() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if depth == 0 && before == '/' => return false,
            '>' if depth == 0 && before != '-' && before != '=' => {
                return !rest[at + 1..].trim_start().starts_with(&format!("</{name}>"));
            }
            _ => {}
        }
        before = c;
    }
    false
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The line of the first place where a text says something, when the text begins in this line.
fn line_of(line: usize, text: &str, what: &str) -> usize {
    line + text.find(what).map_or(0, |at| text[..at].matches('\n').count())
}
