//! Where the project lies, what Cargo calls its packages, and where it builds.

use std::env;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Outcome;
use crate::shell;

/// The project on disk.
pub struct Project {
    /// The folder with the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder, which `CARGO_TARGET_DIR` may have moved.
    pub target: PathBuf,
    /// The names of all packages of the workspace.
    pub packages: Vec<String>,
    /// The names of the packages that the server is made of.
    pub server_side: Vec<String>,
}

impl Project {
    /// Asks Cargo.
    pub fn find() -> Outcome<Self> {
        let root = root()?;
        let told = shell::output(shell::cargo(&root).args(["metadata", "--no-deps", "--format-version=1"]))?;
        let metadata: Value = serde_json::from_str(&told)?;
        Ok(Self {
            root,
            target: metadata["target_directory"].as_str().ok_or("cargo metadata names no target folder")?.into(),
            packages: names(&metadata, "workspace_members"),
            server_side: names(&metadata, "workspace_default_members"),
        })
    }

    /// The executable that a profile leaves, with this system's ending.
    pub fn executable(&self, profile_folder: &str) -> PathBuf {
        self.target.join(profile_folder).join(format!("storeroom{}", env::consts::EXE_SUFFIX))
    }

    /// Everything that the browser fetches, as the server embeds it.
    ///
    /// Always below the project, because the server's source names it by a relative path.
    pub fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }
}

fn root() -> Outcome<PathBuf> {
    // Cargo says it at run time; the folder of the build may have been moved since.
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    Ok(package.parent().map(Path::to_path_buf).ok_or("xtask must lie in a folder of the project")?)
}

fn names(metadata: &Value, list: &str) -> Vec<String> {
    let ids: Vec<&Value> = metadata[list].as_array().into_iter().flatten().collect();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter(|package| ids.contains(&&package["id"]))
        .filter_map(|package| Some(package["name"].as_str()?.to_owned()))
        .collect()
}
