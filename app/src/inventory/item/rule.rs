//! By which rules an item is bought for the store looked at, for those who order.

use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::purchases::api::{find_reorder_rule, set_reorder_rule},
    parts::{Icon, Notice, Speaker, Svg, Tone, UndoBar},
};
use leptos::{ev, task::spawn_local};
use model::{Action, Quantity, ReorderRule};

/// What is typed; empty where nothing is said.
#[derive(Clone, Copy)]
struct Typed {
    safety: RwSignal<String>,
    safety_days: RwSignal<String>,
    multiple: RwSignal<String>,
    cover_days: RwSignal<String>,
}

impl Typed {
    fn of(rule: &ReorderRule) -> Self {
        let typed = Self {
            safety: RwSignal::new(String::new()),
            safety_days: RwSignal::new(String::new()),
            multiple: RwSignal::new(String::new()),
            cover_days: RwSignal::new(String::new()),
        };
        typed.show(rule);
        typed
    }

    fn show(self, rule: &ReorderRule) {
        let size = |size: Option<Quantity>| size.map(|size| size.to_string()).unwrap_or_default();
        let days = |days: Option<i64>| days.map(|days| days.to_string()).unwrap_or_default();
        self.safety.set(size(rule.safety));
        self.safety_days.set(days(rule.safety_days));
        self.multiple.set(size(rule.multiple));
        self.cover_days.set(days(rule.cover_days));
    }

    /// The rule that it says; `None` while something typed is no number. Until when the item is put off stays.
    fn rule(self, before: &ReorderRule) -> Option<ReorderRule> {
        Some(ReorderRule {
            safety: number(&self.safety.read())?,
            safety_days: number(&self.safety_days.read())?,
            multiple: number(&self.multiple.read())?,
            cover_days: number(&self.cover_days.read())?,
            snoozed_until: before.snoozed_until.clone(),
        })
    }
}

/// A typed number, nothing for nothing; `None` for what is no number.
fn number<T: std::str::FromStr>(text: &str) -> Option<Option<T>> {
    let text = text.trim().replace(',', ".");
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

/// The section, once its rule has come.
#[component]
pub fn Rule(store: String, sku: String) -> impl IntoView {
    let here = use_here();
    let first = RwSignal::new(None);
    // In the browser, once the sheet stands.
    Effect::new(move || {
        let (store, sku) = (store.clone(), sku.clone());
        if untrack(|| here.may(Action::Purchase)) {
            spawn_local(async move {
                if let Ok(rule) = find_reorder_rule(store.clone(), sku.clone()).await {
                    first.try_set(Some((store, sku, rule)));
                }
            });
        }
    });
    move || first.get().map(|(store, sku, rule)| view! { <Form store sku rule /> })
}

#[component]
fn Form(store: String, sku: String, rule: ReorderRule) -> impl IntoView {
    let words = use_i18n();
    let speaker: Speaker = expect_context();
    let typed = Typed::of(&rule);
    let of = StoredValue::new((store, sku));
    let saved = RwSignal::new(rule);
    let undo = RwSignal::new(None::<ReorderRule>);
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let wanted = move || saved.with(|saved| typed.rule(saved));
    let wrong = move || wanted().is_none();
    let same = move || wanted().is_some_and(|rule| saved.with(|saved| *saved == rule));
    let send = move |rule: ReorderRule, back: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (store, sku) = of.get_value();
        spawn_local(async move {
            let answer = set_reorder_rule(store, sku, rule).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(now) => {
                    typed.show(&now);
                    undo.set((!back).then(|| saved.get_untracked()));
                    saved.set(now);
                    failure.set(None);
                    speaker.play(Tone::Done);
                }
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(rule) = untrack(wanted) {
            send(rule, false);
        }
    };
    let put_back = Callback::new(move |()| {
        if let Some(before) = undo.get_untracked() {
            send(before, true);
        }
    });
    let field = move |id: &'static str, name: fn(crate::prefs::Words) -> &'static str, text: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{move || name(words)}</label>
                <input id=id inputmode="decimal" maxlength="16" autocomplete="off" prop:value=text on:input:target=move |event| text.set(event.target().value()) />
            </div>
        }
    };
    view! {
        <form class="card form" aria-labelledby="item-rule" on:submit=on_submit>
            <h2 id="item-rule">{t!(words, item.rule.title)}</h2>
            <p class="card-text">{t!(words, item.rule.lead)}</p>
            {field("rule-safety", |words| t_string!(words, item.rule.safety), typed.safety)}
            {field("rule-safety-days", |words| t_string!(words, item.rule.safety_days), typed.safety_days)}
            {field("rule-multiple", |words| t_string!(words, item.rule.multiple), typed.multiple)}
            {field("rule-cover-days", |words| t_string!(words, item.rule.cover_days), typed.cover_days)}
            <p class="wrong" role="status">{move || wrong().then(|| view! { <Svg icon=Icon::Warning />{t!(words, item.rule.wrong)} })}</p>
            <Notice failure />
            <button type="submit" class="button wide" disabled=move || busy.get() || same()>
                <Svg icon=Icon::Check />{t!(words, item.rule.save)}
            </button>
            <Show when=move || undo.read().is_some()>
                <UndoBar text=Signal::derive(move || t_string!(words, item.rule.saved).to_string()) busy on_undo=put_back
                    on_close=Callback::new(move |()| undo.set(None)) />
            </Show>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_says_nothing_and_nonsense_is_no_rule() {
        assert_eq!(number::<i64>(" "), Some(None));
        assert_eq!(number::<Quantity>("0,5"), Some("0.5".parse().ok()));
        assert_eq!((number::<i64>("soon"), number::<Quantity>("1.2.3")), (None, None));
    }
}
