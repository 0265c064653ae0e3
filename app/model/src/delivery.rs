//! A delivery with what it cost: what was said when it came, and all that was told of it after.

use crate::{LineCost, Money, PostingId, Quantity, Time};
use serde::{Deserialize, Serialize};

/// One line of goods in a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLine {
    /// Its number in the delivery, from 1.
    pub line: i64,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many came.
    pub quantity: Quantity,
    /// What one cost, as the delivery said; `None` when it did not.
    pub unit_cost: Option<Money>,
}

/// What was told of a delivery's cost after it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldCosts {
    /// The telling's own id.
    pub id: PostingId,
    /// What one cost, line by line.
    pub lines: Vec<LineCost>,
    /// Freight, duty and the like of all of it.
    pub landed: Money,
    /// What that was for.
    pub what: Option<String>,
    /// It took the freight of that telling back.
    pub undoes: Option<PostingId>,
    /// Whether who asks may take its freight back: it has some, and nobody did yet.
    pub may_undo: bool,
    /// Who told it.
    pub actor: String,
    /// When.
    pub at: Time,
}

/// A delivery, and all that is known of its cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryCosts {
    /// Its posting.
    pub posting: PostingId,
    /// The store's code.
    pub store: String,
    /// The store's currency, ISO 4217.
    pub currency: String,
    /// The delivery note's number.
    pub number: Option<String>,
    /// Who received it.
    pub actor: String,
    /// When it came.
    pub occurred_at: Time,
    /// It was undone: nothing more is told of it.
    pub undone: bool,
    /// Its lines of goods.
    pub lines: Vec<DeliveryLine>,
    /// What was told after it came, the oldest first; at most 100.
    pub told: Vec<ToldCosts>,
}

impl DeliveryCosts {
    /// What one of each line cost without freight and the like, by all that was told, and the share of those that each
    /// line has so far. `None` for a line whose cost nobody has said.
    #[must_use]
    pub fn now(&self) -> Vec<(Option<Money>, Money)> {
        let mut now: Vec<_> = self.lines.iter().map(|line| (line.unit_cost, Money::ZERO)).collect();
        let mut dealt: Vec<(PostingId, Vec<Money>)> = Vec::new();
        for told in &self.told {
            for cost in &told.lines {
                let at = self.lines.iter().position(|line| line.line == cost.line);
                if let Some(one) = at.and_then(|at| now.get_mut(at)) {
                    one.0 = Some(cost.unit_cost);
                }
            }
            // What is taken back comes from where it went, whatever the goods are worth by now.
            let shares = match dealt.iter().find(|(id, _)| Some(*id) == told.undoes) {
                Some((_, shares)) => shares.iter().map(|share| -*share).collect(),
                None => self.shares_of(told.landed, &now),
            };
            for (line, share) in now.iter_mut().zip(&shares) {
                line.1 = line.1.checked_add(*share).unwrap_or(line.1);
            }
            dealt.push((told.id, shares));
        }
        now
    }

    /// Who took the freight of that telling back, if somebody did.
    #[must_use]
    pub fn undone_by(&self, telling: PostingId) -> Option<&str> {
        let undone = self.told.iter().find(|told| told.undoes == Some(telling))?;
        Some(&undone.actor)
    }

    /// How so much more would be shared out among the lines: by what they are worth by then, or by how many they are when
    /// they are worth nothing. `None` while somebody has yet to say what one of them cost: then it is shared by what it is
    /// taken to have cost, which is not known here.
    #[must_use]
    pub fn shares(&self, landed: Money) -> Option<Vec<Money>> {
        let now = self.now();
        now.iter().all(|(cost, _)| cost.is_some()).then(|| self.shares_of(landed, &now))
    }

    fn shares_of(&self, landed: Money, now: &[(Option<Money>, Money)]) -> Vec<Money> {
        let worth = self.lines.iter().zip(now).map(|(line, (cost, landed))| {
            let goods = cost.and_then(|cost| cost.checked_times(line.quantity)).unwrap_or_default();
            i128::from(goods.parts()) + i128::from(landed.parts())
        });
        let worth: Vec<i128> = worth.collect();
        let many = self.lines.iter().map(|line| i128::from(line.quantity.parts()));
        let weights = if worth.iter().sum::<i128>() > 0 { worth } else { many.collect() };
        let whole: i128 = weights.iter().sum();
        let (mut dealt, mut given) = (0, 0);
        let share = |weight: i128| {
            dealt += weight;
            // Each piece is what all up to it make, less what the others had: together they are the whole.
            let upto = if whole == 0 { 0 } else { (i128::from(landed.parts()) * dealt + whole / 2) / whole };
            let piece = upto - given;
            given = upto;
            Money::from_parts(i64::try_from(piece).unwrap_or_default())
        };
        weights.into_iter().map(share).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[(i64, Option<&str>)]) -> DeliveryCosts {
        let line = |(at, (quantity, cost)): (i64, &(i64, Option<&str>))| DeliveryLine {
            line: at,
            sku: at.to_string(),
            name: String::new(),
            quantity: Quantity::whole(*quantity),
            unit_cost: cost.map(|cost| cost.parse().expect("an amount")),
        };
        DeliveryCosts {
            posting: PostingId::new(),
            store: "LON".into(),
            currency: "GBP".into(),
            number: None,
            actor: "ann".into(),
            occurred_at: Time::now(),
            undone: false,
            lines: (1..).zip(lines).map(line).collect(),
            told: Vec::new(),
        }
    }

    fn told(lines: &[(i64, &str)], landed: &str) -> ToldCosts {
        let line = |(line, cost): &(i64, &str)| LineCost { line: *line, unit_cost: cost.parse().expect("an amount") };
        ToldCosts {
            id: PostingId::new(),
            lines: lines.iter().map(line).collect(),
            landed: landed.parse().expect("an amount"),
            what: None,
            undoes: None,
            may_undo: true,
            actor: "ann".into(),
            at: Time::now(),
        }
    }

    fn money(texts: &[&str]) -> Vec<Money> {
        texts.iter().map(|text| text.parse().expect("an amount")).collect()
    }

    #[test]
    fn it_is_shared_by_worth_and_nothing_is_lost_by_rounding() {
        let delivery = of(&[(2, Some("5")), (1, Some("20"))]);
        assert_eq!(delivery.shares("9".parse().expect("an amount")), Some(money(&["3", "6"])));
        let thirds = of(&[(1, Some("1")), (1, Some("1")), (1, Some("1"))]);
        let shares = thirds.shares("10".parse().expect("an amount")).expect("all is known");
        assert_eq!(shares.iter().map(|share| share.parts()).sum::<i64>(), 10_000_000);
    }

    #[test]
    fn what_is_worth_nothing_shares_by_number() {
        let gifts = of(&[(1, Some("0")), (3, Some("0"))]);
        assert_eq!(gifts.shares("4".parse().expect("an amount")), Some(money(&["1", "3"])));
    }

    #[test]
    fn a_cost_that_was_told_later_counts_and_one_that_nobody_said_leaves_it_open() {
        let mut delivery = of(&[(1, None), (1, Some("3"))]);
        assert_eq!(delivery.shares("4".parse().expect("an amount")), None);
        delivery.told.push(told(&[(1, "1")], "4"));
        assert_eq!(delivery.now()[0], (Some("1".parse().expect("an amount")), "1".parse().expect("an amount")));
        assert_eq!(delivery.shares("4".parse().expect("an amount")), Some(money(&["1", "3"])));
    }

    #[test]
    fn what_is_taken_back_leaves_each_line_as_it_was() {
        let mut delivery = of(&[(2, Some("5")), (1, Some("20"))]);
        delivery.told.push(told(&[], "9"));
        // By then the shares of another nine would be others.
        delivery.told.push(told(&[(1, "10")], "0"));
        let freight = delivery.told[0].id;
        delivery.told.push(ToldCosts { undoes: Some(freight), ..told(&[], "0") });
        assert_eq!(delivery.now().iter().map(|line| line.1).collect::<Vec<_>>(), [Money::ZERO, Money::ZERO]);
        assert_eq!(delivery.undone_by(freight), Some("ann"));
        assert_eq!(delivery.undone_by(delivery.told[1].id), None);
    }
}
