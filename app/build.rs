//! Turns the locale files into code: a key that one language lacks does not compile.

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use std::{env, error::Error, fs, path::Path};

/// One file per language and name: `locales/en/till.json`.
const NAMES: [&str; 6] = ["common", "auth", "till", "stock", "item", "dashboard"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let config = Config::new("en")?
        .add_locale("es")?
        .add_namespaces(NAMES)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let locales = parse_locales(None, config)?;
    let code = gen_code(&locales, None, false, None, false)?;
    let out = Path::new(&env::var("OUT_DIR")?).join("words.rs");
    fs::write(out, code.to_string())?;
    Ok(())
}
