//! Language and colours: a choice of this browser, kept in two cookies so that the first paint is already right.

use crate::i18n::Locale;
use crate::prelude::*;
use leptos_i18n::Locale as _;
use wasm_bindgen::JsCast;

/// Light, dark, black on white for the sun, or as the device is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device is set.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Black on white with strong lines, for bright light and weak eyes.
    Contrast,
}

impl Theme {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Light, Self::Dark, Self::Contrast];

    /// The name in the cookie and in `data-theme`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// What this browser chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    /// The language.
    pub locale: Locale,
    /// The colours.
    pub theme: Theme,
}

/// The switch for colours, in context.
#[derive(Clone, Copy)]
pub struct Colours(pub RwSignal<Theme>);

/// The words in the chosen language, in context.
///
/// Not the context of leptos_i18n: that one reads cookies and the browser's list of languages, with a library for each,
/// and here the page itself says its language.
#[derive(Clone, Copy)]
pub struct Words(RwSignal<Locale>);

/// The words in the chosen language.
///
/// # Panics
/// Outside [`crate::App`].
#[must_use]
pub fn use_i18n() -> Words {
    expect_context()
}

impl Words {
    /// The language; whoever asks is told when it changes.
    #[must_use]
    pub fn get_locale(self) -> Locale {
        self.0.get()
    }

    /// The language at this moment.
    #[must_use]
    pub fn get_locale_untracked(self) -> Locale {
        self.0.get_untracked()
    }

    /// Speaks another language from here on.
    pub fn set_locale(self, locale: Locale) {
        self.0.set(locale);
    }
}

/// What this page was asked for with: the cookies, else the browser's languages.
#[cfg(feature = "ssr")]
#[must_use]
pub fn asked() -> Prefs {
    use axum::http::header::ACCEPT_LANGUAGE;
    let Some(parts) = crate::caller::parts() else { return Prefs::default() };
    let chosen = crate::caller::cookie(&parts.headers, "lang").and_then(|code| code.parse().ok());
    let spoken = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let locale = chosen.unwrap_or_else(|| first_spoken(spoken));
    let theme = crate::caller::cookie(&parts.headers, "theme").map(|name| Theme::named(&name)).unwrap_or_default();
    Prefs { locale, theme }
}

/// The first language of `es-MX,es;q=0.9,en;q=0.8` that we speak.
#[cfg(feature = "ssr")]
fn first_spoken(accepted: &str) -> Locale {
    let codes = accepted.split(',').filter_map(|part| part.split([';', '-']).next());
    codes.filter_map(|code| code.trim().parse().ok()).next().unwrap_or_default()
}

/// What the page that is being brought to life was rendered with.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn asked() -> Prefs {
    let of = |name| document().document_element().and_then(|html| html.get_attribute(name)).unwrap_or_default();
    Prefs { locale: of("lang").parse().unwrap_or_default(), theme: Theme::named(&of("data-theme")) }
}

/// Puts words and colours in context and keeps the page and the cookies in step with them.
pub fn provide() {
    let Prefs { locale, theme } = asked();
    let words = Words(RwSignal::new(locale));
    provide_context(words);
    let colours = RwSignal::new(theme);
    provide_context(Colours(colours));
    Effect::new(move |before: Option<Prefs>| {
        let now = Prefs { locale: words.get_locale(), theme: colours.get() };
        if before.is_some_and(|before| before != now) {
            wear(now);
        }
        now
    });
}

/// Takes up the language in the cookie: signing in may have brought the person's own.
pub fn follow_person() {
    let words = use_i18n();
    Effect::new(move || {
        let cookies =
            document().dyn_ref::<web_sys::HtmlDocument>().and_then(|page| page.cookie().ok()).unwrap_or_default();
        let kept =
            cookies.split("; ").find_map(|cookie| cookie.strip_prefix("lang=")).and_then(|code| code.parse().ok());
        if let Some(kept) = kept.filter(|kept| *kept != words.get_locale_untracked()) {
            words.set_locale(kept);
        }
    });
}

fn wear(Prefs { locale, theme }: Prefs) {
    if let Some(html) = document().document_element() {
        html.set_attribute("lang", locale.as_str()).ok();
        html.set_attribute("data-theme", theme.name()).ok();
    }
    for (name, value) in [("lang", locale.as_str()), ("theme", theme.name())] {
        if let Some(page) = document().dyn_ref::<web_sys::HtmlDocument>() {
            page.set_cookie(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax")).ok();
        }
    }
}
