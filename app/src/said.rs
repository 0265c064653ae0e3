//! Words on a page: `t!`, which follows the language, as one kind of view instead of one for each place.

use crate::i18n::Locale;
use leptos_i18n::reexports::icu::plurals::PluralCategory;
use std::{
    fmt::Display,
    sync::{Arc, Mutex},
};

/// A text that is written anew when the language, or what it tells of, changes.
pub type Text<T> = Arc<Mutex<dyn FnMut() -> T + Send>>;

/// Such a text. Each closure of its own would bring its own code to a browser; boxed they share it.
pub fn text<T>(write: impl FnMut() -> T + Send + 'static) -> Text<T> {
    Arc::new(Mutex::new(write))
}

/// What stands in a text: a value, or a closure that reads one.
pub trait Told<Kind> {
    /// As it is now.
    fn told(&self) -> String;
}

/// Marks a value.
#[derive(Debug)]
pub struct Value;
/// Marks a closure.
#[derive(Debug)]
pub struct Read;

impl<T: Display> Told<Value> for T {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl<T: Display, F: Fn() -> T> Told<Read> for F {
    fn told(&self) -> String {
        self().to_string()
    }
}

/// How a language counts; the code made from the locale files asks it.
#[derive(Clone, Copy, Debug)]
pub struct Plurals(pub Locale);

impl Plurals {
    /// Which form a whole number takes.
    pub fn category_for(self, count: impl TryInto<u64>) -> PluralCategory {
        match (self.0, count.try_into().unwrap_or_default()) {
            (_, 1) => PluralCategory::One,
            // "1 000 000 de artículos".
            (Locale::es, count) if count > 0 && count % 1_000_000 == 0 => PluralCategory::Many,
            _ => PluralCategory::Other,
        }
    }
}

/// A text of the locale files as it is now, in the reader's language; whoever asks is told when that changes.
#[macro_export]
macro_rules! t_string {
    ($words:expr, $($text:tt)+) => { $crate::i18n::td_string!($words.get_locale(), $($text)+) };
}

/// A text of the locale files as it is at this moment, in the reader's language.
#[macro_export]
macro_rules! tu_string {
    ($words:expr, $($text:tt)+) => { $crate::i18n::td_string!($words.get_locale_untracked(), $($text)+) };
}

/// A text of the locale files in the reader's language: `t!(words, till.sell, count = move || count, total = total)`.
///
/// `count` chooses the plural and is a closure; anything else may be one.
#[macro_export]
macro_rules! t {
    (@told count $value:ident) => { $value() };
    (@told $name:ident $value:ident) => { $crate::said::Told::told(&$value) };
    ($words:expr, $($key:ident).+ $(,)?) => {{
        let words = $words;
        $crate::said::text(move || $crate::i18n::t_string!(words, $($key).+))
    }};
    ($words:expr, $($key:ident).+, $($name:ident = $value:expr),+ $(,)?) => {{
        let words = $words;
        let ($($name,)+) = ($($value,)+);
        $crate::said::text(move || {
            $(let $name = $crate::t!(@told $name $name);)+
            $crate::i18n::t_string!(words, $($key).+, $($name = $name),+).to_string()
        })
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_everything_else_is_not() {
        for language in [Locale::en, Locale::es] {
            assert_eq!(Plurals(language).category_for(1_u32), PluralCategory::One);
            assert_eq!(Plurals(language).category_for(0_u32), PluralCategory::Other);
            assert_eq!(Plurals(language).category_for(21_u32), PluralCategory::Other);
        }
    }

    #[test]
    fn spanish_counts_whole_millions_in_a_way_of_its_own() {
        assert_eq!(Plurals(Locale::es).category_for(2_000_000_u32), PluralCategory::Many);
        assert_eq!(Plurals(Locale::es).category_for(2_000_001_u32), PluralCategory::Other);
        assert_eq!(Plurals(Locale::en).category_for(2_000_000_u32), PluralCategory::Other);
    }
}
