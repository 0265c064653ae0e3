//! What the labels of the house's own scales say: EAN-13 that begin with 02 or 20 to 29, with a weight or a price inside.

use crate::{Event, Inventory};
use db::{Tx, execute, fetch_all, insert_rows};
use model::barcode::{Measure, Rule, ScaleLabel};
use model::{Action, Actor, Error, Flaw, Result};

/// As many as there are ways in which such labels may begin.
const LABELS_MAX: usize = 11;

#[derive(sqlx::FromRow)]
struct Row {
    prefix: i64,
    item_digits: i64,
    value_digits: i64,
    decimals: i64,
    measure: String,
    value_check: i64,
}

impl From<Row> for ScaleLabel {
    fn from(row: Row) -> Self {
        // Only a hand in the database can write what is no digit; such a label is of no use then.
        let digit = |number: i64| u8::try_from(number).unwrap_or_default();
        Self {
            prefix: digit(row.prefix),
            item_digits: digit(row.item_digits),
            value_digits: digit(row.value_digits),
            decimals: digit(row.decimals),
            measure: if row.measure == PRICE { Measure::Price } else { Measure::Weight },
            value_check: row.value_check == 1,
        }
    }
}

const PRICE: &str = "price";

impl Inventory {
    /// What the labels of the scales say, by their first digits.
    pub async fn scale_labels(&self, actor: &Actor) -> Result<Vec<ScaleLabel>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        all(&mut tx).await
    }

    /// Settles that, all of it, for all stores.
    ///
    /// # Errors
    /// `Forbidden`; `Invalid` for a label that cannot be, and for two that begin alike.
    pub async fn set_scale_labels(&self, actor: &Actor, labels: Vec<ScaleLabel>) -> Result<()> {
        let mut act = self.auth.act_everywhere(actor, Action::ManageStores).await?;
        let mut flaws = Vec::new();
        if labels.len() > LABELS_MAX {
            flaws.push(Flaw::new("labels", "line_count", format!("tell at most {LABELS_MAX} kinds of labels")));
        }
        for (at, label) in labels.iter().enumerate().take(LABELS_MAX) {
            if let Err(flaw) = label.rule() {
                flaws.push(Flaw { field: format!("labels[{at}].{}", flaw.field), ..flaw });
            }
            if labels.iter().take(at).any(|before| before.prefix == label.prefix) {
                let message = "another kind begins with the same digits";
                flaws.push(Flaw::new(format!("labels[{at}].prefix"), "twice", message));
            }
        }
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        execute!(act, "delete from inventory_scale_label")?;
        insert_rows!(
            act,
            "insert into inventory_scale_label (prefix, item_digits, value_digits, decimals, measure, value_check) ",
            &labels,
            |row, label| {
                row.push_bind(i64::from(label.prefix)).push_bind(i64::from(label.item_digits));
                row.push_bind(i64::from(label.value_digits)).push_bind(i64::from(label.decimals));
                row.push_bind(if label.measure == Measure::Price { PRICE } else { "weight" });
                row.push_bind(i64::from(label.value_check));
            },
            ""
        )?;
        act.commit(Event::ScaleLabelsSet(labels)).await?;
        Ok(())
    }
}

async fn all(tx: &mut Tx) -> Result<Vec<ScaleLabel>> {
    let rows: Vec<Row> = fetch_all!(
        tx,
        "select prefix, item_digits, value_digits, decimals, measure, value_check from inventory_scale_label
         order by prefix"
    )?;
    Ok(rows.into_iter().map(ScaleLabel::from).collect())
}

/// The rules by which such labels are read.
pub(crate) async fn rules(tx: &mut Tx) -> Result<Vec<Rule>> {
    Ok(all(tx).await?.into_iter().filter_map(|label| label.rule().ok()).collect())
}
