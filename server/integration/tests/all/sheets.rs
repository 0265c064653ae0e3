//! Tax classes and families in product files, on both engines: told, read, refused with what to write, and undone.

use crate::imports::{checked, is_sound, mapping, run, settled};
use crate::world::{World, root};
use db::test::on_each;
use model::{ImportState, Language, NewFamily, NewTaxClass, NewVariant, ProductQuery, TaxClassId, TaxRate, Variants};
use storeroom_integration::sheet::Format;

const FILE: &str = "sku,name,tax class,family,options\n\
    TS,Shirt S,reduced,Shirt,Size: S | Colour: Red\n\
    TL,Shirt L,,shirt,colour: red | size: L\n\
    TX,Odd,Luxury,,\n\
    TY,Odd,,Shirt,Size: s | Colour: RED\n\
    TZ,Odd,,Shirt,\n\
    CUP,Cup,REDUCED,,\n";

async fn with_class(world: &World) -> TaxClassId {
    let id = TaxClassId::new();
    let rates = vec![TaxRate { from_day: None, rate: "5".parse().expect("a rate") }];
    let new = NewTaxClass { version: 0, name: "Reduced".into(), rates };
    world.inventory.save_tax_class(&root(), id, new).await.expect("it is saved");
    id
}

async fn family(world: &World, sku: &str) -> Option<Variants> {
    world.inventory.family_of(&root(), sku, "LON").await.expect("it is read").data
}

/// Each item of a family with its values.
fn told(family: &Variants) -> Vec<String> {
    family.items.iter().map(|item| format!("{} {}", item.sku, item.values.join(" "))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tax_classes_and_families_come_in_are_told_and_come_back_the_same() {
    on_each(async |db| {
        let world = World::open(db).await;
        let class = with_class(&world).await;
        let (file, seen) = checked(&world, FILE).await;
        assert_eq!((seen.new, seen.changed, seen.wrong), (3, 0, 3), "{:?}", seen.faults);
        let faults: Vec<_> =
            seen.faults.iter().map(|f| (f.row, f.column.as_str(), f.code.as_str(), f.hint.as_str())).collect();
        let expected = [
            (4, "tax class", "unknown_tax_class", "Reduced"),
            (5, "options", "same_values", "TS"),
            (6, "options", "no_options", "Size: L | Colour: Red"),
        ];
        assert_eq!(faults, expected);
        let done = run(&world, &file).await;
        assert_eq!((done.state, done.added, done.changed), (ImportState::Done, 3, 0), "{:?}", done.trouble);
        for (sku, of) in [("TS", Some(class)), ("TL", None), ("CUP", Some(class))] {
            let product = world.inventory.product(&root(), sku).await.expect("it is there").data;
            assert_eq!(product.tax_class, of, "{sku}");
        }
        let shirts = family(&world, "TL").await.expect("it has a family");
        assert_eq!((shirts.family.name.as_str(), told(&shirts)), ("Shirt", vec!["TS S Red".into(), "TL L Red".into()]));
        let (_, again) = checked(&world, FILE).await;
        assert_eq!((again.new, again.changed, again.same), (0, 0, 3), "the same file changes nothing");

        let query = ProductQuery { store: "LON".into(), ..ProductQuery::default() };
        for (format, language) in [
            (Format::Csv, Language::English),
            (Format::Csv, Language::Spanish),
            (Format::Xlsx, Language::English),
            (Format::Xlsx, Language::Spanish),
        ] {
            let bytes = world.integration.export_products(&root(), &query, format, language).await.expect("written");
            if (format, language) == (Format::Csv, Language::English) {
                let text = String::from_utf8(bytes.clone()).expect("utf-8");
                assert!(text.contains("Reduced,Shirt,Size: S | Colour: Red,"), "{text}");
            }
            let file = world.integration.upload(&root(), "back", bytes).await.expect("it is read");
            let back = world.integration.check_import(&root(), file.id, mapping(&file)).await.expect("it is checked");
            assert_eq!((back.new, back.changed, back.wrong, back.same), (0, 0, 0, file.rows), "{:?}", back.faults);
        }
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_undone_with_its_families_and_what_somebody_did_since_stays() {
    on_each(async |db| {
        let world = World::open(db).await;
        with_class(&world).await;
        let (first, _) = checked(&world, FILE).await;
        run(&world, &first).await;
        let (second, seen) =
            checked(&world, "sku,family,options\nTS,Shirt,Size: M | Colour: Red\nCUP,Shirt,Size: S | Colour: Blue\n")
                .await;
        assert_eq!((seen.new, seen.changed, seen.wrong), (0, 2, 0), "{:?}", seen.faults);
        assert_eq!(run(&world, &second).await.changed, 2);
        let shirts = family(&world, "CUP").await.expect("it joined");
        assert_eq!(told(&shirts), ["CUP S Blue", "TL L Red", "TS M Red"]);

        world.integration.undo_import(&root(), second.id).await.expect("it is being undone");
        assert_eq!(settled(&world, &second).await.state, ImportState::Undone);
        let shirts = family(&world, "TS").await.expect("it has a family");
        assert_eq!(told(&shirts), ["TS S Red", "TL L Red"], "as before the second file");
        assert_eq!(shirts.family.options[0].values, ["S", "L"]);
        assert_eq!(family(&world, "CUP").await, None);

        // Somebody calls the family something else and takes the mug in; the first file's shirts leave it all the same.
        let mut items: Vec<NewVariant> = Vec::new();
        for item in &shirts.items {
            items.push(NewVariant { sku: item.sku.clone(), values: item.values.clone(), make: None });
        }
        items.push(NewVariant { sku: "85123A".into(), values: vec!["S".into(), "Blue".into()], make: None });
        let mut options = shirts.family.options.clone();
        options[1].values.push("Blue".into());
        let (version, name) = (shirts.family.version, "Things".to_owned());
        let new = NewFamily { version, name, options, items, like: None, archive: Vec::new() };
        world.inventory.save_family(&root(), shirts.family.id, new).await.expect("it is saved");
        world.integration.undo_import(&root(), first.id).await.expect("it is being undone");
        assert_eq!(settled(&world, &first).await.state, ImportState::Undone);
        let things = family(&world, "85123A").await.expect("it stays");
        assert_eq!((things.family.name.as_str(), told(&things)), ("Things", vec!["85123A S Blue".into()]));
        assert!(world.inventory.product(&root(), "TS").await.expect("it is there").data.archived);
        is_sound(&world).await;
        world.close().await;
    })
    .await;
}
