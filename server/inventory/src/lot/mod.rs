//! Lots: of which of them a balance is made, what of a posting was of which, and whether they may be sold.
//!
//! A balance is one row for all lots of an item, as it is without lots: what is promised and what is sold stays one
//! conditional update. Its lots are parts of it, changed while its row is held; what is in no lot is the rest.

mod barred;
mod book;
mod change;
mod first;
mod label;
mod list;
mod name;
mod serial;
mod shelf;
mod short;
mod trace;
mod undone;
mod verify;

pub(crate) use barred::{barred, barred_in};
pub(crate) use book::{book, concerns};
pub use change::LotChanged;
pub(crate) use first::{first, on_the_way, places_of};
pub(crate) use label::of_serial;
pub use list::LotFilter;
pub(crate) use name::{Named, flaw, name, promised};
pub(crate) use serial::{flaw as serial_flaw, flaws as serial_flaws, may_begin};
pub(crate) use short::{lacking, short};
pub(crate) use undone::close;
pub(crate) use verify::{Told, compare};

use crate::balance::{Key, hold};
use crate::item::ItemRow;
use crate::store::Site;
use db::{Tx, fetch_one};
use model::barcode::Date;
use model::{ItemId, LotId, Quantity, Result, Time};
use serde::{Deserialize, Serialize};

/// After every day: what never expires comes last.
const NEVER: &str = "9999-12-31";

/// What of a line was of a lot, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotMoved {
    /// The posting's line, from 1.
    pub line: i64,
    /// The lot.
    pub lot: LotId,
    /// Its item.
    pub item: ItemId,
    /// As it stands on the goods.
    pub code: String,
    /// Its last good day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
    /// How many, above zero.
    pub quantity: Quantity,
}

/// The day on a store's own clock, such as `2026-11-30`: a lot is good until its last day is over there.
pub(crate) fn day(local: &str) -> &str {
    local.get(..10).unwrap_or(local)
}

/// Today on the clock of that time zone.
pub(crate) fn today(zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    jiff::Timestamp::now().to_zoned(zone).date().to_string()
}

/// How many of a balance must not be promised, because their lots are expired, held or recalled. Nobody changes the
/// balance until the act ends.
pub(crate) async fn blocked(tx: &mut Tx, site: &Site, key: Key, item: &ItemRow) -> Result<i64> {
    if !item.has_lots() {
        return Ok(0);
    }
    hold(tx, &key).await?;
    let local = site.local(Time::now());
    let (blocked,): (i64,) = fetch_one!(
        tx,
        "select cast(coalesce(sum(b.on_hand), 0) as bigint) from inventory_lot_balance b
         join inventory_lot l on l.id = b.lot
         where b.location = $1 and b.item = $2 and b.condition = $3 and b.on_hand > 0
           and (l.status <> 'ok' or l.expires_on < $4)",
        key.location,
        key.item,
        key.condition.name(),
        day(&local)
    )?;
    Ok(blocked)
}

/// The last good day, as it is kept.
pub(crate) fn date(text: Option<String>) -> Option<Date> {
    text.and_then(|text| text.parse().ok())
}
