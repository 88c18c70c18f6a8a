//! The outbox: an act is queued where the campus could not do it, retried when the desk says that it is due, and settled
//! by its reply or by a volunteer. An entry that only a person can mend is never retried by itself.

use std::time::Duration;

use super::Turn;
use crate::visit::{
    Act, ActKind, Attestation, DirectoryRefusal, Fact, Failure, FreeText, Member, MemberStatus,
    OutboxEntry, Outcome, ParkedFor, Status, StepKind, Way, route,
};

impl Turn<'_> {
    /// Queues an act, where there is room. One that is queued already keeps its place in the order.
    pub(super) fn queue(&mut self, what: ActKind, why: Option<Failure<DirectoryRefusal>>) {
        let waits = OutboxEntry::may_queue(what) && !self.visit.has_entry(what);
        if waits && self.context.has_room && self.context.reach.of(what).is_connected() {
            self.fact(Fact::Queued { what, why });
        }
    }

    /// An idempotent call failed: it is queued, where the failure is transient.
    pub(super) fn queue_failed(&mut self, what: ActKind, why: Failure<DirectoryRefusal>) {
        if why.is_transient() {
            self.queue(what, Some(why));
        }
    }

    /// The student leaves: what the campus has not done yet is queued.
    pub(super) fn queue_what_is_left(&mut self) {
        let unbound = self.stands_at(StepKind::Number, Way::Desk)
            && self.visit.mobile.is_some()
            && !self.visit.number_bound
            && self.visit.unsettled.is_none()
            && self.may_bind();
        if unbound && self.failed_to_pass() {
            self.queue(ActKind::BindNumber, None);
        }
        let unseen = self.stands_at(StepKind::Follow, Way::Desk);
        if unseen && self.context.reach.directory_read.is_down() {
            self.queue(ActKind::FindMember, None);
        }
    }

    /// The present trouble is one that passes by itself.
    fn failed_to_pass(&self) -> bool {
        let trouble = self.visit.trouble.as_ref();
        matches!(trouble, Some(crate::visit::Trouble::Directory(why)) if why.is_transient())
    }

    pub(super) fn may_bind(&self) -> bool {
        self.visit.may_bind(self.context.rules)
    }

    /// Retries the first entry. The desk chooses the moment, and which visit comes first.
    pub(super) fn retry_due(&mut self) {
        let Some(what) = self.visit.next_entry().map(|entry| entry.what) else {
            return;
        };
        let busy = self.visit.unsettled.is_some() || self.is_under_way(what);
        if busy || !self.context.reach.of(what).is_connected() {
            return;
        }
        match what {
            ActKind::BindNumber => self.bind(),
            ActKind::ConfirmMember => self.confirm(),
            ActKind::FindMember => {
                if let Some(student) = self.visit.student.as_ref().map(|s| s.number.clone()) {
                    self.effect(Act::FindMember { student }, Duration::ZERO);
                }
            }
            ActKind::SignIn
            | ActKind::DeviceGrant
            | ActKind::SendCode
            | ActKind::CheckCode
            | ActKind::Unbind => {}
        }
    }

    /// What was to be looked up later.
    pub(super) fn checked(&mut self, answer: Result<Member, Failure<DirectoryRefusal>>) {
        match answer.map(|member| member.status) {
            Ok(status @ MemberStatus::Active) => {
                if self.waits_at(StepKind::Follow) {
                    self.fact(Fact::StepDone {
                        step: StepKind::Follow,
                        word: Attestation::Campus,
                    });
                }
                self.fact(Fact::Checked { status });
                if self.ended_by_word() {
                    self.fact(Fact::Closed {
                        outcome: Outcome::WordConfirmed,
                    });
                }
                self.close_if_through();
            }
            // The directory may be some minutes behind the phone.
            Ok(_) if self.ended_by_word() && self.is_looked_up_for_less_than_a_watch() => {}
            // Before a code the member is not active yet; where no other step is left, a volunteer must look at it.
            Ok(status) if self.is_through() || self.ended_by_word() => {
                self.fact(Fact::CheckDenied { status });
            }
            Ok(status) => self.fact(Fact::Checked { status }),
            Err(why) => self.fact(Fact::CheckFailed { why }),
        }
    }

    /// The visit has ended, and the student's word alone says that the account is bound.
    fn ended_by_word(&self) -> bool {
        match self.visit.status {
            Status::Closed { outcome } => outcome.bound_by() == Some(Attestation::Student),
            Status::Open | Status::Parked { .. } => false,
        }
    }

    fn is_looked_up_for_less_than_a_watch(&self) -> bool {
        let mut entries = self.visit.outbox.iter();
        let entry = entries.find(|entry| entry.what == ActKind::FindMember);
        entry.is_some_and(|entry| {
            let since = self.context.now.wall.duration_since(entry.since);
            Duration::try_from(since).unwrap_or_default() < self.context.rules.follow_watch
        })
    }

    /// The step at which the visit stands, or at which it was parked.
    pub(super) fn waits_at(&self, step: StepKind) -> bool {
        let at = route::step(&self.visit, self.context.rules, self.context.reach);
        at.is_some_and(|at| at.kind == step)
    }

    pub(super) fn is_through(&self) -> bool {
        self.outcome().is_some()
    }

    /// How the visit ends now, where no step is left.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        route::outcome(&self.visit, self.context.rules, self.context.reach)
    }

    /// A visit that was parked is over once the campus has done the last of it. After a restart the student may well
    /// stand there still, and is to see it.
    pub(super) fn close_if_through(&mut self) {
        let is_parked = matches!(self.visit.status, Status::Parked { .. });
        if is_parked
            && !self.may_be_unseen()
            && let Some(outcome) = self.outcome()
        {
            self.cancel_sign_ins();
            self.close(outcome);
        }
    }

    /// A volunteer lets a stopped entry be retried: from now on by itself.
    pub(super) fn retry_entry(&mut self, what: ActKind) {
        let entry = self.visit.outbox.iter().find(|entry| entry.what == what);
        if entry.is_some_and(|entry| entry.stopped.is_some()) {
            self.fact(Fact::TriedAgain { what });
        }
        if self.visit.next_entry().map(|entry| entry.what) == Some(what) {
            self.retry_due();
        }
    }

    /// A volunteer discards an entry: it is done elsewhere, or not wanted.
    pub(super) fn discard_entry(&mut self, what: ActKind) {
        if self.visit.has_entry(what) {
            self.cancel_look_up(what);
            self.fact(Fact::Unqueued { what });
        }
    }

    /// A ticket takes over what only a person can mend: it is handed to the hotline, and waits here no longer.
    pub(super) fn ticket_for_entry(&mut self, what: ActKind, reason: FreeText) {
        let waits_for_somebody = self.visit.has_entry(what)
            || (what == ActKind::Unbind && self.visit.old.is_some() && !self.visit.is_unbound());
        if !waits_for_somebody || self.is_under_way(what) {
            return;
        }
        self.note_reason(reason);
        if self.visit.ticket.is_none() {
            return;
        }
        if self.visit.has_entry(what) {
            self.fact(Fact::Unqueued { what });
        }
        if self.visit.is_open() {
            self.park(ParkedFor::Ticket);
        }
    }

    fn cancel_look_up(&mut self, what: ActKind) {
        // A lookup may be cancelled at any time. What changes something is waited for: its answer is a fact.
        if what == ActKind::FindMember {
            self.cancel(what);
        }
    }
}
