//! A posting line by line, and what was sold with it: for reports and charts.

use crate::event::{Moved, Posted};
use crate::kit::KitMoved;
use model::{DocumentKind, ItemId, Quantity, ReceiptLine, SaleLine, SaleSeen};

/// What a line of a document moved.
#[derive(Clone, Copy, Debug)]
pub enum Behind<'a> {
    /// Its own item.
    Item(&'a Moved),
    /// What a kit is made of; the kit itself did not move.
    Kit(&'a KitMoved, &'a [Moved]),
}

impl<'a> Behind<'a> {
    /// The item of the line.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        match self {
            Self::Item(moved) => moved.item,
            Self::Kit(kit, _) => kit.item,
        }
    }

    /// The movements that belong to it.
    #[must_use]
    pub const fn movements(self) -> &'a [Moved] {
        match self {
            Self::Item(moved) => std::slice::from_ref(moved),
            Self::Kit(_, parts) => parts,
        }
    }
}

impl Posted {
    /// Its document's lines, each with what it moved.
    pub fn lines(&self) -> impl Iterator<Item = (&ReceiptLine, Behind<'_>)> {
        let mut left = self.movements.as_slice();
        (1_i64..).zip(&self.receipt.lines).map_while(move |(at, line)| {
            let kit = self.kits.iter().find(|kit| kit.line == at);
            let (mine, rest) = left.split_at_checked(kit.map_or(1, |kit| kit.parts.len()))?;
            left = rest;
            let behind = match kit {
                Some(kit) => Behind::Kit(kit, mine),
                None => Behind::Item(mine.first()?),
            };
            Some((line, behind))
        })
    }

    /// The sale or return in it, for reports and charts; `None` for adjustments and receipts. What left in a kit has a
    /// line of its own, at no price: it counts for its item, and not once more for the sale.
    #[must_use]
    pub fn sale(&self, actor: &str) -> Option<SaleSeen> {
        // A reversal's quantities carry the sign already.
        let out = match self.effect {
            DocumentKind::Sale => 1,
            DocumentKind::Return => -1,
            _ => return None,
        };
        let mut lines = Vec::with_capacity(self.movements.len());
        for (line, behind) in self.lines() {
            let quantity = Quantity::from_parts(line.quantity.parts() * out);
            lines.push(SaleLine {
                item: behind.item(),
                sku: line.sku.clone(),
                name: line.name.clone(),
                stocked: if let Behind::Item(moved) = behind { moved.stocked } else { true },
                quantity,
                value: line.unit_price.and_then(|price| price.checked_times(quantity)).unwrap_or_default(),
                part: false,
            });
            let Behind::Kit(kit, moved) = behind else { continue };
            let sign = quantity.parts().signum();
            lines.extend(kit.parts.iter().zip(moved).map(|(part, moved)| SaleLine {
                item: moved.item,
                sku: part.sku.clone(),
                name: part.name.clone(),
                stocked: moved.stocked,
                quantity: Quantity::from_parts(moved.quantity.parts() * sign),
                value: model::Money::ZERO,
                part: true,
            }));
        }
        Some(SaleSeen {
            store: self.receipt.store.clone(),
            kind: self.receipt.kind,
            occurred_at: self.receipt.occurred_at,
            local: self.local.clone(),
            actor: actor.to_owned(),
            lines,
        })
    }
}
