//! Each line of the journal in a sentence: who did what.

use super::bought::of_purchase;
use super::called::{person, reason, things, who};
use super::door::of_door;
use crate::i18n::{Locale, td_string};
use model::ActivityLine;

/// What happened, in that language. A topic without words says its name: better than to leave the line out.
#[must_use]
pub fn sentence(language: Locale, line: &ActivityLine) -> String {
    match line.topic.split('.').next() {
        Some("auth") => of_door(language, line),
        Some("log") => of_log(language, line),
        _ => of_stock(language, line).or_else(|| of_promise(language, line)).or_else(|| of_purchase(language, line)),
    }
    .unwrap_or_else(|| {
        td_string!(language, activity.unknown, who = who(language, line), topic = line.topic.clone()).to_string()
    })
}

/// Is it something to look at: a refusal, a failed sign-in, a problem?
#[must_use]
pub fn is_alarming(topic: &str) -> bool {
    matches!(
        topic,
        "auth.act_refused"
            | "auth.pin_failed"
            | "auth.sign_in_failed"
            | "auth.refresh_reused"
            | "inventory.move_refused"
            | "inventory.sale_refused"
            | "inventory.supplier_return_refused"
            | "log.problem_found"
            | "log.problem_reported"
            | "log.journal_restored"
    )
}

fn of_stock(language: Locale, line: &ActivityLine) -> Option<String> {
    let (who, what) = (who(language, line), things(language, line));
    let word = line.word.clone().unwrap_or_default();
    let subject = line.subject.clone();
    Some(match line.topic.as_str() {
        "integration.import_finished" if word == "failed" => {
            td_string!(language, activity.import_failed, who = who, what = subject).to_string()
        }
        "integration.import_finished" => {
            td_string!(language, activity.import_finished, who = who, what = subject).to_string()
        }
        "inventory.adjustment_posted" if line.person.is_some() => td_string!(
            language,
            activity.correction_approved,
            who = who,
            author = person(language, line),
            what = what,
            why = reason(language, &word)
        )
        .to_string(),
        "inventory.adjustment_posted" => {
            td_string!(language, activity.adjustment_posted, who = who, what = what, why = reason(language, &word))
                .to_string()
        }
        "inventory.lock_date_moved" => {
            td_string!(language, activity.lock_date_moved, who = who, what = subject).to_string()
        }
        "inventory.approval_limit_set" => {
            td_string!(language, activity.approval_limit_set, who = who, what = subject).to_string()
        }
        "inventory.correction_rejected" => {
            td_string!(language, activity.correction_rejected, who = who, what = subject).to_string()
        }
        "inventory.correction_submitted" => {
            td_string!(language, activity.correction_submitted, who = who, what = subject).to_string()
        }
        "inventory.correction_withdrawn" => {
            td_string!(language, activity.correction_withdrawn, who = who, what = subject).to_string()
        }
        "inventory.arrival_counted" => {
            td_string!(language, activity.arrival_counted, who = who, what = subject).to_string()
        }
        "inventory.arrival_discarded" => {
            td_string!(language, activity.arrival_discarded, who = who, what = subject).to_string()
        }
        "inventory.count_approved" => {
            td_string!(language, activity.count_approved, who = who, what = subject).to_string()
        }
        "inventory.count_cancelled" => {
            td_string!(language, activity.count_cancelled, who = who, what = subject).to_string()
        }
        "inventory.count_confirmed" => {
            td_string!(language, activity.count_confirmed, who = who, what = what).to_string()
        }
        "inventory.count_entered" => {
            td_string!(language, activity.count_entered, who = who, what = subject).to_string()
        }
        "inventory.count_opened" => td_string!(language, activity.count_opened, who = who, what = subject).to_string(),
        "inventory.count_plan_kept" => td_string!(language, activity.count_plan_kept, what = subject).to_string(),
        "inventory.count_plan_missed" => td_string!(language, activity.count_plan_missed, what = subject).to_string(),
        "inventory.count_plan_saved" => {
            td_string!(language, activity.count_plan_saved, who = who, what = subject).to_string()
        }
        "inventory.count_posted" => td_string!(language, activity.count_posted, who = who, what = subject).to_string(),
        "inventory.count_recounted" => {
            td_string!(language, activity.count_recounted, who = who, what = subject).to_string()
        }
        "inventory.count_rejected" => {
            td_string!(language, activity.count_rejected, who = who, what = subject).to_string()
        }
        "inventory.count_reopened" => {
            td_string!(language, activity.count_reopened, who = who, what = subject).to_string()
        }
        "inventory.count_submitted" => {
            td_string!(language, activity.count_submitted, who = who, what = subject).to_string()
        }
        "inventory.count_tolerance_set" => {
            td_string!(language, activity.count_tolerance_set, who = who, what = subject).to_string()
        }
        "inventory.balances_rebuilt" => {
            td_string!(language, activity.balances_rebuilt, who = who, count = word).to_string()
        }
        "inventory.category_renamed" => {
            td_string!(language, activity.category_renamed, who = who, what = word, now = subject).to_string()
        }
        "inventory.costs_told" if line.word.is_some() => {
            td_string!(language, activity.costs_taken_back, who = who).to_string()
        }
        "inventory.costs_told" => td_string!(language, activity.costs_told, who = who).to_string(),
        "inventory.exception_opened" => {
            td_string!(language, activity.exception_opened, who = who, what = subject).to_string()
        }
        "inventory.exception_settled" => {
            td_string!(language, activity.exception_settled, who = who, what = what).to_string()
        }
        "inventory.exception_taken" => {
            td_string!(language, activity.exception_taken, who = who, what = what).to_string()
        }
        "inventory.family_saved" => td_string!(language, activity.family_saved, who = who, what = subject).to_string(),
        "inventory.item_changed" | "inventory.items_changed" => {
            td_string!(language, activity.items_changed, who = who, what = what).to_string()
        }
        "inventory.lot_changed" => td_string!(language, activity.lot_changed, who = who, what = subject).to_string(),
        "inventory.lot_day_corrected" => {
            td_string!(language, activity.lot_day_corrected, who = who, what = subject).to_string()
        }
        "inventory.items_added" => td_string!(language, activity.items_added, who = who, what = what).to_string(),
        "inventory.posting_reversed" => {
            td_string!(language, activity.posting_reversed, who = who, what = what).to_string()
        }
        "inventory.price_list_saved" => {
            td_string!(language, activity.price_list_saved, who = who, what = subject).to_string()
        }
        "inventory.receipt_posted" => td_string!(language, activity.receipt_posted, who = who, what = what).to_string(),
        "inventory.reorder_rule_set" => {
            td_string!(language, activity.reorder_rule_set, who = who, what = subject).to_string()
        }
        "inventory.reorder_snoozed" => {
            td_string!(language, activity.reorder_snoozed, who = who, what = subject).to_string()
        }
        "inventory.return_posted" => td_string!(language, activity.return_posted, who = who, what = what).to_string(),
        "inventory.sale_posted" => td_string!(language, activity.sale_posted, who = who, what = what).to_string(),
        "inventory.sale_refused" => td_string!(language, activity.sale_refused, who = who).to_string(),
        "inventory.scale_labels_set" => td_string!(language, activity.scale_labels_set, who = who).to_string(),
        "inventory.search_written" => {
            td_string!(language, activity.search_written, who = who, count = word).to_string()
        }
        "inventory.store_added" => td_string!(language, activity.store_added, who = who, what = subject).to_string(),
        "inventory.store_closed" => td_string!(language, activity.store_closed, who = who, what = subject).to_string(),
        "inventory.store_reopened" => {
            td_string!(language, activity.store_reopened, who = who, what = subject).to_string()
        }
        "inventory.tax_class_saved" => {
            td_string!(language, activity.tax_class_saved, who = who, what = subject).to_string()
        }
        "inventory.goods_moved" => td_string!(language, activity.goods_moved, who = who, what = what).to_string(),
        "inventory.move_refused" => td_string!(language, activity.move_refused, who = who).to_string(),
        "inventory.place_added" => td_string!(language, activity.place_added, who = who, what = subject).to_string(),
        "inventory.place_archived" => {
            td_string!(language, activity.place_archived, who = who, what = subject).to_string()
        }
        "inventory.place_renamed" => {
            td_string!(language, activity.place_renamed, who = who, what = subject).to_string()
        }
        "inventory.place_reopened" => {
            td_string!(language, activity.place_reopened, who = who, what = subject).to_string()
        }
        "inventory.transfer_approved" => {
            td_string!(language, activity.transfer_approved, who = who, what = subject).to_string()
        }
        "inventory.transfer_cancelled" => {
            td_string!(language, activity.transfer_cancelled, who = who, what = subject).to_string()
        }
        "inventory.transfer_closed" => {
            td_string!(language, activity.transfer_closed, who = who, what = subject).to_string()
        }
        "inventory.transfer_short" => {
            td_string!(language, activity.transfer_short, who = who, what = subject).to_string()
        }
        "inventory.transfer_written" => {
            td_string!(language, activity.transfer_written, who = who, what = subject).to_string()
        }
        "report.mornings_set" => td_string!(language, activity.mornings_set, who = who, what = subject).to_string(),
        "report.orders_written" => td_string!(language, activity.orders_written, what = subject).to_string(),
        "report.figures_rebuilt" => td_string!(language, activity.figures_rebuilt, who = who).to_string(),
        _ => return None,
    })
}

fn of_promise(language: Locale, line: &ActivityLine) -> Option<String> {
    let (who, what, order) = (who(language, line), things(language, line), line.subject.clone());
    Some(match line.topic.as_str() {
        "inventory.order_cancelled" => {
            td_string!(language, activity.order_cancelled, who = who, what = order).to_string()
        }
        "inventory.order_changed" => td_string!(language, activity.order_changed, who = who, what = order).to_string(),
        "inventory.order_closed" => td_string!(language, activity.order_closed, who = who, what = order).to_string(),
        "inventory.order_confirmed" => {
            td_string!(language, activity.order_confirmed, who = who, what = order).to_string()
        }
        "inventory.order_drafted" => td_string!(language, activity.order_drafted, who = who, what = order).to_string(),
        "inventory.order_kept" => td_string!(language, activity.order_kept, who = who, what = order).to_string(),
        "inventory.order_lapsed" => td_string!(language, activity.order_lapsed, what = order).to_string(),
        "inventory.order_picked" => td_string!(language, activity.order_picked, who = who, what = order).to_string(),
        "inventory.order_supplied" => td_string!(language, activity.order_supplied, what = order).to_string(),
        "inventory.reservation_extended" => {
            td_string!(language, activity.reservation_extended, who = who, what = what).to_string()
        }
        "inventory.reservation_released" => {
            td_string!(language, activity.reservation_released, who = who, what = what).to_string()
        }
        "inventory.reservations_expired" => {
            td_string!(language, activity.reservations_expired, what = what).to_string()
        }
        "inventory.stock_reserved" => td_string!(language, activity.stock_reserved, who = who, what = what).to_string(),
        _ => return None,
    })
}

fn of_log(language: Locale, line: &ActivityLine) -> Option<String> {
    let (who, note) = (who(language, line), line.word.clone());
    let what = note.clone().unwrap_or_default();
    Some(match line.topic.as_str() {
        "log.journal_restored" => td_string!(language, activity.journal_restored, what = what).to_string(),
        "log.problem_closed" => match note {
            Some(note) => td_string!(language, activity.problem_closed_with, who = who, note = note).to_string(),
            None => td_string!(language, activity.problem_closed, who = who).to_string(),
        },
        "log.problem_found" => td_string!(language, activity.problem_found, what = what).to_string(),
        "log.problem_given_back" => td_string!(language, activity.problem_given_back, who = who).to_string(),
        "log.problem_reopened" => td_string!(language, activity.problem_reopened, who = who).to_string(),
        "log.problem_reported" => td_string!(language, activity.problem_reported, who = who).to_string(),
        "log.problem_taken" => td_string!(language, activity.problem_taken, who = who).to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::topics::TOPICS;
    use super::*;

    fn line(topic: &str) -> ActivityLine {
        ActivityLine { topic: topic.into(), subject: "LON".into(), actor: "Ann".into(), ..ActivityLine::default() }
    }

    #[test]
    fn every_topic_has_a_sentence_of_its_own_in_both_languages() {
        for topic in TOPICS.iter().copied() {
            let [english, spanish] = [Locale::en, Locale::es].map(|language| sentence(language, &line(topic)));
            for text in [&english, &spanish] {
                assert!(text.ends_with('.') && text.len() > 8, "{topic}: {text}");
                assert!(!text.contains(topic) && !text.contains("{{"), "{topic}: {text}");
            }
            assert_ne!(english, spanish, "{topic}");
        }
    }

    #[test]
    fn a_topic_without_words_is_named_and_not_left_out() {
        assert!(sentence(Locale::en, &line("till.exploded")).contains("till.exploded"));
    }

    #[test]
    fn a_sale_says_what_was_sold() {
        let things = vec!["6 × Lantern".into(), "1 × Cup".into()];
        let sale = ActivityLine { things, more: 2, ..line("inventory.sale_posted") };
        assert_eq!(sentence(Locale::en, &sale), "Ann sold 6 × Lantern, 1 × Cup and 2 more.");
        assert_eq!(sentence(Locale::es, &sale), "Ann vendió 6 × Lantern, 1 × Cup y 2 más.");
    }
}
