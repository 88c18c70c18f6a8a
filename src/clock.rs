//! What time it is, and waiting for a later time. Tests put a clock of their own in the place of the system's, and set it
//! forward instead of sleeping.

use std::fmt;
use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::visit::Now;

/// Two clocks: the wall clock for records, and the monotonic clock, counted from the program's start, for waiting.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Both clocks now.
    fn now(&self) -> Now;

    /// Returns when the monotonic clock shows this time or a later one.
    fn sleep_until(&self, mono: Duration) -> BoxFuture<'_, ()>;
}

impl dyn Clock + '_ {
    /// Returns after this long on the monotonic clock.
    pub async fn sleep(&self, long: Duration) {
        if !long.is_zero() {
            self.sleep_until(self.now().mono.saturating_add(long)).await;
        }
    }

    /// The output of a future, or `None` where it is not there after this long on the monotonic clock.
    pub async fn timeout<T>(&self, long: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.sleep(long) => None,
        }
    }
}

/// The system's clocks.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time begins now.
    pub fn start() -> Self {
        SystemClock {
            started: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        Now {
            wall: Timestamp::now(),
            mono: self.started.elapsed(),
        }
    }

    fn sleep_until(&self, mono: Duration) -> BoxFuture<'_, ()> {
        let moment = self.started.checked_add(mono).unwrap_or(self.started);
        Box::pin(tokio::time::sleep_until(moment.into()))
    }
}
