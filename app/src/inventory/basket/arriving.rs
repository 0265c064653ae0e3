//! A delivery without an order that several people take in: who else does, what they have counted, and how one joins them.

use super::{draft::Draft, kind::Kind, register::Register};
use crate::prelude::*;
use crate::{
    i18n::tu_string,
    inventory::{
        arriving::{AtDelivery, Joining, Together, things},
        outbox::Document,
    },
    parts::Tone,
};
use model::{Arrival, ArrivalLine, NewArrival, PaperId, PostingId, Quantity};

impl Draft {
    /// The delivery that it is a part of: the one that was joined, or its own.
    pub fn delivery(&self) -> PaperId {
        self.delivery.unwrap_or(PaperId(self.id.0))
    }

    /// Somebody else has booked that in: what was counted beyond it is something else.
    pub fn less(&mut self, booked: &Arrival) {
        booked.lines.iter().for_each(|part| self.less_of(part));
        self.delivery = Some(self.delivery());
        (self.id, self.turn) = (PostingId::new(), i64::from(!self.lines.is_empty()));
    }

    fn less_of(&mut self, part: &ArrivalLine) {
        let mut off = part.quantity.parts();
        let lot = part.lot.as_deref().unwrap_or_default();
        // Of the same lot first: it may have been named since.
        for same in [true, false] {
            let of = self.lines.iter_mut().filter(|line| line.item.sku == part.sku);
            for line in of.filter(|line| (line.lot.lot.trim() == lot) == same) {
                let less = off.min(line.quantity.parts());
                line.quantity = Quantity::from_parts(line.quantity.parts() - less);
                line.serials.retain(|serial| !part.serials.contains(serial));
                // A piece that has a number which was not booked in is still here.
                line.quantity =
                    line.quantity.max(Quantity::whole(i64::try_from(line.serials.len()).unwrap_or(i64::MAX)));
                off -= less;
            }
        }
        self.lines.retain(|line| line.quantity > Quantity::ZERO);
    }
}

impl Register {
    /// Somebody else has booked in what was told from here.
    fn booked_by(self, part: &Arrival) {
        // On its way it is the server that sees what was counted beyond it.
        if self.draft.with_untracked(|draft| draft.id != part.id || draft.is_posted()) {
            return;
        }
        self.draft.update(|draft| draft.less(part));
        self.keep();
        let (count, name) = (things(part), part.ender.clone().unwrap_or_default());
        self.say(Tone::Warn, tu_string!(self.words, arriving.taken, count = count, name = name).to_string());
    }
}

/// The others at this delivery, and the deliveries that could be joined.
#[component]
pub fn Arriving(basket: Register) -> impl IntoView {
    let (store, _) = basket.place();
    let mine = Signal::derive(move || basket.draft.with(|draft| vec![draft.id]));
    let on_booked = Callback::new(move |part: Arrival| basket.booked_by(&part));
    let topic = format!("arrivals:{store}");
    let together = Together::open(store.clone(), basket.person.get_value(), topic, mine, on_booked);
    let store = StoredValue::new(store);
    Effect::new(move || {
        let told = basket.draft.with(|draft| {
            let document = store.with_value(|store| Kind::Receipt.document(draft, store));
            (!draft.is_posted()).then(|| (draft.delivery(), draft.turn, document))
        });
        if let Some((delivery, turn, Document::Receipt(receipt))) = told {
            together.tell(NewArrival { delivery, turn, receipt });
        }
    });
    let delivery = Memo::new(move |_| basket.draft.with(Draft::delivery));
    // Whoever has booked in their part goes on with the delivery for as long as others are at it.
    Effect::new(move |before: Option<PaperId>| {
        let (now, own) = (delivery.get(), basket.draft.with_untracked(|draft| draft.delivery.is_none()));
        let stays = before.filter(|before| *before != now && own && !untrack(|| together.others(*before)).is_empty());
        if let Some(before) = stays {
            basket.draft.update(|draft| draft.delivery = Some(before));
            basket.keep();
        }
        stays.unwrap_or(now)
    });
    let join = move |delivery| basket.change(|draft| draft.delivery = Some(delivery));
    view! {
        <Joining together delivery on_join=Callback::new(join) />
        <AtDelivery together delivery on_booked=Callback::new(|()| ()) />
    }
}
