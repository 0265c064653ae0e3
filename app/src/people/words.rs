//! Words about people: roles, places, rights, and what to mend in a form.

use crate::{failure::Failure, i18n::t_string, prefs::Words};
use model::{Action, Error, Flaw, Grant, Role, Store};

/// A role, in the reader's language.
#[must_use]
pub fn role_name(words: Words, role: Role) -> &'static str {
    match role {
        Role::Employee => t_string!(words, people.role.employee),
        Role::Manager => t_string!(words, people.role.manager),
        Role::Administrator => t_string!(words, people.role.administrator),
        Role::Integration => t_string!(words, people.role.integration),
        Role::ReadOnly => t_string!(words, people.role.read_only),
    }
}

/// What somebody with that role does.
pub(super) fn role_text(words: Words, role: Role) -> &'static str {
    match role {
        Role::Employee => t_string!(words, people.role.employee_text),
        Role::Manager => t_string!(words, people.role.manager_text),
        Role::Administrator => t_string!(words, people.role.administrator_text),
        Role::Integration => t_string!(words, people.role.integration_text),
        Role::ReadOnly => t_string!(words, people.role.read_only_text),
    }
}

/// `Employee in London`, or `Administrator everywhere`.
pub(super) fn grant_name(words: Words, grant: Grant, stores: &[Store]) -> String {
    let role = role_name(words, grant.role).to_owned();
    match grant.store {
        None => t_string!(words, people.role.everywhere, role = role).to_string(),
        Some(store) => {
            let known = stores.iter().find(|known| known.id == store).map(|known| known.name.clone());
            let place = known.unwrap_or_else(|| t_string!(words, people.role.closed).to_owned());
            t_string!(words, people.role.in_store, role = role, store = place).to_string()
        }
    }
}

/// What a scope of a key allows.
pub(super) fn scope_name(words: Words, scope: &str) -> String {
    let Some(action) = Action::ALL.into_iter().find(|action| action.scope() == scope) else {
        return t_string!(words, people.scope.all).to_owned();
    };
    match action {
        Action::Sell => t_string!(words, people.scope.sell),
        Action::TakeBack => t_string!(words, people.scope.take_back),
        Action::Adjust => t_string!(words, people.scope.adjust),
        Action::Receive => t_string!(words, people.scope.receive),
        Action::Reverse => t_string!(words, people.scope.reverse),
        Action::SeeStock => t_string!(words, people.scope.see_stock),
        Action::SeeReports => t_string!(words, people.scope.see_reports),
        Action::EditItems => t_string!(words, people.scope.edit_items),
        Action::Purchase => t_string!(words, people.scope.purchase),
        Action::Promise => t_string!(words, people.scope.promise),
        Action::Transfer => t_string!(words, people.scope.transfer),
        Action::Count => t_string!(words, people.scope.count),
        Action::ReadEvents => t_string!(words, people.scope.read_events),
        _ => return scope.to_owned(),
    }
    .to_owned()
}

/// What to mend in that field of a form, in the reader's language.
#[must_use]
pub fn flaw_of(words: Words, failure: Option<&Failure>, field: &str) -> Option<String> {
    let Some(Failure::Said(Error::Invalid(flaws))) = failure else { return None };
    let flaw = flaws.iter().find(|flaw| flaw.field == field)?;
    Some(mended(words, flaw).unwrap_or_else(|| flaw.message.clone()))
}

fn mended(words: Words, flaw: &Flaw) -> Option<String> {
    let text = match (flaw.field.as_str(), flaw.code.as_str()) {
        ("display_name", "bad_name") => t_string!(words, people.flaw.shown),
        ("name", "bad_name") => t_string!(words, people.flaw.name),
        ("name", "name_length") => t_string!(words, people.flaw.shown),
        (_, "too_short") => t_string!(words, people.flaw.too_short),
        (_, "too_long") => t_string!(words, people.flaw.too_long),
        (_, "is_name") => t_string!(words, people.flaw.is_name),
        (_, "too_common") => t_string!(words, people.flaw.too_common),
        (_, "not_six_digits") => t_string!(words, people.flaw.not_six_digits),
        (_, "easy_pin") => t_string!(words, people.flaw.easy_pin),
        (_, "bad_device_name") => t_string!(words, people.flaw.device_name),
        (_, "wrong_password") => t_string!(words, people.flaw.wrong_password),
        (_, "store_code") => t_string!(words, people.flaw.store_code),
        (_, "unknown_currency") => t_string!(words, people.flaw.currency),
        (_, "unknown_time_zone") => t_string!(words, people.flaw.time_zone),
        (_, "bad_token") => t_string!(words, people.flaw.token),
        ("scopes", _) => t_string!(words, people.flaw.scopes),
        ("stores", _) => t_string!(words, people.flaw.stores),
        _ => return None,
    };
    Some(text.to_owned())
}
