//! Clocks that tests hold: one that stands still until it is set forward, and one that jumps to whatever is waited for.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::watch;
use yingxin::clock::Clock;
use yingxin::visit::Now;

/// Both clocks of a desk or an adapter: the wall clock moves with the monotonic one.
#[derive(Debug)]
pub struct HeldClock {
    began: Timestamp,
    mono: watch::Sender<Duration>,
    jumps: bool,
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
        })
    }

    /// Sets the clock forward, and wakes what slept until then.
    pub fn advance(&self, by: Duration) {
        self.mono.send_modify(|mono| *mono += by);
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
            wall: self.began + mono,
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
