//! What one person at the door counted of an order, and what of it is on its way to be booked in.

use super::counted::{Counted, REASONS};
use model::{Arrival, LineLot, NewLine, NewReceipt, NotTaken, PaperId, PostingId, PurchaseLine, Quantity, Time};
use serde::{Deserialize, Serialize};

/// What is counted, and what was sent and not answered: kept in this browser until it is booked in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The posting that books it in.
    pub id: PostingId,
    pub number: String,
    pub lines: Vec<Counted>,
    /// Rises with each change.
    #[serde(default)]
    pub turn: i64,
    #[serde(default)]
    pub sent: Option<Sent>,
}

/// What was sent, until it is answered: it may be booked in without us knowing. What is counted since is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// The same each time that it is sent.
    pub receipt: NewReceipt,
    lines: Vec<Counted>,
    turn: i64,
}

impl Draft {
    /// What was counted of an item.
    pub fn of(&self, sku: &str) -> Counted {
        self.lines.iter().find(|line| line.sku == sku).cloned().unwrap_or_default()
    }

    /// The line of an item, which begins with nothing.
    pub fn line(&mut self, sku: &str, name: &str) -> &mut Counted {
        let at = self.lines.iter().position(|line| line.sku == sku).unwrap_or_else(|| {
            let (sku, name, reason) = (sku.to_owned(), name.to_owned(), REASONS[0].to_owned());
            self.lines.push(Counted { sku, name, reason, ..Counted::default() });
            self.lines.len() - 1
        });
        &mut self.lines[at]
    }

    /// How many of an item are on their way to be booked in.
    pub fn on_its_way(&self, sku: &str) -> Quantity {
        let lines = self.sent.iter().flat_map(|sent| &sent.lines).filter(|line| line.sku == sku);
        Quantity::from_parts(lines.map(|line| line.taken.parts()).sum())
    }

    /// All that is still to come by now is here; `beside` is how many of an item others have counted.
    pub fn all(&mut self, expected: &[PurchaseLine], beside: impl Fn(&str) -> Quantity) {
        for PurchaseLine { sku, name, open, .. } in expected.iter().filter(|line| line.ordered > Quantity::ZERO) {
            let known = self.lines.iter().any(|line| line.sku == *sku);
            let open = open.parts() - beside(sku).parts() - self.on_its_way(sku).parts();
            if known || open > 0 {
                let line = self.line(sku, name);
                line.take(Quantity::from_parts((open - line.left.parts()).max(0)));
            }
        }
    }

    /// Of what more is counted than is still to come by now, with what others have counted: its name, how many are
    /// counted, and how many are to come. What was not ordered at all stands on the screen as such.
    pub fn over(
        &self,
        expected: &[PurchaseLine],
        beside: impl Fn(&str) -> Quantity,
    ) -> Vec<(String, Quantity, Quantity)> {
        let over = |line: &Counted| {
            let ordered = expected.iter().find(|one| one.sku == line.sku && one.ordered > Quantity::ZERO)?;
            let all = line.taken.checked_add(beside(&line.sku)).unwrap_or(line.taken);
            (line.taken > Quantity::ZERO && all > ordered.open).then(|| (line.name.clone(), all, ordered.open))
        };
        self.lines.iter().filter_map(over).collect()
    }

    /// The receipt that it is by now.
    pub fn receipt(&self, order: PaperId, store: &str, occurred_at: Option<Time>) -> NewReceipt {
        // Each lot is a line.
        let rows = self.lines.iter().flat_map(|line| line.rows().into_iter().map(move |row| (line, row)));
        let taken: Vec<_> = rows.filter(|(_, row)| row.taken > Quantity::ZERO).collect();
        let left = self.lines.iter().filter(|line| line.left > Quantity::ZERO);
        let lots = (1..).zip(&taken).filter(|(_, (_, row))| !row.lot.trim().is_empty());
        let lots = lots.map(|(line, (_, row))| LineLot {
            line,
            lot: row.lot.trim().to_owned(),
            expires_on: row.day.parse().ok(),
        });
        NewReceipt {
            lots: lots.collect(),
            id: self.id,
            store: store.to_owned(),
            occurred_at,
            number: Some(self.number.trim().to_owned()).filter(|number| !number.is_empty()),
            order: Some(order),
            lines: taken
                .iter()
                .map(|(line, row)| NewLine {
                    sku: line.sku.clone(),
                    quantity: row.taken,
                    unit_price: None,
                    lot: None,
                    serials: line.serials.clone(),
                })
                .collect(),
            rejected: left
                .map(|line| NotTaken { sku: line.sku.clone(), quantity: line.left, reason: line.reason.clone() })
                .collect(),
        }
    }

    /// What is sent now: what is counted, or what was sent before once more, under its id, so that it counts once. What is
    /// counted from here on is something else.
    pub fn send(&mut self, order: PaperId, store: &str, at: Time) -> NewReceipt {
        if let Some(sent) = &self.sent {
            return sent.receipt.clone();
        }
        let receipt = self.receipt(order, store, Some(at));
        let Self { lines, turn, .. } = std::mem::take(self);
        self.sent = Some(Sent { receipt: receipt.clone(), lines, turn });
        receipt
    }

    /// It was not booked in: it is counted here again, with what was counted since, under the id that it had: somebody else
    /// may have booked in some of it. The id under which what came since was told is over then, and is told.
    pub fn back(&mut self) -> Option<PostingId> {
        let Sent { receipt, lines, turn } = self.sent.take()?;
        if self.number.is_empty() {
            self.number = receipt.number.unwrap_or_default();
        }
        let told = Some(self.id).filter(|_| self.turn > 0);
        let since = std::mem::replace(&mut self.lines, lines);
        for line in since {
            self.line(&line.sku, &line.name).join(line);
        }
        (self.id, self.turn) = (receipt.id, turn + 1);
        told
    }

    /// Somebody else booked that in: what was counted beyond it is something else.
    pub fn less(&mut self, booked: &Arrival) {
        for part in &booked.lines {
            let Some(line) = self.lines.iter_mut().find(|line| line.sku == part.sku) else { continue };
            line.left = Quantity::from_parts((line.left.parts() - part.rejected.parts()).max(0));
            line.serials.retain(|serial| !part.serials.contains(serial));
            let lot = part.lot.as_deref().unwrap_or_default();
            let at = line.lots.iter().position(|known| known.lot.trim() == lot && !lot.is_empty());
            match at {
                Some(at) => {
                    let left = line.lots[at].taken.parts() - part.quantity.parts();
                    line.take_row(at, Quantity::from_parts(left.max(0)), Quantity::LINE_MAX);
                }
                None => {
                    // A piece that has a number which was not booked in is still here.
                    let named = Quantity::whole(i64::try_from(line.serials.len()).unwrap_or(i64::MAX));
                    let left = Quantity::from_parts((line.taken.parts() - part.quantity.parts()).max(0));
                    line.take(left.max(named));
                }
            }
        }
        self.lines.retain(|line| line.taken > Quantity::ZERO || line.left > Quantity::ZERO);
        (self.id, self.turn) = (PostingId::new(), i64::from(!self.lines.is_empty()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(count: i64) -> Quantity {
        Quantity::whole(count)
    }

    /// Lot by lot, how many.
    fn told(counted: &Counted) -> Vec<(String, Quantity)> {
        counted.rows().into_iter().map(|row| (row.lot, row.taken)).collect()
    }

    fn lots(of: &[(&str, i64)]) -> Vec<(String, Quantity)> {
        of.iter().map(|(lot, count)| ((*lot).to_owned(), units(*count))).collect()
    }

    fn expected(open: i64) -> PurchaseLine {
        PurchaseLine {
            sku: "CUP".into(),
            name: "cup".into(),
            unit: "piece".into(),
            ordered: units(40),
            unit_cost: None,
            code: String::new(),
            value: None,
            received: units(40 - open),
            rejected: units(0),
            open: units(open),
            minimum: None,
            multiple: None,
            why: None,
        }
    }

    #[test]
    fn more_than_is_still_to_come_by_now_is_told() {
        let mut draft = Draft::default();
        let none = |_: &str| units(0);
        draft.all(&[expected(40)], none);
        assert!(draft.over(&[expected(40)], none).is_empty());
        let over = ("cup".to_owned(), units(40), units(10));
        assert_eq!(draft.over(&[expected(10)], none), [over], "a colleague booked thirty meanwhile");
        draft.all(&[expected(10)], none);
        assert_eq!(draft.of("CUP").taken, units(10));
        assert!(draft.over(&[expected(10)], none).is_empty());
        let over = ("cup".to_owned(), units(14), units(10));
        assert_eq!(draft.over(&[expected(10)], |_| units(4)), [over], "a colleague has counted four");
        draft.all(&[expected(10)], |_| units(4));
        assert_eq!(draft.of("CUP").taken, units(6), "the rest of it");
        draft.all(&[expected(0)], none);
        assert_eq!(draft.of("CUP").taken, units(0), "nothing more is to come");
        draft.line("MUG", "mug").take(units(3));
        assert!(draft.over(&[expected(0)], none).is_empty(), "what was not ordered is seen as such");
    }

    #[test]
    fn what_nobody_answered_is_sent_again_as_it_was_and_what_came_since_is_something_else() {
        let (order, at) = (PaperId::new(), Time::from_micros(1));
        let mut draft = Draft { number: "DN-1".into(), turn: 4, ..Draft::default() };
        draft.line("CUP", "cup").take(units(3));
        let first = draft.send(order, "LON", at);
        assert!(draft.lines.is_empty() && draft.turn == 0 && draft.id != first.id);
        draft.line("CUP", "cup").take(units(1));
        draft.turn = 1;
        assert_eq!(draft.send(order, "LON", Time::from_micros(9)), first, "the same, whatever is counted by now");
        draft.all(&[expected(10)], |_| units(0));
        assert_eq!(draft.of("CUP").taken, units(7), "three are on their way");
        let mut booked = draft.clone();
        booked.sent = None;
        let next = booked.send(order, "LON", at);
        assert_eq!((next.lines[0].quantity, next.id), (units(7), draft.id));
        assert_eq!(draft.back(), Some(next.id), "refused, it is here again with what came since");
        assert_eq!((draft.id, draft.turn), (first.id, 5));
        assert_eq!((draft.of("CUP").taken, draft.number.as_str()), (units(10), "DN-1"));
        let mut draft = Draft { turn: 4, ..Draft::default() };
        draft.line("CUP", "cup").take(units(3));
        let first = draft.send(order, "LON", at);
        assert_eq!((draft.back(), draft.id, draft.turn), (None, first.id, 5));
    }

    #[test]
    fn what_somebody_else_booked_in_is_out_of_it() {
        let mut draft = Draft { turn: 4, ..Draft::default() };
        draft.line("CUP", "cup").take(units(3));
        let milk = draft.line("MILK", "milk");
        milk.take_of(units(2), "A", "");
        milk.take_of(units(4), "B", "");
        let line = |sku: &str, size, lot: Option<&str>| model::ArrivalLine {
            sku: sku.into(),
            name: String::new(),
            quantity: units(size),
            lot: lot.map(str::to_owned),
            expires_on: None,
            serials: Vec::new(),
            rejected: units(0),
        };
        let booked = Arrival {
            id: draft.id,
            delivery: PaperId::new(),
            order: None,
            number: None,
            person: "Bob".into(),
            mine: false,
            turn: 3,
            state: model::ArrivalState::Booked,
            ender: Some("Bob".into()),
            changed_at: Time::from_micros(1),
            lines: vec![line("CUP", 3, None), line("MILK", 1, Some("B"))],
        };
        draft.less(&booked);
        assert_ne!(draft.id, booked.id);
        assert_eq!((draft.of("CUP").taken, draft.turn), (units(0), 1));
        assert_eq!(told(&draft.of("MILK")), lots(&[("A", 2), ("B", 3)]));
    }
}
