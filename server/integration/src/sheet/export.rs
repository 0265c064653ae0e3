//! Lists as files: CSV and XLSX, in which no text is ever taken for a formula.

use super::job::aside;
use super::options;
use crate::Integration;
use model::{Actor, Error, GridQuery, Language, ProductQuery, ProductRow, Quantity, Result, StockRow, Ticket};
use tokio::sync::OwnedSemaphorePermit;

/// Signs at which a spreadsheet starts to calculate, or that it drops before it looks; the wide ones too.
const TRIGGERS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];
/// Signs that end a cell for one spreadsheet or another, however they are quoted: it splits at the separator of its own
/// language, and then a quote in the middle of a line is a sign like any other.
const ENDS: [char; 6] = [',', ';', '\t', '|', '\r', '\n'];

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text: commas and points in English, semicolons and decimal commas in Spanish, as their spreadsheets expect.
    Csv,
    /// A workbook.
    Xlsx,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number, with a point.
    Number(String),
}

/// A table to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// What stands above the columns.
    pub titles: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

impl Integration {
    /// The products that a list shows, as a file; at most 100 000.
    pub async fn export_products(
        &self,
        actor: &Actor,
        query: &ProductQuery,
        format: Format,
        language: Language,
    ) -> Result<Vec<u8>> {
        let desk = self.desks.desk().await?;
        let rows = self.inventory.all_products(actor, query).await?;
        written(desk, Sheet::products(rows, language), format, language).await
    }

    /// What the stock grid shows, as a file; at most 100 000 rows.
    pub async fn export_stock(
        &self,
        actor: &Actor,
        query: &GridQuery,
        format: Format,
        language: Language,
    ) -> Result<Vec<u8>> {
        let desk = self.desks.desk().await?;
        let rows = self.inventory.whole_grid(actor, query).await?;
        written(desk, Sheet::stock(rows, language), format, language).await
    }
}

async fn written(desk: OwnedSemaphorePermit, sheet: Sheet, format: Format, language: Language) -> Result<Vec<u8>> {
    let write = move || match format {
        Format::Csv => sheet.csv(language),
        Format::Xlsx => sheet.xlsx(),
    };
    aside(desk, write).await?.ok_or_else(|| {
        let ticket = uuid::Uuid::now_v7().to_string();
        tracing::error!(ticket, "a list cannot be written as a file");
        Error::Internal(Ticket(ticket))
    })
}

impl Sheet {
    /// The product list. Read back as an import it changes nothing.
    #[must_use]
    pub fn products(rows: Vec<ProductRow>, language: Language) -> Self {
        let english = [
            "SKU",
            "Name",
            "Barcodes",
            "Price",
            "Unit",
            "Category",
            "Tax class",
            "Family",
            "Options",
            "On hand",
            "Minimum",
            "Maximum",
            "Archived",
        ];
        let spanish = [
            "Código",
            "Nombre",
            "Códigos de barras",
            "Precio",
            "Unidad",
            "Categoría",
            "Clase de impuesto",
            "Familia de productos",
            "Opciones",
            "Existencias",
            "Mínimo",
            "Máximo",
            "Archivado",
        ];
        let [yes, no] = if language == Language::English { ["yes", "no"] } else { ["sí", "no"] };
        let row = |row: ProductRow| {
            let told = row.family.as_ref().map(|family| options::written(&family.options));
            vec![
                text(row.sku),
                text(row.name),
                text(row.barcodes),
                number(row.price),
                text(row.unit),
                text(row.category.unwrap_or_default()),
                text(row.tax_class.unwrap_or_default()),
                text(row.family.map(|family| family.name).unwrap_or_default()),
                text(told.unwrap_or_default()),
                number(Some(row.on_hand)),
                number(row.minimum),
                number(row.maximum),
                text(if row.archived { yes } else { no }.to_owned()),
            ]
        };
        let titles = if language == Language::English { english } else { spanish };
        Self { titles: titles.to_vec(), rows: rows.into_iter().map(row).collect() }
    }

    /// The stock grid.
    #[must_use]
    pub fn stock(rows: Vec<StockRow>, language: Language) -> Self {
        let english = ["SKU", "Name", "On hand", "Reserved", "Available", "To come", "In the end", "Price", "Unit"];
        let spanish =
            ["Código", "Nombre", "Existencias", "Reservado", "Disponible", "En camino", "Al final", "Precio", "Unidad"];
        let row = |row: StockRow| {
            // Nothing is there of a kit: read as a count, none would be counted.
            let there = |figure: Quantity| row.kit.is_none().then_some(figure);
            let figures = [there(row.on_hand), there(row.reserved), Some(row.available)];
            let to_come = [there(row.incoming), there(row.projected)];
            let figures: Vec<Value> = figures.into_iter().chain(to_come).map(number).collect();
            let words = [text(row.sku), text(row.name)];
            words.into_iter().chain(figures).chain([number(row.price), text(row.unit)]).collect()
        };
        let titles = if language == Language::English { english } else { spanish };
        Self { titles: titles.to_vec(), rows: rows.into_iter().map(row).collect() }
    }

    /// As CSV (RFC 4180) with a mark that says UTF-8.
    #[must_use]
    pub fn csv(&self, language: Language) -> Option<Vec<u8>> {
        let spanish = language == Language::Spanish;
        let mut file = b"\xef\xbb\xbf".to_vec();
        let mut writer = csv::WriterBuilder::new()
            .delimiter(if spanish { b';' } else { b',' })
            .terminator(csv::Terminator::CRLF)
            .from_writer(&mut file);
        writer.write_record(&self.titles).ok()?;
        for row in &self.rows {
            let cells = row.iter().map(|value| match value {
                Value::Empty => String::new(),
                Value::Text(text) => guarded(text),
                Value::Number(number) if spanish => number.replace('.', ","),
                Value::Number(number) => number.clone(),
            });
            writer.write_record(cells).ok()?;
        }
        writer.flush().ok()?;
        drop(writer);
        Some(file)
    }

    /// As a workbook: words in text cells, numbers in number cells, no formula anywhere.
    #[must_use]
    pub fn xlsx(&self) -> Option<Vec<u8>> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        for (column, title) in self.titles.iter().enumerate() {
            page.write_string(0, u16::try_from(column).ok()?, *title).ok()?;
        }
        for (row, cells) in self.rows.iter().enumerate() {
            let row = u32::try_from(row + 1).ok()?;
            for (column, value) in cells.iter().enumerate() {
                let column = u16::try_from(column).ok()?;
                match value {
                    Value::Empty => {}
                    Value::Text(text) => drop(page.write_string(row, column, guarded(text)).ok()?),
                    Value::Number(number) => put_number(page, row, column, number)?,
                }
            }
        }
        book.save_to_buffer().ok()
    }
}

/// A workbook's numbers are floats: a number that would not come back as it was written is written as text.
fn put_number(page: &mut rust_xlsxwriter::Worksheet, row: u32, column: u16, number: &str) -> Option<()> {
    let float: f64 = number.parse().ok()?;
    let short = |text: &str| text.trim_end_matches('0').trim_end_matches('.').to_owned();
    let same = if number.contains('.') { float.to_string() == short(number) } else { float.to_string() == number };
    if same {
        page.write_number(row, column, float).ok()?;
    } else {
        page.write_string(row, column, number).ok()?;
    }
    Some(())
}

fn text(text: String) -> Value {
    if text.is_empty() { Value::Empty } else { Value::Text(text) }
}

fn number<T: ToString>(number: Option<T>) -> Value {
    number.map_or(Value::Empty, |number| Value::Number(number.to_string()))
}

/// Text that a spreadsheet would calculate gets an apostrophe in front, wherever a cell may begin; so does text that would
/// lose one when read.
fn guarded(text: &str) -> String {
    let (mut safe, mut begins) = (String::with_capacity(text.len() + 1), true);
    for (at, sign) in text.char_indices() {
        if begins && is_risky(&text[at..]) {
            safe.push('\'');
        }
        safe.push(sign);
        begins = ENDS.contains(&sign);
    }
    safe
}

/// The text before it was guarded.
pub(super) fn unguarded(text: &str) -> String {
    let mut begins = true;
    let kept = |(at, sign): &(usize, char)| {
        let guard = begins && *sign == '\'' && is_risky(&text[at + 1..]);
        begins = ENDS.contains(sign);
        !guard
    };
    text.char_indices().filter(kept).map(|(_, sign)| sign).collect()
}

/// Whether it would be calculated once the quotes in front are gone.
fn is_risky(text: &str) -> bool {
    calculates(text.trim_start_matches(['\'', '"']))
}

fn calculates(text: &str) -> bool {
    text.starts_with(TRIGGERS)
}

#[cfg(test)]
mod tests {
    use super::super::{Table, guess, rows};
    use super::*;
    use model::{ItemId, ItemKind, Mapping, Money};
    use proptest::prelude::*;

    fn row(sku: String, name: String, price: i64, minimum: i64) -> ProductRow {
        ProductRow {
            item: ItemId::new(),
            sku,
            name,
            unit: "piece".into(),
            price: Some(Money::from_parts(price)),
            kind: ItemKind::Stocked,
            version: 1,
            archived: false,
            image: None,
            category: Some("Tea".into()),
            barcodes: "5012345678900 96385074".into(),
            on_hand: Quantity::from_parts(-minimum),
            kit: None,
            minimum: Some(Quantity::from_parts(minimum)),
            maximum: None,
            tax_class: Some("Reduced".into()),
            family: None,
        }
    }

    /// SKU, name, price, quantity and minimum.
    type Told = (String, String, Option<Money>, Option<Quantity>, Option<Quantity>);

    /// Reads a file as an import would, columns guessed.
    fn back(file: &[u8]) -> Vec<Told> {
        let table = Table::read(file).expect("it is read");
        let titles = guess::has_titles(&table);
        let columns = guess::columns(&table, titles);
        let fields = columns.iter().map(|column| column.guess).collect();
        let comma = guess::comma(&table, titles, &columns);
        let read = rows::read(&table, &columns, titles, &Mapping { store: "LON".into(), fields, comma });
        assert_eq!(read.faults, []);
        let told = |row: rows::Row| (row.sku, row.name.unwrap_or_default(), row.price, row.quantity, row.minimum);
        read.rows.into_iter().map(told).collect()
    }

    #[test]
    fn nothing_is_calculated_and_a_negative_number_stays_one() {
        let sheet = Sheet::products(vec![row("A".into(), "=1+2".into(), 2_550_000, 300_000)], Language::English);
        let text = String::from_utf8(sheet.csv(Language::English).expect("written")).expect("utf-8");
        assert!(!text.contains(",=1+2,") && text.contains("'=1+2") && text.contains(",-3,"), "{text}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_exported_reads_back_the_same(
            sku in "[A-Z0-9=@+'-][A-Za-z0-9=+@'\"/;,.-]{0,12}[A-Z0-9]",
            name in "[=+@'\"A-Za-zñé－＝-][A-Za-z0-9 ,;\"'=+@ñé-]{0,20}[a-z]",
            price in 0_i64..1_000_000_000_000, minimum in 0_i64..100_000_000
        ) {
            for language in [Language::English, Language::Spanish] {
                let sheet = Sheet::products(vec![row(sku.clone(), name.clone(), price, minimum)], language);
                for file in [sheet.csv(language).expect("written"), sheet.xlsx().expect("written")] {
                    let expected = (
                        sku.clone(), name.clone(), Some(Money::from_parts(price)),
                        Some(Quantity::from_parts(-minimum)), Some(Quantity::from_parts(minimum)),
                    );
                    prop_assert_eq!(back(&file), vec![expected]);
                }
            }
        }

        #[test]
        fn nothing_is_calculated_whichever_separator_a_spreadsheet_splits_at(
            name in "[-=+@'\",;|\t\na]{1,8}", language in prop::sample::select(vec![Language::English, Language::Spanish])
        ) {
            let sheet = Sheet::products(vec![row("A".into(), name, 0, 0)], language);
            let file = sheet.csv(language).expect("written");
            for separator in *b",;\t|" {
                let mut read = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(&file[..]);
                for record in read.records() {
                    let record = record.expect("a row");
                    prop_assert!(!record.iter().any(calculates), "{record:?}");
                }
            }
        }

        #[test]
        fn a_guard_comes_off_again(text in "['\"=+@a;,\t-]{0,8}") {
            let safe = guarded(&text);
            prop_assert_eq!(unguarded(&safe), text.as_str());
            prop_assert!(!calculates(&safe));
        }
    }
}
