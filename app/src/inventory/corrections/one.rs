//! One correction that had to wait: what it would change, who found it, and the word of whoever decides.

use super::{
    api::{find_correction, step_correction},
    shown, state_name,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{count::signed, purchases::nobody, reason::reason, stock::item_link, undo::Undo},
    live::{Follow, follow},
    parts::{Icon, Moment, Notice, Skeleton, Svg, money, quantity},
    rules::approves,
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Action, Correction, CorrectionLine, CorrectionState, CorrectionStep, DocumentKind, PostingId, Since};

/// The page: `/corrections/ID?store=LON`.
#[component]
pub fn CorrectionPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(nobody));
    let found = brought(move || id.get(), find_correction);
    view! {
        <Title text=move || t_string!(words, corrections.title) />
        <A href=move || shown(&here.store().get().code, "") attr:class="back"><Svg icon=Icon::Back />{t!(words, corrections.title)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok(first) => Either::Left(view! { <One first /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn One(first: Since<Correction>) -> impl IntoView {
    let words = use_i18n();
    let zone = use_here().store().get_untracked().time_zone;
    let Since { data, as_of, .. } = first;
    let Correction { id, number, reference, reason: why, author, occurred_at, store, .. } = data.clone();
    let currency = StoredValue::new(data.currency.clone());
    let now = RwSignal::new(data);
    // What is on hand changes with every sale.
    let topics = vec![format!("paper:{id}"), format!("stock:{store}")];
    let following = follow(topics, as_of, move || find_correction(id), move |data| now.set(data));
    let state = Memo::new(move |_| now.with(|now| now.state));
    let lines = move || now.with(|now| (1_u32..).zip(now.lines.clone()).collect::<Vec<_>>());
    let worth = move || {
        now.with(|now| match now.value {
            Some(value) => money(words.get_locale(), &now.currency, value),
            None => t_string!(words, corrections.unknown_worth).to_owned(),
        })
    };
    view! {
        <div class="till purchase">
            <section class="till-main">
                <header class="purchase-head">
                    <h1>{move || reason(words, &why)}<small>{number}</small></h1>
                    <span class="state" data-state=move || state.get().name()>{move || state_name(words, state.get())}</span>
                    <p class="quiet">{t!(words, corrections.by, name = author)}" · "<Moment at=occurred_at zone />" "{reference}</p>
                </header>
                <ul class="lines" aria-label=move || t_string!(words, corrections.lines_name)>
                    <For each=lines key=|(at, line)| (*at, line.on_hand.parts(), line.counted_since) let:one>
                        <Line line=one.1 store=store.clone() currency=currency.get_value() />
                    </For>
                </ul>
            </section>
            <aside class="till-side purchase-side">
                <p class="purchase-total"><span>{t!(words, corrections.worth)}</span><strong>{worth}</strong></p>
                <Decision now />
                <Decide now following />
                <Show when=move || now.with(|now| now.may_undo)>
                    <Undo posting=PostingId(id.0) kind=DocumentKind::Adjustment on_answer=Callback::new(move |()| following.now()) />
                </Show>
            </aside>
        </div>
    }
}

#[component]
fn Line(line: CorrectionLine, store: String, currency: String) -> impl IntoView {
    let words = use_i18n();
    let CorrectionLine { sku, name, quantity: size, value, reason: why, aside, on_hand, counted_since, .. } = line;
    let now = move || {
        let number = quantity(words.get_locale(), on_hand);
        if aside {
            t_string!(words, corrections.aside, number = number).to_string()
        } else {
            t_string!(words, corrections.on_hand, number = number).to_string()
        }
    };
    view! {
        <li class="line purchase-line">
            <div class="line-name">
                <strong><A href=item_link(&sku, &store)>{name}</A></strong>
                <span class="line-facts">
                    <span>{sku}</span>
                    <span>{now}</span>
                    {why.map(|why| view! { <span>{move || reason(words, &why)}</span> })}
                </span>
                {counted_since.then(|| view! { <span class="line-short"><Svg icon=Icon::Warning />{t!(words, corrections.counted_since)}</span> })}
            </div>
            <p class="line-count purchase-count">{move || signed(words, size)}</p>
            <div class="line-money"><strong>{move || value.map(|value| money(words.get_locale(), &currency, value))}</strong></div>
        </li>
    }
}

/// What was decided, by whom and why; and why the reader does not decide.
#[component]
fn Decision(now: RwSignal<Correction>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let approver = move || now.with(|now| now.approver.clone());
    let by = move || now.with(|now| now.approved_by.unwrap_or_default());
    let word = move || now.with(|now| now.word.clone());
    let waits = move || now.with(|now| now.state == CorrectionState::Waiting);
    let has = move |step| now.with(|now| now.next.contains(&step));
    let own = move || waits() && has(CorrectionStep::Withdraw);
    let administrator = move || waits() && !own() && !has(CorrectionStep::Approve) && here.may(Action::Approve);
    let not_yet = move || waits() && !own() && !here.may(Action::Approve);
    view! {
        {move || approver().map(|name| view! { <p>{t!(words, corrections.approved_by, name = name)}</p> })}
        {move || word().map(|word| view! { <p>{t!(words, corrections.rejected_because, reason = word)}</p> })}
        <Show when=own><p class="quiet">{t!(words, corrections.own)}</p></Show>
        <Show when=not_yet><p class="quiet">{move || approves(words, by())}</p></Show>
        <Show when=administrator><p class="notice" data-kind="warn">{move || approves(words, by())}</p></Show>
    }
}

/// Approving, not approving with why, and taking back.
#[component]
fn Decide(now: RwSignal<Correction>, following: Follow) -> impl IntoView {
    let words = use_i18n();
    let why = RwSignal::new(String::new());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let has = move |step| now.with(|now| now.next.contains(&step));
    let take = move |step: CorrectionStep, reason: Option<String>| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (id, version) = now.with_untracked(|now| (now.id, now.version));
        spawn_local(async move {
            let answer = step_correction(id, version, step, reason).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            failure.set(answer.err());
            following.now();
        });
    };
    let silent = move || why.with(|why| why.trim().is_empty());
    let reject = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(silent) {
            take(CorrectionStep::Reject, Some(why.get_untracked().trim().to_owned()));
        }
    };
    view! {
        <Notice failure />
        <Show when=move || has(CorrectionStep::Approve)>
            <button type="button" class="button primary wide" disabled=busy on:click=move |_| take(CorrectionStep::Approve, None)>
                <Svg icon=Icon::Check />{t!(words, corrections.approve)}
            </button>
        </Show>
        <Show when=move || has(CorrectionStep::Reject)>
            <details class="purchase-more">
                <summary>{t!(words, corrections.reject)}</summary>
                <form on:submit=reject>
                    <div class="field"><label for="correction-why">{t!(words, corrections.reject_why)}</label>
                        <input id="correction-why" required maxlength="200" autocomplete="off" prop:value=why on:input=move |event| why.set(event_target_value(&event)) /></div>
                    <button type="submit" class="button wide" disabled=move || silent() || busy.get()>{t!(words, corrections.reject_it)}</button>
                </form>
            </details>
        </Show>
        <Show when=move || has(CorrectionStep::Withdraw)>
            <button type="button" class="button wide" disabled=busy on:click=move |_| take(CorrectionStep::Withdraw, None)>{t!(words, corrections.withdraw)}</button>
        </Show>
    }
}
