//! Two people changed the same field: both texts side by side, and a person decides.

use super::{
    costing,
    entry::{Clash, Field, both},
    fields::name,
    form::Form,
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::taxes::named,
    parts::{Icon, Svg},
    prefs::Words,
};
use model::Costing;

/// What both changed; nothing while there is nothing to decide.
#[component]
pub fn Merge(form: Form) -> impl IntoView {
    let words = use_i18n();
    let one = move |clash: Clash| {
        let Clash { field, mine, theirs } = clash.clone();
        let (take_mine, take_theirs) = (mine.clone(), theirs.clone());
        let together = (field == Field::Barcodes).then(|| both(&clash));
        view! {
            <li class="clash">
                <h3>{move || name(words, field)}</h3>
                <dl>
                    <div><dt>{t!(words, products.merge.mine)}</dt><dd>{shown(words, form, field, &mine)}</dd></div>
                    <div><dt>{t!(words, products.merge.theirs)}</dt><dd>{shown(words, form, field, &theirs)}</dd></div>
                </dl>
                <div class="choices">
                    <button type="button" class="choice" on:click=move |_| form.choose(field, take_mine.clone())>
                        {t!(words, products.merge.keep_mine)}
                    </button>
                    <button type="button" class="choice" on:click=move |_| form.choose(field, take_theirs.clone())>
                        {t!(words, products.merge.take_theirs)}
                    </button>
                    {together.map(|text| view! {
                        <button type="button" class="choice" on:click=move |_| form.choose(field, text.clone())>
                            {t!(words, products.merge.take_both)}
                        </button>
                    })}
                </div>
            </li>
        }
    };
    view! {
        <Show when=move || !form.clashes.read().is_empty()>
            <section class="card merge" role="alert" aria-label=move || t_string!(words, products.merge.title)>
                <h2><Svg icon=Icon::Warning />{t!(words, products.merge.title)}</h2>
                <p>{t!(words, products.merge.text)}</p>
                <ul>{move || form.clashes.get().into_iter().map(one).collect_view()}</ul>
            </section>
        </Show>
    }
}

/// Codes and packs side by side, a tax class and a way of costing by their names; a dash for nothing.
fn shown(words: Words, form: Form, field: Field, text: &str) -> String {
    if let Some(costing) = Costing::named(text).filter(|_| field == Field::Costing) {
        return costing::name(words, costing).to_owned();
    }
    if field == Field::TaxClass && !text.is_empty() {
        return form.typing.taxes.with(|known| named(known, text));
    }
    if text.trim().is_empty() { "–".to_owned() } else { text.replace('\n', ", ").replace('\t', " · ") }
}
