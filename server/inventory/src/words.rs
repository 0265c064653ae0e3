//! How words are compared: small letters without accents, codes without dashes, and a slip of the finger forgiven.

use crate::pack;
use model::{Flaw, Item, Result};
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// How long a search may be, in characters.
const SEARCH_MAX: usize = 100;
/// From here on, figures alone are a barcode: what stands in front of it as zeros is another way to write it.
const BARCODE_MIN: usize = 8;
/// How short a word may be that is looked for as if it were mistyped.
const SLIP_MIN: usize = 3;
/// Up to here a word is forgiven one slip, beyond it two.
const ONE_SLIP_MAX: usize = 5;

/// Small letters without accents; both engines fold ASCII only.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.nfkd().flat_map(char::to_lowercase).filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ı' => plain.push('i'),
            letter => plain.push(letter),
        }
    }
    plain
}

/// The words of a text that was folded, each without what stands between its letters and figures: `ab-12/3` is `ab123`.
fn bare(folded: &str) -> impl Iterator<Item = String> {
    folded.split_whitespace().map(|word| {
        let bare: String = word.chars().filter(|letter| letter.is_alphanumeric()).collect();
        if bare.is_empty() { word.to_owned() } else { bare }
    })
}

/// What is kept beside an item and searched: its words, and its codes without spaces too. Never empty.
pub(crate) fn search_text(item: &Item) -> String {
    let codes: Vec<String> = pack::codes(item).cloned().collect();
    text_of(&item.sku, &item.name, &codes)
}

/// The same of what an item is called.
pub(crate) fn text_of(sku: &str, name: &str, barcodes: &[String]) -> String {
    let codes = || std::iter::once(sku).chain(barcodes.iter().map(String::as_str));
    let mut words: Vec<String> = bare(&folded(sku)).chain(bare(&folded(name))).collect();
    barcodes.iter().for_each(|code| words.extend(bare(&folded(code))));
    let spaced = codes().filter(|code| code.contains(char::is_whitespace));
    words.extend(spaced.map(|code| bare(&folded(code)).collect::<String>()));
    words.join(" ")
}

/// The words of letters in a name: those that can be mistyped. Another figure is another thing.
pub(crate) fn of_name(name: &str) -> BTreeSet<String> {
    let folded = folded(name);
    let pieces = folded.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned);
    pieces.chain(bare(&folded)).filter(|word| of_letters(word)).collect()
}

fn of_letters(word: &str) -> bool {
    word.chars().count() >= SLIP_MIN && word.chars().all(char::is_alphabetic)
}

/// What is typed, taken apart: words that may be mistyped, and those that are meant as they stand.
pub(crate) fn typed(search: &str) -> (Vec<String>, Vec<String>) {
    bare(&folded(search)).partition(|word| of_letters(word))
}

/// How many slips lie between what was typed and a word, when they are few enough to be slips: a letter too many, one
/// too few, another one, or two the wrong way round.
pub(crate) fn slips(typed: &str, word: &str) -> Option<i64> {
    if word.contains(typed) {
        return Some(0);
    }
    let letters = typed.chars().count();
    let most = if letters <= ONE_SLIP_MAX { 1 } else { 2 };
    if word.chars().count().abs_diff(letters) > most {
        return None;
    }
    let slips = strsim::osa_distance(typed, word);
    (slips <= most).then_some(i64::try_from(slips).unwrap_or(i64::MAX))
}

/// What is searched for, folded, when it is not too long.
pub(crate) fn checked(search: &str) -> Result<String> {
    if search.chars().count() > SEARCH_MAX || search.contains('\0') {
        return Err(Flaw::new("search", "search", format!("search for at most {SEARCH_MAX} characters")).into());
    }
    Ok(folded(search))
}

/// Wildcards escaped with `!`.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Two patterns that hold the whole text: as it stands, and as [`search_text`] would write it.
pub(crate) fn phrase(search: &str) -> Result<[String; 2]> {
    let folded = checked(search.trim())?;
    let bare: Vec<String> = bare(&folded).collect();
    Ok([format!("%{}%", escaped(&search.trim().to_lowercase())), format!("%{}%", escaped(&bare.join(" ")))])
}

/// Six patterns of which each must be found in a [`search_text`], wherever it stands: the six longest words.
pub(crate) fn words(search: &str) -> Result<[String; 6]> {
    let mut words: Vec<String> = bare(&checked(search)?).collect();
    words.sort();
    words.dedup();
    // The longest first: it rules out the most, and the others are not looked at then.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut words = words.into_iter().map(|word| {
        let is_barcode = word.len() >= BARCODE_MIN && word.bytes().all(|byte| byte.is_ascii_digit());
        let word = if is_barcode { word.trim_start_matches('0') } else { &word };
        format!("%{}%", escaped(word))
    });
    Ok(std::array::from_fn(|_| words.next().unwrap_or_else(|| "%".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(sku: &str, name: &str, barcode: &str, search: &str) -> bool {
        let text = text_of(sku, name, &[barcode.to_owned()]);
        words(search).expect("short enough").iter().all(|pattern| text.contains(pattern.trim_matches('%')))
    }

    #[test]
    fn accents_capitals_and_letters_of_one_language_do_not_matter() {
        assert_eq!(folded("ÉCLAIR Señor Straße Łódź ﬁne"), "eclair senor strasse lodz fine");
        assert!(holds("A1", "Café crème", "", "CREME cafe") && holds("A1", "Cafe creme", "", "crème café"));
    }

    #[test]
    fn words_are_found_in_any_order_and_a_word_that_is_not_there_is_not() {
        let name = "Large red umbrella with wooden handle";
        assert!(holds("A1", name, "", "handle wooden with umbrella red large"));
        assert!(!holds("A1", name, "", "red umbrella steel"));
    }

    #[test]
    fn a_part_number_is_found_with_and_without_dashes_and_spaces() {
        for sku in ["AB-12/3", "AB 12 3", "ab123"] {
            for search in ["AB-12/3", "ab123", "AB 12 3", "12/3"] {
                assert!(holds(sku, "Bolt", "", search), "{search} finds {sku}");
            }
            assert!(!holds(sku, "Bolt", "", "AB-124"), "another figure is another part");
        }
    }

    #[test]
    fn a_barcode_is_found_with_and_without_zeros_in_front() {
        assert!(
            holds("A1", "Cup", "012345678905", "0012345678905") && holds("A1", "Cup", "0012345678905", "12345678905")
        );
        assert!(!holds("A1", "Cup", "012345678905", "12345678906"));
    }

    #[test]
    fn signs_are_looked_for_as_they_stand() {
        assert_eq!(words("50% !").expect("short")[..2], ["%50%", "%!!%"]);
        assert!(!holds("A1", "Cup", "", "%") && holds("A1", "Cup & saucer", "", "&"));
    }

    #[test]
    fn the_six_longest_words_count() {
        let patterns = words("a bb ccc dddd eeeee ffffff ggggggg").expect("short");
        assert_eq!((patterns[0].as_str(), patterns[5].as_str()), ("%ggggggg%", "%bb%"));
        assert!(words(&"x".repeat(101)).is_err());
    }

    #[test]
    fn one_slip_in_a_short_word_and_two_in_a_longer_are_forgiven() {
        assert_eq!(slips("umbrela", "umbrella"), Some(1));
        assert_eq!(slips("umberla", "umbrella"), Some(2), "two letters changed places, another one is missing");
        assert_eq!(slips("mgu", "mug"), Some(1), "two letters changed places");
        assert_eq!(slips("mugg", "plate"), None);
        assert_eq!(slips("cpu", "cap"), None, "two slips in three letters are another word");
    }

    #[test]
    fn only_words_of_letters_can_be_mistyped() {
        let words: Vec<_> = of_name("T-shirt M8x40 black/white of 2").into_iter().collect();
        assert_eq!(words, ["black", "blackwhite", "shirt", "tshirt", "white"]);
        assert_eq!(typed("umbrela 4711 xl"), (vec!["umbrela".into()], vec!["4711".into(), "xl".into()]));
    }
}
