//! The mobile number, and the questions that decide the route.

use std::time::Duration;

use super::Turn;
use crate::visit::{
    Act, ActKind, Answer, Attestation, Binding, DirectoryRefusal, Fact, Failure, MemberStatus,
    Mobile, ParkedFor, Place, Question, StepKind, Way, route,
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

    /// An answer to the question that is asked now, or another answer to one that was: the route follows it. Not while
    /// something is under way, which belongs to the old route, and not once everything is done.
    pub(super) fn answer(&mut self, question: Question, answer: Answer) {
        let asked = self.place() == Place::Ask(question);
        let changed = self
            .visit
            .answer(question)
            .is_some_and(|given| given != answer);
        if asked || changed {
            self.give_answer(question, answer);
        }
    }

    pub(super) fn give_answer(&mut self, question: Question, answer: Answer) {
        let is_news = self.visit.answer(question) != Some(answer);
        let is_over = matches!(self.place(), Place::Bound | Place::AlreadyBound);
        if self.visit.is_open()
            && is_news
            && !is_over
            && !self.is_waiting()
            && question.answers().contains(&answer)
        {
            // What was done on the word of the old answer is not done on that of the new one: a follow that was told
            // on the way to a code does not bind by itself.
            if let Some(keep) = route::before_answer(&self.visit, question) {
                self.fact(Fact::WentBack { keep });
            }
            self.fact(Fact::Answered { question, answer });
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
            self.fact(Fact::WentBack { keep });
        }
    }
}
