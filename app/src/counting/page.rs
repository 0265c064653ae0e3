//! One count: at the shelf while it is being counted, then the look at what differs.

use super::{
    api::{Shown, shown_count},
    finish::Finish,
    review::Review,
    tally::{self, InHand, Tally},
    words as called,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::escape,
    live::{Follow, follow},
    parts::{Notice, Pad, Saying, ScanField, Scanned, Skeleton, quantity},
};
use crate::{json::brought, prelude::*};
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{CountState, Counting, Error, PaperId, Quantity, Since};

/// The page of one count.
#[component]
pub fn CountPage() -> impl IntoView {
    let params = use_params_map();
    let first = brought(
        move || params.read().get("id").unwrap_or_default(),
        |id| async move {
            let id: PaperId = id.parse().map_err(|_| Failure::from(Error::NotFound))?;
            shown_count(id).await
        },
    );
    view! {
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok(shown) => Either::Left(view! { <Count shown /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Count(shown: Since<Shown>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let count = shown.data.count().clone();
    let (id, by) = (count.id, count.by);
    let as_of = shown.as_of;
    let shown = RwSignal::new(shown.data);
    let following = StoredValue::new(None::<Follow>);
    let topics = vec![format!("paper:{id}"), format!("at:{id}")];
    following.set_value(Some(follow(topics, as_of, move || shown_count(id), move |now| shown.set(now))));
    let state = Memo::new(move |_| shown.with(|shown| shown.count().state));
    let kind = Memo::new(move |_| {
        shown.with(|shown| match shown {
            Shown::Counting(_) => 0,
            Shown::Review(_) => 1,
            Shown::Head(_) => 2,
        })
    });
    let number = StoredValue::new(count.number);
    let over = move || match state.get() {
        CountState::Cancelled | CountState::Rejected => t_string!(words, counting.over),
        CountState::Posted => t_string!(words, counting.done),
        CountState::Undone => t_string!(words, counting.undone),
        _ => t_string!(words, counting.handed_in),
    };
    view! {
        <Title text=number.get_value() />
        <header class="page-head count-head">
            <A href=move || here.link("/counts") attr:class="back-link">{t!(words, counting.back)}</A>
            <h1>{number.get_value()} " " <span class="count-state" data-state=move || state.get().name()>{move || called::state(words, state.get())}</span></h1>
            <p>{move || called::over(words, by, &count.place, &count.place_name)} {count.note.map(|note| format!(" · {note}"))}</p>
        </header>
        {move || match kind.get() {
            0 => view! { <AtShelf id shown following /> },
            1 => view! { <TooLate id /><Review id shown following /> },
            _ => view! { <TooLate id /><p class="notice" role="status">{move || over()}</p> },
        }}
    }
}

/// What this device did not get through before the count was handed in: nobody may think that it is in there.
#[component]
fn TooLate(id: PaperId) -> impl IntoView {
    let words = use_i18n();
    let person = StoredValue::new(use_here().me().key());
    let left = RwSignal::new(Vec::new());
    Effect::new(move || left.set(tally::kept(id, &person.get_value())));
    let told = move |_| {
        tally::forget(id, &person.get_value());
        left.set(Vec::new());
    };
    view! {
        <Show when=move || left.with(|left| !left.is_empty())>
            <section class="notice" data-kind="warn" role="alert">
                <p>{t!(words, counting.too_late, count = move || left.with(Vec::len))}</p>
                <ul class="count-lines">
                    <For each=move || left.get() key=|entry| entry.id let:entry>
                        <li><strong>{entry.code}</strong> <span class="count-size">{move || quantity(words.get_locale(), entry.quantity)}</span></li>
                    </For>
                </ul>
                <button type="button" class="button" on:click=told>{t!(words, counting.too_late_told)}</button>
            </section>
        </Show>
    }
}

/// What is shown while it is being counted.
fn counting<T>(shown: RwSignal<Shown>, read: impl Fn(&Counting) -> T) -> Option<T> {
    shown.with(|shown| match shown {
        Shown::Counting(counting) => Some(read(counting)),
        _ => None,
    })
}

#[component]
fn AtShelf(id: PaperId, shown: RwSignal<Shown>, following: StoredValue<Option<Follow>>) -> impl IntoView {
    let words = use_i18n();
    let tally = Tally::open(id, use_here().me().key(), words, following);
    let clear = Trigger::new();
    let scanned = Callback::new(move |scanned: Scanned| tally.add(scanned.code, Quantity::whole(1)));
    let waiting = Memo::new(move |_| i64::try_from(tally.queue.with(Vec::len)).unwrap_or(i64::MAX));
    view! {
        <div class="count-scan">
            <ScanField on_code=scanned on_text=Callback::new(|_: String| ()) clear said=tally.said />
            <div class="field count-shelf">
                <label for="count-shelf">{t!(words, counting.shelf)}</label>
                <input id="count-shelf" maxlength="40" autocomplete="off" placeholder=move || t_string!(words, counting.shelf_hint) on:input:target=move |event| tally.shelf.set(event.target().value()) />
            </div>
        </div>
        <Saying said=tally.said />
        <Notice failure=tally.failure />
        <Hand tally clear />
        // One that is on its way for a moment is not worth a word.
        <Show when=move || { waiting.get() > i64::from(!tally.held.get()) }>
            <p class="quiet">{t!(words, counting.to_send, count = move || waiting.get())}</p>
        </Show>
        <Aside tally />
        <Left tally shown />
        <Others shown />
        <Finish id shown waiting=Signal::derive(move || waiting.get() > 0) following />
    }
}

/// The item in hand: how many so far, one more, one less, or a number.
#[component]
fn Hand(tally: Tally, clear: Trigger) -> impl IntoView {
    let words = use_i18n();
    let typing = RwSignal::new(false);
    let one = move |item: &InHand, size: i64| tally.add(item.sku.clone(), Quantity::whole(size));
    let pad = move |item: InHand| {
        let title = t_string!(words, counting.pad, name = item.name.clone()).to_string();
        let done = Callback::new(move |number: String| {
            typing.set(false);
            if let Ok(total) = number.parse() {
                tally.set_run(total);
            }
            clear.notify();
        });
        let code = Callback::new(move |code: String| {
            typing.set(false);
            tally.add(code, Quantity::whole(1));
            clear.notify();
        });
        let close = Callback::new(move |()| {
            typing.set(false);
            clear.notify()
        });
        view! { <Pad title start=item.run.to_string() fractions=item.unit != "piece" on_done=done on_code=code on_close=close /> }
    };
    view! {
        {move || match tally.in_hand.get() {
            None => view! { <p class="count-hand quiet">{t!(words, counting.scan_first)}</p> },
            Some(item) if typing.get() => pad(item),
            Some(item) => {
                let (less, more, name) = (item.clone(), item.clone(), item.name.clone());
                let none = item.run <= Quantity::ZERO;
                view! {
                    <section class="card count-hand" aria-label=name>
                        <h2>{item.name}</h2>
                        <p class="quiet">{item.sku}</p>
                        <p class="count-number"><strong>{called::of_unit(words, item.counted, &item.unit)}</strong> <span class="quiet">{t!(words, counting.so_far)}</span></p>
                        <div class="count-keys">
                            <button type="button" class="button" disabled=none aria-label=move || t_string!(words, counting.one_less) on:click=move |_| one(&less, -1)>"−1"</button>
                            <button type="button" class="button" on:click=move |_| typing.set(true)>{t!(words, counting.number)}</button>
                            <button type="button" class="button" aria-label=move || t_string!(words, counting.one_more) on:click=move |_| one(&more, 1)>"+1"</button>
                        </div>
                    </section>
                }
            }
        }}
    }
}

/// What does not count, and what can be done about it later.
#[component]
fn Aside(tally: Tally) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Show when=move || tally.aside.with(|all| !all.is_empty())>
            <section class="card">
                <h2>{t!(words, counting.aside)}</h2>
                <p class="card-text">{t!(words, counting.aside_help)}</p>
                <ul class="count-lines">
                    <For each=move || tally.aside.get() key=|aside| aside.id let:aside>
                        <li>
                            <span><strong>{aside.code.clone()}</strong> <small>{move || called::aside(words, aside.why)}</small></span>
                            {(aside.why == model::EntryAside::Unknown && untrack(|| here.may(model::Action::EditItems))).then(|| {
                                let code = escape(&aside.code);
                                let address = format!("{}{}code={code}", here.link("/products/new"), if here.link("/").contains('?') { "&" } else { "?" });
                                view! { <A href=address attr:class="button">{t!(words, counting.add_product)}</A> }
                            })}
                        </li>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

/// What is still to be counted, where that is a list.
#[component]
fn Left(tally: Tally, shown: RwSignal<Shown>) -> impl IntoView {
    let words = use_i18n();
    let total = Memo::new(move |_| counting(shown, |counting| counting.left_total).unwrap_or_default());
    let rows = move || counting(shown, |counting| counting.left.clone()).unwrap_or_default();
    view! {
        <Show when=move || { total.get() > 0 }>
            <section class="card">
                <h2>{t!(words, counting.left, count = move || total.get())}</h2>
                <ul class="count-lines">
                    <For each=rows key=|line| (line.sku.clone(), line.again) let:line>
                        <li>
                            <span>
                                <strong>{line.name}</strong> <small>{line.sku.clone()}</small>
                                {line.not_you.then(|| view! { <small>{t!(words, counting.why.not_you)}</small> })}
                            </span>
                            {(!line.not_you).then(|| view! {
                                <button type="button" class="button" on:click=move |_| tally.add(line.sku.clone(), Quantity::ZERO)>{t!(words, counting.none_here)}</button>
                            })}
                        </li>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

/// Who counts, and what was counted last.
#[component]
fn Others(shown: RwSignal<Shown>) -> impl IntoView {
    let words = use_i18n();
    let people = move || counting(shown, |counting| counting.people.clone()).unwrap_or_default();
    let latest = move || counting(shown, |counting| counting.latest.clone()).unwrap_or_default();
    view! {
        <section class="card">
            <h2>{t!(words, counting.people)}</h2>
            <Show when=move || !people().is_empty() fallback=move || view! { <p class="quiet">{t!(words, counting.nobody)}</p> }>
                <ul class="count-people">
                    <For each=people key=|person| (person.name.clone(), person.entries, person.shelf.clone()) let:person>
                        {
                            let entries = person.entries;
                            view! { <li><strong>{move || called::person(words, &person)}</strong> " · " {t!(words, counting.entries, count = move || entries)}</li> }
                        }
                    </For>
                </ul>
                <h3>{t!(words, counting.latest)}</h3>
                <ul class="count-lines">
                    <For each=latest key=|entry| entry.id let:entry>
                        <li>
                            <span><strong>{entry.name}</strong> <small>{entry.author} {entry.shelf.map(|shelf| format!(" · {shelf}"))}</small></span>
                            <span class="count-size">{move || quantity(words.get_locale(), entry.quantity)}</span>
                        </li>
                    </For>
                </ul>
            </Show>
        </section>
    }
}
