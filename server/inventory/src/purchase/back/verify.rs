//! Proof for returns to suppliers: each has its posting, is undone when that is, and is worth what that says.

use crate::posting::stored;
use crate::verify::{Finding, find};
use db::{Tx, fetch_all};
use model::{Money, PaperKind, Result, SupplierReturnState};

const RETURNS: &str = "a return to a supplier is what its posting says";

#[derive(sqlx::FromRow)]
struct Row {
    number: String,
    state: String,
    value: Option<Money>,
    lines: Option<i64>,
    answer: Option<String>,
    undone: i64,
}

impl Row {
    fn fits(&self) -> bool {
        let receipt = self.answer.as_deref().and_then(|answer| stored(answer).ok());
        let same = receipt.is_some_and(|receipt| {
            self.value == Some(receipt.total) && self.lines == i64::try_from(receipt.lines.len()).ok()
        });
        same && (self.state == SupplierReturnState::Undone.name()) == (self.undone != 0)
    }
}

/// Compares the documents with their postings, both ways.
pub(in crate::purchase) async fn verify(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<Row> = fetch_all!(
        tx,
        "select p.number, p.state, r.value, r.lines, g.answer,
                cast(case when u.id is null then 0 else 1 end as bigint) as undone
         from inventory_paper p
         left join inventory_supplier_return r on r.paper = p.id
         left join inventory_posting g on g.id = p.id and g.kind = $1 and g.outcome = 'posted' and g.number = p.number
         left join inventory_posting u on u.reverses = p.id
         where p.kind = $1 order by p.number",
        PaperKind::SupplierReturn.name()
    )?;
    for row in rows.iter().filter(|row| !row.fits()) {
        find(findings, RETURNS, format!("{} is not what its posting says", row.number));
    }
    let alone: Vec<(String,)> = fetch_all!(
        tx,
        "select coalesce(g.number, '') from inventory_posting g
         where g.kind = $1 and g.outcome = 'posted'
           and not exists (select 1 from inventory_paper p where p.id = g.id and p.kind = $1)",
        PaperKind::SupplierReturn.name()
    )?;
    for (number,) in alone {
        find(findings, RETURNS, format!("goods went back with {number}, and there is no such document"));
    }
    Ok(())
}
