//! Families: items that are one product in several sizes or colours. Saved whole, as price lists are.

mod check;
mod list;
mod make;
pub(crate) mod told;

use crate::{Inventory, code, exception, index, stretch};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_optional, insert_rows, query_rows};
use make::Grown;
use model::{
    Action, Actor, Error, FamilyId, FamilyOption, Flaw, ItemId, NewFamily, NewVariant, Result, Reused, Time, Variants,
};
use std::collections::{BTreeMap, HashMap};
use told::{Member, Saved, Told};

/// A family as it stands, with its items in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) told: Told,
    pub(crate) members: Vec<Member>,
}

impl Inventory {
    /// Makes a family what its author says, all of it, or adds it; what is so already writes nothing. Items that are made with
    /// it are like the one that is named; it is undone by saying what stood there before.
    ///
    /// # Errors
    /// `Conflict(Version)` when it has another version by now; `Refused(SkuTaken)` for an item to be made whose SKU another one
    /// has; `Invalid`.
    pub async fn save_family(&self, actor: &Actor, id: FamilyId, new: NewFamily) -> Result<Variants> {
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
        let closed = exception::code::known(&mut act, grown.items.iter().map(|item| item.sku.as_str())).await?;
        let variants = list::whole(&mut act, id, None).await?.ok_or(Error::NotFound)?;
        let (items, changes, touched) = (grown.items, grown.changes, touched.into_iter().collect());
        act.conclude(Saved { family: told, members, items, changes, touched, closed }, 200, &variants).await?;
        Ok(variants)
    }
}

pub(crate) async fn find(tx: &mut Tx, id: FamilyId) -> Result<Option<Known>> {
    let row: Option<(String, i64)> =
        fetch_optional!(tx, "select name, version from inventory_family where id = $1", id)?;
    let Some((name, version)) = row else { return Ok(None) };
    let options = options(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let rows: Vec<(ItemId, String, String, String, String)> = fetch_all!(
        tx,
        "select v.item, coalesce(i.sku, ''), v.value_1, v.value_2, v.value_3
         from inventory_variant v left join inventory_item i on i.id = v.item where v.family = $1 order by v.item",
        id
    )?;
    let count = options.len();
    let member = |(item, sku, one, two, three)| {
        let values: Vec<String> = [one, two, three].into_iter().take(count).collect();
        Member { item, sku, values }
    };
    let told = Told { id, name, options, version };
    Ok(Some(Known { told, members: rows.into_iter().map(member).collect() }))
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
