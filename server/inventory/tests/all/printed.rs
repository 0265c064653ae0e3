//! Barcodes on paper: printed by `zint`, read back by `zbarimg` and `dmtxread`, each leads to its item (checklist 6).

use crate::common::{item, open};
use db::test::on_each;
use model::{ItemKind, NewItem};
use std::path::Path;
use std::process::Command;

/// A symbol: its file's name, what `zint` is told, and the SKU of the item that it means.
type Symbol = (&'static str, &'static [&'static str], &'static str);

/// Every kind of symbol that goods and their cases come with.
const SYMBOLS: [Symbol; 11] = [
    ("ean13", &["-b", "EANX", "-d", "9506000134352"], "TEA"),
    ("ean8", &["-b", "EANX", "-d", "9638507"], "GUM"),
    ("upca", &["-b", "UPCA", "-d", "03600029145"], "SOAP"),
    ("upce", &["-b", "UPCE", "-d", "0425261"], "COLA"),
    ("itf14", &["-b", "ITF14", "-d", "1001234567890"], "CASE"),
    ("code128", &["-b", "CODE128", "-d", "ABC-00012"], "OWN"),
    ("gs1128", &["-b", "GS1_128", "-d", "[01]09506000134352[10]LOT7[21]S1"], "TEA"),
    ("databar", &["-b", "DBAR_OMN", "-d", "0950600013435"], "TEA"),
    ("datamatrix", &["-b", "DATAMATRIX", "--gs1", "-d", "[01]09506000134352[17]301231[10]AB12[21]S1"], "TEA"),
    ("link", &["-b", "QRCODE", "-d", "https://id.gs1.org/01/09506000134352/10/AB12"], "TEA"),
    ("gs1qr", &["-b", "QRCODE", "--gs1", "-d", "[01]09506000134352[10]AB12"], "TEA"),
];

#[tokio::test]
async fn what_a_printer_prints_and_a_scanner_reads_leads_to_its_item() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scans: Vec<_> = SYMBOLS.iter().map(|symbol| (symbol, scanned(folder.path(), symbol))).collect();
    on_each(async |db| {
        let store = open(db).await;
        let items = [
            ("TEA", "9506000134352"),
            ("GUM", "96385074"),
            ("SOAP", "036000291452"),
            ("COLA", "04252614"),
            ("CASE", "10012345678902"),
            ("OWN", "ABC-00012"),
        ];
        for (sku, code) in items {
            let new = NewItem { barcodes: vec![code.to_owned()], ..item(sku, ItemKind::Stocked) };
            store.inventory.add_item(&store.owner, new).await.expect("the item is added");
        }
        for ((name, _, sku), code) in &scans {
            let found = store.inventory.find_item(&store.owner, code).await.expect("the items can be read");
            assert_eq!(found.map(|found| found.item.sku).as_deref(), Some(*sku), "{name}: {code:?}");
        }
        store.close().await;
    })
    .await;
}

/// Prints a symbol and answers with what a reader makes of it.
fn scanned(folder: &Path, (name, arguments, _): &Symbol) -> String {
    let picture = folder.join(format!("{name}.png"));
    let mut print = Command::new("zint");
    print.args(["--scale=2", "--whitesp=10", "--quietzones", "-o"]).arg(&picture).args(*arguments);
    run(&mut print);
    let mut read = if *name == "datamatrix" {
        let mut read = Command::new("dmtxread");
        // FNC1 as the group separator that scanners send.
        read.args(["-n", "-G", "29"]);
        read
    } else {
        let mut read = Command::new("zbarimg");
        let short = ["-Sean8.enable", "-Supca.enable", "-Supce.enable"];
        read.args(["--quiet", "--raw", "--nodbus"]).args(short);
        read
    };
    let read = run(read.arg(&picture));
    read.strip_suffix('\n').unwrap_or(&read).to_owned()
}

fn run(command: &mut Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let Ok(done) = command.output() else {
        panic!("{program} is missing: `cargo xtask test` installs it, or install zint, zbar-tools and dmtx-utils")
    };
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("codes are text")
}
