//! Makes sure that the folder of built assets exists, so that the server compiles before the browser's part was built.

fn main() {
    let site = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site");
    if let Err(error) = std::fs::create_dir_all(&site) {
        println!("cargo::warning=no folder for the built assets: {error}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    // A release carries its assets inside: it is compiled again when they change.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={}", site.join("assets.json").display());
    }
}
