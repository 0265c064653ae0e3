//! What people, things, roles, reasons and rights are called in a sentence of the journal.

use crate::i18n::{Locale, td_string};
use model::ActivityLine;

pub(super) fn role(language: Locale, name: &str) -> String {
    match name {
        "employee" => td_string!(language, activity.role.employee).to_string(),
        "manager" => td_string!(language, activity.role.manager).to_string(),
        "administrator" => td_string!(language, activity.role.administrator).to_string(),
        "integration" => td_string!(language, activity.role.integration).to_string(),
        "read-only" => td_string!(language, activity.role.read_only).to_string(),
        other => other.to_owned(),
    }
}

pub(super) fn reason(language: Locale, name: &str) -> String {
    match name {
        "damaged" => td_string!(language, activity.reason.damaged).to_string(),
        "lost" => td_string!(language, activity.reason.lost).to_string(),
        "found" => td_string!(language, activity.reason.found).to_string(),
        "own_use" | "own-use" => td_string!(language, activity.reason.own_use).to_string(),
        "miscounted" | "counted" | "count" => td_string!(language, activity.reason.miscounted).to_string(),
        "" => td_string!(language, activity.reason.none).to_string(),
        other => other.to_owned(),
    }
}

pub(super) fn right(language: Locale, scope: &str) -> String {
    match scope {
        "sales:write" => td_string!(language, activity.right.sell).to_string(),
        "returns:write" => td_string!(language, activity.right.take_back).to_string(),
        "adjustments:write" => td_string!(language, activity.right.adjust).to_string(),
        "receipts:write" => td_string!(language, activity.right.receive).to_string(),
        "postings:reverse" => td_string!(language, activity.right.undo).to_string(),
        "stock:read" => td_string!(language, activity.right.see_stock).to_string(),
        "lists:export" => td_string!(language, activity.right.export).to_string(),
        "reports:read" => td_string!(language, activity.right.see_reports).to_string(),
        "items:write" => td_string!(language, activity.right.edit_items).to_string(),
        "import:write" => td_string!(language, activity.right.import).to_string(),
        "purchase-orders:write" => td_string!(language, activity.right.purchase).to_string(),
        "orders:write" => td_string!(language, activity.right.promise).to_string(),
        "transfers:write" => td_string!(language, activity.right.transfer).to_string(),
        "counts:write" => td_string!(language, activity.right.count).to_string(),
        "approvals:write" => td_string!(language, activity.right.approve).to_string(),
        "events:read" => td_string!(language, activity.right.read_events).to_string(),
        "journal:read" => td_string!(language, activity.right.read_journal).to_string(),
        "stores:write" => td_string!(language, activity.right.stores).to_string(),
        "people:write" => td_string!(language, activity.right.people).to_string(),
        "metrics:read" => td_string!(language, activity.right.metrics).to_string(),
        "keys:write" => td_string!(language, activity.right.keys).to_string(),
        other => other.to_owned(),
    }
}

pub(super) fn who(language: Locale, line: &ActivityLine) -> String {
    match line.actor.as_str() {
        "" => td_string!(language, activity.someone).to_string(),
        "command line" => td_string!(language, activity.command_line).to_string(),
        name => name.to_owned(),
    }
}

pub(super) fn person(language: Locale, line: &ActivityLine) -> String {
    line.person.clone().unwrap_or_else(|| td_string!(language, activity.someone).to_string())
}

/// `6 × Red lantern, 1 × Cup and 2 more`.
pub(super) fn things(language: Locale, line: &ActivityLine) -> String {
    let named = line.things.join(", ");
    if named.is_empty() {
        return line.subject.clone();
    }
    match line.more {
        0 => named,
        more => td_string!(language, activity.and_more, what = named, count = more).to_string(),
    }
}
