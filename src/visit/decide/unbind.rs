//! Unbinding by the desk: signed in as the OLD number, confirmed by typing, deleted once. After an unknown fate the member
//! is looked for: gone is done, and what stands may be a new binding, so the student is asked again. Nothing here
//! deletes by itself.

use std::time::Duration;

use super::Turn;
use crate::visit::{
    Act, ActKind, Attestation, DirectoryRefusal, Fact, Failure, Member, MemberStatus, Secret,
    StepKind, StudentNumber, Unbinding, Way,
};

impl Turn<'_> {
    fn stands_at_unbind(&self) -> bool {
        self.stands_at(StepKind::Unbind, Way::Desk)
    }

    /// The old number is to sign in.
    pub(super) fn asks_for_old(&self) -> bool {
        self.visit.old.is_none() && self.stands_at_unbind()
    }

    fn old_number(&self) -> Option<StudentNumber> {
        let old = self.visit.old.as_ref();
        old.map(|old| old.student.number.clone())
    }

    /// A confirmation typed wrong does nothing; the screen has said so.
    pub(super) fn confirm_unbind(&mut self, typed: &Secret) {
        let confirmed = self
            .visit
            .old
            .as_ref()
            .is_some_and(|old| old.is_confirmed_by(typed));
        if !confirmed || !self.stands_at_unbind() || self.is_waiting() {
            return;
        }
        if let Some(student) = self.old_number() {
            self.fact(Fact::UnbindAsked {
                effect: self.fresh_effect(),
            });
            self.effect(Act::Unbind { student }, Duration::ZERO);
        }
    }

    /// The answer is kept even where the visit was parked meanwhile: the campus has done it.
    pub(super) fn unbind_answered(&mut self, answer: Result<(), Failure<DirectoryRefusal>>) {
        let asked = self.visit.unsettled;
        if asked.is_none_or(|asked| asked.what != ActKind::Unbind) {
            return;
        }
        match answer {
            Ok(()) => self.unbound(),
            // No answer is not a no.
            Err(why) if why.is_fate_unknown() => self.lose_unbind(),
            Err(why) => self.fact(Fact::UnbindFailed { why }),
        }
    }

    fn unbound(&mut self) {
        self.fact(Fact::Unbound);
        self.fact(Fact::StepDone {
            step: StepKind::Unbind,
            word: Attestation::Campus,
        });
    }

    /// The fate of the deletion is not known: the member is looked for, now or when the visit is resumed.
    pub(super) fn lose_unbind(&mut self) {
        self.fact(Fact::FateUnknown {
            effect: self.unsettled_effect(),
        });
        if self.is_looking_for_old() {
            self.look_for_old();
        }
    }

    /// A deletion's fate is not known yet.
    pub(super) fn is_looking_for_old(&self) -> bool {
        let old = self.visit.old.as_ref();
        old.is_some_and(|old| old.unbinding == Unbinding::Unknown) && self.stands_at_unbind()
    }

    pub(super) fn look_for_old(&mut self) {
        match self.old_number() {
            Some(student) if self.context.reach.directory_read.is_connected() => {
                self.effect(Act::FindMember { student }, Duration::ZERO);
            }
            _ => self.fact(Fact::UnbindAskedAnew),
        }
    }

    pub(super) fn old_looked_for(&mut self, answer: Result<Member, Failure<DirectoryRefusal>>) {
        match answer.map(|member| member.status) {
            Ok(MemberStatus::Absent) => self.unbound(),
            Ok(
                MemberStatus::NotActive
                | MemberStatus::Active
                | MemberStatus::Disabled
                | MemberStatus::Departed,
            )
            | Err(_) => self.fact(Fact::UnbindAskedAnew),
        }
    }

    /// Esc at the confirmation: it may be the wrong account.
    pub(super) fn can_let_go_of_old(&self) -> bool {
        self.visit.old.is_some() && self.stands_at_unbind()
    }
}
