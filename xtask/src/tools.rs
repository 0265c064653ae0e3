//! What a fresh machine lacks, and how it gets there: the browser's target, npm's packages, Chromium, PostgreSQL,
//! and the programs that the tests compare ours with.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::project::Project;
use crate::shell;

const WASM: &str = "wasm32-unknown-unknown";
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Makes sure that rustc can build for the browser.
pub fn wasm_target(project: &Project) -> Outcome {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = shell::output(Command::new(rustc).args(["--print", "sysroot"]).current_dir(&project.root))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    if shell::find("rustup").is_none() {
        return Err(format!(
            "this Rust cannot build for the browser; install its {WASM} target, or rustup, and try again"
        )
        .into());
    }
    shell::run(Command::new("rustup").args(["target", "add", WASM]).current_dir(&project.root))
}

/// Makes sure that a component of the toolchain (`rustfmt`, `clippy`) is there.
pub fn component(project: &Project, name: &str, subcommand: &str) -> Outcome {
    let there =
        shell::cargo(&project.root).args([subcommand, "--version"]).output().is_ok_and(|told| told.status.success());
    if there {
        return Ok(());
    }
    if shell::find("rustup").is_none() {
        return Err(format!("{name} is missing; install it, or rustup, and try again").into());
    }
    shell::run(Command::new("rustup").args(["component", "add", name]).current_dir(&project.root))
}

/// Makes sure that a folder's npm packages are the ones of its lock file.
pub fn npm_packages(project: &Project, folder: &str) -> Outcome {
    let folder = project.root.join(folder);
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|file| file.modified()).ok();
    // npm writes this file last, so an install that was cut short has none.
    if changed("node_modules/.package-lock.json") >= changed("package-lock.json") {
        return Ok(());
    }
    if shell::find("npm").is_none() {
        return Err("npm is missing; install Node.js 20 or later and try again".into());
    }
    shell::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&folder))?;
    // npm keeps the time of an unchanged file, and would be asked again.
    let written = fs::File::options().append(true).open(folder.join("node_modules/.package-lock.json"));
    Ok(written.and_then(|file| file.set_modified(std::time::SystemTime::now()))?)
}

/// A Chromium for the browser tests: the one `CHROMIUM` names, one on the PATH, or Debian's.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    let find = || CHROMIUM.iter().find_map(|name| shell::find(name));
    if let Some(found) = find() {
        return Ok(found);
    }
    install("chromium", "set CHROMIUM to the path of a Chromium or Chrome")?;
    find().ok_or_else(|| "chromium was installed but is not on the PATH".into())
}

/// Makes sure that the tests can start a PostgreSQL of their own, unless `TEST_POSTGRES_URL` names one.
pub fn postgresql() -> Outcome {
    if env::var_os("TEST_POSTGRES_URL").is_some() || has_postgresql() {
        return Ok(());
    }
    install("postgresql", "put `initdb` of PostgreSQL 15 or later on the PATH, or set TEST_POSTGRES_URL")?;
    if has_postgresql() {
        Ok(())
    } else {
        Err("postgresql was installed but its `initdb` is nowhere to be found".into())
    }
}

/// The programs that the tests compare ours with, and Debian's packages that hold them: barcodes are printed and read
/// back, the costs of goods are booked once more, papers are read.
const WITNESSES: [(&str, &str); 6] = [
    ("zint", "zint"),
    ("zbarimg", "zbar-tools"),
    ("dmtxread", "dmtx-utils"),
    ("bean-check", "beancount"),
    ("qpdf", "qpdf"),
    ("pdftotext", "poppler-utils"),
];

/// Makes sure that they are there.
pub fn witnesses() -> Outcome {
    for (program, package) in WITNESSES {
        if shell::find(program).is_none() {
            install(package, &format!("put `{program}` on the PATH"))?;
        }
        if shell::find(program).is_none() {
            return Err(format!("{package} was installed but its `{program}` is not on the PATH").into());
        }
    }
    Ok(())
}

fn has_postgresql() -> bool {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    shell::find("initdb").is_some() || debian.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

fn install(package: &str, otherwise: &str) -> Outcome {
    if shell::find("apt-get").is_none() {
        return Err(format!("{package} is missing and there is no apt-get to install it with; {otherwise}").into());
    }
    eprintln!("{package} is missing: installing Debian's");
    let lock = "DPkg::Lock::Timeout=240";
    let done =
        apt_get(&["-o", lock, "-qq", "update"]).and_then(|()| apt_get(&["-o", lock, "-qq", "install", "-y", package]));
    done.map_err(|why| format!("{package} could not be installed ({why}); {otherwise}").into())
}

fn apt_get(arguments: &[&str]) -> Outcome {
    let is_root = shell::output(Command::new("id").arg("-u"))?.trim() == "0";
    let mut command = if is_root {
        Command::new("env")
    } else if shell::find("sudo").is_some() {
        let mut sudo = Command::new("sudo");
        // Nobody is there to type a password.
        if shell::in_ci() {
            sudo.arg("-n");
        }
        sudo.arg("env");
        sudo
    } else {
        return Err("that takes root, and there is no sudo".into());
    };
    shell::run(command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments))
}
