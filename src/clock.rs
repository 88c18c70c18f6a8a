//! What time it is, and waiting for a later time. Tests put a clock of their own in the place of the system's, and set it
//! forward instead of sleeping.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
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

/// The clocks of a running desk. A wall clock that jumps, because it is set or the machine slept, is not followed: until
/// [`SteadyClock::believe`] the wall clock goes on from where it was by the monotonic one, so that nothing lapses by the
/// jump.
#[derive(Debug)]
pub struct SteadyClock {
    machine: Arc<dyn Clock>,
    /// When the machine's wall clock was believed last.
    believed: Mutex<Now>,
}

impl SteadyClock {
    /// The machine's wall clock is believed as it is now.
    pub fn new(machine: Arc<dyn Clock>) -> Self {
        let believed = Mutex::new(machine.now());
        SteadyClock { machine, believed }
    }

    /// What the machine's wall clock shows, whether or not it jumped.
    pub fn machine_wall(&self) -> Timestamp {
        self.machine.now().wall
    }

    /// Whether the machine's wall clock jumped since it was believed.
    pub fn has_jumped(&self) -> bool {
        self.machine.now().has_jumped_since(self.believed())
    }

    /// The machine's wall clock is right, whatever it shows.
    pub fn believe(&self) {
        let now = self.machine.now();
        *self.believed.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn believed(&self) -> Now {
        *self.believed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Now {
        let (now, believed) = (self.machine.now(), self.believed());
        if now.has_jumped_since(believed) {
            Now {
                wall: now.wall_since(believed),
                ..now
            }
        } else {
            now
        }
    }

    fn sleep_until(&self, mono: Duration) -> BoxFuture<'_, ()> {
        self.machine.sleep_until(mono)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows what it was set to.
    #[derive(Debug)]
    struct Set(Mutex<Now>);

    impl Set {
        fn to(&self, wall: i64, mono: u64) {
            *self.0.lock().unwrap() = now(wall, mono);
        }
    }

    impl Clock for Set {
        fn now(&self) -> Now {
            *self.0.lock().unwrap()
        }

        fn sleep_until(&self, _: Duration) -> BoxFuture<'_, ()> {
            Box::pin(std::future::pending())
        }
    }

    fn now(wall: i64, mono: u64) -> Now {
        Now {
            wall: Timestamp::from_second(wall).unwrap(),
            mono: Duration::from_secs(mono),
        }
    }

    #[test]
    fn a_wall_clock_that_jumps_is_followed_only_when_it_is_believed() {
        let machine = Arc::new(Set(Mutex::new(now(1_000_000, 5))));
        let clock = SteadyClock::new(machine.clone());
        let shows = |wall, mono, shown, jumped| {
            machine.to(wall, mono);
            assert_eq!(clock.now(), now(shown, mono), "{wall} {mono}");
            assert_eq!(clock.has_jumped(), jumped, "{wall} {mono}");
            assert_eq!(clock.machine_wall(), now(wall, 0).wall);
        };
        // It is set by some minutes, as is usual.
        shows(1_000_600, 5, 1_000_600, false);
        shows(999_500, 105, 999_500, false);
        // A little more is a jump, ahead and back.
        shows(1_000_706, 105, 1_000_100, true);
        shows(999_499, 105, 1_000_100, true);
        // Years ahead, hours back, and right again.
        shows(900_000_000, 205, 1_000_200, true);
        shows(0, 305, 1_000_300, true);
        shows(1_000_400, 405, 1_000_400, false);
        // Somebody says that it is right.
        machine.to(900_000_000, 505);
        clock.believe();
        shows(900_000_000, 505, 900_000_000, false);
        shows(900_000_100, 605, 900_000_100, false);
        shows(1_000_700, 705, 900_000_200, true);
    }
}
