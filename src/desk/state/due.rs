//! What time alone brings about: pages that were shown long enough, students and volunteers who went away, pickup numbers
//! that run out.

use std::time::Duration;

use super::call::CALLED_FOR;
use super::idle::Idle;
use super::{Hand, State};
use crate::desk::lock::{self, LockState};
use crate::desk::visits::Visits;
use crate::visit::{ParkedFor, Place, Rules, Status, VisitId, route};

/// How long the desk waits at the least, untouched, while a student signs in on their phone.
pub(super) const GRANT_PATIENCE: Duration = Duration::from_secs(300);
/// How long "bound" is shown before the next student's Welcome.
const BOUND_FOR: Duration = Duration::from_secs(12);
/// How long "noted by your word" is shown without input: it says what to look for on the phone.
const NOTED_FOR: Duration = Duration::from_secs(60);
/// How long a pickup number is shown.
pub(super) const PICKUP_FOR: Duration = Duration::from_secs(60);
/// How long a ticket with the script of its call is shown.
const TICKET_FOR: Duration = Duration::from_secs(180);
/// The pause between two searches for expired pickup numbers: a store that takes nothing is not asked again and again.
const SWEEP_PAUSE: Duration = Duration::from_secs(60);

/// What time alone brings about where no visit is needed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The volunteer went away from the open panel.
    PanelLeft,
    /// The call for a volunteer has lasted long enough.
    CallOver,
    /// Somebody typed something at Welcome and went away.
    Untidy,
}

/// What time alone brings about for a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitDue {
    /// The student went away, or is busy elsewhere: perhaps they come back.
    Abandoned,
    /// The page that only informs was shown long enough.
    Shown,
    /// A pickup number ran out.
    Expired,
}

impl State {
    /// Where the idle watch stands; it watches only while something of a student is on the screen.
    pub fn idle_at(&self, visits: &Visits, rules: &Rules, now: Duration) -> Option<Idle> {
        let watches =
            matches!(self.hand, Hand::Visit(_) | Hand::Offered(_)) && !self.panel.is_open();
        // A student who signs in on their phone does not touch the desk.
        let is_at_phone = self.granting(visits).is_some_and(|g| g.code.is_some());
        let grant = is_at_phone.then_some(GRANT_PATIENCE);
        // Nor does one who waits for a volunteer.
        let called = self.is_called(visits, rules, now).then_some(CALLED_FOR);
        let patience = self.phone_patience(visits, rules).max(grant).max(called);
        let idle = match patience {
            Some(patience) => self.idle.at_least(patience),
            None => self.idle,
        };
        watches.then(|| idle.at(now))
    }

    /// How long the desk waits, untouched, for what the student does on the phone; none where it waits for the student
    /// here.
    pub fn phone_patience(&self, visits: &Visits, rules: &Rules) -> Option<Duration> {
        let place = self.place(visits, rules)?;
        let task = route::phone_task(&place)?;
        Some(rules.patience.of(task))
    }

    /// What time alone has brought about by the monotonic `now`, in either life of the desk.
    pub fn due(&self, now: Duration) -> Option<Due> {
        if self.panel.is_open() && self.idle.quiet(now) >= lock::OPEN_FOR {
            return Some(Due::PanelLeft);
        }
        if self.call_until().is_some_and(|until| until <= now) {
            return Some(Due::CallOver);
        }
        self.untidy_until()
            .is_some_and(|until| until <= now)
            .then_some(Due::Untidy)
    }

    /// What time alone has brought about for a visit by the monotonic `now`.
    pub fn visit_due(&self, visits: &Visits, rules: &Rules, now: Duration) -> Option<VisitDue> {
        if self.idle_at(visits, rules, now) == Some(Idle::Over) {
            return Some(VisitDue::Abandoned);
        }
        if self
            .shown_until(visits, rules)
            .is_some_and(|until| until <= now)
        {
            return Some(VisitDue::Shown);
        }
        self.expiry_at(visits)
            .is_some_and(|at| at <= now)
            .then_some(VisitDue::Expired)
    }

    /// The monotonic moment of the next thing that time alone brings about or changes on the screen, in either life of the
    /// desk; none at rest.
    pub fn next_due(&self, now: Duration) -> Option<Duration> {
        let panel = match self.panel.lock_state() {
            LockState::Open => Some(self.idle.quiet_at(lock::OPEN_FOR)),
            LockState::Wrong { again_at } if again_at > now => Some(again_at),
            _ => None,
        };
        let told = self.gave_way.map(|(_, until)| until);
        let told = told.filter(|until| *until > now);
        [panel, self.call_until(), self.untidy_until(), told]
            .into_iter()
            .flatten()
            .min()
    }

    /// The same for visits.
    pub fn next_visit_due(
        &self,
        visits: &Visits,
        rules: &Rules,
        now: Duration,
    ) -> Option<Duration> {
        let idle = match self.idle_at(visits, rules, now) {
            Some(Idle::Awake { until }) => Some(until),
            Some(Idle::Countdown(counting)) => Some(next_second(now, counting.left)),
            Some(Idle::Over) => Some(now),
            None => None,
        };
        [
            idle,
            self.shown_until(visits, rules),
            self.expiry_at(visits),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Until when a page that only informs is shown; beneath a call at least as long as that.
    fn shown_until(&self, visits: &Visits, rules: &Rules) -> Option<Duration> {
        let page = self.page_until(visits, rules)?;
        Some(self.call_until().unwrap_or_default().max(page))
    }

    fn page_until(&self, visits: &Visits, rules: &Rules) -> Option<Duration> {
        let long = match self.hand {
            Hand::JustParked(id) => parked_shown_for(visits, id),
            Hand::Visit(_) => match self.place(visits, rules)? {
                Place::Bound => BOUND_FOR,
                // The page asks the student to call a volunteer if the phone does not show it: each key restarts its time.
                Place::NotedByWord if !self.panel.is_open() => {
                    return Some(self.idle.quiet_at(NOTED_FOR));
                }
                Place::NotedByWord
                | Place::Step { .. }
                | Place::Ask(_)
                | Place::AlreadyBound
                | Place::Parked
                | Place::Closed
                | Place::Stuck => return None,
            },
            Hand::Starting | Hand::Free | Hand::Offered(_) => return None,
        };
        Some(self.shown_since.saturating_add(long))
    }

    /// When what is half typed on a page of no visit is taken away.
    fn untidy_until(&self) -> Option<Duration> {
        let watches = self.is_untidy
            && matches!(self.hand, Hand::Starting | Hand::Free)
            && !self.panel.is_open();
        let called = self.call_until().unwrap_or_default();
        watches.then(|| self.idle.patient_until().max(called))
    }

    /// The monotonic moment at which the next pickup number runs out.
    fn expiry_at(&self, visits: &Visits) -> Option<Duration> {
        let (now, next) = (self.now(), visits.next_expiry()?);
        let left = Duration::try_from(next.duration_since(now.wall)).unwrap_or_default();
        Some(now.mono.saturating_add(left).max(self.sweep_from))
    }

    /// Looks for pickup numbers that have run out.
    pub fn sweep(&mut self, visits: &mut Visits) {
        let now = self.now();
        self.sweep_from = now.mono.saturating_add(SWEEP_PAUSE);
        visits.sweep(now);
    }
}

fn parked_shown_for(visits: &Visits, id: VisitId) -> Duration {
    match visits.get(id).map(|visit| &visit.status) {
        Some(Status::Parked {
            why: ParkedFor::Ticket,
            ..
        }) => TICKET_FOR,
        _ => PICKUP_FOR,
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
