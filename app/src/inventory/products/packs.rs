//! The packs of a product: each with its name, how many are in it, and a barcode of its own.

use super::{
    entry::Field,
    fields::{Typing, focus, id, sentence},
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};
use model::Pack;

/// Where the cells of a line stand in it.
const NAME: usize = 0;
const MANY: usize = 1;
const BARCODE: usize = 2;

/// The packs as lines that one types in, and a button for another one.
#[component]
pub fn Packs(typing: Typing) -> impl IntoView {
    let words = use_i18n();
    let count = Memo::new(move |_| typing.entry.read().pack_lines().len());
    let change = move |change: &dyn Fn(&mut Vec<[String; 3]>)| {
        let mut lines = typing.entry.read_untracked().pack_lines();
        change(&mut lines);
        typing.entry.update(|entry| entry.set_pack_lines(&lines));
        typing.on_change.run(());
    };
    let add = move |_| {
        let at = count.get_untracked();
        change(&|lines| lines.push(Default::default()));
        request_animation_frame(move || focus(&cell_id(at, NAME)));
    };
    let wrong = move || typing.wrong(Field::Packs);
    let cell = move |at: usize, cell: usize, most: usize| {
        let label = move || match cell {
            NAME => t_string!(words, products.packs.name),
            MANY => t_string!(words, products.packs.many),
            _ => t_string!(words, products.packs.barcode),
        };
        let text =
            move || typing.entry.read().pack_lines().get(at).map(|cells| cells[cell].clone()).unwrap_or_default();
        let id = cell_id(at, cell);
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input
                    id=id
                    autocomplete="off"
                    maxlength=most
                    inputmode=if cell == MANY { "decimal" } else { "text" }
                    placeholder=move || if cell == NAME { t_string!(words, products.packs.hint) } else { "" }
                    prop:value=text
                    value=untrack(text)
                    aria-describedby="product-packs-wrong"
                    on:input=move |event| {
                        let text = event_target_value(&event).replace(['\t', '\n'], " ");
                        change(&|lines| if let Some(cells) = lines.get_mut(at) { cells[cell].clone_from(&text) });
                    }
                    // A scanner ends its code with Enter, which would save the whole form.
                    on:keydown=move |event| if event.key() == "Enter" { event.prevent_default() }
                    on:blur=move |_| if cell == BARCODE { typing.leave(Field::Packs) }
                />
            </div>
        }
    };
    view! {
        <fieldset class="packs" id=id(Field::Packs) tabindex="-1">
            <legend>{t!(words, products.packs.title)}</legend>
            <p class="hint">{t!(words, products.packs.about)}</p>
            <For each=move || 0..count.get() key=|at| *at let:at>
                <div class="pack-line">
                    {cell(at, NAME, Pack::NAME_MAX)}
                    {cell(at, MANY, 16)}
                    {cell(at, BARCODE, 128)}
                    <button type="button" class="icon-button" aria-label=move || {
                        let lines = typing.entry.read().pack_lines();
                        let name = lines.get(at).map(|cells| cells[NAME].clone()).unwrap_or_default();
                        t_string!(words, products.packs.remove, name = name).to_string()
                    } on:click=move |_| change(&|lines| if at < lines.len() { lines.remove(at); })>
                        <Svg icon=Icon::Close />
                    </button>
                </div>
            </For>
            <Show when=move || count.get() < Pack::MOST>
                <button type="button" class="button" on:click=add><Svg icon=Icon::Plus />{t!(words, products.packs.add)}</button>
            </Show>
            <p id="product-packs-wrong" class="wrong" role="status">
                {move || wrong().map(|wrong| view! { <Svg icon=Icon::Warning />{sentence(words, &wrong)} })}
            </p>
        </fieldset>
    }
}

fn cell_id(at: usize, cell: usize) -> String {
    format!("pack-{at}-{cell}")
}
