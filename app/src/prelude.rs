//! What every page is written with: Leptos' own names, and a `view!` that forgets what it is made of.

use crate::said::Text;
pub use crate::view;
pub use leptos::prelude::*;
use std::{any::Any, future::Future, pin::Pin, sync::Arc};

/// Leptos' `view!` as an [`AnyView`].
///
/// Each kind of view that comes into a list, a closure or another view brings code of its own for building, hydrating
/// and changing it. As one kind they share it: a browser has a good deal less to fetch.
#[macro_export]
macro_rules! view {
    ($($html:tt)*) => {
        $crate::prelude::Forget::forget(::leptos::view! { $($html)* })
    };
}

/// Shows its children while that is so; as Leptos' own does it, with one kind of code for all places.
#[component]
pub fn Show(
    /// When.
    when: impl Fn() -> bool + Send + Sync + 'static,
    /// What is shown.
    children: ChildrenFn,
    /// What is shown otherwise.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    show(Arc::new(when), children, fallback)
}

fn show(when: Arc<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let shown = Memo::new(move |_| when());
    view! { {move || if shown.get() { children() } else { fallback.run() }} }
}

/// What a page shows when what it waits for is there.
///
/// On the server it is drawn once. Leptos walks over a `Transition` before it is drawn, and again when what it waits for
/// is there; it draws all of it each time, and asks anew for what is brought along: the page in the browser then counts
/// otherwise, and takes one answer for another. Which of the walks find something to draw is a race between threads.
pub fn drawn<V, Drawing>(draw: impl Fn() -> Drawing + Send + Sync + 'static) -> impl Fn() -> Suspend<V> + Send + Sync
where
    V: RenderHtml + 'static,
    Drawing: Future<Output = V> + Send + 'static,
{
    move || {
        let drawing = draw();
        // A walk looks once whether it is ready, and goes on.
        #[cfg(feature = "ssr")]
        let drawing = async move {
            tokio::task::yield_now().await;
            drawing.await
        };
        Suspend::new(drawing)
    }
}

/// What comes to the browser and is then shown.
pub type Coming = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// Shows what comes later, from when it is first wanted: a piece of WASM that nobody fetches for nothing.
pub fn later(wanted: Memo<bool>, piece: impl Fn() -> Coming + Send + 'static) -> AnyView {
    coming(wanted, Box::new(piece))
}

fn coming(wanted: Memo<bool>, piece: Box<dyn Fn() -> Coming + Send>) -> AnyView {
    view! {
        {move || {
            let piece = wanted.get().then(|| piece());
            Suspend::new(async move { if let Some(piece) = piece { piece.await } else { ().into_any() } })
        }}
    }
}

/// What Leptos' `view!` makes.
pub trait Forget {
    /// Without the memory of what it is made of; what has forgotten already stays as it is.
    fn forget(self) -> AnyView;
}

impl<T: IntoView + 'static> Forget for View<T> {
    fn forget(self) -> AnyView {
        let mut view = Some(self.into_inner());
        let forgotten = (&mut view as &mut dyn Any).downcast_mut().and_then(Option::<AnyView>::take);
        forgotten.unwrap_or_else(|| view.map_or_else(|| ().into_any(), IntoAny::into_any))
    }
}

impl<T: IntoView + 'static> Forget for Text<T> {
    fn forget(self) -> AnyView {
        self.into_any()
    }
}
