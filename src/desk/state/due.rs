//! What time alone brings about: pages that were shown long enough, students and volunteers who went away, pickup numbers
//! that run out.

use std::time::Duration;

use super::idle::Idle;
use super::{Hand, State};
use crate::desk::lock::{self, Lock};
use crate::visit::{ParkedFor, Place, Status, VisitId};

/// How long the desk waits at the least, untouched, while a student signs in on their phone.
pub(super) const GRANT_PATIENCE: Duration = Duration::from_secs(300);
/// How long "bound" is shown before the next student's Welcome.
const BOUND_FOR: Duration = Duration::from_secs(12);
/// How long a pickup number is shown.
const PICKUP_FOR: Duration = Duration::from_secs(60);
/// How long a ticket with the script of its call is shown.
const TICKET_FOR: Duration = Duration::from_secs(180);
/// Between two looks for pickup numbers that have run out: a store that takes nothing is not asked again and again.
const SWEEP_PAUSE: Duration = Duration::from_secs(60);

/// What time alone brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Nobody is here any more.
    Abandoned,
    /// The page that only informs was shown long enough.
    Shown,
    /// The volunteer went away from the open panel.
    PanelLeft,
    /// Somebody typed something at Welcome and went away.
    Untidy,
    /// A pickup number ran out.
    Expired,
}

impl State {
    /// Where the idle watch stands; it watches only while something of a student is on the screen.
    pub fn idle_at(&self, now: Duration) -> Option<Idle> {
        let watches =
            matches!(self.hand, Hand::Visit(_) | Hand::Offered(_)) && !self.panel.is_open();
        // Whoever is at their phone does not touch the desk.
        let is_at_phone = self.granting().is_some_and(|g| g.code.is_some());
        let idle = match is_at_phone {
            true => self.idle.at_least(GRANT_PATIENCE),
            false => self.idle,
        };
        watches.then(|| idle.at(now))
    }

    /// What time alone has brought about by the monotonic `now`.
    pub fn due(&self, now: Duration) -> Option<Due> {
        if self.panel.is_open() && self.idle.quiet(now) >= lock::OPEN_FOR {
            return Some(Due::PanelLeft);
        }
        if self.idle_at(now) == Some(Idle::Over) {
            return Some(Due::Abandoned);
        }
        let shown_for = now.saturating_sub(self.shown_since);
        let enough = match self.hand {
            Hand::JustParked(id) => shown_for >= self.parked_shown_for(id),
            Hand::Visit(_) if self.place() == Some(Place::Bound) => shown_for >= BOUND_FOR,
            _ => false,
        };
        if enough {
            return Some(Due::Shown);
        }
        if self.untidy_until().is_some_and(|until| until <= now) {
            return Some(Due::Untidy);
        }
        self.expiry_at()
            .is_some_and(|at| at <= now)
            .then_some(Due::Expired)
    }

    /// The monotonic moment of the next thing that time alone brings about or changes on the screen; none at rest.
    pub fn next_due(&self, now: Duration) -> Option<Duration> {
        let idle = match self.idle_at(now) {
            Some(Idle::Awake { until }) => Some(until),
            Some(Idle::Countdown { left }) => Some(next_second(now, left)),
            Some(Idle::Over) => Some(now),
            None => None,
        };
        let shown = match self.hand {
            Hand::JustParked(id) => {
                Some(self.shown_since.saturating_add(self.parked_shown_for(id)))
            }
            Hand::Visit(_) if self.place() == Some(Place::Bound) => {
                Some(self.shown_since.saturating_add(BOUND_FOR))
            }
            _ => None,
        };
        let panel = match self.panel.lock_state() {
            Lock::Open => Some(self.idle.quiet_at(lock::OPEN_FOR)),
            Lock::Wrong { again_at } if again_at > now => Some(again_at),
            _ => None,
        };
        [idle, shown, panel, self.untidy_until(), self.expiry_at()]
            .into_iter()
            .flatten()
            .min()
    }

    fn parked_shown_for(&self, id: VisitId) -> Duration {
        let visit = self.visits.as_ref().and_then(|visits| visits.get(id));
        match visit.map(|visit| &visit.status) {
            Some(Status::Parked {
                why: ParkedFor::Ticket,
                ..
            }) => TICKET_FOR,
            _ => PICKUP_FOR,
        }
    }

    /// When what is half typed on a page of no visit is taken away.
    fn untidy_until(&self) -> Option<Duration> {
        let watches = self.is_untidy
            && matches!(self.hand, Hand::Starting | Hand::Free)
            && !self.panel.is_open();
        watches.then(|| self.idle.patient_until())
    }

    /// The monotonic moment at which the next pickup number runs out.
    fn expiry_at(&self) -> Option<Duration> {
        let (now, next) = (self.now(), self.visits.as_ref()?.next_expiry()?);
        let left = Duration::try_from(next.duration_since(now.wall)).unwrap_or_default();
        Some(now.mono.saturating_add(left).max(self.sweep_from))
    }

    /// Looks for pickup numbers that have run out.
    pub fn sweep(&mut self) {
        let now = self.now();
        self.sweep_from = now.mono.saturating_add(SWEEP_PAUSE);
        if let Some(visits) = &mut self.visits {
            visits.sweep(now);
        }
    }
}

/// When a countdown with `left` to go shows its next whole second.
fn next_second(now: Duration, left: Duration) -> Duration {
    let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
    now.saturating_add(if part.is_zero() {
        Duration::from_secs(1)
    } else {
        part
    })
}
