//! The drawing of the modules is kept: the arrows among our crates are those of the design, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::process::Command;

use serde_json::Value;

/// Who names whom, always.
const ARROWS: [(&str, &[&str]); 15] = [
    // What both sides compile.
    ("storeroom-model", &[]),
    ("storeroom-app", &["model"]),
    ("storeroom-frontend", &["app"]),
    // Plumbing, which the server's modules may use.
    ("storeroom-db", &["model"]),
    ("storeroom-log", &["db", "model"]),
    ("storeroom-bus", &["db", "log", "model"]),
    // What writes documents for others; it knows no database and nobody's rights.
    ("storeroom-paper", &["model"]),
    // The modules of the drawing: Auth → Log, Inventory → Auth, Report → Auth and Inventory,
    // Integration → Auth, Inventory and Log. Each with tables of its own needs the plumbing too, as Integration does for
    // imports.
    ("storeroom-auth", &["db", "log", "model"]),
    ("storeroom-inventory", &["auth", "db", "log", "model"]),
    ("storeroom-report", &["auth", "bus", "db", "inventory", "log", "model"]),
    ("storeroom-integration", &["auth", "db", "inventory", "log", "model", "paper"]),
    // The one that wires them.
    ("storeroom", &["app", "auth", "bus", "db", "integration", "inventory", "log", "model", "report"]),
    // What a test of the reports and a benchmark both play: a store of its own, with a journal and its figures.
    ("storeroom-replay", &["auth", "bus", "db", "inventory", "log", "model", "report"]),
    // The benchmarks ask the program from outside, and its engines beside it; the replay alone from inside.
    ("storeroom-bench", &["db", "model", "replay"]),
    // The commands know no part of the program.
    ("xtask", &[]),
];

/// Who names whom only with the feature `ssr`: pages call the modules on the server, and never the plumbing below them.
const ARROWS_OF_SSR: [(&str, &[&str]); 1] = [("storeroom-app", &["auth", "integration", "inventory", "report"])];

/// One arrow: a package, the short name of what it names, and whether a feature must ask for it.
type Arrow = (String, String, bool);

#[test]
fn the_arrows_among_our_crates_are_those_of_the_drawing() {
    let found = arrows(&metadata());
    assert!(found.len() > 20, "Cargo names only {} arrows, so this test would say nothing", found.len());
    let drawn = drawn();
    if let Some((from, to, on_demand)) = found.difference(&drawn).next() {
        let when = if *on_demand { "as an optional dependency" } else { "always" };
        panic!(
            "{from} names {to} {when}, and the drawing has no such arrow: remove it, or change the drawing and say why"
        );
    }
    if let Some((from, to, _)) = drawn.difference(&found).next() {
        panic!("the drawing has an arrow from {from} to {to} that Cargo.toml does not: draw what is there");
    }
}

#[test]
fn every_package_is_in_the_drawing() {
    for package in packages(&metadata()) {
        let drawn = ARROWS.iter().any(|(name, _)| *name == package);
        assert!(
            drawn,
            "the package {package} is not in the drawing: add it to the table of this test, with its arrows"
        );
    }
}

#[test]
fn pages_reach_the_modules_only_on_the_server() {
    let metadata = metadata();
    let app = package(&metadata, "storeroom-app");
    let asked_by = |feature: &str| -> BTreeSet<String> {
        let list = app["features"][feature].as_array().into_iter().flatten().filter_map(Value::as_str);
        list.filter_map(|word| word.strip_prefix("dep:")).map(str::to_owned).collect()
    };
    for module in ARROWS_OF_SSR[0].1 {
        assert!(asked_by("ssr").contains(*module), "the feature ssr of app must ask for {module}");
        assert!(!asked_by("hydrate").contains(*module), "the browser must not compile {module}: hydrate asks for it");
    }
}

#[test]
fn no_module_names_the_pages_even_in_its_tests() {
    let metadata = metadata();
    for name in packages(&metadata).filter(|name| !["storeroom", "storeroom-frontend"].contains(&name.as_str())) {
        for (to, kind) in dependencies(package(&metadata, &name)) {
            assert_ne!(to, "app", "{name} names app ({kind}): pages depend on modules, never the other way");
        }
    }
}

fn drawn() -> BTreeSet<Arrow> {
    let all = |table: &[(&str, &[&str])], on_demand: bool| -> Vec<Arrow> {
        let rows = table.iter().flat_map(|(from, to)| to.iter().map(move |to| (*from, *to)));
        rows.map(|(from, to)| (from.into(), to.into(), on_demand)).collect()
    };
    all(&ARROWS, false).into_iter().chain(all(&ARROWS_OF_SSR, true)).collect()
}

fn arrows(metadata: &Value) -> BTreeSet<Arrow> {
    let short = short_names(metadata);
    let mut arrows = BTreeSet::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let from = text(&package["name"]);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // What only tests and build scripts name is not part of the program.
            if let (Some(to), true) = (short.get(&text(&dependency["name"])), dependency["kind"].is_null()) {
                arrows.insert((from.clone(), to.clone(), dependency["optional"] == true));
            }
        }
    }
    arrows
}

/// Our own dependencies of a package, with their kind.
fn dependencies(package: &Value) -> Vec<(String, String)> {
    let list = package["dependencies"].as_array().into_iter().flatten();
    let ours = list.filter(|dependency| dependency["path"].is_string());
    ours.map(|d| {
        (
            text(&d["name"]).trim_start_matches("storeroom-").to_owned(),
            d["kind"].as_str().unwrap_or("always").to_owned(),
        )
    })
    .collect()
}

fn short_names(metadata: &Value) -> BTreeMap<String, String> {
    packages(metadata).map(|name| (name.clone(), name.trim_start_matches("storeroom-").to_owned())).collect()
}

fn packages(metadata: &Value) -> impl Iterator<Item = String> {
    metadata["packages"].as_array().into_iter().flatten().map(|package| text(&package["name"]))
}

fn package<'a>(metadata: &'a Value, name: &str) -> &'a Value {
    let mut all = metadata["packages"].as_array().into_iter().flatten();
    all.find(|package| package["name"] == name).expect("the workspace has this package")
}

fn text(value: &Value) -> String {
    value.as_str().expect("Cargo names it").to_owned()
}

fn metadata() -> Value {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version=1"];
    let told = Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let told = told.expect("Cargo runs this test, so it can be run");
    assert!(told.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&told.stderr));
    serde_json::from_slice(&told.stdout).expect("Cargo writes JSON")
}
