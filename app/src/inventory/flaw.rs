//! What is wrong with a scanned code, in a sentence. The server says it, so that no browser has to understand codes.

use crate::i18n::{Locale, td_string};
use model::barcode::{Fault, Wrong};

/// The sentence in that language; about one part of the code, it names that.
pub fn sentence(language: Locale, fault: &Fault) -> String {
    let what = what(language, fault.wrong);
    if fault.ai.is_empty() {
        return what;
    }
    td_string!(language, day.code.part, part = fault.ai.clone(), place = fault.at + 1, what = what).to_string()
}

fn what(language: Locale, wrong: Wrong) -> String {
    match wrong {
        Wrong::Empty => td_string!(language, day.code.empty).to_string(),
        Wrong::TooLong => td_string!(language, day.code.too_long).to_string(),
        Wrong::CheckDigit(right) => td_string!(language, day.code.check_digit, digit = right).to_string(),
        Wrong::PriceCheckDigit(right) => td_string!(language, day.code.price_check_digit, digit = right).to_string(),
        Wrong::Unknown => td_string!(language, day.code.unknown_part).to_string(),
        Wrong::Length { least, most, found } if least == most => {
            td_string!(language, day.code.length, found = found, wanted = least).to_string()
        }
        Wrong::Length { least, most, found } => {
            td_string!(language, day.code.length_between, found = found, least = least, most = most).to_string()
        }
        Wrong::Character(found) => {
            // A sign that cannot be seen is told by its number.
            let found = if found.is_control() { format!("U+{:04X}", u32::from(found)) } else { found.to_string() };
            td_string!(language, day.code.character, found = found).to_string()
        }
        Wrong::Date => td_string!(language, day.code.date).to_string(),
        Wrong::Repeated => td_string!(language, day.code.repeated).to_string(),
        Wrong::Amount => td_string!(language, day.code.amount).to_string(),
        Wrong::Escape => td_string!(language, day.code.escape).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::barcode::read;

    #[test]
    fn what_is_wrong_is_said_in_both_languages() {
        let fault = |code: &str| read(code, 2026, &[]).expect_err("it is wrong");
        let digit = fault("9506000134353");
        assert_eq!(sentence(Locale::en, &digit), "The last digit should be 2. Scan it again.");
        assert_eq!(sentence(Locale::es, &digit), "La última cifra debería ser 2. Vuelve a escanearlo.");
        let day = fault("]C1010950600013435217301301");
        assert_eq!(sentence(Locale::en, &day), "Part (17), from character 20: this is not a day, written YYMMDD.");
        assert_eq!(sentence(Locale::es, &day), "Parte (17), desde el carácter 20: esto no es un día, escrito AAMMDD.");
    }
}
