//! An order being written: scanned or searched lines, who it is for; each change is saved at once, so that two people
//! write at one order.

use super::{
    api::{change_order, show_order},
    board::Board,
    terms::Terms,
    worth::Worth,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{
        anew,
        api::{Candidate, find, search},
    },
    parts::{Icon, ScanField, Scanned, Svg, Tone, quantity},
};
use leptos::{ev, task::spawn_local};
use model::{NewLine, Order, OrderContent, OrderLine, Quantity};
use std::collections::VecDeque;

/// What a draft says, to be sent again with a change.
fn content(order: &Order) -> OrderContent {
    let lines = order.lines.iter();
    OrderContent {
        channel: order.channel,
        customer: order.customer.clone(),
        contact: order.contact.clone(),
        reference: order.reference.clone(),
        note: order.note.clone(),
        due_on: order.due_on.clone(),
        kept_until: order.kept_until.clone(),
        lines: lines
            .map(|line| NewLine {
                sku: line.sku.clone(),
                quantity: line.quantity,
                unit_price: line.unit_price,
                lot: None,
                serials: Vec::new(),
            })
            .collect(),
    }
}

/// The draft with a change; none when it says that already.
fn changed(order: &Order, change: &Change) -> Option<OrderContent> {
    let before = content(order);
    let mut after = before.clone();
    change(&mut after);
    // So many may cost another price each: it is looked up for them.
    for line in &mut after.lines {
        let same = before.lines.iter().any(|one| one.sku == line.sku && one.quantity == line.quantity);
        line.unit_price = line.unit_price.filter(|_| same);
    }
    (after != before).then_some(after)
}

/// Something to be changed in a draft, whatever it says by then.
pub type Change = Box<dyn Fn(&mut OrderContent) + Send + Sync>;

impl Board {
    /// Saves the draft with a change, after those that were begun before it.
    pub fn save(self, change: impl Fn(&mut OrderContent) + Send + Sync + 'static) {
        self.waiting.update_value(|waiting| waiting.push_back(Box::new(change)));
        if !self.busy.get_untracked() {
            self.busy.set(true);
            spawn_local(self.drain());
        }
    }

    /// Makes the changes that wait, one after the other: each to the draft as it is by then.
    pub async fn drain(self) {
        while let Some(Some(change)) = self.waiting.try_update_value(VecDeque::pop_front) {
            self.busy.try_set(true);
            let answer = self.write(&change).await;
            if !self.answered(answer) {
                self.waiting.try_update_value(VecDeque::clear);
            }
        }
    }

    /// Somebody else may have written it meanwhile: then the same change is made to what they left.
    async fn write(self, change: &Change) -> Result<Order, Failure> {
        let write = |order: &Order| {
            let (before, after) = (order.clone(), changed(order, change));
            async move {
                match after {
                    Some(after) => change_order(before.id, before.version, after).await,
                    None => Ok(before),
                }
            }
        };
        anew(self.order.get_untracked(), write, || show_order(self.id)).await
    }

    /// So many more of an item.
    fn add(self, sku: String, quantity: Quantity) {
        self.save(move |content| match content.lines.iter_mut().find(|line| line.sku == sku) {
            Some(line) => line.quantity = line.quantity.checked_add(quantity).unwrap_or(line.quantity),
            None => {
                let (sku, unit_price, lot, serials) = (sku.clone(), None, None, Vec::new());
                content.lines.push(NewLine { sku, quantity, unit_price, lot, serials });
            }
        });
    }
}

/// Where that line is by now: somebody else may have taken out one before it.
fn place(content: &OrderContent, line: i64, sku: &str) -> Option<usize> {
    let at = usize::try_from(line - 1).ok()?;
    let is_it = |at: &usize| content.lines.get(*at).is_some_and(|line| line.sku == sku);
    Some(at).filter(is_it).or_else(|| content.lines.iter().position(|line| line.sku == sku))
}

/// The order as it is written.
#[component]
pub fn Draft(board: Board) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let found = RwSignal::new(Vec::<Candidate>::new());
    let clear = Trigger::new();
    let turn = StoredValue::new(0_u32);
    let on_code = Callback::new(move |Scanned { code, .. }: Scanned| {
        let store = here.store().get_untracked().code;
        found.set(Vec::new());
        spawn_local(async move {
            match find(store, code.clone()).await {
                Ok(Some(meant)) => board.add(meant.item.sku, meant.quantity),
                Ok(None) => board.say(Tone::Bad, tu_string!(words, orders.unknown, code = code).to_string()),
                Err(wrong) => drop(board.failure.try_set(Some(wrong))),
            }
        });
    });
    let on_text = Callback::new(move |text: String| {
        turn.update_value(|turn| *turn += 1);
        let this = turn.get_value();
        if text.trim().is_empty() {
            return found.set(Vec::new());
        }
        let store = here.store().get_untracked().code;
        spawn_local(async move {
            let answer = search(store, text).await;
            // Only the latest question counts.
            if turn.try_get_value() == Some(this) {
                match answer {
                    Ok(candidates) => found.set(candidates),
                    Err(wrong) => board.failure.set(Some(wrong)),
                }
            }
        });
    });
    let choose = move |sku: String| {
        found.set(Vec::new());
        clear.notify();
        board.add(sku, Quantity::whole(1));
    };
    let results = move || {
        found.get().into_iter().map(move |candidate| {
            let there = candidate.on_hand.map(|on_hand| quantity(words.get_locale(), on_hand));
            let (name, sku) = (candidate.item.name, candidate.item.sku.clone());
            view! {
                <li>
                    <button type="button" class="result" on:click=move |_| choose(candidate.item.sku.clone())>
                        <span class="result-name">{name}<small>{sku}</small></span>
                        <span class="result-facts"><b>{there}</b></span>
                        <Svg icon=Icon::Plus />
                    </button>
                </li>
            }
        })
    };
    let empty = move || board.order.read().lines.is_empty();
    let lines = move || board.order.with(|order| order.lines.clone());
    view! {
        <ScanField on_code on_text clear />
        <Show when=move || { found.with(|found| !found.is_empty()) }>
            <ul class="results" aria-label=move || t_string!(words, till.found)>{move || results().collect_view()}</ul>
        </Show>
        <Show when=move || !empty() fallback=move || view! { <p class="card order-hint">{t!(words, orders.scan_first)}</p> }>
            <ul class="order-lines card" aria-label=move || t_string!(words, orders.lines)>
                <For each=lines key=|line| (line.line, line.sku.clone()) let:line><Line board line /></For>
            </ul>
            <dl class="card facts"><Worth board /></dl>
        </Show>
        <Terms board />
        <Who board />
    }
}

#[component]
fn Line(board: Board, line: OrderLine) -> impl IntoView {
    let words = use_i18n();
    let OrderLine { line: at, sku, quantity: first, name, .. } = line;
    let of_it = StoredValue::new((at, sku.clone()));
    // Only another number is written into the field: what is being typed stays while something else of the order changes.
    let wanted = Memo::new(move |_| {
        let of_it = of_it.get_value();
        let is_it = |line: &&OrderLine| (line.line, &line.sku) == (of_it.0, &of_it.1);
        board.order.with(|order| order.lines.iter().find(is_it).map_or(first, |line| line.quantity))
    });
    let typed = move |event: ev::Event| {
        let text = event_target_value(&event).trim().replace(',', ".");
        let Ok(size) = text.parse::<Quantity>() else {
            // What is no number stays as it was; the server says what else is wrong.
            return event_target::<web_sys::HtmlInputElement>(&event).set_value(&wanted.get_untracked().to_string());
        };
        let (at, sku) = of_it.get_value();
        board.save(move |content| {
            if let Some(at) = place(content, at, &sku) {
                content.lines[at].quantity = size;
            }
        });
    };
    let remove = move |_| {
        let (at, sku) = of_it.get_value();
        board.save(move |content| {
            if let Some(at) = place(content, at, &sku) {
                content.lines.remove(at);
            }
        });
    };
    let (called, line_of) = (StoredValue::new(name.clone()), sku.clone());
    let about = move || tu_string!(words, orders.how_many, name = called.get_value()).to_string();
    view! {
        <li class="order-line" data-line=line_of>
            <div class="order-line-name"><span>{name}</span><small>{sku}</small></div>
            <input class="order-quantity" inputmode="decimal" autocomplete="off" maxlength="16" aria-label=about
                value=first.to_string() prop:value=move || wanted.get().to_string() on:change=typed />
            <button type="button" class="icon-button" disabled=board.busy on:click=remove
                aria-label=move || tu_string!(words, orders.remove, name = called.get_value()).to_string()>
                <Svg icon=Icon::Close />
            </button>
        </li>
    }
}

/// Who it is for; saved when a field is left.
#[component]
fn Who(board: Board) -> impl IntoView {
    let words = use_i18n();
    let given = |event: &ev::Event| Some(event_target_value(event).trim().to_owned()).filter(|text| !text.is_empty());
    // Only another text is written into its field: what is being typed stays while something else of the order changes.
    let of = move |pick: fn(&Order) -> &Option<String>| {
        let text = Memo::new(move |_| board.order.with(|order| pick(order).clone().unwrap_or_default()));
        move || text.get()
    };
    view! {
        <fieldset class="card order-who-form">
            <legend>{t!(words, orders.who)}</legend>
            <p class="hint">{t!(words, orders.who_hint)}</p>
            <div class="field">
                <label for="order-customer">{t!(words, orders.customer)}</label>
                <input id="order-customer" autocomplete="off" maxlength="100" prop:value=of(|order| &order.customer)
                    on:change=move |event| { let text = given(&event); board.save(move |content| content.customer.clone_from(&text)) } />
            </div>
            <div class="field">
                <label for="order-contact">{t!(words, orders.contact)}</label>
                <input id="order-contact" autocomplete="off" maxlength="200" prop:value=of(|order| &order.contact)
                    on:change=move |event| { let text = given(&event); board.save(move |content| content.contact.clone_from(&text)) } />
            </div>
            <div class="field">
                <label for="order-due">{t!(words, orders.due_on)}</label>
                <input id="order-due" type="date" prop:value=of(|order| &order.due_on)
                    on:change=move |event| { let text = given(&event); board.save(move |content| content.due_on.clone_from(&text)) } />
            </div>
            <div class="field">
                <label for="order-note">{t!(words, orders.note)}</label>
                <input id="order-note" autocomplete="off" maxlength="500" prop:value=of(|order| &order.note)
                    on:change=move |event| { let text = given(&event); board.save(move |content| content.note.clone_from(&text)) } />
            </div>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(skus: &[&str]) -> OrderContent {
        let line = |sku: &&str| NewLine {
            sku: (*sku).into(),
            quantity: Quantity::whole(1),
            unit_price: None,
            lot: None,
            serials: Vec::new(),
        };
        OrderContent { lines: skus.iter().map(line).collect(), ..OrderContent::default() }
    }

    #[test]
    fn a_line_is_found_where_it_went() {
        assert_eq!(place(&draft(&["CUP", "MUG", "CUP"]), 3, "CUP"), Some(2), "the one that was meant");
        assert_eq!(place(&draft(&["MUG"]), 2, "MUG"), Some(0), "the one before it is gone");
        assert_eq!(place(&draft(&["MUG"]), 1, "CUP"), None, "it is gone itself");
    }
}
