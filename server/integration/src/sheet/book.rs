//! XLSX workbooks: looked through for bombs before anything is parsed, then read cell by cell.

use super::table::{CELLS_MAX, Cell, Table, fault};
use calamine::{DataRef, Reader, Xlsx};
use model::{Error, Result};
use std::io::{self, Cursor, Read};
use zip::ZipArchive;

/// The most that the whole workbook unpacks to, in bytes.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;
/// The most files inside.
const ENTRIES_MAX: usize = 200;

/// Reads the first sheet that holds anything.
pub(super) fn read(file: &[u8]) -> Result<Table> {
    within_limits(file)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| unreadable())?;
    for name in book.sheet_names().into_iter().take(ENTRIES_MAX) {
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let (mut table, mut seen) = (Table::default(), 0);
        while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
            seen += 1;
            if seen > CELLS_MAX {
                return Err(too_much());
            }
            let (row, column) = cell.get_position();
            let cell = told(cell.get_value());
            if cell != Cell::Empty {
                table.put(row as usize, column as usize, cell)?;
            }
        }
        if !table.rows.is_empty() {
            return Ok(table);
        }
    }
    Err(fault("file_empty", "this file holds no rows"))
}

/// The directory of the archive says how much it unpacks to; because it may lie, the bytes are counted too.
fn within_limits(file: &[u8]) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| unreadable())?;
    if archive.len() > ENTRIES_MAX {
        return Err(too_much());
    }
    let (mut said, mut left) = (0_u64, UNPACKED_MAX);
    for at in 0..archive.len() {
        said = said.saturating_add(archive.by_index_raw(at).map_err(|_| unreadable())?.size());
        if said > UNPACKED_MAX {
            return Err(too_much());
        }
    }
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| unreadable())?;
        let unpacked = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|_| unreadable())?;
        left = left.checked_sub(unpacked).ok_or_else(too_much)?;
    }
    Ok(())
}

fn told(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty | DataRef::Error(_) => Cell::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Int(number) => Cell::Number(number.to_string()),
        // A workbook's number is a float already; its shortest writing is what was typed.
        DataRef::Float(number) => Cell::Number(number.to_string()),
        DataRef::Bool(yes) => Cell::Text(if *yes { "yes" } else { "no" }.to_owned()),
        DataRef::DateTime(date) => Cell::Number(date.as_f64().to_string()),
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn unreadable() -> Error {
    fault("file_unread", "this workbook cannot be read; save it again as .xlsx or .csv")
}

fn too_much() -> Error {
    fault("file_unpacked", "this workbook unpacks to more than 64 MB; save only the sheet with the products")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn archive(entries: usize, size: usize) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..entries {
            writer.start_file(format!("{at}.xml"), SimpleFileOptions::default()).expect("a file");
            writer.write_all(&vec![b' '; size]).expect("it is written");
        }
        writer.finish().expect("it is closed").into_inner()
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_parsed() {
        let bomb = archive(2, 40 * 1024 * 1024);
        assert!(bomb.len() < 200 * 1024, "it is small while it is packed");
        assert_eq!(read(&bomb).map(|_| ()), Err(too_much()));
        assert_eq!(read(&archive(201, 1)).map(|_| ()), Err(too_much()));
    }

    #[test]
    fn a_directory_that_lies_about_the_size_does_not_help() {
        let mut bomb = archive(1, 70 * 1024 * 1024);
        let size = (70_u32 * 1024 * 1024).to_le_bytes();
        let places: Vec<usize> =
            bomb.windows(4).enumerate().filter(|(_, four)| *four == size).map(|(at, _)| at).collect();
        assert!(!places.is_empty());
        for at in places {
            bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
        assert!(read(&bomb).is_err());
    }

    #[test]
    fn a_cell_far_away_does_not_fill_the_memory() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write_string(1_048_575, 16_383, "x").expect("written");
        assert!(read(&book.save_to_buffer().expect("saved")).is_err());
    }

    #[test]
    fn a_cell_far_to_the_right_in_each_row_does_not_either() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for row in 0..10_001 {
            sheet.write_number(row, 199, 1).expect("written");
        }
        assert!(read(&book.save_to_buffer().expect("saved")).is_err());
    }

    #[test]
    fn numbers_stay_what_was_typed() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_number(0, 0, 2.55).expect("written");
        sheet.write_number(0, 1, 5_012_345_678_900_f64).expect("written");
        sheet.write_string(0, 2, "00123").expect("written");
        let table = read(&book.save_to_buffer().expect("saved")).expect("read");
        let texts: Vec<_> = table.rows[0].iter().map(Cell::text).collect();
        assert_eq!(texts, ["2.55", "5012345678900", "00123"]);
    }
}
