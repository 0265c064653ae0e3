//! The GS1 Application Identifiers: how long their data is and which characters it has.

use super::{Date, Wrong};
use crate::gtin;

/// All identifiers with the form of their data (GS1 General Specifications, 3.2), as text because text is small.
///
/// A row is one identifier, or several with the same form (`21-22`); `*5` stands for a last digit from 0 to 5, which
/// counts decimals. After it come the pieces of the data: a class and how many characters, the fewest and the most.
/// Classes: `n` digits, `k` digits with a check digit last, `d` a day `YYMMDD`, `x`, `y` and `z` the characters of the
/// sets 82, 39 and 64. Only the last piece varies in length.
const TABLE: &str = "\
00 k18;01-03 k14;10 x1-20;11-13 d6;15-17 d6;20 n2;21-22 x1-20;235 x1-28;240-241 x1-30;242 n1-6;243 x1-20;\
250-251 x1-30;253 k13,x0-17;254 x1-20;255 k13,n0-12;30 n1-8;310-316*5 n6;320-337*5 n6;340-357*5 n6;360-369*5 n6;\
37 n1-8;390*9 n1-15;391*9 n3,n1-15;392*9 n1-15;393*9 n3,n1-15;394*3 n4;395*5 n6;400-401 x1-30;402 k17;403 x1-30;\
410-417 k13;420 x1-20;421 n3,x1-9;422 n3;423 n3-15;424 n3;425 n3-15;426 n3;427 x1-3;4300-4301 x1-35;\
4302-4306 x1-70;4307 x2;4308 x1-30;4309 n20;4310-4311 x1-35;4312-4316 x1-70;4317 x2;4318 x1-20;4319 x1-30;\
4320 x1-35;4321-4323 n1;4324-4325 d6,n4;4326 d6;4330-4333 n6,x0-1;7001 n13;7002 x1-30;7003 d6,n4;7004 n1-4;\
7005 x1-12;7006 d6;7007 d6,d0-6;7008 x1-3;7009 x1-10;7010 x1-2;7011 d6,n0-4;7020-7022 x1-20;7023 x1-30;\
7030-7039 n3,x1-27;7040 n1,x3;7041 x1-4;710-717 x1-20;7230-7239 x2,x1-28;7240 x1-20;7241 n2;7242 x1-25;7250 n8;\
7251 n12;7252 n1;7253-7254 x1-40;7255 x1-10;7256 x1-90;7257 x1-70;7258 n1,x1,n1;7259 x1-40;8001 n14;8002 x1-20;\
8003 k14,x0-16;8004 x1-30;8005 n6;8006 k14,n4;8007 x1-34;8008 d6,n2-6;8009 x1-50;8010 y1-30;8011 n1-12;8012 x1-20;\
8013-8014 x1-25;8017-8018 k18;8019 n1-10;8020 x1-25;8026 k14,n4;8030 z1-90;8040-8041 n15;8042 n32;8043 n18-20;\
8110 x1-70;8111 n4;8112 x1-70;8200 x1-70;90 x1-30;91-99 x1-90";

/// The form of one identifier's data.
#[derive(Clone, Copy)]
pub(super) struct Form(&'static str);

/// The identifier with which a text begins, and the form of its data.
pub(super) fn find(text: &str) -> Option<(&str, Form)> {
    TABLE.split(';').find_map(|row| {
        let (codes, form) = row.split_once(' ')?;
        let (codes, decimals) = codes.split_once('*').unzip();
        let codes = codes.unwrap_or(row.split_once(' ')?.0);
        let (first, last) = codes.split_once('-').unwrap_or((codes, codes));
        let size = first.len() + usize::from(decimals.is_some());
        let ai = text.get(..size).filter(|ai| gtin::is_digits(ai))?;
        let within = (first..=last).contains(&&ai[..first.len()]);
        let decimal = decimals.is_none_or(|most| &ai[first.len()..] <= most);
        (within && decimal).then_some((ai, Form(form)))
    })
}

/// Whether the data has one length that every reader knows, so that no separator stands after it
/// (GS1 General Specifications, 7.8).
pub(super) fn is_predefined(ai: &str) -> bool {
    let two = ai.get(..2).and_then(|two| two.parse::<u8>().ok());
    matches!(two, Some(0..=4 | 11..=20 | 31..=36 | 41))
}

impl Form {
    /// The fewest and the most characters.
    pub(super) fn length(self) -> (usize, usize) {
        self.pieces().fold((0, 0), |(least, most), piece| (least + piece.least, most + piece.most))
    }

    /// Looks at length, characters, days and check digits; days by the century around `this_year`.
    pub(super) fn check(self, data: &str, this_year: u16) -> Result<(), Wrong> {
        let (least, most) = self.length();
        let found = data.chars().count();
        if !(least..=most).contains(&found) {
            return Err(Wrong::Length { least, most, found });
        }
        let mut rest = data;
        for piece in self.pieces() {
            // Where the characters are not ASCII, the split may be none: then the first of them is what is wrong.
            let (part, after) = rest.split_at_checked(piece.most.min(rest.len())).unwrap_or((rest, ""));
            piece.check(part, this_year)?;
            rest = after;
        }
        Ok(())
    }

    fn pieces(self) -> impl Iterator<Item = Piece> {
        self.0.split(',').map(|piece| {
            let (class, size) = piece.split_at(1);
            let (least, most) = size.split_once('-').unwrap_or((size, size));
            let number = |text: &str| text.parse().unwrap_or_default();
            Piece { class: class.as_bytes()[0], least: number(least), most: number(most) }
        })
    }
}

struct Piece {
    class: u8,
    least: usize,
    most: usize,
}

impl Piece {
    fn check(&self, part: &str, this_year: u16) -> Result<(), Wrong> {
        if let Some(foreign) = part.chars().find(|c| !self.has(*c)) {
            return Err(Wrong::Character(foreign));
        }
        match self.class {
            b'd' if !part.is_empty() && Date::from_six(part, this_year).is_none() => Err(Wrong::Date),
            b'k' => gtin::wrong_last_digit(part).map_or(Ok(()), |right| Err(Wrong::CheckDigit(right))),
            _ => Ok(()),
        }
    }

    /// Whether its class has the character (GS1 General Specifications, 7.11).
    fn has(&self, c: char) -> bool {
        match self.class {
            b'x' => matches!(c, '!' | '"' | '%'..='?' | 'A'..='Z' | '_' | 'a'..='z'),
            b'y' => matches!(c, '#' | '-' | '/' | '0'..='9' | 'A'..='Z'),
            b'z' => matches!(c, '-' | '_' | '0'..='9' | 'A'..='Z' | 'a'..='z'),
            _ => c.is_ascii_digit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_read() {
        let rows: Vec<&str> = TABLE.split(';').collect();
        assert!(rows.len() > 100, "{} rows", rows.len());
        for row in rows {
            let (codes, form) = row.split_once(' ').expect("codes and form");
            let first = codes.split(['-', '*']).next().expect("a code");
            let ai = if codes.contains('*') { format!("{first}0") } else { first.to_owned() };
            let (found, read) = find(&ai).expect("it is found");
            assert_eq!((found, read.0), (ai.as_str(), form), "{row}");
            let (least, most) = read.length();
            assert!(1 <= least && least <= most && most <= 90, "{row}");
            let fixed = form.split(',').rev().skip(1).all(|piece| !piece.contains('-'));
            assert!(fixed, "only the last piece varies: {row}");
            assert!(!is_predefined(&ai) || least == most, "a predefined length is one length: {row}");
        }
    }

    #[test]
    fn the_last_digit_of_a_measure_counts_decimals() {
        assert_eq!(find("3105").map(|(ai, _)| ai), Some("3105"));
        assert_eq!(find("310").map(|(ai, _)| ai), None, "a measure has four digits");
        for unknown in ["3106", "3170", "3380", "3394", "3944", "04", "14", "5", "9", "", "1", "31", "01é", "é", "4340"]
        {
            let found = find(unknown).map(|(ai, _)| ai.to_owned());
            assert_eq!(found, unknown.starts_with("01").then(|| "01".to_owned()), "{unknown}");
        }
    }

    #[test]
    fn the_set_of_82_has_82_characters() {
        let piece = |class| Piece { class, least: 1, most: 1 };
        let count = |class| (0_u8..=127).filter(|byte| piece(class).has(char::from(*byte))).count();
        assert_eq!((count(b'n'), count(b'x'), count(b'y'), count(b'z')), (10, 82, 39, 64));
    }
}
