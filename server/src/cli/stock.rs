//! Stores, imports, and the two commands that look at everything: verify and rebuild.

use super::obey::say;
use super::{ImportTill, StoreAdd};
use crate::house::command_line;
use crate::operate::Looker;
use crate::{House, Place, Stop};
use integration::till::Source;
use std::path::PathBuf;
use std::process::ExitCode;

/// Opens a store.
pub async fn add_store(add: StoreAdd) -> Result<(), Stop> {
    let house = House::open(&add.place).await?;
    let beside = house.start();
    let added = house.inventory.add_store(&command_line(), &add.code, &add.name, &add.currency, &add.time_zone).await;
    house.close(beside).await;
    let store = added?;
    say(&format!("store {} ({}) is open: {}, {}", store.code, store.name, store.currency, store.time_zone));
    Ok(())
}

/// Brings a till's files in and prints what became of their lines.
pub async fn import_till(import: ImportTill) -> Result<(), Stop> {
    let open = |file: &PathBuf| {
        Source::open(file).map_err(|error| Stop::new(format!("{} cannot be read: {error}", file.display())))
    };
    let sources = import.files.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let house = House::open(&import.place).await?;
    let beside = house.start();
    let summary = house.integration.import_till(&command_line(), &import.store, sources).await;
    house.close(beside).await;
    say(&summary?.to_string());
    Ok(())
}

/// Computes balances and figures anew.
pub async fn rebuild(place: Place) -> Result<(), Stop> {
    let house = House::open(&place).await?;
    let beside = house.start();
    let done = rebuild_all(&house).await;
    house.close(beside).await;
    say(&done?);
    Ok(())
}

async fn rebuild_all(house: &House) -> Result<String, Stop> {
    let differed = house.inventory.rebuild(&command_line()).await?;
    let counted = house.report.rebuild(&command_line()).await?;
    Ok(format!(
        "balances are made anew, {differed} of them differed; reports are made anew up to journal line {counted}"
    ))
}

/// Looks at every line of the journal, every movement, every balance and every figure.
///
/// Exit status 0: all is well; 1: the first bad row is printed; 2: it could not be read.
pub async fn verify(place: Place) -> Result<ExitCode, Stop> {
    let cannot_read = |stop: Stop| stop.with_status(2);
    if place.database_url.is_none() && !place.file().exists() {
        let sentence = format!("there is no store in {}; name its folder with --data-dir", place.data_dir.display());
        return Err(cannot_read(Stop::new(sentence)));
    }
    let db = place.open_as_it_is().await.map_err(cannot_read)?;
    let looker = Looker::on(db.clone(), &place.data_dir).await.map_err(cannot_read)?;
    let looked = looker.look().await.map_err(cannot_read);
    db.close().await;
    match looked? {
        (None, lines) => {
            say(&format!("all is well: {lines} journal lines, and every movement, balance and figure with them"));
            Ok(ExitCode::SUCCESS)
        }
        (Some(finding), _) => {
            say(&finding);
            Ok(ExitCode::from(1))
        }
    }
}
