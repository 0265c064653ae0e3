//! What happened at the door, in sentences: who came in, who was refused, and who may what.

use super::called::{person, right, role, things, who};
use crate::i18n::{Locale, td_string};
use model::ActivityLine;

pub(super) fn of_door(language: Locale, line: &ActivityLine) -> Option<String> {
    let (who, person) = (who(language, line), person(language, line));
    let word = line.word.clone().unwrap_or_default();
    Some(match line.topic.as_str() {
        "auth.act_refused" => {
            td_string!(language, activity.act_refused, who = who, right = right(language, &word)).to_string()
        }
        "auth.device_ended" => td_string!(language, activity.device_ended, who = who, what = word).to_string(),
        "auth.device_shared" => td_string!(language, activity.device_shared, who = who, what = word).to_string(),
        "auth.key_added" => {
            td_string!(language, activity.key_added, who = who, what = things(language, line)).to_string()
        }
        "auth.key_revoked" => td_string!(language, activity.key_revoked, who = who).to_string(),
        "auth.password_set" => td_string!(language, activity.password_set, who = who, person = person).to_string(),
        "auth.person_added" => td_string!(language, activity.person_added, who = who, person = person).to_string(),
        "auth.person_disabled" => {
            td_string!(language, activity.person_disabled, who = who, person = person).to_string()
        }
        "auth.person_enabled" => td_string!(language, activity.person_enabled, who = who, person = person).to_string(),
        "auth.pin_failed" if line.person.is_none() => td_string!(language, activity.pin_unknown).to_string(),
        "auth.pin_failed" => td_string!(language, activity.pin_failed, person = person).to_string(),
        "auth.pin_set" => td_string!(language, activity.pin_set, who = who).to_string(),
        "auth.pin_signed_in" => td_string!(language, activity.pin_signed_in, who = who).to_string(),
        "auth.pin_taken" => td_string!(language, activity.pin_taken, who = who, person = person).to_string(),
        "auth.refresh_reused" => td_string!(language, activity.refresh_reused).to_string(),
        "auth.role_granted" => {
            td_string!(language, activity.role_granted, who = who, person = person, role = role(language, &word))
                .to_string()
        }
        "auth.role_revoked" => {
            td_string!(language, activity.role_revoked, who = who, person = person, role = role(language, &word))
                .to_string()
        }
        "auth.sessions_revoked" => {
            td_string!(language, activity.sessions_revoked, who = who, person = person).to_string()
        }
        "auth.set_up" => td_string!(language, activity.set_up, person = person).to_string(),
        "auth.sign_in_failed" if line.person.is_none() => td_string!(language, activity.sign_in_unknown).to_string(),
        "auth.sign_in_failed" => td_string!(language, activity.sign_in_failed, person = person).to_string(),
        "auth.signed_in" => td_string!(language, activity.signed_in, who = who).to_string(),
        "auth.signed_out" if line.person.as_ref().is_none_or(|person| *person == line.actor) => {
            td_string!(language, activity.signed_out, who = who).to_string()
        }
        "auth.signed_out" => td_string!(language, activity.signed_out_other, who = who, person = person).to_string(),
        _ => return None,
    })
}
