//! One price list: where and when it holds, and what things cost by it.

use super::{
    api::find_price_list,
    desk::{Desk, Typed},
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::picker::Pick,
    parts::{Empty, Icon, Notice, Skeleton, Svg, UndoBar, money},
    prefs::Words,
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Action, Error, PriceListId, Prices};

/// The page: `/prices/ID?store=LON`; an id that nobody has is a new list.
#[component]
pub fn PriceListPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let nobody = || PriceListId(uuid::Uuid::nil());
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(nobody));
    let found = brought(
        move || id.get(),
        |id| async move {
            match find_price_list(id).await {
                Ok(known) => Ok((id, Some(known.data))),
                Err(Failure::Said(Error::NotFound)) => Ok((id, None)),
                Err(failure) => Err(failure),
            }
        },
    );
    view! {
        <Title text=move || t_string!(words, prices.title) />
        <A href=move || here.link("/prices") attr:class="back"><Svg icon=Icon::Back />{t!(words, prices.back)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
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
fn Editor(id: PriceListId, known: Option<Prices>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let store = here.store().get_untracked();
    let currency = StoredValue::new(store.currency.clone());
    let all = known.as_ref().is_some_and(|known| known.list.store.is_none());
    let keeps = if all { here.may_everywhere(Action::EditItems) } else { untrack(|| here.may(Action::EditItems)) };
    let desk = Desk::open(words, id, store.code, known);
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        desk.save();
    };
    let wrong = move || desk.typed().is_none() && desk.open.get();
    let done = Signal::derive(move || t_string!(words, prices.saved).to_string());
    view! {
        <header class="page-head">
            <h1>{move || if desk.version.get() == 0 { t_string!(words, prices.new_title).to_owned() } else { desk.name.get() }}</h1>
            {(!keeps).then(|| view! { <p class="hint">{t!(words, prices.not_yours)}</p> })}
        </header>
        <div class="price-columns">
            <form class="card product-form" on:submit=save>
                <fieldset class="plain" disabled=!keeps><Fields desk /></fieldset>
                <Notice failure=desk.failure />
                <p class="wrong" role="status">{move || wrong().then(|| view! { <Svg icon=Icon::Warning />{t!(words, prices.wrong)} })}</p>
                {keeps.then(|| view! {
                    <button type="submit" class="button primary wide" disabled=move || desk.busy.get() || desk.typed().is_none()>{t!(words, prices.save)}</button>
                })}
            </form>
            <section class="card form" aria-labelledby="price-lines">
                <h2 id="price-lines">{t!(words, prices.lines)}</h2>
                {keeps.then(|| view! {
                    <Pick picker=desk.picker on_pick=Callback::new(move |picked| desk.add(&picked)) />
                })}
                <Show when=move || !desk.lines.read().is_empty() fallback=move || view! {
                    <Empty icon=Icon::Tag title=move || t!(words, prices.no_lines) text=move || t!(words, prices.no_lines_text) />
                }>
                    <ul class="price-lines">
                        <For each=move || desk.lines.get() key=|line| line.nth let:line><Line desk line keeps currency=currency.get_value() /></For>
                    </ul>
                </Show>
            </section>
        </div>
        <Show when=move || desk.before.read().is_some()>
            <UndoBar text=done busy=desk.busy on_undo=Callback::new(move |()| desk.undo()) on_close=Callback::new(move |()| desk.before.set(None)) />
        </Show>
    }
}

#[component]
fn Fields(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let everywhere = here.may_everywhere(Action::EditItems);
    let tick = move |id: &'static str,
                     on: RwSignal<bool>,
                     name: fn(Words) -> &'static str,
                     hint: fn(Words) -> &'static str| {
        view! {
            <label class="tick" for=id>
                <input id=id type="checkbox" prop:checked=on on:change:target=move |event| { on.set(event.target().checked()); desk.touch() } />
                <span>{move || name(words)}<small>{move || hint(words)}</small></span>
            </label>
        }
    };
    let day = move |id: &'static str, value: RwSignal<String>, name: fn(Words) -> &'static str| {
        view! {
            <div class="field"><label for=id>{move || name(words)}</label>
                <input id=id type="date" prop:value=value on:input:target=move |event| { value.set(event.target().value()); desk.touch() } /></div>
        }
    };
    view! {
        <div class="field"><label for="list-name">{t!(words, prices.name)}</label>
            <input id="list-name" maxlength="40" autocomplete="off" aria-describedby="list-name-hint" prop:value=desk.name on:input:target=move |event| { desk.name.set(event.target().value()); desk.touch() } />
            <p id="list-name-hint" class="hint">{t!(words, prices.name_hint)}</p></div>
        {day("list-from", desk.from_day, |words| t_string!(words, prices.from_day))}
        {day("list-to", desk.to_day, |words| t_string!(words, prices.to_day))}
        <p class="hint">{t!(words, prices.days_hint)}</p>
        {everywhere.then(|| tick("list-all", desk.everywhere, |words| t_string!(words, prices.all_stores), |words| t_string!(words, prices.all_stores_hint)))}
        {tick("list-active", desk.active, |words| t_string!(words, prices.active), |words| t_string!(words, prices.active_hint))}
        {tick("list-overrides", desk.overrides, |words| t_string!(words, prices.overrides), |words| t_string!(words, prices.overrides_hint))}
    }
}

#[component]
fn Line(desk: Desk, line: Typed, keeps: bool, currency: String) -> impl IntoView {
    let words = use_i18n();
    let Typed { nth, sku, name, own, from, price } = line;
    let own = own.map(|own| money(words.get_locale_untracked(), &currency, own));
    let name = StoredValue::new(name);
    let set = move |pick: fn(&mut Typed) -> &mut String, text: String| {
        desk.lines.update_untracked(|lines| {
            if let Some(line) = lines.iter_mut().find(|line| line.nth == nth) {
                *pick(line) = text;
            }
        });
        desk.lines.notify();
        desk.touch();
    };
    let (least_id, price_id) = (format!("from-{nth}"), format!("price-{nth}"));
    view! {
        <li class="price-line">
            <span class="purchase-name"><b>{name.get_value()}</b><small>{sku}{own.map(|own| view! { " · "{t!(words, prices.own, price = own)} })}</small></span>
            <div class="field"><label for=least_id.clone()>{t!(words, prices.from)}</label>
                <input id=least_id inputmode="decimal" maxlength="16" autocomplete="off" disabled=!keeps value=from on:input:target=move |event| set(|line| &mut line.from, event.target().value()) /></div>
            <div class="field"><label for=price_id.clone()>{t!(words, prices.price)}</label>
                <input id=price_id inputmode="decimal" maxlength="16" autocomplete="off" disabled=!keeps value=price on:input:target=move |event| set(|line| &mut line.price, event.target().value()) /></div>
            {keeps.then(|| view! {
                <button type="button" class="icon-button" aria-label=move || t_string!(words, prices.remove, name = name.get_value()).to_string() on:click=move |_| desk.drop_line(nth)><Svg icon=Icon::Close /></button>
            })}
        </li>
    }
}
