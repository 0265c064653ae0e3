//! What the lines of a basket cost, and the tax in it: a price that a list offers follows how many of its item are in all.

use super::{Draft, Line, LineKey};
use crate::inventory::basket::kind::Kind;
use model::{ItemId, Money, Offer, RateSince, TaxTotal, Time, best, taxes};

impl Draft {
    /// The offer by which that line's price is what it is.
    pub fn offer_of<'line>(&self, line: &'line Line) -> Option<&'line Offer> {
        self.best_for(line, line.item.price).filter(|offer| line.price == Some(offer.price))
    }

    /// What price lists offer for the item now. Whether a line changed.
    pub fn offer(&mut self, item: ItemId, offers: &[Offer]) -> bool {
        self.renew(item, Kind::Sale, |line| line.offers = offers.to_vec())
    }

    /// At which rates the item's price holds tax; what comes back from a sale holds what was paid. Whether a line changed.
    pub fn hold_tax(&mut self, item: ItemId, rates: &[RateSince]) -> bool {
        let posted = self.is_posted();
        let other = |line: &&mut Line| line.item.id == item && line.most.is_none() && line.tax != rates && !posted;
        let mut changed = false;
        for line in self.lines.iter_mut().filter(other) {
            line.tax = rates.to_vec();
            changed = true;
        }
        changed
    }

    /// The tax in it by rate, as it will stand in what it becomes when that is posted at that moment.
    pub fn taxes(&self, currency: &str, at: Time) -> Vec<TaxTotal> {
        let lines = self.lines.iter().map(|line| (RateSince::at(&line.tax, at), line.price, line.quantity));
        // What is more than can be written is told when it is posted.
        taxes(lines, currency).unwrap_or_default()
    }

    /// Changes what lines know of their item; a price that somebody typed stays, and what a sale said it cost.
    pub(super) fn renew(&mut self, item: ItemId, kind: Kind, change: impl Fn(&mut Line)) -> bool {
        if self.is_posted() {
            return false;
        }
        let before = self.lines.clone();
        let typed = self.typed(item, kind);
        self.lines.iter_mut().filter(|line| line.item.id == item).for_each(change);
        self.price_again(kind, |line| line.item.id == item && line.most.is_none() && !typed.contains(&line.key()));
        self.lines != before
    }

    /// Changes how many of the item are in the lines: what a list offers for it follows in each, also in a new one; a price
    /// that somebody typed stays.
    pub(super) fn priced<T>(&mut self, item: ItemId, change: impl FnOnce(&mut Self) -> T) -> T {
        let typed = self.typed(item, Kind::Sale);
        let changed = change(self);
        let follows = |line: &Line| line.item.id == item && !line.offers.is_empty() && !typed.contains(&line.key());
        self.price_again(Kind::Sale, follows);
        changed
    }

    /// The item's lines whose price is not what it would be if nobody had typed another.
    fn typed(&self, item: ItemId, kind: Kind) -> Vec<LineKey> {
        let lines = self.lines.iter().filter(|line| line.item.id == item && line.price != self.due(line, kind));
        lines.map(Line::key).collect()
    }

    fn price_again(&mut self, kind: Kind, which: impl Fn(&Line) -> bool) {
        let prices: Vec<_> = self.lines.iter().map(|line| which(line).then(|| self.due(line, kind))).collect();
        for (line, price) in self.lines.iter_mut().zip(prices) {
            line.price = price.unwrap_or(line.price);
        }
    }

    /// The price of one when nobody types another.
    fn due(&self, line: &Line, kind: Kind) -> Option<Money> {
        let own = kind.price(&line.item);
        self.best_for(line, own).map(|offer| offer.price).or(own)
    }

    fn best_for<'line>(&self, line: &'line Line, own: Option<Money>) -> Option<&'line Offer> {
        let same = self.lines.iter().filter(|other| other.item.id == line.item.id);
        best(own, &line.offers, same.map(|other| other.quantity))
    }
}
