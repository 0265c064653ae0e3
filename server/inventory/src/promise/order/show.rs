//! One order, whole.

use super::line::{self, Line, minus};
use super::{state, takes};
use crate::{Inventory, lot, tax};
use db::{Tx, fetch_one};
use model::{
    Action, Actor, Channel, Money, Order, PaperId, PaperKind, Quantity, Result, Since, StoreId, TaxTotal, Time, taxes,
};

#[derive(sqlx::FromRow)]
struct Head {
    number: String,
    code: String,
    currency: String,
    time_zone: String,
    state: String,
    version: i64,
    #[sqlx(try_from = "String")]
    channel: Channel,
    customer: Option<String>,
    contact: Option<String>,
    reference: Option<String>,
    note: Option<String>,
    due_on: Option<String>,
    kept_until: Option<String>,
    lapsed_at: Option<Time>,
    author: String,
    created_at: Time,
    changed_at: Time,
}

impl Inventory {
    /// An order that they may see. Who it is for is told to those only who may promise there.
    pub async fn order(&self, actor: &Actor, id: PaperId) -> Result<Since<Order>> {
        let paper = self.paper(actor, PaperKind::Order, id).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let order = whole(&mut tx, id).await?;
        let as_of = self.auth.log().head(&mut tx).await?;
        Ok(Since { data: discreet(actor, paper.store, order), as_of, total: 1 })
    }
}

fn discreet(actor: &Actor, store: StoreId, order: Order) -> Order {
    if actor.scope(Action::Promise).holds(store) {
        return order;
    }
    Order { customer: None, contact: None, note: None, ..order }
}

pub(super) async fn whole(tx: &mut Tx, id: PaperId) -> Result<Order> {
    let head: Head = fetch_one!(
        tx,
        "select p.number, s.code, s.currency, s.time_zone, p.state, p.version, o.channel, o.customer, o.contact, p.reference, p.note, p.due_on, o.kept_until, o.lapsed_at,
                p.author, p.created_at, p.changed_at
         from inventory_paper p
         join inventory_order o on o.paper = p.id
         join inventory_store s on s.id = p.store
         where p.id = $1",
        id
    )?;
    let lines = line::of(tx, id).await?;
    let tax = ahead(tx, &head, &lines).await?;
    let mut lines: Vec<_> = lines.into_iter().map(Line::told).collect();
    takes::say(tx, id, &head.time_zone, &mut lines).await?;
    let worth = lines.iter().filter_map(|line| {
        let wanted = minus(line.quantity, line.cancelled);
        line.unit_price?.checked_times(wanted)
    });
    let total = worth.fold(Money::ZERO, |total, value| total.checked_add(value).unwrap_or(total));
    Ok(Order {
        id,
        number: head.number,
        store: head.code,
        state: head.state,
        version: head.version,
        channel: head.channel,
        customer: head.customer,
        contact: head.contact,
        reference: head.reference,
        note: head.note,
        due_on: head.due_on,
        kept_until: head.kept_until,
        lapsed_at: head.lapsed_at,
        currency: head.currency,
        total,
        tax,
        author: head.author,
        created_at: head.created_at,
        changed_at: head.changed_at,
        lines,
    })
}

/// The tax in what it comes to, for as long as nothing of it was handed over: from then on its sales tell theirs.
async fn ahead(tx: &mut Tx, head: &Head, lines: &[Line]) -> Result<Vec<TaxTotal>> {
    let waits = head.state == state::DRAFT || state::is_open(&head.state);
    if !waits || lines.iter().any(|line| line.fulfilled > Quantity::ZERO) {
        return Ok(Vec::new());
    }
    let items: Vec<_> = lines.iter().map(|line| &line.item).collect();
    let rates = tax::on(tx, &items, &lot::today(&head.time_zone)).await?;
    let lines = lines.iter().map(|line| {
        let rate = line.item.tax_class.and_then(|class| rates.get(&class).copied());
        (rate, line.unit_price, minus(line.quantity, line.cancelled))
    });
    // What is more than can be written is told when somebody hands it over.
    Ok(taxes(lines, &head.currency).unwrap_or_default())
}
