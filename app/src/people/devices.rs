//! Shared tablets: this one becomes one, and those that are, each with the way to end it.

use super::{
    Device, NewDevice,
    api::{devices, end_device, share_device},
    field::Field,
    words::flaw_of,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Moment, Notice},
};
use leptos::{ev::SubmitEvent, task::spawn_local};
use model::Error;

/// After so many minutes without a touch a tablet may ask who is working; the middle one as a rule.
const LOCKS: [i64; 3] = [1, 5, 15];

/// The cards, for who manages the people of the store looked at.
#[component]
pub(super) fn Devices(first: Vec<Device>) -> impl IntoView {
    let words = use_i18n();
    let list = RwSignal::new(first);
    let failure = RwSignal::new(None::<Failure>);
    let end = Callback::new(move |id| {
        spawn_local(async move {
            let now = match end_device(id).await {
                Ok(()) => devices().await,
                Err(failure) => Err(failure),
            };
            match now {
                Ok(now) => drop(list.try_set(now)),
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    });
    view! {
        <section class="devices">
            <h2>{t!(words, people.devices.title)}</h2>
            <p class="quiet">{t!(words, people.devices.lead)}</p>
            <Notice failure />
            <Show when=move || !list.with(Vec::is_empty)>
                <table class="plain">
                    <thead>
                        <tr>
                            <th scope="col">{t!(words, people.devices.name)}</th>
                            <th scope="col">{t!(words, people.devices.store)}</th>
                            <th scope="col">{t!(words, people.sessions.since)}</th>
                            <th scope="col">{t!(words, people.devices.used)}</th>
                            <th scope="col"><span class="unseen">{t!(words, people.column.change)}</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || list.get() key=|device| device.id let:device><Row device end /></For>
                    </tbody>
                </table>
            </Show>
            <Share />
        </section>
    }
}

#[component]
fn Row(device: Device, end: Callback<model::DeviceId>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let zone = here.store().get_untracked().time_zone;
    let Device { id, store, name, created_at, used_at, .. } = device;
    let stores = here.me().stores;
    let place = stores.into_iter().find(|known| known.id == store).map(|known| known.name);
    let label = {
        let name = name.clone();
        move || t_string!(words, people.devices.end_of, name = name.clone()).to_string()
    };
    let used = match used_at {
        Some(at) => view! { <Moment at zone=zone.clone() /> },
        None => view! { {t!(words, people.keys.never)} },
    };
    view! {
        <tr>
            <th scope="row"><span class="who-shown">{name}</span></th>
            <td data-label=move || t_string!(words, people.devices.store)>{place}</td>
            <td data-label=move || t_string!(words, people.sessions.since)><Moment at=created_at zone=zone.clone() /></td>
            <td data-label=move || t_string!(words, people.devices.used)>{used}</td>
            <td class="row-end">
                <button type="button" class="button" aria-label=label on:click=move |_| end.run(id)>{t!(words, people.devices.end)}</button>
            </td>
        </tr>
    }
}

/// Makes this browser a shared tablet of the store looked at.
#[component]
fn Share() -> impl IntoView {
    let words = use_i18n();
    let store = use_here().store();
    let name = RwSignal::new(String::new());
    let minutes = RwSignal::new(LOCKS[1]);
    let answer = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let new = NewDevice {
            store: store.get_untracked().id,
            name: name.get_untracked(),
            lock_minutes: minutes.get_untracked(),
        };
        spawn_local(async move {
            match share_device(new).await {
                // From now on the whole page is a shared tablet's: it asks who is working when nobody touches it.
                Ok(()) => drop(window().location().reload()),
                Err(failure) => {
                    if busy.try_set(false).is_none() {
                        answer.set(Some(failure));
                    }
                }
            }
        });
    };
    let flaw = Signal::derive(move || flaw_of(words, answer.get().as_ref(), "name"));
    let other =
        Signal::derive(move || answer.get().filter(|failure| !matches!(failure, Failure::Said(Error::Invalid(_)))));
    let choice = move |count: i64| {
        view! {
            <option value=count.to_string() selected=move || minutes.get() == count>
                {move || match count {
                    1 => t_string!(words, people.devices.minute).to_string(),
                    _ => t_string!(words, people.devices.minutes, count = count).to_string(),
                }}
            </option>
        }
    };
    view! {
        <form class="card form" method="post" on:submit=send>
            <h3>{move || t_string!(words, people.devices.share_title, store = store.get().name).to_string()}</h3>
            <p class="quiet">{t!(words, people.devices.share_text)}</p>
            <div class="form-columns">
                <Field name="device-name" label=Signal::derive(move || t_string!(words, people.devices.name).to_owned()) value=name flaw longest=60
                    hint=Signal::derive(move || t_string!(words, people.devices.name_hint).to_owned()) />
                <div class="field">
                    <label for="device-lock">{t!(words, people.devices.lock)}</label>
                    <select id="device-lock" on:change=move |event| minutes.set(event_target_value(&event).parse().unwrap_or(LOCKS[1]))>
                        {LOCKS.map(choice)}
                    </select>
                </div>
            </div>
            <Notice failure=other />
            <button type="submit" class="button" disabled=move || busy.get() || name.with(|name| name.trim().is_empty())>
                {t!(words, people.devices.share)}
            </button>
        </form>
    }
}
