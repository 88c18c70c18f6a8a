//! What a frame is drawn from.

use std::time::Duration;

use super::due::GRANT_PATIENCE;
use super::idle::Idle;
use super::{Hand, State};
use crate::campus::pack::{Pack, PackFront};
use crate::desk::lock::LockState;
use crate::desk::visits::Visits;
use crate::screen::{
    DeskState, HandoverState, IdleCountdown, LeaveWays, PrinterState, StoreHealth, UiView,
    Volunteer,
};
use crate::visit::{ParkedFor, Pickup, Status, TicketRow, Trouble, route};

/// What a frame is drawn from besides the state, once students are served.
#[derive(Clone, Copy)]
pub struct Served<'a> {
    pub visits: &'a Visits,
    pub pack: &'a Pack,
    pub store: StoreHealth,
    pub has_roster: bool,
}

impl State {
    /// Everything a frame is drawn from; `served` is none until the store is ready.
    pub fn view<'a>(&'a self, front: &'a PackFront, served: Option<Served<'a>>) -> UiView<'a> {
        let now = self.now();
        let visits = served.map(|served| served.visits);
        let visit = self.target().and_then(|id| visits?.get(id));
        let policy = &front.numbers.sms;
        let code = visit.and_then(|visit| visit.code.as_ref());
        let left = |until: jiff::Timestamp| {
            Duration::try_from(until.duration_since(now.wall)).unwrap_or_default()
        };
        let (idle, patience_left) =
            served.map_or((None, None), |served| self.idle_left(served, now.mono));
        UiView {
            lang: self.lang,
            front,
            pack: served.map(|served| served.pack),
            now,
            reach: self.reach(),
            not_private: self.breakers.not_private(),
            untried: self.breakers.untried(),
            desk: served.map_or(DeskState::Starting, |served| self.desk(served)),
            waiting_for: self.target().and_then(|id| visits?.wait(id)),
            granting: visits.and_then(|visits| self.granting(visits)),
            grant_patience: GRANT_PATIENCE,
            resend_in: code.map(|code| code.resend_in(policy, now.wall)),
            other_case_in: visit
                .and_then(|visit| visit.other_case_in(&served?.pack.rules, now.wall)),
            code_ends_in: code
                .filter(|code| code.is_good(policy.tries, now.wall))
                .map(|code| left(code.expires)),
            idle,
            patience_left,
            is_called: served
                .is_some_and(|served| self.is_called(served.visits, &served.pack.rules, now.mono)),
            leave: match self.locked {
                None => LeaveWays::Program,
                Some(_) => LeaveWays::System {
                    was_refused: self.wish_refused,
                },
            },
            volunteer: self.volunteer(visits),
            store: served.map(|served| served.store).unwrap_or_default(),
            doubted_clock: visits
                .and_then(Visits::clock_doubt)
                .map(|_| self.clock.machine_wall()),
            has_roster: served.is_some_and(|served| served.has_roster),
            checkup: self.checkup.as_ref(),
            delivery: self
                .message
                .as_ref()
                .filter(|(_, of, _)| self.target() == Some(*of))
                .map(|(_, _, delivery)| delivery),
            phone: self.phone.as_ref(),
            drill: self.drill.as_ref().map(|run| &run.drill),
            practice: self.practice.is_some(),
            practice_pin: self
                .practice
                .as_ref()
                .and_then(|practice| practice.pin.as_deref()),
            desk_number: self.number,
            numbers_left: visits.map_or(Pickup::SERIALS, Visits::numbers_left),
            pickup_missed: self.pickup_missed,
            pickup_wait: self.pickup_tries.wait(self.now().mono),
            gave_way: visits.and_then(|visits| self.gave_way_number(visits, now.mono)),
            printer: self.printer.map(|now| PrinterState {
                now,
                is_of_this: self.slip_of.is_some(),
            }),
            needs_person: self.outbox.iter().filter(|row| row.needs_person()).count(),
        }
    }

    /// The idle countdown, or how long the desk still waits for who is busy with the phone.
    fn idle_left(
        &self,
        served: Served<'_>,
        now: Duration,
    ) -> (Option<IdleCountdown>, Option<Duration>) {
        let (visits, rules) = (served.visits, &served.pack.rules);
        match self.idle_at(visits, rules, now) {
            Some(Idle::Countdown(counting)) => (Some(counting), None),
            Some(Idle::Awake { until }) if self.phone_patience(visits, rules).is_some() => {
                (None, Some(until.saturating_sub(now)))
            }
            _ => (None, None),
        }
    }

    fn desk<'a>(&self, served: Served<'a>) -> DeskState<'a> {
        let Served { visits, pack, .. } = served;
        match self.hand {
            Hand::Starting => DeskState::Starting,
            Hand::Free => DeskState::Free,
            Hand::Offered(id) => match visits.get(id) {
                Some(visit) => DeskState::Offered {
                    visit,
                    // What stopped the visit before it was parked is not the sign-in's fault.
                    failed: matches!(
                        visit.trouble,
                        Some(Trouble::SignIn(_) | Trouble::DeviceGrant(_) | Trouble::SomebodyElse)
                    ),
                },
                None => DeskState::Free,
            },
            Hand::Visit(id) => match visits.get(id) {
                Some(visit) => DeskState::Visit {
                    visit,
                    place: route::place(visit, &pack.rules, self.reach()),
                },
                None => DeskState::Free,
            },
            Hand::JustParked(id) => match visits.get(id).map(|visit| (visit, &visit.status)) {
                Some((visit, Status::Parked { pickup, why, .. })) => DeskState::JustParked {
                    pickup: *pickup,
                    why: *why,
                    owes: visit.owes_campus(),
                    ticket: TicketRow::of(visit)
                        .filter(|_| *why == ParkedFor::Ticket)
                        .map(Box::new),
                },
                // The store has yet to keep it: a number that is not kept is not shown.
                Some((_, Status::Open)) if served.store.keeps() => DeskState::Starting,
                _ => DeskState::Free,
            },
        }
    }

    /// The number of the visit that gave way to the one in hand, once it is kept and for a while.
    fn gave_way_number(&self, visits: &Visits, now: Duration) -> Option<Pickup> {
        let (visit, until) = self.gave_way?;
        let is_beside = self.hand.visit().is_some_and(|id| id != visit);
        match visits.get(visit)?.status {
            Status::Parked { pickup, .. } if is_beside && now < until => pickup,
            Status::Parked { .. } | Status::Open | Status::Closed { .. } => None,
        }
    }

    /// How far the desk is handed over: a PIN that is being checked or was wrong is the lock's matter.
    fn handover(&self) -> HandoverState {
        match self.taking_over.lock_state() {
            LockState::Checking => HandoverState::Checking,
            LockState::Wrong { again_at } => HandoverState::Wrong { again_at },
            LockState::Locked | LockState::Open => self.handover,
        }
    }

    /// Whether the next volunteer has confirmed it and is not at the panel yet.
    pub fn is_being_handed_over(&self) -> bool {
        matches!(
            self.handover(),
            HandoverState::Checking | HandoverState::Keeping
        )
    }

    fn volunteer(&self, visits: Option<&Visits>) -> Volunteer<'_> {
        match self.panel.lock_state() {
            LockState::Locked if self.panel.may_reopen(self.now().mono) => Volunteer::Left {
                by: self.panel.left_by(),
            },
            LockState::Locked => Volunteer::Locked,
            LockState::Checking => Volunteer::Checking,
            LockState::Wrong { again_at } => Volunteer::Wrong { again_at },
            LockState::Open => Volunteer::Open {
                by: self.panel.by(),
                counts: visits
                    .map(|visits| visits.counts(self.now()))
                    .unwrap_or_default(),
                waiting: &self.waiting,
                tickets: &self.tickets,
                outbox: &self.outbox,
                lookup: &self.lookup,
                day: &self.day,
                handover: self.handover(),
                seen: self.seen,
            },
        }
    }
}
