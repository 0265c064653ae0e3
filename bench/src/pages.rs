//! What a browser downloads and how long it waits.

use crate::Outcome;
use crate::server::Server;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Prints sizes, and what Chromium measured.
pub async fn measure() -> Outcome {
    println!("\n## What a browser downloads");
    println!("| file | raw KiB | gzip KiB | brotli KiB |\n|---|---|---|---|");
    let site = PathBuf::from(std::env::var("SITE").map_err(|_| "SITE is not set: run `cargo xtask bench`")?);
    let mut files: Vec<_> =
        std::fs::read_dir(site.join("pkg"))?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|kind| kind != "br" && kind != "gz")) {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len().div_ceil(1024));
        let beside = |kind: &str| size(Path::new(&format!("{}.{kind}", file.display())));
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!("| {name} | {} | {} | {} |", size(file), beside("gz"), beside("br"));
    }
    let mut server = Server::prepare(None).await?;
    server.add_people().await?;
    server.serve().await?;
    crate::client::fill(server.port, &server.key).await?;
    println!("\n## Pages in Chromium (first visit, nothing cached; then 4 × slower processor on slow 4G)");
    let done = Command::new("node")
        .args(["end2end/pages.mjs", &format!("http://127.0.0.1:{}", server.port), "bench0", crate::server::PASSWORD])
        .status()
        .await?;
    server.stop().await?;
    if done.success() { Ok(()) } else { Err("the browser could not be measured".into()) }
}
