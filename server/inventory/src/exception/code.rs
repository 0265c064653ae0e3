//! Codes that nobody knows: a till sold one, or somebody scanned one and told the manager.
//!
//! They close when something has that code, in whatever form.

use super::{COVERED, insert};
use crate::event::{Event, Opened};
use crate::store::Site;
use crate::{Inventory, code};
use auth::Act;
use db::{fetch_one, fetch_optional, query_rows};
use model::{
    Action, Actor, Error, ExceptionId, ExceptionKind, Flaw, ItemId, ItemPatch, PostingId, Product, Result, Reused,
    StoreId, Time, barcode,
};
use serde::{Deserialize, Serialize};

/// The most that are open in a store: more than that is another system's mistake, and not this many products.
const OPEN_MAX: i64 = 200;
/// How long a code may be, in characters: as long as a barcode of an item.
const CODE_MAX: usize = 128;
/// The topic of their opening.
pub(super) const OPENED: &str = "inventory.exception_opened";

/// What was opened because of codes that nobody knows, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodesTold {
    /// One for each code.
    pub opened: Vec<Opened>,
}

impl CodesTold {
    pub(crate) fn topic(&self) -> &'static str {
        OPENED
    }

    pub(crate) fn subject(&self) -> String {
        self.opened.first().map(|opened| opened.code.clone()).unwrap_or_default()
    }
}

impl Inventory {
    /// Tells whoever settles exceptions of a code that nobody knows. Told again, or known meanwhile, it changes nothing.
    ///
    /// Errors: `Forbidden`; `NotFound` for a store that is not theirs; `Invalid`.
    pub async fn tell_code(&self, actor: &Actor, store: &str, text: &str) -> Result<()> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > CODE_MAX || text.chars().any(char::is_control) {
            let message = format!("use a code of 1 to {CODE_MAX} visible characters");
            return Err(Flaw::new("code", "text", message).into());
        }
        let site = self.site(actor, Action::Adjust, store).await?;
        self.tell_codes(actor, &site, Action::Adjust, PostingId::new(), &[text]).await
    }

    /// The same of codes in a document that was refused for them, under the right by which it came.
    pub(crate) async fn tell_codes(
        &self,
        actor: &Actor,
        site: &Site,
        right: Action,
        by: PostingId,
        codes: &[&str],
    ) -> Result<()> {
        let mut act = self.auth.act(actor, right.at(site.store.id)).await?;
        // Whoever gives an item a code closes what is open about it: not between the look and the writing.
        code::one_at_a_time(&mut act).await?;
        let (open,) = fetch_one!(
            act,
            "select count(*) from inventory_exception where store = $1 and state = 'open' and kind = $2",
            site.store.id,
            ExceptionKind::UnknownBarcode.name()
        )?;
        let known = code::owners(&mut act, codes).await?;
        let room = usize::try_from(OPEN_MAX.saturating_sub(open)).unwrap_or_default();
        let mut new: Vec<Opened> = Vec::new();
        for text in codes.iter().filter(|text| !known.contains_key(**text) && text.chars().count() <= CODE_MAX) {
            let code = code::plain(text);
            if new.len() < room && new.iter().all(|other| other.code != code) {
                let (id, item, kind) = (ExceptionId::new(), ItemId(uuid::Uuid::nil()), ExceptionKind::UnknownBarcode);
                let (kind, location) = (kind.name().to_owned(), site.shop);
                new.push(Opened { id, kind, item, sku: String::new(), location, code });
            }
        }
        let name = act.actor().name.clone();
        let opened =
            if new.is_empty() { new } else { insert(&mut act, site, by, Time::now(), new, Some(&name)).await? };
        if opened.is_empty() {
            return act.withdraw().await;
        }
        act.commit(Event::CodesTold { store: site.store.id, told: CodesTold { opened } }).await?;
        Ok(())
    }

    /// Gives the code of an exception to an item as one of its barcodes, which closes it.
    ///
    /// Errors: `NotFound` for an exception that is not theirs, an item that is not there; `Conflict(Version)` when it is
    /// settled already; `Forbidden` for whoever does not keep items.
    pub async fn give_code(&self, actor: &Actor, id: ExceptionId, sku: &str) -> Result<Product> {
        let state = self.exception_state(actor, id).await?;
        if state.kind != ExceptionKind::UnknownBarcode.name() || state.state != "open" {
            return Err(Error::Conflict(Reused::Version));
        }
        let product = self.find_product(actor, sku).await?.ok_or(Error::NotFound)?.data;
        let mut barcodes = product.item.barcodes.clone();
        barcodes.push(state.subject);
        let patch = ItemPatch { barcodes: Some(barcodes), ..ItemPatch::default() };
        self.change_item(actor, &product.item.sku, Some(product.version), patch).await
    }
}

/// Closes what is open about these codes, which somebody has from now on; answers with those that it closed.
pub(crate) async fn known(act: &mut Act, codes: impl Iterator<Item = &str>) -> Result<Vec<ExceptionId>> {
    let any: Option<(ExceptionId,)> =
        fetch_optional!(act, "select id from inventory_exception where state = 'open' and subject <> '' limit 1")?;
    if any.is_none() {
        return Ok(Vec::new());
    }
    let twins: Vec<String> = codes.flat_map(barcode::twins).collect();
    let (name, journal, now) = (act.actor().name.clone(), act.journal(), Time::now());
    let rows: Vec<(ExceptionId, StoreId)> = query_rows!(
        act,
        "with known (code, at, name, why, journal) as (",
        &twins,
        |row, code| {
            row.push_bind(code).push_bind(now).push_bind(&name).push_bind(COVERED).push_bind(journal);
        },
        ") update inventory_exception set state = 'settled', settled_at = known.at, settled_by = known.name,
                                          resolution = known.why, journal = known.journal
         from known where inventory_exception.subject = known.code and inventory_exception.state = 'open'
                      and inventory_exception.subject <> ''
         returning inventory_exception.id, inventory_exception.store"
    )?;
    Ok(rows.into_iter().map(|(id, _)| id).collect())
}
