//! The volunteer's lock: a PIN, and a pause that grows with each wrong one.

use std::time::Duration;

use super::PinVerdict;
use crate::visit::{VisitId, VolunteerName};

/// An unlocked panel that is not touched is locked again after this long.
pub const OPEN_FOR: Duration = Duration::from_secs(120);
/// The PIN stays good for this long after the panel was left.
pub const GOOD_FOR: Duration = Duration::from_secs(120);
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
#[derive(Clone, Debug)]
pub struct PanelLock {
    lock: LockState,
    /// Whose PIN opened it; `None` for the PIN for all.
    by: Option<VolunteerName>,
    wrong: u32,
    again_at: Duration,
    /// A PIN is being checked, whether or not somebody still waits for it.
    is_checking: bool,
    /// What is being checked came within the pause: only what lifts the pause counts, and the pause is not made longer.
    is_lifting: bool,
    /// The panel was left and not locked.
    left: Option<LeftOpen>,
}

/// The panel was left by the volunteer who had given the PIN.
#[derive(Clone, Debug)]
struct LeftOpen {
    /// Whose PIN it was.
    by: Option<VolunteerName>,
    /// Until when the PIN is good: monotonic.
    until: Duration,
    /// The visit in hand then.
    visit: Option<VisitId>,
}

impl Default for PanelLock {
    fn default() -> Self {
        PanelLock {
            lock: LockState::Locked,
            by: None,
            wrong: 0,
            again_at: Duration::ZERO,
            is_checking: false,
            is_lifting: false,
            left: None,
        }
    }
}

impl PanelLock {
    /// A lock that so many wrong PINs were tried at before the program was started: the pause begins again.
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

    /// The volunteer at the open panel, where the PIN was their own.
    pub fn by(&self) -> Option<&VolunteerName> {
        self.by.as_ref().filter(|_| self.is_open())
    }

    /// The volunteer who left the panel a moment ago, where the PIN was their own.
    pub fn left_by(&self) -> Option<&VolunteerName> {
        self.left.as_ref().and_then(|left| left.by.as_ref())
    }

    /// Another volunteer goes on at the open panel.
    pub fn taken_over(&mut self, by: Option<VolunteerName>) {
        if self.is_open() {
            self.by = by;
        }
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

    /// Whether what lifts a pause may be checked at the monotonic `now`; it is then being checked. Outside a pause there is
    /// nothing to lift.
    pub fn begin_lift(&mut self, now: Duration) -> bool {
        let may = !self.is_checking && now < self.again_at;
        if may {
            self.lock = LockState::Checking;
            (self.is_checking, self.is_lifting) = (true, true);
        }
        may
    }

    /// Takes over how often another lock was tried: all locks of a desk count together.
    pub fn count_as(&mut self, other: &PanelLock) {
        (self.wrong, self.again_at) = (other.wrong, other.again_at);
    }

    /// The verdict on the PIN. Each wrong one beyond the second doubles the pause. Where the pad was closed meanwhile
    /// it is opened for no one, and a wrong one still counts.
    pub fn checked(&mut self, verdict: PinVerdict, now: Duration) {
        self.is_checking = false;
        let was_lifting = std::mem::take(&mut self.is_lifting);
        let is_waited_for = self.lock == LockState::Checking;
        match verdict {
            PinVerdict::Right(by) => {
                *self = PanelLock::default();
                if is_waited_for {
                    (self.lock, self.by) = (LockState::Open, by);
                }
                return;
            }
            PinVerdict::Lifted => {
                // The pause is over, and nothing is open: that takes a PIN.
                *self = PanelLock::default();
                return;
            }
            PinVerdict::Wrong if was_lifting => {}
            PinVerdict::Wrong => {
                self.wrong = self.wrong.saturating_add(1);
                self.again_at = now.saturating_add(pause_after(self.wrong));
            }
        }
        if is_waited_for {
            self.lock = LockState::Wrong {
                again_at: self.again_at,
            };
        }
    }

    /// Closes the panel. The pause after wrong tries goes on.
    pub fn close(&mut self) {
        self.lock = LockState::Locked;
        self.by = None;
        self.left = None;
    }

    /// The volunteer leaves the open panel at the monotonic `now`, with `visit` in hand: the PIN stays good for
    /// two minutes, until another visit is shown.
    pub fn leave(&mut self, visit: Option<VisitId>, now: Duration) {
        if self.lock == LockState::Locked {
            return;
        }
        let left = self.is_open().then(|| LeftOpen {
            by: self.by.clone(),
            until: now.saturating_add(GOOD_FOR),
            visit,
        });
        self.close();
        self.left = left;
    }

    /// A visit is shown: a PIN that was given while it was not in hand opens nothing over it.
    pub fn visit_shown(&mut self, visit: VisitId) {
        self.left.take_if(|left| left.visit != Some(visit));
    }

    /// Whether the panel can be opened without the PIN at the monotonic `now`.
    pub fn may_reopen(&self, now: Duration) -> bool {
        self.lock == LockState::Locked && self.left.as_ref().is_some_and(|left| now < left.until)
    }

    /// Opens the panel again without the PIN, where that is still good. Returns whether it was.
    pub fn reopen(&mut self, now: Duration) -> bool {
        let may = self.may_reopen(now);
        let left = self.left.take();
        if may {
            self.lock = LockState::Open;
            self.by = left.and_then(|left| left.by);
        }
        may
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
        panel.checked(PinVerdict::Wrong, secs(9));
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
            panel.checked(PinVerdict::Wrong, secs(now));
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
        panel.checked(PinVerdict::Right(None), secs(16));
        assert!(panel.is_open());
    }

    #[test]
    fn a_pin_stays_good_for_two_minutes_and_for_the_visit_in_hand() {
        let secs = Duration::from_secs;
        let left = |visit: Option<VisitId>| {
            let mut panel = PanelLock::default();
            assert!(panel.begin_check(secs(10)));
            panel.checked(PinVerdict::Right(None), secs(10));
            panel.leave(visit, secs(10));
            assert!(!panel.is_open());
            panel
        };
        let (one, other) = (VisitId(1), VisitId(2));
        assert!(left(None).reopen(secs(129)));
        assert!(!left(None).reopen(secs(130)), "two minutes are over");
        let mut panel = left(Some(one));
        panel.visit_shown(one);
        assert!(panel.may_reopen(secs(20)), "the same visit goes on");
        panel.visit_shown(other);
        assert!(!panel.may_reopen(secs(20)), "another student stands there");
        let mut panel = left(None);
        panel.visit_shown(one);
        assert!(!panel.reopen(secs(11)), "a visit was begun");
        // What was locked was not left: by time alone, or by a wrong PIN.
        let mut panel = left(None);
        panel.close();
        assert!(!panel.reopen(secs(11)));
        let mut panel = left(None);
        assert!(panel.begin_check(secs(11)));
        panel.checked(PinVerdict::Wrong, secs(11));
        assert!(!panel.reopen(secs(12)));
        let mut locked = PanelLock::default();
        locked.leave(None, secs(10));
        assert!(!locked.reopen(secs(10)), "it was never open");
    }

    #[test]
    fn a_panel_knows_whose_pin_opened_it_and_who_left_it() {
        let secs = Duration::from_secs;
        let wang = VolunteerName::parse("王老师").unwrap();
        let mut panel = PanelLock::default();
        assert!(panel.begin_check(secs(1)));
        panel.checked(PinVerdict::Right(Some(wang.clone())), secs(1));
        assert_eq!(panel.by(), Some(&wang));
        panel.leave(None, secs(2));
        assert_eq!((panel.by(), panel.left_by()), (None, Some(&wang)));
        assert!(panel.reopen(secs(3)));
        assert_eq!((panel.by(), panel.left_by()), (Some(&wang), None));
        panel.taken_over(None);
        assert!(panel.is_open() && panel.by().is_none());
        // The next PIN is another's: nothing of the first is left.
        panel.close();
        assert!(panel.begin_check(secs(4)));
        panel.checked(PinVerdict::Right(None), secs(4));
        assert_eq!(panel.by(), None);
        panel.close();
        panel.taken_over(Some(wang));
        panel.leave(None, secs(5));
        assert!(panel.left_by().is_none(), "a locked panel is nobody's");
    }

    #[test]
    fn a_second_secret_ends_the_pause_and_a_wrong_one_does_not_make_it_longer() {
        let secs = Duration::from_secs;
        let mut panel = PanelLock::after(12, secs(0));
        assert_eq!(panel.pause(secs(0)), secs(300), "at the most five minutes");
        for now in 1..50 {
            assert!(!panel.begin_check(secs(now)));
            assert!(panel.begin_lift(secs(now)));
            assert!(!panel.begin_lift(secs(now)), "one at a time");
            panel.checked(PinVerdict::Wrong, secs(now));
            assert_eq!((panel.wrong(), panel.pause(secs(0))), (12, secs(300)));
        }
        assert!(panel.begin_lift(secs(50)));
        panel.checked(PinVerdict::Lifted, secs(50));
        assert!(!panel.is_open(), "it is no PIN");
        assert!(!panel.begin_lift(secs(50)), "there is no pause");
        assert!(panel.begin_check(secs(50)));
        panel.checked(PinVerdict::Wrong, secs(50));
        assert_eq!(panel.wrong(), 1);
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
        panel.checked(PinVerdict::Right(None), Duration::ZERO);
        assert_eq!(panel.lock_state(), LockState::Locked);
        assert!(panel.begin_check(Duration::ZERO));
    }
}
