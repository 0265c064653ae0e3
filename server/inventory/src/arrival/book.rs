//! Booking a part in: by whoever counted it, or by somebody else, as it stands; once.

use super::{POSTED, Part, part, rest};
use crate::Inventory;
use crate::document::Document;
use crate::posting::stored;
use auth::Act;
use db::{execute, fetch_one, fetch_optional};
use model::{
    Action, Actor, ArrivalState, Error, JournalId, NewReceipt, PaperId, PostingId, Receipt, Refusal, Result, Reused,
    StoreId, Time,
};

/// How often it is looked again at what goes on being counted while it is booked in.
const TRIES: u32 = 8;

impl Inventory {
    /// Books in what somebody counted, as far as it is known, whoever that was. What their device counted beyond that is
    /// booked in when it says so, and nothing twice. The same again answers with the first receipt.
    ///
    /// Errors: [`Error::NotFound`]; [`Refusal::WrongState`] for what was discarded; as [`Inventory::post_receipt`].
    pub async fn book_arrival(&self, actor: &Actor, id: PostingId) -> Result<Receipt> {
        for _ in 0..TRIES {
            let part = self.arrival_of(actor, Action::Receive, id).await?;
            match self.book(actor, &part).await {
                // It was changed since it was looked at.
                Err(Error::Conflict(Reused::Version)) => {}
                // Whoever counted it was faster.
                Err(Error::Conflict(Reused::Id)) => return self.booked_before(actor, id).await,
                done => return done,
            }
        }
        Err(Error::Busy)
    }

    async fn book(&self, actor: &Actor, part: &Part) -> Result<Receipt> {
        let state = part.state()?;
        match state {
            ArrivalState::Discarded => return Err(Refusal::WrongState { state: part.state.clone() }.into()),
            ArrivalState::Booked if part.state == POSTED => return Err(Error::Conflict(Reused::Id)),
            ArrivalState::Booked | ArrivalState::Open => {}
        }
        let receipt = part.receipt()?;
        let document = Document::try_from(receipt.clone())?;
        let site = self.site(actor, Action::Receive, &receipt.store).await?;
        let mut act = self.auth.act(actor, Action::Receive.at(site.store.id)).await?;
        if state == ArrivalState::Open && !mark(&mut act, part).await? {
            return act.withdraw().await.and(Err(Error::Conflict(Reused::Version)));
        }
        match receipt.order {
            Some(order) => self.receive_in(act, actor, &site, order, &document, &receipt.rejected).await,
            None => self.post_in(act, actor, &site, &document).await,
        }
    }

    /// The receipt of what is booked in already.
    async fn booked_before(&self, actor: &Actor, id: PostingId) -> Result<Receipt> {
        let mut tx = self.auth.read(actor, Action::Receive.anywhere()).await?;
        let (answer, journal): (String, JournalId) =
            fetch_one!(&mut tx, "select answer, journal from inventory_posting where id = $1", id)?;
        drop(tx);
        let mut receipt = stored(&answer)?;
        self.auth.keep_answer(actor, 201, &receipt, Some(journal)).await?;
        receipt.seq = self.auth.log().seq_of(journal).await;
        Ok(receipt)
    }

    /// Books in what a device counted beyond what somebody else has booked in of its part.
    ///
    /// Errors: [`Reused::Id`] when that is not why its id is known, or when less was counted.
    pub(crate) async fn post_rest(&self, actor: &Actor, new: NewReceipt, sent_at: Option<Time>) -> Result<Receipt> {
        let mut tx = self.auth.read(actor, Action::Receive.anywhere()).await?;
        let me = actor.principal.to_string();
        let known = part(&mut tx, new.id).await?;
        drop(tx);
        let known = known.filter(|part| part.principal == me && part.state == ArrivalState::Booked.name());
        let Some(booked) = known else { return Err(Error::Conflict(Reused::Id)) };
        match rest::beyond(&booked.receipt()?, &new) {
            None => Err(Error::Conflict(Reused::Id)),
            Some(None) => self.booked_before(actor, new.id).await,
            Some(Some(rest)) => self.post_received(actor, rest, sent_at).await,
        }
    }
}

/// Says that it is booked in as it stands here, if it still does.
async fn mark(act: &mut Act, part: &Part) -> Result<bool> {
    let (ender, now) = (act.actor().name.clone(), Time::now());
    let marked = execute!(
        act,
        "update inventory_arrival set state = 'booked', ender = $3, changed_at = $4
         where id = $1 and state = 'open' and turn = $2",
        part.id,
        part.turn,
        &ender,
        now
    )?;
    Ok(marked == 1)
}

/// Says that a part is booked in by the posting under way, unless somebody else has booked it: of which delivery it is,
/// when it was told at all. To be done before anything else is taken.
pub(crate) async fn posting(act: &mut Act, store: StoreId, id: PostingId) -> Result<Option<PaperId>> {
    let row: Option<(PaperId,)> = fetch_optional!(
        act,
        "update inventory_arrival
         set state = case when state = 'booked' then state else 'posted' end,
             ender = case when state = 'booked' then ender end
         where id = $1 and store = $2 returning delivery",
        id,
        store
    )?;
    Ok(row.map(|(delivery,)| delivery))
}
