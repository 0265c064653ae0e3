//! A file before anything is done: what its columns mean, its first rows, and what would happen.

use super::{
    api::{check_import, start_import},
    fault::Faults,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Notice, quantity},
    prefs::Words,
};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::{Checked, Field, Mapping, Quantity, SheetKind, Uploaded};

pub fn counted(words: Words, count: u64) -> String {
    quantity(words.get_locale(), Quantity::whole(i64::try_from(count).unwrap_or_default()))
}

/// The file, its columns, and the button that starts it.
#[component]
pub fn Check(file: Uploaded) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (id, rows, till) = (file.id, file.rows, file.kind == SheetKind::Till);
    let fields = RwSignal::new(file.columns.iter().map(|column| column.guess).collect::<Vec<Field>>());
    let comma = RwSignal::new(file.comma);
    let mapping =
        Memo::new(move |_| Mapping { store: here.store().get().code, fields: fields.get(), comma: comma.get() });
    let checked = RwSignal::new(None::<Checked>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        let asked = mapping.get();
        checked.set(None);
        spawn_local(async move {
            let answer = check_import(id, asked.clone()).await;
            // What was changed meanwhile is asked for again.
            if mapping.try_get_untracked() != Some(asked) {
                return;
            }
            match answer {
                Ok(told) => {
                    checked.set(Some(told));
                    failure.set(None);
                }
                Err(reason) => failure.set(Some(reason)),
            }
        });
    });
    let start = move |_| {
        let mapping = mapping.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let answer = start_import(id, mapping).await;
            if busy.try_set(false).is_none() {
                failure.set(answer.err());
            }
        });
    };
    let steps =
        move || checked.read().as_ref().map_or(0, |told| if till { told.stocked } else { told.new + told.changed });
    let any = move || checked.read().as_ref().is_some_and(|told| told.new + told.changed + told.stocked > 0);
    let label = move || {
        let (count, shown) = (steps(), counted(words, steps()));
        if till {
            t_string!(words, import.start_till, count = count, shown = shown).to_string()
        } else {
            t_string!(words, import.start, count = count, shown = shown).to_string()
        }
    };
    let name = StoredValue::new(file.file.clone());
    view! {
        <section class="import-head">
            <h2>{t!(words, import.found, count = move || rows, file = move || name.get_value(), shown = move || counted(words, rows))}</h2>
            <A href=move || here.link("/import") attr:class="button quiet">{t!(words, import.again)}</A>
        </section>
        {if till {
            view! { <p class="card">{t!(words, import.till_file, store = move || here.store().get().name)}</p> }
        } else {
            view! { <Columns file fields comma /> }
        }}
        <section class="card would" role="status" aria-busy=move || checked.read().is_none().then_some("true")>
            <h2>{t!(words, import.would)}</h2>
            {move || match checked.get() {
                None if failure.read().is_none() => view! { <p>{t!(words, import.checking)}</p> },
                None => ().into_any(),
                Some(told) => view! { <Figures told till /> },
            }}
            <Show when=move || checked.read().is_some() && !any()><p>{t!(words, import.nothing)}</p></Show>
        </section>
        <Notice failure />
        <div class="import-acts">
            <button type="button" class="button primary" disabled=move || busy.get() || !any() on:click=start>{move || label()}</button>
        </div>
        {move || checked.get().filter(|told| !told.faults.is_empty()).map(|told| view! { <Faults faults=told.faults /> })}
    }
}

#[component]
fn Figures(told: Checked, till: bool) -> impl IntoView {
    let words = use_i18n();
    let one = move |count: u64, name: fn(Words) -> &'static str| {
        view! { <div><dt>{move || name(words)}</dt><dd>{move || counted(words, count)}</dd></div> }
    };
    view! {
        <dl class="figures-row">
            {one(told.new, |words| t_string!(words, import.added))}
            {(!till).then(|| one(told.changed, |words| t_string!(words, import.changed)))}
            {if till {
                one(told.stocked, |words| t_string!(words, import.documents))
            } else {
                one(told.stocked, |words| t_string!(words, import.stocked))
            }}
            {one(told.same, |words| t_string!(words, import.same))}
            {one(told.wrong, |words| t_string!(words, import.wrong))}
        </dl>
    }
}

fn field_name(words: Words, field: Field) -> &'static str {
    match field {
        Field::Skip => t_string!(words, import.field.skip),
        Field::Sku => t_string!(words, import.field.sku),
        Field::Name => t_string!(words, import.field.name),
        Field::Barcode => t_string!(words, import.field.barcode),
        Field::Price => t_string!(words, import.field.price),
        Field::Unit => t_string!(words, import.field.unit),
        Field::Category => t_string!(words, import.field.category),
        Field::TaxClass => t_string!(words, import.field.tax_class),
        Field::Family => t_string!(words, import.field.family),
        Field::Options => t_string!(words, import.field.options),
        Field::Quantity => t_string!(words, import.field.quantity),
        Field::Minimum => t_string!(words, import.field.minimum),
        Field::Maximum => t_string!(words, import.field.maximum),
        Field::Archived => t_string!(words, import.field.archived),
    }
}

/// Each column with a choice of its meaning above its first rows.
#[component]
fn Columns(file: Uploaded, fields: RwSignal<Vec<Field>>, comma: RwSignal<bool>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let column = move |(at, title): (usize, String)| {
        let label = title.clone();
        let set = move |event| {
            let chosen = Field::named(&event_target_value(&event));
            fields.update(|fields| {
                // A meaning belongs to one column.
                for (other, field) in fields.iter_mut().enumerate() {
                    if *field == chosen && other != at {
                        *field = Field::Skip;
                    }
                }
                fields[at] = chosen;
            });
        };
        let choices = Field::ALL.into_iter().map(move |field| {
            let chosen = move || fields.read().get(at) == Some(&field);
            view! { <option value=field.name() selected=move || chosen() prop:selected=move || chosen()>{move || field_name(words, field)}</option> }
        });
        view! {
            <th scope="col">
                <span class="column-title">{title}</span>
                <select aria-label=move || t_string!(words, import.column, title = label.clone()).to_string() on:change=set>
                    {choices.collect_view()}
                </select>
            </th>
        }
    };
    let titles = file.columns.into_iter().map(|column| column.title).enumerate();
    let heads = titles.map(column).collect_view();
    let cell = move |(at, text): (usize, String)| view! { <td class:unused=move || fields.read().get(at) == Some(&Field::Skip)>{text}</td> };
    let row = move |cells: Vec<String>| view! { <tr>{cells.into_iter().enumerate().map(cell).collect_view()}</tr> };
    view! {
        <section class="card columns">
            <h2>{t!(words, import.columns)}</h2>
            <p>{t!(words, import.columns_text)}</p>
            <label class="check">
                <input type="checkbox" prop:checked=comma checked=comma.get_untracked() on:change=move |event| comma.set(event_target_checked(&event)) />
                {t!(words, import.comma)}
            </label>
            <div class="preview" tabindex="0" role="region" aria-label=move || t_string!(words, import.preview)>
                <table>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{file.preview.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <p class="hint">{t!(words, import.quantity_hint, store = move || here.store().get().name)}</p>
        </section>
    }
}
