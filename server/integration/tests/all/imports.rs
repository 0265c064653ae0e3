//! A product file on both engines: looked at, imported, imported again, stopped, undone; and lists as files.

use crate::world::{World, root};
use auth::Secret;
use db::test::on_each;
use model::{
    Action, Actor, Checked, Error, Grant, GridQuery, ImportProgress, ImportState, ItemPatch, Language, Mapping, Pack,
    PersonId, Principal, ProductQuery, Quantity, Role, Uploaded, Via,
};
use serde_json::Value;
use std::net::Ipv4Addr;
use std::time::Duration;
use storeroom_integration::Integration;
use storeroom_integration::sheet::Format;

pub const FILE: &str = "SKU;Nombre;EAN;Precio;Existencias;Mínimo\n\
    85123A;White heart;;3,10;12;4\n\
    N1;Red mug;5012345678900;2,55;7;\n\
    N2;Blue mug;96385075;2,55;;\n\
    N3;Green mug;;abc;;\n\
    N4;Jug;;1;3;9\n";

pub fn mapping(file: &Uploaded) -> Mapping {
    let fields = file.columns.iter().map(|column| column.guess).collect();
    Mapping { store: "LON".into(), fields, comma: file.comma }
}

pub async fn checked(world: &World, file: &str) -> (Uploaded, Checked) {
    let file = world.integration.upload(&root(), "products.csv", file.as_bytes().to_vec()).await.expect("it is read");
    let told = world.integration.check_import(&root(), file.id, mapping(&file)).await.expect("it is checked");
    (file, told)
}

/// Waits until it is so.
pub async fn until(on: &Integration, by: &Actor, file: &Uploaded, is: fn(&ImportProgress) -> bool) -> ImportProgress {
    for _ in 0..6_000 {
        let (_, progress) = on.import(by, file.id).await.expect("it is theirs");
        if is(&progress) {
            return progress;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it does not go on");
}

/// Waits until nothing moves any more.
pub async fn settled(world: &World, file: &Uploaded) -> ImportProgress {
    until(&world.integration, &root(), file, |progress| !progress.state.is_moving()).await
}

/// So many products, with one of each on the shelf.
pub fn many(count: usize) -> String {
    let rows: String = (0..count).map(|n| format!("S{n:05},Item {n},1.50,1\n")).collect();
    format!("sku,name,price,qty\n{rows}")
}

pub async fn run(world: &World, file: &Uploaded) -> ImportProgress {
    world.integration.start_import(&root(), file.id, mapping(file)).await.expect("it starts");
    settled(world, file).await
}

pub async fn is_sound(world: &World) {
    let findings = world.inventory.verify(&root()).await.expect("it is read");
    assert!(findings.is_empty(), "{}", findings[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_imported_and_the_same_again_changes_nothing() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (file, told) = checked(&world, FILE).await;
        assert!(file.comma && file.rows == 5 && file.preview.len() == 5);
        assert_eq!((told.new, told.changed, told.stocked, told.wrong), (2, 1, 3, 2));
        let faults: Vec<_> = told.faults.iter().map(|f| (f.row, f.code.as_str(), f.hint.as_str())).collect();
        assert_eq!(faults, [(4, "check_digit", "96385074"), (5, "not_number", "2,55")]);
        assert_eq!(world.inventory.find_item(&root(), "N1").await, Ok(None), "looking changes nothing");
        let done = run(&world, &file).await;
        assert_eq!((done.state, done.added, done.changed, done.stocked), (ImportState::Done, 2, 1, 3));
        assert_eq!(world.on_hand("LON", "N1").await, "7");
        let heart = world.inventory.product(&root(), "85123A").await.expect("it is there").data;
        assert_eq!(heart.item.price.map(|price| price.to_string()).as_deref(), Some("3.10"));
        assert_eq!(heart.limits.len(), 1);
        let (again, told) = checked(&world, FILE).await;
        assert_eq!((told.new, told.changed, told.stocked, told.same), (0, 0, 0, 3));
        let done = run(&world, &again).await;
        assert_eq!((done.state, done.total), (ImportState::Done, 0));
        assert_eq!(world.on_hand("LON", "N1").await, "7");
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_categories_is_guessed_and_makes_them_and_the_export_has_it() {
    on_each(async |db| {
        let world = World::open(db).await;
        let text = "sku,name,Product category,ean\n85123A,,hearts,\nT1,Tea,Pantry,9506000134352\nT2,Rice,PANTRY,\n";
        let (file, told) = checked(&world, text).await;
        assert_eq!((told.new, told.changed, told.wrong), (2, 1, 0), "{:?}", told.faults);
        run(&world, &file).await;
        let listed = world.inventory.categories(&root()).await.expect("listed").data;
        assert_eq!(listed.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["hearts", "Pantry"]);
        assert_eq!(
            world.inventory.product(&root(), "T2").await.expect("there").data.category.as_deref(),
            Some("Pantry")
        );
        let (_, again) = checked(&world, text).await;
        assert_eq!((again.new, again.changed, again.same), (0, 0, 3), "the same file changes nothing");
        // A pack's barcode stays the pack's, and is none of the item's own in a file.
        let case = Pack { name: "Case".into(), barcode: "19506000134359".into(), quantity: Quantity::whole(12) };
        let patch = ItemPatch { packs: Some(vec![case.clone()]), ..ItemPatch::default() };
        world.inventory.change_item(&root(), "T1", None, patch).await.expect("changed");
        let query = ProductQuery { store: "LON".into(), category: "pantry".into(), ..ProductQuery::default() };
        let export = world.integration.export_products(&root(), &query, Format::Csv, Language::English).await;
        let export = String::from_utf8(export.expect("written")).expect("utf-8");
        assert!(export.contains("Pantry") && !export.contains(&case.barcode) && !export.contains("85123A"), "{export}");
        let (_, back) = checked(&world, &export).await;
        assert_eq!((back.changed, back.same), (0, 2));
        let (_, mixed) = checked(&world, "sku,name,ean\nT1,Tea,9506000134352 19506000134359\n").await;
        assert_eq!((mixed.changed, mixed.wrong), (0, 0), "{:?}", mixed.faults);
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_undone_whole_and_can_be_done_again() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (file, _) = checked(&world, FILE).await;
        run(&world, &file).await;
        world.integration.undo_import(&root(), file.id).await.expect("it is undone");
        assert_eq!(settled(&world, &file).await.state, ImportState::Undone);
        let heart = world.inventory.product(&root(), "85123A").await.expect("it is there").data;
        assert_eq!((heart.item.price.map(|price| price.to_string()).as_deref(), heart.limits.len()), (Some("2.55"), 0));
        assert!(world.inventory.product(&root(), "N1").await.expect("it is there").data.archived);
        assert_eq!(world.on_hand("LON", "N1").await, "0");
        assert_eq!(world.integration.start_import(&root(), file.id, mapping(&file)).await, Err(Error::Busy));
        let (again, told) = checked(&world, FILE).await;
        assert_eq!((told.changed, told.stocked), (3, 3), "what was archived comes back");
        run(&world, &again).await;
        assert_eq!(world.on_hand("LON", "N1").await, "7");
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_stock_is_booked_where_nothing_moved_and_nowhere_else() {
    on_each(async |db| {
        let world = World::open(db).await;
        let sale = crate::world::sale("LON", &[("85123A", "2")]);
        assert_eq!(world.post("/sales", &crate::world::id(), &sale).await.status, 201);
        let (_, told) = checked(&world, "sku,name,qty\n85123A,White heart,12\n22633,Hand warmer,5\n").await;
        assert_eq!(told.stocked, 1);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_import_says_exactly_what_is_in_and_goes_on_with_the_same_file() {
    on_each(async |db| {
        let world = World::open(db).await;
        let text = many(2_000);
        let (file, _) = checked(&world, &text).await;
        world.integration.start_import(&root(), file.id, mapping(&file)).await.expect("it starts");
        until(&world.integration, &root(), &file, |progress| progress.added > 0).await;
        world.integration.stop_import(&root(), file.id).await.expect("it stops");
        let stopped = settled(&world, &file).await;
        assert_eq!((stopped.state, stopped.resumable), (ImportState::Stopped, true));
        let listed = ProductQuery { store: "LON".into(), search: "S0".into(), ..ProductQuery::default() };
        let listed = world.inventory.products(&root(), &listed, 0, 1).await.expect("listed").total;
        assert_eq!(i64::try_from(stopped.added), Ok(listed), "what is in is told exactly");
        let (rest, told) = checked(&world, &text).await;
        assert_eq!(told.new + stopped.added, 2_000);
        let done = run(&world, &rest).await;
        assert_eq!((done.state, done.added + stopped.added), (ImportState::Done, 2_000));
        world.close().await;
    })
    .await;
}

/// Somebody with that name, signed in.
async fn manager(world: &World, name: &str) -> Actor {
    world.person(name, name, Role::Manager).await;
    let password = Secret::new("seven green bottles");
    world.auth.sign_in(name, &password, Ipv4Addr::LOCALHOST.into(), Via::default()).await.expect("signed in").actor
}

/// What the journal tells of imports that ended.
pub async fn told(world: &World) -> Vec<Value> {
    let mut tx = world.auth.read(&root(), Action::ReadJournal.anywhere()).await.expect("a look");
    let lines = world.auth.log().read(&mut tx, 0, 1_000).await.expect("lines");
    let ended = lines.iter().filter(|line| line.topic == "integration.import_finished");
    ended.map(|line| serde_json::from_str(&line.body).expect("JSON")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_ends_with_its_authors_right_but_not_with_their_session_and_the_journal_says_so() {
    on_each(async |db| {
        let world = World::open(db).await;
        let cases =
            [("mia", "nothing", true), ("pia", "signed out", true), ("noa", "disabled", false), ("eva", "role", false)];
        for (name, taken, stays) in cases {
            let author = manager(&world, name).await;
            let text = format!("sku,name\n{name},Cup\n").into_bytes();
            let file = world.integration.upload(&author, "products.csv", text).await.expect("it is read");
            let id = world.auth.person_named(&root(), name).await.expect("a look").expect("known").id;
            match taken {
                "disabled" => world.auth.disable(&root(), id).await.expect("disabled"),
                "role" => {
                    world.auth.revoke(&root(), id, Grant { role: Role::Manager, store: None }).await.expect("taken")
                }
                "signed out" => world.auth.sign_out_all(&author, id).await.expect("signed out"),
                _ => {}
            }
            // As it is when the right is taken away between two batches.
            world.integration.start_import(&author, file.id, mapping(&file)).await.expect("it starts");
            let ended = until(&world.integration, &author, &file, |progress| !progress.state.is_moving()).await;
            let (state, said) = if stays { (ImportState::Done, "done") } else { (ImportState::Failed, "failed") };
            assert_eq!((ended.state, ended.added, ended.trouble.is_none()), (state, u64::from(stays), stays));
            let found = world.inventory.find_item(&root(), name).await.expect("a look");
            assert_eq!(found.is_some(), stays);
            let line = told(&world).await.pop().expect("a line");
            assert_eq!(line["progress"]["state"], said, "{line}");
        }
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_let_go_when_its_import_begins_and_its_end_is_still_told() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (file, _) = checked(&world, FILE).await;
        run(&world, &file).await;
        assert_eq!(world.integration.check_import(&root(), file.id, mapping(&file)).await, Err(Error::NotFound));
        assert_eq!(world.integration.start_import(&root(), file.id, mapping(&file)).await, Err(Error::Busy));
        let (_, progress) = world.integration.import(&root(), file.id).await.expect("it is known");
        assert_eq!(progress.state, ImportState::Done);
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_next_file_takes_the_place_of_their_own_and_of_nobody_elses() {
    on_each(async |db| {
        let world = World::open(db).await;
        let ann = Actor { principal: Principal::Person(PersonId::new()), ..root() };
        let first = world.integration.upload(&ann, "products.csv", FILE.into()).await.expect("it is read");
        let mut files = Vec::new();
        for _ in 0..20 {
            files.push(world.integration.upload(&root(), "products.csv", FILE.into()).await.expect("it is read").id);
        }
        assert!(world.integration.import(&ann, first.id).await.is_ok(), "hers is still there");
        assert_eq!(world.integration.import(&root(), files[0]).await, Err(Error::NotFound));
        assert!(world.integration.import(&root(), files[19]).await.is_ok());
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tills_file_is_known_imported_and_undone() {
    on_each(async |db| {
        let world = World::open(db).await;
        let text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
            536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,UK\n\
            536366,T1,NEW THING,2,2010-12-01 08:28:00,1.25,17850.0,UK\n";
        let (file, told) = checked(&world, text).await;
        assert_eq!((told.new, told.stocked), (1, 2));
        let done = run(&world, &file).await;
        assert_eq!((done.state, done.added, done.stocked), (ImportState::Done, 1, 2));
        assert_eq!(world.on_hand("LON", "85123A").await, "-6");
        let (_, told) = checked(&world, text).await;
        assert_eq!((told.new, told.stocked, told.same), (0, 0, 2));
        let other = crate::interrupted::elsewhere(&world).await;
        other.undo_import(&root(), file.id).await.expect("it is undone by another process");
        assert_eq!(settled(&world, &file).await.state, ImportState::Undone);
        assert_eq!(world.on_hand("LON", "85123A").await, "0");
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_and_imported_again_changes_nothing() {
    on_each(async |db| {
        let world = World::open(db).await;
        let (file, _) = checked(&world, "sku,name,ean,price,qty,min,max\n=1+1,@cmd,5012345678900,2.55,4,1,9\n").await;
        run(&world, &file).await;
        let query = ProductQuery { store: "LON".into(), ..ProductQuery::default() };
        for (format, language) in
            [(Format::Csv, Language::English), (Format::Csv, Language::Spanish), (Format::Xlsx, Language::English)]
        {
            let bytes = world.integration.export_products(&root(), &query, format, language).await.expect("written");
            let file = world.integration.upload(&root(), "back", bytes).await.expect("it is read");
            let told = world.integration.check_import(&root(), file.id, mapping(&file)).await.expect("it is checked");
            assert_eq!(
                (told.new, told.changed, told.stocked, told.wrong, told.same),
                (0, 0, 0, 0, 4),
                "{:?}",
                told.faults
            );
        }
        let grid = GridQuery { store: "LON".into(), ..GridQuery::default() };
        let bytes =
            world.integration.export_stock(&root(), &grid, Format::Csv, Language::English).await.expect("written");
        let text = String::from_utf8(bytes).expect("utf-8");
        assert!(text.contains("'=1+1,'@cmd,4,0,4,0,4,2.55,piece"), "{text}");
        world.close().await;
    })
    .await;
}
