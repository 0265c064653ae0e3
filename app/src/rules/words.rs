//! Who approves, in a sentence.

use crate::{i18n::t_string, prefs::Words};
use model::Approver;

/// Who approves a document of that value, beside its author.
#[must_use]
pub fn approves(words: Words, by: Approver) -> &'static str {
    match by {
        Approver::Manager => t_string!(words, common.approves.manager),
        Approver::Administrator => t_string!(words, common.approves.administrator),
        Approver::Chief => t_string!(words, common.approves.chief),
    }
}
