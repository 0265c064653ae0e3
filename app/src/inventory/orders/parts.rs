//! What is in a kit that was ordered: that is what is picked.

use crate::prelude::*;
use crate::{
    i18n::{t_string, use_i18n},
    parts::quantity,
};
use model::{OrderPart, Quantity};

/// How many of each part so many kits are; nothing for what is no kit.
#[component]
pub fn Parts(
    /// What is in one.
    parts: Vec<OrderPart>,
    /// How many kits; a whole number.
    #[prop(into)]
    count: Signal<Quantity>,
) -> impl IntoView {
    let words = use_i18n();
    let part = move |part: OrderPart| {
        let OrderPart { sku, name, unit, quantity: each } = part;
        let many = move || quantity(words.get_locale(), times(each, count.get()));
        view! { <li data-part=sku><b>{many}</b>" "{unit}" · "{name}</li> }
    };
    (!parts.is_empty()).then(|| {
        view! { <ul class="kit-parts" aria-label=move || t_string!(words, kits.made_of)>{parts.into_iter().map(part).collect_view()}</ul> }
    })
}

/// So many in each of so many; kits are whole.
fn times(each: Quantity, count: Quantity) -> Quantity {
    Quantity::from_parts(each.parts().saturating_mul(count.parts() / Quantity::ONE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_for_all_of_the_kits() {
        let half = "0.5".parse().expect("a decimal");
        assert_eq!(times(half, Quantity::whole(3)), "1.5".parse().expect("a decimal"));
        assert_eq!(times(Quantity::whole(2), Quantity::ZERO), Quantity::ZERO);
    }
}
