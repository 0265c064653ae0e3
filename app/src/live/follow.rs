//! Following a list: whatever happens in its topics, it is read anew, soon and once.

use super::{Hearing, Live};
use crate::failure::Failure;
use crate::prelude::*;
use leptos::task::spawn_local;
use model::Since;
use std::time::Duration;

/// Several events in a breath are read once.
const PAUSE: Duration = Duration::from_millis(250);
/// After a failure it is tried again.
const RETRY: Duration = Duration::from_secs(3);

/// A list that is being followed.
#[derive(Clone, Copy)]
pub struct Follow {
    load: Callback<()>,
}

/// What is known between two readings.
#[derive(Clone, Copy)]
struct State {
    hearing: StoredValue<Option<Hearing>>,
    as_of: StoredValue<i64>,
    due: StoredValue<bool>,
    pause: Duration,
}

impl Follow {
    /// Reads it now: something was just done here.
    pub fn now(self) {
        self.load.run(());
    }
}

/// [`gather`], as soon as an eye would have it.
pub fn follow<T: 'static, Reading>(
    topics: Vec<String>,
    as_of: i64,
    read: impl Fn() -> Reading + Copy + Send + Sync + 'static,
    take: impl Fn(T) + Copy + Send + Sync + 'static,
) -> Follow
where
    Reading: Future<Output = Result<Since<T>, Failure>> + 'static,
{
    gather(PAUSE, topics, as_of, read, take)
}

/// Reads with `read` a pause after an event in `topics`, for all that came meanwhile, from the line after `as_of` on, and gives what was read to `take`;
/// what an earlier reading already showed is never taken back. Ends with the caller's owner.
pub fn gather<T: 'static, Reading>(
    pause: Duration,
    topics: Vec<String>,
    as_of: i64,
    read: impl Fn() -> Reading + Copy + Send + Sync + 'static,
    take: impl Fn(T) + Copy + Send + Sync + 'static,
) -> Follow
where
    Reading: Future<Output = Result<Since<T>, Failure>> + 'static,
{
    let (hearing, due) = (StoredValue::new(None), StoredValue::new(false));
    let state = State { hearing, as_of: StoredValue::new(as_of), due, pause };
    let soon = move || {
        if state.due.try_get_value() == Some(false) {
            state.due.set_value(true);
            set_timeout(move || load(state, read, take), state.pause);
        }
    };
    let live = expect_context::<Live>();
    let hearing = live.hear(topics, as_of, move |_| soon(), move || load(state, read, take));
    state.hearing.set_value(Some(hearing));
    Follow { load: Callback::new(move |()| load(state, read, take)) }
}

fn load<T: 'static, Reading>(
    state: State,
    read: impl Fn() -> Reading + Copy + Send + Sync + 'static,
    take: impl Fn(T) + Copy + Send + Sync + 'static,
) where
    Reading: Future<Output = Result<Since<T>, Failure>> + 'static,
{
    // What happens from here on asks for another reading.
    if state.due.try_set_value(false).is_some() {
        return; // The page is gone.
    }
    spawn_local(async move {
        let answer = read().await;
        let Some(known) = state.as_of.try_get_value() else { return };
        match answer {
            Ok(since) if since.as_of < known => {}
            Ok(since) => {
                state.as_of.set_value(since.as_of);
                take(since.data);
                if let Some(Some(hearing)) = state.hearing.try_get_value() {
                    hearing.since(since.as_of);
                }
            }
            Err(failure) if failure.is_signed_out() => {}
            Err(_) => set_timeout(move || load(state, read, take), RETRY),
        }
    });
}
