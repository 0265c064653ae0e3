//! Rows that cannot be taken: what is wrong, and what to write instead.

use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::escape,
    parts::{Icon, Svg},
    prefs::Words,
};
use model::RowFault;

/// The mistake in a sentence.
fn sentence(words: Words, fault: &RowFault) -> String {
    let (found, hint) = (fault.found.clone(), fault.hint.clone());
    match fault.code.as_str() {
        "no_sku" => t_string!(words, import.fault.no_sku).to_string(),
        "no_name" => t_string!(words, import.fault.no_name, hint = hint).to_string(),
        "not_number" => t_string!(words, import.fault.not_number, found = found, hint = hint).to_string(),
        "negative" => t_string!(words, import.fault.negative, found = found, hint = hint).to_string(),
        "too_many" => t_string!(words, import.fault.too_many, found = found, hint = hint).to_string(),
        "turned" => t_string!(words, import.fault.turned, found = found, hint = hint).to_string(),
        "twice" => t_string!(words, import.fault.twice, hint = hint).to_string(),
        "code_twice" => t_string!(words, import.fault.code_twice, hint = hint).to_string(),
        "check_digit" => t_string!(words, import.fault.check_digit, found = found, hint = hint).to_string(),
        "too_many_codes" => t_string!(words, import.fault.too_many_codes, hint = hint).to_string(),
        "not_yes_no" => t_string!(words, import.fault.not_yes_no, found = found).to_string(),
        "barcode_taken" => t_string!(words, import.fault.barcode_taken, found = found, hint = hint).to_string(),
        "unknown_tax_class" => t_string!(words, import.fault.unknown_tax_class, found = found, hint = hint).to_string(),
        "no_options" => t_string!(words, import.fault.no_options, hint = hint).to_string(),
        "no_family" => t_string!(words, import.fault.no_family).to_string(),
        "not_options" => t_string!(words, import.fault.not_options, found = found, hint = hint).to_string(),
        "other_family" => t_string!(words, import.fault.other_family, hint = hint).to_string(),
        "families_alike" => t_string!(words, import.fault.families_alike, found = found, hint = hint).to_string(),
        "other_options" => t_string!(words, import.fault.other_options, hint = hint).to_string(),
        "same_values" => t_string!(words, import.fault.same_values, hint = hint).to_string(),
        "too_many_items" => t_string!(words, import.fault.too_many_items, hint = hint).to_string(),
        "too_many_values" => t_string!(words, import.fault.too_many_values, hint = hint).to_string(),
        _ => t_string!(words, import.fault.too_long, hint = hint).to_string(),
    }
}

/// The list, and the same as a file.
#[component]
pub fn Faults(faults: Vec<RowFault>) -> impl IntoView {
    let words = use_i18n();
    let listed = StoredValue::new(faults.clone());
    let file = move || {
        let rows = listed.get_value().into_iter().map(|fault| {
            let cells = [fault.row.to_string(), fault.column.clone(), fault.found.clone(), sentence(words, &fault)];
            cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(",")
        });
        let text = rows.collect::<Vec<_>>().join("\r\n");
        format!("data:text/csv;charset=utf-8,%EF%BB%BF{}", escape(&text))
    };
    let one = move |fault: RowFault| {
        let row = fault.row.to_string();
        let place = fault.column.clone();
        view! {
            <li>
                <strong>{t!(words, import.row, row = move || row.clone())}</strong>
                {(!place.is_empty()).then(|| view! { <span class="fault-column">{place}</span> })}
                <span>{move || sentence(words, &fault)}</span>
            </li>
        }
    };
    view! {
        <section class="card faults" aria-labelledby="faults-title">
            <h2 id="faults-title"><Svg icon=Icon::Warning />{t!(words, import.faults)}</h2>
            <p>{t!(words, import.faults_text)}</p>
            <ul>{faults.into_iter().map(one).collect_view()}</ul>
            <a class="button" href=move || file() download="import-mistakes.csv"><Svg icon=Icon::Down />{t!(words, import.faults_save)}</a>
        </section>
    }
}
