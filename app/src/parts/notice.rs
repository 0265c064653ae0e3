//! A failure in a sentence that says what to do.

use super::{Icon, ReportProblem, Svg, quantity};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t_string, use_i18n},
    prefs::Words,
};
use model::{Error, Refusal, Reused};

/// The failure, in the reader's language.
#[must_use]
pub fn sentence(words: Words, failure: &Failure) -> String {
    let error = match failure {
        Failure::Unreachable => return t_string!(words, common.failure.unreachable).to_string(),
        Failure::Said(error) => error,
    };
    match error {
        Error::SignedOut => t_string!(words, common.failure.signed_out).to_string(),
        Error::Forbidden(_) => t_string!(words, common.failure.forbidden).to_string(),
        Error::NotFound => t_string!(words, common.failure.not_found).to_string(),
        Error::Refused(refusal) => refused(words, refusal),
        Error::Invalid(flaws) => {
            let texts: Vec<_> = flaws.iter().map(|flaw| flaw.message.as_str()).collect();
            t_string!(words, common.failure.unclear, what = texts.join("; ")).to_string()
        }
        Error::Conflict(Reused::Version) => t_string!(words, common.failure.changed_meanwhile).to_string(),
        Error::Conflict(_) => t_string!(words, common.failure.used_before).to_string(),
        Error::TooMany(seconds) => t_string!(words, common.failure.too_many, seconds = seconds.to_string()).to_string(),
        Error::Busy => t_string!(words, common.failure.busy).to_string(),
        Error::Full => t_string!(words, common.failure.full).to_string(),
        Error::Internal(ticket) => t_string!(words, common.failure.internal, ticket = ticket.0.clone()).to_string(),
    }
}

fn refused(words: Words, refusal: &Refusal) -> String {
    match refusal {
        Refusal::OutOfStock { sku, available } => {
            let available = quantity(words.get_locale(), *available);
            t_string!(words, common.refused.out_of_stock, sku = sku.clone(), available = available).to_string()
        }
        Refusal::SkuTaken { sku: code }
        | Refusal::BarcodeTaken { barcode: code }
        | Refusal::StoreTaken { store: code } => {
            t_string!(words, common.refused.code_taken, code = code.clone()).to_string()
        }
        Refusal::NameTaken { name } => t_string!(words, common.refused.name_taken, name = name.clone()).to_string(),
        Refusal::AlreadyReversed => t_string!(words, common.refused.already_undone).to_string(),
        Refusal::IsReversal => t_string!(words, common.refused.is_undo).to_string(),
        Refusal::UndoClosed => t_string!(words, common.refused.undo_closed).to_string(),
        Refusal::Returned => t_string!(words, common.refused.returned).to_string(),
        Refusal::SaleUndone => t_string!(words, common.refused.sale_undone).to_string(),
        Refusal::PlaceGivenUp { place } => {
            t_string!(words, common.refused.place_given_up, place = place.clone()).to_string()
        }
        Refusal::SignIn => t_string!(words, common.refused.sign_in).to_string(),
        Refusal::LastAdministrator => t_string!(words, common.refused.last_administrator).to_string(),
        Refusal::WrongState { state } => {
            t_string!(words, common.refused.wrong_state, state = state.clone()).to_string()
        }
        Refusal::OwnWork => t_string!(words, common.refused.own_work).to_string(),
        Refusal::OnlyAdministrator => t_string!(words, common.refused.only_administrator).to_string(),
        Refusal::OnlyChief => t_string!(words, common.refused.only_chief).to_string(),
        Refusal::WriteOff => t_string!(words, common.refused.write_off).to_string(),
        Refusal::OverOrdered { sku, available } => t_string!(
            words,
            common.refused.over_ordered,
            sku = sku.clone(),
            available = quantity(words.get_locale(), *available)
        )
        .to_string(),
    }
}

/// The ticket to report (it may be empty), unless the failure is an answer to what the person did and says itself what
/// to do.
fn reportable(failure: &Failure) -> Option<String> {
    match failure {
        Failure::Said(Error::Internal(ticket)) => Some(ticket.0.clone()),
        Failure::Said(Error::Refused(_) | Error::Invalid(_) | Error::SignedOut | Error::TooMany(_)) => None,
        Failure::Said(_) | Failure::Unreachable => Some(String::new()),
    }
}

/// Shows a failure, and says it to screen readers as soon as there is one.
#[component]
pub fn Notice(
    /// What went wrong, if anything did.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
    /// What one can do about it, such as a button.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let words = use_i18n();
    let children = StoredValue::new(children);
    view! {
        <div role="alert" class="notice-place">
            {move || failure.get().map(|failure| view! {
                <div class="notice" data-kind="bad">
                    <Svg icon=Icon::Warning />
                    <p>{sentence(words, &failure)}</p>
                    {children.with_value(|children| children.as_ref().map(|children| children()))}
                    {reportable(&failure).map(|ticket| view! { <ReportProblem ticket /> })}
                </div>
            })}
        </div>
    }
}
