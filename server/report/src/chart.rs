//! The dashboard's two pictures, as ECharts options: shapes and figures only; colours, type and words are the page's.

use charming::Chart;
use charming::component::{Aria, Axis, Grid};
use charming::datatype::NumericValue;
use charming::element::{AxisTick, AxisType, ItemStyle, Tooltip, Trigger};
use charming::series::Bar;
use model::{HourFigure, Money, MostSold, Quantity};

/// Bars: what was taken in each hour of the day.
pub fn hours(hours: &[HourFigure]) -> String {
    let names: Vec<_> = hours.iter().filter_map(|figure| figure.hour.get(11..13)).collect();
    let values: Vec<_> = hours.iter().map(|figure| drawn_money(figure.value)).collect();
    let chart = bare()
        .x_axis(Axis::new().type_(AxisType::Category).data(names).axis_tick(AxisTick::new().show(false)))
        .y_axis(Axis::new().type_(AxisType::Value))
        .series(Bar::new().item_style(rounded()).data(values));
    printed(&chart)
}

/// Bars from the left, the best on top: what was sold most.
pub fn most_sold(rows: &[MostSold]) -> String {
    let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
    let values: Vec<_> = rows.iter().map(|row| drawn_quantity(row.quantity)).collect();
    let names = Axis::new().type_(AxisType::Category).inverse(true).axis_tick(AxisTick::new().show(false)).data(names);
    let chart = bare()
        .x_axis(Axis::new().type_(AxisType::Value))
        .y_axis(names)
        .series(Bar::new().item_style(rounded()).data(values));
    printed(&chart)
}

fn bare() -> Chart {
    Chart::new()
        .aria(Aria::new().enabled(true))
        .grid(Grid::new().left(8).right(16).top(16).bottom(8))
        .tooltip(Tooltip::new().trigger(Trigger::Axis))
}

fn rounded() -> ItemStyle {
    ItemStyle::new().border_radius(3)
}

fn printed(chart: &Chart) -> String {
    serde_json::to_string(chart).expect("a chart has string keys only")
}

/// A picture has pixels, not pennies: the figure beside it is exact, the bar's length need not be.
fn drawn_money(money: Money) -> NumericValue {
    drawn(money.parts(), 1_000_000)
}

fn drawn_quantity(quantity: Quantity) -> NumericValue {
    drawn(quantity.parts(), Quantity::ONE)
}

#[expect(clippy::cast_precision_loss, reason = "a bar's length on a screen")]
fn drawn(parts: i64, one: i64) -> NumericValue {
    if parts % one == 0 { NumericValue::Integer(parts / one) } else { NumericValue::Float(parts as f64 / one as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_holds_plain_arrays_that_the_browser_can_merge_into() {
        let rows = [MostSold {
            sku: "85123A".into(),
            name: "White heart".into(),
            quantity: Quantity::from_parts(250_000),
            value: Money::ZERO,
        }];
        let option: serde_json::Value = serde_json::from_str(&most_sold(&rows)).expect("options are JSON");
        assert_eq!(option["yAxis"]["data"], serde_json::json!(["White heart"]));
        assert_eq!(option["series"][0]["data"], serde_json::json!([2.5]));
        assert_eq!(option["aria"]["enabled"], true);
    }

    #[test]
    fn a_chart_names_no_font_and_no_colour() {
        let hour = "2026-11-22T09".to_owned();
        let value = Money::from_parts(7_000_000);
        let option = hours(&[HourFigure { hour, sales: 1, quantity: Quantity::ZERO, value }]);
        assert!(option.contains(r#""data":["09"]"#) && option.contains(r#""data":[7]"#), "{option}");
        assert!(!option.to_lowercase().contains("font") && !option.to_lowercase().contains("color"), "{option}");
    }
}
