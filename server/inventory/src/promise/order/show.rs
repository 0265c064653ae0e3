//! One order, whole.

use super::{line, takes};
use crate::Inventory;
use db::{Tx, fetch_one};
use model::{Action, Actor, Channel, Money, Order, PaperId, PaperKind, Quantity, Result, Since, StoreId, Time};

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
    let mut lines: Vec<_> = line::of(tx, id).await?.into_iter().map(line::Line::told).collect();
    takes::say(tx, id, &head.time_zone, &mut lines).await?;
    let worth = lines.iter().filter_map(|line| {
        let wanted = Quantity::from_parts(line.quantity.parts() - line.cancelled.parts());
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
        author: head.author,
        created_at: head.created_at,
        changed_at: head.changed_at,
        lines,
    })
}
