//! What was bought and sent back, in a sentence.

use super::called::{things, who};
use crate::i18n::{Locale, td_string};
use model::ActivityLine;

pub(super) fn of_purchase(language: Locale, line: &ActivityLine) -> Option<String> {
    let (who, what, subject) = (who(language, line), things(language, line), line.subject.clone());
    Some(match line.topic.as_str() {
        "inventory.purchase_order_approved" => {
            td_string!(language, activity.purchase_order_approved, who = who, what = subject).to_string()
        }
        "inventory.purchase_order_cancelled" => {
            td_string!(language, activity.purchase_order_cancelled, who = who, what = subject).to_string()
        }
        "inventory.purchase_order_changed" => {
            td_string!(language, activity.purchase_order_changed, who = who, what = subject).to_string()
        }
        "inventory.purchase_order_closed" => {
            td_string!(language, activity.purchase_order_closed, who = who, what = subject).to_string()
        }
        "inventory.purchase_order_rejected" => {
            td_string!(language, activity.purchase_order_rejected, who = who, what = subject).to_string()
        }
        "inventory.purchase_order_sent" => {
            td_string!(language, activity.purchase_order_sent, who = who, what = subject).to_string()
        }
        "inventory.purchase_order_submitted" => {
            td_string!(language, activity.purchase_order_submitted, who = who, what = subject).to_string()
        }
        "inventory.purchase_order_written" => {
            td_string!(language, activity.purchase_order_written, who = who, what = subject).to_string()
        }
        "inventory.supplier_added" => {
            td_string!(language, activity.supplier_added, who = who, what = subject).to_string()
        }
        "inventory.supplier_changed" => {
            td_string!(language, activity.supplier_changed, who = who, what = subject).to_string()
        }
        "inventory.supplier_return_credited" => {
            td_string!(language, activity.supplier_return_credited, who = who, what = subject).to_string()
        }
        "inventory.supplier_return_posted" => {
            td_string!(language, activity.supplier_return_posted, who = who, what = what).to_string()
        }
        "inventory.supplier_return_refused" => {
            td_string!(language, activity.supplier_return_refused, who = who).to_string()
        }
        "inventory.supplier_return_reopened" => {
            td_string!(language, activity.supplier_return_reopened, who = who, what = subject).to_string()
        }
        _ => return None,
    })
}
