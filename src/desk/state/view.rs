//! What a frame is drawn from.

use std::time::Duration;

use super::due::GRANT_PATIENCE;
use super::idle::Idle;
use super::{Hand, State};
use crate::desk::lock::Lock;
use crate::screen::{DeskState, UiView, Volunteer};
use crate::visit::{ParkedFor, Status, TicketRow, Trouble, route};

impl State {
    /// Everything a frame is drawn from.
    pub fn view(&self) -> UiView<'_> {
        let now = self.now();
        let visit = self.target().and_then(|id| self.visits.as_ref()?.get(id));
        let policy = &self.pack.rules.sms;
        let code = visit.and_then(|visit| visit.code.as_ref());
        let left = |until: jiff::Timestamp| {
            Duration::try_from(until.duration_since(now.wall)).unwrap_or_default()
        };
        UiView {
            lang: self.lang,
            pack: &self.pack,
            now,
            reach: self.reach(),
            desk: self.desk(),
            waiting_for: self.target().and_then(|id| self.visits.as_ref()?.wait(id)),
            granting: self.granting(),
            grant_patience: GRANT_PATIENCE,
            resend_in: code.map(|code| code.resend_in(policy, now.wall)),
            code_ends_in: code
                .filter(|code| code.is_good(policy.tries, now.wall))
                .map(|code| left(code.expires)),
            other_case_in: visit.and_then(|visit| visit.other_case_in(&self.pack.rules, now.wall)),
            idle_left: match self.idle_at(now.mono) {
                Some(Idle::Countdown { left }) => Some(left),
                _ => None,
            },
            volunteer: self.volunteer(),
            store: self.store,
            checkup: self.checkup.as_ref(),
            delivery: self
                .message
                .as_ref()
                .filter(|(_, of, _)| self.target() == Some(*of))
                .map(|(_, _, delivery)| delivery),
            phone: self.phone.as_ref(),
            practice: self.practice.is_some(),
            practice_pin: self
                .practice
                .as_ref()
                .and_then(|practice| practice.pin.as_deref()),
            pickup_missed: self.pickup_missed,
            needs_person: self
                .outbox
                .iter()
                .filter(|row| row.owed.stopped.is_some() && !row.has_ticket)
                .count(),
        }
    }

    fn desk(&self) -> DeskState<'_> {
        let Some(visits) = &self.visits else {
            return DeskState::Starting;
        };
        match self.hand {
            Hand::Starting => DeskState::Starting,
            Hand::Free => DeskState::Free,
            Hand::Offered(id) => match visits.get(id) {
                Some(visit) => DeskState::Offered {
                    visit,
                    // What stopped the visit before it was put aside is not the sign-in's fault.
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
                    place: route::place(visit, &visits.rules, self.reach()),
                },
                None => DeskState::Free,
            },
            Hand::JustParked(id) => match visits.get(id).map(|visit| (visit, &visit.status)) {
                Some((visit, Status::Parked { pickup, why, .. })) => DeskState::JustParked {
                    pickup,
                    why: *why,
                    owes: !visit.owed.is_empty(),
                    ticket: TicketRow::of(visit)
                        .filter(|_| *why == ParkedFor::Ticket)
                        .map(Box::new),
                },
                _ => DeskState::Free,
            },
        }
    }

    fn volunteer(&self) -> Volunteer<'_> {
        match self.panel.lock_state() {
            Lock::Locked => Volunteer::Locked,
            Lock::Checking => Volunteer::Checking,
            Lock::Wrong { again_at } => Volunteer::Wrong { again_at },
            Lock::Open => Volunteer::Open {
                counts: self
                    .visits
                    .as_ref()
                    .map(|visits| visits.counts(self.now()))
                    .unwrap_or_default(),
                waiting: &self.waiting,
                tickets: &self.tickets,
                outbox: &self.outbox,
                lookup: &self.lookup,
                seen: self.seen,
            },
        }
    }
}
