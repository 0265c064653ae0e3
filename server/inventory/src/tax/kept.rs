//! The taxes that a sale holds: written with it, told by day and rate, and proven.

use crate::event::Posted;
use crate::store::Site;
use crate::verify::{Finding, find};
use crate::{Inventory, document};
use auth::Act;
use db::{Tx, fetch_all, query_rows};
use model::{
    Action, Actor, DayTax, DocumentKind, Flaw, Money, Page, PostingId, Quantity, Receipt, Result, TaxTotal, taxes,
};
use std::collections::{BTreeMap, HashMap};

/// The most rows of a report: some years of days and rates.
const ROWS_MAX: i64 = 5_000;

impl Inventory {
    /// What was sold in a store on these days, both included, with the tax in it, by day and rate; what was paid back is
    /// taken off.
    ///
    /// # Errors
    /// `Invalid` for days that are none, or in the wrong order.
    pub async fn taxes(&self, actor: &Actor, store: &str, from: &str, to: &str) -> Result<Page<DayTax>> {
        for (field, text) in [("from", from), ("to", to)] {
            if document::day(text).is_none() {
                return Err(Flaw::new(field, "day", "write the day as 2026-12-24").into());
            }
        }
        if to < from {
            return Err(Flaw::new("to", "day_order", "the last day is before the first; swap them").into());
        }
        let site = self.site(actor, Action::SeeReports, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeReports.at(site.store.id)).await?;
        let rows: Vec<(String, Quantity, Money, Money)> = fetch_all!(
            &mut tx,
            "select day, rate, cast(sum(gross) as bigint), cast(sum(tax) as bigint) from inventory_tax
             where store = $1 and day >= $2 and day <= $3 group by day, rate order by day, rate limit $4",
            site.store.id,
            from,
            to,
            ROWS_MAX
        )?;
        let data = rows.into_iter().map(|(day, rate, gross, tax)| {
            let net = Money::from_parts(gross.parts().saturating_sub(tax.parts()));
            DayTax { day, total: TaxTotal { rate, gross, net, tax } }
        });
        Ok(Page { data: data.collect(), as_of: self.auth.log().head(&mut tx).await?, next: None })
    }
}

/// The taxes of a receipt's lines.
pub(crate) fn of_lines(receipt: &Receipt) -> Result<Vec<TaxTotal>> {
    let lines = receipt.lines.iter();
    let lines = lines.map(|line| (line.tax.as_ref().map(|tax| tax.rate), line.unit_price, line.quantity));
    let too_much = || Flaw::new("lines", "total", "the document is too large; split it").into();
    taxes(lines, &receipt.currency).ok_or_else(too_much)
}

/// What the store took: what it pays back counts the other way.
fn taken(posted: &Posted, amount: Money) -> Money {
    if posted.effect == DocumentKind::Return { -amount } else { amount }
}

/// Writes them with what the act writes next.
pub(crate) fn write(act: &mut Act, site: &Site, posted: &Posted) {
    let receipt = &posted.receipt;
    if receipt.tax.is_empty() {
        return;
    }
    let taken = |amount| taken(posted, amount);
    let day = posted.local.get(..10).unwrap_or_default();
    db::insert_later!(
        act,
        "insert into inventory_tax (posting, rate, store, day, gross, tax) ",
        &receipt.tax,
        |row, total| {
            row.push_bind(receipt.id).push_bind(total.rate).push_bind(site.store.id).push_bind(day.to_owned());
            row.push_bind(taken(total.gross)).push_bind(taken(total.tax));
        }
    );
}

/// The taxes of these postings are those of their lines, and are kept as the journal says.
pub(crate) async fn compare(tx: &mut Tx, posted: &[(&log::Line, Posted)], findings: &mut Vec<Finding>) -> Result<()> {
    let ids: Vec<PostingId> = posted.iter().map(|(_, posted)| posted.receipt.id).collect();
    let rows: Vec<(PostingId, Quantity, String, Money, Money)> = query_rows!(
        tx,
        "with wanted (posting) as (",
        &ids,
        |row, id| {
            row.push_bind(*id);
        },
        ") select t.posting, t.rate, t.day, t.gross, t.tax from wanted w join inventory_tax t on t.posting = w.posting"
    )?;
    let mut kept: HashMap<PostingId, BTreeMap<Quantity, (String, Money, Money)>> = HashMap::new();
    for (posting, rate, day, gross, tax) in rows {
        kept.entry(posting).or_default().insert(rate, (day, gross, tax));
    }
    for (_, posted) in posted {
        let (receipt, day) = (&posted.receipt, posted.local.get(..10).unwrap_or_default());
        let amounts = |total: &TaxTotal| (day.to_owned(), taken(posted, total.gross), taken(posted, total.tax));
        let one = |total: &TaxTotal| (total.rate, amounts(total));
        let told: BTreeMap<_, _> = receipt.tax.iter().map(one).collect();
        if told != kept.remove(&receipt.id).unwrap_or_default() || of_lines(receipt).as_ref() != Ok(&receipt.tax) {
            let what = format!("the taxes of posting {} are not those of its lines", receipt.id);
            find(findings, "net and tax make the total", what);
        }
    }
    Ok(())
}

/// Taxes of postings that are not there.
pub(crate) async fn strays(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(PostingId,)> = fetch_all!(
        tx,
        "select distinct posting from inventory_tax where posting not in (select id from inventory_posting where outcome = 'posted')
         order by posting limit 10"
    )?;
    for (posting,) in rows {
        find(
            findings,
            "net and tax make the total",
            format!("there are taxes of a posting {posting} that is not there"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use iso_currency::Currency;

    #[test]
    fn every_currency_has_the_coins_that_its_standard_says() {
        let letters = || 'A'..='Z';
        let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
        let known: Vec<_> = codes.filter_map(|code| Some((Currency::from_code(&code)?.exponent(), code))).collect();
        assert!(known.len() > 150, "{}", known.len());
        for (digits, code) in known {
            assert_eq!(model::coin_digits(&code), u32::from(digits.unwrap_or(2)), "{code}");
        }
    }
}
