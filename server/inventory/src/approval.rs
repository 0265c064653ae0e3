//! Who approves a document: for each kind up to three steps by value, each stricter than the one below, and never its author.

use auth::Act;
use db::{Tx, execute, fetch_all, fetch_optional};
use model::{ApprovalLimit, Approver, Flaw, Money, PaperKind, Result, StoreId};

/// More than any limit: the value of what nobody knows the worth of.
pub(crate) const BEYOND_ANY: Money = Money::from_parts(Money::PRICE_MAX.parts() + 1);
/// How many steps a kind has at most.
const STEPS_MAX: usize = 3;

/// Who has to approve a document of that kind and value, if it has to be somebody else than who wrote it; never while the
/// store has set no limit.
pub(crate) async fn approver(tx: &mut Tx, store: StoreId, kind: PaperKind, value: Money) -> Result<Option<Approver>> {
    let step: Option<(String,)> = fetch_optional!(
        tx,
        "select approver from inventory_approval_step where store = $1 and kind = $2 and amount < $3
         order by amount desc limit 1",
        store,
        kind.name(),
        value
    )?;
    Ok(step.map(|(approver,)| Approver::named(&approver)))
}

/// The same for what had to wait when it came: with a limit that was raised since, whoever the lowest step says.
pub(crate) async fn approver_of_waiting(
    tx: &mut Tx,
    store: StoreId,
    kind: PaperKind,
    value: Option<Money>,
) -> Result<Approver> {
    if let Some(approver) = approver(tx, store, kind, value.unwrap_or(BEYOND_ANY)).await? {
        return Ok(approver);
    }
    let lowest: Option<(String,)> = fetch_optional!(
        tx,
        "select approver from inventory_approval_step where store = $1 and kind = $2 order by amount limit 1",
        store,
        kind.name()
    )?;
    Ok(lowest.map(|(approver,)| Approver::named(&approver)).unwrap_or_default())
}

/// Does a document of that kind and value have to be approved by somebody else than who wrote it?
pub(crate) async fn above_limit(tx: &mut Tx, store: StoreId, kind: PaperKind, value: Money) -> Result<bool> {
    Ok(approver(tx, store, kind, value).await?.is_some())
}

/// Errors: `Invalid` for kinds that nobody approves, for amounts out of range, and for steps that are too many, twice the
/// same, or not stricter than the one below.
pub(crate) fn check(limits: &[ApprovalLimit]) -> Result<()> {
    for kind in PaperKind::ALL {
        let mut steps: Vec<(Money, Approver)> = Vec::new();
        for limit in limits.iter().filter(|limit| limit.kind == kind) {
            if matches!(kind, PaperKind::Order | PaperKind::SupplierReturn) {
                let message = "customers' orders and returns to suppliers are approved by nobody; leave them out";
                return Err(Flaw::new("limits", "kind", message).into());
            }
            let Some(amount) = limit.amount else { continue };
            if amount < Money::ZERO || amount > Money::PRICE_MAX {
                let message = format!("use an amount from 0 to {}", Money::PRICE_MAX);
                return Err(Flaw::new("amount", "amount", message).into());
            }
            steps.push((amount, limit.approver));
        }
        steps.sort_unstable();
        if steps.len() > STEPS_MAX {
            return Err(Flaw::new("limits", "too_many", format!("use at most {STEPS_MAX} steps for each kind")).into());
        }
        if steps.windows(2).any(|pair| pair[0].0 == pair[1].0 || pair[0].1 >= pair[1].1) {
            let message = "each step needs a higher amount than the one below, and somebody stricter";
            return Err(Flaw::new("limits", "steps", message).into());
        }
    }
    Ok(())
}

/// Is a step set, changed or lifted that only somebody takes who administers all stores? Of the kinds that are named.
pub(crate) fn touches_chief(before: &[ApprovalLimit], new: &[ApprovalLimit]) -> bool {
    let steps = |limits: &[ApprovalLimit], kind| {
        let of_kind = limits.iter().filter(|limit| limit.kind == kind);
        let mut steps: Vec<_> = of_kind.filter_map(|limit| Some((limit.amount?, limit.approver))).collect();
        steps.sort_unstable();
        steps
    };
    PaperKind::ALL.into_iter().filter(|kind| new.iter().any(|limit| limit.kind == *kind)).any(|kind| {
        let (before, new) = (steps(before, kind), steps(new, kind));
        before != new && before.iter().chain(&new).any(|(_, approver)| *approver == Approver::Chief)
    })
}

/// Gives the kinds that are named these steps, and no others.
pub(crate) async fn set(act: &mut Act, store: StoreId, limits: &[ApprovalLimit]) -> Result<()> {
    for kind in PaperKind::ALL.into_iter().filter(|kind| limits.iter().any(|limit| limit.kind == *kind)) {
        execute!(act, "delete from inventory_approval_step where store = $1 and kind = $2", store, kind.name())?;
        for limit in limits.iter().filter(|limit| limit.kind == kind) {
            let Some(amount) = limit.amount else { continue };
            execute!(
                act,
                "insert into inventory_approval_step (store, kind, amount, approver) values ($1, $2, $3, $4)",
                store,
                kind.name(),
                amount,
                limit.approver.name()
            )?;
        }
    }
    Ok(())
}

/// The steps of a store, the lowest of each kind first.
pub(crate) async fn of(tx: &mut Tx, store: StoreId) -> Result<Vec<ApprovalLimit>> {
    let rows: Vec<(String, Money, String)> = fetch_all!(
        tx,
        "select kind, amount, approver from inventory_approval_step where store = $1 order by kind, amount",
        store
    )?;
    let told = rows.into_iter().filter_map(|(kind, amount, approver)| {
        let kind = PaperKind::named(&kind)?;
        Some(ApprovalLimit { kind, amount: Some(amount), approver: Approver::named(&approver) })
    });
    Ok(told.collect())
}
