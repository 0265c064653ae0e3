//! What a label says of a lot, and in a sentence why that one must not be sold. The server says it: the till stays small.

use crate::{
    i18n::{Locale, td_string},
    inventory::api::FoundLot,
};
use model::{LotLabel, LotStatus};

/// As the basket takes it.
pub fn told(language: Locale, name: &str, label: LotLabel) -> FoundLot {
    let (lot, name) = (label.lot.unwrap_or_default(), name.to_owned());
    let day = label.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let (code, called) = (lot.clone(), name.clone());
    let warning = match label.status {
        LotStatus::Recalled => Some(td_string!(language, lots.warn.recalled, name = called, lot = code).to_string()),
        LotStatus::Hold => Some(td_string!(language, lots.warn.held, name = called, lot = code).to_string()),
        LotStatus::Ok if label.expired => Some(td_string!(language, lots.warn.expired, name = called).to_string()),
        LotStatus::Ok => None,
    };
    let (piece, what) = (lot.clone(), name.clone());
    let doubt = match label.here {
        Some(true) => Some(td_string!(language, lots.serial.here, name = what, serial = piece).to_string()),
        Some(false) => Some(td_string!(language, lots.serial.not_here, name = what, serial = piece).to_string()),
        None => None,
    };
    FoundLot { lot, day, warning, here: label.here, doubt }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_that_must_not_be_sold_is_said_in_both_languages_and_a_good_one_is_not() {
        let label = |status, expired| {
            let expires_on = "2026-11-30".parse().ok();
            LotLabel { lot: Some("L7".into()), here: None, expires_on, status, expired }
        };
        let good = told(Locale::en, "Milk", label(LotStatus::Ok, false));
        assert_eq!((good.lot.as_str(), good.day.as_str(), good.warning), ("L7", "2026-11-30", None));
        let warning = |language, label| told(language, "Milk", label).warning.unwrap_or_default();
        let over = warning(Locale::en, label(LotStatus::Ok, true));
        assert_eq!(over, "Milk is past its last good day. Keep it aside and tell a manager.");
        assert!(warning(Locale::en, label(LotStatus::Recalled, true)).contains("lot L7, is called back"));
        assert!(warning(Locale::es, label(LotStatus::Hold, false)).contains("lote L7"));
        let gone = told(Locale::en, "Phone", LotLabel { here: Some(false), ..label(LotStatus::Ok, false) });
        let doubt = "Phone, serial number L7, is not here by our books. Look at the number again.";
        assert_eq!((gone.here, gone.doubt.as_deref()), (Some(false), Some(doubt)));
    }
}
