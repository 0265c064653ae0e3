//! Where one can go: the one list behind the navigation, the palette and the go-to keys.

use super::Here;
use crate::prelude::*;
use crate::{i18n::t_string, parts::Icon, prefs::Words};
use model::Action;

/// What a destination belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What is done at the counter and in the stockroom.
    Work,
    /// What the shop has and sells.
    Goods,
    /// How it goes.
    Insight,
    /// How it is set up.
    Settings,
}

impl Group {
    /// All of them, in the order of the navigation.
    pub const ALL: [Self; 4] = [Self::Work, Self::Goods, Self::Insight, Self::Settings];

    /// Its name.
    #[must_use]
    pub fn word(self, words: Words) -> &'static str {
        match self {
            Self::Work => t_string!(words, frame.group.work),
            Self::Goods => t_string!(words, frame.group.goods),
            Self::Insight => t_string!(words, frame.group.insight),
            Self::Settings => t_string!(words, frame.group.settings),
        }
    }
}

/// A page that one can go to.
#[derive(Clone, Copy)]
pub struct Destination {
    /// Its path.
    pub path: &'static str,
    /// Its drawing.
    pub icon: Icon,
    /// What it belongs to.
    pub group: Group,
    /// What one has to be allowed to do in the store looked at; `None` is for everybody.
    pub needs: Option<Action>,
    /// The key that follows `g`.
    pub key: char,
    /// Among the four that a phone's bottom bar shows; the rest are behind "More".
    pub at_hand: bool,
    /// Left out of the navigation: where it is needed, something else leads there.
    pub aside: bool,
    word: fn(Words) -> &'static str,
}

/// Every destination. Whoever adds a route adds a line: navigation, palette and keys follow. `needs` is what the page's
/// own server functions ask for, so that nobody is led to a closed door.
pub const DESTINATIONS: [Destination; 25] = [
    to("/", Icon::Home, Group::Work, None, 'h', |w| t_string!(w, frame.to.home)).at_hand(),
    to("/till", Icon::Till, Group::Work, Some(Action::Sell), 't', |w| t_string!(w, frame.to.till)).at_hand(),
    to("/receive", Icon::Receive, Group::Work, Some(Action::Receive), 'r', |w| t_string!(w, frame.to.receive))
        .at_hand(),
    to("/return", Icon::Return, Group::Work, Some(Action::TakeBack), 'b', |w| t_string!(w, frame.to.take_back)),
    to("/aside", Icon::Flag, Group::Work, Some(Action::SeeStock), 'q', |w| t_string!(w, aside.title)),
    to("/transfers", Icon::Move, Group::Work, Some(Action::Transfer), 'm', |w| t_string!(w, frame.to.transfers)),
    to("/history", Icon::Clock, Group::Work, Some(Action::SeeStock), 'y', |w| t_string!(w, frame.to.history)),
    to("/exceptions", Icon::Warning, Group::Work, Some(Action::SeeStock), 'x', |w| t_string!(w, frame.to.exceptions)),
    to("/orders", Icon::List, Group::Work, Some(Action::Promise), 'c', |w| t_string!(w, frame.to.orders)),
    to("/counts", Icon::Check, Group::Work, Some(Action::SeeStock), 'n', |w| t_string!(w, frame.to.counts)),
    to("/corrections", Icon::Eye, Group::Work, Some(Action::Approve), 'j', |w| t_string!(w, corrections.title)),
    // The pill leads there.
    to("/waiting", Icon::Device, Group::Work, None, 'w', |w| t_string!(w, waiting.title)).aside(),
    to("/stock", Icon::Box, Group::Goods, Some(Action::SeeStock), 's', |w| t_string!(w, frame.to.stock)).at_hand(),
    to("/products", Icon::Tag, Group::Goods, Some(Action::EditItems), 'p', |w| t_string!(w, frame.to.products)),
    to("/purchases", Icon::Truck, Group::Goods, Some(Action::SeeStock), 'u', |w| t_string!(w, purchases.title)),
    to("/purchases/buy", Icon::Plus, Group::Goods, Some(Action::Purchase), 'k', |w| t_string!(w, purchases.buy.title)),
    to("/suppliers", Icon::Person, Group::Goods, Some(Action::Purchase), 'v', |w| {
        t_string!(w, purchases.supplier.title)
    }),
    to("/lots", Icon::Clock, Group::Goods, Some(Action::SeeStock), 'f', |w| t_string!(w, lots.title)),
    to("/places", Icon::Store, Group::Goods, Some(Action::EditItems), 'z', |w| t_string!(w, frame.to.places)),
    to("/import", Icon::Import, Group::Goods, Some(Action::Import), 'i', |w| t_string!(w, frame.to.import)),
    to("/dashboard", Icon::Chart, Group::Insight, Some(Action::SeeReports), 'd', |w| t_string!(w, frame.to.dashboard)),
    to("/activity", Icon::List, Group::Insight, Some(Action::ReadJournal), 'a', |w| t_string!(w, frame.to.activity)),
    to("/problems", Icon::Flag, Group::Insight, Some(Action::ReadJournal), 'o', |w| t_string!(w, frame.to.problems)),
    to("/settings", Icon::Settings, Group::Settings, None, 'e', |w| t_string!(w, frame.to.settings)),
    to("/design", Icon::Palette, Group::Settings, Some(Action::ManagePeople), 'l', |w| t_string!(w, frame.to.design)),
];

const fn to(
    path: &'static str,
    icon: Icon,
    group: Group,
    needs: Option<Action>,
    key: char,
    word: fn(Words) -> &'static str,
) -> Destination {
    Destination { path, icon, group, needs, key, at_hand: false, aside: false, word }
}

impl Destination {
    /// One of the four at a phone's thumb.
    const fn at_hand(self) -> Self {
        Self { at_hand: true, ..self }
    }

    /// Found by its name and its key, and not in the navigation.
    const fn aside(self) -> Self {
        Self { aside: true, ..self }
    }

    /// Its name.
    #[must_use]
    pub fn word(&self, words: Words) -> &'static str {
        (self.word)(words)
    }

    /// Those that this person may use in the store looked at; tracks the store.
    pub fn open_to(here: Here) -> impl Iterator<Item = &'static Self> {
        let store = here.store().get().id;
        DESTINATIONS
            .iter()
            .filter(move |place| place.needs.is_none_or(|action| here.me.with_value(|me| me.may(action, store))))
    }

    /// The one that a path belongs to: an item is a page of the stock.
    #[must_use]
    pub fn at(path: &str) -> Option<&'static Self> {
        let path = match path {
            path if path.starts_with("/items/") => "/stock",
            path if path.starts_with("/pick/") => "/orders",
            path if path.starts_with("/deliveries/") => "/history",
            // Its figures lead there.
            path if path == "/margins" || path == "/worth" || path.starts_with("/worth/") => "/dashboard",
            path => path,
        };
        let below = |place: &&Self| path.strip_prefix(place.path).is_some_and(|rest| rest.starts_with('/'));
        let same = DESTINATIONS.iter().find(|place| place.path == path);
        same.or_else(|| DESTINATIONS.iter().filter(|place| place.path != "/").find(below))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_destination_has_a_path_and_a_key_of_its_own() {
        let paths: BTreeSet<_> = DESTINATIONS.iter().map(|place| place.path).collect();
        let keys: BTreeSet<_> = DESTINATIONS.iter().map(|place| place.key).collect();
        assert_eq!((paths.len(), keys.len()), (DESTINATIONS.len(), DESTINATIONS.len()));
        assert!(!keys.contains(&'g'), "g begins, it does not end");
    }

    #[test]
    fn a_phone_has_room_for_four_and_more() {
        assert_eq!(DESTINATIONS.iter().filter(|place| place.at_hand).count(), 4);
    }

    #[test]
    fn a_page_below_another_belongs_to_it() {
        let at = |path| Destination::at(path).map(|place| place.path);
        assert_eq!(at("/items/85123A"), Some("/stock"));
        assert_eq!(at("/settings/people"), Some("/settings"));
        assert_eq!(at("/worth/85123A"), Some("/dashboard"));
        assert_eq!(at("/stockroom"), None);
    }
}
