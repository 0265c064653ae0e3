//! The way back of a saving that was part of something greater, such as an import: what somebody changed since stays.

use super::told::{Member, Saved};
use super::{Known, Part, find};
use crate::Inventory;
use auth::Act;
use db::execute;
use model::{Action, Actor, Changed, Error, JournalId, NewFamily, NewVariant, Refusal, Result};

impl Inventory {
    /// Undoes a saving that was part of something greater.
    ///
    /// # Errors
    /// `Refused(AlreadyReversed)`; `Conflict(Version)` when somebody saves the family at the same moment.
    pub(crate) async fn undo_family(&self, actor: &Actor, journal: JournalId, saved: Saved) -> Result<Changed> {
        let Saved { family, members, cause, before, .. } = saved;
        let before = before.ok_or(Error::NotFound)?;
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        let now = find(&mut tx, family.id).await?.ok_or(Error::NotFound)?;
        drop(tx);
        let left = Known { told: family, members };
        let new = taken_back(&left, &before, &now);
        let part = Part { cause: &format!("undo of {cause}"), undoes: Some(journal) };
        self.save(actor, left.told.id, new, part).await?;
        Ok(Changed { journal: None, changed: 1, kept: Vec::new() })
    }
}

/// What stood before, when nobody saved it since; else what stands now, without the items that joined with it.
fn taken_back(left: &Known, before: &Known, now: &Known) -> NewFamily {
    let joined = |member: &Member| {
        left.members.contains(member) && !before.members.iter().any(|known| known.item == member.item)
    };
    let version = now.told.version;
    if version != left.told.version {
        let items = now.members.iter().filter(|member| !joined(member)).cloned().collect();
        return Known { members: items, ..now.clone() }.to_save();
    }
    // An item that was put aside with its store has another SKU meanwhile.
    let there = |member: &Member| now.members.iter().find(|known| known.item == member.item);
    let items = before.members.iter().filter_map(|member| {
        there(member).map(|known| NewVariant { sku: known.sku.clone(), values: member.values.clone(), make: None })
    });
    NewFamily { version, items: items.collect(), ..before.to_save() }
}

/// Writes down that this act undoes that one.
pub(super) async fn mark(act: &mut Act, undone: JournalId) -> Result<()> {
    let undoing = act.journal();
    let marked = execute!(
        act,
        "update inventory_change set undone_by = $1 where journal = $2 and undone_by is null",
        undoing,
        undone
    )?;
    if marked == 0 { Err(Refusal::AlreadyReversed.into()) } else { Ok(()) }
}
