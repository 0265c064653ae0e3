//! Importing a file in the browser: what it looks like, what its columns mean, and how far the import is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetKind {
    /// Products, one a line.
    Products,
    /// A till's lines: sales, returns and corrections.
    Till,
}

/// What a column of a product file means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Nothing: it is not read.
    #[default]
    Skip,
    /// The stock keeping unit.
    Sku,
    /// The name.
    Name,
    /// One or more barcodes, with spaces between them.
    Barcode,
    /// Price of one.
    Price,
    /// The base unit.
    Unit,
    /// The name of the category.
    Category,
    /// The name of the tax class.
    TaxClass,
    /// The name of the family: of the product that comes in several sizes or colours.
    Family,
    /// What the item is in its family: `Size: L | Colour: Red`.
    Options,
    /// Opening stock.
    Quantity,
    /// The fewest that the store wants.
    Minimum,
    /// The most.
    Maximum,
    /// Archived or not.
    Archived,
}

impl Field {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 14] = [
        Self::Skip,
        Self::Sku,
        Self::Name,
        Self::Barcode,
        Self::Price,
        Self::Unit,
        Self::Category,
        Self::TaxClass,
        Self::Family,
        Self::Options,
        Self::Quantity,
        Self::Minimum,
        Self::Maximum,
        Self::Archived,
    ];

    /// The word in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Sku => "sku",
            Self::Name => "name",
            Self::Barcode => "barcode",
            Self::Price => "price",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::TaxClass => "tax_class",
            Self::Family => "family",
            Self::Options => "options",
            Self::Quantity => "quantity",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Archived => "archived",
        }
    }

    /// The field of that word.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|field| field.name() == name).unwrap_or_default()
    }
}

/// One column as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// What stands above it; its number when there is nothing.
    pub title: String,
    /// What it seems to mean.
    pub guess: Field,
}

/// A file that was read and waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// The import's id.
    pub id: Uuid,
    /// The file's name.
    pub file: String,
    /// What it holds.
    pub kind: SheetKind,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its first 20 rows.
    pub preview: Vec<Vec<String>>,
    /// How many rows there are, the titles left out.
    pub rows: u64,
    /// Whether numbers are written with a decimal comma.
    pub comma: bool,
    /// The journal line from which its progress is listened to.
    pub as_of: i64,
}

/// What the columns mean, as the person left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The store whose stock and limits the file tells.
    pub store: String,
    /// One for each column.
    pub fields: Vec<Field>,
    /// Whether numbers are written with a decimal comma.
    pub comma: bool,
}

/// A row that cannot be taken, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFault {
    /// The row's number as a spreadsheet shows it; the titles are row 1.
    pub row: u64,
    /// The column's title.
    pub column: String,
    /// What stands there.
    pub found: String,
    /// A stable word for what is wrong, which the page translates.
    pub code: String,
    /// What to write instead, or which other row or item is meant; may be empty.
    pub hint: String,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Items that are new.
    pub new: u64,
    /// Known items that would change.
    pub changed: u64,
    /// Known items that are already so.
    pub same: u64,
    /// Items whose opening stock would be booked.
    pub stocked: u64,
    /// Rows that cannot be taken.
    pub wrong: u64,
    /// The first 200 of their faults.
    pub faults: Vec<RowFault>,
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// The file was read; nothing was changed yet.
    #[default]
    Waiting,
    /// It is under way.
    Running,
    /// All of it is in.
    Done,
    /// Somebody stopped it; what was in by then stays.
    Stopped,
    /// It broke off; what was in by then stays.
    Failed,
    /// The server that was at it is gone; what was in by then stays.
    Interrupted,
    /// It is being undone.
    Undoing,
    /// It was undone.
    Undone,
}

impl ImportState {
    /// Somebody is at it.
    #[must_use]
    pub const fn is_moving(self) -> bool {
        matches!(self, Self::Running | Self::Undoing)
    }

    /// It was begun, is over, and can be undone.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Stopped | Self::Failed | Self::Interrupted)
    }
}

/// How far an import is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProgress {
    /// Where it stands.
    pub state: ImportState,
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
    /// Items added so far.
    pub added: u64,
    /// Items changed so far.
    pub changed: u64,
    /// Items whose opening stock was booked so far; for a till's file, documents posted.
    pub stocked: u64,
    /// Why it broke off, in English, with its ticket.
    pub trouble: Option<String>,
    /// It ended before all was in, and can be gone on with.
    #[serde(default)]
    pub resumable: bool,
}
