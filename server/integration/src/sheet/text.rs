//! Text files: which characters, which separator, and then rows.

use super::table::{Cell, Table, fault};
use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use model::Result;
use std::borrow::Cow;

/// Separators that are looked for, in the order of preference.
const SEPARATORS: [u8; 4] = [b';', b'\t', b',', b'|'];

/// Reads a text file.
pub(super) fn read(file: &[u8]) -> Result<Table> {
    let text = decoded(file);
    let separator = separator(&text);
    let mut records =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let (mut table, mut record, mut row) = (Table::default(), ByteRecord::new(), 0);
    while records
        .read_byte_record(&mut record)
        .map_err(|_| fault("file_unread", "this file cannot be read as a table"))?
    {
        for (column, bytes) in record.iter().enumerate() {
            let text = String::from_utf8_lossy(bytes);
            let cell = if text.is_empty() { Cell::Empty } else { Cell::Text(text.into_owned()) };
            table.put(row, column, cell)?;
        }
        row += 1;
    }
    Ok(table)
}

/// UTF-8, UTF-16 when it says so, else Windows-1252, as older spreadsheets write.
fn decoded(file: &[u8]) -> Cow<'_, str> {
    match file {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        _ => {
            let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
            match std::str::from_utf8(file) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => WINDOWS_1252.decode_without_bom_handling(file).0,
            }
        }
    }
}

/// The separator that stands most often in the first lines, outside of quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [0_u32; SEPARATORS.len()];
    let mut quoted = false;
    for byte in text.bytes().take(16 * 1024) {
        if byte == b'"' {
            quoted = !quoted;
        } else if byte == b'\n' && !quoted && counts.iter().any(|count| *count > 0) {
            break;
        } else if let (false, Some(at)) = (quoted, SEPARATORS.iter().position(|separator| *separator == byte)) {
            counts[at] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let at = counts.iter().position(|count| *count == most).unwrap_or_default();
    if most == 0 { b',' } else { SEPARATORS[at] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &[u8]) -> Vec<Vec<String>> {
        let table = read(file).expect("it is read");
        table.rows.iter().map(|row| row.iter().map(|cell| cell.text().to_owned()).collect()).collect()
    }

    #[test]
    fn each_separator_is_found_and_quotes_hide_theirs() {
        assert_eq!(rows(b"sku;price\nA;2,55\n")[1], ["A", "2,55"]);
        assert_eq!(rows(b"sku\tname\nA\tb, c\n")[1], ["A", "b, c"]);
        assert_eq!(rows(b"\"a;b;c\",d\n1,2\n")[0], ["a;b;c", "d"]);
        assert_eq!(rows(b"only\none\n")[1], ["one"]);
    }

    #[test]
    fn older_spreadsheets_accents_are_read() {
        assert_eq!(rows(b"descripci\xf3n;precio\n")[0][0], "descripción");
        assert_eq!(rows("\u{feff}descripción;precio\n".as_bytes())[0][0], "descripción");
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("ñ;b".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(rows(&wide)[0], ["ñ", "b"]);
    }
}
