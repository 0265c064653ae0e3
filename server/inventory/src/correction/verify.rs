//! Proof: a correction that had to wait is in the ledger exactly when somebody else approved it, line for line.

use crate::verify::{Finding, find};
use db::{Tx, fetch_all};
use model::{CorrectionState, PaperKind, Result};

const CORRECTIONS: &str = "a correction above the limit is posted when somebody else approved it";

#[derive(sqlx::FromRow)]
struct Row {
    number: String,
    state: String,
    lines: Option<i64>,
    posted: i64,
    undone: i64,
    others: i64,
    kept: i64,
    same: i64,
}

impl Row {
    fn fits(&self) -> bool {
        let of = |state: CorrectionState| self.state == state.name();
        let (posted, undone) = (of(CorrectionState::Posted), of(CorrectionState::Undone));
        let whole = self.lines == Some(self.kept) && (!(posted || undone) || self.same == self.kept);
        whole
            && (self.posted == 1) == (posted || undone)
            && (self.undone == 1) == undone
            && (self.others == 1 || !(posted || undone))
    }
}

/// Compares the documents with the ledger. An undone one is undone by a posting; each posted one has another approver than
/// author, its author's name in the ledger, and moved what its lines say.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<Row> = fetch_all!(
        tx,
        "select p.number, p.state, c.lines,
                cast(case when g.id is null then 0 else 1 end as bigint) as posted,
                cast(case when u.id is null then 0 else 1 end as bigint) as undone,
                cast(case when p.approved_by <> p.principal and g.principal = p.principal then 1 else 0 end as bigint) as others,
                (select count(*) from inventory_correction_line l where l.paper = p.id) as kept,
                (select count(*) from inventory_correction_line l
                 join inventory_movement m on m.posting = l.paper and m.line = l.line and m.item = l.item
                                          and m.quantity = abs(l.quantity) and m.condition = l.condition
                 where l.paper = p.id) as same
         from inventory_paper p
         left join inventory_correction c on c.paper = p.id
         left join inventory_posting g on g.id = p.id and g.kind = $1 and g.outcome = 'posted' and g.number = p.number
         left join inventory_posting u on u.reverses = p.id
         where p.kind = $1 order by p.number",
        PaperKind::Adjustment.name()
    )?;
    for row in rows.iter().filter(|row| !row.fits()) {
        find(findings, CORRECTIONS, format!("{} is not what the ledger and its approval say", row.number));
    }
    Ok(())
}
