//! One live socket, from its hello to its end.

use super::aside::Aside;
use super::pump::{News, Pump};
use super::wish::{TOPICS, Wish};
use super::{Listener, Live};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use model::{Action, Actor, Frame, Hello};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

/// How often a quiet socket is told that nothing happened.
const BEAT: Duration = Duration::from_secs(15);
/// How often it is asked whether it is still there, and how long it may stay silent.
const PING: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(60);
/// How often the right to listen is looked at when nothing is sent.
const RIGHTS: Duration = Duration::from_millis(900);
/// The longest that one frame may take to leave.
const SEND: Duration = Duration::from_secs(10);
/// The longest that a socket lives; browsers then come back with fresh cookies.
const AGE: Duration = Duration::from_secs(8 * 60 * 60);
/// The most messages that a browser sends in a second.
const MESSAGES: u32 = 20;

/// Why a socket ends, as its close code and a word.
pub struct End(u16, &'static str);

const RESTART: End = End(1012, "restart");
const OVER: End = End(1008, "the right to listen has ended");
const FLOOD: End = End(1008, "too many messages");
const NO_HELLO: End = End(1008, "that was no hello");
const TOO_SLOW: End = End(4408, "too slow");
const GONE: End = End(1001, "gone");
const OLD: End = End(1001, "come back");

/// What a socket hears, since its last hello.
struct Hearing {
    pump: Pump,
    wish: Wish,
    /// The last line told.
    prev: i64,
    /// Everything up to here was told, or is not for this socket.
    position: i64,
}

/// One socket's state.
struct Talk<'a> {
    live: &'a Live,
    listener: Listener,
    socket: WebSocket,
    hearing: Option<Hearing>,
    aside: Option<Aside>,
    /// By which the board tells it from the others.
    number: u64,
    heard_at: Instant,
    second: (Instant, u32),
}

/// Talks until one side ends it, then says why.
pub async fn talk(live: Live, listener: Listener, socket: WebSocket) {
    let now = Instant::now();
    let mut talk = Talk {
        live: &live,
        listener,
        socket,
        hearing: None,
        aside: None,
        number: live.board.number(),
        heard_at: now,
        second: (now, 0),
    };
    let End(code, reason) = match talk.go_on().await {
        Ok(never) => match never {},
        Err(end) => end,
    };
    let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
    let _ = timeout(Duration::from_secs(1), talk.socket.send(close)).await;
}

impl Talk<'_> {
    async fn go_on(&mut self) -> Result<std::convert::Infallible, End> {
        let oldest = Instant::now() + AGE;
        let (mut beat, mut ping, mut rights) = (ticks(BEAT), ticks(PING), ticks(RIGHTS));
        let stop = self.live.stop.clone();
        loop {
            tokio::select! {
                () = stop.cancelled() => return Err(RESTART),
                () = sleep_until(oldest) => return Err(OLD),
                message = self.socket.recv() => self.hear(message).await?,
                batch = news(&mut self.hearing) => self.tell(batch).await?,
                frame = beside(&mut self.aside) => self.tell_beside(frame).await?,
                _ = beat.tick() => self.beat().await?,
                _ = ping.tick() => self.ping().await?,
                _ = rights.tick() => self.look_at_rights().await?,
            }
        }
    }

    /// Takes in what the browser says: a hello, or the noise of the protocol.
    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = message.ok_or(GONE)?.map_err(|_| GONE)?;
        self.heard_at = Instant::now();
        if self.second.0.elapsed() > Duration::from_secs(1) {
            self.second = (self.heard_at, 0);
        }
        self.second.1 += 1;
        if self.second.1 > MESSAGES {
            return Err(FLOOD);
        }
        match message {
            Message::Text(text) => {
                let hello = serde_json::from_str::<Hello>(&text).map_err(|_| NO_HELLO)?;
                self.greet(hello).await
            }
            Message::Binary(_) => Err(NO_HELLO),
            Message::Close(_) => Err(GONE),
            Message::Ping(_) | Message::Pong(_) => Ok(()),
        }
    }

    /// Answers a hello, and starts to listen from there. Someone who knows another epoch is told ours: all that they
    /// know is old, and they load it again.
    async fn greet(&mut self, hello: Hello) -> Result<(), End> {
        if hello.topics.len() > TOPICS {
            return Err(NO_HELLO);
        }
        let actor = self.actor().await?;
        let stores = self.live.inventory.stores(&actor).await.map_err(|_| RESTART)?;
        let wish = Wish::new(&hello.topics, &stores);
        let epoch = self.live.epoch.to_string();
        let head = *self.live.heads.borrow();
        let same = hello.epoch.as_ref().is_none_or(|known| *known == epoch);
        let seq = if same { hello.last_seq.max(0) } else { head };
        let pump = Pump::start(&self.live.bus, self.live.shelf.clone(), seq);
        self.hearing = Some(Hearing { pump, wish, prev: seq, position: seq });
        // The seats that are kept are taken anew before the old ones are given back: nobody is seen to leave.
        self.aside = Some(Aside::start(self.live, self.number, &actor, &hello.topics));
        self.say(&Frame::Welcome { epoch, seq }).await
    }

    /// Tells what happened to whom it concerns; rights are those of this moment, not those of the hello.
    async fn tell(&mut self, batch: Vec<News>) -> Result<(), End> {
        if batch.is_empty() {
            return Err(GONE);
        }
        let journal = self.hearing.as_ref().is_some_and(|hearing| hearing.wish.journal);
        let silent = !journal && batch.iter().all(|news| matches!(news, News::Passed(_)));
        let actor = if silent { None } else { Some(self.actor().await?) };
        let Some(hearing) = &mut self.hearing else { return Ok(()) };
        let (mut told, mut resync) = (Vec::with_capacity(batch.len()), None);
        for news in batch {
            match news {
                News::Told(line) => {
                    hearing.position = line.seq;
                    told.push(line);
                }
                News::Passed(seq) | News::Rights(seq) => hearing.position = hearing.position.max(seq),
                News::Resync(head) => resync = Some(head),
            }
        }
        let wish = actor.map(|actor| hearing.wish.narrowed(&actor)).unwrap_or_default();
        for frame in wish.frames(&told, &mut hearing.prev) {
            self.send(Message::Text(frame.into())).await?;
        }
        if wish.journal && resync.is_none() {
            self.nudge().await?;
        }
        match resync {
            Some(seq) => {
                self.hearing = None;
                self.say(&Frame::Resync { seq }).await
            }
            None => Ok(()),
        }
    }

    /// Tells what happened beside the journal, unless the right to hear of it has gone since.
    async fn tell_beside(&mut self, frame: Frame) -> Result<(), End> {
        self.look_at_rights().await?;
        if self.aside.is_some() { self.say(&frame).await } else { Ok(()) }
    }

    /// Gives up what needs a right that is gone; the seats go with it, so that the others no longer see them there.
    async fn look_at_rights(&mut self) -> Result<(), End> {
        let actor = self.actor().await?;
        self.aside.take_if(|aside| !aside.is_for(&actor));
        Ok(())
    }

    /// Tells who reads the journal that it has grown, when nothing else told them so.
    async fn nudge(&mut self) -> Result<(), End> {
        let Some(hearing) = &mut self.hearing else { return Ok(()) };
        let (seq, prev) = (hearing.position, hearing.prev);
        if seq <= prev {
            return Ok(());
        }
        hearing.prev = seq;
        self.say(&Frame::Event { seq, prev, changes: Vec::new(), sale: None, items: Vec::new(), papers: false }).await
    }

    async fn beat(&mut self) -> Result<(), End> {
        let Some(hearing) = &mut self.hearing else { return Ok(()) };
        let (seq, prev) = (hearing.position, hearing.prev);
        hearing.prev = seq.max(prev);
        self.say(&Frame::Beat { seq, prev }).await
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.heard_at.elapsed() > SILENCE {
            return Err(GONE);
        }
        self.send(Message::Ping(Vec::new().into())).await
    }

    /// Who listens, with the rights of this moment. Says goodbye when there are none left.
    async fn actor(&mut self) -> Result<Actor, End> {
        let actor = self.live.auth.still_valid(self.listener.credential, &self.listener.via).await;
        let deaf = |actor: &Actor| actor.scope(Action::SeeStock).is_empty();
        match actor {
            Ok(Some(actor)) if !deaf(&actor) => Ok(actor),
            Ok(_) => {
                self.say(&Frame::Bye).await?;
                Err(OVER)
            }
            // The database is away for a moment: nothing is told meanwhile, and the browser comes back.
            Err(_) => Err(RESTART),
        }
    }

    async fn say(&mut self, frame: &Frame) -> Result<(), End> {
        let text = serde_json::to_string(frame).map_err(|_| GONE)?;
        self.send(Message::Text(text.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(SEND, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(|_| GONE),
            Err(_) => Err(TOO_SLOW),
        }
    }
}

async fn news(hearing: &mut Option<Hearing>) -> Vec<News> {
    match hearing {
        Some(hearing) => hearing.pump.batch().await,
        None => std::future::pending().await,
    }
}

async fn beside(aside: &mut Option<Aside>) -> Frame {
    match aside {
        Some(aside) => aside.next().await,
        None => std::future::pending().await,
    }
}

/// Ticks whose first one is a whole period away.
fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    ticks
}
