//! The mobile number: given, bound in the directory, changed.

use std::time::Duration;

use super::Turn;
use crate::visit::{
    Act, ActKind, Attestation, Binding, DirectoryRefusal, Fact, Failure, MemberStatus, Mobile,
    ParkedFor, StepKind, Way, route,
};

impl Turn<'_> {
    pub(super) fn give_number(&mut self, mobile: Mobile) {
        if !self.stands_at(StepKind::Number, Way::Desk) || self.is_under_way(ActKind::BindNumber) {
            return;
        }
        self.fact(Fact::NumberGiven { mobile });
        if self.may_bind() {
            self.bind();
        } else {
            // The number is kept for when the student has signed in.
            self.park(ParkedFor::SignIn);
        }
    }

    /// Asks the directory to hold the number. Harmless to repeat: the adapter reads the member before and after.
    pub(super) fn bind(&mut self) {
        if !self.may_bind() {
            return;
        }
        let (Some(student), Some(mobile)) = (self.visit.student.clone(), self.visit.mobile.clone())
        else {
            return;
        };
        self.fact(Fact::BindAsked {
            effect: self.fresh_effect(),
        });
        self.effect(Act::BindNumber { student, mobile }, Duration::ZERO);
    }

    /// The answer is kept even where the visit was parked meanwhile: the campus has done it.
    pub(super) fn number_answered(&mut self, answer: Result<Binding, Failure<DirectoryRefusal>>) {
        let asked = self
            .visit
            .unsettled
            .is_some_and(|asked| asked.what == ActKind::BindNumber);
        if !asked {
            return;
        }
        match answer {
            Ok(Binding::Set | Binding::Created) => {
                self.fact(Fact::NumberBound);
                if !self.visit.has_done(StepKind::Number) {
                    self.fact(Fact::StepDone {
                        step: StepKind::Number,
                        word: Attestation::Campus,
                    });
                }
                self.close_if_through();
            }
            Err(why) => {
                let active = why == Failure::Rejected(DirectoryRefusal::AlreadyActive);
                self.fact(Fact::BindFailed { why: why.clone() });
                self.queue_failed(ActKind::BindNumber, why);
                if active {
                    self.fact(Fact::MemberSeen {
                        status: MemberStatus::Active,
                        word: Attestation::Campus,
                    });
                }
            }
        }
    }

    pub(super) fn change_number(&mut self) {
        let at_a_later_step =
            self.stands_at_step(StepKind::Follow) || self.stands_at_step(StepKind::Verify);
        if !at_a_later_step || self.is_under_way(ActKind::ConfirmMember) {
            return;
        }
        if let Some(keep) = route::before_number(&self.visit) {
            self.cancel(ActKind::SendCode);
            self.cancel(ActKind::CheckCode);
            self.fact(Fact::WentBack { keep });
        }
    }
}
