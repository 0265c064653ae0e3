//! Turns the locale files into code: a key that one language lacks does not compile.

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use std::{env, error::Error, fs, path::Path};

/// One file per language and name: `locales/en/till.json`.
const NAMES: [&str; 30] = [
    "common",
    "auth",
    "till",
    "stock",
    "item",
    "dashboard",
    "frame",
    "help",
    "design",
    "day",
    "people",
    "setup",
    "activity",
    "problems",
    "prices",
    "products",
    "purchases",
    "import",
    "waiting",
    "counting",
    "orders",
    "transfers",
    "lots",
    "aside",
    "kits",
    "variants",
    "taxes",
    "corrections",
    "costing",
    "arriving",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let config = Config::new("en")?
        .add_locale("es")?
        .add_namespaces(NAMES)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let locales = parse_locales(None, config)?;
    // The parser only warns of a key that one language lacks, and shows the other language in its place.
    if let Some(fault) = locales.diag.warnings().first() {
        return Err(fault.to_string().into());
    }
    let code = gen_code(&locales, None, false, None, false)?;
    let out = Path::new(&env::var("OUT_DIR")?).join("words.rs");
    fs::write(out, plain_plurals(&code.to_string())?)?;
    Ok(())
}

/// The code with our own two plural rules: those of ICU know every language of the world, and a browser would fetch them.
fn plain_plurals(code: &str) -> Result<String, Box<dyn Error>> {
    const ICU: &str = "l_i18n_crate :: reexports :: icu :: plurals";
    let rules =
        format!("l_i18n_crate :: __private :: get_plural_rules (* _locale , {ICU} :: PluralRuleType :: Cardinal)");
    let number = format!("Into < {ICU} :: PluralOperands >");
    if !code.contains(&rules) || !code.contains(&number) {
        return Err("leptos_i18n writes plurals in another way than before".into());
    }
    Ok(code.replace(&rules, "crate :: said :: Plurals (* _locale)").replace(&number, "TryInto < u64 >"))
}
