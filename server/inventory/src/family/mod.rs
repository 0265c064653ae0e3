//! Families: items that are one product in several sizes or colours. Saved whole, as price lists are.

mod check;
mod list;
mod make;
mod sheet;
pub(crate) mod told;
mod undo;

pub(crate) use sheet::parts;

use crate::{Inventory, change, code, exception, index, stretch};
use auth::Act;
use db::{Tx, execute, insert_rows, query_rows};
use make::Grown;
use model::{
    Action, Actor, Error, FamilyId, FamilyOption, Flaw, ItemId, JournalId, NewFamily, NewVariant, Result, Reused, Time,
    Variants,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use told::{Member, Saved, Told};

/// A family as it stands, with its items in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) told: Told,
    pub(crate) members: Vec<Member>,
}

/// What a saving belongs to.
#[derive(Clone, Copy, Default)]
struct Part<'a> {
    /// Such as an import, by which it is found and undone; empty when it stands alone.
    cause: &'a str,
    /// The saving that it undoes.
    undoes: Option<JournalId>,
}

impl Inventory {
    /// Makes a family what its author says, all of it, or adds it; what is so already writes nothing. Items that are made with
    /// it are like the one that is named; it is undone by saying what stood there before.
    ///
    /// # Errors
    /// `Conflict(Version)` when it has another version by now; `Refused(SkuTaken)` for an item to be made whose SKU another one
    /// has; `Invalid`.
    pub async fn save_family(&self, actor: &Actor, id: FamilyId, new: NewFamily) -> Result<Variants> {
        self.save(actor, id, new, Part::default()).await
    }

    /// The same for a cause, such as an import: [`Inventory::changes_of`] tells of it, and [`Inventory::undo_change`] undoes
    /// it.
    ///
    /// # Errors
    /// Those of [`Inventory::save_family`].
    pub async fn save_family_for(&self, actor: &Actor, id: FamilyId, new: NewFamily, cause: &str) -> Result<Variants> {
        self.save(actor, id, new, Part { cause, undoes: None }).await
    }

    async fn save(&self, actor: &Actor, id: FamilyId, new: NewFamily, part: Part<'_>) -> Result<Variants> {
        let new = check::settled(new)?;
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        code::one_at_a_time(&mut act).await?;
        act.alone("inventory_family").await?;
        let before = find(&mut act, id).await?;
        let version = before.as_ref().map_or(0, |known| known.told.version);
        let told = Told { id, name: new.name.clone(), options: new.options.clone(), version: version + 1 };
        let (made, there) = make::apart(&mut act, &new).await?;
        let members = members(&mut act, id, &new.items, there).await?;
        let as_before = Known { told: Told { version, ..told.clone() }, members: members.clone() };
        if before.as_ref() == Some(&as_before) {
            let variants = list::whole(&mut act, id, None).await?.ok_or(Error::NotFound)?;
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            self.auth.keep_answer(actor, 200, &variants, None).await?;
            return Ok(variants);
        }
        if new.version != version {
            act.withdraw().await?;
            return Err(Error::Conflict(Reused::Version));
        }
        check::room(&mut act, id).await?;
        if let Some(undone) = part.undoes {
            undo::mark(&mut act, undone).await?;
        }
        let stood =
            (!part.cause.is_empty()).then(|| before.clone().unwrap_or(Known { members: Vec::new(), ..as_before }));
        let before = before.map(|known| known.members).unwrap_or_default();
        let gone = |member: &&Member| !members.iter().any(|kept| kept.item == member.item);
        let gone: Vec<Member> = before.iter().filter(gone).cloned().collect();
        let left: Vec<Member> = gone.iter().filter(|member| new.archive.contains(&member.sku)).cloned().collect();
        if left.len() < new.archive.len() {
            return Err(Flaw::new("archive", "not_leaving", "only an item that leaves is archived with it").into());
        }
        let grown = Grown { items: made, left };
        let grown = grown.write(&mut act, &new, &before).await?;
        write(&mut act, &told, &members).await?;
        let touched: BTreeMap<ItemId, String> =
            gone.iter().chain(&members).map(|member| (member.item, member.sku.clone())).collect();
        let ids: Vec<ItemId> = touched.keys().copied().collect();
        make::hold(&mut act, &ids).await?;
        index::refresh(&mut act, &ids).await?;
        stretch::split(&mut act).await?;
        if !part.cause.is_empty() {
            change::remember(&mut act, part.cause).await?;
        }
        let closed = exception::code::known(&mut act, grown.items.iter().map(|item| item.sku.as_str())).await?;
        let variants = list::whole(&mut act, id, None).await?.ok_or(Error::NotFound)?;
        let (items, changes, touched) = (grown.items, grown.changes, touched.into_iter().collect());
        let cause = part.cause.to_owned();
        let saved = Saved { family: told, members, items, changes, touched, closed, cause, before: stood };
        act.conclude(saved, 200, &variants).await?;
        Ok(variants)
    }
}

pub(crate) async fn find(tx: &mut Tx, id: FamilyId) -> Result<Option<Known>> {
    Ok(several(tx, &[id]).await?.pop())
}

/// Those of these families that there are, in the order of their ids.
async fn several(tx: &mut Tx, ids: &[FamilyId]) -> Result<Vec<Known>> {
    let families: Vec<(FamilyId, String, i64)> = query_rows!(
        tx,
        "with wanted (id) as (",
        ids,
        |row, id| {
            row.push_bind(*id);
        },
        ") select f.id, f.name, f.version from wanted w join inventory_family f on f.id = w.id order by f.id"
    )?;
    let mut options = options(tx, ids).await?;
    let rows: Vec<(FamilyId, ItemId, String, String, String, String)> = query_rows!(
        tx,
        "with wanted (family) as (",
        ids,
        |row, id| {
            row.push_bind(*id);
        },
        ") select v.family, v.item, coalesce(i.sku, ''), v.value_1, v.value_2, v.value_3
         from wanted w join inventory_variant v on v.family = w.family left join inventory_item i on i.id = v.item
         order by v.family, v.item"
    )?;
    let mut members: HashMap<FamilyId, Vec<(ItemId, String, [String; 3])>> = HashMap::new();
    for (family, item, sku, one, two, three) in rows {
        members.entry(family).or_default().push((item, sku, [one, two, three]));
    }
    let known = families.into_iter().map(|(id, name, version)| {
        let options = options.remove(&id).unwrap_or_default();
        let count = options.len();
        let of = members.remove(&id).unwrap_or_default().into_iter();
        let member = |(item, sku, values): (ItemId, String, [String; 3])| Member {
            item,
            sku,
            values: values.into_iter().take(count).collect(),
        };
        Known { members: of.map(member).collect(), told: Told { id, name, options, version } }
    });
    Ok(known.collect())
}

/// What the items of these families differ in.
pub(crate) async fn options(tx: &mut Tx, families: &[FamilyId]) -> Result<HashMap<FamilyId, Vec<FamilyOption>>> {
    let rows: Vec<(FamilyId, i64, String, String)> = query_rows!(
        tx,
        "with wanted (family) as (",
        families,
        |row, family| {
            row.push_bind(*family);
        },
        ") select o.family, o.nth, o.name, v.value
         from wanted w join inventory_family_option o on o.family = w.family
         join inventory_family_value v on v.family = o.family and v.option_nth = o.nth
         order by o.family, o.nth, v.nth"
    )?;
    let mut all: HashMap<FamilyId, (i64, Vec<FamilyOption>)> = HashMap::new();
    for (family, nth, name, value) in rows {
        let (last, options) = all.entry(family).or_insert((0, Vec::new()));
        if *last != nth {
            *last = nth;
            options.push(FamilyOption { name, values: Vec::new() });
        }
        if let Some(option) = options.last_mut() {
            option.values.push(value);
        }
    }
    Ok(all.into_iter().map(|(family, (_, options))| (family, options)).collect())
}

/// The families of items, by item: what each is called.
pub(crate) async fn names(tx: &mut Tx, items: &[ItemId]) -> Result<HashMap<ItemId, String>> {
    let rows: Vec<(ItemId, String)> = query_rows!(
        tx,
        "with wanted (item) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select v.item, f.name from wanted w join inventory_variant v on v.item = w.item
         join inventory_family f on f.id = v.family"
    )?;
    Ok(rows.into_iter().collect())
}

/// The items with their values, in the order of their ids.
async fn members(
    act: &mut Act,
    id: FamilyId,
    items: &[NewVariant],
    there: HashMap<String, ItemId>,
) -> Result<Vec<Member>> {
    let ids: Vec<ItemId> = there.values().copied().collect();
    let taken: Vec<(ItemId, String)> = query_rows!(
        act,
        "with wanted (item, family) as (",
        &ids,
        |row, item| {
            row.push_bind(*item).push_bind(id);
        },
        ") select v.item, f.name from wanted w join inventory_variant v on v.item = w.item and v.family <> w.family
         join inventory_family f on f.id = v.family"
    )?;
    let taken: HashMap<ItemId, String> = taken.into_iter().collect();
    let (mut members, mut flaws) = (Vec::with_capacity(items.len()), Vec::new());
    for (at, NewVariant { sku, values, .. }) in items.iter().enumerate() {
        match there.get(sku) {
            None => {
                let message = format!("there is no item {sku:?}; check the SKU, or say what is to be made");
                flaws.push(Flaw::new(format!("items[{at}].sku"), "unknown_sku", message));
            }
            Some(item) if taken.contains_key(item) => {
                let message = format!("{sku} belongs to {} already; take it out there first", taken[item]);
                flaws.push(Flaw::new(format!("items[{at}].sku"), "other_family", message));
            }
            Some(item) => members.push(Member { item: *item, sku: sku.clone(), values: values.clone() }),
        }
    }
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    members.sort_by_key(|member| member.item);
    Ok(members)
}

async fn write(act: &mut Act, told: &Told, members: &[Member]) -> Result<()> {
    execute!(
        act,
        "insert into inventory_family (id, name, key, version, created_at) values ($1, $2, $3, $4, $5)
         on conflict (id) do update set name = excluded.name, key = excluded.key, version = excluded.version",
        told.id,
        &told.name,
        told.name.to_lowercase(),
        told.version,
        Time::now()
    )?;
    execute!(act, "delete from inventory_family_option where family = $1", told.id)?;
    execute!(act, "delete from inventory_family_value where family = $1", told.id)?;
    execute!(act, "delete from inventory_variant where family = $1", told.id)?;
    let options: Vec<(i64, &FamilyOption)> = (1..).zip(&told.options).collect();
    insert_rows!(
        act,
        "insert into inventory_family_option (family, nth, name) ",
        &options,
        |row, option| {
            row.push_bind(told.id).push_bind(option.0).push_bind(&option.1.name);
        },
        ""
    )?;
    let values: Vec<(i64, i64, &String)> = options
        .iter()
        .flat_map(|(option, is)| (1..).zip(&is.values).map(move |(nth, value)| (*option, nth, value)))
        .collect();
    insert_rows!(
        act,
        "insert into inventory_family_value (family, option_nth, nth, value) ",
        &values,
        |row, value| {
            row.push_bind(told.id).push_bind(value.0).push_bind(value.1).push_bind(value.2);
        },
        ""
    )?;
    if members.is_empty() {
        return Ok(());
    }
    insert_rows!(
        act,
        "insert into inventory_variant (item, family, value_1, value_2, value_3) ",
        members,
        |row, member| {
            let value = |nth: usize| member.values.get(nth).cloned().unwrap_or_default();
            row.push_bind(member.item).push_bind(told.id).push_bind(value(0)).push_bind(value(1)).push_bind(value(2));
        },
        ""
    )?;
    Ok(())
}
