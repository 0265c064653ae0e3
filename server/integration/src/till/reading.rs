//! Till files read whole, before anything is posted: documents and the items that they name.

use super::line::{COLUMNS, Clock, LeftOut, Line, LineKind, Verdict, is_service};
use super::source::Source;
use super::summary::Figures;
use csv::{ByteRecord, ReaderBuilder};
use model::{Error, Flaw, Money, Quantity, Result, Time};
use std::collections::{BTreeMap, HashMap};

/// The most lines that one import reads.
const LINES_MAX: u64 = 2_000_000;

/// Everything that the files say.
#[derive(Default)]
pub(crate) struct Reading {
    /// Lines read, headers not counted.
    pub lines: u64,
    pub items: Vec<SeenItem>,
    pub documents: Vec<SeenDocument>,
    pub figures: BTreeMap<LineKind, Figures>,
    pub left_out: BTreeMap<LeftOut, u64>,
    /// SHA-256 of each file, in hexadecimal.
    pub sha256: Vec<String>,
    codes: HashMap<String, usize>,
    known: HashMap<(String, LineKind), usize>,
}

/// An item as the files show it.
pub(crate) struct SeenItem {
    pub code: String,
    pub is_service: bool,
    /// The first description on a sale or return, which names the goods; on an adjustment it says what befell them.
    pub name: Option<String>,
    /// The first description of any line.
    pub remark: Option<String>,
    /// The first price above zero.
    pub price: Option<Money>,
}

/// All lines of one kind on one invoice.
pub(crate) struct SeenDocument {
    pub invoice: String,
    pub kind: LineKind,
    /// The time of its first line.
    pub at: Time,
    pub lines: Vec<SeenLine>,
}

/// One line: which item, how many (with the file's sign), at what price, and for adjustments why.
pub(crate) struct SeenLine {
    pub item: usize,
    pub quantity: Quantity,
    pub price: Money,
    pub reason: Option<String>,
}

impl Reading {
    /// Reads them all, then puts the documents into the order of time.
    pub(crate) fn of(sources: Vec<Source>) -> Result<Self> {
        let mut reading = Self::default();
        for source in sources {
            reading.read(source)?;
        }
        reading.known = HashMap::new();
        reading.documents.sort_by(|a, b| (a.at, &a.invoice, a.kind).cmp(&(b.at, &b.invoice, b.kind)));
        Ok(reading)
    }

    fn read(&mut self, source: Source) -> Result<()> {
        let name = source.name.clone();
        let (bytes, fingerprint) =
            source.unpacked().map_err(|cause| flaw(&name, 1, Flaw::new("", "unreadable", cause.to_string())))?;
        let mut records = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut clock = Clock::london()
            .ok_or_else(|| flaw(&name, 0, Flaw::new("", "time_zone", "Europe/London is unknown here")))?;
        let mut record = ByteRecord::new();
        let mut last = 0;
        loop {
            let more = records.read_byte_record(&mut record);
            let more = more.map_err(|cause| flaw(&name, last + 1, Flaw::new("", "unreadable", cause.to_string())))?;
            if !more {
                break;
            }
            last = record.position().map_or(last + 1, csv::Position::line);
            self.record(&mut clock, &record, last == 1).map_err(|wrong| flaw(&name, last, wrong))?;
        }
        if last == 0 {
            return Err(flaw(&name, 1, Flaw::new("", "not_a_till_file", "it is empty")));
        }
        self.sha256.push(fingerprint.hex());
        Ok(())
    }

    fn record(&mut self, clock: &mut Clock, record: &ByteRecord, is_first: bool) -> Result<(), Flaw> {
        if is_first {
            return is_header(record);
        }
        self.lines += 1;
        if self.lines > LINES_MAX {
            return Err(Flaw::new("", "too_long", "one import reads at most 2 000 000 lines; split it"));
        }
        let line = clock.line(record)?;
        match line.verdict {
            Verdict::Leave(why) => *self.left_out.entry(why).or_default() += 1,
            Verdict::Post(kind) => self.keep(kind, line)?,
        }
        Ok(())
    }

    fn keep(&mut self, kind: LineKind, line: Line) -> Result<(), Flaw> {
        let item = self.item(kind, &line);
        let is_service = self.items[item].is_service;
        self.figures.entry(kind).or_default().add(line.quantity, line.price, is_service)?;
        let at = self.document(kind, &line);
        let reason = (kind == LineKind::Adjustment).then_some(line.description).filter(|text| !text.is_empty());
        let seen = SeenLine { item, quantity: line.quantity, price: line.price, reason };
        self.documents[at].lines.push(seen);
        Ok(())
    }

    fn item(&mut self, kind: LineKind, line: &Line) -> usize {
        let at = self.codes.get(&line.code).copied().unwrap_or_else(|| {
            let code = line.code.clone();
            self.codes.insert(code.clone(), self.items.len());
            let is_service = is_service(&code);
            self.items.push(SeenItem { code, is_service, name: None, remark: None, price: None });
            self.items.len() - 1
        });
        let item = &mut self.items[at];
        let description = Some(&line.description).filter(|text| !text.is_empty());
        if kind != LineKind::Adjustment && item.name.is_none() {
            item.name = description.cloned();
        }
        if item.remark.is_none() {
            item.remark = description.cloned();
        }
        if item.price.is_none() && line.price > Money::ZERO {
            item.price = Some(line.price);
        }
        at
    }

    fn document(&mut self, kind: LineKind, line: &Line) -> usize {
        let latest = self.documents.len().wrapping_sub(1);
        if self.documents.get(latest).is_some_and(|last| last.kind == kind && last.invoice == line.invoice) {
            return latest;
        }
        *self.known.entry((line.invoice.clone(), kind)).or_insert_with(|| {
            self.documents.push(SeenDocument { invoice: line.invoice.clone(), kind, at: line.at, lines: Vec::new() });
            self.figures.entry(kind).or_default().documents += 1;
            self.documents.len() - 1
        })
    }
}

fn is_header(record: &ByteRecord) -> Result<(), Flaw> {
    let first = record.get(0).unwrap_or_default();
    let fits = record.len() == COLUMNS.len()
        && first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).eq_ignore_ascii_case(COLUMNS[0].as_bytes())
        && record
            .iter()
            .zip(COLUMNS)
            .skip(1)
            .all(|(field, column)| field.trim_ascii().eq_ignore_ascii_case(column.as_bytes()));
    let needed = || format!("this is not a till's file: its first line must be {}", COLUMNS.join(","));
    if fits { Ok(()) } else { Err(Flaw::new("", "not_a_till_file", needed())) }
}

/// The flaw, with the file and the line before the column.
fn flaw(file: &str, line: u64, wrong: Flaw) -> Error {
    let Flaw { field, code, message } = wrong;
    let place = if field.is_empty() { format!("{file}:{line}") } else { format!("{file}:{line}:{field}") };
    Flaw { field: place, code, message }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn read(text: impl Into<Vec<u8>>) -> Result<Reading> {
        Reading::of(vec![Source::bytes("till.csv", text.into())])
    }

    fn wrong(text: impl Into<Vec<u8>>) -> (String, String) {
        match read(text) {
            Err(Error::Invalid(flaws)) => (flaws[0].field.clone(), flaws[0].code.clone()),
            Err(other) => panic!("another error: {other}"),
            Ok(_) => panic!("it was read"),
        }
    }

    fn packed(text: &str) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text.as_bytes()).expect("memory takes it");
        gzip.finish().expect("memory takes it")
    }

    fn sound() -> String {
        format!(
            "{HEADER}536366,22633,damaged,-2,2010-12-01 09:00:00,0.0,,United Kingdom\n\
             536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n\
             536365,22633,\"HAND WARMER, RED\",6,2010-12-01 08:26:00,1.855,17850.0,United Kingdom\n\
             536365,85123A,WHITE HEART,2,2010-12-01 08:27:00,2.95,17850.0,United Kingdom\n\
             C536379,POST,POSTAGE,-1,2010-12-01 09:41:00,18.0,14527.0,United Kingdom\n"
        )
    }

    #[test]
    fn plain_and_packed_read_alike() {
        for bytes in [sound().into_bytes(), packed(&sound())] {
            let reading = read(bytes).expect("it is sound");
            let seen: Vec<_> = reading.documents.iter().map(|d| (d.invoice.as_str(), d.kind, d.lines.len())).collect();
            use LineKind::{Adjustment, Return, Sale};
            assert_eq!(seen, [("536365", Sale, 3), ("536366", Adjustment, 1), ("C536379", Return, 1)]);
            assert_eq!(reading.figures[&Sale].value.to_string(), "32.33");
        }
    }

    #[test]
    fn an_item_is_named_by_what_was_sold_and_not_by_what_befell_it() {
        let reading = read(sound()).expect("it is sound");
        let warmer = reading.items.iter().find(|item| item.code == "22633").expect("it was seen");
        assert_eq!(warmer.name.as_deref(), Some("HAND WARMER, RED"));
        assert_eq!(warmer.price, Some(Money::from_parts(1_855_000)));
        assert!(!warmer.is_service);
    }

    #[test]
    fn what_is_not_a_tills_file_is_told_with_its_line() {
        let not_one = |text: &str| assert_eq!(wrong(text), ("till.csv:1".into(), "not_a_till_file".into()), "{text:?}");
        for text in ["", "hello\n", "a,b,c,d,e,f,g,h\n", "\u{0}\u{1}\u{2}", "<html>\n<p>no</p>"] {
            not_one(text);
        }
        assert_eq!(wrong(sound() + "1,2,3,4\n"), ("till.csv:7".into(), "columns".into()));
        assert_eq!(wrong(sound() + "1,22633,x,six,2010-12-01 08:26:00,1,,UK\n").0, "till.csv:7:Quantity");
        assert_eq!(wrong(sound() + "1,22633,x,6,2010-12-01 08:26:00,1,,\"UK\n1,1,1,1,1,1,1,1\n").1, "unbalanced_quote");
    }

    #[test]
    fn a_cut_or_altered_gzip_is_not_half_read() {
        let whole = packed(&sound());
        assert_eq!(wrong(&whole[..whole.len() - 9]).1, "unreadable");
        let mut altered = whole.clone();
        let at = altered.len() - 6;
        altered[at] ^= 1;
        assert_eq!(wrong(altered).1, "unreadable");
    }

    /// Where the whole data is at hand: `STOREROOM_TILL_DATA`, or beside the project.
    #[test]
    fn six_months_have_the_totals_that_their_readme_states() {
        let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/online-retail");
        let folder = std::env::var_os("STOREROOM_TILL_DATA").unwrap_or_else(|| beside.into());
        let Ok(files) = std::fs::read_dir(&folder) else { return eprintln!("the whole data is not at hand") };
        let paths =
            files.map(|file| file.expect("a file").path()).filter(|path| path.extension().is_some_and(|e| e == "gz"));
        let reading =
            Reading::of(paths.map(|path| Source::open(&path).expect("it opens")).collect()).expect("it is sound");
        let figures = |kind| {
            let Figures { lines, documents, units, value, .. } = &reading.figures[&kind];
            (*lines, *documents, *units, value.to_string())
        };
        let units = Quantity::whole;
        assert_eq!(figures(LineKind::Sale), (203_967, 8_127, units(2_112_866), "4064726.591".to_owned()));
        assert_eq!(figures(LineKind::Return), (3_783, 1_677, units(-123_666), "-357898.95".to_owned()));
        let (lines, documents, moved, _) = figures(LineKind::Adjustment);
        assert_eq!((lines, documents, moved), (1_279, 996, units(-38_656)));
        assert!(reading.documents.is_sorted_by_key(|document| document.at));
    }
}
