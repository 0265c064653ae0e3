//! Products: an item with what its catalogue page needs, and how it is changed.

use crate::{Component, Costing, Item, ItemId, ItemKind, Money, Pack, PromisePolicy, Quantity, TaxClassId, Tracking};
use serde::{Deserialize, Deserializer, Serialize};

/// How few and how many of an item a store wants to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The store's code.
    pub store: String,
    /// At or below this many it is time to buy; from 0 to 1 000 000 000.
    #[serde(default)]
    pub minimum: Option<Quantity>,
    /// More than this many are too many; not below the minimum.
    #[serde(default)]
    pub maximum: Option<Quantity>,
}

/// An item as its catalogue page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Product {
    /// The item.
    #[serde(flatten)]
    pub item: Item,
    /// Rises by one with each change; the `ETag` of the item.
    pub version: i64,
    /// Archived: kept for its history, no longer offered.
    pub archived: bool,
    /// The name of its picture, if it has one.
    pub image: Option<String>,
    /// What happens when more is promised than can be.
    #[serde(default)]
    pub promise: PromisePolicy,
    /// The same for what is promised over the web; without one it is as elsewhere.
    #[serde(default)]
    pub web_promise: Option<PromisePolicy>,
    /// The name of its category, if it has one.
    #[serde(default)]
    pub category: Option<String>,
    /// What one of it is made of, by SKU, when it is a kit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// The tax that its price includes, if it says so.
    #[serde(default)]
    pub tax_class: Option<TaxClassId>,
    /// Its limits, by store code: of the reader's stores only.
    pub limits: Vec<Limit>,
}

/// A change of an item: fields that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemPatch {
    /// What people call it: 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// All of its scanned codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub barcodes: Option<Vec<String>>,
    /// All of its packs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub packs: Option<Vec<Pack>>,
    /// The base unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20))]
    pub unit: Option<String>,
    /// Price of one; `null` for none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>))]
    pub price: Option<Option<Money>>,
    /// Archived, or offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// The name of a picture that was uploaded; `null` for none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub image: Option<Option<String>>,
    /// What happens when more is promised than can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromisePolicy>,
    /// The same for what is promised over the web; `null` for as elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<PromisePolicy>))]
    pub web_promise: Option<Option<PromisePolicy>>,
    /// How its goods are costed from now on: the oldest first, or at their average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub costing: Option<Costing>,
    /// How its goods are told apart from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<Tracking>,
    /// The name of its category, 1 to 40 characters, whatever its capitals: one that there is not yet is made; `null` for
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 40))]
    pub category: Option<Option<String>>,
    /// All that one of it is made of: with any, it is a kit and has no stock of its own; without, it is one no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub components: Option<Vec<Component>>,
    /// The tax class that is there already; `null` for none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TaxClassId>))]
    pub tax_class: Option<Option<TaxClassId>>,
    /// Limits of the stores named here; other stores' stay. With neither number the limit goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Vec<Limit>>,
}

/// What is left out and what is `null` are two things.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl ItemPatch {
    /// Changes nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What makes `from` into `to`.
    #[must_use]
    pub fn between(from: &Product, to: &Product) -> Self {
        fn differing<T: PartialEq + Clone>(from: &T, to: &T) -> Option<T> {
            (from != to).then(|| to.clone())
        }
        Self {
            name: differing(&from.item.name, &to.item.name),
            barcodes: differing(&from.item.barcodes, &to.item.barcodes),
            packs: differing(&from.item.packs, &to.item.packs),
            unit: differing(&from.item.unit, &to.item.unit),
            price: differing(&from.item.price, &to.item.price),
            archived: differing(&from.archived, &to.archived),
            image: differing(&from.image, &to.image),
            promise: differing(&from.promise, &to.promise),
            web_promise: differing(&from.web_promise, &to.web_promise),
            costing: differing(&from.item.costing, &to.item.costing),
            tracking: differing(&from.item.tracking, &to.item.tracking),
            category: differing(&from.category, &to.category),
            components: differing(&from.components, &to.components),
            tax_class: differing(&from.tax_class, &to.tax_class),
            limits: limits_between(&from.limits, &to.limits),
        }
    }

    /// The product with this change made.
    #[must_use]
    pub fn on(&self, product: &Product) -> Product {
        let mut changed = product.clone();
        if let Some(name) = &self.name {
            changed.item.name = name.trim().to_owned();
        }
        if let Some(barcodes) = &self.barcodes {
            changed.item.barcodes.clone_from(barcodes);
            changed.item.barcodes.sort();
            changed.item.barcodes.dedup();
        }
        if let Some(packs) = &self.packs {
            let named = |pack: &Pack| Pack { name: pack.name.trim().to_owned(), ..pack.clone() };
            changed.item.packs = packs.iter().map(named).collect();
            changed.item.packs.sort_by(|one, other| one.barcode.cmp(&other.barcode));
        }
        if let Some(unit) = &self.unit {
            unit.trim().clone_into(&mut changed.item.unit);
        }
        changed.item.price = self.price.unwrap_or(changed.item.price);
        changed.item.costing = self.costing.unwrap_or(changed.item.costing);
        changed.archived = self.archived.unwrap_or(changed.archived);
        if let Some(image) = &self.image {
            changed.image.clone_from(image);
        }
        changed.promise = self.promise.unwrap_or(changed.promise);
        changed.web_promise = self.web_promise.unwrap_or(changed.web_promise);
        changed.item.tracking = self.tracking.unwrap_or(changed.item.tracking);
        if let Some(category) = &self.category {
            changed.category.clone_from(category);
        }
        if let Some(components) = &self.components {
            changed.components.clone_from(components);
            changed.components.sort_by(|one, other| one.sku.cmp(&other.sku));
        }
        changed.item.kind = self.kind(changed.item.kind);
        changed.tax_class = self.tax_class.unwrap_or(changed.tax_class);
        for limit in self.limits.iter().flatten() {
            changed.limits.retain(|known| known.store != limit.store);
            if limit.minimum.is_some() || limit.maximum.is_some() {
                changed.limits.push(limit.clone());
            }
        }
        changed.limits.sort_by(|one, other| one.store.cmp(&other.store));
        changed
    }

    /// What kind an item of that kind is with this change made.
    #[must_use]
    pub fn kind(&self, kind: ItemKind) -> ItemKind {
        match &self.components {
            Some(components) if !components.is_empty() => ItemKind::Kit,
            Some(_) if kind == ItemKind::Kit => ItemKind::Stocked,
            _ => kind,
        }
    }
}

/// The stores whose limits differ, with what they have in `to`.
fn limits_between(from: &[Limit], to: &[Limit]) -> Option<Vec<Limit>> {
    let gone = from.iter().filter(|limit| !to.iter().any(|kept| kept.store == limit.store));
    let gone = gone.map(|limit| Limit { store: limit.store.clone(), minimum: None, maximum: None });
    let differing: Vec<Limit> = to.iter().filter(|limit| !from.contains(limit)).cloned().chain(gone).collect();
    (!differing.is_empty()).then_some(differing)
}

/// One item's part of a change, as the journal tells it: only the fields that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemChange {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit, which never changes.
    pub sku: String,
    /// The item's version after it.
    pub version: i64,
    /// What stood there.
    pub before: ItemPatch,
    /// What stands there now.
    pub after: ItemPatch,
}

/// A change of an item as screens hear it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemNews {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// The item's version after it; 1 for a new one.
    pub version: i64,
    /// What is different now; limits are left out.
    pub change: ItemPatch,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(barcode: &str, many: i64) -> Pack {
        Pack { name: format!("Case of {many}"), barcode: barcode.into(), quantity: Quantity::whole(many) }
    }

    fn product() -> Product {
        let item = Item {
            id: ItemId::new(),
            sku: "A".into(),
            name: "Heart".into(),
            unit: "piece".into(),
            price: Some(Money::from_parts(2_550_000)),
            kind: ItemKind::Stocked,
            barcodes: vec!["1".into()],
            packs: vec![case("2", 12)],
            costing: Costing::Fifo,
            tracking: Tracking::default(),
        };
        let limits = vec![Limit { store: "LON".into(), minimum: Some(Quantity::whole(2)), maximum: None }];
        let (image, promise, category) = (None, PromisePolicy::default(), Some("Toys".into()));
        let components = Vec::new();
        let (web_promise, tax_class) = (None, None);
        let (version, archived) = (1, false);
        Product { item, version, archived, image, promise, web_promise, category, tax_class, components, limits }
    }

    #[test]
    fn a_change_there_and_back_is_no_change() {
        let from = product();
        let there = ItemPatch {
            name: Some(" Red heart ".into()),
            price: Some(None),
            archived: Some(true),
            web_promise: Some(Some(PromisePolicy::Warn)),
            category: Some(None),
            packs: Some(vec![case("4", 24), case("3", 6)]),
            limits: Some(vec![
                Limit { store: "PAR".into(), minimum: None, maximum: Some(Quantity::whole(9)) },
                Limit { store: "LON".into(), minimum: None, maximum: None },
            ]),
            ..ItemPatch::default()
        };
        let to = there.on(&from);
        assert_eq!((to.item.name.as_str(), to.item.price, to.limits.len()), ("Red heart", None, 1));
        assert_eq!(to.item.packs, [case("3", 6), case("4", 24)], "by barcode");
        assert_eq!(ItemPatch::between(&to, &from).on(&to), from);
        assert!(ItemPatch::between(&from, &from).is_empty());
    }

    #[test]
    fn what_is_made_of_others_is_a_kit_until_it_is_made_of_none() {
        let part = |sku: &str| Component { sku: sku.into(), quantity: Quantity::whole(2) };
        let parts = ItemPatch { components: Some(vec![part("TEA"), part("CUP")]), ..ItemPatch::default() };
        let kit = parts.on(&product());
        assert_eq!((kit.item.kind, kit.components.clone()), (ItemKind::Kit, vec![part("CUP"), part("TEA")]));
        let none = ItemPatch { components: Some(Vec::new()), ..ItemPatch::default() };
        assert_eq!(none.on(&kit), Product { item: Item { id: kit.item.id, ..product().item }, ..product() });
        assert_eq!(ItemPatch::default().on(&kit), kit);
    }

    #[test]
    fn no_price_and_a_price_left_out_are_two_things() {
        let patch: ItemPatch = serde_json::from_str(r#"{"price":null}"#).expect("json");
        assert_eq!(patch.price, Some(None));
        assert_eq!(serde_json::to_string(&patch).expect("json"), r#"{"price":null}"#);
        assert_eq!(serde_json::from_str::<ItemPatch>("{}").expect("json").price, None);
    }
}
