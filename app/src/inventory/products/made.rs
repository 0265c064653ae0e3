//! What a product is made of, when it is a kit: added by scan or by name, saved together, and how many can be made.

use super::{
    api::{change_product, find_kit},
    form::Form,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{
        item::Makes,
        picker::{Pick, Picked, Picker},
    },
    live::Live,
    parts::{Icon, Notice, Svg, Tone, UndoBar, as_number, to_type},
    prefs::Words,
};
use leptos::task::spawn_local;
use model::{Component, Error, ItemPatch, Kit, Product, Quantity, Reused};

/// A part as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Typed {
    sku: String,
    name: String,
    many: String,
}

/// The parts of one kit, as they are saved and as they are typed.
#[derive(Clone, Copy)]
struct Desk {
    words: Words,
    form: Form,
    store: StoredValue<String>,
    kit: RwSignal<Option<Kit>>,
    lines: RwSignal<Vec<Typed>>,
    /// Something was typed that is not saved.
    open: RwSignal<bool>,
    /// What stood there before the last saving, for the way back.
    before: RwSignal<Option<Vec<Component>>>,
    picker: Picker,
    failure: RwSignal<Option<Failure>>,
}

fn size(text: &str) -> Option<Quantity> {
    as_number(text).filter(|many| *many > Quantity::ZERO && *many <= Component::QUANTITY_MAX)
}

impl Desk {
    /// Takes over what is saved, unless something else is being typed.
    fn take(self, product: &Product, kit: Option<Kit>) {
        let name = |sku: &str| {
            let part = kit.as_ref().and_then(|kit| kit.parts.iter().find(|part| part.sku == sku));
            part.map_or_else(|| sku.to_owned(), |part| part.name.clone())
        };
        let many = |size: Quantity| to_type(self.words.get_locale_untracked(), size);
        if !self.open.get_untracked() {
            let typed = product.components.iter().map(|part| Typed {
                sku: part.sku.clone(),
                name: name(&part.sku),
                many: many(part.quantity),
            });
            self.lines.set(typed.collect());
        }
        self.kit.set(kit);
    }

    /// Reads anew how many can be made.
    fn load(self) {
        let Some(product) = self.form.base.try_get_untracked() else { return };
        let store = self.store.get_value();
        spawn_local(async move {
            let answer = find_kit(store, product.item.sku.clone()).await;
            if self.kit.try_with_untracked(|_| ()).is_none() {
                return; // The page is gone.
            }
            match answer {
                Ok(kit) => self.take(&product, kit),
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    fn add(self, Picked { item, .. }: &Picked) {
        let name = item.name.clone();
        if self.form.base.with_untracked(|base| base.item.id == item.id) {
            return self.picker.say(Tone::Warn, tu_string!(self.words, kits.itself).to_owned());
        }
        if self.lines.with_untracked(|lines| lines.iter().any(|line| line.sku == item.sku)) {
            return self.picker.say(Tone::Warn, tu_string!(self.words, kits.there, name = name).to_string());
        }
        let (sku, many) = (item.sku.clone(), "1".to_owned());
        self.lines.update(|lines| lines.push(Typed { sku, name: name.clone(), many }));
        self.open.set(true);
        self.picker.say(Tone::Good, tu_string!(self.words, kits.added, name = name).to_string());
    }

    /// What is typed, if all of it is numbers; tracked.
    fn typed(self) -> Option<Vec<Component>> {
        let part = |line: &Typed| Some(Component { sku: line.sku.clone(), quantity: size(&line.many)? });
        self.lines.with(|lines| lines.iter().map(part).collect())
    }

    fn send(self, components: Vec<Component>, back: bool) {
        let form = self.form;
        if form.busy.get_untracked() {
            return;
        }
        let known = form.base.get_untracked();
        let patch = ItemPatch { components: Some(components), ..ItemPatch::default() };
        form.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = change_product(known.item.sku.clone(), known.version, patch).await;
            if form.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(now) => {
                    self.before.set(Some(known.components).filter(|_| !back));
                    self.open.set(false);
                    form.base.set(now);
                }
                Err(failure) => {
                    // Somebody else was faster: what is typed stays, over what they saved.
                    if failure == Failure::Said(Error::Conflict(Reused::Version)) {
                        form.load();
                    }
                    self.failure.set(Some(failure));
                }
            }
        });
    }
}

/// The card: what it is made of, and what can be made of that now.
#[component]
pub fn Made(
    /// The product's form: its version counts this change too.
    form: Form,
    /// The store looked at.
    store: String,
    /// What it is made of, as it was loaded with the page.
    first: Option<Kit>,
    /// The journal line up to which that is true.
    as_of: i64,
    may_edit: bool,
) -> impl IntoView {
    let words = use_i18n();
    let adding = RwSignal::new(false);
    let (kept, failure) = (StoredValue::new(store.clone()), RwSignal::new(None));
    let desk = Desk {
        words,
        form,
        store: kept,
        kit: RwSignal::new(None),
        lines: RwSignal::new(Vec::new()),
        open: RwSignal::new(false),
        before: RwSignal::new(None),
        picker: Picker::new(words, kept, failure),
        failure,
    };
    form.base.with_untracked(|product| desk.take(product, first));
    let topics = vec![format!("stock:{store}")];
    expect_context::<Live>().hear(
        topics,
        as_of,
        move |event| desk.kit.update(|kit| kit.iter_mut().for_each(|kit| kit.hear(event.changes))),
        move || desk.load(),
    );
    // Somebody else said otherwise what it is made of.
    let made = Memo::new(move |_| form.base.try_with(|product| product.components.clone()).unwrap_or_default());
    Effect::new(move |before: Option<Vec<Component>>| {
        let now = made.get();
        if before.is_some_and(|before| before != now) {
            desk.load();
        }
        now
    });
    let skus = move || desk.lines.read().iter().map(|line| line.sku.clone()).collect::<Vec<_>>();
    let idle = move || form.busy.get() || desk.typed().is_none();
    let wrong = move || desk.open.get() && desk.typed().is_none();
    let save = move |_| {
        if let Some(components) = untrack(|| desk.typed()) {
            desk.send(components, false);
        }
    };
    let said = Signal::derive(move || {
        let none = made.read().is_empty();
        if none { t_string!(words, kits.no_more).to_owned() } else { t_string!(words, kits.saved).to_owned() }
    });
    let undo = Callback::new(move |()| {
        if let Some(before) = desk.before.get_untracked() {
            desk.send(before, true);
        }
    });
    view! {
        <section class="card form made" aria-labelledby="made-of">
            <h2 id="made-of">{t!(words, kits.made_of)}</h2>
            <p class="hint">
                {move || if desk.lines.read().is_empty() { t_string!(words, kits.none) } else { t_string!(words, kits.about) }}
            </p>
            <Makes kit=desk.kit />
            <ul class="made-lines">
                <For each=skus key=Clone::clone let:sku>
                    <Line desk sku may_edit />
                </For>
            </ul>
            {may_edit.then(|| view! {
                // The scan field takes the focus, which is for whoever came to change a price a button away.
                <Show when=move || adding.get() fallback=move || view! {
                    <button type="button" class="button wide" on:click=move |_| adding.set(true)>
                        <Svg icon=Icon::Plus />{t!(words, kits.add)}
                    </button>
                }>
                    <Pick picker=desk.picker on_pick=Callback::new(move |picked| desk.add(&picked)) />
                </Show>
                <p class="wrong" role="status">{move || wrong().then(|| view! { <Svg icon=Icon::Warning />{t!(words, kits.wrong)} })}</p>
                <Notice failure=desk.failure />
                <Show when=move || desk.open.get()>
                    <button type="button" class="button wide" disabled=move || idle() on:click=save>
                        <Svg icon=Icon::Check />{t!(words, kits.save)}
                    </button>
                </Show>
            })}
        </section>
        {move || desk.before.read().is_some().then(|| view! {
            <UndoBar text=said busy=form.busy on_undo=undo on_close=Callback::new(move |()| desk.before.set(None)) />
        })}
    }
}

#[component]
fn Line(desk: Desk, sku: String, may_edit: bool) -> impl IntoView {
    let words = use_i18n();
    let sku = StoredValue::new(sku);
    let line = Memo::new(move |_| {
        let wanted = sku.get_value();
        desk.lines.with(|lines| lines.iter().find(|line| line.sku == wanted).cloned())
    });
    let of = move |pick: fn(&Typed) -> String| move || line.with(|line| line.as_ref().map(pick).unwrap_or_default());
    let (name, many) = (of(|line| line.name.clone()), of(|line| line.many.clone()));
    let id = format!("made-{}", sku.get_value());
    let label = move || t_string!(words, kits.many, name = name()).to_string();
    let typed = move |event| {
        let (wanted, text) = (sku.get_value(), event_target_value(&event));
        desk.lines.update(|lines| {
            if let Some(line) = lines.iter_mut().find(|line| line.sku == wanted) {
                line.many = text;
            }
        });
        desk.open.set(true);
    };
    let remove = move |_| {
        let wanted = sku.get_value();
        desk.lines.update(|lines| lines.retain(|line| line.sku != wanted));
        desk.open.set(true);
    };
    view! {
        <li class="made-line" data-part=sku.get_value()>
            <div class="order-line-name"><span>{name}</span><small>{sku.get_value()}</small></div>
            <label class="unseen" for=id.clone()>{label}</label>
            <input
                id=id
                class="made-many"
                inputmode="decimal"
                autocomplete="off"
                maxlength="16"
                disabled=!may_edit
                prop:value=many
                value=untrack(many)
                on:input=typed
            />
            {may_edit.then(|| view! {
                <button type="button" class="icon-button" on:click=remove
                    aria-label=move || t_string!(words, kits.remove, name = name()).to_string()>
                    <Svg icon=Icon::Close />
                </button>
            })}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_are_in_one_is_a_number_above_nothing() {
        assert_eq!(size(" 2,5 "), "2.5".parse().ok());
        assert_eq!((size("0"), size("-1"), size("a few"), size("10001")), (None, None, None, None));
    }
}
