//! What can be done with the chosen products together: one act, and the way back.

use super::{
    api::{change_many, undo_change},
    categories::{KNOWN, Known},
    list::counted,
    loader::Loader,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::taxes::{Choice, known},
    parts::{Icon, Notice, Svg, UndoBar, as_number},
    prefs::Words,
};
use leptos::{ev, task::spawn_local};
use model::{Bulk, Changed, Limit, Money, Quantity};
use uuid::Uuid;

/// What is being set for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Percent,
    Amount,
    Limits,
    Category,
    Tax,
}

/// What was sent last: to which store, for which products, what.
type Wish = (String, Vec<String>, Bulk);

/// The id of a wish: the same again keeps it, so that an answer that was lost does not change prices twice.
fn id(last: &mut Option<(Wish, Uuid)>, wish: Wish) -> Uuid {
    if let Some((_, id)) = last.as_ref().filter(|(known, _)| *known == wish) {
        return *id;
    }
    last.insert((wish, Uuid::now_v7())).1
}

/// The bar of the chosen ones; nothing while none is.
#[component]
pub fn Acts(loader: Loader) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let open = RwSignal::new(None::<What>);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    // What was just done, and can be undone.
    let done = RwSignal::new(None::<Changed>);
    let last = StoredValue::new(None::<(Wish, Uuid)>);
    let count = move || loader.chosen.read().len();
    let act = Callback::new(move |bulk: Bulk| {
        let skus: Vec<String> = loader.chosen.with_untracked(|chosen| chosen.iter().cloned().collect());
        let store = here.store().get_untracked().code;
        let id = last.try_update_value(|last| id(last, (store.clone(), skus.clone(), bulk.clone())));
        busy.set(true);
        spawn_local(async move {
            let answer = change_many(id, store, skus, bulk).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(changed) => {
                    last.set_value(None);
                    done.set(Some(changed).filter(|changed| changed.journal.is_some()));
                    loader.chosen.update(|chosen| chosen.clear());
                    open.set(None);
                    failure.set(None);
                    loader.renew();
                }
                Err(reason) => failure.set(Some(reason)),
            }
        });
    });
    let undo = Callback::new(move |()| {
        let Some(journal) = done.get_untracked().and_then(|changed| changed.journal) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = undo_change(journal).await;
            if busy.try_set(false).is_none() {
                done.set(None);
                failure.set(answer.err());
                loader.renew();
            }
        });
    });
    let archived = loader.query.with_value(|query| query.archived);
    let archive = move |_| act.run(Bulk::Archived(!archived));
    let choice = move |what: What, name: fn(Words) -> &'static str| {
        view! {
            <button
                type="button"
                class="choice"
                aria-expanded=move || if open.get() == Some(what) { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = if *open == Some(what) { None } else { Some(what) })
            >{move || name(words)}</button>
        }
    };
    view! {
        <Show when=move || { count() > 0 }>
            <section class="bulk card" aria-label=move || t_string!(words, products.bulk.title)>
                <p class="bulk-count" role="status">
                    {t!(words, products.bulk.chosen, count = move || count() as u64, shown = move || counted(words, count()))}
                </p>
                <div class="choices">
                    {choice(What::Percent, |words| t_string!(words, products.bulk.percent))}
                    {choice(What::Amount, |words| t_string!(words, products.bulk.amount))}
                    {choice(What::Limits, |words| t_string!(words, products.bulk.limits))}
                    {choice(What::Category, |words| t_string!(words, products.category))}
                    {choice(What::Tax, |words| t_string!(words, taxes.class))}
                    <button type="button" class="choice" disabled=busy on:click=archive>
                        {move || if archived { t_string!(words, products.bulk.bring_back) } else { t_string!(words, products.bulk.archive) }}
                    </button>
                    <button type="button" class="button quiet" on:click=move |_| loader.chosen.update(|chosen| chosen.clear())>
                        <Svg icon=Icon::Close />{t!(words, products.bulk.none)}
                    </button>
                </div>
                {move || open.get().map(|what| view! { <Form what count busy act /> })}
                <Notice failure />
            </section>
        </Show>
        {move || done.get().map(|changed| view! {
            <UndoBar text=Signal::derive(move || told(words, &changed)) busy on_undo=undo on_close=Callback::new(move |()| done.set(None)) />
        })}
    }
}

fn told(words: Words, changed: &Changed) -> String {
    let count = usize::try_from(changed.changed).unwrap_or_default();
    let mut text =
        t_string!(words, products.bulk.done, count = changed.changed, shown = counted(words, count)).to_string();
    if !changed.kept.is_empty() {
        text.push(' ');
        text.push_str(&t_string!(words, products.bulk.kept, shown = counted(words, changed.kept.len())).to_string());
    }
    text
}

#[component]
fn Form(
    what: What,
    count: impl Fn() -> usize + Copy + Send + Sync + 'static,
    busy: RwSignal<bool>,
    act: Callback<Bulk>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (first, second) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let bulk = Memo::new(move |_| {
        let (first, second) = (first.get(), second.get());
        let fits =
            |text: &str| text.trim().is_empty() || as_number::<Quantity>(text).is_some_and(|size| !size.is_negative());
        match what {
            What::Percent => {
                as_number::<Quantity>(&first).filter(|p| p.abs() <= Quantity::whole(1_000)).map(Bulk::PriceByPercent)
            }
            What::Amount => as_number::<Money>(&first).map(Bulk::PriceBy),
            What::Limits if fits(&first) && fits(&second) => Some(Bulk::Limits(Limit {
                store: here.store().get().code,
                minimum: as_number(&first),
                maximum: as_number(&second),
            })),
            What::Limits => None,
            What::Tax => Some(Bulk::TaxClass(first.parse().ok())),
            What::Category => Some(Bulk::Category(Some(first.trim().to_owned()).filter(|name| !name.is_empty()))),
        }
    });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(bulk) = bulk.get_untracked() {
            act.run(bulk);
        }
    };
    let field = move |id: &'static str, text: RwSignal<String>, name: fn(Words) -> &'static str| {
        view! {
            <div class="field">
                <label for=id>{move || name(words)}</label>
                <input id=id inputmode="decimal" autocomplete="off" maxlength="16" prop:value=text on:input=move |event| text.set(event_target_value(&event)) />
            </div>
        }
    };
    let label = move || {
        let shown = counted(words, count());
        t_string!(words, products.bulk.apply, count = count() as u64, shown = shown).to_string()
    };
    view! {
        <form class="bulk-form" on:submit=on_submit>
            {match what {
                What::Percent => field("bulk-first", first, |words| t_string!(words, products.bulk.percent_field)).into_any(),
                What::Amount => field("bulk-first", first, |words| t_string!(words, products.bulk.amount_field)).into_any(),
                What::Tax => view! {
                    <Choice id="bulk-first" known=known() chosen=first on_choose=Callback::new(move |class| first.set(class)) />
                }.into_any(),
                What::Category => view! {
                    <div class="field">
                        <label for="bulk-first">{t!(words, products.category)}</label>
                        <input id="bulk-first" autocomplete="off" maxlength="40" list=KNOWN prop:value=first on:input=move |event| first.set(event_target_value(&event)) />
                    </div>
                    <Known />
                }.into_any(),
                What::Limits => view! {
                    {field("bulk-first", first, |words| t_string!(words, products.minimum))}
                    {field("bulk-second", second, |words| t_string!(words, products.maximum))}
                },
            }}
            <p class="hint">{move || match what {
                What::Percent => t_string!(words, products.bulk.percent_hint),
                What::Amount => t_string!(words, products.bulk.amount_hint),
                What::Limits => t_string!(words, products.bulk.limits_hint),
                What::Category => t_string!(words, products.bulk.category_hint),
                What::Tax => t_string!(words, taxes.bulk_hint),
            }}</p>
            <button type="submit" class="button primary" disabled=move || busy.get() || bulk.get().is_none()>{move || label()}</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(percent: i64) -> Wish {
        ("LON".into(), vec!["CUP".into()], Bulk::PriceByPercent(Quantity::whole(percent)))
    }

    #[test]
    fn the_same_wish_keeps_its_id() {
        let mut last = None;
        assert_eq!(id(&mut last, wish(10)), id(&mut last, wish(10)));
    }

    #[test]
    fn another_wish_or_one_after_an_answer_has_another() {
        let mut last = None;
        let first = id(&mut last, wish(10));
        assert_ne!(id(&mut last, wish(20)), first);
        assert_ne!(id(&mut last, wish(10)), first);
        assert_ne!(id(&mut None, wish(10)), first);
    }
}
