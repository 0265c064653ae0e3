//! A change that is made anew when somebody else was faster: to what they left.

use crate::failure::Failure;
use model::{Error, Reused, Since};

/// How often a change is made: others who scan as fast as they can are faster many times in a row.
const TRIES: usize = 20;

/// Makes a change to `known` with `write`; when somebody else wrote meanwhile, to what `read` then finds.
pub async fn anew<T, Writing, Reading>(
    mut known: T,
    write: impl Fn(&T) -> Writing,
    read: impl Fn() -> Reading,
) -> Result<T, Failure>
where
    Writing: Future<Output = Result<T, Failure>>,
    Reading: Future<Output = Result<Since<T>, Failure>>,
{
    for _ in 1..TRIES {
        // What the server does for it is a deep nest of futures: boxed, it does not nest in its caller's.
        match Box::pin(write(&known)).await {
            Err(Failure::Said(Error::Conflict(Reused::Version))) => known = Box::pin(read()).await?.data,
            answer => return answer,
        }
    }
    Box::pin(write(&known)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        cell::Cell,
        future::ready,
        pin::pin,
        task::{Context, Poll, Waker},
    };

    const MOST: i64 = TRIES as i64;

    /// What becomes of "one more" when others add one just before the first `faster` times; and what there is then.
    fn one_more(faster: i64) -> (Result<i64, Failure>, i64) {
        let (there, tries) = (Cell::new(3), Cell::new(0_i64));
        let write = |known: &i64| {
            if tries.get() < faster {
                there.set(there.get() + 1);
            }
            tries.set(tries.get() + 1);
            if *known != there.get() {
                return ready(Err(Failure::Said(Error::Conflict(Reused::Version))));
            }
            there.set(known + 1);
            ready(Ok(known + 1))
        };
        let read = || ready(Ok(Since { data: there.get(), as_of: 0, total: 1 }));
        let answer = match pin!(anew(3, write, read)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("nothing is waited for"),
        };
        (answer, there.get())
    }

    #[test]
    fn what_others_add_meanwhile_stays() {
        assert_eq!(one_more(0), (Ok(4), 4));
        assert_eq!(one_more(1), (Ok(5), 5), "theirs and ours");
        assert_eq!(one_more(MOST - 1), (Ok(MOST + 3), MOST + 3));
    }

    #[test]
    fn who_is_never_fast_enough_is_told() {
        let told = Err(Failure::Said(Error::Conflict(Reused::Version)));
        assert_eq!(one_more(MOST), (told, MOST + 3), "nothing of it is there");
    }
}
