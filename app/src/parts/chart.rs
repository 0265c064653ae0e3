//! A chart: the server's ECharts options, drawn in the browser, and figures that move while one looks.
//!
//! What it shows has to stand in a table beside it; the picture itself is one image to a screen reader.

use super::script::when_loaded;
use crate::prelude::*;
use leptos::html;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// The figures of a chart: what each bar is called, and how long it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// The names, in order.
    pub labels: Vec<String>,
    /// The lengths. A picture has pixels, not pennies: the exact figures are in the table.
    pub values: Vec<f64>,
    /// What they are compared with, drawn as a line of steps; empty for nothing.
    pub before: Vec<f64>,
    /// What the bars and the line are called, when there are both.
    pub names: [String; 2],
}

impl Bars {
    /// The same, compared with others.
    #[must_use]
    pub fn beside(self, before: Vec<f64>, names: [String; 2]) -> Self {
        Self { before, names, ..self }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = storeroomChart, catch)]
    fn draw(element: &web_sys::Element, options: &str, currency: Option<&str>) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = storeroomChart, catch)]
    fn update(element: &web_sys::Element, labels: &str, values: &str, before: &str, names: &str)
    -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = storeroomChart, catch)]
    fn dispose(element: &web_sys::Element) -> Result<(), JsValue>;
}

/// Draws a chart and keeps it in step with `bars`.
#[component]
pub fn Chart(
    /// The options, as JSON.
    options: String,
    /// The figures, as they are now.
    #[prop(into)]
    bars: Signal<Bars>,
    /// The currency, when the figures are amounts.
    #[prop(optional, into)]
    currency: Option<String>,
    /// What it shows, in words.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let drawn = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(element) = place.get() else { return };
        let (options, currency, shown) = (options.clone(), currency.clone(), element.clone());
        let draw_it = move |loaded| {
            let wanted = loaded && drawn.try_get_untracked() == Some(false);
            if wanted && draw(&shown, &options, currency.as_deref()).is_ok() {
                drawn.set(true);
            }
        };
        when_loaded("chart", "storeroomChart", Box::new(draw_it));
        let element = StoredValue::new_local(element);
        on_cleanup(move || {
            element.try_with_value(|element| dispose(element).ok());
        });
    });
    Effect::new(move |_| {
        let Bars { labels, values, before, names } = bars.get();
        if let (true, Some(element)) = (drawn.get(), place.get_untracked()) {
            let [labels, names] = [serde_json::json!(labels), serde_json::json!(names)].map(|texts| texts.to_string());
            let [values, before] = [values, before].map(|lengths| serde_json::json!(lengths).to_string());
            update(&element, &labels, &values, &before, &names).ok();
        }
    });
    view! { <div class="chart" role="img" aria-label=label node_ref=place></div> }
}
