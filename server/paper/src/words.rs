//! What stands beside the figures: the words of the app's own pages, so that paper and screen call a thing the same.

use model::{Language, PurchaseState};
use serde::Deserialize;
use std::collections::BTreeMap;

const ENGLISH: &str = include_str!("../../../app/locales/en/purchases.json");
const SPANISH: &str = include_str!("../../../app/locales/es/purchases.json");

/// The words of an order.
#[derive(Deserialize)]
pub struct Words {
    /// What the paper is.
    pub paper: String,
    pub to: String,
    pub from: String,
    pub date: String,
    pub due_on: String,
    pub item: String,
    /// The supplier's code, told to the supplier.
    pub code: String,
    pub quantity: String,
    pub cost: String,
    pub value: String,
    pub total: String,
    state: BTreeMap<String, String>,
    sheet: Sheet,
}

/// The words that only paper has.
#[derive(Deserialize)]
struct Sheet {
    page: String,
    our_code: String,
    your_number: String,
    note: String,
}

impl Words {
    /// Those of a language.
    ///
    /// # Errors
    /// What is missing from them; a test reads both.
    pub fn of(language: Language) -> Result<Self, String> {
        let text = match language {
            Language::English => ENGLISH,
            Language::Spanish => SPANISH,
        };
        serde_json::from_str(text).map_err(|why| why.to_string())
    }

    /// How far an order is.
    pub fn state(&self, state: PurchaseState) -> &str {
        self.state.get(state.name()).map_or(state.name(), String::as_str)
    }

    pub fn page(&self, page: usize, pages: usize) -> String {
        let filled = self.sheet.page.replace("{{ page }}", &page.to_string());
        filled.replace("{{ pages }}", &pages.to_string())
    }

    pub fn our_code(&self, sku: &str) -> String {
        self.sheet.our_code.replace("{{ sku }}", sku)
    }

    pub fn your_number(&self) -> &str {
        &self.sheet.your_number
    }

    pub fn note(&self) -> &str {
        &self.sheet.note
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_word_and_their_gaps_are_filled() {
        for language in Language::ALL {
            let words = Words::of(language).expect("all are there");
            let filled = [words.page(2, 3), words.our_code("A1")];
            assert!(filled.iter().all(|text| !text.contains(['{', '}'])), "{filled:?}");
            assert!(filled[0].contains('2') && filled[0].contains('3') && filled[1].ends_with("A1"), "{filled:?}");
            assert!(PurchaseState::ALL.iter().all(|state| words.state(*state) != state.name()), "{language:?}");
        }
    }
}
