//! When the desk is not touched: a countdown that any key ends, then the screen is cleared.

use std::time::Duration;

use crate::screen::IdleCountdown;

/// How long the countdown runs; where the desk is impatient it is no longer than the patience before it.
const COUNTDOWN: Duration = Duration::from_secs(20);

/// Where the desk stands between the last touch and clearing the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// Somebody was here lately; the countdown begins at this monotonic moment.
    Awake { until: Duration },
    /// The countdown runs.
    Countdown(IdleCountdown),
    /// The student did not come back: clear the screen.
    Over,
}

/// Watches for touches.
#[derive(Clone, Copy, Debug)]
pub struct IdleWatch {
    patience: Duration,
    countdown: Duration,
    touched: Duration,
}

impl IdleWatch {
    /// A watch that begins its countdown after so long without a touch.
    pub fn new(patience: Duration) -> Self {
        IdleWatch {
            patience,
            countdown: COUNTDOWN.min(patience),
            touched: Duration::ZERO,
        }
    }

    /// Somebody touched a key or the screen at the monotonic `now`.
    pub fn touch(&mut self, now: Duration) {
        self.touched = now;
    }

    /// How long the desk was not touched.
    pub fn quiet(&self, now: Duration) -> Duration {
        now.saturating_sub(self.touched)
    }

    /// The monotonic moment at which the desk will not have been touched for so long.
    pub fn quiet_at(&self, long: Duration) -> Duration {
        self.touched.saturating_add(long)
    }

    /// The monotonic moment at which the student is taken to have gone, where no countdown is shown.
    pub fn patient_until(&self) -> Duration {
        self.touched.saturating_add(self.patience)
    }

    /// This watch, more patient for a while: somebody is at their phone.
    pub fn at_least(self, patience: Duration) -> Self {
        IdleWatch {
            patience: self.patience.max(patience),
            ..self
        }
    }

    /// More patience is over: the countdown begins, unless somebody touched the desk lately.
    pub fn patience_ends(&mut self, now: Duration) {
        self.touched = self.touched.max(now.saturating_sub(self.patience));
    }

    /// Where the watch stands at the monotonic `now`.
    pub fn at(&self, now: Duration) -> Idle {
        match self.quiet(now).checked_sub(self.patience) {
            None => Idle::Awake {
                until: self.touched.saturating_add(self.patience),
            },
            Some(counting) if counting < self.countdown => Idle::Countdown(IdleCountdown {
                left: self.countdown.saturating_sub(counting),
                of: self.countdown,
            }),
            Some(_) => Idle::Over,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many seconds are left of the usual countdown.
    fn counting(left: u64) -> Idle {
        Idle::Countdown(IdleCountdown {
            left: Duration::from_secs(left),
            of: COUNTDOWN,
        })
    }

    #[test]
    fn an_impatient_desk_counts_from_its_patience() {
        let secs = Duration::from_secs;
        let counted = Idle::Countdown(IdleCountdown {
            left: secs(4),
            of: secs(5),
        });
        assert_eq!(IdleWatch::new(secs(5)).at(secs(6)), counted);
    }

    #[test]
    fn more_patience_ends_with_a_countdown() {
        let secs = Duration::from_secs;
        let mut idle = IdleWatch::new(secs(60));
        idle.touch(secs(10));
        let patient = idle.at_least(secs(300));
        assert_eq!(patient.at(secs(200)), Idle::Awake { until: secs(310) });
        assert_eq!(patient.at(secs(315)), counting(15));
        assert_eq!(idle.at_least(secs(5)).at(secs(75)), idle.at(secs(75)));
        // What was waited for is over after 240 s: no visit ends without a countdown.
        assert_eq!(idle.at(secs(250)), Idle::Over);
        idle.patience_ends(secs(250));
        assert_eq!(idle.at(secs(250)), counting(20));
        // A student who touched the desk lately is not hurried.
        idle.touch(secs(260));
        idle.patience_ends(secs(270));
        assert_eq!(idle.at(secs(270)), Idle::Awake { until: secs(320) });
    }

    #[test]
    fn a_touch_begins_anew() {
        let secs = Duration::from_secs;
        let mut idle = IdleWatch::new(secs(60));
        idle.touch(secs(10));
        assert_eq!(idle.at(secs(69)), Idle::Awake { until: secs(70) });
        assert_eq!(idle.at(secs(75)), counting(15));
        assert_eq!(idle.at(secs(90)), Idle::Over);
        idle.touch(secs(75));
        assert_eq!(idle.at(secs(90)), Idle::Awake { until: secs(135) });
    }
}
