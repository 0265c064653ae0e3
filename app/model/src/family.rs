//! Families: items that are one product in several sizes or colours.

use crate::{FamilyId, ItemId, Levels, Quantity};
use serde::{Deserialize, Serialize};

/// What the items of a family differ in, such as size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FamilyOption {
    /// What it is called, 1 to 40 characters.
    pub name: String,
    /// What there is of it, in the order in which it is shown: 1 to 50, each once whatever its capitals, of 1 to 40 characters.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub values: Vec<String>,
}

/// A product whose items differ in size, colour or the like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Family {
    /// Its id.
    pub id: FamilyId,
    /// What people call it: by this name all its items are found.
    pub name: String,
    /// What its items differ in: one to three options.
    pub options: Vec<FamilyOption>,
    /// How many items it has.
    pub items: i64,
    /// Rises with every change.
    pub version: i64,
}

/// An item of a family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Variant {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// No longer offered.
    pub archived: bool,
    /// Its value for each option of the family, in their order.
    pub values: Vec<String>,
    /// What can be sold of it in the store that was asked about; left out when none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hand: Option<Quantity>,
    /// That, what of it is promised, and what is to come, in all places of that store; left out likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Levels>,
}

/// A family and its items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Variants {
    /// The family.
    pub family: Family,
    /// In the order of its options' values.
    pub items: Vec<Variant>,
}

/// A new item of a family: whatever else it is, it is like another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MadeItem {
    /// The id that you make for it.
    pub id: ItemId,
    /// What people call it: 1 to 200 characters.
    pub name: String,
}

/// An item as it is to be in a family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// Its stock keeping unit.
    pub sku: String,
    /// Its value for each option, in their order; no two items have the same.
    pub values: Vec<String>,
    /// Said for an item that is made with it; left out for one that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make: Option<MadeItem>,
}

/// A family as it is to be, all of it: items that are left out leave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewFamily {
    /// The version that its author read; 0 for a family that is not there yet.
    pub version: i64,
    /// What people call it, 1 to 200 characters.
    pub name: String,
    /// What its items differ in: one to three, each name once.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 3))]
    pub options: Vec<FamilyOption>,
    /// At most 500; at most 100 of them are made at once.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub items: Vec<NewVariant>,
    /// The SKU of the item that made ones are like: unit, kind, price, category, tax class, costing, tracking and what
    /// happens when more is promised than can be.
    #[serde(default)]
    pub like: Option<String>,
    /// The SKUs of items that leave and are archived, too: the way back for items that were made.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub archive: Vec<String>,
}

impl NewFamily {
    /// The most options.
    pub const OPTIONS_MAX: usize = 3;
    /// The most values of an option.
    pub const VALUES_MAX: usize = 50;
    /// The longest option or value, in characters.
    pub const WORD_MAX: usize = 40;
    /// The most items.
    pub const ITEMS_MAX: usize = 500;
    /// The most items that are made at once.
    pub const MADE_MAX: usize = 100;
}

/// Every combination of the options' values, in their order; the first [`NewFamily::ITEMS_MAX`] when there are more.
#[must_use]
pub fn combinations(options: &[FamilyOption]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for option in options {
        let with = |start: &Vec<String>| {
            let start = start.clone();
            option.values.iter().map(move |value| [start.clone(), vec![value.clone()]].concat())
        };
        // Each start has at least one ending: no later option makes more of fewer.
        all = all.iter().flat_map(with).take(NewFamily::ITEMS_MAX).collect();
    }
    if options.is_empty() { Vec::new() } else { all }
}

/// What an item with these values is called when nobody says otherwise: `T-shirt, L, Red`.
#[must_use]
pub fn variant_name(family: &str, values: &[String]) -> String {
    std::iter::once(family).chain(values.iter().map(String::as_str)).collect::<Vec<_>>().join(", ")
}

/// Its SKU when nobody says otherwise: `SHIRT-L-RED`.
#[must_use]
pub fn variant_sku(base: &str, values: &[String]) -> String {
    let word = |value: &String| {
        let plain: String = value.chars().filter(|letter| letter.is_alphanumeric()).take(12).collect();
        plain.to_uppercase()
    };
    let parts = std::iter::once(base.trim().to_owned()).chain(values.iter().map(word));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(name: &str, values: &[&str]) -> FamilyOption {
        FamilyOption { name: name.into(), values: values.iter().map(|value| (*value).to_owned()).collect() }
    }

    #[test]
    fn all_combinations_are_proposed_in_the_order_of_the_values() {
        let options = [option("Size", &["S", "L"]), option("Colour", &["Red", "Blue"])];
        let all: Vec<String> = combinations(&options).iter().map(|values| values.join("/")).collect();
        assert_eq!(all, ["S/Red", "S/Blue", "L/Red", "L/Blue"]);
        assert!(combinations(&[]).is_empty(), "without options there is nothing to propose");
        assert!(combinations(&[option("Size", &[])]).is_empty(), "nor without values");
    }

    #[test]
    fn no_more_are_proposed_than_a_family_has() {
        let many: Vec<String> = (0..50).map(|nth| nth.to_string()).collect();
        let option = FamilyOption { name: "Size".into(), values: many };
        assert_eq!(combinations(&[option.clone(), option.clone(), option]).len(), NewFamily::ITEMS_MAX);
    }

    #[test]
    fn names_and_skus_are_made_of_the_values() {
        let values = ["L".to_owned(), "Dark red".to_owned()];
        assert_eq!(variant_name("T-shirt", &values), "T-shirt, L, Dark red");
        assert_eq!(variant_sku("SHIRT", &values), "SHIRT-L-DARKRED");
        assert_eq!(variant_sku(" ", &values), "L-DARKRED");
        assert_eq!(variant_sku(&"X".repeat(80), &values).chars().count(), 64);
    }
}
