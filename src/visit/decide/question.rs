//! The notice that is agreed to, and the questions that decide the route.

use super::Turn;
use crate::visit::{Answer, Attestation, Fact, Place, Question, StepKind, route};

impl Turn<'_> {
    pub(super) fn agree(&mut self) {
        if self.stands_at_step(StepKind::Notice) {
            self.fact(Fact::StepDone {
                step: StepKind::Notice,
                word: Attestation::Student,
            });
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
        let is_over = matches!(
            self.place(),
            Place::Bound | Place::NotedByWord | Place::AlreadyBound
        );
        if self.visit.is_open()
            && is_news
            && !is_over
            && !self.is_waiting()
            && question.answers().contains(&answer)
        {
            // What the old answer allowed does not count for the new one: a follow that the student reported
            // on the way to a code does not bind by itself.
            if let Some(keep) = route::before_answer(&self.visit, question) {
                self.fact(Fact::WentBack { keep });
            }
            self.fact(Fact::Answered { question, answer });
        }
    }
}
