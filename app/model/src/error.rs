//! What can go wrong, told so that the caller knows what to do.

use crate::{Action, Quantity};
use serde::{Deserialize, Serialize};

/// Short for a result with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A reference that the screen shows and the server's log contains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticket(pub String);

impl Ticket {
    /// A new one: eight letters and digits that a person can read out on the telephone.
    #[must_use]
    pub fn new() -> Self {
        let text = uuid::Uuid::now_v7().simple().to_string();
        Self(format!("T-{}", text[24..].to_uppercase()))
    }
}

impl Default for Ticket {
    fn default() -> Self {
        Self::new()
    }
}

/// Each variant says what the caller can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// Sign in, then try again. (401)
    SignedOut,
    /// Ask someone who may. (403)
    Forbidden(Action),
    /// It is not there, or not yours to see. (404)
    NotFound,
    /// The store's rules say no, and why. (409)
    Refused(Refusal),
    /// The request needs another look. (422)
    Invalid(Vec<Flaw>),
    /// The same id or key was used before with other content: make a new one. (409 for ids, 422 for keys)
    Conflict(Reused),
    /// Too many attempts: wait that many seconds. (429)
    TooMany(u32),
    /// The server has more to do than it can: wait a second, then send the same again. (503)
    Busy,
    /// The disk is full: nothing was stored. Make room, then send the same again. (507)
    Full,
    /// Our fault; quote this ticket. (500)
    Internal(Ticket),
}

/// What was used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reused {
    /// A document's id.
    Id,
    /// An `Idempotency-Key`.
    Key,
    /// Someone else changed the same thing first.
    Version,
}

/// Why the store's rules say no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code", try_from = "Said")]
pub enum Refusal {
    /// A promise for more than is there.
    OutOfStock {
        /// Of which item.
        sku: String,
        /// What could be promised at that moment.
        available: Quantity,
    },
    /// Another item has that SKU.
    SkuTaken {
        /// The SKU.
        sku: String,
    },
    /// Another item has that barcode.
    BarcodeTaken {
        /// The barcode.
        barcode: String,
    },
    /// Another store has that code.
    StoreTaken {
        /// The code.
        store: String,
    },
    /// Someone has that sign-in name.
    NameTaken {
        /// The name.
        name: String,
    },
    /// That posting was undone before.
    AlreadyReversed,
    /// A reversal is not reversed: post the thing again.
    IsReversal,
    /// The author's time to undo is over; a manager still can.
    UndoClosed,
    /// Some of that sale was brought back: its return is undone first.
    Returned,
    /// The sale that a return names was undone: nothing of it is out.
    SaleUndone,
    /// Goods would come to lie in a place that was given up.
    PlaceGivenUp {
        /// Its code.
        place: String,
    },
    /// The sign-in name or the password is wrong.
    SignIn,
    /// The last administrator stays.
    LastAdministrator,
    /// The document has come to a state in which that is not done.
    WrongState {
        /// Which, such as `sent`.
        state: String,
    },
    /// Above the limit, somebody else approves than who wrote it.
    OwnWork,
    /// Above the limit, only an administrator approves.
    OnlyAdministrator,
    /// Above the limit, only an administrator of all stores approves.
    OnlyChief,
    /// Above the limit for corrections, goods on their way are written off by somebody else, who may approve.
    WriteOff,
    /// More arrived than was ordered and is tolerated: who may approve books it in.
    OverOrdered {
        /// Of which item.
        sku: String,
        /// How many more may be booked in without.
        available: Quantity,
    },
}

/// A refusal as it is told; read at once for the reason that [`crate::Frame`] is.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    code: String,
    sku: Option<String>,
    available: Option<Quantity>,
    barcode: Option<String>,
    name: Option<String>,
    store: Option<String>,
    state: Option<String>,
    place: Option<String>,
}

impl Said {
    fn refusal(self) -> Option<Refusal> {
        let Self { code, sku, available, barcode, name, store, state, place } = self;
        Some(match code.as_str() {
            "out_of_stock" => Refusal::OutOfStock { sku: sku?, available: available? },
            "sku_taken" => Refusal::SkuTaken { sku: sku? },
            "barcode_taken" => Refusal::BarcodeTaken { barcode: barcode? },
            "store_taken" => Refusal::StoreTaken { store: store? },
            "name_taken" => Refusal::NameTaken { name: name? },
            "already_reversed" => Refusal::AlreadyReversed,
            "is_reversal" => Refusal::IsReversal,
            "undo_closed" => Refusal::UndoClosed,
            "returned" => Refusal::Returned,
            "sale_undone" => Refusal::SaleUndone,
            "place_given_up" => Refusal::PlaceGivenUp { place: place? },
            "sign_in" => Refusal::SignIn,
            "last_administrator" => Refusal::LastAdministrator,
            "wrong_state" => Refusal::WrongState { state: state? },
            "own_work" => Refusal::OwnWork,
            "only_administrator" => Refusal::OnlyAdministrator,
            "only_chief" => Refusal::OnlyChief,
            "write_off" => Refusal::WriteOff,
            "over_ordered" => Refusal::OverOrdered { sku: sku?, available: available? },
            _ => return None,
        })
    }
}

impl TryFrom<Said> for Refusal {
    type Error = &'static str;

    fn try_from(said: Said) -> Result<Self, &'static str> {
        said.refusal().ok_or("not a refusal")
    }
}

/// One thing to mend in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Flaw {
    /// Where, such as `lines[2].quantity`; empty for the whole.
    pub field: String,
    /// A stable word for programs, such as `unknown_sku`.
    pub code: String,
    /// What is wrong and what to do, in English.
    pub message: String,
}

impl Flaw {
    /// One flaw.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.to_owned(), message: message.into() }
    }
}

impl From<Flaw> for Error {
    fn from(flaw: Flaw) -> Self {
        Self::Invalid(vec![flaw])
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SignedOut => f.write_str("sign in, then try again"),
            Self::Forbidden(action) => write!(f, "this needs the right {}", action.scope()),
            Self::NotFound => f.write_str("it is not there, or not yours to see"),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Invalid(flaws) => {
                let texts: Vec<_> = flaws.iter().map(|flaw| format!("{}: {}", flaw.field, flaw.message)).collect();
                f.write_str(&texts.join("; "))
            }
            Self::Conflict(Reused::Id) => f.write_str("this id was used before with other content; make a new id"),
            Self::Conflict(Reused::Key) => {
                f.write_str("this Idempotency-Key was used before with another request; make a new key")
            }
            Self::Conflict(Reused::Version) => f.write_str("someone changed it first; read it again, then decide"),
            Self::TooMany(seconds) => write!(f, "too many attempts; try again in {seconds} s"),
            Self::Busy => f.write_str("too much to do at this moment; send the same again in a second"),
            Self::Full => f.write_str("the disk is full; nothing was stored"),
            Self::Internal(ticket) => write!(f, "something went wrong on our side; quote {}", ticket.0),
        }
    }
}

impl std::error::Error for Error {}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OutOfStock { sku, available } => write!(f, "only {available} of {sku} can be promised"),
            Self::SkuTaken { sku } => write!(f, "another item has the SKU {sku}"),
            Self::BarcodeTaken { barcode } => write!(f, "another item has the barcode {barcode}"),
            Self::StoreTaken { store } => write!(f, "another store has the code {store}"),
            Self::NameTaken { name } => write!(f, "someone has the sign-in name {name}"),
            Self::AlreadyReversed => f.write_str("this was undone before"),
            Self::IsReversal => f.write_str("an undo is not undone; post the thing again"),
            Self::UndoClosed => f.write_str("the time to undo is over; ask a manager"),
            Self::Returned => f.write_str("some of it was brought back; undo that return first"),
            Self::SaleUndone => f.write_str("that sale was undone, so nothing of it can be brought back"),
            Self::PlaceGivenUp { place } => write!(f, "the place {place} was given up; take it up again first"),
            Self::SignIn => f.write_str("the name or the password is wrong"),
            Self::LastAdministrator => f.write_str("the last administrator stays"),
            Self::WrongState { state } => write!(f, "it is {state} by now; read it again, then decide"),
            Self::OwnWork => f.write_str("above the limit somebody else approves than who wrote it"),
            Self::OnlyAdministrator => f.write_str("above the limit only an administrator approves"),
            Self::OnlyChief => f.write_str("above the limit only an administrator of all stores approves"),
            Self::WriteOff => f.write_str(
                "above the limit for corrections this is written off by somebody who may approve, and who neither wrote \
                 the transfer nor sent or received its goods",
            ),
            Self::OverOrdered { sku, available } => {
                write!(f, "only {available} more of {sku} were ordered; ask someone who approves to book in the rest")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_read_as_it_is_told() {
        let text = String::from("LAMP");
        let all = [
            Refusal::OutOfStock { sku: text.clone(), available: Quantity::whole(3) },
            Refusal::SkuTaken { sku: text.clone() },
            Refusal::BarcodeTaken { barcode: text.clone() },
            Refusal::StoreTaken { store: text.clone() },
            Refusal::NameTaken { name: text.clone() },
            Refusal::AlreadyReversed,
            Refusal::IsReversal,
            Refusal::UndoClosed,
            Refusal::Returned,
            Refusal::SaleUndone,
            Refusal::PlaceGivenUp { place: text.clone() },
            Refusal::SignIn,
            Refusal::LastAdministrator,
            Refusal::WrongState { state: text },
            Refusal::OwnWork,
            Refusal::OnlyAdministrator,
            Refusal::OnlyChief,
            Refusal::WriteOff,
            Refusal::OverOrdered { sku: "LAMP".into(), available: Quantity::whole(2) },
        ];
        for refusal in all {
            let told = serde_json::to_string(&refusal).expect("json");
            assert_eq!(serde_json::from_str::<Refusal>(&told).ok().as_ref(), Some(&refusal), "{told}");
        }
        assert!(serde_json::from_str::<Refusal>(r#"{"code":"sku_taken"}"#).is_err());
        assert!(serde_json::from_str::<Refusal>(r#"{"code":"something_new"}"#).is_err());
    }
}
