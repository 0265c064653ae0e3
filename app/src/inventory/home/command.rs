//! What one can ask for by a word or by a printed code such as `CMD:RECEIVE`.

use crate::{i18n::t_string, parts::Icon, prefs::Words};
use model::Action;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Sell,
    Receive,
    Return,
    Fix,
    Stock,
    History,
    Exceptions,
    Dashboard,
}

/// What stands before the name in a printed code.
const CODE: &str = "CMD:";

impl Command {
    /// All of them, in the order of the tiles.
    pub const ALL: [Self; 8] = [
        Self::Sell,
        Self::Receive,
        Self::Return,
        Self::Fix,
        Self::Stock,
        Self::History,
        Self::Exceptions,
        Self::Dashboard,
    ];

    /// The name in a printed code, then the words that people type, in both languages, lower case.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Sell => &["sell", "till", "sale", "vender", "caja", "venta"],
            Self::Receive => &["receive", "delivery", "recibir", "entrega"],
            Self::Return => &["return", "take back", "devolver", "devolución", "devolucion"],
            Self::Fix => &["fix", "fix stock", "adjust", "count", "corregir", "ajustar", "contar"],
            Self::Stock => &["stock", "existencias", "almacén", "almacen"],
            Self::History => &["history", "undo", "historial", "deshacer"],
            Self::Exceptions => &["exceptions", "to settle", "settle", "por resolver", "resolver"],
            Self::Dashboard => &["dashboard", "figures", "panel", "cifras"],
        }
    }

    /// The command that a scanned code or a typed word names.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let text = text.trim();
        let code = text.get(..CODE.len()).is_some_and(|start| start.eq_ignore_ascii_case(CODE));
        let wanted = if code { text[CODE.len()..].to_lowercase() } else { text.to_lowercase() };
        Self::ALL.into_iter().find(|command| match code {
            true => command.names().first().is_some_and(|name| *name == wanted),
            false => command.names().contains(&wanted.as_str()),
        })
    }

    /// The commands that may be meant by what is typed so far.
    #[must_use]
    pub fn beginning(text: &str) -> Vec<Self> {
        let wanted = text.trim().to_lowercase();
        let begins = |command: &Self| command.names().iter().any(|name| name.starts_with(&wanted));
        if wanted.chars().count() < 2 { Vec::new() } else { Self::ALL.into_iter().filter(begins).collect() }
    }

    /// Its page; fixing begins with a scan.
    #[must_use]
    pub const fn path(self) -> Option<&'static str> {
        match self {
            Self::Sell => Some("/till"),
            Self::Receive => Some("/receive"),
            Self::Return => Some("/return"),
            Self::Fix => None,
            Self::Stock => Some("/stock"),
            Self::History => Some("/history"),
            Self::Exceptions => Some("/exceptions"),
            Self::Dashboard => Some("/dashboard"),
        }
    }

    /// The right that it needs.
    #[must_use]
    pub const fn needs(self) -> Action {
        match self {
            Self::Sell => Action::Sell,
            Self::Receive => Action::Receive,
            Self::Return => Action::TakeBack,
            Self::Fix => Action::Adjust,
            Self::Stock | Self::History | Self::Exceptions => Action::SeeStock,
            Self::Dashboard => Action::SeeReports,
        }
    }

    /// Its drawing.
    #[must_use]
    pub const fn icon(self) -> Icon {
        match self {
            Self::Sell => Icon::Till,
            Self::Receive => Icon::Receive,
            Self::Return => Icon::Return,
            Self::Fix => Icon::Check,
            Self::Stock => Icon::Search,
            Self::History => Icon::Clock,
            Self::Exceptions => Icon::Warning,
            Self::Dashboard => Icon::Chart,
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self, words: Words) -> &'static str {
        match self {
            Self::Sell => t_string!(words, day.home.sell),
            Self::Receive => t_string!(words, day.home.receive),
            Self::Return => t_string!(words, day.home.back),
            Self::Fix => t_string!(words, day.home.fix),
            Self::Stock => t_string!(words, day.home.stock),
            Self::History => t_string!(words, day.home.history),
            Self::Exceptions => t_string!(words, day.home.exceptions),
            Self::Dashboard => t_string!(words, day.home.dashboard),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_either_language_and_a_printed_code_name_a_command() {
        assert_eq!(Command::named(" Receive "), Some(Command::Receive));
        assert_eq!(Command::named("historial"), Some(Command::History));
        assert_eq!(Command::named("CMD:RETURN"), Some(Command::Return));
        assert_eq!(Command::beginning("rec"), [Command::Receive]);
    }

    #[test]
    fn a_code_that_only_looks_like_one_does_not() {
        assert_eq!(Command::named("CMD:EVERYTHING"), None);
        assert_eq!(Command::named("receiver"), None);
        assert_eq!(Command::named("é"), None);
        assert!(Command::beginning("r").is_empty());
    }

    #[test]
    fn no_two_commands_share_a_word() {
        let words: Vec<_> = Command::ALL.iter().flat_map(|command| command.names()).collect();
        let unique: std::collections::HashSet<_> = words.iter().collect();
        assert_eq!(words.len(), unique.len());
    }
}
