//! One line of the journal: a sentence, when, where, on which device.

use super::explain::{is_alarming, sentence};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
    inventory::{Ago, Clock},
    parts::{Icon, Svg},
};
use model::ActivityLine;

/// The line. Its exact time, its number and its request open on a tap.
#[component]
pub fn Entry(line: ActivityLine, clock: Clock) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let store = line.store.and_then(|id| here.me().stores.into_iter().find(|store| store.id == id));
    let zone = store.as_ref().map_or_else(|| here.store().get_untracked().time_zone, |store| store.time_zone.clone());
    let place = store.map(|store| view! { <span class="journal-place"><Svg icon=Icon::Store />{store.name}</span> });
    let device = (!line.device.is_empty()).then(|| view! { <span>{line.device.clone()}</span> });
    let (icon, kind) = face(&line.topic);
    let (at, seq, request) = (line.at, line.seq, line.request_id.clone());
    let told = StoredValue::new(line);
    view! {
        <li class="journal-line" data-kind=kind data-seq=seq>
            <span class="journal-icon"><Svg icon /></span>
            <div class="journal-told">
                <p>{move || told.with_value(|line| sentence(words.get_locale(), line))}</p>
                <div class="journal-where">
                    <Ago at zone clock />
                    {place}
                    {device}
                    <span class="journal-number">{t!(words, activity.line, line = seq)}</span>
                    {(!request.is_empty()).then(|| view! { <span class="journal-number">{request}</span> })}
                </div>
            </div>
        </li>
    }
}

fn face(topic: &str) -> (Icon, &'static str) {
    if is_alarming(topic) {
        return (Icon::Warning, "alarm");
    }
    match topic.split('.').next() {
        Some("auth") => (Icon::Person, "security"),
        Some("log") => (Icon::Flag, "problem"),
        _ => (Icon::Box, "change"),
    }
}
