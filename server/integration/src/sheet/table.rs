//! A spreadsheet as it was read: rows of cells, within limits.

use super::{book, text};
use model::{Error, Flaw, Result};

/// The largest file, in bytes.
pub(super) const FILE_MAX: usize = 10 * 1024 * 1024;
/// The most rows, columns, and characters in one cell.
pub(super) const ROWS_MAX: usize = 100_001;
pub(super) const COLUMNS_MAX: usize = 200;
pub(super) const CELL_MAX: usize = 10_000;
/// The most cells of all rows together, empty ones included: 200 columns in each of 100 000 rows would fill the memory.
pub(super) const CELLS_MAX: usize = 2_000_000;
/// The most text that all cells together hold, in bytes.
pub(super) const TEXT_MAX: usize = 64 * 1024 * 1024;

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as somebody typed it.
    Text(String),
    /// A number that the spreadsheet knows to be one: with a point, without grouping.
    Number(String),
}

impl Cell {
    /// What stands there.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Number(text) => text,
        }
    }
}

/// A file's rows, each as long as what it holds: whoever wants a cell asks whether it is there.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Vec<Cell>>,
    /// How many the widest row has.
    pub(super) columns: usize,
    cells: usize,
    bytes: usize,
}

impl Table {
    /// Reads a file: XLSX by its first bytes, else text.
    ///
    /// # Errors
    /// `Invalid` when it is too large, cannot be read, or holds nothing.
    pub(crate) fn read(file: &[u8]) -> Result<Self> {
        if file.len() > FILE_MAX {
            return Err(fault("file_size", "choose a file of at most 10 MB"));
        }
        let mut table = if file.starts_with(b"PK\x03\x04") { book::read(file)? } else { text::read(file)? };
        while table.rows.last().is_some_and(|row| row.iter().all(|cell| cell.text().trim().is_empty())) {
            table.rows.pop();
        }
        if table.rows.is_empty() {
            return Err(fault("file_empty", "this file holds no rows"));
        }
        table.columns = table.rows.iter().map(Vec::len).max().unwrap_or_default();
        Ok(table)
    }

    /// Puts a cell at its place, within the limits.
    pub(super) fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<()> {
        if row >= ROWS_MAX || column >= COLUMNS_MAX {
            return Err(fault("file_rows", "one file holds at most 100 000 rows of 200 columns; split it"));
        }
        let length = cell.text().len();
        self.bytes += length + 1;
        if length > CELL_MAX || self.bytes > TEXT_MAX {
            return Err(fault("file_text", "this file holds more text than one import takes; split it"));
        }
        if cell.text().contains('\0') {
            return Err(fault("file_unread", "this file holds characters that are no text"));
        }
        while self.rows.len() <= row {
            self.rows.push(Vec::new());
        }
        let cells = &mut self.rows[row];
        if cell != Cell::Empty && cells.len() <= column {
            self.cells += column + 1 - cells.len();
            if self.cells > CELLS_MAX {
                return Err(fault(
                    "file_cells",
                    "one file holds at most 2 000 000 cells; leave out what is no product",
                ));
            }
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }
}

pub(super) fn fault(code: &str, message: &str) -> Error {
    Flaw::new("file", code, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_empty_is_refused() {
        for file in [&b""[..], b"\n\n", b" , \n", b"PK\x03\x04nothing"] {
            assert!(matches!(Table::read(file), Err(Error::Invalid(_))), "{file:?}");
        }
        assert!(Table::read(&vec![b'a'; FILE_MAX + 1]).is_err());
        assert!(Table::read(",".repeat(10_000).as_bytes()).is_err(), "ten thousand columns");
        assert!(Table::read("a\n".repeat(100_002).as_bytes()).is_err());
        assert!(Table::read(b"name,price\nA\0,2").is_err());
    }

    #[test]
    fn one_wide_row_does_not_widen_the_others() {
        let table = Table::read(b"a,b,c,\n1\n2,3,,,\n\n").expect("it is read");
        let widths: Vec<usize> = table.rows.iter().map(Vec::len).collect();
        assert_eq!((table.columns, widths), (3, vec![3, 1, 2]));
    }

    #[test]
    fn gaps_are_counted_before_they_are_filled() {
        let far = format!("{}x\n", ",".repeat(199));
        assert!(Table::read(far.repeat(10_000).as_bytes()).is_ok());
        assert!(Table::read(far.repeat(10_001).as_bytes()).is_err());
        assert!(Table::read("x,\n".repeat(100_000).as_bytes()).is_ok(), "many short rows");
    }
}
