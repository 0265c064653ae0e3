//! Counting one item: a number, a reason, one button; and a choice when the number moved while one counted.

use super::{
    api::count,
    plausible,
    reason::{COUNTED, DidYouMean, Reasons},
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Notice, as_number, quantity},
    prefs::Words,
};
use leptos::{ev, html, task::spawn_local};
use model::{Corrected, Error, NewCount, PostingId, Quantity, Reused};

/// What the system thinks is there, and the version of that thought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// On hand.
    pub on_hand: Quantity,
    /// The balance's version.
    pub version: i64,
}

/// What was counted, beside what stood on the screen in that moment: selling goes on while one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    now: Quantity,
    seen: Level,
}

impl Counted {
    /// What will be booked.
    fn change(self) -> Option<Quantity> {
        self.now.checked_add(-self.seen.on_hand).filter(|change| *change != Quantity::ZERO)
    }

    /// It was counted before the number moved to that level: what moved since is taken along.
    fn before(self, moved: Level) -> Self {
        let since = moved.on_hand.checked_add(-self.seen.on_hand).unwrap_or_default();
        let now = self.now.checked_add(since).filter(|now| !now.is_negative()).unwrap_or_default();
        Self { now, seen: moved }
    }

    /// It was counted after the number had moved to that level.
    fn after(self, moved: Level) -> Self {
        Self { seen: moved, ..self }
    }
}

/// A typed number, with a point or a comma; below zero nothing can be counted.
fn typed(text: &str) -> Option<Quantity> {
    as_number(text).filter(|counted: &Quantity| !counted.is_negative() && *counted <= Quantity::LINE_MAX)
}

/// A change with its sign: `+3` or `−3`.
pub fn signed(words: Words, change: Quantity) -> String {
    let text = quantity(words.get_locale(), change);
    if change > Quantity::ZERO { format!("+{text}") } else { text }
}

/// The form, its state and its sending.
#[derive(Clone, Copy)]
struct Form {
    sku: StoredValue<String>,
    store: StoredValue<String>,
    /// Who counts.
    person: StoredValue<String>,
    level: Signal<Level>,
    counted: RwSignal<Option<Counted>>,
    sure: RwSignal<bool>,
    why: RwSignal<String>,
    busy: RwSignal<bool>,
    /// The number moved before the count arrived.
    moved: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    /// What was sent last: sent again with the same content it keeps its id, and counts once.
    sent: StoredValue<Option<NewCount>>,
    on_done: Callback<Option<Corrected>>,
    on_moved: Callback<()>,
}

impl Form {
    fn send(self, counted: Counted) {
        let mut new = NewCount {
            id: PostingId::new(),
            store: self.store.get_value(),
            sku: self.sku.get_value(),
            counted: counted.now,
            version: counted.seen.version,
            reason: self.why.get_untracked(),
        };
        if let Some(sent) = self.sent.get_value()
            && (NewCount { id: new.id, ..sent.clone() }) == new
        {
            new.id = sent.id;
        }
        self.sent.set_value(Some(new.clone()));
        self.busy.set(true);
        let by = Some(self.person.get_value());
        spawn_local(async move {
            let answer = count(new, by).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(corrected) => self.on_done.run(corrected),
                Err(Failure::Said(Error::Conflict(Reused::Version))) => {
                    self.failure.set(None);
                    self.moved.set(true);
                    self.on_moved.run(());
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    fn type_in(self, text: &str) {
        self.sure.set(false);
        self.moved.set(false);
        let seen = self.level.get_untracked();
        self.counted.set(typed(text).map(|now| Counted { now, seen }));
    }
}

/// Counts one item.
#[component]
pub fn Count(
    /// The item.
    sku: String,
    /// The store's code.
    store: String,
    /// What stands on the screen.
    #[prop(into)]
    level: Signal<Level>,
    /// It is booked, or waits for somebody else; none when the number was right.
    on_done: Callback<Option<Corrected>>,
    /// The number has moved: read it anew.
    on_moved: Callback<()>,
    /// Closed without a count.
    on_close: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    let form = Form {
        sku: StoredValue::new(sku),
        store: StoredValue::new(store),
        person: StoredValue::new(use_here().me().key()),
        level,
        counted: RwSignal::new(None),
        sure: RwSignal::new(false),
        why: RwSignal::new(COUNTED[0].to_owned()),
        busy: RwSignal::new(false),
        moved: RwSignal::new(false),
        failure: RwSignal::new(None),
        sent: StoredValue::new(None),
        on_done,
        on_moved,
    };
    let field = NodeRef::<html::Input>::new();
    let unclear = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            field.focus().ok();
        }
    });
    let on_type = move |event| {
        let text = event_target_value(&event);
        unclear.set(!text.trim().is_empty() && typed(&text).is_none());
        form.type_in(&text);
    };
    let change = move || form.counted.get().and_then(Counted::change);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(counted) = form.counted.get_untracked() {
            form.send(counted);
        }
    };
    let label = move || {
        let Some(Counted { now, .. }) = form.counted.get() else { return t_string!(words, item.fix.bad).to_string() };
        let number = quantity(words.get_locale(), now);
        let Some(change) = change() else { return t_string!(words, item.fix.same, number = number).to_string() };
        t_string!(words, item.fix.set, number = number, change = signed(words, change)).to_string()
    };
    let write = move |number: Quantity| {
        if let Some(field) = field.get_untracked() {
            field.set_value(&number.to_string());
            field.focus().ok();
        }
        form.type_in(&number.to_string());
    };
    let choose = Callback::new(move |reason: &'static str| form.why.set(reason.to_owned()));
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
            <Odd form write=Callback::new(write) />
            <Reasons reasons=&COUNTED question=Signal::derive(move || t_string!(words, item.fix.why).to_string()) chosen=form.why on_choose=choose />
            <Notice failure=form.failure />
            <Show
                when=move || form.moved.get()
                fallback=move || view! {
                    <button type="submit" class="button primary wide" disabled=move || form.busy.get() || form.counted.get().is_none()>{move || label()}</button>
                }
            >
                <Merge form write=Callback::new(write) />
            </Show>
            <button type="button" class="button wide" on:click=move |_| on_close.run(())>{t!(words, item.fix.close)}</button>
        </form>
    }
}

/// A number far from what is usual is asked about, on the spot.
#[component]
fn Odd(form: Form, write: Callback<Quantity>) -> impl IntoView {
    let doubt = Memo::new(move |_| {
        let counted = form.counted.get().filter(|_| !form.sure.get())?;
        Some((plausible::doubt(counted.now, Some(counted.seen.on_hand))?, counted.now))
    });
    view! {
        {move || doubt.get().map(|(meant, typed)| view! {
            <DidYouMean meant typed on_meant=Callback::new(move |()| write.run(meant)) on_typed=Callback::new(move |()| form.sure.set(true)) />
        })}
    }
}

/// The number moved while one counted: nothing was booked, and whoever counted knows which is right.
#[component]
fn Merge(form: Form, write: Callback<Quantity>) -> impl IntoView {
    let words = use_i18n();
    let shown = move |number| quantity(words.get_locale(), number);
    let choices = move || {
        let (counted, now) = (form.counted.get()?, form.level.get());
        (now.version != counted.seen.version).then_some((counted, now))
    };
    view! {
        {move || choices().map(|(counted, now)| {
            let (before, after) = (counted.before(now), counted.after(now));
            let (was, is) = (counted.seen.on_hand, now.on_hand);
            view! {
                <div class="notice merge" data-kind="warn" role="alert">
                    <p>{t!(words, day.merge.text, was = move || shown(was), is = move || shown(is), counted = move || shown(counted.now))}</p>
                    <button type="button" class="button" disabled=form.busy on:click=move |_| form.send(after)>
                        {t!(words, day.merge.after, number = move || shown(after.now))}
                    </button>
                    <button type="button" class="button" disabled=form.busy on:click=move |_| form.send(before)>
                        {t!(words, day.merge.before, number = move || shown(before.now))}
                    </button>
                    <button type="button" class="button" on:click=move |_| write.run(counted.now)>{t!(words, day.merge.again)}</button>
                </div>
            }
        })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(on_hand: i64, version: i64) -> Level {
        Level { on_hand: Quantity::whole(on_hand), version }
    }

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
        let counted = Counted { now: Quantity::whole(12), seen: level(-3, 4) };
        assert_eq!(counted.change(), Some(Quantity::whole(15)));
        assert_eq!(Counted { now: counted.seen.on_hand, ..counted }.change(), None);
    }

    #[test]
    fn a_sale_meanwhile_is_taken_along_by_a_count_before_it_and_not_by_one_after_it() {
        let counted = Counted { now: Quantity::whole(4), seen: level(5, 7) };
        assert_eq!(counted.before(level(3, 8)), Counted { now: Quantity::whole(2), seen: level(3, 8) });
        assert_eq!(counted.after(level(3, 8)), Counted { now: Quantity::whole(4), seen: level(3, 8) });
        assert_eq!(counted.before(level(-9, 8)).now, Quantity::ZERO);
    }
}
