//! A code in whatever form leads to its item, is nobody else's, and says what is wrong with it, on both engines.

use crate::common::{Open, item, open};
use db::test::on_each;
use model::{Error, FoundItem, ItemKind, ItemPatch, Meant, NewItem, Refusal};

fn new(sku: &str, barcodes: &[&str]) -> NewItem {
    NewItem { barcodes: barcodes.iter().map(ToString::to_string).collect(), ..item(sku, ItemKind::Stocked) }
}

async fn add(store: &Open, sku: &str, barcodes: &[&str]) -> Result<(), Error> {
    store.inventory.add_item(&store.owner, new(sku, barcodes)).await.map(|_| ())
}

/// What a scan of that code answers.
pub async fn scanned(store: &Open, code: &str) -> Result<Option<FoundItem>, Error> {
    store.inventory.find_item(&store.owner, code).await
}

async fn leads(store: &Open, code: &str, sku: &str) {
    let (inventory, owner) = (&store.inventory, &store.owner);
    let found = scanned(store, code).await.expect("read");
    assert_eq!(found.map(|found| found.item.sku).as_deref(), Some(sku), "{code:?}");
    assert_eq!(inventory.meaning(owner, "LON", code).await, Ok(Meant::Item(sku.into())), "{code:?}");
    assert_eq!(inventory.product(owner, code).await.expect("a product").data.item.sku, sku, "{code:?}");
}

fn taken(code: &str) -> Error {
    Refusal::BarcodeTaken { barcode: code.into() }.into()
}

fn patch(barcodes: &[&str]) -> ItemPatch {
    ItemPatch { barcodes: Some(new("", barcodes).barcodes), ..ItemPatch::default() }
}

#[tokio::test]
async fn every_form_of_a_code_leads_to_its_item() {
    on_each(async |db| {
        let store = open(db).await;
        let items = [
            ("EAN13", "9506000134352"),
            ("UPCA", "036000291452"),
            ("UPCE", "04252614"),
            ("EAN8", "96385074"),
            ("LONG", "012345000065"),
            ("PADDED", "0012300000451"),
            ("CASE", "10012345678902"),
            ("OWN-1", "00012"),
        ];
        for (sku, code) in items {
            add(&store, sku, &[code]).await.expect("added");
        }
        add(&store, "5012345678900", &[]).await.expect("an item whose SKU is its number");
        let scans = [
            ("EAN13", "9506000134352"),
            ("EAN13", "09506000134352"),
            ("EAN13", "]E09506000134352"),
            ("EAN13", "]C10109506000134352"),
            ("EAN13", "]C1010950600013435210LOT-7"),
            ("EAN13", "]C1010950600013435210LOT-7\u{1d}17301231"),
            ("EAN13", "]d2\u{1d}010950600013435217301231\u{1d}10AB12\u{1d}21S1"),
            ("EAN13", "]Q3010950600013435221S1\u{1d}10AB12"),
            ("EAN13", "010950600013435217301231"),
            ("EAN13", "(01)09506000134352(10)AB12"),
            ("EAN13", "https://id.gs1.org/01/09506000134352/10/AB12?17=301231"),
            ("EAN13", "https://shop.example/01/9506000134352"),
            ("UPCA", "036000291452"),
            ("UPCA", "0036000291452"),
            ("UPCA", "00036000291452"),
            ("UPCA", "(01)00036000291452"),
            ("UPCE", "04252614"),
            ("UPCE", "042100005264"),
            ("UPCE", "0042100005264"),
            ("UPCE", "]C10100042100005264"),
            ("EAN8", "96385074"),
            ("EAN8", "000096385074"),
            ("EAN8", "00000096385074"),
            ("LONG", "01234565"),
            ("LONG", "0012345000065"),
            ("PADDED", "01234531"),
            ("PADDED", "012300000451"),
            ("CASE", "10012345678902"),
            ("CASE", "]C10110012345678902"),
            ("OWN-1", "00012"),
            ("OWN-1", "]C000012"),
            ("5012345678900", "05012345678900"),
            ("5012345678900", "https://id.gs1.org/01/05012345678900"),
        ];
        for (sku, code) in scans {
            leads(&store, code, sku).await;
        }
        // Another number, though it ends with the same figures; a case is not what is in it; a load is no item.
        for code in ["20012345678909", "(00)106141412345678908", "0012"] {
            assert_eq!(store.inventory.find_item(&store.owner, code).await, Ok(None), "{code}");
        }
        let asked = ["00036000291452", "5012345678900", "9999", "42100005264"];
        let owners = store.inventory.owners_of(&store.owner, &asked).await.expect("read");
        let owner = |code: &str| owners.get(code).map(|(sku, _)| sku.as_str());
        assert_eq!(asked.map(owner), [Some("UPCA"), Some("5012345678900"), None, None]);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn eight_digits_that_are_two_numbers_lead_to_who_has_them() {
    on_each(async |db| {
        let store = open(db).await;
        // Right as an EAN-8 and as a UPC-E.
        let both = "01234565";
        let ean = format!("000000{both}");
        let upc: model::Gtin = model::Gtin::from_upc_e(both).expect("a UPC-E");
        assert!(both.parse::<model::Gtin>().is_ok() && upc.to_string() != ean);
        let upc = upc.to_string();
        add(&store, "LONG", &[&upc]).await.expect("added");
        leads(&store, both, "LONG").await;
        assert_eq!(add(&store, "SHORT", &[both]).await, Err(taken(both)), "it means the other one already");
        add(&store, "SHORT", &[&ean]).await.expect("written out it is another number");
        leads(&store, both, "SHORT").await;
        leads(&store, &ean, "SHORT").await;
        leads(&store, &upc, "LONG").await;
        leads(&store, &upc[1..], "LONG").await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_code_that_cannot_be_right_is_told_why_unless_somebody_has_it() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        for (code, why) in [
            ("9506000134353", "the last digit should be 2"),
            ("]C1010950600013435217301301", "(17) at position 20: not a day"),
            ("(01)09506000134353", "the last digit should be 2"),
            ("(01)09506000134352(05)1", "no such GS1 identifier"),
        ] {
            let Ok(Meant::Wrong(told)) = inventory.meaning(owner, "LON", code).await else { panic!("{code} is wrong") };
            assert!(told.contains(why), "{code}: {told}");
            assert_eq!(inventory.find_item(owner, code).await, Ok(None), "{code}");
        }
        for code in ["9506000134352", "4711", "lamp", "]C10109506000134352", "https://shop.example/lamp"] {
            assert_eq!(inventory.meaning(owner, "LON", code).await, Ok(Meant::Nothing), "{code}");
        }
        // A till may use numbers of its own.
        add(&store, "OWN", &["9506000134353"]).await.expect("added");
        leads(&store, "9506000134353", "OWN").await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_twin_of_a_code_is_taken_wherever_it_is_saved() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        add(&store, "A", &["036000291452", "04252614"]).await.expect("added");
        add(&store, "B", &[]).await.expect("added");
        for twin in ["036000291452", "0036000291452", "00036000291452", "042100005264", "00042100005264", "04252614"] {
            assert_eq!(add(&store, "C", &[twin]).await, Err(taken(twin)), "a new item");
            assert_eq!(add(&store, twin, &[]).await, Err(taken(twin)), "as a SKU");
            let changed = inventory.change_item(owner, "B", None, patch(&[twin])).await;
            assert_eq!(changed.map(|_| ()), Err(taken(twin)), "the editor");
            let many = inventory.add_items(owner, vec![new("C", &[]), new("D", &[twin])]).await;
            assert_eq!(many, Err(taken(twin)), "a file");
        }
        let twins = vec![new("C", &["9506000134352"]), new("D", &["09506000134352"])];
        assert_eq!(inventory.add_items(owner, twins).await, Err(taken("09506000134352")), "in one act");
        let skus = vec![new("5012345678900", &[]), new("D", &["05012345678900"])];
        assert_eq!(inventory.add_items(owner, skus).await, Err(taken("05012345678900")), "a barcode beside a SKU");
        let own = patch(&["036000291452", "0036000291452"]);
        let changed = inventory.change_item(owner, "A", None, own).await.expect("both are its own");
        assert_eq!(changed.item.barcodes.len(), 2);
        let freed = inventory.change_item(owner, "B", None, patch(&["042100005264"])).await.expect("it is free now");
        assert_eq!(freed.item.barcodes, ["042100005264"]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn of_twins_that_come_at_once_one_is_taken() {
    on_each(async |db| {
        let store = open(db).await;
        for round in 0..10 {
            let number: model::Gtin = (0..10)
                .find_map(|last| format!("03600029{round:03}{last}").parse().ok())
                .expect("one of ten digits is right");
            let forms = number.forms();
            let (one, other) = (format!("ONE-{round}"), format!("OTHER-{round}"));
            let (short, longer) = ([forms[2].as_str()], [forms[1].as_str()]);
            let (first, last, edited) = tokio::join!(
                add(&store, &one, &short),
                add(&store, &other, &longer),
                store.inventory.change_item(&store.owner, "MUG", None, patch(&[&forms[0]])),
            );
            let outcomes = [first, last, edited.map(|_| ())];
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
            let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
            assert!(refused.into_iter().all(|error| forms.iter().any(|form| *error == taken(form))), "{outcomes:?}");
        }
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}
