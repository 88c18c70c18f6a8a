//! A step by the student's own phone: the desk shows what the phone should show, and the student's word is the fact.

use super::Turn;
use crate::visit::{
    Attestation, Fact, Lead, MemberStatus, Mobile, ParkedFor, Place, StepKind, Way, route,
};

impl Turn<'_> {
    /// The choice of "what do you see now?" that was made.
    pub(super) fn choose(&mut self, choice: usize) {
        let Place::Step {
            step,
            way: Way::Phone,
            page,
        } = self.place()
        else {
            return;
        };
        let Some(lead) = route::lead(self.context.rules, &self.visit, step, page, choice).cloned()
        else {
            return;
        };
        match lead {
            Lead::Next => self.next_page(step, page),
            Lead::Back => self.back(),
            Lead::Scanned => self.fact(Fact::Scanned),
            Lead::StepDone => self.step_told(step),
            Lead::AlreadyBound => self.fact(Fact::MemberSeen {
                status: MemberStatus::Active,
                word: Attestation::Student,
            }),
            // The phone may show it before the desk would ask.
            Lead::Answer { question, answer } => self.give_answer(question, answer),
            Lead::Verdict { question, answer } => {
                self.give_answer(question, answer);
                self.step_told(step);
            }
            Lead::Park => self.park_or_close(ParkedFor::Student),
            Lead::Help(_) | Lead::Volunteer => {}
        }
    }

    fn next_page(&mut self, step: StepKind, page: usize) {
        let next = page.saturating_add(1);
        if next < route::page_ids(self.context.rules, &self.visit, step).len() {
            self.fact(Fact::PageTurned { page: next });
        } else {
            self.step_told(step);
        }
    }

    fn step_told(&mut self, step: StepKind) {
        self.fact(Fact::StepDone {
            step,
            word: Attestation::Student,
        });
    }

    /// The number that the phone was given, so that it can be shown while the phone asks for the same one again (guide
    /// 一.3(二), step 4). A number that the desk itself has set is not replaced by one that was not checked.
    pub(super) fn tell_number(&mut self, mobile: Mobile) {
        let by_phone = [StepKind::Number, StepKind::Follow, StepKind::Verify]
            .into_iter()
            .any(|step| self.stands_at(step, Way::Phone));
        let is_news = self.visit.mobile.as_ref() != Some(&mobile);
        if by_phone && is_news && !self.visit.number_bound && !self.is_waiting() {
            self.fact(Fact::NumberGiven { mobile });
        }
    }

    /// The phone does it from here on, or the desk again: what to do when one of them does not get on.
    pub(super) fn prefer(&mut self, way: Way) {
        if self.visit.is_open() && self.visit.prefers != way && !self.is_waiting() {
            self.fact(Fact::Preferred { way });
        }
    }
}
