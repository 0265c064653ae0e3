//! What the palette offers: pages, things to do and items, narrowed by the words that are typed.

use super::{Here, destination::Destination};
use crate::prelude::*;
use crate::{
    i18n::{Locale, t_string},
    inventory::{apart, api::Candidate, item_link},
    parts::{Icon, quantity},
    prefs::{Theme, Words},
};
use model::Action;
use serde::{Deserialize, Serialize};

/// What choosing does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Goes there.
    Go(String),
    /// Changes the colours.
    Wear(Theme),
    /// Changes the language.
    Speak(Locale),
    /// Sound off or on.
    Mute(bool),
    /// Shows the keys.
    ShowKeys,
    /// Signs out.
    SignOut,
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its drawing.
    pub icon: Icon,
    /// What it is called.
    pub name: String,
    /// What it is, in a word or two.
    pub kind: String,
    /// What choosing it does.
    pub deed: Deed,
    /// It only comes near to what was typed: eyes must choose it.
    pub near: bool,
}

/// Something that was chosen before, as this browser keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Where it leads, without the store.
    pub path: String,
    /// What it was called; a page is called by its word of today.
    pub name: String,
}

/// Recent ones kept.
pub const RECENT_MAX: usize = 5;

/// The pages that this person may use, by group.
pub fn pages(here: Here, words: Words) -> Vec<Choice> {
    let page = |place: &Destination| Choice {
        icon: place.icon,
        name: place.word(words).to_owned(),
        kind: place.group.word(words).to_owned(),
        deed: Deed::Go(here.link(place.path)),
        near: false,
    };
    let mut choices: Vec<_> = Destination::open_to(here).map(page).collect();
    if here.may(Action::SeeStock) {
        let path = format!("/stock?store={}&short=1", here.store().get().code);
        let name = t_string!(words, frame.find.short).to_owned();
        choices.push(Choice {
            icon: Icon::Warning,
            name,
            kind: t_string!(words, frame.to.stock).to_owned(),
            deed: Deed::Go(path),
            near: false,
        });
    }
    choices
}

/// What can be done from everywhere.
pub fn deeds(words: Words, muted: bool) -> Vec<Choice> {
    let setting = t_string!(words, frame.group.settings);
    let one =
        |icon, name: &str, deed| Choice { icon, name: name.to_owned(), kind: setting.to_owned(), deed, near: false };
    let sound = if muted { t_string!(words, frame.find.sound_on) } else { t_string!(words, frame.find.sound_off) };
    vec![
        one(Icon::Keyboard, t_string!(words, frame.keys.title), Deed::ShowKeys),
        one(Icon::Palette, t_string!(words, frame.find.auto), Deed::Wear(Theme::Auto)),
        one(Icon::Palette, t_string!(words, frame.find.light), Deed::Wear(Theme::Light)),
        one(Icon::Palette, t_string!(words, frame.find.dark), Deed::Wear(Theme::Dark)),
        one(Icon::Palette, t_string!(words, frame.find.contrast), Deed::Wear(Theme::Contrast)),
        one(Icon::Person, "English", Deed::Speak(Locale::en)),
        one(Icon::Person, "Español", Deed::Speak(Locale::es)),
        one(Icon::Help, sound, Deed::Mute(!muted)),
        one(Icon::SignOut, t_string!(words, common.menu.sign_out), Deed::SignOut),
    ]
}

/// The items that a search found.
pub fn items(found: &[Candidate], here: Here, words: Words) -> Vec<Choice> {
    let store = here.store().get().code;
    let item = |candidate: &Candidate| {
        let item = &candidate.item;
        let on_hand = candidate.on_hand.map(|on_hand| quantity(words.get_locale(), on_hand));
        let kind = on_hand.map_or_else(
            || item.sku.clone(),
            |count| t_string!(words, frame.find.on_hand, sku = item.sku.clone(), count = count).to_string(),
        );
        let more = candidate.levels.map(|levels| apart(words, &levels)).filter(|more| !more.is_empty());
        let kind = [Some(kind), more].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let deed = Deed::Go(item_link(&item.sku, &store));
        Choice { icon: Icon::Box, name: item.name.clone(), kind, deed, near: candidate.near }
    };
    found.iter().map(item).collect()
}

/// What was chosen of late, by today's words; pages that are no longer open to this person are left out.
pub fn recent(kept: &[Recent], here: Here, words: Words) -> Vec<Choice> {
    let store = here.store().get().code;
    let choice = |recent: &Recent| {
        let page = Destination::open_to(here).find(|place| place.path == recent.path);
        let is_item = recent.path.starts_with("/items/");
        let (icon, name) = page.map_or((Icon::Box, recent.name.as_str()), |place| (place.icon, place.word(words)));
        (page.is_some() || is_item).then(|| Choice {
            icon,
            name: name.to_owned(),
            kind: t_string!(words, frame.find.recent).to_owned(),
            deed: Deed::Go(format!("{}?store={store}", recent.path)),
            near: false,
        })
    };
    kept.iter().filter_map(choice).collect()
}

/// Puts what was chosen in front, once.
pub fn remembered(mut kept: Vec<Recent>, chosen: Recent) -> Vec<Recent> {
    kept.retain(|recent| recent.path != chosen.path);
    kept.insert(0, chosen);
    kept.truncate(RECENT_MAX);
    kept
}

/// Whether each typed word begins a word of the text; accents and capitals do not matter.
pub fn matches(text: &str, typed: &str) -> bool {
    let (text, typed) = (folded(text), folded(typed));
    let found = |word: &str| text.split_whitespace().any(|part| part.starts_with(word));
    typed.split_whitespace().all(found)
}

/// Small letters without accents, of the two languages spoken here.
fn folded(text: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' => 'a',
        'é' | 'è' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        letter if letter.is_alphanumeric() => letter,
        _ => ' ',
    };
    text.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_beginnings_in_any_order_and_without_accents() {
        assert!(matches("High contrast colours", "con high"));
        assert!(matches("Poner en español", "espanol"));
        assert!(matches("Anything", ""));
    }

    #[test]
    fn the_middle_of_a_word_is_not_its_beginning() {
        assert!(!matches("Dashboard", "board"));
    }

    #[test]
    fn what_was_chosen_comes_first_and_once() {
        let recent = |path: &str| Recent { path: path.into(), name: String::new() };
        let kept: Vec<_> = (0..RECENT_MAX).map(|at| recent(&at.to_string())).collect();
        let kept = remembered(kept, recent("3"));
        assert_eq!(kept.iter().map(|recent| recent.path.as_str()).collect::<Vec<_>>(), ["3", "0", "1", "2", "4"]);
        assert_eq!(remembered(kept, recent("new")).len(), RECENT_MAX);
    }
}
