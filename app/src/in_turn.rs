//! Parts of a page that come to life in a task of their own: between two tasks a phone answers to a finger.

use crate::prelude::*;

/// That view, which is one element without a field that one types into. In the browser it is made in a turn after the
/// page around it, and takes the place of what the server rendered, whose links lead where they lead until then. It reads
/// no resource: that is the page's.
#[cfg(feature = "ssr")]
pub fn in_turn(view: impl FnOnce() -> AnyView + Send + 'static) -> AnyView {
    view()
}

#[cfg(not(feature = "ssr"))]
pub use browser::in_turn;

#[cfg(not(feature = "ssr"))]
mod browser {
    use super::*;
    use leptos::tachys::{
        html::attribute::Attribute,
        html::attribute::any_attribute::AnyAttribute,
        hydration::Cursor,
        renderer::types::{Element, Node},
        view::{
            Mountable, Position, PositionState, Render, RenderHtml,
            add_attr::AddAnyAttr,
            any_view::{AnyViewState, AnyViewWithAttrs},
        },
    };
    use std::{cell::RefCell, rc::Rc, time::Duration};
    use wasm_bindgen::JsCast;

    type Make = Box<dyn FnOnce() -> AnyView + Send>;

    /// That view, which is one element: it comes to life after the page around it.
    pub fn in_turn(view: impl FnOnce() -> AnyView + Send + 'static) -> AnyView {
        InTurn(Box::new(view)).into_any()
    }

    struct InTurn(Make);

    /// What waits for its turn, or is alive. Whatever is done with it before its turn wakes it, but for its end.
    pub struct Place(Rc<RefCell<Option<Slot>>>);

    enum Slot {
        Asleep { make: Make, element: Element, owner: Owner },
        Alive(AnyViewState),
    }

    /// Does something with a view that is alive.
    fn awake<T>(slot: &RefCell<Option<Slot>>, act: impl FnOnce(&mut AnyViewState) -> T) -> Option<T> {
        let mut state = match slot.take()? {
            Slot::Alive(state) => state,
            Slot::Asleep { make, element, owner } => {
                // Made anew, not brought to life: what it shows may have moved on since the server wrote it.
                let mut state = owner.with(|| make().build());
                if let Some(parent) = element.parent_element() {
                    state.mount(&parent, Some(&element));
                    if let Some(new) = state.elements().first() {
                        hand_over(&element, new);
                    }
                    element.remove();
                }
                state
            }
        };
        let done = act(&mut state);
        slot.replace(Some(Slot::Alive(state)));
        Some(done)
    }

    /// A menu that somebody opened already stays open, and the focus stays where it is.
    fn hand_over(old: &Element, new: &Element) {
        let all = |of: &Element| of.query_selector_all("*").ok();
        let (Some(before), Some(after)) = (all(old), all(new)) else { return };
        let focused = document().active_element();
        for at in 0..before.length() {
            let (old, new) = (before.get(at), after.get(at));
            let (Some(old), Some(new)) = (old.and_then(|node| node.dyn_into::<Element>().ok()), new) else { continue };
            if old.has_attribute("open")
                && let Some(new) = new.dyn_ref::<Element>()
            {
                // It fails for no name that is written here.
                new.set_attribute("open", "").ok();
            }
            if focused.as_ref() == Some(&old)
                && let Some(new) = new.dyn_ref::<web_sys::HtmlElement>()
            {
                // What cannot have the focus did not have it.
                new.focus().ok();
            }
        }
    }

    impl Render for InTurn {
        type State = Place;

        fn build(self) -> Place {
            Place(Rc::new(RefCell::new(Some(Slot::Alive((self.0)().build())))))
        }

        fn rebuild(self, place: &mut Place) {
            awake(&place.0, |state| (self.0)().rebuild(state));
        }
    }

    impl AddAnyAttr for InTurn {
        type Output<SomeNewAttr: Attribute> = AnyViewWithAttrs;

        fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Self::Output<NewAttr>
        where
            Self::Output<NewAttr>: RenderHtml,
        {
            (self.0)().add_any_attr(attr)
        }
    }

    impl RenderHtml for InTurn {
        type AsyncOutput = AnyView;
        type Owned = Self;

        const MIN_LENGTH: usize = 0;

        fn dry_resolve(&mut self) {}

        async fn resolve(self) -> AnyView {
            (self.0)().resolve().await
        }

        fn to_html_with_buf(
            self,
            buf: &mut String,
            position: &mut Position,
            escape: bool,
            mark_branches: bool,
            extra_attrs: Vec<AnyAttribute>,
        ) {
            (self.0)().to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
        }

        fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Place {
            // As an element steps over itself.
            match position.get() {
                Position::FirstChild => cursor.child(),
                Position::Current => {}
                _ => cursor.sibling(),
            }
            position.set(Position::NextChild);
            let element = cursor.current().unchecked_into();
            let owner = Owner::current().unwrap_or_default();
            let slot = Rc::new(RefCell::new(Some(Slot::Asleep { make: self.0, element, owner })));
            let turn = Rc::downgrade(&slot);
            let wake = move || {
                if let Some(slot) = turn.upgrade() {
                    awake(&slot, |_| ());
                }
            };
            set_timeout(wake, Duration::ZERO);
            Place(slot)
        }

        fn into_owned(self) -> Self {
            self
        }
    }

    impl Mountable for Place {
        fn unmount(&mut self) {
            if let Some(Slot::Asleep { element, .. }) = &*self.0.borrow() {
                return element.remove();
            }
            awake(&self.0, Mountable::unmount);
        }

        fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
            awake(&self.0, |state| state.mount(parent, marker));
        }

        fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
            awake(&self.0, |state| state.insert_before_this(child)).unwrap_or(false)
        }

        fn elements(&self) -> Vec<Element> {
            awake(&self.0, |state| state.elements()).unwrap_or_default()
        }
    }
}
