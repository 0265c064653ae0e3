//! The service worker and its page for when there is no connection, made from the files that were really built.

use std::fs;
use std::path::Path;

use super::{bundle::Addresses, digest, files};
use crate::Outcome;
use crate::project::Project;

/// Where the worker and its pages come from.
pub const SOURCE: &str = "frontend/worker";

/// Writes `sw.js` and the pages for no connection. The worker keeps every file of the site: all of them are static.
pub fn write(project: &Project, addresses: &Addresses, site: &Path) -> Outcome {
    for source in files(&project.root.join(SOURCE))? {
        let name = source.file_name().ok_or("a file has a name")?;
        if name != "sw.js" {
            fs::write(site.join(name), filled(&fs::read_to_string(&source)?, addresses))?;
        }
    }
    let worker = fs::read_to_string(project.root.join(SOURCE).join("sw.js"))?;
    let version = digest::short(digest::of(&[site.to_path_buf()], &worker)?.as_bytes());
    let kept = serde_json::to_string(&kept(site)?)?;
    Ok(fs::write(site.join("sw.js"), worker.replace("{{version}}", &version).replace("{{files}}", &kept))?)
}

/// The text with the addresses of built files in place of their names.
fn filled(text: &str, addresses: &Addresses) -> String {
    addresses.iter().fold(text.to_owned(), |text, (name, address)| text.replace(&format!("{{{{{name}}}}}"), address))
}

/// What the worker keeps, as paths of the site. Screenshots are for the shop that sells apps, not for the device.
fn kept(site: &Path) -> Outcome<Vec<String>> {
    let all = files(site)?;
    let paths =
        all.iter().map(|file| Ok(format!("/{}", file.strip_prefix(site)?.to_string_lossy().replace('\\', "/"))));
    let paths = paths.collect::<Outcome<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| !path.starts_with("/screenshots/")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_styles_that_were_built() {
        let addresses = Addresses::from([("main.css".to_owned(), "/pkg/main-1a2b.css".to_owned())]);
        assert_eq!(filled("<link href=\"{{main.css}}\">", &addresses), "<link href=\"/pkg/main-1a2b.css\">");
    }
}
