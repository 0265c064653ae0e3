//! One family: what its items differ in, and which item is of which size and colour.

use super::{api::find_family, desk::Desk, rows::Rows, typed::TypedOption};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::api::find,
    parts::{Icon, Notice, Skeleton, Svg, UndoBar},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};
use model::{Action, Error, FamilyId, Item, NewFamily, Variants};

/// The page: `/variants/ID?store=LON&like=SKU`; an id that nobody has is a new family, begun with that item.
#[component]
pub fn FamilyPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (params, query) = (use_params_map(), use_query_map());
    let nobody = || FamilyId(uuid::Uuid::nil());
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(nobody));
    let like = query.read_untracked().get("like").unwrap_or_default();
    let found = brought(
        move || (id.get(), here.store().get().code, like.clone()),
        |(id, store, like)| async move {
            match find_family(id, store.clone()).await {
                Ok(known) => Ok((id, Some(known.data), None)),
                Err(Failure::Said(Error::NotFound)) if like.is_empty() => Ok((id, None, None)),
                Err(Failure::Said(Error::NotFound)) => Ok((id, None, find(store, like).await?.map(|found| found.item))),
                Err(failure) => Err(failure),
            }
        },
    );
    view! {
        <Title text=move || t_string!(words, variants.title) />
        <A href=move || here.link("/variants") attr:class="back"><Svg icon=Icon::Back />{t!(words, variants.back)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok((id, known, like)) => Either::Left(view! { <Editor id known like /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Editor(id: FamilyId, known: Option<Variants>, like: Option<Item>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let store = here.store().get_untracked();
    let keeps = untrack(|| here.may(Action::EditItems));
    let desk = Desk::open(words, id, store.code, known, like);
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        desk.save();
    };
    let wrong = move || desk.open.get() && desk.typed().is_none();
    let many = move || desk.made() > NewFamily::MADE_MAX;
    let done = Signal::derive(move || t_string!(words, variants.saved).to_string());
    let label = move || match desk.made() {
        0 => t_string!(words, variants.save).to_owned(),
        made => t_string!(words, variants.save_making, count = made as u64).to_string(),
    };
    view! {
        <header class="page-head">
            <h1>{move || if desk.version.get() == 0 { t_string!(words, variants.new_title).to_owned() } else { desk.name.get() }}</h1>
            {(!keeps).then(|| view! { <p class="hint">{t!(words, variants.not_yours)}</p> })}
        </header>
        <div class="price-columns">
            <form class="card product-form" on:submit=save>
                <fieldset class="plain" disabled=!keeps><Fields desk /></fieldset>
                <Notice failure=desk.failure />
                <p class="wrong" role="status">
                    {move || many().then(|| view! { <Svg icon=Icon::Warning />{t!(words, variants.too_many)} })}
                    {move || (wrong() && !many()).then(|| view! { <Svg icon=Icon::Warning />{t!(words, variants.wrong)} })}
                </p>
                {keeps.then(|| view! {
                    <button type="button" class="button wide" disabled=move || desk.known_options().is_empty() on:click=move |_| desk.propose()>
                        <Svg icon=Icon::Plus />{t!(words, variants.propose)}
                    </button>
                    <button type="submit" class="button primary wide" disabled=move || desk.busy.get() || desk.typed().is_none()>{move || label()}</button>
                })}
            </form>
            <Rows desk keeps />
        </div>
        <Show when=move || desk.before.read().is_some()>
            <UndoBar text=done busy=desk.busy on_undo=Callback::new(move |()| desk.undo()) on_close=Callback::new(move |()| desk.before.set(None)) />
        </Show>
    }
}

#[component]
fn Fields(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let more = move || desk.options.with(|options| options.len() < NewFamily::OPTIONS_MAX);
    let add = move |_| {
        desk.options.update(|options| options.push(TypedOption::default()));
    };
    view! {
        <div class="field"><label for="family-name">{t!(words, variants.name)}</label>
            <input id="family-name" maxlength="200" autocomplete="off" aria-describedby="family-name-hint" prop:value=desk.name on:input:target=move |event| { desk.name.set(event.target().value()); desk.open.set(true) } />
            <p id="family-name-hint" class="hint">{t!(words, variants.name_hint)}</p></div>
        {move || (0..desk.options.with(Vec::len)).map(|nth| view! { <OneOption desk nth /> }).collect_view()}
        <Show when=more>
            <button type="button" class="button wide" on:click=add><Svg icon=Icon::Plus />{t!(words, variants.add_option)}</button>
        </Show>
        <div class="field"><label for="family-base">{t!(words, variants.base)}</label>
            <input id="family-base" maxlength="40" autocomplete="off" aria-describedby="family-base-hint" prop:value=desk.base on:input:target=move |event| desk.base.set(event.target().value()) />
            <p id="family-base-hint" class="hint">{t!(words, variants.base_hint)}</p></div>
    }
}

/// What the items differ in, and what there is of it.
#[component]
fn OneOption(desk: Desk, nth: usize) -> impl IntoView {
    let words = use_i18n();
    let TypedOption { name, values } =
        desk.options.with_untracked(|options| options.get(nth).cloned().unwrap_or_default());
    let set = move |pick: fn(&mut TypedOption) -> &mut String, text: String| {
        // The fields stay as they are: only what they say is told.
        desk.options.update_untracked(|options| {
            if let Some(option) = options.get_mut(nth) {
                *pick(option) = text;
            }
        });
        desk.rows.notify();
        desk.open.set(true);
    };
    let (name_id, values_id, hint_id) =
        (format!("option-{nth}"), format!("values-{nth}"), format!("values-{nth}-hint"));
    let example = move || match nth {
        0 => t_string!(words, variants.option_first),
        1 => t_string!(words, variants.option_second),
        _ => t_string!(words, variants.option_third),
    };
    view! {
        <div class="family-option" role="group" aria-label=move || t_string!(words, variants.option_nth, nth = nth + 1).to_string()>
            <div class="field"><label for=name_id.clone()>{t!(words, variants.option)}</label>
                <input id=name_id maxlength="40" autocomplete="off" placeholder=move || example() value=name on:input:target=move |event| set(|option| &mut option.name, event.target().value()) /></div>
            <div class="field"><label for=values_id.clone()>{t!(words, variants.values)}</label>
                <input id=values_id maxlength="2000" autocomplete="off" aria-describedby=hint_id.clone() value=values on:input:target=move |event| set(|option| &mut option.values, event.target().value()) />
                <p id=hint_id class="hint">{t!(words, variants.values_hint)}</p></div>
        </div>
    }
}
