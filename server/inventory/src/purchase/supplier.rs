//! Suppliers and what they sell to us: kept for the whole house, never over what somebody else changed meanwhile.

use super::sold::{self, Sold, wrong_days};
use crate::Inventory;
use crate::document::check_text;
use crate::words::{text_of, words};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_optional};
use model::{
    Action, Actor, Error, Flaw, JournalId, NewSupplier, Page, Quantity, Result, Reused, Since, StoreId, Supplier,
    SupplierId, SupplierPatch, SupplierQuery, Time,
};
use serde::{Deserialize, Serialize};

/// A supplier as the table has them.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: SupplierId,
    code: String,
    name: String,
    email: String,
    phone: String,
    note: String,
    lead_days: i64,
    tolerance: Quantity,
    archived: i64,
    version: i64,
    pub(super) journal: JournalId,
}

impl From<Row> for Supplier {
    fn from(row: Row) -> Self {
        let Row { id, code, name, email, phone, note, lead_days, tolerance, archived, version, .. } = row;
        Self { id, code, name, email, phone, note, lead_days, tolerance, archived: archived != 0, version }
    }
}

/// Reads a supplier's columns.
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, code, name, email, phone, note, lead_days, tolerance, archived, version, journal
             from inventory_supplier ",
            $rest
        )
    };
}
pub(super) use columns;

/// What a supplier became: the journal's line, whole, so that `verify` makes every one of them anew.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Became {
    pub(super) supplier: Supplier,
    /// The lines that are different now.
    pub(super) items: Vec<Sold>,
    /// They are new.
    #[serde(skip)]
    new: bool,
}

impl Became {
    /// What a journal line says of a supplier, if it says anything.
    pub(super) fn of(line: &log::Line) -> Option<Self> {
        let topics = ["inventory.supplier_added", "inventory.supplier_changed"];
        topics.contains(&line.topic.as_str()).then(|| serde_json::from_str(&line.body).ok()).flatten()
    }
}

impl log::Event for Became {
    fn topic(&self) -> &'static str {
        if self.new { "inventory.supplier_added" } else { "inventory.supplier_changed" }
    }

    fn subject(&self) -> String {
        self.supplier.name.clone()
    }

    fn store(&self) -> Option<StoreId> {
        None
    }

    fn body(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("these types hold nothing that JSON cannot say")
    }
}

impl Inventory {
    /// Adds a supplier; sending the same again answers with them.
    pub async fn add_supplier(&self, actor: &Actor, new: NewSupplier) -> Result<Supplier> {
        let supplier = Supplier::from(new);
        sound(&supplier)?;
        let mut act = self.auth.act_everywhere(actor, Action::Purchase).await?;
        let journal = act.journal();
        let added = execute!(
            act,
            "insert into inventory_supplier (id, code, name, email, phone, note, lead_days, tolerance, archived, version,
                                             search, created_at, journal)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 1, $9, $10, $11) on conflict do nothing",
            supplier.id,
            &supplier.code,
            &supplier.name,
            &supplier.email,
            &supplier.phone,
            &supplier.note,
            supplier.lead_days,
            supplier.tolerance,
            text_of(&supplier.code, &supplier.name, &[]),
            Time::now(),
            journal
        )?;
        if added == 0 {
            let known = find(&mut act, supplier.id).await;
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            return match known? {
                Some(known) if known == supplier => {
                    self.auth.keep_answer(actor, 201, &known, None).await?;
                    Ok(known)
                }
                Some(_) => Err(Error::Conflict(Reused::Id)),
                None => Err(code_taken(&supplier.code)),
            };
        }
        let became = Became { supplier, items: Vec::new(), new: true };
        end(act, became, 201).await
    }

    /// Changes a supplier, and the lines of what they sell, as the author saw them in that version.
    ///
    /// Errors: `Conflict(Version)` when they have another version by now; `Invalid`.
    pub async fn change_supplier(
        &self,
        actor: &Actor,
        id: SupplierId,
        if_version: Option<i64>,
        patch: SupplierPatch,
    ) -> Result<Supplier> {
        let mut act = self.auth.act_everywhere(actor, Action::Purchase).await?;
        let before = find(&mut act, id).await?.ok_or(Error::NotFound)?;
        if if_version.is_some_and(|version| version != before.version) {
            // What was seen may be a change that is not on disk yet.
            act.withdraw().await?;
            return Err(Error::Conflict(Reused::Version));
        }
        let mut supplier = patch.on(&before);
        sound(&supplier)?;
        let items = sold::changed(&mut act, id, &patch.items).await?;
        if supplier == before && items.is_empty() {
            act.withdraw().await?;
            self.auth.keep_answer(actor, 200, &before, None).await?;
            return Ok(before);
        }
        supplier.version += 1;
        write(&mut act, &before, &supplier).await?;
        sold::write(&mut act, id, &items).await?;
        end(act, Became { supplier, items, new: false }, 200).await
    }

    /// A supplier.
    pub async fn supplier(&self, actor: &Actor, id: SupplierId) -> Result<Since<Supplier>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let data = find(&mut tx, id).await?.ok_or(Error::NotFound)?;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total: 1 })
    }

    /// A page of suppliers by code; `limit` is 1 to 200.
    pub async fn suppliers(&self, actor: &Actor, query: &SupplierQuery, limit: i64) -> Result<Page<Supplier>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let limit = limit.clamp(1, 200);
        let [a, b, c, d, e, f] = words(&query.search)?;
        let rows: Vec<Row> = fetch_all!(
            &mut tx,
            columns!(
                "where archived = $1 and code > $2
                   and search like $3 escape '!' and search like $4 escape '!' and search like $5 escape '!'
                   and search like $6 escape '!' and search like $7 escape '!' and search like $8 escape '!'
                 order by code limit $9"
            ),
            i64::from(query.archived),
            query.after.as_deref().unwrap_or_default(),
            a,
            b,
            c,
            d,
            e,
            f,
            limit + 1
        )?;
        let mut data: Vec<Supplier> = rows.into_iter().map(Supplier::from).collect();
        let more = data.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            data.pop();
        }
        let next = more.then(|| data.last().map(|supplier| supplier.code.clone())).flatten();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next })
    }
}

/// The supplier of that id.
pub(super) async fn find(tx: &mut Tx, id: SupplierId) -> Result<Option<Supplier>> {
    let row: Option<Row> = fetch_optional!(tx, columns!("where id = $1"), id)?;
    Ok(row.map(Supplier::from))
}

async fn end(act: Act, became: Became, status: u16) -> Result<Supplier> {
    let supplier = became.supplier.clone();
    act.conclude(became, status, &supplier).await?;
    Ok(supplier)
}

async fn write(act: &mut Act, before: &Supplier, supplier: &Supplier) -> Result<()> {
    if supplier.code != before.code {
        let other: Option<(SupplierId,)> =
            fetch_optional!(act, "select id from inventory_supplier where code = $1", &supplier.code)?;
        if other.is_some() {
            return Err(code_taken(&supplier.code));
        }
    }
    let journal = act.journal();
    let written = execute!(
        act,
        "update inventory_supplier set code = $3, name = $4, email = $5, phone = $6, note = $7, lead_days = $8,
                tolerance = $9, archived = $10, search = $11, journal = $12, version = version + 1
         where id = $1 and version = $2",
        supplier.id,
        before.version,
        &supplier.code,
        &supplier.name,
        &supplier.email,
        &supplier.phone,
        &supplier.note,
        supplier.lead_days,
        supplier.tolerance,
        i64::from(supplier.archived),
        text_of(&supplier.code, &supplier.name, &[]),
        journal
    )?;
    // On PostgreSQL somebody may have been faster since it was read.
    if written == 1 { Ok(()) } else { Err(Error::Conflict(Reused::Version)) }
}

fn code_taken(code: &str) -> Error {
    Flaw::new("code", "code_taken", format!("another supplier has the code {code}; choose another one")).into()
}

fn sound(supplier: &Supplier) -> Result<()> {
    let mut flaws = Vec::new();
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    if supplier.code.is_empty() || supplier.code.len() > 20 || !supplier.code.chars().all(plain) {
        flaws.push(Flaw::new("code", "supplier_code", "use 1 to 20 of the letters A-Z, digits and -"));
    }
    check_text(&mut flaws, "name", Some(&supplier.name), 200);
    let given = |text: &'_ String| (!text.is_empty()).then(|| text.clone());
    check_text(&mut flaws, "email", given(&supplier.email).as_deref(), 200);
    check_text(&mut flaws, "phone", given(&supplier.phone).as_deref(), 50);
    check_text(&mut flaws, "note", given(&supplier.note).as_deref(), 1_000);
    flaws.extend(wrong_days("lead_days", Some(supplier.lead_days)));
    if supplier.tolerance.is_negative() || supplier.tolerance > Quantity::whole(100) {
        flaws.push(Flaw::new("tolerance", "percent", "use 0 to 100 percent"));
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}
