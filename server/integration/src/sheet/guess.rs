//! What the columns of a file seem to mean: by their titles in English and Spanish, else by what stands in them.

use super::{Cell, Table, number};
use model::{Column, Field, gtin};

/// Rows that are looked at.
const LOOKED_AT: usize = 50;

/// Words of titles; the longest that fits decides.
const WORDS: [(Field, &[&str]); 13] = [
    (
        Field::Sku,
        &[
            "sku",
            "code",
            "item code",
            "product code",
            "item no",
            "stockcode",
            "referencia",
            "ref",
            "codigo",
            "articulo",
            "id",
        ],
    ),
    (
        Field::Name,
        &[
            "name",
            "item name",
            "product",
            "product name",
            "description",
            "title",
            "nombre",
            "producto",
            "descripcion",
            "titulo",
        ],
    ),
    (
        Field::Barcode,
        &["barcode", "barcodes", "ean", "ean13", "gtin", "upc", "codigo de barras", "codigos de barras", "cod barras"],
    ),
    (
        Field::Price,
        &[
            "price",
            "unit price",
            "retail price",
            "selling price",
            "rrp",
            "precio",
            "pvp",
            "precio de venta",
            "precio unitario",
        ],
    ),
    (Field::Unit, &["unit", "unit of measure", "uom", "unidad", "unidad de medida"]),
    (
        Field::Category,
        &[
            "category",
            "product category",
            "department",
            "product type",
            "categoria",
            "departamento",
            "familia",
            "tipo de producto",
        ],
    ),
    (Field::TaxClass, &["tax class", "vat class", "clase de impuesto", "clase de impuestos"]),
    (Field::Family, &["family", "product family", "familia de productos"]),
    (Field::Options, &["options", "variant options", "opciones", "opciones de variante"]),
    (
        Field::Quantity,
        &[
            "quantity",
            "qty",
            "stock",
            "on hand",
            "opening stock",
            "cantidad",
            "existencias",
            "disponible",
            "stock inicial",
        ],
    ),
    (Field::Minimum, &["minimum", "min", "min stock", "reorder level", "reorder point", "minimo", "stock minimo"]),
    (Field::Maximum, &["maximum", "max", "max stock", "maximo", "stock maximo"]),
    (Field::Archived, &["archived", "archivado", "discontinued", "descatalogado"]),
];

/// Whether the first row holds titles: it has no number in it.
pub(super) fn has_titles(table: &Table) -> bool {
    let first = table.rows.first().map(Vec::as_slice).unwrap_or_default();
    table.rows.len() > 1 && !first.iter().any(number::is_number)
        || by_title(first).iter().any(|field| *field != Field::Skip)
}

/// The columns, each with what it seems to mean; no meaning twice.
pub(super) fn columns(table: &Table, titles: bool) -> Vec<Column> {
    let first = table.rows.first().map(Vec::as_slice).unwrap_or_default();
    let mut fields = if titles { by_title(first) } else { Vec::new() };
    fields.resize(table.columns, Field::Skip);
    if fields.iter().all(|field| *field == Field::Skip) || !fields.contains(&Field::Name) {
        by_content(table, titles, &mut fields);
    }
    let name = |at: usize| {
        let title =
            first.get(at).map(|cell| cell.text().trim().chars().take(60).collect::<String>()).unwrap_or_default();
        if titles && !title.is_empty() { title } else { (at + 1).to_string() }
    };
    fields.iter().enumerate().map(|(at, field)| Column { title: name(at), guess: *field }).collect()
}

/// Whether numbers are written with a decimal comma: looked for where numbers are.
pub(super) fn comma(table: &Table, titles: bool, columns: &[Column]) -> bool {
    let numeric = [Field::Price, Field::Quantity, Field::Minimum, Field::Maximum];
    let places: Vec<usize> = (0..columns.len()).filter(|at| numeric.contains(&columns[*at].guess)).collect();
    let rows = table.rows.iter().skip(usize::from(titles)).take(200);
    number::has_comma(rows.flat_map(|row| places.iter().filter_map(|at| row.get(*at))))
}

/// Lower case, without accents and signs.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'ä' => 'a',
        'é' | 'è' | 'ë' => 'e',
        'í' => 'i',
        'ó' | 'ö' => 'o',
        'ú' | 'ü' => 'u',
        c if c.is_alphanumeric() => c,
        _ => ' ',
    };
    let text: String = text.to_lowercase().chars().map(plain).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn by_title(titles: &[Cell]) -> Vec<Field> {
    let mut fields = vec![Field::Skip; titles.len()];
    let titles: Vec<String> = titles.iter().map(|cell| folded(cell.text())).collect();
    // A title that is the word beats one that only holds it: "Code" beats "Code of the supplier".
    let exact = |title: &str, word: &str| title == word;
    let holds = |title: &str, word: &str| word.len() > 2 && format!(" {title} ").contains(&format!(" {word} "));
    for fits in [exact as fn(&str, &str) -> bool, holds as fn(&str, &str) -> bool] {
        for (field, words) in WORDS {
            if fields.contains(&field) {
                continue;
            }
            let found = words.iter().find_map(|word| {
                titles.iter().enumerate().position(|(at, title)| fields[at] == Field::Skip && fits(title, word))
            });
            if let Some(at) = found {
                fields[at] = field;
            }
        }
    }
    fields
}

/// Fills what the titles left open.
fn by_content(table: &Table, titles: bool, fields: &mut [Field]) {
    for at in 0..fields.len() {
        if fields[at] != Field::Skip {
            continue;
        }
        let cells: Vec<&Cell> =
            table.rows.iter().skip(usize::from(titles)).take(LOOKED_AT).filter_map(|row| row.get(at)).collect();
        let guess = content(&cells);
        if !fields.contains(&guess) {
            fields[at] = guess;
        }
    }
}

fn content(cells: &[&Cell]) -> Field {
    let filled: Vec<&str> = cells.iter().map(|cell| cell.text().trim()).filter(|text| !text.is_empty()).collect();
    if filled.is_empty() {
        return Field::Skip;
    }
    let all = |is: &dyn Fn(&str) -> bool| filled.iter().all(|text| is(text));
    let gtin = |text: &str| {
        matches!(text.len(), 8 | 12 | 13 | 14)
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && gtin::wrong_check_digit(text).is_none()
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if all(&gtin) {
        return Field::Barcode;
    }
    if cells.iter().all(|cell| cell.text().trim().is_empty() || number::is_number(cell)) {
        return if all(&digits) { Field::Quantity } else { Field::Price };
    }
    let mut once = filled.clone();
    once.sort_unstable();
    once.dedup();
    let code = |text: &str| !text.contains(' ') && text.chars().count() <= 24;
    if once.len() == filled.len()
        && all(&code)
        && filled.iter().any(|text| text.bytes().any(|byte| byte.is_ascii_digit()))
    {
        return Field::Sku;
    }
    if filled.iter().any(|text| text.contains(' ')) { Field::Name } else { Field::Skip }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(file: &str) -> Vec<Field> {
        let table = Table::read(file.as_bytes()).expect("it is read");
        let titles = has_titles(&table);
        columns(&table, titles).into_iter().map(|column| column.guess).collect()
    }

    #[test]
    fn titles_are_understood_in_two_languages() {
        use Field::{Barcode, Minimum, Name, Price, Quantity, Skip, Sku};
        let english = "SKU,Item Name,EAN,Unit Price,Supplier,Qty,Reorder Level\nA,B,1,2,3,4,5\n";
        assert_eq!(guessed(english), [Sku, Name, Barcode, Price, Skip, Quantity, Minimum]);
        let spanish = "Código;Descripción;Código de barras;P.V.P.;Precio;Existencias;Stock mínimo\nA;B;1;2;3;4;5\n";
        assert_eq!(guessed(spanish), [Sku, Name, Barcode, Skip, Price, Quantity, Minimum]);
    }

    #[test]
    fn families_and_taxes_are_understood_and_a_spanish_familia_is_a_category_as_before() {
        use Field::{Category, Family, Name, Options, Sku, TaxClass};
        let english = "SKU,Name,Category,Tax class,Family,Options\nA,B,C,D,E,Size: S\n";
        assert_eq!(guessed(english), [Sku, Name, Category, TaxClass, Family, Options]);
        let spanish = "Código;Nombre;Familia;Clase de impuesto;Familia de productos;Opciones\nA;B;C;D;E;Talla: S\n";
        assert_eq!(guessed(spanish), [Sku, Name, Category, TaxClass, Family, Options]);
    }

    #[test]
    fn without_titles_the_content_tells() {
        use Field::{Barcode, Name, Price, Quantity, Sku};
        let file = "A-1;Red mug;5012345678900;2,55;12\nA-2;Blue mug;96385074;3,10;4\n";
        assert_eq!(guessed(file), [Sku, Name, Barcode, Price, Quantity]);
    }

    #[test]
    fn rows_that_end_early_are_looked_at_too() {
        use Field::{Name, Price, Skip, Sku};
        assert_eq!(guessed("sku,name\nA\nB,Cup,2.55\nC,Mug,3\n"), [Sku, Name, Skip]);
        assert_eq!(guessed("A-1;Red mug\nA-2;Blue mug;3,10\n"), [Sku, Name, Price]);
    }

    #[test]
    fn a_file_of_one_unknown_column_means_nothing() {
        assert_eq!(guessed("colour\nred\n"), [Field::Skip]);
    }
}
