//! Proof of the counts: entries add up to their lines, and what was booked is what differed.

use crate::verify::{Finding, find};
use db::{Tx, fetch_all};
use model::Result;

/// Looks at every count.
pub(crate) async fn compare(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    sums(tx, findings).await?;
    heads(tx, findings).await?;
    bookings(tx, findings).await?;
    super::cycle::verify(tx, findings).await
}

async fn sums(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(String, String)> = fetch_all!(
        tx,
        "select p.number, cast(i.sku as text)
         from inventory_count_line l
         join inventory_paper p on p.id = l.paper
         join inventory_item i on i.id = l.item
         where coalesce(l.counted, 0) <> coalesce((select sum(e.quantity) from inventory_count_entry e
                                                   where e.paper = l.paper and e.item = l.item and e.round = l.round), 0)
         union all
         select p.number, 'an item that is not in it'
         from inventory_count_entry e join inventory_paper p on p.id = e.paper
         where not exists (select 1 from inventory_count_line l
                           where l.paper = e.paper and l.item = e.item and l.round >= e.round)
         limit 100"
    )?;
    for (number, sku) in rows {
        find(findings, COUNTED, format!("count {number}: the entries of {sku} make another sum than its line says"));
    }
    Ok(())
}

async fn heads(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(String,)> = fetch_all!(
        tx,
        "select p.number from inventory_paper p left join inventory_count c on c.paper = p.id
         where p.kind = 'count'
           and (c.paper is null or c.store <> p.store
                or c.entries <> (select count(*) from inventory_count_entry e where e.paper = p.id)
                or c.items <> (select count(distinct e.item) from inventory_count_entry e
                               where e.paper = p.id and e.round = 1)
                or (c.posted_at is null) <> (p.state <> 'posted'))
         order by p.number limit 100"
    )?;
    for (number,) in rows {
        find(findings, COUNTED, format!("count {number}: its head is not what its entries make"));
    }
    Ok(())
}

async fn bookings(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let rows: Vec<(String, String)> = fetch_all!(
        tx,
        "select p.number, i.sku
         from inventory_count_line l
         join inventory_paper p on p.id = l.paper
         join inventory_item i on i.id = l.item
         where (l.posting is not null
                and l.counted - l.expected is distinct from (
                    select cast(sum(case when t.kind = 'physical' then m.quantity else -m.quantity end) as bigint)
                    from inventory_movement m join inventory_location t on t.id = m.to_location
                    where m.posting = l.posting and m.item = l.item and m.store = p.store))
            or (l.posting is null and p.state = 'posted' and l.counted <> l.expected)
         order by p.number, i.sku limit 100"
    )?;
    for (number, sku) in rows {
        find(findings, BOOKED, format!("count {number}: what was booked of {sku} is not what differed"));
    }
    Ok(())
}

const COUNTED: &str = "a count is the sum of its entries";
const BOOKED: &str = "what a count booked is what differed";
