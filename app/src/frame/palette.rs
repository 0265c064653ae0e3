//! The command palette: type a few letters of a page, a deed or an item, and go there.

use super::{
    Here, Overlay,
    choices::{self, Choice, Deed, Recent},
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::{
        api::{Candidate, search},
        use_outbox,
    },
    parts::{Icon, Speaker, Svg},
    prefs::Colours,
};
use leptos::{ev::KeyboardEvent, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::time::Duration;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// Typing rests this long before items are searched for.
const REST: Duration = Duration::from_millis(160);
/// Lines shown at most.
const SHOWN_MAX: usize = 20;

/// What the palette knows while it is open.
#[derive(Clone, Copy)]
struct Find {
    text: RwSignal<String>,
    found: RwSignal<Vec<Candidate>>,
    kept: RwSignal<Vec<Recent>>,
    at: RwSignal<usize>,
    /// Which typing an answer belongs to.
    turn: StoredValue<u32>,
    /// Enter came before the answer: a scanner does not wait.
    hurried: StoredValue<bool>,
    busy: RwSignal<bool>,
}

/// The palette; closed until it is asked for.
#[component]
pub fn Palette(here: Here, overlay: Overlay) -> impl IntoView {
    let words = use_i18n();
    let find = Find::new();
    let speaker = expect_context::<Speaker>();
    let list = Memo::new(move |_| match overlay.was_opened() {
        false => Vec::new(),
        true => find.choices(here, words, speaker.muted().get()),
    });
    let run = runner(overlay);
    let choose = move |at: usize| {
        if let Some(choice) = list.with_untracked(|list| list.get(at).cloned()) {
            find.remember(here, &choice);
            overlay.close();
            run.with_value(|run| run(choice.deed));
        }
    };
    let place = overlay.find(move || find.open(here));
    let only_near = move || list.with(|list| list.first().is_some_and(|first| first.near));
    let hurry = move || {
        if !untrack(only_near) {
            choose(0);
        }
    };
    let on_input = move |event| find.typed(event_target_value(&event), here, hurry);
    let on_key = move |event: KeyboardEvent| {
        let last = list.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => find.at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => find.at.update(|at| *at = if *at == 0 { last } else { *at - 1 }),
            "Enter" if find.busy.get_untracked() => find.hurried.set_value(true),
            "Enter" => choose(find.at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
        show_chosen();
    };
    let active = move || (!list.with(Vec::is_empty)).then(|| format!("find-{}", find.at.get()));
    view! {
        <dialog class="sheet find" node_ref=place aria-label=move || t_string!(words, frame.find.title) on:click=close_outside>
            <div class="find-box">
                <Svg icon=Icon::Search />
                <input type="text" role="combobox" aria-expanded="true" aria-controls="find-list" aria-autocomplete="list"
                    aria-activedescendant=move || active() autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="100"
                    aria-label=move || t_string!(words, frame.find.title) placeholder=move || t_string!(words, frame.find.hint)
                    prop:value=find.text on:input=on_input on:keydown=on_key />
                <button type="button" class="icon-button" aria-label=move || t_string!(words, common.close) on:click=move |_| overlay.close()>
                    <Svg icon=Icon::Close />
                </button>
            </div>
            <ul id="find-list" class="find-list" role="listbox" aria-label=move || t_string!(words, frame.find.title)>
                {move || list.get().into_iter().enumerate().map(|(at, choice)| view! {
                    <Line choice at chosen=find.at choose=Callback::new(choose) />
                }).collect_view()}
            </ul>
            <p class="find-foot" role="status">{move || match list.with(Vec::len) {
                0 if find.busy.get() => t!(words, frame.find.busy).into_any(),
                0 => t!(words, frame.find.none).into_any(),
                _ if only_near() => t!(words, till.near).into_any(),
                _ => t!(words, frame.find.help).into_any(),
            }}</p>
        </dialog>
    }
}

/// One line.
#[component]
fn Line(choice: Choice, at: usize, chosen: RwSignal<usize>, choose: Callback<usize>) -> impl IntoView {
    let Choice { icon, name, kind, .. } = choice;
    view! {
        <li id=format!("find-{at}") class="find-line" role="option" aria-selected=move || (chosen.get() == at).to_string()
            on:click=move |_| choose.run(at)>
            <Svg icon /><span class="find-name">{name}</span><span class="find-kind">{kind}</span>
        </li>
    }
}

impl Find {
    fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            found: RwSignal::new(Vec::new()),
            kept: RwSignal::new(Vec::new()),
            at: RwSignal::new(0),
            turn: StoredValue::new(0),
            hurried: StoredValue::new(false),
            busy: RwSignal::new(false),
        }
    }

    /// Starts anew, with what was chosen of late.
    fn open(self, here: Here) {
        self.turn.update_value(|turn| *turn += 1);
        self.text.set(String::new());
        self.found.set(Vec::new());
        self.busy.set(false);
        self.hurried.set_value(false);
        self.at.set(0);
        self.kept.set(kept(here));
    }

    /// The lines: of late and everything when nothing is typed, else what the words match.
    fn choices(self, here: Here, words: crate::prefs::Words, muted: bool) -> Vec<Choice> {
        let typed = self.text.get();
        let mut choices =
            if typed.trim().is_empty() { choices::recent(&self.kept.get(), here, words) } else { Vec::new() };
        let all = choices::pages(here, words).into_iter().chain(choices::deeds(words, muted));
        let wanted = |choice: &Choice| choices::matches(&format!("{} {}", choice.name, choice.kind), &typed);
        choices.extend(all.filter(wanted));
        choices.extend(self.found.with(|found| choices::items(found, here, words)));
        choices.truncate(SHOWN_MAX);
        choices
    }

    fn typed(self, text: String, here: Here, choose_first: impl Fn() + 'static) {
        self.turn.update_value(|turn| *turn += 1);
        let (this, store) = (self.turn.get_value(), here.store().get_untracked().code);
        self.at.set(0);
        self.hurried.set_value(false);
        self.found.set(Vec::new());
        self.busy.set(text.trim().chars().count() > 1);
        self.text.set(text.clone());
        if !self.busy.get_untracked() {
            return;
        }
        let is_this = move || self.turn.try_get_value() == Some(this);
        let ask = async move {
            let found = search(store, text.trim().to_owned()).await.unwrap_or_default();
            if is_this() {
                self.found.set(found);
                self.busy.set(false);
                if self.hurried.get_value() {
                    choose_first();
                }
            }
        };
        set_timeout(
            move || {
                if is_this() {
                    spawn_local(ask)
                }
            },
            REST,
        );
    }

    fn remember(self, here: Here, choice: &Choice) {
        let Deed::Go(address) = &choice.deed else { return };
        let path = address.split('?').next().unwrap_or(address).to_owned();
        let kept = choices::remembered(kept(here), Recent { path, name: choice.name.clone() });
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&kept)) {
            storage.set_item(&kept_as(here), &text).ok();
        }
    }
}

/// Does what a line says.
fn runner(overlay: Overlay) -> StoredValue<Box<dyn Fn(Deed) + Send + Sync>> {
    let words = use_i18n();
    let navigate = use_navigate();
    let colours = expect_context::<Colours>().0;
    let speaker = expect_context::<Speaker>();
    let outbox = use_outbox();
    StoredValue::new(Box::new(move |deed| match deed {
        Deed::Go(address) => navigate(&address, NavigateOptions::default()),
        Deed::Wear(theme) => colours.set(theme),
        Deed::Speak(locale) => words.set_locale(locale),
        Deed::Mute(muted) => speaker.mute(muted),
        Deed::ShowKeys => overlay.show_keys(),
        Deed::SignOut => outbox.leave(),
    }))
}

/// A click beside the sheet closes it: it is the dialog itself that was hit, not what lies on it.
pub(super) fn close_outside(event: leptos::ev::MouseEvent) {
    use wasm_bindgen::JsCast;
    let dialog = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
    if let Some(dialog) = dialog {
        dialog.close();
    }
}

/// Scrolls the chosen line into view, once it is drawn.
fn show_chosen() {
    request_animation_frame(|| {
        if let Ok(Some(line)) = document().query_selector(".find-line[aria-selected=true]") {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            line.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn kept_as(here: Here) -> String {
    format!("recent:{}", here.me().key())
}

fn kept(here: Here) -> Vec<Recent> {
    let text = storage().and_then(|storage| storage.get_item(&kept_as(here)).ok().flatten());
    text.and_then(|text| crate::json::read(&text).ok()).unwrap_or_default()
}
