//! Who has what open: kept in memory for as long as their sockets live, and told to the others at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Everyone at one thing: their seat, their socket, and their name.
pub type People = Vec<(u64, u64, String)>;

/// All things that somebody of this process has open.
#[derive(Clone, Default)]
pub struct Board(Arc<Mutex<Rooms>>);

#[derive(Default)]
struct Rooms {
    next: u64,
    open: HashMap<String, watch::Sender<People>>,
}

/// One person's place at one thing; dropping it tells the others that they left.
pub struct Seat {
    board: Board,
    topic: String,
    key: u64,
    socket: u64,
}

impl Board {
    /// A number for a socket of its own.
    pub fn number(&self) -> u64 {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.next += 1;
        rooms.next
    }

    /// Somebody opens that; from now on the others see them, and they see the others.
    pub fn enter(&self, socket: u64, topic: &str, name: &str) -> (Seat, watch::Receiver<People>) {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.next += 1;
        let key = rooms.next;
        let room = rooms.open.entry(topic.to_owned()).or_insert_with(|| watch::channel(People::new()).0);
        room.send_modify(|people| people.push((key, socket, name.to_owned())));
        let others = room.subscribe();
        (Seat { board: self.clone(), topic: topic.to_owned(), key, socket }, others)
    }
}

impl Seat {
    /// The names of the others, each once.
    #[must_use]
    pub fn others(&self, people: &People) -> Vec<String> {
        let mut names: Vec<String> =
            people.iter().filter(|one| one.1 != self.socket).map(|one| one.2.clone()).collect();
        names.sort();
        names.dedup();
        names
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut rooms = self.board.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.open.get(&self.topic) {
            room.send_modify(|people| people.retain(|one| one.0 != self.key));
            if room.borrow().is_empty() {
                rooms.open.remove(&self.topic);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_the_others_and_not_themselves() {
        let board = Board::default();
        let (ann, heard) = board.enter(1, "editing:A", "Ann");
        let (mark, _) = board.enter(2, "editing:A", "Mark");
        let (_elsewhere, _) = board.enter(3, "editing:B", "Olga");
        assert_eq!(ann.others(&heard.borrow()), ["Mark"]);
        drop(mark);
        assert!(ann.others(&heard.borrow()).is_empty());
    }

    #[test]
    fn a_thing_that_nobody_has_open_is_forgotten() {
        let board = Board::default();
        drop(board.enter(1, "editing:A", "Ann"));
        assert!(board.0.lock().expect("nobody panicked").open.is_empty());
    }
}
