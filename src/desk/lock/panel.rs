//! The volunteer's lock: a PIN, and a pause that grows with each wrong one.

use std::time::Duration;

/// An unlocked panel that is not touched is locked again after this long.
pub const OPEN_FOR: Duration = Duration::from_secs(120);
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Wrong tries before the pauses begin.
const FREE_TRIES: u32 = 2;

/// Whether the panel is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockState {
    /// No PIN was typed yet.
    Locked,
    /// A PIN is being checked.
    Checking,
    /// The last PIN was wrong; another is taken at this monotonic moment.
    Wrong {
        /// When another try is taken: monotonic.
        again_at: Duration,
    },
    /// The PIN was right.
    Open,
}

/// The lock and how often it was tried.
#[derive(Clone, Copy, Debug)]
pub struct PanelLock {
    lock: LockState,
    wrong: u32,
    again_at: Duration,
    /// A PIN is being checked, whether or not somebody still waits for it.
    is_checking: bool,
}

impl Default for PanelLock {
    fn default() -> Self {
        PanelLock {
            lock: LockState::Locked,
            wrong: 0,
            again_at: Duration::ZERO,
            is_checking: false,
        }
    }
}

impl PanelLock {
    /// A lock that so many wrong PINs were tried at before the program was started: the pause begins anew.
    pub fn after(wrong: u32, now: Duration) -> Self {
        PanelLock {
            wrong,
            again_at: now.saturating_add(pause_after(wrong)),
            ..PanelLock::default()
        }
    }

    /// How many wrong PINs there were in a row.
    pub fn wrong(&self) -> u32 {
        self.wrong
    }

    /// Whether the panel is open, and if not, why.
    pub fn lock_state(&self) -> LockState {
        self.lock
    }

    /// Whether the panel is open.
    pub fn is_open(&self) -> bool {
        self.lock == LockState::Open
    }

    /// How long until another PIN is taken.
    pub fn pause(&self, now: Duration) -> Duration {
        self.again_at.saturating_sub(now)
    }

    /// Whether a PIN may be checked at the monotonic `now`; it is then being checked. Where the pause is not over,
    /// the lock says so to the volunteer, though the pad was closed or the program started again meanwhile.
    pub fn begin_check(&mut self, now: Duration) -> bool {
        let may = !self.is_checking && now >= self.again_at;
        if may {
            self.lock = LockState::Checking;
            self.is_checking = true;
        } else if !self.is_checking {
            self.lock = LockState::Wrong {
                again_at: self.again_at,
            };
        }
        may
    }

    /// The verdict on the PIN. Each wrong one beyond the second doubles the pause. Where the pad was closed meanwhile
    /// it is opened for no one, and a wrong one counts all the same.
    pub fn checked(&mut self, right: bool, now: Duration) {
        self.is_checking = false;
        let is_waited_for = self.lock == LockState::Checking;
        if right {
            let lock = if is_waited_for {
                LockState::Open
            } else {
                LockState::Locked
            };
            *self = PanelLock {
                lock,
                ..PanelLock::default()
            };
            return;
        }
        self.wrong = self.wrong.saturating_add(1);
        self.again_at = now.saturating_add(pause_after(self.wrong));
        if is_waited_for {
            self.lock = LockState::Wrong {
                again_at: self.again_at,
            };
        }
    }

    /// Closes the panel. The pause after wrong tries goes on.
    pub fn close(&mut self) {
        self.lock = LockState::Locked;
    }
}

/// Each wrong one beyond the second doubles it.
pub(super) fn pause_after(wrong: u32) -> Duration {
    match wrong.saturating_sub(FREE_TRIES) {
        0 => Duration::ZERO,
        n => Duration::from_secs(1)
            .saturating_mul(1 << n.min(16))
            .min(LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starting_again_does_not_end_the_pause() {
        let secs = Duration::from_secs;
        let mut panel = PanelLock::after(5, secs(1));
        assert!(!panel.begin_check(secs(8)));
        let again_at = secs(9);
        assert_eq!(
            panel.lock_state(),
            LockState::Wrong { again_at },
            "and it is told"
        );
        assert!(panel.begin_check(secs(9)));
        panel.checked(false, secs(9));
        assert_eq!(panel.pause(secs(9)), secs(16));
        assert!(PanelLock::after(0, secs(1)).begin_check(secs(1)));
    }

    #[test]
    fn pauses_grow_and_closing_the_panel_does_not_end_them() {
        let secs = Duration::from_secs;
        let mut panel = PanelLock::default();
        for (now, again_at) in [(0, 0), (1, 1), (2, 4), (4, 8), (8, 16)] {
            assert!(panel.begin_check(secs(now)));
            assert!(!panel.begin_check(secs(now)), "one check at a time");
            panel.checked(false, secs(now));
            assert_eq!(
                panel.lock_state(),
                LockState::Wrong {
                    again_at: secs(again_at)
                }
            );
        }
        panel.close();
        assert!(!panel.begin_check(secs(15)));
        assert!(panel.begin_check(secs(16)));
        panel.checked(true, secs(16));
        assert!(panel.is_open());
    }

    #[test]
    fn a_verdict_that_nobody_waits_for_opens_nothing() {
        let mut panel = PanelLock::default();
        assert!(panel.begin_check(Duration::ZERO));
        panel.close();
        assert!(
            !panel.begin_check(Duration::ZERO),
            "the first is still being checked"
        );
        panel.checked(true, Duration::ZERO);
        assert_eq!(panel.lock_state(), LockState::Locked);
        assert!(panel.begin_check(Duration::ZERO));
    }
}
