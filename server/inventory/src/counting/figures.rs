//! How right the numbers were, and what went: by the counts that were booked, without what was undone of them.

use crate::Inventory;
use db::fetch_one;
use model::{Action, Actor, CountFigures, Result, Time};

impl Inventory {
    /// Record accuracy and shrinkage of a store, by the counts that were booked from one moment to before
    /// another and stand.
    pub async fn count_figures(&self, actor: &Actor, store: &str, from: Time, to: Time) -> Result<CountFigures> {
        let site = self.site(actor, Action::SeeReports, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeReports.at(site.store.id)).await?;
        let (counts, lines, accurate, gained, lost) = fetch_one!(
            &mut tx,
            "select count(*), cast(coalesce(sum(lines), 0) as bigint), cast(coalesce(sum(accurate), 0) as bigint),
                    cast(coalesce(sum(gained), 0) as bigint), cast(coalesce(sum(lost), 0) as bigint)
             from inventory_count where store = $1 and posted_at >= $2 and posted_at < $3",
            site.store.id,
            from,
            to
        )?;
        Ok(CountFigures { counts, lines, accurate, gained, lost })
    }
}
