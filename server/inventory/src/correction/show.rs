//! One correction that had to wait, as it is shown.

use super::{Beside, beside, state, value};
use crate::ledger::{NO_LOT, SELLABLE};
use crate::paper::{self, Paper};
use crate::store::Site;
use crate::{Inventory, approval, reverse};
use db::{Tx, fetch_all, fetch_optional};
use model::{
    Action, Actor, Approver, Condition, Correction, CorrectionLine, CorrectionState, CorrectionStep, DocumentKind,
    Error, Money, PaperId, PaperKind, Quantity, Result, Since, Time,
};

#[derive(sqlx::FromRow)]
struct LineRow {
    sku: String,
    name: String,
    unit: String,
    quantity: Quantity,
    price: Option<Money>,
    reason: Option<String>,
    #[sqlx(try_from = "String")]
    condition: Condition,
    on_hand: Quantity,
    counted_since: i64,
}

impl Inventory {
    /// A correction of a store that they may see.
    pub async fn correction(&self, actor: &Actor, id: PaperId) -> Result<Since<Correction>> {
        let store = self.paper(actor, PaperKind::Adjustment, id).await?.store;
        let site = self.site_of(actor, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(store)).await?;
        let paper = paper::find_paper(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let data = whole(&mut tx, actor, &paper, &site).await?;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total: 1 })
    }
}

/// All of a correction.
pub(super) async fn whole(tx: &mut Tx, actor: &Actor, paper: &Paper, site: &Site) -> Result<Correction> {
    let (beside, state) = (beside(tx, paper.id).await?, state(paper)?);
    let approver = approval::approver_of_waiting(tx, paper.store, paper.kind, beside.value).await?;
    let lines = lines(tx, paper, site, &beside).await?;
    let posted_at = posted_at(tx, paper.id).await?;
    let kind = DocumentKind::Adjustment;
    let undoes = |at| reverse::may_undo(actor, paper.store, &paper.principal, at, kind);
    Ok(Correction {
        id: paper.id,
        number: paper.number.clone(),
        store: site.store.code.clone(),
        currency: site.store.currency.clone(),
        state,
        version: paper.version,
        reference: paper.reference.clone(),
        reason: beside.reason,
        word: beside.word,
        value: beside.value,
        occurred_at: beside.occurred_at,
        author: paper.author.clone(),
        approver: paper.approver.clone(),
        created_at: paper.created_at,
        changed_at: paper.changed_at,
        approved_by: (state == CorrectionState::Waiting).then_some(approver),
        next: next(actor, paper, state, approver),
        may_undo: state == CorrectionState::Posted && posted_at.is_some_and(undoes),
        lines: lines.into_iter().map(LineRow::told).collect(),
    })
}

/// What that actor may do with it; `approver` is who may approve what is above the limit.
fn next(actor: &Actor, paper: &Paper, state: CorrectionState, approver: Approver) -> Vec<CorrectionStep> {
    use CorrectionStep::{Approve, Reject, Withdraw};
    let own = paper.principal == actor.principal.to_string();
    let may = |step: &CorrectionStep| match step {
        Approve => !own && actor.approves(paper.store, approver),
        Reject => !own && actor.may(Action::Approve.at(paper.store)),
        Withdraw => own && actor.may(Action::Adjust.at(paper.store)),
    };
    let steps: &[CorrectionStep] = if state == CorrectionState::Waiting { &[Approve, Reject, Withdraw] } else { &[] };
    steps.iter().copied().filter(may).collect()
}

async fn lines(tx: &mut Tx, paper: &Paper, site: &Site, beside: &Beside) -> Result<Vec<LineRow>> {
    Ok(fetch_all!(
        tx,
        "select i.sku, i.name, i.unit, l.quantity, l.price, l.reason, l.condition, coalesce(b.on_hand, 0) as on_hand,
                cast(case when c.counted_at > $5 and l.condition = $4 then 1 else 0 end as bigint) as counted_since
         from inventory_correction_line l
         join inventory_item i on i.id = l.item
         left join inventory_balance b on b.location = $2 and b.item = l.item and b.lot = $3
                                      and b.condition = l.condition
         left join inventory_counted c on c.location = $2 and c.item = l.item
         where l.paper = $1 order by l.line",
        paper.id,
        site.shop,
        NO_LOT,
        SELLABLE,
        beside.occurred_at
    )?)
}

/// When it was posted, if it was.
async fn posted_at(tx: &mut Tx, paper: PaperId) -> Result<Option<Time>> {
    let row: Option<(Time,)> =
        fetch_optional!(tx, "select recorded_at from inventory_posting where id = $1 and outcome = 'posted'", paper)?;
    Ok(row.map(|(at,)| at))
}

impl LineRow {
    fn told(self) -> CorrectionLine {
        let Self { sku, name, unit, quantity, price, reason, condition, on_hand, counted_since } = self;
        let value = price.and_then(|price| value(price, quantity));
        let (aside, counted_since) = (!condition.is_sellable(), counted_since == 1);
        CorrectionLine { sku, name, unit, quantity, value, reason, aside, on_hand, counted_since }
    }
}
