//! A clock that stands still until a test sets it forward.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::watch;
use yingxin::desk::clock::Clock;
use yingxin::visit::Now;

/// Both of a desk's clocks: the wall clock moves with the monotonic one.
#[derive(Debug)]
pub struct HeldClock {
    began: Timestamp,
    mono: watch::Sender<Duration>,
}

impl HeldClock {
    /// A clock that shows the system's time, and stays there.
    pub fn new() -> Arc<HeldClock> {
        Arc::new(HeldClock {
            began: Timestamp::now(),
            mono: watch::Sender::new(Duration::ZERO),
        })
    }

    /// Sets the clock forward, and wakes what slept until then.
    pub fn advance(&self, by: Duration) {
        self.mono.send_modify(|mono| *mono += by);
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Now {
        let mono = *self.mono.borrow();
        Now {
            wall: self.began + mono,
            mono,
        }
    }

    fn sleep_until(&self, mono: Duration) -> BoxFuture<'_, ()> {
        let mut shown = self.mono.subscribe();
        Box::pin(async move {
            // The sender lives as long as this clock.
            let _ = shown.wait_for(|now| *now >= mono).await;
        })
    }
}
