//! How often a device grant is polled (RFC 8628 3.5). It has no clock and no I/O.

use std::time::Duration;

/// The interval without one from the campus (3.2).
const USUAL: Duration = Duration::from_secs(5);
/// The shortest and the longest interval that the campus may set.
const LEAST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_secs(60);
/// `slow_down` adds this to every later interval.
const SLOWER: Duration = Duration::from_secs(5);

/// The pace of one grant.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    interval: Duration,
    /// Polls in a row without an answer.
    missed: u32,
}

/// The answer of one poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollAnswer {
    /// `authorization_pending`.
    Pending,
    /// `slow_down`.
    SlowDown,
    /// HTTP 429, or 503, with a pause.
    Busy { retry_after: Option<Duration> },
    /// No answer, or one that is not OIDC.
    Nothing,
}

impl Pace {
    /// `interval` in seconds, as the campus gave it.
    pub fn new(interval: Option<u64>) -> Self {
        let interval = interval.map_or(USUAL, Duration::from_secs);
        Pace {
            interval: interval.clamp(LEAST, MOST),
            missed: 0,
        }
    }

    /// The pause before the first poll.
    pub fn first(&self) -> Duration {
        self.interval
    }

    /// The pause after a poll. Without an answer it doubles each time, up to a minute.
    pub fn after(&mut self, heard: PollAnswer) -> Duration {
        match heard {
            PollAnswer::Pending => self.missed = 0,
            PollAnswer::SlowDown => {
                self.missed = 0;
                self.interval = self.interval.saturating_add(SLOWER).min(MOST);
            }
            PollAnswer::Busy { retry_after } => {
                self.missed = 0;
                self.interval = self.interval.saturating_add(SLOWER).min(MOST);
                return self.interval.max(retry_after.unwrap_or_default());
            }
            PollAnswer::Nothing => {
                self.missed = self.missed.saturating_add(1);
                let doubled = self.interval.saturating_mul(1 << self.missed.min(6));
                return doubled.min(MOST.max(self.interval));
            }
        }
        self.interval
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(interval: Option<u64>, heard: &[PollAnswer]) -> Vec<u64> {
        let mut pace = Pace::new(interval);
        let after = heard.iter().map(|heard| pace.after(*heard).as_secs());
        after.collect()
    }

    #[test]
    fn slow_down_is_for_good_and_silence_is_not() {
        use PollAnswer::{Busy, Nothing, Pending, SlowDown};
        assert_eq!(Pace::new(None).first().as_secs(), 5);
        assert_eq!(Pace::new(Some(0)).first().as_secs(), 1);
        assert_eq!(Pace::new(Some(9999)).first().as_secs(), 60);
        assert_eq!(
            pauses(None, &[Pending, SlowDown, Pending, SlowDown, Pending]),
            [5, 10, 10, 15, 15]
        );
        assert_eq!(
            pauses(Some(2), &[Nothing, Nothing, Nothing, Pending, Nothing]),
            [4, 8, 16, 2, 4]
        );
        assert_eq!(
            pauses(Some(5), &[Nothing; 8]),
            [10, 20, 40, 60, 60, 60, 60, 60]
        );
        assert_eq!(pauses(Some(60), &[SlowDown, Nothing]), [60, 60]);
        let busy = Busy {
            retry_after: Some(Duration::from_secs(30)),
        };
        assert_eq!(pauses(None, &[busy, Pending]), [30, 10]);
        assert_eq!(pauses(None, &[Busy { retry_after: None }]), [10]);
    }
}
