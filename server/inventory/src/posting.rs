//! Posting documents: who, may they, do it, say it.

use crate::document::{Document, Draft, action};
use crate::ledger::{self, Outcome};
use crate::store::Site;
use crate::{Event, Inventory, Posted, arrival, item, kit, price, reverse};
use model::{
    Action, Actor, Channel, DocumentKind, Error, Flaw, NewAdjustment, NewReceipt, NewReturn, NewSale, PostingId,
    Receipt, Refusal, Result, Reused, Time,
};

impl Inventory {
    /// Posts a sale: one movement per line, stock lowered, all or nothing.
    ///
    /// A fact (channel `till`) is never refused for stock; a promise (`web`) is, and that id then stays refused.
    /// The till names the sale, so a repeated post answers with the first receipt; under a key that has an answer, with
    /// [`Reused::Key`].
    pub async fn post_sale(&self, actor: &Actor, sale: NewSale) -> Result<Receipt> {
        self.post_sale_sent(actor, sale, None).await
    }

    /// The same, from a device that says when it sends it by the clock by which it was sold.
    pub async fn post_sale_sent(&self, actor: &Actor, sale: NewSale, sent_at: Option<Time>) -> Result<Receipt> {
        self.post(actor, Document::try_from(sale)?.sent(sent_at)).await
    }

    /// Posts a return: stock raised. Errors: [`Refusal::SaleUndone`] when the sale that it names was undone.
    pub async fn post_return(&self, actor: &Actor, new: NewReturn) -> Result<Receipt> {
        self.post_return_sent(actor, new, None).await
    }

    /// The same, from a device that says when it sends it by the clock by which it came back.
    pub async fn post_return_sent(&self, actor: &Actor, new: NewReturn, sent_at: Option<Time>) -> Result<Receipt> {
        self.post(actor, Document::try_from(new)?.sent(sent_at)).await
    }

    /// Posts an adjustment, whatever it is worth: for what an import or a till's book tells. What a person or another
    /// system tells goes by [`Inventory::correct`].
    pub async fn post_adjustment(&self, actor: &Actor, new: NewAdjustment) -> Result<Receipt> {
        self.post(actor, new.try_into()?).await
    }

    /// Posts a receipt of goods, with or without an order: stock raised.
    pub async fn post_receipt(&self, actor: &Actor, new: NewReceipt) -> Result<Receipt> {
        self.post_receipt_sent(actor, new, None).await
    }

    /// The same, from a device that says when it sends it by the clock by which it came. When somebody else booked in what
    /// was known of it meanwhile, what was counted beyond that is booked in.
    pub async fn post_receipt_sent(&self, actor: &Actor, new: NewReceipt, sent_at: Option<Time>) -> Result<Receipt> {
        match self.post_received(actor, new.clone(), sent_at).await {
            // Somebody else may have booked in what was known of it.
            Err(Error::Conflict(Reused::Id)) => self.post_rest(actor, new, sent_at).await,
            done => done,
        }
    }

    pub(crate) async fn post_received(&self, actor: &Actor, new: NewReceipt, sent_at: Option<Time>) -> Result<Receipt> {
        match new.order {
            Some(order) => self.receive_order(actor, order, new, sent_at).await,
            None if !new.rejected.is_empty() => Err(not_ordered()),
            None => self.post(actor, Document::try_from(new)?.sent(sent_at)).await,
        }
    }

    pub(crate) async fn post(&self, actor: &Actor, document: Document) -> Result<Receipt> {
        let (auth, right) = (&self.auth, action(document.kind));
        let site = self.site(actor, right, &document.store).await?;
        if document.channel == Channel::Web {
            // What is kept for nobody any more is there for this one.
            self.expire_due(&site).await?;
        }
        let act = auth.act_among_others(actor, right.at(site.store.id)).await?;
        match self.post_in(act, actor, &site, &document).await {
            // On SQLite one of those beside it was refused, or it is itself; on PostgreSQL somebody took the same rows in
            // another order. By itself it is told its own outcome, and its id counts once.
            Err(Error::Busy) => {
                let act = auth.act(actor, right.at(site.store.id)).await?;
                self.post_in(act, actor, &site, &document).await
            }
            done => done,
        }
    }

    pub(crate) async fn post_in(
        &self,
        mut act: auth::Act,
        actor: &Actor,
        site: &Site,
        document: &Document,
    ) -> Result<Receipt> {
        let arrival = match document.kind {
            DocumentKind::Receipt => arrival::posting(&mut act, site.store.id, document.id).await?,
            _ => None,
        };
        let mut skus: Vec<&str> = document.lines.iter().map(|line| line.sku.as_str()).collect();
        skus.sort_unstable();
        skus.dedup();
        let items = item::by_sku(&mut act, &skus).await?;
        let prices = price::settle(&mut act, site, document, &items).await?;
        let recipes = kit::of_document(&mut act, document, &items).await?;
        let draft = match document.draft(site, &items, prices, &recipes) {
            Ok(draft) => draft,
            // An item that was archived since does not change what a repeat is answered with.
            Err(flaws) => {
                let before = ledger::before(&mut act, document.id, &document.hash).await;
                let answer = self.answer_before(actor, act, before, flaws).await;
                if answer.is_err() && document.kind == DocumentKind::Sale && document.channel == Channel::Till {
                    // The goods are gone: somebody has to say what they were.
                    let unknown = skus.iter().copied().filter(|sku| !items.contains_key(*sku)).collect::<Vec<_>>();
                    self.tell_codes(actor, site, Action::Sell, document.id, &unknown).await?;
                }
                return answer;
            }
        };
        if let Some(sale) = draft.returns
            && reverse::is_undone(&mut act, sale).await?
        {
            let before = ledger::before(&mut act, draft.id, &draft.hash).await;
            return self.answer_before(actor, act, before, Refusal::SaleUndone.into()).await;
        }
        let right = action(document.kind);
        if document.kind != DocumentKind::Receipt {
            return self.post_draft(act, actor, site, &draft, right).await;
        }
        self.post_telling(act, actor, site, &draft, right, |posted| posted.arrival = arrival).await
    }

    /// Posts a draft and says so; `action` is the right under which the act was opened.
    pub(crate) async fn post_draft(
        &self,
        act: auth::Act,
        actor: &Actor,
        site: &Site,
        draft: &Draft,
        action: Action,
    ) -> Result<Receipt> {
        self.post_telling(act, actor, site, draft, action, |_| {}).await
    }

    /// The same; `tell` adds what else its journal line says, such as the documents that it brought a step further.
    pub(crate) async fn post_telling(
        &self,
        mut act: auth::Act,
        actor: &Actor,
        site: &Site,
        draft: &Draft,
        action: Action,
        tell: impl FnOnce(&mut Posted) + Send,
    ) -> Result<Receipt> {
        let mut outcome = ledger::post(&mut act, site, draft).await;
        if let Ok(Outcome::Now(posted)) = &mut outcome {
            tell(posted);
        }
        self.answer_outcome(act, actor, site, draft, action, outcome).await
    }

    /// Ends the act with what became of its draft, and answers with it.
    pub(crate) async fn answer_outcome(
        &self,
        act: auth::Act,
        actor: &Actor,
        site: &Site,
        draft: &Draft,
        action: Action,
        outcome: Result<Outcome>,
    ) -> Result<Receipt> {
        match outcome {
            Err(error) => self.answer_before(actor, act, Err(error.clone()), error).await,
            Ok(Outcome::Now(posted)) => {
                let mut receipt = posted.receipt.clone();
                let Some(done) = act.commit_answering(Event::Posted(posted), 201, &receipt).await? else {
                    return self.overtaken(actor, site, draft, action).await;
                };
                // Who asks by a key tells again what is kept under it.
                if done.before.is_some() {
                    return Err(Error::Conflict(Reused::Key));
                }
                receipt.seq = done.seq;
                Ok(receipt)
            }
            // The till asked twice; the second act is undone.
            Ok(Outcome::Before(receipt)) => self.with_seq(actor, act, *receipt).await,
            Ok(Outcome::Overtaken) => {
                drop(act);
                self.overtaken(actor, site, draft, action).await
            }
            Ok(Outcome::Short(refusal)) => {
                drop(act);
                self.refuse(actor, site, draft, action, refusal).await
            }
        }
    }

    /// Answers with what was there first, once the act that found it is dropped.
    async fn overtaken(&self, actor: &Actor, site: &Site, draft: &Draft, action: Action) -> Result<Receipt> {
        let mut act = self.auth.act(actor, action.at(site.store.id)).await?;
        let before = ledger::before(&mut act, draft.id, &draft.hash).await;
        self.answer_before(actor, act, before, Refusal::AlreadyReversed.into()).await
    }

    /// Writes a refusal down in an act of its own, so that the id stays refused.
    pub(crate) async fn refuse(
        &self,
        actor: &Actor,
        site: &Site,
        draft: &Draft,
        action: Action,
        refusal: Refusal,
    ) -> Result<Receipt> {
        let mut act = self.auth.act(actor, action.at(site.store.id)).await?;
        if !ledger::refuse(&mut act, site, draft, &refusal).await? {
            // Its twin was faster, or another reversal was: the first outcome stands.
            let before = ledger::before(&mut act, draft.id, &draft.hash).await;
            return self.answer_before(actor, act, before, refusal.into()).await;
        }
        let (posting, kind, store) = (draft.id, draft.kind, site.store.id);
        let event = Event::Refused { posting, kind, store, refusal: refusal.clone() };
        act.commit(event).await?;
        Err(refusal.into())
    }

    /// What the id was answered with before, or else `otherwise`; the act, which finds itself done already, is undone.
    ///
    /// What it saw may be a twin's that is not on disk yet: nothing is answered before it is.
    pub(crate) async fn answer_before(
        &self,
        actor: &Actor,
        act: auth::Act,
        before: Result<Option<Receipt>>,
        otherwise: Error,
    ) -> Result<Receipt> {
        match before {
            Ok(Some(receipt)) => self.with_seq(actor, act, receipt).await,
            Ok(None) => act.withdraw().await.and(Err(otherwise)),
            Err(error) => act.withdraw().await.and(Err(error)),
        }
    }

    /// The receipt with the number of its journal line, which on PostgreSQL is known only after the commit.
    async fn with_seq(&self, actor: &Actor, mut act: auth::Act, mut receipt: Receipt) -> Result<Receipt> {
        let (journal,) = db::fetch_one!(act, "select journal from inventory_posting where id = $1", receipt.id)?;
        act.withdraw().await?;
        if let Some(key) = &actor.via.client_key
            && self.auth.recall(actor, key).await?.is_some()
        {
            return Err(Error::Conflict(Reused::Key));
        }
        // The same document under another key: that key is taken by it from now on.
        self.auth.keep_answer(actor, 201, &receipt, Some(journal)).await?;
        receipt.seq = self.auth.log().seq_of(journal).await;
        Ok(receipt)
    }

    /// The outcome of a posting that they may see.
    pub async fn receipt(&self, actor: &Actor, id: PostingId) -> Result<Receipt> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let (answer, outcome, store, journal): (String, String, model::StoreId, model::JournalId) =
            db::fetch_one!(&mut tx, "select answer, outcome, store, journal from inventory_posting where id = $1", id)?;
        if !actor.scope(Action::SeeStock).holds(store) {
            return Err(Error::NotFound);
        }
        if outcome == "refused" {
            return Err(Error::NotFound);
        }
        let mut receipt = stored(&answer)?;
        // The journal is asked through a connection of its own.
        drop(tx);
        receipt.seq = self.auth.log().seq_of(journal).await;
        Ok(receipt)
    }
}

/// What was not taken is told to whoever sent it, by the order.
pub(crate) fn not_ordered() -> Error {
    Flaw::new("order", "missing_field", "say with which order this came, or leave out what was not taken").into()
}

/// A receipt as it was stored with its posting.
pub(crate) fn stored(answer: &str) -> Result<Receipt> {
    // Only a hand in the database can make it unreadable; `verify` finds that too.
    serde_json::from_str(answer).map_err(|_| Error::NotFound)
}
