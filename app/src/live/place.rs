//! Where a tab stands in the live stream: which frames are news, to whom, and when to say hello again.

use model::{Frame, Hello};
use std::collections::BTreeSet;

/// What the socket has to do after a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Go,
    /// Say [`Place::hello`]: something is missing.
    SayHello,
    /// Tell every listener to load its data again, then say hello.
    Reload,
    /// The right to listen has ended.
    Leave,
}

/// One listener's mark: lines up to `heard` are in what it shows.
#[derive(Debug)]
struct Mark {
    key: u64,
    topics: Vec<String>,
    heard: i64,
}

/// The position in the stream and the marks of those who listen. Knows no socket and no clock.
#[derive(Debug, Default)]
pub struct Place {
    epoch: Option<String>,
    /// Everything up to here was told for the topics in `told`.
    position: i64,
    told: BTreeSet<String>,
    /// Hellos that were not answered yet: until then frames still belong to the subscription before, and the answer
    /// repeats whatever they say.
    unanswered: u32,
    marks: Vec<Mark>,
    next_key: u64,
}

impl Place {
    /// Adds a listener whose data is true up to `as_of`; its key, and whether hello has to be said for it.
    pub fn join(&mut self, topics: Vec<String>, as_of: i64) -> (u64, bool) {
        let key = self.next_key;
        self.next_key += 1;
        let known = topics.iter().all(|topic| self.told.contains(topic));
        let first = self.marks.is_empty();
        self.marks.push(Mark { key, topics, heard: as_of });
        (key, first || !known || as_of < self.position)
    }

    /// Takes a listener away.
    pub fn leave(&mut self, key: u64) {
        self.marks.retain(|mark| mark.key != key);
    }

    /// What that listener shows is now true up to `as_of`; whether hello has to be said for it.
    pub fn rebase(&mut self, key: u64, as_of: i64) -> bool {
        if let Some(mark) = self.marks.iter_mut().find(|mark| mark.key == key) {
            mark.heard = as_of;
        }
        as_of < self.position
    }

    /// The words to open with: from the oldest line that someone still needs. Lines that others know already come
    /// again, and their marks drop them.
    pub fn hello(&mut self) -> Hello {
        let topics: BTreeSet<String> = self.marks.iter().flat_map(|mark| mark.topics.iter().cloned()).collect();
        let last_seq = self.marks.iter().map(|mark| mark.heard).min().unwrap_or(self.position);
        self.unanswered += 1;
        self.told.clone_from(&topics);
        Hello { epoch: self.epoch.clone(), last_seq, topics: topics.into_iter().collect() }
    }

    /// The socket is gone, and with it every hello under way.
    pub fn hung_up(&mut self) {
        self.unanswered = 0;
    }

    /// Whether anybody listens; else there is nothing to say hello for.
    pub fn is_wanted(&self) -> bool {
        !self.marks.is_empty()
    }

    /// Whether the stream is under way: hello was said and answered.
    pub fn settled(&self) -> bool {
        self.unanswered == 0 && self.epoch.is_some()
    }

    /// Takes in a frame; for an event, the keys of those to whom it is news.
    pub fn take(&mut self, frame: &Frame) -> (Step, Vec<u64>) {
        let step = match frame {
            Frame::Bye => Step::Leave,
            // These stand beside the stream.
            Frame::Present { .. } | Frame::Import { .. } => Step::Go,
            Frame::Welcome { epoch, seq } => self.welcome(epoch, *seq),
            Frame::Resync { seq } => self.start_over(*seq),
            // These belong to the subscription before the hello under way.
            Frame::Event { .. } | Frame::Beat { .. } if self.unanswered > 0 => Step::Go,
            Frame::Event { prev, .. } | Frame::Beat { prev, .. } if *prev > self.position => Step::SayHello,
            Frame::Beat { seq, .. } => self.beat(*seq),
            Frame::Event { seq, .. } => return (Step::Go, self.event(*seq)),
        };
        (step, Vec::new())
    }

    fn welcome(&mut self, epoch: &str, seq: i64) -> Step {
        self.unanswered = self.unanswered.saturating_sub(1);
        let restored = self.epoch.as_deref().is_some_and(|known| known != epoch);
        self.epoch = Some(epoch.to_owned());
        self.position = seq;
        if restored {
            return self.start_over(seq);
        }
        Step::Go
    }

    fn start_over(&mut self, seq: i64) -> Step {
        self.unanswered = 0;
        self.position = seq;
        for mark in &mut self.marks {
            mark.heard = seq;
        }
        Step::Reload
    }

    fn beat(&mut self, seq: i64) -> Step {
        self.position = self.position.max(seq);
        for mark in &mut self.marks {
            mark.heard = mark.heard.max(seq);
        }
        Step::Go
    }

    fn event(&mut self, seq: i64) -> Vec<u64> {
        self.position = self.position.max(seq);
        let mut news = Vec::new();
        for mark in self.marks.iter_mut().filter(|mark| mark.heard < seq) {
            mark.heard = seq;
            news.push(mark.key);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: i64, prev: i64) -> Frame {
        Frame::Event { seq, prev, changes: Vec::new(), sale: None, items: Vec::new(), papers: false }
    }

    fn welcome(epoch: &str, seq: i64) -> Frame {
        Frame::Welcome { epoch: epoch.into(), seq }
    }

    /// A tab that listens to London's stock from line 10 on, welcomed.
    fn at_ten() -> (Place, u64) {
        let mut place = Place::default();
        let (key, hello) = place.join(vec!["stock:LON".into()], 10);
        assert!(hello);
        assert_eq!(place.hello().last_seq, 10);
        assert_eq!(place.take(&welcome("a", 10)), (Step::Go, vec![]));
        (place, key)
    }

    #[test]
    fn an_event_is_news_once() {
        let (mut place, key) = at_ten();
        assert_eq!(place.take(&event(11, 10)), (Step::Go, vec![key]));
        assert_eq!(place.take(&event(11, 10)), (Step::Go, vec![]));
    }

    #[test]
    fn what_the_page_already_shows_is_no_news() {
        let (mut place, _) = at_ten();
        assert_eq!(place.take(&event(9, 8)), (Step::Go, vec![]));
    }

    #[test]
    fn a_hole_before_an_event_means_hello_from_the_last_line_heard() {
        let (mut place, key) = at_ten();
        place.take(&event(11, 10));
        assert_eq!(place.take(&event(14, 13)), (Step::SayHello, vec![]));
        assert_eq!(place.hello().last_seq, 11);
        place.take(&welcome("a", 11));
        assert_eq!(place.take(&event(13, 11)), (Step::Go, vec![key]));
        assert_eq!(place.take(&event(14, 13)), (Step::Go, vec![key]));
    }

    #[test]
    fn a_beat_shows_a_lost_tail_and_otherwise_moves_on() {
        let (mut place, _) = at_ten();
        assert_eq!(place.take(&Frame::Beat { seq: 20, prev: 10 }), (Step::Go, vec![]));
        assert_eq!(place.take(&event(21, 20)).0, Step::Go, "prev may be a beat");
        assert_eq!(place.take(&Frame::Beat { seq: 30, prev: 25 }).0, Step::SayHello);
    }

    #[test]
    fn after_a_cut_it_resumes_from_the_last_line_without_doubling() {
        let (mut place, key) = at_ten();
        place.take(&event(11, 10));
        place.hung_up();
        assert_eq!(place.hello(), Hello { epoch: Some("a".into()), last_seq: 11, topics: vec!["stock:LON".into()] });
        place.take(&welcome("a", 11));
        assert_eq!(place.take(&event(11, 11)).1, Vec::<u64>::new(), "told twice, heard once");
        assert_eq!(place.take(&event(12, 11)).1, vec![key]);
    }

    #[test]
    fn someone_who_knows_less_brings_the_stream_back_but_only_for_themselves() {
        let (mut place, first) = at_ten();
        place.take(&event(12, 10));
        let (second, hello) = place.join(vec!["stock:LON".into()], 11);
        assert!(hello);
        assert_eq!(place.hello().last_seq, 11);
        place.take(&welcome("a", 11));
        assert_eq!(place.take(&event(12, 11)).1, vec![second]);
        assert_eq!(place.take(&event(13, 12)).1, vec![first, second]);
    }

    #[test]
    fn a_frame_of_the_subscription_before_does_not_move_a_newcomer() {
        let (mut place, _) = at_ten();
        let (second, hello) = place.join(vec!["sales:LON".into()], 10);
        assert!(hello);
        place.hello();
        place.take(&Frame::Beat { seq: 15, prev: 10 });
        place.take(&welcome("a", 10));
        assert!(place.take(&event(11, 10)).1.contains(&second));
    }

    #[test]
    fn someone_who_knows_as_much_needs_no_hello() {
        let (mut place, _) = at_ten();
        assert!(!place.join(vec!["stock:LON".into()], 10).1);
        assert!(place.join(vec!["stock:PAR".into()], 10).1);
    }

    #[test]
    fn a_restored_database_or_a_resync_makes_everything_known_old() {
        let (mut place, key) = at_ten();
        assert_eq!(place.take(&Frame::Resync { seq: 90 }).0, Step::Reload);
        assert!(!place.rebase(key, 91), "a page that loaded later needs no more than what comes");
        assert_eq!(place.take(&event(91, 90)).1, Vec::<u64>::new());
        assert_eq!(place.take(&event(92, 91)).1, vec![key]);
        place.hung_up();
        place.hello();
        assert_eq!(place.take(&welcome("b", 40)).0, Step::Reload);
        assert!(place.rebase(key, 39), "a page that loaded earlier needs the lines since");
        assert_eq!(place.hello().last_seq, 39);
    }

    #[test]
    fn nobody_listening_asks_for_nothing() {
        let mut place = Place::default();
        assert!(!place.is_wanted());
        let (key, _) = place.join(vec!["stock:LON".into()], 10);
        assert!(place.is_wanted());
        place.leave(key);
        assert!(!place.is_wanted());
    }

    #[test]
    fn bye_is_taken_at_any_time() {
        let (mut place, _) = at_ten();
        place.hello();
        assert_eq!(place.take(&Frame::Bye).0, Step::Leave);
    }
}
