//! What home knows and does: whatever is scanned or typed leads somewhere.

use super::command::Command;
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::Here,
    i18n::tu_string,
    inventory::{
        api::{Candidate, meaning, search},
        basket::Held,
        corrections, history, keep,
        stock::{escape, item_link},
    },
    parts::{Said, Scanned, Speaker, Tone},
    prefs::Words,
};
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use model::{DocumentKind, HistoryQuery, Item, Meant, PaperKind};

/// The most codes that are kept.
const HELD_MAX: usize = 10;

/// Home of one person in one store.
#[derive(Clone, Copy)]
pub struct Desk {
    words: Words,
    here: Here,
    pub found: RwSignal<Vec<Candidate>>,
    pub commands: RwSignal<Vec<Command>>,
    pub said: RwSignal<Option<Said>>,
    pub held: RwSignal<Vec<Held>>,
    pub failure: RwSignal<Option<Failure>>,
    /// The next item that is scanned is to be counted.
    pub fixing: RwSignal<bool>,
    /// Empties the scan field and puts the focus there.
    pub clear: Trigger,
    speaker: Speaker,
    go: Callback<String>,
    /// The name under which this store's codes are kept.
    key: Memo<String>,
    turn: StoredValue<u32>,
}

impl Desk {
    /// Home of whoever is here. In the browser it takes up the codes that were left here, in each store its own.
    pub fn open(here: Here, words: Words) -> Self {
        let navigate = use_navigate();
        let key = Memo::new(move |_| format!("codes:{}:{}", here.me().key(), here.store().get().code));
        let desk = Self {
            words,
            here,
            found: RwSignal::new(Vec::new()),
            commands: RwSignal::new(Vec::new()),
            said: RwSignal::new(None),
            held: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            fixing: RwSignal::new(false),
            clear: Trigger::new(),
            speaker: expect_context(),
            go: Callback::new(move |to: String| navigate(&to, Default::default())),
            key,
            turn: StoredValue::new(0),
        };
        Effect::new(move || {
            let held: Option<Vec<Held>> = desk.key.with(|key| keep::load(key));
            desk.held.set(held.unwrap_or_default());
        });
        desk
    }

    fn store(self) -> String {
        self.here.store().get_untracked().code
    }

    /// Says it in the live region, with a sound and a flash of colour.
    fn say(self, tone: Tone, text: String) {
        self.speaker.play(tone);
        self.said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    }

    /// A code came in: an action, an item, a document, a place; else it is kept.
    pub fn scanned(self, scanned: Scanned) {
        self.forget_candidates();
        self.failure.set(None);
        if let Some(command) = Command::named(&scanned.code) {
            return self.start(command);
        }
        spawn_local(async move {
            let store = self.store();
            match meaning(store.clone(), scanned.code.clone()).await {
                Ok(Meant::Nothing) => self.nobodys(store, scanned, None).await,
                Ok(Meant::Wrong(why)) => self.nobodys(store, scanned, Some(why)).await,
                Ok(found) => self.arrive(scanned.code, found),
                Err(failure) => self.failed(scanned.code, failure),
            }
        });
    }

    /// Does what a word or a printed code asks for.
    pub fn start(self, command: Command) {
        self.forget_candidates();
        self.clear.notify();
        if !untrack(|| self.here.may(command.needs())) {
            return self.say(Tone::Bad, tu_string!(self.words, day.scan.not_yours).to_string());
        }
        match command.path() {
            Some(path) => {
                self.speaker.play(Tone::Good);
                self.go.run(untrack(|| self.here.link(path)));
            }
            None => {
                self.fixing.set(true);
                self.say(Tone::Good, tu_string!(self.words, day.scan.fix_next).to_string());
            }
        }
    }

    fn arrive(self, code: String, found: Meant) {
        self.drop_code(&code);
        let store = self.store();
        let to = match found {
            Meant::Item(sku) => {
                let fix = if self.fixing.get_untracked() { "&fix=1" } else { "" };
                item_link(&sku, &store) + fix
            }
            Meant::Posting { id, kind: DocumentKind::SupplierReturn, store } => {
                format!("/supplier-returns/{id}?store={}", escape(&store))
            }
            Meant::Posting { id, store, .. } => {
                let query = HistoryQuery { store, text: code.clone(), ..HistoryQuery::default() };
                format!("{}#p-{id}", history::link(&query))
            }
            Meant::Paper { id, kind: PaperKind::PurchaseOrder, store } => {
                format!("/purchases/{id}?store={}", escape(&store))
            }
            Meant::Serial(serial) => format!("/lots?store={}&serial={}", escape(&store), escape(&serial)),
            Meant::Paper { id, kind: PaperKind::Adjustment, store } => corrections::link(id, &store),
            Meant::Place(store) => format!("/stock?store={}", escape(&store)),
            Meant::Paper { .. } | Meant::Nothing | Meant::Wrong(_) => return,
        };
        self.say(Tone::Good, tu_string!(self.words, day.scan.found, code = code).to_string());
        self.go.run(to);
    }

    /// Nobody has that code, perhaps because it cannot be right. What was typed may be a name.
    async fn nobodys(self, store: String, scanned: Scanned, why: Option<String>) {
        let code = scanned.code;
        if scanned.typed {
            match search(store, code.clone()).await {
                Ok(found) if found.is_empty() => {}
                Ok(found) => return self.found.set(found),
                Err(failure) => return self.failed(code, failure),
            }
        }
        self.hold(&code, true);
        let text = match why {
            Some(why) => tu_string!(self.words, till.wrong_code, code = code, why = why).to_string(),
            None => tu_string!(self.words, till.unknown, code = code).to_string(),
        };
        self.say(Tone::Warn, text);
        self.clear.notify();
    }

    fn failed(self, code: String, failure: Failure) {
        self.hold(&code, false);
        self.say(Tone::Bad, tu_string!(self.words, till.not_looked_up, code = code).to_string());
        self.failure.set(Some(failure));
    }

    fn hold(self, code: &str, unknown: bool) {
        self.held.update(|held| {
            held.retain(|held| held.code != code);
            held.insert(0, Held { code: code.to_owned(), unknown });
            held.truncate(HELD_MAX);
        });
        self.keep();
    }

    /// A code that was kept is forgotten.
    pub fn drop_code(self, code: &str) {
        if self.held.with_untracked(|held| held.iter().any(|held| held.code == code)) {
            self.held.update(|held| held.retain(|held| held.code != code));
            self.keep();
        }
    }

    fn keep(self) {
        self.key.with_untracked(|key| self.held.with_untracked(|held| keep::save(key, held)));
    }

    /// A code that was kept: asked for again, or, when nobody knows it, searched for in the stock list.
    pub fn again(self, code: String) {
        let unknown = self.held.with_untracked(|held| held.iter().any(|held| held.code == code && held.unknown));
        if unknown {
            self.go.run(format!("/stock?store={}&q={}", escape(&self.store()), escape(&code)));
        } else {
            self.clear.notify();
            self.scanned(Scanned { code, typed: false });
        }
    }

    /// Something is being typed: shows what it may mean.
    pub fn typed(self, text: String) {
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        let mine = |command: &Command| untrack(|| self.here.may(command.needs()));
        self.commands.set(Command::beginning(&text).into_iter().filter(mine).collect());
        if text.trim().chars().count() < 2 {
            return self.found.set(Vec::new());
        }
        let store = self.store();
        spawn_local(async move {
            let answer = search(store, text).await;
            if let (Ok(found), true) = (answer, self.turn.try_get_value() == Some(turn)) {
                self.found.set(found);
            }
        });
    }

    /// One of the candidates was meant.
    pub fn choose(self, item: &Item) {
        self.clear.notify();
        self.scanned(Scanned { code: item.sku.clone(), typed: false });
    }

    fn forget_candidates(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.found.set(Vec::new());
        self.commands.set(Vec::new());
    }
}
