//! From what the till wrote to documents that can be posted, with ids that are the same on every import.

use super::line::LineKind;
use super::reading::{Reading, SeenDocument, SeenItem, SeenLine};
use model::{
    Channel, Costing, ItemId, ItemKind, Line, NewAdjustment, NewItem, NewLine, NewReceipt, NewReturn, NewSale,
    PostingId,
};
use uuid::Uuid;

/// Lines of one document; a longer invoice becomes several documents, numbered `536365/2` and so on.
pub(crate) const LINES_MAX: usize = 1_000;
/// The reason of an adjustment for which the till gave none.
const NO_REASON: &str = "no reason given";

/// A document to post.
#[derive(Clone, Debug)]
pub(crate) enum Document {
    Sale(NewSale),
    Return(NewReturn),
    Adjustment(NewAdjustment),
    Receipt(NewReceipt),
}

impl Document {
    /// Its id.
    pub(crate) const fn id(&self) -> PostingId {
        match self {
            Self::Sale(sale) => sale.id,
            Self::Return(new) => new.id,
            Self::Adjustment(new) => new.id,
            Self::Receipt(new) => new.id,
        }
    }

    /// The number on its slip.
    pub(super) fn number(&self) -> &str {
        let number = match self {
            Self::Sale(sale) => &sale.number,
            Self::Return(new) => &new.number,
            Self::Adjustment(new) => &new.number,
            Self::Receipt(new) => &new.number,
        };
        number.as_deref().unwrap_or_default()
    }
}

/// The id of the `part`th document of one kind on an invoice of a store's till: the same on every import.
fn id_of(store: &str, invoice: &str, kind: LineKind, part: usize) -> PostingId {
    let till = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:storeroom:till:online-retail");
    let name = format!("{store}\n{invoice}\n{}\n{part}", kind.name());
    PostingId(Uuid::new_v5(&till, name.as_bytes()))
}

/// The documents of one invoice and kind: nearly always one.
pub(crate) fn documents<'a>(
    reading: &'a Reading,
    seen: &'a SeenDocument,
    store: &'a str,
) -> impl Iterator<Item = Document> + 'a {
    seen.lines.chunks(LINES_MAX).enumerate().map(move |(part, lines)| {
        let id = id_of(store, &seen.invoice, seen.kind, part);
        let suffix = if part == 0 { String::new() } else { format!("/{}", part + 1) };
        let number = Some(format!("{}{suffix}", seen.invoice));
        let (store, occurred_at) = (store.to_owned(), Some(seen.at));
        match seen.kind {
            LineKind::Sale => {
                let lines = sold(reading, lines);
                Document::Sale(NewSale {
                    id,
                    store,
                    occurred_at,
                    channel: Channel::Till,
                    number,
                    lines,
                    lists: Vec::new(),
                })
            }
            LineKind::Return => Document::Return(NewReturn {
                id,
                store,
                occurred_at,
                number,
                reason: None,
                sale: None,
                to: model::ReturnTo::Shelf,
                lines: sold(reading, lines),
            }),
            LineKind::Adjustment => {
                let reason = lines.iter().find_map(|line| line.reason.clone()).unwrap_or_else(|| NO_REASON.to_owned());
                let lines = corrected(reading, lines, &reason);
                Document::Adjustment(NewAdjustment { id, store, occurred_at, number, reason, lines })
            }
        }
    })
}

fn sold(reading: &Reading, lines: &[SeenLine]) -> Vec<NewLine> {
    let line = |line: &SeenLine| NewLine {
        sku: reading.items[line.item].code.clone(),
        quantity: line.quantity.abs(),
        unit_price: Some(line.price),
        lot: None,
        serials: Vec::new(),
    };
    lines.iter().map(line).collect()
}

fn corrected(reading: &Reading, lines: &[SeenLine], reason: &str) -> Vec<Line> {
    let why = |line: &SeenLine| line.reason.clone().unwrap_or_else(|| NO_REASON.to_owned());
    let line = |line: &SeenLine| Line {
        sku: reading.items[line.item].code.clone(),
        quantity: line.quantity,
        reason: Some(why(line)).filter(|why| why != reason),
        lot: None,
        serials: Vec::new(),
    };
    lines.iter().map(line).collect()
}

/// The item as new to the catalogue.
pub(crate) fn new_item(seen: &SeenItem) -> NewItem {
    NewItem {
        id: ItemId::new(),
        sku: seen.code.clone(),
        name: seen.name.as_ref().or(seen.remark.as_ref()).unwrap_or(&seen.code).clone(),
        barcodes: Vec::new(),
        packs: Vec::new(),
        unit: "piece".to_owned(),
        price: seen.price,
        kind: if seen.is_service { ItemKind::Service } else { ItemKind::Stocked },
        costing: Costing::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    fn reading(lines: usize) -> Reading {
        let header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
        let line = "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,UK\n";
        let bytes = (header.to_owned() + &line.repeat(lines)).into_bytes();
        Reading::of(vec![Source::bytes("till.csv", bytes)]).expect("it is sound")
    }

    fn sales(reading: &Reading, store: &str) -> Vec<NewSale> {
        let sale = |document| match document {
            Document::Sale(sale) => sale,
            other => panic!("not a sale: {other:?}"),
        };
        documents(reading, &reading.documents[0], store).map(sale).collect()
    }

    #[test]
    fn the_same_invoice_has_the_same_id_and_another_store_another() {
        let one = reading(3);
        assert_eq!(sales(&one, "LON"), sales(&reading(3), "LON"));
        assert_ne!(sales(&one, "LON")[0].id, sales(&one, "PAR")[0].id);
    }

    #[test]
    fn a_very_long_invoice_is_split_and_a_long_one_is_not() {
        assert_eq!(sales(&reading(1_000), "LON").len(), 1);
        let long = sales(&reading(2_001), "LON");
        let parts: Vec<_> =
            long.iter().map(|sale| (sale.number.as_deref().unwrap_or_default(), sale.lines.len())).collect();
        assert_eq!(parts, [("536365", 1_000), ("536365/2", 1_000), ("536365/3", 1)]);
        assert_ne!(long[0].id, long[1].id);
    }
}
