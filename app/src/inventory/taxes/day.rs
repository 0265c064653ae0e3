//! The tax in what was sold on a day, for the dashboard; live.

use super::{api::taxes, percent};
use crate::prelude::*;
use crate::{
    i18n::{t, use_i18n},
    live::follow,
    parts::money,
};
use leptos::task::spawn_local;
use model::{DayTax, Page, Since};

/// The section; nothing while nothing was sold that holds tax.
#[component]
pub fn OfDay(
    /// The store's code.
    store: String,
    /// The day on its clock.
    day: String,
    /// ISO 4217.
    currency: String,
) -> impl IntoView {
    let first = RwSignal::new(None);
    // In the browser, once the figures stand: streamed beside them, it would come before or after what surrounds it.
    Effect::new(move || {
        let (store, day, currency) = (store.clone(), day.clone(), currency.clone());
        spawn_local(async move {
            // Whoever must not see it sees nothing of it.
            if let Ok(found) = taxes(store.clone(), day.clone(), day.clone()).await {
                first.try_set(Some((store, day, currency, found)));
            }
        });
    });
    move || first.get().map(|(store, day, currency, first)| view! { <Rates store day currency first /> })
}

#[component]
fn Rates(store: String, day: String, currency: String, first: Page<DayTax>) -> impl IntoView {
    let words = use_i18n();
    let rows = RwSignal::new(first.data);
    let wanted = StoredValue::new((store.clone(), day));
    let read = move || async move {
        let (store, day) = wanted.get_value();
        let Page { data, as_of, .. } = taxes(store, day.clone(), day).await?;
        Ok(Since { total: 0, data, as_of })
    };
    follow(vec![format!("sales:{store}")], first.as_of, read, move |now| rows.set(now));
    let currency = StoredValue::new(currency);
    let row = move |DayTax { total, .. }: DayTax| {
        let amount = move |of| currency.with_value(|currency| money(words.get_locale(), currency, of));
        view! {
            <tr>
                <th scope="row">{move || percent(words, total.rate)}</th>
                <td>{move || amount(total.net)}</td>
                <td>{move || amount(total.tax)}</td>
                <td>{move || amount(total.gross)}</td>
            </tr>
        }
    };
    view! {
        <Show when=move || !rows.read().is_empty()>
            <section class="card day-taxes" aria-labelledby="day-taxes">
                <h2 id="day-taxes">{t!(words, taxes.day_title)}</h2>
                <table>
                    <thead><tr>
                        <th scope="col">{t!(words, taxes.column_rate)}</th>
                        <th scope="col">{t!(words, taxes.column_net)}</th>
                        <th scope="col">{t!(words, taxes.column_tax)}</th>
                        <th scope="col">{t!(words, taxes.column_gross)}</th>
                    </tr></thead>
                    <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        </Show>
    }
}
