//! One window at a time: the browser's lock, or a note in its storage where it has none.

use crate::inventory::keep;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{set_interval_with_handle, window};
use model::PostingId;
use serde::{Deserialize, Serialize};
use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// A note that nobody renewed or took away belongs to a window that is gone.
const NOTE_MS: f64 = 45_000.0;
/// So often it is renewed while the work goes on.
const RENEW: Duration = Duration::from_secs(15);
/// Two windows that write at the same moment see each other's notes after that.
const SETTLE_MS: i32 = 60;

/// Does the work while no other window of this browser does work of that name; whether it was done. With the
/// browser's lock it waits for its turn; with a note it does not, and another window's work is not done twice: at
/// worst two windows send the same, which counts once.
pub async fn alone(name: &str, work: impl Future<Output = ()> + 'static) -> bool {
    match locks() {
        Some((locks, request)) => locked(&locks, &request, name, work).await,
        None => noted(&format!("turn-of:{name}"), work).await,
    }
}

/// `navigator.locks`, which a page has over https and on the machine itself.
fn locks() -> Option<(JsValue, Function)> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}

async fn locked(locks: &JsValue, request: &Function, name: &str, work: impl Future<Output = ()> + 'static) -> bool {
    let work = async move {
        work.await;
        Ok(JsValue::UNDEFINED)
    };
    let held = Closure::once_into_js(move |_lock: JsValue| JsValue::from(future_to_promise(work)));
    let done = request.call2(locks, &name.into(), &held).ok().and_then(|done| done.dyn_into::<Promise>().ok());
    match done {
        Some(done) => JsFuture::from(done).await.is_ok(),
        None => false,
    }
}

/// Who is at it, and until when that is believed.
#[derive(Serialize, Deserialize)]
struct Note {
    who: PostingId,
    until_ms: f64,
}

fn write(key: &str, who: PostingId) {
    keep::save(key, &Note { who, until_ms: js_sys::Date::now() + NOTE_MS });
}

async fn noted(key: &str, work: impl Future<Output = ()> + 'static) -> bool {
    let who = PostingId::new();
    let standing = |key: &str| keep::load::<Note>(key).filter(|note| note.until_ms > js_sys::Date::now());
    if standing(key).is_some() {
        return false;
    }
    write(key, who);
    sleep(SETTLE_MS).await;
    if standing(key).is_none_or(|note| note.who != who) {
        return false;
    }
    let renewed = key.to_owned();
    let renewing = set_interval_with_handle(move || write(&renewed, who), RENEW);
    work.await;
    renewing.into_iter().for_each(|renewing| renewing.clear());
    keep::forget(key);
    true
}

/// What comes first: the answer, or the end of that time.
pub async fn within<T>(time_ms: i32, answer: impl Future<Output = T>) -> Option<T> {
    let (mut answer, mut end) = (pin!(answer), pin!(sleep(time_ms)));
    poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}

async fn sleep(time_ms: i32) {
    let slept = Promise::new(&mut |resolve, _| {
        window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, time_ms).ok();
    });
    JsFuture::from(slept).await.ok();
}
