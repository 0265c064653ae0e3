//! Roles: shown as tags, taken away with a cross, given by a choice of what and where.

use super::words::{grant_name, role_name, role_text};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};
use model::{Action, Grant, Role};

/// The roles that people have, in the order in which they are offered; other systems have keys.
const OFFERED: [Role; 4] = [Role::Employee, Role::Manager, Role::Administrator, Role::ReadOnly];

/// What somebody is trusted with.
#[component]
pub(super) fn Roles(
    grants: Signal<Vec<Grant>>,
    /// Take one away.
    #[prop(optional)]
    on_take: Option<Callback<Grant>>,
) -> impl IntoView {
    let words = use_i18n();
    let stores = StoredValue::new(use_here().me().stores);
    let tag = move |grant: Grant| {
        let name = move || stores.with_value(|stores| grant_name(words, grant, stores));
        view! {
            <li class="tag">
                <span>{move || name()}</span>
                {on_take.map(|on_take| view! {
                    <button type="button" class="tag-take" aria-label=move || t_string!(words, people.take, role = name()).to_string()
                        on:click=move |_| on_take.run(grant)>
                        <Svg icon=Icon::Close />
                    </button>
                })}
            </li>
        }
    };
    view! {
        <ul class="tags">
            {move || grants.get().into_iter().map(tag).collect_view()}
            {move || grants.with(Vec::is_empty).then(|| view! { <li class="quiet">{t!(words, people.no_role)}</li> })}
        </ul>
    }
}

/// Which role, and where: the two choices of a form.
#[component]
pub(super) fn Choice(
    /// What is chosen.
    chosen: RwSignal<Grant>,
    /// What the ids of the two fields begin with.
    prefix: &'static str,
) -> impl IntoView {
    let words = use_i18n();
    let me = use_here().me();
    let everywhere = me.grants.iter().any(|grant| grant.store.is_none() && grant.role.may(Action::ManagePeople));
    let pick_role = move |event| {
        if let Some(role) = Role::named(&event_target_value(&event)) {
            chosen.update(|chosen| chosen.role = role);
        }
    };
    let pick_store = move |event| chosen.update(|chosen| chosen.store = event_target_value(&event).parse().ok());
    let role = move |role: Role| {
        view! { <option value=role.name() selected=move || chosen.get().role == role>{move || role_name(words, role)}</option> }
    };
    let store = move |store: model::Store| {
        let id = store.id;
        view! { <option value=id.to_string() selected=move || chosen.get().store == Some(id)>{store.name}</option> }
    };
    let all = move || {
        view! { <option value="" selected=move || chosen.get().store.is_none()>{move || t_string!(words, people.every_store)}</option> }
    };
    view! {
        <div class="choice-row">
            <div class="field">
                <label for=format!("{prefix}-role")>{t!(words, people.role.label)}</label>
                <select id=format!("{prefix}-role") on:change=pick_role>{OFFERED.map(role)}</select>
            </div>
            <div class="field">
                <label for=format!("{prefix}-store")>{t!(words, people.role.where_label)}</label>
                <select id=format!("{prefix}-store") on:change=pick_store>
                    {me.stores.into_iter().map(store).collect_view()}
                    {everywhere.then(all)}
                </select>
            </div>
        </div>
        <p class="quiet">{move || role_text(words, chosen.get().role)}</p>
    }
}

/// Gives one more role.
#[component]
pub(super) fn Picker(on_pick: Callback<Grant>, busy: RwSignal<bool>) -> impl IntoView {
    let words = use_i18n();
    let store = use_here().store().get_untracked().id;
    let chosen = RwSignal::new(Grant { role: Role::Employee, store: Some(store) });
    view! {
        <Choice chosen prefix="more" />
        <button type="button" class="button" disabled=busy on:click=move |_| on_pick.run(chosen.get_untracked())>
            <Svg icon=Icon::Plus />{t!(words, people.give)}
        </button>
    }
}
