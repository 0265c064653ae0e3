//! From where goods that are handed over were fetched: where they are kept, unless somebody says another place or lot.

use super::line::Line;
use crate::document::check_text;
use crate::item::ItemRow;
use crate::lot::{self, Named};
use crate::place;
use crate::store::Site;
use auth::Act;
use model::{Error, Flaw, HandOver, LocationId, OfLine, Quantity, Result};
use std::collections::BTreeMap;

/// The most places and lots that a line may be said to be from.
const FROM_MAX: usize = 100;

/// So many of a line from one place, of a lot or with serial numbers if they are known.
pub(super) struct Fetched {
    pub(super) place: LocationId,
    pub(super) size: i64,
    lot: Option<String>,
    serials: Vec<String>,
}

impl Fetched {
    /// What the posting says of its lot.
    pub(super) fn named(&self) -> Option<Named> {
        let lot = self.lot.as_ref().map(|lot| Named::one(lot, None));
        lot.or_else(|| (!self.serials.is_empty()).then(|| Named::serials(&self.serials)))
    }
}

/// Looks at what is said of a line; `at` is its place in the document. Whether the places are there is looked at later.
pub(super) fn check(at: usize, item: &ItemRow, part: &OfLine) -> Result<()> {
    if part.from.len() > FROM_MAX {
        let message = format!("name at most {FROM_MAX} places and lots");
        return Err(Flaw::new(format!("lines[{at}].from"), "line_count", message).into());
    }
    let mut sum = 0_i64;
    for (nth, from) in part.from.iter().enumerate() {
        let field = |of: &str| format!("lines[{at}].from[{nth}].{of}");
        if item.has_serials() || !item.stocked() {
            let message = format!("{} says by itself where it was; leave this out", item.sku);
            return Err(Flaw::new(field("location"), "says_itself", message).into());
        }
        if from.lot.is_some() && !item.has_lots() {
            let message = format!("{} is not told apart by lot; name none", item.sku);
            return Err(Flaw::new(field("lot"), "no_lots", message).into());
        }
        let mut flaws = Vec::new();
        check_text(&mut flaws, &field("lot"), from.lot.as_deref(), 64);
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        sum = sum.saturating_add(from.quantity.parts());
        if from.quantity <= Quantity::ZERO || sum > part.quantity.parts() {
            let message = format!("from all places together it is {} at most", part.quantity);
            return Err(Flaw::new(field("quantity"), "quantity", message).into());
        }
    }
    Ok(())
}

/// From where the goods of each line go that are goods by themselves: from where it is said, or where the piece of that
/// number is, the rest from where it is kept.
///
/// Errors: `Invalid` for a place that is none of this store's.
pub(super) async fn from(
    act: &mut Act,
    site: &Site,
    lines: &[Line],
    new: &HandOver,
    kept: &BTreeMap<i64, Vec<(LocationId, i64)>>,
) -> Result<BTreeMap<i64, Vec<Fetched>>> {
    let mut all = BTreeMap::new();
    for line in lines.iter().filter(|line| line.parts.is_empty() && line.item.stocked()) {
        let Some(kept) = kept.get(&line.line) else { continue };
        let mut fetched = Vec::new();
        if let Some((at, part)) = new.lines.iter().enumerate().find(|(_, part)| part.line == line.line) {
            fetched = said(act, site, at, part).await?;
            fetched.extend(numbered(act, site, &line.item, part, kept).await?);
        }
        rest(&mut fetched, kept);
        all.insert(line.line, fetched);
    }
    Ok(all)
}

async fn said(act: &mut Act, site: &Site, at: usize, part: &OfLine) -> Result<Vec<Fetched>> {
    let mut fetched = Vec::with_capacity(part.from.len());
    let mut places: BTreeMap<&str, Option<LocationId>> = BTreeMap::new();
    for (nth, from) in part.from.iter().enumerate() {
        if !places.contains_key(from.location.as_str()) {
            places.insert(&from.location, place::on_use(act, site.store.id, &from.location).await?);
        }
        let Some(place) = places.get(from.location.as_str()).copied().flatten() else {
            let (field, message) =
                (format!("lines[{at}].from[{nth}].location"), format!("there is no place {:?} here", from.location));
            return Err(Flaw::new(field, "unknown_place", message).into());
        };
        let lot = from.lot.as_deref().map(|lot| lot.trim().to_owned());
        fetched.push(Fetched { place, size: from.quantity.parts(), lot, serials: Vec::new() });
    }
    Ok(fetched)
}

/// Pieces with a number go from where that piece is; what is nowhere here from where the line is kept first.
async fn numbered(
    act: &mut Act,
    site: &Site,
    item: &ItemRow,
    part: &OfLine,
    kept: &[(LocationId, i64)],
) -> Result<Vec<Fetched>> {
    let numbers: Vec<_> = part.serials.iter().map(|serial| (item.id, serial.as_str())).collect();
    if numbers.is_empty() || !item.has_serials() {
        return Ok(Vec::new());
    }
    let known = lot::places_of(act, site.store.id, &numbers).await?;
    let first = kept.first().map_or(site.shop, |(place, _)| *place);
    let mut by_place: BTreeMap<LocationId, Vec<String>> = BTreeMap::new();
    for serial in &part.serials {
        let place = known.get(&(item.id, serial.trim().to_owned())).copied().unwrap_or(first);
        by_place.entry(place).or_default().push(serial.clone());
    }
    let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(Quantity::ONE);
    let fetched = by_place.into_iter().map(|(place, serials)| {
        let size = size(serials.len());
        Fetched { place, size, lot: None, serials }
    });
    Ok(fetched.collect())
}

/// What nobody said goes from where it is kept, in that order: there as many as are kept, less what was said of that place.
fn rest(fetched: &mut Vec<Fetched>, kept: &[(LocationId, i64)]) {
    let said: i64 = fetched.iter().map(|one| one.size).sum();
    let mut left = kept.iter().map(|(_, size)| *size).sum::<i64>() - said;
    let mut said: BTreeMap<LocationId, i64> = BTreeMap::new();
    for one in fetched.iter() {
        *said.entry(one.place).or_default() += one.size;
    }
    for (place, size) in kept {
        let known = said.remove(place).unwrap_or_default();
        let part = (size - known).clamp(0, left.max(0));
        if part == 0 {
            continue;
        }
        left -= part;
        // Pieces of no number go with the numbered ones of their place, as one line.
        match fetched.iter_mut().find(|one| one.place == *place && !one.serials.is_empty()) {
            Some(one) => one.size += part,
            None => fetched.push(Fetched { place: *place, size: part, lot: None, serials: Vec::new() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(place: LocationId, size: i64) -> Fetched {
        Fetched { place, size, lot: None, serials: Vec::new() }
    }

    #[test]
    fn what_nobody_said_goes_from_where_it_is_kept() {
        let [shop, back, shelf] = [LocationId::new(), LocationId::new(), LocationId::new()];
        let kept = [(shop, 3), (back, 2)];
        let all = |mut said: Vec<Fetched>| {
            rest(&mut said, &kept);
            said.iter().map(|one| (one.place, one.size)).collect::<Vec<_>>()
        };
        assert_eq!(all(Vec::new()), [(shop, 3), (back, 2)]);
        assert_eq!(all(vec![of(shelf, 2)]), [(shelf, 2), (shop, 3)]);
        assert_eq!(all(vec![of(back, 3)]), [(back, 3), (shop, 2)]);
        assert_eq!(all(vec![of(shop, 5)]), [(shop, 5)]);
    }
}
