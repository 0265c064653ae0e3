//! Running the store: backup and the drill of its way back, doctor, figures, a stop under load.

use crate::kit::{Ask, Badge, Shop, binary, delivery, on_sqlite, sale};
use model::Actor;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use storeroom::{House, Place};

/// A command of the built binary on that place.
async fn run(arguments: &[&str], data_dir: &Path, url: Option<&str>) -> Output {
    let mut command = binary(arguments, data_dir);
    if let Some(url) = url {
        command.env("STOREROOM_DATABASE_URL", url);
    }
    tokio::task::spawn_blocking(move || command.output()).await.expect("no panic").expect("the binary runs")
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Backs up to there; the backup.
async fn back_up(to: &Path, data_dir: &Path, url: Option<&str>) -> PathBuf {
    let made = run(&["backup", to.to_str().expect("text")], data_dir, url).await;
    assert_eq!(made.status.code(), Some(0), "{}", words(&made));
    let said = words(&made);
    let backup = said.lines().find_map(|line| line.split_once(" holds everything")).expect("it says where").0;
    PathBuf::from(backup)
}

/// Sells until told to stop; the last acknowledged line.
fn load(shop: &Shop, key: &Badge, stop: &Arc<AtomicBool>) -> Vec<tokio::task::JoinHandle<i64>> {
    let client = |_| {
        let (at, key, stop) = (shop.at, key.clone(), stop.clone());
        tokio::spawn(async move {
            let last = AtomicI64::new(0);
            while !stop.load(Ordering::Relaxed) {
                let id = model::PostingId::new().to_string();
                let ask = Ask::post("/api/v1/sales", &sale("1")).header("idempotency-key", &id);
                let Ok(answer) = key.on(ask).try_send(at).await else { break };
                assert!(matches!(answer.status, 201 | 503), "{}", answer.text());
                last.fetch_max(answer.json()["seq"].as_i64().unwrap_or(0), Ordering::Relaxed);
            }
            last.into_inner()
        })
    };
    (0..4).map(client).collect()
}

/// Post, back up under load, lose everything, restore elsewhere: sound, another epoch, and it says what is missing.
async fn drill(place: &Place, url: Option<&str>, new_url: Option<&str>, name: &str) {
    let shop = Shop::open(place).await;
    let key = shop.key(&["all"], None).await;
    assert_eq!(shop.post(&key, "/api/v1/receipts", &delivery("500")).await.status, 201);
    let stop = Arc::new(AtomicBool::new(false));
    let clients = load(&shop, &key, &stop);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = back_up(&folder.path().join(name), &place.data_dir, url).await;
    let again = run(&["backup", backup.to_str().expect("text")], &place.data_dir, url).await;
    assert_eq!(again.status.code(), Some(1), "a backup is never overwritten");
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.store(true, Ordering::Relaxed);
    let mut last = 0;
    for client in clients {
        last = last.max(client.await.expect("no panic"));
    }
    let epoch = shop.house.log.epoch().await.expect("an epoch");
    shop.close().await;

    let new = folder.path().join("new");
    let lost = place.data_dir.join("checkpoints.jsonl");
    let arguments = ["restore", backup.to_str().expect("text"), "--checkpoints", lost.to_str().expect("text")];
    let restored = run(&arguments, &new, new_url).await;
    let said = words(&restored);
    assert_eq!(restored.status.code(), Some(0), "{said}");
    assert!(said.contains("all of it was checked") && said.contains(&format!("to line {last}")), "{last}: {said}");
    let verified = run(&["verify"], &new, new_url).await;
    assert_eq!(verified.status.code(), Some(0), "{}", words(&verified));
    let full = run(&arguments, &new, new_url).await;
    assert_eq!(full.status.code(), Some(1), "a folder that holds something is never filled: {}", words(&full));

    let place = new_url.map_or_else(|| Place::folder(&new), |url| Place::postgres(&new, url));
    let house = House::open(&place).await.expect("it opens");
    assert_ne!(house.log.epoch().await.expect("an epoch"), epoch, "whoever goes on by line numbers starts over");
    let stores = house.inventory.stores(&Actor::system("test")).await.expect("stores");
    assert_eq!(stores.len(), 2);
    house.db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_comes_back_sound_from_sqlite() {
    for name in ["backup", "backup.tar"] {
        let folder = tempfile::tempdir().expect("a folder");
        drill(&Place::folder(folder.path()), None, None, name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_comes_back_sound_from_postgresql() {
    let (url, new) = (db::test::fresh_postgres().await, db::test::fresh_postgres().await);
    let keys = tempfile::tempdir().expect("a folder");
    drill(&Place::postgres(keys.path(), &url), Some(&url), Some(&new), "backup").await;
    db::test::drop_database(&url).await;
    db::test::drop_database(&new).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_changed_is_refused() {
    let (folder, target) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let place = Place::folder(folder.path());
    Shop::open(&place).await.close().await;
    let backup = back_up(&target.path().join("backup"), folder.path(), None).await;
    let file = backup.join("storeroom.db");
    let mut bytes = std::fs::read(&file).expect("the copy");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).expect("changed");
    let new = target.path().join("new");
    let restored = run(&["restore", backup.to_str().expect("text")], &new, None).await;
    assert_eq!(restored.status.code(), Some(1));
    assert!(words(&restored).contains("storeroom.db in the backup is missing or was changed"), "{}", words(&restored));
    let none =
        run(&["restore", target.path().join("nothing").to_str().expect("text")], &target.path().join("x"), None).await;
    assert_eq!(none.status.code(), Some(1), "{}", words(&none));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_is_of_another_moment_or_leaves_the_database_out_is_refused() {
    let (folder, target) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    Shop::open(&Place::folder(folder.path())).await.close().await;
    let backup = back_up(target.path(), folder.path(), None).await;
    let file = backup.join("manifest.json");
    let manifest: Value = serde_json::from_slice(&std::fs::read(&file).expect("there")).expect("a manifest");
    let refused = async |key: &str, value: Value, why: &str| {
        let mut other = manifest.clone();
        other[key] = value;
        std::fs::write(&file, other.to_string()).expect("changed");
        let restored = run(&["restore", backup.to_str().expect("text")], &target.path().join(key), None).await;
        assert_eq!(restored.status.code(), Some(1), "{key}");
        assert!(words(&restored).contains(why), "{key}: {}", words(&restored));
    };
    refused("last_line", json!(1), "its manifest says line 1 (").await;
    refused("last_hash", json!("00"), "(00)").await;
    refused("files", json!([]), "does not list storeroom.db").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_every_day_makes_one_backup_a_day_and_leaves_nothing_half_made() {
    let (folder, target) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    Shop::open(&Place::folder(folder.path())).await.close().await;
    let backups = target.path().join("backups");
    let first = back_up(&backups, folder.path(), None).await;
    // They are named by the second.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let second = back_up(&backups, folder.path(), None).await;
    assert!(first.starts_with(&backups) && second.starts_with(&backups) && first != second);
    assert_eq!(std::fs::read_dir(&backups).expect("there").count(), 2);
    let one_file = back_up(&backups.join("today.tar"), folder.path(), None).await;
    assert_eq!(std::fs::read_dir(&backups).expect("there").count(), 3);
    assert_eq!(one_file.metadata().expect("there").permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_is_content_with_a_healthy_store_and_says_what_to_do_with_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path().join("data"));
    let shop = Shop::open(&place).await;
    let healthy = run(&["doctor"], &place.data_dir, None).await;
    let said = words(&healthy);
    assert_eq!(healthy.status.code(), Some(0), "{said}");
    assert!(said.contains("a server runs on this file") && said.contains("none was made yet"), "{said}");
    assert!(!said.contains("FAIL"), "{said}");
    let backup = folder.path().join("backup");
    assert_eq!(run(&["backup", backup.to_str().expect("text")], &place.data_dir, None).await.status.code(), Some(0));
    assert!(words(&run(&["doctor"], &place.data_dir, None).await).contains("ok    backup"));
    shop.close().await;
    let key = place.data_dir.join("keys/session.key");
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("opened");
    let open = run(&["doctor", "--bind", "0.0.0.0:3000"], &place.data_dir, None).await;
    let said = words(&open);
    assert_eq!(open.status.code(), Some(1), "{said}");
    assert!(said.contains("FAIL  key files") && said.contains("chmod 600") && said.contains("warn  address"), "{said}");
    let nothing = run(&["doctor"], &folder.path().join("none"), None).await;
    assert_eq!(nothing.status.code(), Some(1), "{}", words(&nothing));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_for_this_machine_or_a_key_and_for_nobody_behind_a_proxy() {
    on_sqlite(async |shop| {
        let behind = || Ask::get("/metrics").header("x-forwarded-for", "203.0.113.7");
        assert_eq!(Ask::get("/metrics").send(shop.at).await.status, 200);
        assert_eq!(behind().send(shop.at).await.status, 403);
        let watcher = shop.key(&["metrics:read"], None).await;
        let seller = shop.key(&["sales:write"], None).await;
        assert_eq!(watcher.on(behind()).send(shop.at).await.status, 200);
        assert_eq!(seller.on(behind()).send(shop.at).await.status, 403);
        let text = Ask::get("/metrics").send(shop.at).await.text();
        for name in ["acts_total", "live_sockets", "journal_line", "journal_sound 1", "memory_bytes", "wal_bytes"] {
            assert!(text.contains(&format!("storeroom_{name}")), "{name}: {text}");
        }
        shop.close().await;
    })
    .await;
}
