//! The families that a product file speaks of: which items join them, or are something else in them from now on.

use super::options;
use super::plan::ROWS;
use super::rows::Row;
use crate::Integration;
use model::{Actor, FamilyId, FamilyOption, Field, NewFamily, NewVariant, OfFamily, Result, RowFault};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A family to be saved, once its items are there.
#[derive(Debug)]
pub(super) struct FamilyStep {
    pub id: FamilyId,
    pub new: NewFamily,
}

/// What a file does to families.
#[derive(Debug, Default)]
pub(super) struct Joining {
    pub families: Vec<FamilyStep>,
    /// The rows whose item becomes something else in its family.
    pub joins: HashSet<u64>,
    pub faults: Vec<RowFault>,
}

/// A row, and the family that it names.
type Told<'a> = (&'a Row, &'a OfFamily);

/// The family that a row means: by its id, or one that is made under that name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Meant {
    Known(FamilyId),
    New(String),
}

impl Integration {
    /// Compares what these rows say with the families as they are now.
    pub(super) async fn joining(
        &self,
        actor: &Actor,
        rows: &[&Row],
        title: &impl Fn(Field) -> String,
    ) -> Result<Joining> {
        let told: Vec<Told> = rows.iter().filter_map(|row| Some((*row, row.family.as_ref()?))).collect();
        let mut known = BTreeMap::new();
        for rows in told.chunks(ROWS) {
            let names: Vec<&str> = rows.iter().map(|(_, part)| part.name.as_str()).collect();
            let skus: Vec<&str> = rows.iter().map(|(row, _)| row.sku.as_str()).collect();
            known.extend(self.inventory.families_about(actor, &names, &skus).await?);
        }
        Ok(joining(&told, &known, title))
    }
}

fn joining(told: &[Told], known: &BTreeMap<FamilyId, NewFamily>, title: &impl Fn(Field) -> String) -> Joining {
    let mut done = Joining::default();
    let mut homes: HashMap<&str, FamilyId> = HashMap::new();
    let mut named: HashMap<String, Vec<FamilyId>> = HashMap::new();
    for (id, family) in known {
        named.entry(key(&family.name)).or_default().push(*id);
        homes.extend(family.items.iter().map(|item| (item.sku.as_str(), *id)));
    }
    let mut groups: BTreeMap<Meant, Vec<Told>> = BTreeMap::new();
    for (row, part) in told {
        let alike = named.get(&key(&part.name)).map(Vec::as_slice).unwrap_or_default();
        let home = homes.get(row.sku.as_str()).copied();
        let meant = match (home, alike) {
            (Some(home), alike) if alike.contains(&home) => Meant::Known(home),
            (Some(home), _) => {
                done.fault((*row, *part), title, Field::Family, "other_family", &known[&home].name);
                continue;
            }
            (None, []) => Meant::New(key(&part.name)),
            (None, [one]) => Meant::Known(*one),
            (None, _) => {
                done.fault((*row, *part), title, Field::Family, "families_alike", &alike.len().to_string());
                continue;
            }
        };
        groups.entry(meant).or_default().push((*row, *part));
    }
    for (meant, rows) in groups {
        let (id, family) = match meant {
            Meant::Known(id) => (id, known[&id].clone()),
            Meant::New(_) => (FamilyId::new(), begun(rows[0].1)),
        };
        done.join(id, family, &rows, title);
    }
    done
}

/// A family that is not there yet, with the options of its first row.
fn begun(part: &OfFamily) -> NewFamily {
    let option = |(name, _): &(String, String)| FamilyOption { name: name.clone(), values: Vec::new() };
    NewFamily {
        version: 0,
        name: part.name.clone(),
        options: part.options.iter().map(option).collect(),
        items: Vec::new(),
        like: None,
        archive: Vec::new(),
    }
}

impl Joining {
    /// Puts a family's rows into it, as many as fit.
    fn join(&mut self, id: FamilyId, mut family: NewFamily, rows: &[Told], title: &impl Fn(Field) -> String) {
        let before: HashMap<String, Vec<String>> = family.items.drain(..).map(|item| (item.sku, item.values)).collect();
        let (mut wanted, mut by_sku) = (before.clone(), HashMap::new());
        for &(row, part) in rows {
            let values = match values(&mut family.options, part) {
                Ok(values) => values,
                Err((code, hint)) => {
                    self.fault((row, part), title, Field::Options, code, &hint);
                    continue;
                }
            };
            if wanted.len() >= NewFamily::ITEMS_MAX && !wanted.contains_key(&row.sku) {
                self.fault((row, part), title, Field::Family, "too_many_items", &NewFamily::ITEMS_MAX.to_string());
                continue;
            }
            wanted.insert(row.sku.clone(), values);
            by_sku.insert(row.sku.as_str(), (row, part));
        }
        while let Some((sku, other)) = twin(&wanted, &before, &by_sku) {
            let Some(told) = by_sku.remove(sku.as_str()) else { break };
            self.fault(told, title, Field::Options, "same_values", &other);
            match before.get(&sku) {
                Some(values) => wanted.insert(sku, values.clone()),
                None => wanted.remove(&sku),
            };
        }
        let joined = by_sku.values().filter(|(row, _)| before.get(&row.sku) != wanted.get(&row.sku));
        let joined: Vec<u64> = joined.map(|(row, _)| row.number).collect();
        if joined.is_empty() {
            return;
        }
        self.joins.extend(joined);
        // A value that only a row with a mistake has is none of the family's.
        let used = |nth: usize, value: &String| wanted.values().any(|values| values.get(nth) == Some(value));
        let fresh = family.version == 0;
        for (nth, option) in family.options.iter_mut().enumerate().filter(|_| fresh) {
            option.values.retain(|value| used(nth, value));
        }
        family.items = wanted.into_iter().map(|(sku, values)| NewVariant { sku, values, make: None }).collect();
        family.items.sort_by(|one, other| one.sku.cmp(&other.sku));
        self.families.push(FamilyStep { id, new: family });
    }

    fn fault(&mut self, (row, part): Told, title: &impl Fn(Field) -> String, field: Field, code: &str, hint: &str) {
        let found = if field == Field::Family { part.name.clone() } else { options::written(&part.options) };
        let (row, column, found) = (row.number, title(field), found.chars().take(60).collect());
        self.faults.push(RowFault { row, column, found, code: code.to_owned(), hint: hint.to_owned() });
    }
}

/// The item's value of each of the family's options, written as the family writes it; one that is new is added.
fn values(options: &mut [FamilyOption], part: &OfFamily) -> Result<Vec<String>, (&'static str, String)> {
    let value_of = |option: &FamilyOption| {
        let same = |(name, _): &&(String, String)| key(name) == key(&option.name);
        part.options.iter().find(same).map(|(_, value)| value.clone())
    };
    let told: Option<Vec<String>> = options.iter().map(value_of).collect();
    let Some(told) = told.filter(|told| told.len() == part.options.len()) else {
        let names: Vec<&str> = options.iter().map(|option| option.name.as_str()).collect();
        return Err(("other_options", names.join(" | ")));
    };
    let known =
        |option: &FamilyOption, value: &str| option.values.iter().find(|known| key(known) == key(value)).cloned();
    let is_full = |(option, value): (&FamilyOption, &String)| {
        option.values.len() >= NewFamily::VALUES_MAX && known(option, value).is_none()
    };
    if options.iter().zip(&told).any(is_full) {
        return Err(("too_many_values", NewFamily::VALUES_MAX.to_string()));
    }
    let written = options.iter_mut().zip(told).map(|(option, value)| {
        known(option, &value).unwrap_or_else(|| {
            option.values.push(value.clone());
            value
        })
    });
    Ok(written.collect())
}

/// The item of a row that would be what another item is already, with that other one: one that was so before stays, else the
/// one whose row comes first.
fn twin(
    wanted: &HashMap<String, Vec<String>>,
    before: &HashMap<String, Vec<String>>,
    rows: &HashMap<&str, Told>,
) -> Option<(String, String)> {
    let moves = |sku: &str| before.get(sku) != wanted.get(sku);
    let row = |sku: &str| rows.get(sku).map_or(0, |(row, _)| row.number);
    let mut all: Vec<(&String, &Vec<String>)> = wanted.iter().collect();
    all.sort_by_key(|(sku, _)| (moves(sku), row(sku)));
    let mut first: HashMap<&Vec<String>, &String> = HashMap::new();
    for (sku, values) in all {
        if let Some(other) = first.get(values) {
            return Some((sku.clone(), (*other).clone()));
        }
        first.insert(values, sku);
    }
    None
}

/// Whatever the capitals.
fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64, sku: &str, name: &str, cell: &str) -> Row {
        let options = options::read(cell).expect("options");
        Row { number, sku: sku.into(), family: Some(OfFamily { name: name.into(), options }), ..Row::default() }
    }

    fn told(rows: &[Row], known: &[(FamilyId, NewFamily)]) -> (Joining, Vec<(u64, String, String)>) {
        let rows: Vec<Told> = rows.iter().filter_map(|row| Some((row, row.family.as_ref()?))).collect();
        let done = joining(&rows, &known.iter().cloned().collect(), &|field| field.name().to_owned());
        let faults = done.faults.iter().map(|fault| (fault.row, fault.code.clone(), fault.hint.clone())).collect();
        (done, faults)
    }

    fn shirt() -> (FamilyId, NewFamily) {
        let (done, _) = told(&[row(2, "S", "Shirt", "Size: S"), row(3, "L", "shirt", "size: L")], &[]);
        let [FamilyStep { id, new }] = <[FamilyStep; 1]>::try_from(done.families).expect("one family");
        (id, NewFamily { version: 1, ..new })
    }

    #[test]
    fn rows_of_one_name_make_a_family_and_again_change_nothing() {
        let (id, family) = shirt();
        assert_eq!((family.name.as_str(), family.options[0].name.as_str()), ("Shirt", "Size"));
        assert_eq!(family.options[0].values, ["S", "L"]);
        let again = [row(2, "L", "SHIRT", "SIZE: l"), row(3, "S", "Shirt", "Size: S")];
        let (done, faults) = told(&again, &[(id, family)]);
        assert!(done.families.is_empty() && done.joins.is_empty() && faults.is_empty(), "{done:?}");
    }

    #[test]
    fn an_item_joins_takes_a_new_value_or_changes_places() {
        let known = shirt();
        let rows = [row(2, "M", "Shirt", "Size: M"), row(3, "S", "Shirt", "Size: L"), row(4, "L", "Shirt", "Size: S")];
        let (done, faults) = told(&rows, std::slice::from_ref(&known));
        assert!(faults.is_empty(), "{faults:?}");
        let step = &done.families[0];
        assert_eq!((step.id, step.new.version, step.new.options[0].values.join(" ")), (known.0, 1, "S L M".into()));
        let items: Vec<_> = step.new.items.iter().map(|item| (item.sku.as_str(), item.values[0].as_str())).collect();
        assert_eq!(items, [("L", "S"), ("M", "M"), ("S", "L")]);
        assert_eq!(done.joins, HashSet::from([2, 3, 4]));
    }

    #[test]
    fn each_row_that_cannot_be_in_its_family_says_why() {
        let known = shirt();
        let rows = [
            row(2, "X", "Shirt", "Size: s"),
            row(3, "Y", "Shirt", "Colour: Red"),
            row(4, "L", "Trousers", "Size: L"),
            row(5, "A", "Hat", "Size: 1 | Colour: Red"),
            row(6, "B", "Hat", "Colour: red | Size: 1"),
        ];
        let (done, faults) = told(&rows, std::slice::from_ref(&known));
        let expected = [
            (2, "same_values", "S"),
            (3, "other_options", "Size"),
            (4, "other_family", "Shirt"),
            (6, "same_values", "A"),
        ];
        let mut faults: Vec<_> = faults.iter().map(|(row, code, hint)| (*row, code.as_str(), hint.as_str())).collect();
        faults.sort_unstable();
        assert_eq!(faults, expected);
        assert_eq!(done.joins, HashSet::from([5]));
        let twice = [known.clone(), (FamilyId::new(), NewFamily { items: Vec::new(), ..known.1 })];
        let (_, faults) = told(&[row(2, "X", "Shirt", "Size: M"), row(3, "S", "Shirt", "Size: S")], &twice);
        assert_eq!(faults, [(2, "families_alike".into(), "2".into())], "who is in one of them stays there");
    }

    #[test]
    fn a_family_takes_no_more_than_it_may() {
        let rows: Vec<_> = (2..600)
            .map(|at| row(at, &format!("S{at}"), "Many", &format!("A: {} | B: {}", at / 30, at % 30)))
            .collect();
        let (done, faults) = told(&rows, &[]);
        assert_eq!((done.families[0].new.items.len(), faults.len()), (500, 98));
        assert!(faults.iter().all(|(_, code, hint)| code == "too_many_items" && hint == "500"));
        let rows: Vec<_> = (2..60).map(|at| row(at, &format!("S{at}"), "Many", &format!("A: {at}"))).collect();
        let (done, faults) = told(&rows, &[]);
        assert_eq!((done.families[0].new.options[0].values.len(), faults.len()), (50, 8));
        assert!(faults.iter().all(|(_, code, hint)| code == "too_many_values" && hint == "50"));
    }
}
