//! One supplier: how to reach them, how long they take, and what they sell to us.

use super::{
    api::{change_supplier, find_supplier},
    suppliers::may_keep,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{Locale, t, t_string, use_i18n},
    inventory::escape,
    parts::{Icon, Notice, Skeleton, Svg, as_number, money, quantity},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Error, NewSupplierItem, Reused, Supplier, SupplierId, SupplierItem, SupplierPatch};

/// The way to a supplier.
pub fn link(id: SupplierId, store: &str) -> String {
    format!("/suppliers/{id}?store={}", escape(store))
}

/// The page: `/suppliers/ID`.
#[component]
pub fn SupplierPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let nobody = || SupplierId(uuid::Uuid::nil());
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(nobody));
    let found = brought(move || id.get(), find_supplier);
    view! {
        <Title text=move || t_string!(words, purchases.supplier.title) />
        <A href=move || here.link("/suppliers") attr:class="back"><Svg icon=Icon::Back />{t!(words, purchases.supplier.back)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok((supplier, items)) => Either::Left(view! { <Editor supplier items=items.data /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// What is known of the supplier, and what is being done about it.
#[derive(Clone, Copy)]
struct Desk {
    known: RwSignal<Supplier>,
    items: RwSignal<Vec<SupplierItem>>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    saved: RwSignal<bool>,
    /// Somebody else changed it: what is known was read anew, what was typed stays.
    changed: RwSignal<bool>,
}

impl Desk {
    /// Changes the supplier as they were seen, and runs `then` once it is done.
    fn change(self, patch: SupplierPatch, then: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        self.saved.set(false);
        let (id, version) = self.known.with_untracked(|known| (known.id, known.version));
        spawn_local(async move {
            let answer = change_supplier(id, version, patch).await;
            let stale = answer == Err(Failure::Said(Error::Conflict(Reused::Version)));
            let now = if stale || answer.is_ok() { find_supplier(id).await.ok() } else { None };
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            if let Some((known, items)) = now {
                self.known.set(known);
                self.items.set(items.data);
            }
            self.changed.set(stale);
            match answer {
                Ok(_) => {
                    self.saved.set(true);
                    then();
                }
                Err(_) if stale => {}
                Err(error) => self.failure.set(Some(error)),
            }
        });
    }
}

#[component]
fn Editor(supplier: Supplier, items: Vec<SupplierItem>) -> impl IntoView {
    let words = use_i18n();
    let keeps = may_keep(use_here());
    let desk = Desk {
        known: RwSignal::new(supplier),
        items: RwSignal::new(items),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        saved: RwSignal::new(false),
        changed: RwSignal::new(false),
    };
    view! {
        <header class="page-head item-head">
            <h1>{move || desk.known.read().name.clone()}</h1>
            <p class="item-sku">{move || desk.known.read().code.clone()}</p>
        </header>
        <div role="status">
            <Show when=move || desk.changed.get()>
                <p class="notice" data-kind="warn"><Svg icon=Icon::Person /><span>{t!(words, purchases.supplier.changed)}</span></p>
            </Show>
            {(!keeps).then(|| view! { <p class="hint">{t!(words, purchases.supplier.not_yours)}</p> })}
        </div>
        <div class="product-columns">
            <Fields desk keeps />
            <Sells desk keeps />
        </div>
    }
}

/// The fields: what was typed is what is saved, and nothing else.
#[component]
fn Fields(desk: Desk, keeps: bool) -> impl IntoView {
    let words = use_i18n();
    let typed = RwSignal::new(SupplierPatch::default());
    let days = RwSignal::new(None::<String>);
    let percent = RwSignal::new(None::<String>);
    let wrong = move || {
        days.with(|days| days.as_ref().is_some_and(|days| days.trim().parse::<i64>().is_err()))
            || percent.with(|percent| percent.as_ref().is_some_and(|text| as_number::<model::Quantity>(text).is_none()))
    };
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if untrack(wrong) {
            return;
        }
        let mut patch = typed.get_untracked();
        patch.lead_days = days.get_untracked().and_then(|text| text.trim().parse().ok());
        patch.tolerance = percent.get_untracked().and_then(|text| as_number(&text));
        desk.change(patch, move || {
            typed.set(SupplierPatch::default());
            days.set(None);
            percent.set(None);
        });
    };
    let archived = move || desk.known.read().archived;
    let turn = move |_| {
        let archived = Some(!desk.known.read_untracked().archived);
        desk.change(SupplierPatch { archived, ..SupplierPatch::default() }, || {});
    };
    let field = move |id: &'static str,
                      name: fn(crate::prefs::Words) -> &'static str,
                      most: &'static str,
                      known: fn(&Supplier) -> String,
                      set: fn(&mut SupplierPatch, String)| {
        let value = move || desk.known.with(known);
        view! {
            <div class="field"><label for=id>{move || name(words)}</label>
                <input id=id maxlength=most autocomplete="off" prop:value=move || value() value=desk.known.with_untracked(known)
                    on:input=move |event| typed.update(|typed| set(typed, event_target_value(&event))) /></div>
        }
    };
    let lead = move || desk.known.read().lead_days.to_string();
    let tolerance = move || desk.known.read().tolerance.to_string();
    view! {
        <form class="card product-form" on:submit=save>
            <fieldset class="plain" disabled=!keeps>
                {field("supplier-name", |w| t_string!(w, purchases.supplier.name), "200", |s| s.name.clone(), |p, text| p.name = Some(text))}
                {field("supplier-code", |w| t_string!(w, purchases.supplier.code), "20", |s| s.code.clone(), |p, text| p.code = Some(text.trim().to_uppercase()))}
                {field("supplier-email", |w| t_string!(w, purchases.supplier.email), "200", |s| s.email.clone(), |p, text| p.email = Some(text))}
                {field("supplier-phone", |w| t_string!(w, purchases.supplier.phone), "50", |s| s.phone.clone(), |p, text| p.phone = Some(text))}
                {field("supplier-note", |w| t_string!(w, purchases.supplier.note), "1000", |s| s.note.clone(), |p, text| p.note = Some(text))}
                <div class="field"><label for="supplier-days">{t!(words, purchases.supplier.lead_days)}</label>
                    <input id="supplier-days" inputmode="numeric" maxlength="3" autocomplete="off" prop:value=move || lead() value=untrack(lead) on:input=move |event| days.set(Some(event_target_value(&event))) /></div>
                <div class="field"><label for="supplier-tolerance">{t!(words, purchases.supplier.tolerance)}</label>
                    <input id="supplier-tolerance" inputmode="decimal" maxlength="8" autocomplete="off" aria-describedby="supplier-tolerance-hint" prop:value=move || tolerance() value=untrack(tolerance) on:input=move |event| percent.set(Some(event_target_value(&event))) />
                    <p id="supplier-tolerance-hint" class="hint">{t!(words, purchases.supplier.tolerance_hint)}</p></div>
                <p class="wrong" role="status">{move || wrong().then(|| view! { <Svg icon=Icon::Warning />{t!(words, purchases.supplier.wrong_number)} })}</p>
            </fieldset>
            <Notice failure=desk.failure />
            {keeps.then(|| view! {
                <div class="product-save">
                    <button type="submit" class="button primary wide" disabled=desk.busy>{t!(words, purchases.supplier.save)}</button>
                    <p role="status" class="saved">{move || desk.saved.get().then(|| view! { <Svg icon=Icon::Check />{t!(words, purchases.supplier.saved)} })}</p>
                    <button type="button" class="button wide" disabled=desk.busy on:click=turn><Svg icon=Icon::Box />
                        {move || if archived() { t_string!(words, purchases.supplier.bring_back) } else { t_string!(words, purchases.supplier.archive) }}</button>
                </div>
            })}
        </form>
    }
}

/// What they sell to us, a line each.
#[component]
fn Sells(desk: Desk, keeps: bool) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let currency = StoredValue::new(here.store().get_untracked().currency);
    let row = move |item: SupplierItem| {
        let (name, line) = (StoredValue::new(item.name), StoredValue::new(item.line));
        let drop_it = move |_| {
            let gone = NewSupplierItem { archived: true, ..line.get_value() };
            desk.change(SupplierPatch { items: vec![gone], ..SupplierPatch::default() }, || {});
        };
        let facts = move || {
            let (locale, line) = (words.get_locale(), line.get_value());
            let price = line.price.map(|price| currency.with_value(|currency| money(locale, currency, price)));
            let pack =
                line.multiple.map(|size| t_string!(words, purchases.pack, size = quantity(locale, size)).to_string());
            let least =
                line.minimum.map(|size| t_string!(words, purchases.least, size = quantity(locale, size)).to_string());
            let days = line
                .lead_days
                .map(|days| t_string!(words, purchases.supplier.days, count = days.unsigned_abs()).to_string());
            let code = Some(line.code).filter(|code| !code.is_empty());
            let code = code.map(|code| t_string!(words, purchases.their_code, code = code).to_string());
            [price, code, pack, least, days].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        };
        view! {
            <li class="sold">
                <span class="purchase-name"><b>{name.get_value()}</b><small>{line.with_value(|line| line.sku.clone())}" "{move || facts()}</small></span>
                {keeps.then(|| view! {
                    <button type="button" class="icon-button" disabled=desk.busy aria-label=move || t_string!(words, purchases.supplier.remove, name = name.get_value()).to_string() on:click=drop_it><Svg icon=Icon::Close /></button>
                })}
            </li>
        }
    };
    let none = move || desk.items.read().is_empty();
    view! {
        <section class="card supplier-sells" aria-labelledby="supplier-sells">
            <h2 id="supplier-sells">{t!(words, purchases.supplier.sells)}</h2>
            <p class="hint">{move || if none() { t_string!(words, purchases.supplier.no_items) } else { t_string!(words, purchases.supplier.sells_text) }}</p>
            <ul>{move || desk.items.get().into_iter().map(row).collect_view()}</ul>
            {keeps.then(|| view! { <NewLine desk /> })}
        </section>
    }
}

#[component]
fn NewLine(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let [sku, code, price, minimum, multiple, days] = [(); 6].map(|()| RwSignal::new(String::new()));
    // How long it takes as it is known: that stays when nothing is said.
    let known = Memo::new(move |_| {
        let sku = sku.read().trim().to_owned();
        desk.items.with(|items| items.iter().find(|item| item.line.sku == sku).and_then(|item| item.line.lead_days))
    });
    let plain =
        |text: RwSignal<String>| Some(text.get_untracked().trim().replace(',', ".")).filter(|text| !text.is_empty());
    let wrong = RwSignal::new(false);
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let read = (
            plain(price).map(|text| text.parse()).transpose(),
            plain(minimum).map(|text| text.parse()).transpose(),
            plain(multiple).map(|text| text.parse()).transpose(),
            plain(days).map(|text| text.parse()).transpose(),
        );
        let (Ok(amount), Ok(least), Ok(pack), Ok(lead)) = read else { return wrong.set(true) };
        wrong.set(false);
        let line = NewSupplierItem {
            sku: sku.get_untracked().trim().to_owned(),
            code: code.get_untracked().trim().to_owned(),
            price: amount,
            minimum: least,
            multiple: pack,
            lead_days: lead.or(known.get_untracked()),
            archived: false,
        };
        desk.change(SupplierPatch { items: vec![line], ..SupplierPatch::default() }, move || {
            [sku, code, price, minimum, multiple, days].into_iter().for_each(|field| field.set(String::new()));
        });
    };
    let decimal = words.get_locale_untracked() == Locale::es;
    let hint = if decimal { "2,50" } else { "2.50" };
    let placeholder = move |mode| match mode {
        "decimal" => hint.to_owned(),
        "numeric" => known.get().unwrap_or_else(|| desk.known.read().lead_days).to_string(),
        _ => String::new(),
    };
    let field = move |id: &'static str,
                      name: fn(crate::prefs::Words) -> &'static str,
                      value: RwSignal<String>,
                      mode: &'static str| {
        view! {
            <div class="field"><label for=id>{move || name(words)}</label>
                <input id=id maxlength="64" autocomplete="off" inputmode=mode placeholder=move || placeholder(mode) prop:value=value
                    on:input=move |event| value.set(event_target_value(&event)) /></div>
        }
    };
    view! {
        <form class="sold-new" on:submit=add>
            {field("sold-sku", |w| t_string!(w, purchases.supplier.sku), sku, "text")}
            {field("sold-code", |w| t_string!(w, purchases.code), code, "text")}
            {field("sold-price", |w| t_string!(w, purchases.supplier.price), price, "decimal")}
            {field("sold-minimum", |w| t_string!(w, purchases.supplier.minimum), minimum, "decimal")}
            {field("sold-multiple", |w| t_string!(w, purchases.supplier.multiple), multiple, "decimal")}
            {field("sold-days", |w| t_string!(w, purchases.supplier.own_days), days, "numeric")}
            <p class="wrong" role="status">{move || wrong.get().then(|| view! { <Svg icon=Icon::Warning />{t!(words, purchases.supplier.wrong_number)} })}</p>
            <button type="submit" class="button wide" disabled=move || desk.busy.get() || sku.with(|sku| sku.trim().is_empty())>{t!(words, purchases.supplier.add_item)}</button>
        </form>
    }
}
