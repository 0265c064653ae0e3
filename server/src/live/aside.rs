//! What a socket hears beside the journal: who else has something open, and how far an import is.

use super::Live;
use super::board::People;
use integration::Integration;
use model::{Action, Actor, Error, Frame};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

/// The longest topic, in bytes.
const TOPIC: usize = 300;
/// How often it is looked how far an import is: it may run in another process.
const IMPORT: Duration = Duration::from_millis(400);

/// The topics of one hello that are not about the journal; dropping it ends them.
pub struct Aside {
    frames: mpsc::Receiver<Frame>,
    /// What tells of each topic, and the right that it needs.
    topics: Vec<(Action, AbortOnDropHandle<()>)>,
}

impl Aside {
    /// Reads `editing:SKU`, `at:ID` (a document) and `import:ID`; what is unknown or not theirs is left out without a word.
    #[must_use]
    pub fn start(live: &Live, socket: u64, actor: &Actor, topics: &[String]) -> Self {
        let (send, frames) = mpsc::channel(16);
        let told = topics.iter().filter(|topic| topic.len() <= TOPIC).filter_map(|topic| {
            let (kind, what) = topic.split_once(':')?;
            let (topic, send) = (topic.clone(), send.clone());
            match kind {
                "editing" | "at" if actor.may(presence(kind).anywhere()) => {
                    let (seat, people) = live.board.enter(socket, &topic, &actor.name);
                    let frame =
                        move |people: &People| Frame::Present { topic: topic.clone(), names: seat.others(people) };
                    Some((presence(kind), told(send, people, frame)))
                }
                "import" if actor.may(Action::Import.anywhere()) => {
                    let (integration, actor, id) = (live.integration.clone(), actor.clone(), what.parse().ok()?);
                    let telling = tokio::spawn(tell_import(integration, actor, id, send, topic));
                    Some((Action::Import, AbortOnDropHandle::new(telling)))
                }
                _ => None,
            }
        });
        Self { topics: told.collect(), frames }
    }

    /// May they still hear all of it?
    pub fn is_for(&self, actor: &Actor) -> bool {
        self.topics.iter().all(|(right, _)| actor.may(right.anywhere()))
    }

    /// The next frame; never comes when there is nothing to hear.
    pub async fn next(&mut self) -> Frame {
        match self.frames.recv().await {
            Some(frame) => frame,
            None => std::future::pending().await,
        }
    }
}

/// The right to be seen at a thing, and to see who else is.
fn presence(kind: &str) -> Action {
    if kind == "at" { Action::SeeStock } else { Action::EditItems }
}

/// Tells the present state, then each one after it.
fn told<T: Clone + Send + Sync + 'static>(
    send: mpsc::Sender<Frame>,
    mut from: tokio::sync::watch::Receiver<T>,
    frame: impl Fn(&T) -> Frame + Send + 'static,
) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            let now = from.borrow_and_update().clone();
            if send.send(frame(&now)).await.is_err() || from.changed().await.is_err() {
                return;
            }
        }
    }))
}

/// Tells how far an import is, each time that it is farther, for as long as it is there.
async fn tell_import(integration: Integration, actor: Actor, id: uuid::Uuid, send: mpsc::Sender<Frame>, topic: String) {
    let mut told = None;
    loop {
        match integration.import(&actor, id).await {
            Ok((_, progress)) if told.as_ref() != Some(&progress) => {
                told = Some(progress.clone());
                if send.send(Frame::Import { topic: topic.clone(), progress }).await.is_err() {
                    return;
                }
            }
            Err(Error::NotFound | Error::Forbidden(_)) => return,
            // What could not be read is asked for again.
            Ok(_) | Err(_) => {}
        }
        tokio::time::sleep(IMPORT).await;
    }
}
