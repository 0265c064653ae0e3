//! The icons: one line drawing each, on a grid of 24, in the colour of the text beside them.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Icon {
    Back,
    Barcode,
    Box,
    Chart,
    Check,
    Chevron,
    Clock,
    Close,
    Down,
    Erase,
    Keyboard,
    Menu,
    Minus,
    Person,
    Plus,
    Search,
    SignOut,
    Store,
    Till,
    Undo,
    Up,
    Warning,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Barcode => "M4 6v12M7.5 6v12M11 6v12M14 6v9M17 6v12M20 6v9",
            Self::Box => "M12 3l8 4.3v9.4L12 21l-8-4.3V7.3zM4.2 7.4L12 11.7l7.8-4.3M12 11.7V21M8 5.2l8 4.4",
            Self::Chart => "M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Chevron => "M9 5l7 7-7 7",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.2l3.4 2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Erase => "M9 6h11v12H9l-6-6zM12 9.5l5 5M17 9.5l-5 5",
            Self::Keyboard => "M3 6.5h18v11H3zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Minus => "M5 12h14",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20 20",
            Self::SignOut => "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
            Self::Store => {
                "M4 10v10h16V10M3 9l2-5h14l2 5c0 1.6-1.2 2.8-2.8 2.8S15 10.600 15 9.200c0 1.600-1.300 2.600-3 2.600s-3-1-3-2.600c0 1.400-1.600 2.600-3.200 2.600S3 10.600 3 9zM9.500 20v-5h5v5"
            }
            Self::Till => "M4 14h16v6H4zM6 14V8h9v6M8 11h5M15 4h4v4h-4zM17 8v6M11 17h2",
            Self::Undo => "M9 7L4.5 11.500 9 16M5 11.500h9a5 5 0 0 1 0 10h-2",
            Self::Up => "M12 19V5M6 11l6-6 6 6",
            Self::Warning => "M12 4l9 16H3zM12 10v4.500M12 17.400h.01",
        }
    }
}

/// The drawing. It says nothing to a screen reader: the word stands beside it.
#[component]
pub fn Svg(
    /// What is drawn.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
    .into_any()
}
