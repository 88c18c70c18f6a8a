//! Clocks that tests hold: one that stands still until it is set forward, and one that jumps to whatever is waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use yingxin::clock::Clock;
use yingxin::visit::Now;

/// Both clocks of a desk or an adapter: the wall clock moves with the monotonic one, until it is set.
#[derive(Debug)]
pub struct HeldClock {
    began: Timestamp,
    mono: watch::Sender<Duration>,
    jumps: bool,
    /// By how many seconds the wall clock was set.
    set_by: AtomicI64,
}

impl HeldClock {
    /// A clock that shows the system's time, and stays there.
    pub fn new() -> Arc<HeldClock> {
        HeldClock::with(Timestamp::now(), false)
    }

    /// A clock that shows this time, and stays there.
    pub fn at(began: Timestamp) -> Arc<HeldClock> {
        HeldClock::with(began, false)
    }

    /// A clock that moves by itself to the time that is waited for. It suits one task that waits: two would race.
    pub fn jumping() -> Arc<HeldClock> {
        HeldClock::with(Timestamp::now(), true)
    }

    fn with(began: Timestamp, jumps: bool) -> Arc<HeldClock> {
        Arc::new(HeldClock {
            began,
            mono: watch::Sender::new(Duration::ZERO),
            jumps,
            set_by: AtomicI64::new(0),
        })
    }

    /// Sets the clock forward, and wakes what slept until then.
    pub fn advance(&self, by: Duration) {
        self.mono.send_modify(|mono| *mono += by);
    }

    /// Somebody sets the wall clock ahead by so many seconds, or back; the monotonic one knows nothing of it.
    pub fn is_set_by(&self, seconds: i64) {
        self.set_by.fetch_add(seconds, Ordering::SeqCst);
    }

    /// How far the clock has moved.
    pub fn moved(&self) -> Duration {
        *self.mono.borrow()
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Now {
        let mono = self.moved();
        Now {
            wall: self.began + mono + SignedDuration::from_secs(self.set_by.load(Ordering::SeqCst)),
            mono,
        }
    }

    fn sleep_until(&self, until: Duration) -> BoxFuture<'_, ()> {
        let mut shown = self.mono.subscribe();
        Box::pin(async move {
            if self.jumps {
                self.mono.send_modify(|mono| *mono = until.max(*mono));
                tokio::task::yield_now().await;
            }
            // The sender lives as long as this clock.
            let _ = shown.wait_for(|now| *now >= until).await;
        })
    }
}
