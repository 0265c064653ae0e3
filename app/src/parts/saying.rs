//! What was last said to the person: read out, and lit up for a moment.

use super::{Icon, Svg, Tone};
use crate::prelude::*;

/// What was last said; `turn` makes two equal sayings two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// How often something was said before.
    pub turn: u32,
    /// How it went.
    pub tone: Tone,
    /// What.
    pub text: String,
}

impl Said {
    /// The saying after that one.
    #[must_use]
    pub fn after(before: Option<&Self>, tone: Tone, text: String) -> Self {
        Self { turn: before.map_or(0, |said| said.turn + 1), tone, text }
    }
}

/// The live region in which it stands.
#[component]
pub fn Saying(
    /// What was last said, if anything was.
    #[prop(into)]
    said: Signal<Option<Said>>,
) -> impl IntoView {
    let tone = move || {
        said.with(|said| match said.as_ref().map(|said| said.tone) {
            Some(Tone::Bad) => "bad",
            Some(Tone::Warn) => "warn",
            Some(Tone::Kept) => "kept",
            Some(_) => "good",
            None => "none",
        })
    };
    let turn = move || said.with(|said| said.as_ref().map_or(0, |said| said.turn % 2).to_string());
    let text = move || said.with(|said| said.as_ref().map(|said| said.text.clone()).unwrap_or_default());
    let kept = move || said.with(|said| said.as_ref().is_some_and(|said| said.tone == Tone::Kept));
    view! {
        <p class="saying" role="status" data-tone=move || tone() data-turn=move || turn()>
            {move || kept().then(|| view! { <Svg icon=Icon::Clock /> })}
            {move || text()}
        </p>
    }
}
