//! The steps of one kind of document: above which value who approves, up to three of them.

use crate::i18n::{t, t_string, use_i18n};
use crate::parts::{Icon, Svg};
use crate::prelude::*;
use model::{ApprovalLimit, Approver, Money, PaperKind};

/// How many steps a kind has at most.
const MOST: usize = 3;

/// A kind's steps as they are typed; an empty one is none.
#[derive(Clone, Copy)]
pub struct Steps {
    /// Which kind.
    pub kind: PaperKind,
    typed: [(RwSignal<String>, RwSignal<Approver>); MOST],
    /// How many are shown.
    shown: RwSignal<usize>,
}

impl Steps {
    /// As they are set.
    pub fn new(kind: PaperKind, limits: &[ApprovalLimit]) -> Self {
        let set: Vec<&ApprovalLimit> = limits.iter().filter(|limit| limit.kind == kind).collect();
        let typed = std::array::from_fn(|at| {
            let amount = set.get(at).and_then(|limit| limit.amount).map(|amount| amount.to_string());
            let approver = set.get(at).map_or(Approver::ALL[at], |limit| limit.approver);
            (RwSignal::new(amount.unwrap_or_default()), RwSignal::new(approver))
        });
        Self { kind, typed, shown: RwSignal::new(set.len().clamp(1, MOST)) }
    }

    /// What is typed; `None` while something is no amount. Without any the kind has no limit.
    pub fn typed(self) -> Option<Vec<ApprovalLimit>> {
        let kind = self.kind;
        let mut steps = Vec::new();
        for (amount, approver) in self.typed {
            let text = amount.get().trim().replace(',', ".");
            let approver = approver.get();
            if !text.is_empty() {
                steps.push(ApprovalLimit { kind, amount: Some(text.parse::<Money>().ok()?), approver });
            }
        }
        if steps.is_empty() {
            steps.push(ApprovalLimit { kind, amount: None, approver: Approver::default() });
        }
        Some(steps)
    }
}

/// Who approves above what somebody like that does; nobody above the strictest.
fn stricter(than: Approver) -> Option<Approver> {
    Approver::ALL.into_iter().find(|one| *one > than)
}

/// The fields of one kind.
#[component]
pub fn Kind(
    steps: Steps,
    /// What the kind is called.
    name: Signal<String>,
    currency: StoredValue<String>,
    /// May the reader set them?
    manages: Signal<bool>,
    /// Something was typed.
    on_change: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    let empty = move |at: usize| steps.typed[at].0.with(|amount| amount.trim().is_empty());
    let called = move |at: usize| match at {
        0 => name.get(),
        _ => t_string!(words, people.rules.step, what = name.get(), nth = (at + 1).to_string()).to_string(),
    };
    let field = move |at: usize| {
        let (amount, approver) = steps.typed[at];
        let kind = steps.kind.name();
        let (id, who) = match at {
            0 => (format!("limit-{kind}"), format!("approver-{kind}")),
            _ => (format!("limit-{kind}-{at}"), format!("approver-{kind}-{at}")),
        };
        let choice = move |one: Approver, name: &'static str| {
            view! { <option value=one.name() selected=move || approver.get() == one>{name}</option> }
        };
        let choices = move || {
            view! {
                {choice(Approver::Manager, t_string!(words, people.rules.manager))}
                {choice(Approver::Administrator, t_string!(words, people.rules.administrator))}
                {choice(Approver::Chief, t_string!(words, people.rules.chief))}
            }
        };
        view! {
            <div class="field">
                <label for=id.clone()>{move || called(at)} " (" {currency.get_value()} ")"</label>
                <input id=id inputmode="decimal" maxlength="14" autocomplete="off" disabled=move || !manages.get() prop:value=amount on:input:target=move |event| { on_change.run(()); amount.set(event.target().value()) } />
            </div>
            // Without a limit there is nobody to choose.
            <Show when=move || !empty(at)>
                <div class="field">
                    <label for=who.clone()>{move || t_string!(words, people.rules.who, what = called(at)).to_string()}</label>
                    <select id=who.clone() disabled=move || !manages.get() on:change:target=move |event| { on_change.run(()); approver.set(Approver::named(&event.target().value())) }>{move || choices()}</select>
                </div>
            </Show>
        }
    };
    let more = move || {
        let shown = steps.shown.get();
        manages.get() && shown < MOST && !empty(shown - 1) && stricter(steps.typed[shown - 1].1.get()).is_some()
    };
    let add = move |_| {
        let shown = steps.shown.get_untracked();
        // Somebody stricter than who approves below.
        if let Some(next) = stricter(steps.typed[shown - 1].1.get_untracked()) {
            steps.typed[shown].1.set(next);
            steps.shown.set(shown + 1);
        }
    };
    view! {
        <For each=move || 0..steps.shown.get() key=|at| *at let:at>{field(at)}</For>
        <Show when=more>
            <button type="button" class="button quiet" on:click=add><Svg icon=Icon::Plus />{t!(words, people.rules.add_step)}
                <span class="unseen">{name}</span></button>
        </Show>
    }
}
