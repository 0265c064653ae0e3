//! The icons: one line drawing each, on a grid of 24, in the colour of the text beside them.

use crate::prelude::*;
use leptos::tachys::html::InertElement;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Icon {
    Back,
    Barcode,
    Box,
    Camera,
    Chart,
    Check,
    Chevron,
    Clock,
    Close,
    Copy,
    Device,
    Down,
    Download,
    Erase,
    Eye,
    Key,
    Help,
    Home,
    Import,
    Flag,
    Keyboard,
    Light,
    List,
    Menu,
    Minus,
    Move,
    Palette,
    Person,
    Plus,
    Print,
    Receive,
    Refresh,
    Return,
    Search,
    Settings,
    Shield,
    SignOut,
    Star,
    Store,
    Tag,
    Till,
    Truck,
    Undo,
    Up,
    Warning,
}

impl Icon {
    /// All of them, by name.
    pub const ALL: [Self; 43] = [
        Self::Back,
        Self::Barcode,
        Self::Box,
        Self::Camera,
        Self::Chart,
        Self::Check,
        Self::Chevron,
        Self::Clock,
        Self::Close,
        Self::Copy,
        Self::Device,
        Self::Down,
        Self::Download,
        Self::Erase,
        Self::Eye,
        Self::Help,
        Self::Home,
        Self::Import,
        Self::Key,
        Self::Keyboard,
        Self::Light,
        Self::List,
        Self::Menu,
        Self::Minus,
        Self::Move,
        Self::Palette,
        Self::Person,
        Self::Plus,
        Self::Print,
        Self::Receive,
        Self::Refresh,
        Self::Return,
        Self::Search,
        Self::Settings,
        Self::SignOut,
        Self::Star,
        Self::Store,
        Self::Tag,
        Self::Till,
        Self::Truck,
        Self::Undo,
        Self::Up,
        Self::Warning,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Barcode => "M4 6v12M7.5 6v12M11 6v12M14 6v9M17 6v12M20 6v9",
            Self::Box => "M12 3l8 4.3v9.4L12 21l-8-4.3V7.3zM4.2 7.4L12 11.7l7.8-4.3M12 11.7V21M8 5.2l8 4.4",
            Self::Camera => "M4 8h3.500L9 5.500h6L16.500 8H20v11H4zM12 16.200a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
            Self::Chart => "M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Chevron => "M9 5l7 7-7 7",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.2l3.4 2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Copy => "M9 8h11v12H9zM9 16H5V4h11v4",
            Self::Device => "M4 5h16v11H4zM2 20h20",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Download => "M12 4v10M7.500 10l4.500 4.500L16.500 10M5 19.500h14",
            Self::Erase => "M9 6h11v12H9l-6-6zM12 9.5l5 5M17 9.5l-5 5",
            Self::Eye => {
                "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Self::Key => {
                "M8 19a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM11.200 11.300L19 3.500M16 6.500l3 3M13.500 9l2 2"
            }
            Self::Help => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.600 9.400c.200-1.400 1.200-2.200 2.500-2.200 1.400 0 2.500 1 2.500 2.300 0 1.900-2.500 2-2.500 3.900M12 16.600h.01"
            }
            Self::Home => "M4 11.500L12 4.500l8 7M6.500 9.800V19.500h11V9.800M10 19.500v-5h4v5",
            Self::Import => "M12 14V4M7.500 8.500L12 4l4.500 4.500M4.500 14v5.500h15V14",
            Self::Flag => "M6 21V4.500h11l-2 4 2 4H6",
            Self::Keyboard => "M3 6.5h18v11H3zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8",
            Self::Light => "M13 3L5.500 13.500H11L10 21l8-11h-6z",
            Self::List => "M8.500 6.500H20M8.500 12H20M8.500 17.500H20M4.500 6.500h.01M4.500 12h.01M4.500 17.500h.01",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Minus => "M5 12h14",
            Self::Move => "M4 8h14M14.5 4.500L18 8l-3.500 3.500M20 16H6M9.500 12.500L6 16l3.500 3.500",
            Self::Palette => {
                "M12 21a9 9 0 1 1 9-9c0 2-1.500 3-3.200 3h-2c-1.400 0-2 .900-1.600 2.200.500 1.700-.300 3.800-2.200 3.800zM7.500 12h.01M9.500 8h.01M14.500 8h.01"
            }
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Print => "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
            Self::Receive => "M12 4v9M8 9.500l4 4 4-4M4.500 13v6.500h15V13",
            Self::Refresh => "M19.500 12a7.500 7.500 0 1 1-2.300-5.400M19.500 4v4h-4",
            Self::Return => "M4.500 9.500V4.800M4.500 9.500h4.700M4.800 9.300A8 8 0 1 1 4.200 14",
            Self::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20 20",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400zM9 19.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400z"
            }
            Self::Shield => {
                "M12 3l7.500 3v5.500c0 4.500-3 7.800-7.500 9.500-4.500-1.700-7.500-5-7.500-9.500V6zM9 12l2.200 2.200L15.200 10"
            }
            Self::SignOut => "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
            Self::Star => "M12 4l2.400 5 5.500.700-4 3.800 1 5.500-4.900-2.700L7.100 19l1-5.500-4-3.800L9.600 9z",
            Self::Store => {
                "M4 10v10h16V10M3 9l2-5h14l2 5c0 1.6-1.2 2.8-2.8 2.8S15 10.600 15 9.200c0 1.600-1.300 2.600-3 2.600s-3-1-3-2.600c0 1.400-1.600 2.600-3.200 2.600S3 10.600 3 9zM9.500 20v-5h5v5"
            }
            Self::Tag => "M4 4.500h7.500L20 13l-7 7-8.500-8.500zM8.200 8.500h.01",
            Self::Till => "M4 14h16v6H4zM6 14V8h9v6M8 11h5M15 4h4v4h-4zM17 8v6M11 17h2",
            Self::Truck => {
                "M4.500 16.500H3v-10h11v10H9.500M14 9.500h3.500l3.500 4v3h-1.500M14.500 16.500H14M7 18.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 18.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
            }
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
    // As text, which comes to life as it stands: an element's attributes would each be written once more, and a browser
    // reads a drawing that is written anew. A page has dozens.
    let [begin, end] = [r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=""#, r#""></path></svg>"#];
    InertElement::new([begin, icon.path(), end].concat()).into_any()
}
