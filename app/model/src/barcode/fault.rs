//! What is wrong with a scanned text, and where.

use crate::Flaw;

/// A scanned text that is refused: why, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Why.
    pub wrong: Wrong,
    /// The Application Identifier that it is about, such as `17`; for an unknown one, the characters that stand there.
    /// Empty when it is about the whole text.
    pub ai: String,
    /// Bytes before it in the text as it was scanned: before the Application Identifier, or, in a Digital Link's path
    /// and query, before its name there.
    pub at: usize,
}

/// Why a scanned text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is nothing in it.
    Empty,
    /// It has more than [`super::TEXT_MAX`] bytes.
    TooLong,
    /// The last digit of a GTIN, an SSCC, a GLN … should be this one.
    CheckDigit(char),
    /// The check digit in front of an in-store label's price or weight should be this one.
    PriceCheckDigit(char),
    /// No such Application Identifier.
    Unknown,
    /// It has another number of characters than it may have.
    Length {
        /// The fewest it may have.
        least: usize,
        /// The most it may have. More mean that it is too long, or that the separator after it is missing.
        most: usize,
        /// As many as it has.
        found: usize,
    },
    /// A character that may not stand there.
    Character(char),
    /// No day of the calendar, written `YYMMDD`.
    Date,
    /// The same Application Identifier twice, with two values.
    Repeated,
    /// More than an amount can hold: above 9 million million, or with more than six decimals.
    Amount,
    /// A `%` in a Digital Link without two hexadecimal digits after it.
    Escape,
}

impl Fault {
    pub(super) fn new(wrong: Wrong, ai: &str, at: usize) -> Self {
        Self { wrong, ai: ai.to_owned(), at }
    }

    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.wrong {
            Wrong::Empty => "empty",
            Wrong::TooLong => "too_long",
            Wrong::CheckDigit(_) => "check_digit",
            Wrong::PriceCheckDigit(_) => "price_check_digit",
            Wrong::Unknown => "unknown_identifier",
            Wrong::Length { .. } => "length",
            Wrong::Character(_) => "character",
            Wrong::Date => "date",
            Wrong::Repeated => "repeated",
            Wrong::Amount => "amount",
            Wrong::Escape => "escape",
        }
    }

    /// The same as a flaw of a request's field.
    #[must_use]
    pub fn flaw(&self, field: &str) -> Flaw {
        Flaw::new(field, self.code(), self.to_string())
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.ai.is_empty() {
            write!(f, "({}) at position {}: ", self.ai, self.at + 1)?;
        }
        self.wrong.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("the code is empty; scan it again"),
            Self::TooLong => write!(f, "the code has more than {} characters", super::TEXT_MAX),
            Self::CheckDigit(right) => write!(f, "the last digit should be {right}; look at the code again"),
            Self::PriceCheckDigit(right) => write!(f, "the check digit of its price or weight should be {right}"),
            Self::Unknown => f.write_str("no such GS1 identifier"),
            Self::Length { least, most, found } if least == most => write!(f, "{found} characters instead of {least}"),
            Self::Length { least, most, found } => write!(f, "{found} characters instead of {least} to {most}"),
            Self::Character(found) => write!(f, "{found:?} may not stand there"),
            Self::Date => f.write_str("not a day, written YYMMDD"),
            Self::Repeated => f.write_str("it stands there twice, with two values"),
            Self::Amount => f.write_str("the amount is too large, or has more than six decimals"),
            Self::Escape => f.write_str("a % needs two hexadecimal digits after it"),
        }
    }
}
