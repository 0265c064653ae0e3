//! Why an item is proposed, in a sentence.

use crate::i18n::t_string;
use crate::{parts::quantity, prefs::Words, report::day};
use model::{Quantity, Why};

/// `14 sold in 7 days, 2 left, delivery Thursday`; a day of the coming week, seen from `today`, by its name.
pub fn sentence(words: Words, why: &Why, today: Option<&str>) -> String {
    let size = |size: Quantity| quantity(words.get_locale(), size);
    let sold = t_string!(words, purchases.buy.sold, size = size(why.sold)).to_string();
    let left = t_string!(words, purchases.buy.left, size = size(why.left)).to_string();
    let coming = t_string!(words, purchases.buy.coming, size = size(why.on_order)).to_string();
    let promised = t_string!(words, purchases.buy.promised, size = size(why.promised)).to_string();
    let floor = t_string!(words, purchases.buy.floor, size = size(why.floor)).to_string();
    let soon =
        today.is_some_and(|today| (1..=6).any(|days| day::shifted(today, days).as_ref() == Some(&why.arrives_on)));
    let on = day::weekday(&why.arrives_on).filter(|_| soon).map(|at| weekday(words, at).to_owned());
    let on = on.unwrap_or_else(|| why.arrives_on.clone());
    let delivery = t_string!(words, purchases.buy.delivery, day = on).to_string();
    let some = |size: Quantity, text: String| (size > Quantity::ZERO).then_some(text);
    let (promised, coming) = (some(why.promised, promised), some(why.on_order, coming));
    let parts = [Some(sold), Some(left), promised, coming, some(why.floor, floor), Some(delivery)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The name of a day of the week, from Monday.
fn weekday(words: Words, at: usize) -> &'static str {
    match at {
        0 => t_string!(words, purchases.buy.monday),
        1 => t_string!(words, purchases.buy.tuesday),
        2 => t_string!(words, purchases.buy.wednesday),
        3 => t_string!(words, purchases.buy.thursday),
        4 => t_string!(words, purchases.buy.friday),
        5 => t_string!(words, purchases.buy.saturday),
        _ => t_string!(words, purchases.buy.sunday),
    }
}
