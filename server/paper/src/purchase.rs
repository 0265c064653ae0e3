//! A purchase order as a supplier gets it.

use crate::face::Line;
use crate::sheet::{About, MARGIN, Sheet, Style, height};
use crate::words::Words;
use model::{Language, Purchase, PurchaseLine, PurchaseState, Quantity, Store};

const A4: (f32, f32) = (595.28, 841.89);
const LETTER: (f32, f32) = (612.0, 792.0);
/// Currencies of the countries that print on Letter.
const ON_LETTER: [&str; 3] = ["USD", "CAD", "MXN"];

const TITLE: Style = Style { size: 20.0, bold: true, grey: false };
const STRONG: Style = Style { size: 10.5, bold: true, grey: false };
const PLAIN: Style = Style { size: 9.0, bold: false, grey: false };
const SMALL: Style = Style { size: 7.5, bold: false, grey: true };
const LABEL: Style = Style { size: 8.0, bold: false, grey: true };
const HEAD: Style = Style { size: 8.0, bold: true, grey: false };

/// Between two columns.
const GAP: f32 = 10.0;
/// How wide the columns are that do not take what is left.
const CODE: f32 = 82.0;
const QUANTITY: f32 = 62.0;
const COST: f32 = 66.0;
const VALUE: f32 = 76.0;
/// Above and below a row's text.
const PAD: f32 = 5.0;
/// What the total takes, which never stands on a page without a line.
const TOTAL: f32 = 34.0;

/// Units that are plain without being named.
const PLAIN_UNITS: [&str; 4] = ["piece", "pieces", "pc", "each"];

/// The order as a PDF file, with the words of that language; on Letter where the currency says so, else on A4. What
/// arrived without being ordered is not in it. One that is not to be delivered (yet) says so beneath its title.
///
/// # Errors
/// In words, when the fonts cannot be read or the library refuses: a fault of the program, not of the order.
pub fn purchase(order: &Purchase, store: &Store, language: Language) -> Result<Vec<u8>, String> {
    let size = if ON_LETTER.contains(&order.currency.as_str()) { LETTER } else { A4 };
    let sheet = Sheet::open(size).ok_or("the fonts cannot be read")?;
    let lines: Vec<&PurchaseLine> = order.lines.iter().filter(|line| line.ordered > Quantity::ZERO).collect();
    let code = if lines.iter().any(|line| !line.code.is_empty()) { CODE + GAP } else { 0.0 };
    let mut paper = Paper { words: Words::of(language)?, sheet, order, store, language, code };
    paper.top();
    paper.note();
    paper.titles();
    for (at, line) in (1..).zip(&lines) {
        paper.row(line, at == lines.len());
    }
    paper.total();
    let Paper { words, sheet, .. } = paper;
    let title = format!("{} {}", words.paper, order.number);
    let foot = format!("{} · {}", store.name, order.number);
    let about = About { title, language: language.code(), day: &order.issued_on };
    sheet.written(&about, &foot, |page, pages| words.page(page, pages))
}

struct Paper<'a> {
    words: Words,
    sheet: Sheet,
    order: &'a Purchase,
    store: &'a Store,
    language: Language,
    /// How much the supplier's codes take of a row, with the gap behind them: nothing when there are none.
    code: f32,
}

impl Paper<'_> {
    /// What the paper is, to whom, from whom, and when.
    fn top(&mut self) {
        let (order, right) = (self.order, self.sheet.right());
        let title = self.line(&self.words.paper, TITLE);
        let room = right - MARGIN - title.width(TITLE.size) - GAP;
        self.sheet.put(MARGIN, self.sheet.y, title, TITLE);
        self.sheet.put_right(right, self.sheet.y, room, &order.number, TITLE);
        self.sheet.y += 32.0;
        self.state();
        self.sheet.rule(self.sheet.y, 1.2, 0);
        self.sheet.y += 14.0;
        let width = (right - MARGIN - 2.0 * GAP) / 3.0;
        let column = |at: f32| MARGIN + at * (width + GAP);
        let supplier = &order.supplier;
        let to =
            self.party(column(0.0), width, &self.words.to.clone(), &supplier.name, &[&supplier.email, &supplier.phone]);
        let from = self.party(column(1.0), width, &self.words.from.clone(), &self.store.name, &[&self.store.code]);
        let days = self.facts(column(2.0), width);
        self.sheet.y += to.max(from).max(days) + 12.0;
    }

    /// An order that nobody is to deliver (yet) says so.
    fn state(&mut self) {
        use PurchaseState::{Cancelled, Draft, Rejected, Submitted};
        if !matches!(self.order.state, Draft | Submitted | Rejected | Cancelled) {
            return;
        }
        let line = self.line(self.words.state(self.order.state), STRONG);
        let width = line.width(STRONG.size) + 16.0;
        self.sheet.bar(MARGIN, self.sheet.y, width, 20.0, 225);
        self.sheet.put(MARGIN + 8.0, self.sheet.y + 3.0, line, STRONG);
        self.sheet.y += 30.0;
    }

    /// A name with what is known of it; tells how high it is.
    fn party(&mut self, x: f32, width: f32, label: &str, name: &str, facts: &[&str]) -> f32 {
        let mut y = self.sheet.y;
        for (text, style) in [(label, LABEL), (name, STRONG)].into_iter().chain(facts.iter().map(|fact| (*fact, PLAIN)))
        {
            y += self.sheet.put_all(x, y, self.lines(text, style, width), style);
        }
        y - self.sheet.y
    }

    /// The days, and the supplier's own number; tells how high they are.
    fn facts(&mut self, x: f32, width: f32) -> f32 {
        let order = self.order;
        let words = [self.words.date.clone(), self.words.due_on.clone(), self.words.your_number().to_owned()];
        let told = [Some(order.issued_on.as_str()), order.due_on.as_deref(), order.reference.as_deref()];
        let indent = words.iter().map(|word| self.line(word, LABEL).width(LABEL.size)).fold(0.0, f32::max) + GAP;
        let mut y = self.sheet.y;
        for (word, fact) in words.iter().zip(told) {
            let Some(fact) = fact.filter(|fact| !fact.is_empty()) else { continue };
            // Both stand on one foot.
            self.sheet.put(x, y + 1.0, self.line(word, LABEL), LABEL);
            y += self.sheet.put_all(x + indent, y, self.lines(fact, PLAIN, width - indent), PLAIN) + 3.0;
        }
        y - self.sheet.y
    }

    /// A word to the supplier; it may be longer than a page.
    fn note(&mut self) {
        let Some(note) = self.order.note.as_deref().filter(|note| !note.trim().is_empty()) else { return };
        let width = self.sheet.right() - MARGIN;
        let label = self.line(self.words.note(), LABEL);
        self.sheet.put(MARGIN, self.sheet.y, label, LABEL);
        self.sheet.y += height(1, LABEL);
        let lines: Vec<Line> = note.lines().flat_map(|line| self.lines(line, PLAIN, width)).collect();
        for line in lines {
            self.room(height(1, PLAIN), false);
            self.sheet.put(MARGIN, self.sheet.y, line, PLAIN);
            self.sheet.y += height(1, PLAIN);
        }
        self.sheet.y += 12.0;
    }

    /// Goes on to the next page when there is no room for that, with the columns' titles where rows follow.
    fn room(&mut self, height: f32, rows: bool) {
        if self.sheet.has_room(height) {
            return;
        }
        self.sheet.next_page();
        let (number, right) = (format!("{} {}", self.words.paper, self.order.number), self.sheet.right());
        let number = self.line(&number, HEAD);
        let room = right - MARGIN - number.width(HEAD.size) - GAP;
        let supplier = self.sheet.face(LABEL).short(&self.order.supplier.name, LABEL.size, room);
        self.sheet.put(right - supplier.width(LABEL.size), self.sheet.y, supplier, LABEL);
        self.sheet.put(MARGIN, self.sheet.y, number, HEAD);
        self.sheet.y += 24.0;
        if rows {
            self.titles();
        }
    }

    /// The right edges of quantity, cost and value.
    fn edges(&self) -> [f32; 3] {
        let right = self.sheet.right();
        [right - VALUE - COST - 2.0 * GAP, right - VALUE - GAP, right]
    }

    fn titles(&mut self) {
        self.room(60.0, false);
        let (y, [quantity, cost, value]) = (self.sheet.y, self.edges());
        let with = |word: &str| format!("{word} ({})", self.order.currency);
        let heads = [self.words.quantity.clone(), with(&self.words.cost), with(&self.words.value)];
        if self.code > 0.0 {
            self.sheet.put(MARGIN, y, self.line(&self.words.code, HEAD), HEAD);
        }
        self.sheet.put(MARGIN + self.code, y, self.line(&self.words.item, HEAD), HEAD);
        for ((right, width), head) in [(quantity, QUANTITY), (cost, COST), (value, VALUE)].into_iter().zip(heads) {
            self.sheet.put_right(right, y, width, &head, HEAD);
        }
        self.sheet.rule(y + 15.0, 0.8, 0);
        self.sheet.y += 16.0;
    }

    fn row(&mut self, line: &PurchaseLine, last: bool) {
        let [quantity, cost, value] = self.edges();
        let x = MARGIN + self.code;
        let width = quantity - QUANTITY - GAP - x;
        let name = self.lines(&line.name, PLAIN, width);
        let sku = self.lines(&self.words.our_code(&line.sku), SMALL, width);
        let code = self.lines(&line.code, PLAIN, CODE);
        let packs = packs(line, self.language);
        let text = (height(name.len(), PLAIN) + height(sku.len(), SMALL)).max(height(code.len(), PLAIN));
        let height_of_row = text + 2.0 * PAD;
        self.room(height_of_row + if last { TOTAL } else { 0.0 }, true);
        let y = self.sheet.y + PAD;
        let below = self.sheet.put_all(x, y, name, PLAIN);
        self.sheet.put_all(x, y + below, sku, SMALL);
        self.sheet.put_all(MARGIN, y, code, PLAIN);
        let unit = if PLAIN_UNITS.contains(&line.unit.as_str()) { "" } else { &line.unit };
        let many = format!("{} {unit}", self.language.quantity(line.ordered));
        self.sheet.put_right(quantity, y, QUANTITY, many.trim_end(), PLAIN);
        if let Some(packs) = packs {
            self.sheet.put_right(quantity, y + height(1, PLAIN), QUANTITY, &packs, SMALL);
        }
        for (right, width, amount) in [(cost, COST, line.unit_cost), (value, VALUE, line.value)] {
            let amount = amount.map(|amount| self.language.figure(&self.order.currency, amount));
            self.sheet.put_right(right, y, width, amount.as_deref().unwrap_or("–"), PLAIN);
        }
        self.sheet.y += height_of_row;
        self.sheet.rule(self.sheet.y, 0.4, 190);
    }

    fn total(&mut self) {
        self.room(TOTAL, false);
        let (right, y) = (self.sheet.right(), self.sheet.y + 9.0);
        let total = self.language.figure(&self.order.currency, self.order.value);
        let text = format!("{}   {} {total}", self.words.total, self.order.currency);
        self.sheet.put_right(right, y, right - MARGIN, &text, Style { size: 12.0, ..STRONG });
        self.sheet.y += TOTAL;
    }

    fn line(&self, text: &str, style: Style) -> Line {
        self.sheet.face(style).line(text)
    }

    fn lines(&self, text: &str, style: Style, width: f32) -> Vec<Line> {
        self.sheet.face(style).lines(text, style.size, width)
    }
}

/// `4 × 12`, when the supplier packs by twelve and whole packs are ordered.
fn packs(line: &PurchaseLine, language: Language) -> Option<String> {
    let pack = line.multiple.filter(|pack| pack.parts() > Quantity::ONE)?;
    let (ordered, pack) = (line.ordered.parts(), pack.parts());
    let whole = (ordered % pack == 0).then(|| Quantity::whole(ordered / pack))?;
    Some(format!("{} × {}", language.quantity(whole), language.quantity(Quantity::from_parts(pack))))
}
