//! Fix stock: one counts what is on the shelf and says why, and the difference is booked.

use super::book::Book;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::api::adjust,
    parts::{Icon, Notice, Svg, quantity},
    prefs::Words,
};
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Line, NewAdjustment, PostingId, Quantity};

/// Why a number was wrong: stored in these words, shown in the reader's language.
const REASONS: [&str; 5] = ["miscounted", "found", "damaged", "lost", "own use"];

/// The reason in the reader's language; words of one's own stay as they are.
#[must_use]
pub fn reason(words: Words, stored: &str) -> String {
    match stored {
        "miscounted" => t_string!(words, item.fix.miscounted).to_string(),
        "found" => t_string!(words, item.fix.found).to_string(),
        "damaged" => t_string!(words, item.fix.damaged).to_string(),
        "lost" => t_string!(words, item.fix.lost).to_string(),
        "own use" => t_string!(words, item.fix.own_use).to_string(),
        other => other.to_owned(),
    }
}

/// What was counted, and what stood on the screen in that moment: selling goes on while one counts.
#[derive(Clone, Copy, PartialEq)]
struct Counted {
    now: Quantity,
    before: Quantity,
}

impl Counted {
    fn change(self) -> Option<Quantity> {
        self.now.checked_add(-self.before).filter(|change| *change != Quantity::ZERO)
    }
}

/// A typed number, with a point or a comma; below zero nothing can be counted.
fn typed(text: &str) -> Option<Quantity> {
    text.trim()
        .replace(',', ".")
        .parse()
        .ok()
        .filter(|counted: &Quantity| !counted.is_negative() && *counted <= Quantity::LINE_MAX)
}

/// The button, and the form that it opens.
#[component]
pub fn Fix(
    /// The item.
    book: Book,
) -> impl IntoView {
    let words = use_i18n();
    let open = RwSignal::new(false);
    view! {
        <Show
            when=move || open.get()
            fallback=move || view! {
                <button type="button" class="button wide" on:click=move |_| open.set(true)>
                    <Svg icon=Icon::Check />{t!(words, item.fix.open)}
                </button>
            }
        >
            <Form book open />
        </Show>
    }
}

#[component]
fn Form(book: Book, open: RwSignal<bool>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let counted = RwSignal::new(None::<Counted>);
    let unclear = RwSignal::new(false);
    let why = RwSignal::new(REASONS[0]);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    // The same id for all tries of one number, so that an answer that was lost does not book it twice.
    let id = StoredValue::new(PostingId::default());
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            field.focus().ok();
        }
    });
    let on_type = move |event| {
        let text = event_target_value(&event);
        id.set_value(PostingId::new());
        unclear.set(!text.trim().is_empty() && typed(&text).is_none());
        counted.set(typed(&text).map(|now| Counted { now, before: book.figures_untracked().0 }));
    };
    let change = move || counted.get().and_then(Counted::change);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(change) = counted.get_untracked().and_then(Counted::change) else { return };
        let adjustment = NewAdjustment {
            id: id.get_value(),
            store: here.store().get_untracked().code,
            occurred_at: None,
            number: None,
            reason: why.get_untracked().to_owned(),
            lines: vec![Line { sku: book.sku(), quantity: change, reason: None }],
        };
        busy.set(true);
        spawn_local(async move {
            let answer = adjust(adjustment).await;
            if busy.try_set(false).is_none() {
                open.set(answer.is_err());
                failure.set(answer.err());
                book.load();
            }
        });
    };
    let label = move || {
        let Some(Counted { now, .. }) = counted.get() else { return t_string!(words, item.fix.bad).to_string() };
        let Some(change) = change() else { return t_string!(words, item.fix.same).to_string() };
        let number = quantity(words.get_locale(), now);
        t_string!(words, item.fix.set, number = number, change = super::signed(words, change)).to_string()
    };
    view! {
        <form class="card fix" on:submit=on_submit>
            <p class="card-text">{t!(words, item.fix.text)}</p>
            <div class="field">
                <label for="counted">{t!(words, item.fix.counted)}</label>
                <input
                    id="counted"
                    inputmode="decimal"
                    autocomplete="off"
                    maxlength="16"
                    node_ref=field
                    aria-invalid=move || unclear.get().then_some("true")
                    on:input=on_type
                />
            </div>
            <fieldset class="choices">
                <legend>{t!(words, item.fix.why)}</legend>
                {REASONS.into_iter().map(|stored| view! {
                    <button
                        type="button"
                        class="choice"
                        aria-pressed=move || if why.get() == stored { "true" } else { "false" }
                        on:click=move |_| why.set(stored)
                    >
                        {move || reason(words, stored)}
                    </button>
                }).collect_view()}
            </fieldset>
            <Notice failure />
            <button type="submit" class="button primary wide" disabled=move || busy.get() || change().is_none()>{label}</button>
            <button type="button" class="button wide" on:click=move |_| open.set(false)>{t!(words, item.fix.close)}</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_number_from_zero_on() {
        assert_eq!(typed(" 12 "), Some(Quantity::whole(12)));
        assert_eq!(typed("2,5"), "2.5".parse().ok());
        assert_eq!(typed("0"), Some(Quantity::ZERO));
        for text in ["", "-1", "twelve", "1e3", "9999999999999"] {
            assert_eq!(typed(text), None, "{text}");
        }
    }

    #[test]
    fn the_difference_is_to_what_stood_there_when_it_was_counted() {
        let counted = Counted { now: Quantity::whole(12), before: Quantity::whole(-3) };
        assert_eq!(counted.change(), Some(Quantity::whole(15)));
        assert_eq!(Counted { now: counted.before, ..counted }.change(), None);
    }
}
