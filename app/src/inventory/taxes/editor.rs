//! One tax class: its name, and how many percent from which day on.

use super::{
    api::find_tax_class,
    desk::{Desk, Typed},
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Skeleton, Svg, UndoBar},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Action, Error, TaxClass, TaxClassId};

/// The page: `/taxes/ID?store=LON`; an id that nobody has is a new class.
#[component]
pub fn TaxClassPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let nobody = || TaxClassId(uuid::Uuid::nil());
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(nobody));
    let found = brought(
        move || id.get(),
        |id| async move {
            match find_tax_class(id).await {
                Ok(known) => Ok((id, Some(known))),
                Err(Failure::Said(Error::NotFound)) => Ok((id, None)),
                Err(failure) => Err(failure),
            }
        },
    );
    view! {
        <Title text=move || t_string!(words, taxes.title) />
        <A href=move || here.link("/taxes") attr:class="back"><Svg icon=Icon::Back />{t!(words, taxes.back)}</A>
        <Transition fallback=|| view! { <Skeleton rows=4 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok((id, known)) => Either::Left(view! { <Editor id known /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Editor(id: TaxClassId, known: Option<TaxClass>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let keeps = here.may_everywhere(Action::EditItems);
    let desk = Desk::open(words, id, known);
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        desk.save();
    };
    let wrong = move || desk.typed().is_none() && desk.open.get();
    let done = Signal::derive(move || t_string!(words, taxes.saved).to_string());
    view! {
        <header class="page-head">
            <h1>{move || if desk.version.get() == 0 { t_string!(words, taxes.add).to_owned() } else { desk.name.get() }}</h1>
            {(!keeps).then(|| view! { <p class="hint">{t!(words, taxes.not_yours)}</p> })}
        </header>
        <form class="card product-form narrow" on:submit=save>
            <fieldset class="plain" disabled=!keeps>
                <div class="field"><label for="class-name">{t!(words, taxes.name)}</label>
                    <input id="class-name" maxlength="40" autocomplete="off" aria-describedby="class-name-hint" prop:value=desk.name on:input:target=move |event| { desk.name.set(event.target().value()); desk.open.set(true) } />
                    <p id="class-name-hint" class="hint">{t!(words, taxes.name_hint)}</p></div>
                <ul class="price-lines">
                    <For each=move || desk.rates.get() key=|rate| rate.nth let:rate><Rate desk rate /></For>
                </ul>
                <p class="hint">{t!(words, taxes.rates_hint)}</p>
                <button type="button" class="button wide" on:click=move |_| desk.add()><Svg icon=Icon::Plus />{t!(words, taxes.add_rate)}</button>
            </fieldset>
            <Notice failure=desk.failure />
            <p class="wrong" role="status">{move || wrong().then(|| view! { <Svg icon=Icon::Warning />{t!(words, taxes.wrong)} })}</p>
            {keeps.then(|| view! {
                <button type="submit" class="button primary wide" disabled=move || desk.busy.get() || desk.typed().is_none()>{t!(words, taxes.save)}</button>
            })}
        </form>
        <Show when=move || desk.before.read().is_some()>
            <UndoBar text=done busy=desk.busy on_undo=Callback::new(move |()| desk.undo()) on_close=Callback::new(move |()| desk.before.set(None)) />
        </Show>
    }
}

#[component]
fn Rate(desk: Desk, rate: Typed) -> impl IntoView {
    let words = use_i18n();
    let Typed { nth, from_day, rate } = rate;
    let (rate_id, day_id) = (format!("rate-{nth}"), format!("rate-from-{nth}"));
    view! {
        <li class="price-line rate-line">
            <div class="field"><label for=rate_id.clone()>{t!(words, taxes.rate)}</label>
                <input id=rate_id inputmode="decimal" maxlength="8" autocomplete="off" value=rate on:input:target=move |event| desk.set(nth, |rate| rate.rate = event.target().value()) /></div>
            <div class="field"><label for=day_id.clone()>{t!(words, taxes.from_day)}</label>
                <input id=day_id type="date" value=from_day on:input:target=move |event| desk.set(nth, |rate| rate.from_day = event.target().value()) /></div>
            <button type="button" class="icon-button" aria-label=move || t_string!(words, taxes.remove) on:click=move |_| desk.drop_rate(nth)><Svg icon=Icon::Close /></button>
        </li>
    }
}
