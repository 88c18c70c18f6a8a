//! Following the account in WeChat: the directory says so where it can be read, otherwise the student does.

use std::time::Duration;

use super::Turn;
use crate::visit::{
    Act, ActKind, Attestation, DirectoryRefusal, Fact, Failure, Member, MemberStatus, StepKind, Way,
};

/// Between two looks at the directory: soon while the student is doing it, seldom later.
const SOON: Duration = Duration::from_secs(2);
const LATER: Duration = Duration::from_secs(5);
/// While the directory does not answer.
const DOWN: Duration = Duration::from_secs(10);

impl Turn<'_> {
    /// Following can be seen only on the phone, so the student's word is the fact (guide 一.3).
    pub(super) fn say_followed(&mut self) {
        if self.stands_at_step(StepKind::Follow) {
            let unseen = self.stands_at(StepKind::Follow, Way::Desk)
                && self.context.reach.directory_read.is_down();
            self.fact(Fact::StepDone {
                step: StepKind::Follow,
                word: Attestation::Student,
            });
            if unseen {
                // What the desk could not see now is looked up when the directory is back.
                self.cancel(ActKind::FindMember);
                self.queue(ActKind::FindMember, None);
            }
        }
    }

    /// Looks now, also after the desk has stopped looking by itself.
    pub(super) fn check_again(&mut self) {
        if self.stands_at(StepKind::Follow, Way::Desk) {
            self.cancel(ActKind::FindMember);
            self.watch(Duration::ZERO);
        }
    }

    /// What the directory says while the desk watches the follow step.
    pub(super) fn watched(&mut self, answer: Result<Member, Failure<DirectoryRefusal>>) {
        if !self.stands_at(StepKind::Follow, Way::Desk) {
            return;
        }
        let pause = match answer.map(|member| member.status) {
            Ok(MemberStatus::Active) => {
                return self.fact(Fact::StepDone {
                    step: StepKind::Follow,
                    word: Attestation::Campus,
                });
            }
            Ok(_) if self.in_step() < self.context.rules.follow_patience => SOON,
            Ok(_) => LATER,
            Err(Failure::Limited { retry_after }) => retry_after
                .unwrap_or(DOWN)
                .clamp(DOWN, Duration::from_secs(120)),
            Err(_) => DOWN,
        };
        // The watch has an end; the student may ask to look again.
        if self.in_step() < self.context.rules.follow_watch {
            self.watch(pause);
        }
    }

    /// Begins the watch on arriving at the follow step, and ends it on leaving.
    pub(super) fn keep_watch(&mut self) {
        let watching = self.stands_at(StepKind::Follow, Way::Desk);
        let arrived = !self.facts.is_empty();
        if watching && arrived && !self.is_under_way(ActKind::FindMember) {
            self.watch(SOON);
        } else if !watching
            && !self.is_identifying()
            && !self.is_looking_for_old()
            && !self.visit.has_entry(ActKind::FindMember)
            && self.is_under_way(ActKind::FindMember)
        {
            self.cancel(ActKind::FindMember);
        }
    }

    fn watch(&mut self, after: Duration) {
        if let Some(student) = self.visit.student.as_ref().map(|s| s.number.clone()) {
            self.effect(Act::FindMember { student }, after);
        }
    }

    fn in_step(&self) -> Duration {
        self.visit.in_step_for(self.context.now.wall)
    }
}
