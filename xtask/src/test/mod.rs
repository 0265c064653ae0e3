//! The whole check, cheapest step first: format, lints, documentation, the site, the tests, the browser.

mod count;
mod postgres;

use std::io::IsTerminal;
use std::process::Command;

use clap::ValueEnum;

use crate::Outcome;
use crate::project::Project;
use crate::site::{self, Finish};
use crate::{run, shell, tools};
use count::Count;
use postgres::Postgres;

/// A step of the check; it can run alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// The code is formatted.
    Fmt,
    /// Clippy has nothing to say, on the server's side and on the browser's.
    Lint,
    /// The documentation builds without a warning.
    Docs,
    /// Rules, stories, server and house tests.
    Server,
    /// What a person sees, in Chromium.
    Browser,
}

/// Runs all steps or one, stops at the first that fails, and ends with how many tests passed and failed.
pub fn test(project: &Project, only: Option<Step>, arguments: &[String]) -> Outcome {
    let steps: Vec<Step> =
        Step::value_variants().iter().copied().filter(|step| only.is_none_or(|only| only == *step)).collect();
    let mut total = Count::default();
    let outcome = prepare(project, &steps).and_then(|()| {
        steps.iter().try_for_each(|step| shell::timed(name(*step), || take(project, *step, arguments, &mut total)))
    });
    if let Err(why) = &outcome {
        eprintln!("\n{why}");
        // A step without tests that fails is one failure: the last line must not look like success.
        total.failed = total.failed.max(1);
    }
    println!("{total}");
    // The sentence is out; the count stays the last line.
    if outcome.is_err() { std::process::exit(1) } else { Ok(()) }
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Fmt => "format",
        Step::Lint => "lints",
        Step::Docs => "documentation",
        Step::Server => "tests",
        Step::Browser => "browser tests",
    }
}

/// Fetches what is missing before anything long begins.
fn prepare(project: &Project, steps: &[Step]) -> Outcome {
    let any = |wanted: &[Step]| steps.iter().any(|step| wanted.contains(step));
    if any(&[Step::Fmt]) {
        tools::component(project, "rustfmt", "fmt")?;
    }
    if any(&[Step::Lint]) {
        tools::component(project, "clippy", "clippy")?;
        tools::wasm_target(project)?;
    }
    if any(&[Step::Server, Step::Browser]) {
        tools::postgresql()?;
    }
    if any(&[Step::Server]) {
        tools::barcodes()?;
    }
    if any(&[Step::Browser]) {
        tools::npm_packages(project, "end2end")?;
        tools::chromium()?;
    }
    Ok(())
}

fn take(project: &Project, step: Step, arguments: &[String], total: &mut Count) -> Outcome {
    match step {
        Step::Fmt => shell::run(shell::cargo(&project.root).args(["fmt", "--all", "--check"]).args(arguments)),
        Step::Lint => lint(project, arguments),
        Step::Docs => docs(project, arguments),
        Step::Server => server(project, arguments, total),
        Step::Browser => browser(project, arguments, total),
    }
}

/// The packages of the server's side with `app` as the server compiles it; Cargo would unite its two features otherwise.
fn server_side(project: &Project) -> Vec<String> {
    let packages = project.server_side.iter().map(|name| format!("--package={name}"));
    packages.chain(["--package=storeroom-app".into(), "--features=storeroom-app/ssr".into()]).collect()
}

fn cargo(project: &Project, subcommand: &str) -> Command {
    let mut cargo = shell::cargo(&project.root);
    cargo.args(subcommand.split(' '));
    // A machine that only checks must not choose other versions than we did.
    cargo.args(shell::in_ci().then_some("--locked"));
    let is_nextest = subcommand.starts_with("nextest");
    cargo.args(shell::quiet_in_a_log(if is_nextest { "--cargo-quiet" } else { "--quiet" }));
    cargo
}

fn lint(project: &Project, arguments: &[String]) -> Outcome {
    let strict = ["--", "--deny=warnings"];
    let mut server = cargo(project, "clippy --all-targets");
    shell::run(server.args(server_side(project)).arg("--package=storeroom-bench").args(arguments).args(strict))?;
    let mut tasks = cargo(project, "clippy --all-targets --package=xtask");
    shell::run(tasks.args(arguments).args(strict))?;
    // `app` again, as the browser compiles it; in the profile of the site, which shares its macros.
    let mut browser = cargo(project, "clippy --package=storeroom-frontend --package=storeroom-app");
    browser.args(["--features=storeroom-app/hydrate", "--target=wasm32-unknown-unknown", "--profile=wasm-dev"]);
    shell::run(browser.args(arguments).args(strict))
}

fn docs(project: &Project, arguments: &[String]) -> Outcome {
    let mut cargo = cargo(project, "doc --no-deps");
    // Links to private modules help who reads the code; nobody else reads these pages.
    let strict = "--deny=warnings --allow=rustdoc::private-intra-doc-links";
    shell::run(cargo.args(server_side(project)).args(arguments).env("RUSTDOCFLAGS", strict))
}

fn server(project: &Project, arguments: &[String], total: &mut Count) -> Outcome {
    // The server's tests ask for pages, and those name the site's files.
    site::build(project, Finish::Quick)?;
    let mut own = runner(project);
    hear(own.arg("--package=xtask").args(arguments), total)?;
    let postgres = Postgres::start()?;
    let mut tests = runner(project);
    hear(tests.args(server_side(project)).args(arguments).env(postgres::VARIABLE, &postgres.url), total)
}

/// nextest where it is, since it runs the tests of all packages side by side; Cargo's own otherwise.
fn runner(project: &Project) -> Command {
    if shell::find("cargo-nextest").is_some() {
        // A name that fits tests of one of our two runs only is not a mistake.
        cargo(project, "nextest run --no-fail-fast --no-tests=pass --status-level=slow --final-status-level=fail")
    } else {
        cargo(project, "test --no-fail-fast")
    }
}

fn browser(project: &Project, arguments: &[String], total: &mut Count) -> Outcome {
    site::build(project, Finish::Quick)?;
    run::compile(project, "dev")?;
    let postgres = Postgres::start()?;
    let mut playwright = Command::new("npx");
    playwright.args(["--no", "playwright", "test"]).args(arguments).current_dir(project.root.join("end2end"));
    playwright.env("CHROMIUM", tools::chromium()?).env("SERVER_BIN", project.executable("debug"));
    playwright.env(postgres::VARIABLE, &postgres.url);
    hear(&mut playwright, total)
}

fn hear(command: &mut Command, total: &mut Count) -> Outcome {
    // The runners write to us, not to the terminal, and would leave out the colours.
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let (succeeded, told) = shell::overhear(command)?;
    let count = Count::of(&told);
    total.add(count);
    match (succeeded, count.failed) {
        (true, _) => Ok(()),
        (false, 0) => Err("the tests could not run; the reason stands above".into()),
        (false, 1) => Err("one test failed; it stands above".into()),
        (false, failed) => Err(format!("{failed} tests failed; they stand above").into()),
    }
}
