//! Imports whose process is gone: they say so, and another process goes on with them or undoes them; nothing counts twice.

use crate::imports::{FILE, checked, is_sound, many, mapping, run, settled, told, until};
use crate::world::{World, root};
use db::Db;
use db::test::on_each;
use model::{Error, GridQuery, ImportState, Quantity, Uploaded};
use storeroom_integration::Integration;

/// What another process on the same database is.
pub async fn elsewhere(world: &World) -> Integration {
    Integration::open(world.auth.clone(), world.inventory.clone()).await.expect("it opens")
}

/// The process that was at it is gone, and has been for a minute.
async fn gone(db: &Db, file: &Uploaded) {
    let mut tx = db.begin().await.expect("a turn");
    let changed = db::execute!(
        &mut tx,
        "update integration_import set beat_at = beat_at - 60000000, progress = replace(progress, '\"stopped\"', '\"running\"')
         where id = $1",
        file.id
    );
    assert_eq!(changed.expect("it is written"), 1);
    tx.commit().await.expect("it is kept");
}

/// Every one of them is there, and has its opening stock once.
async fn all_are_there_once(world: &World, count: usize) {
    let grid = GridQuery { store: "LON".into(), search: "S0".into(), ..GridQuery::default() };
    let rows = world.inventory.whole_grid(&root(), &grid).await.expect("it is read");
    assert_eq!(rows.len(), count);
    assert!(rows.iter().all(|row| row.on_hand == Quantity::whole(1)), "each has its opening stock once");
}

/// An import of 3 000 rows that broke off in the middle, and how many of them are in.
async fn broken_off(db: &Db, world: &World) -> (Uploaded, u64) {
    let (file, _) = checked(world, &many(3_000)).await;
    world.integration.start_import(&root(), file.id, mapping(&file)).await.expect("it starts");
    until(&world.integration, &root(), &file, |progress| progress.added > 0).await;
    world.integration.stop_import(&root(), file.id).await.expect("it stops");
    let first = settled(world, &file).await.added;
    assert!(first > 0 && first < 3_000, "it is in the middle: {first}");
    gone(db, &file).await;
    (file, first)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_whose_process_is_gone_says_so_and_is_gone_on_with_and_undone_in_another() {
    on_each(async |db| {
        let world = World::open(db.clone()).await;
        let (file, first) = broken_off(&db, &world).await;
        let other = elsewhere(&world).await;
        let (seen, progress) = other.import(&root(), file.id).await.expect("it is known there");
        assert_eq!((progress.state, progress.resumable, seen), (ImportState::Interrupted, true, file.clone()));
        assert_eq!(other.start_import(&root(), file.id, mapping(&file)).await, Err(Error::Busy));
        // Two hands at once: one of them goes on.
        let by = root();
        let (one, two) = tokio::join!(other.resume_import(&by, file.id), world.integration.resume_import(&by, file.id));
        assert!(matches!((&one, &two), (Ok(()), Err(Error::Busy)) | (Err(Error::Busy), Ok(()))), "{one:?} {two:?}");
        let done = settled(&world, &file).await;
        assert_eq!((done.state, done.added, done.stocked), (ImportState::Done, 3_000, 3_000));
        assert_eq!(done.total, 3_000 - first, "what is in already is left as it is");
        all_are_there_once(&world, 3_000).await;
        assert_eq!(other.resume_import(&root(), file.id).await, Err(Error::Busy), "there is nothing to go on with");
        other.undo_import(&root(), file.id).await.expect("it is undone");
        assert_eq!(settled(&world, &file).await.state, ImportState::Undone);
        assert_eq!(world.on_hand("LON", "S00000").await, "0");
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_of_one_file_at_once_book_its_stock_once() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (one, _) = checked(&world, &many(600)).await;
        let (two, _) = checked(&world, &many(600)).await;
        for file in [&one, &two] {
            world.integration.start_import(&root(), file.id, mapping(file)).await.expect("it starts");
        }
        let ended = [settled(&world, &one).await, settled(&world, &two).await];
        assert!(ended.iter().all(|progress| progress.state == ImportState::Done), "{ended:?}");
        assert_eq!(ended.iter().map(|progress| progress.stocked).sum::<u64>(), 600);
        all_are_there_once(&world, 600).await;
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_import_is_undone_as_far_as_it_came_and_cannot_be_gone_on_with_then() {
    on_each(async |db| {
        let world = World::open(db.clone()).await;
        let (file, _) = broken_off(&db, &world).await;
        let other = elsewhere(&world).await;
        other.undo_import(&root(), file.id).await.expect("it is undone");
        let undone = settled(&world, &file).await;
        assert_eq!((undone.state, undone.resumable), (ImportState::Undone, false));
        assert_eq!(world.on_hand("LON", "S00000").await, "0");
        assert_eq!(other.resume_import(&root(), file.id).await, Err(Error::Busy));
        assert_eq!(other.undo_import(&root(), file.id).await, Err(Error::Busy));
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_thought_gone_and_is_not_books_nothing_twice() {
    on_each(async |db| {
        let world = World::open(db.clone()).await;
        let (file, _) = checked(&world, &many(3_000)).await;
        world.integration.start_import(&root(), file.id, mapping(&file)).await.expect("it starts");
        let other = elsewhere(&world).await;
        // It runs, and looks as if it did not, for as long as nothing is written of it.
        let mut taken = Err(Error::Busy);
        while taken.is_err() && settled_or_not(&other, &file).await {
            gone(&db, &file).await;
            taken = other.resume_import(&root(), file.id).await;
        }
        assert_eq!(taken, Ok(()), "it was taken over while it ran");
        assert_eq!(settled(&world, &file).await.state, ImportState::Done);
        all_are_there_once(&world, 3_000).await;
        assert_eq!(told(&world).await.len(), 1, "its end is told by one of them");
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

async fn settled_or_not(on: &Integration, file: &Uploaded) -> bool {
    on.import(&root(), file.id).await.is_ok_and(|(_, progress)| progress.state != ImportState::Done)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_kept_for_a_week_and_goes_with_all_that_belongs_to_it() {
    on_each(async |db| {
        let world = World::open(db.clone()).await;
        let (file, _) = checked(&world, FILE).await;
        run(&world, &file).await;
        for (days, is_there) in [(6, true), (2, false)] {
            let mut tx = db.begin().await.expect("a turn");
            let day: i64 = 86_400_000_000;
            db::execute!(&mut tx, "update integration_import set brought_at = brought_at - $1", days * day)
                .expect("written");
            tx.commit().await.expect("kept");
            world.integration.upload(&root(), "next.csv", FILE.into()).await.expect("it is read");
            assert_eq!(world.integration.import(&root(), file.id).await.is_ok(), is_there, "after {days} more days");
        }
        let mut tx = db.read().await.expect("a look");
        let left: (i64, i64, i64) = db::fetch_one!(
            &mut tx,
            "select (select count(*) from integration_import), (select count(*) from integration_file),
                    (select count(*) from integration_posting)"
        )
        .expect("counted");
        assert_eq!(left, (2, 2, 0));
        drop(tx);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_file_gave_way_can_still_be_undone() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (file, _) = checked(&world, &many(3_000)).await;
        world.integration.start_import(&root(), file.id, mapping(&file)).await.expect("it starts");
        until(&world.integration, &root(), &file, |progress| progress.added > 0).await;
        world.integration.stop_import(&root(), file.id).await.expect("it stops");
        settled(&world, &file).await;
        for _ in 0..4 {
            world.integration.upload(&root(), "next.csv", FILE.into()).await.expect("it is read");
        }
        assert_eq!(world.integration.resume_import(&root(), file.id).await, Err(Error::Busy), "its file is let go");
        world.integration.undo_import(&root(), file.id).await.expect("it is undone");
        assert_eq!(settled(&world, &file).await.state, ImportState::Undone);
        assert_eq!(world.on_hand("LON", "S00000").await, "0");
        world.close().await;
    })
    .await;
}
