//! Sounds that say how a scan went, for eyes that are on the shelf.

use crate::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{AudioContext, OscillatorType};

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As meant: one short high note.
    Good,
    /// Something is not known here: the same middle note, twice.
    Warn,
    /// Look at the screen: two low notes.
    Bad,
    /// Sold: a rising third.
    Done,
    /// Kept for later: the same two notes, falling.
    Kept,
}

impl Tone {
    /// Pitch in hertz, start and length in seconds of each note.
    const fn notes(self) -> &'static [(f32, f64, f64)] {
        match self {
            Self::Good => &[(1318.5, 0.0, 0.07)],
            Self::Warn => &[(523.3, 0.0, 0.09), (523.3, 0.13, 0.09)],
            Self::Bad => &[(233.1, 0.0, 0.14), (196.0, 0.18, 0.22)],
            Self::Done => &[(880.0, 0.0, 0.08), (1108.7, 0.09, 0.14)],
            Self::Kept => &[(1108.7, 0.0, 0.08), (880.0, 0.09, 0.14)],
        }
    }
}

/// The device's speaker, in context; each device may mute it.
#[derive(Clone, Copy)]
pub struct Speaker {
    /// None on the server, where a page is rendered by several threads and nothing sounds.
    audio: Option<StoredValue<Option<AudioContext>, LocalStorage>>,
    muted: RwSignal<bool>,
}

impl Speaker {
    /// Puts the speaker in context.
    pub fn provide() {
        let muted = RwSignal::new(false);
        provide_context(Self { audio: (!cfg!(feature = "ssr")).then(|| StoredValue::new_local(None)), muted });
        Effect::new(move || {
            let kept = window().local_storage().ok().flatten().and_then(|kept| kept.get_item("muted").ok().flatten());
            muted.set(kept.is_some());
        });
    }

    /// Whether this device is mute.
    #[must_use]
    pub fn muted(self) -> Signal<bool> {
        self.muted.into()
    }

    /// Mutes or unmutes this device, for good.
    pub fn mute(self, muted: bool) {
        self.muted.set(muted);
        if let Some(kept) = window().local_storage().ok().flatten() {
            let done = if muted { kept.set_item("muted", "1") } else { kept.remove_item("muted") };
            done.ok();
        }
    }

    /// Plays it and, where the device can, lets it be felt. Silent before the person first touched the page: browsers
    /// forbid it, and would say so in the console.
    pub fn play(self, tone: Tone) {
        if self.muted.get_untracked() || !was_touched() {
            return;
        }
        if let Some(audio) = self.audio {
            audio.try_update_value(|audio| {
                if audio.is_none() {
                    *audio = AudioContext::new().ok();
                }
                audio.as_ref().map(|audio| sound(audio, tone))
            });
        }
        if tone == Tone::Bad {
            window().navigator().vibrate_with_duration(120);
        }
    }
}

fn sound(audio: &AudioContext, tone: Tone) -> Result<(), JsValue> {
    let now = audio.current_time();
    for (pitch, start, length) in tone.notes() {
        let (note, volume) = (audio.create_oscillator()?, audio.create_gain()?);
        note.set_type(OscillatorType::Triangle);
        note.frequency().set_value(*pitch);
        volume.gain().set_value_at_time(0.22, now + start)?;
        volume.gain().exponential_ramp_to_value_at_time(0.001, now + start + length)?;
        note.connect_with_audio_node(&volume)?;
        volume.connect_with_audio_node(&audio.destination())?;
        note.start_with_when(now + start)?;
        note.stop_with_when(now + start + length)?;
    }
    Ok(())
}

fn was_touched() -> bool {
    let of = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).ok();
    let activation = of(&window().navigator(), "userActivation");
    activation.and_then(|activation| of(&activation, "hasBeenActive")).and_then(|been| been.as_bool()).unwrap_or(true)
}
