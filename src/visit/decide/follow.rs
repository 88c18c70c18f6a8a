//! Following the account in WeChat: the directory says so where it can be read, otherwise the student does. What is noted by
//! the student's word is looked for as well, as long as the student is there.

use std::time::Duration;

use super::Turn;
use crate::visit::{
    Act, ActKind, Attestation, Context, DirectoryRefusal, Fact, Failure, Member, MemberStatus,
    Place, StepKind, Way, route,
};

/// Between two directory lookups: short while the student is at it, long later.
const SOON: Duration = Duration::from_secs(2);
const LATER: Duration = Duration::from_secs(5);
/// While the directory does not answer.
const DOWN: Duration = Duration::from_secs(10);

impl Turn<'_> {
    /// The student's phone shows that the account is followed (guide 一.3). Where the desk can look itself, the word
    /// counts only after a lookup that did not see it.
    pub(super) fn say_followed(&mut self) {
        if !self.stands_at_step(StepKind::Follow) {
            return;
        }
        // Where a verification is left, it is that which activates: no look can see the follow.
        let by_desk = self.stands_at(StepKind::Follow, Way::Desk);
        let watches = by_desk && !self.is_verified_later();
        if watches && !self.visit.has_looked_in_vain() {
            return self.check_again();
        }
        self.fact(Fact::StepDone {
            step: StepKind::Follow,
            word: Attestation::Student,
        });
        if by_desk && self.context.reach.directory_read.is_down() {
            // What the desk could not see now is looked up when the directory is back.
            self.cancel(ActKind::FindMember);
            self.queue(ActKind::FindMember, None);
        }
    }

    fn is_verified_later(&self) -> bool {
        let Context { rules, reach, .. } = *self.context;
        route::verifies_later(&self.visit, rules, reach)
    }

    /// Looks now, also after the desk has stopped looking by itself.
    pub(super) fn check_again(&mut self) {
        if self.stands_at(StepKind::Follow, Way::Desk) && self.visit.look.is_none() {
            self.cancel(ActKind::FindMember);
            self.fact(Fact::FollowLookAsked {
                effect: self.fresh_effect(),
            });
            self.watch(Duration::ZERO);
        }
    }

    /// What the directory says while the desk watches the follow step.
    pub(super) fn watched(&mut self, answer: Result<Member, Failure<DirectoryRefusal>>) {
        if !self.is_watched() {
            return;
        }
        let status = answer.as_ref().ok().map(|member| member.status);
        if status == Some(MemberStatus::Active) {
            let is_noted = self.place() == Place::NotedByWord;
            return self.fact(if is_noted {
                // The word was true, and the student stands here still: now it is seen.
                Fact::Checked {
                    status: MemberStatus::Active,
                }
            } else {
                Fact::StepDone {
                    step: StepKind::Follow,
                    word: Attestation::Campus,
                }
            });
        }
        if self.visit.look.is_some() {
            self.fact(Fact::FollowNotSeen { status });
        }
        let pause = match answer.map(|member| member.status) {
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

    /// Whether the desk looks at the directory by itself: at the follow step, and where the student's word alone is noted,
    /// for what the phone did may be seen a moment later.
    fn is_watched(&self) -> bool {
        self.stands_at(StepKind::Follow, Way::Desk)
            || self.place() == Place::NotedByWord
                && self.visit.student.is_some()
                && self.context.reach.directory_read.is_connected()
    }

    /// Begins the watch on arriving, and ends it on leaving.
    pub(super) fn keep_watch(&mut self) {
        let watching = self.is_watched() && !self.visit.has_entry(ActKind::FindMember)
            || self.stands_at(StepKind::Follow, Way::Desk);
        let is_news = |fact: &Fact| !matches!(fact, Fact::FollowNotSeen { .. });
        let arrived = self.facts.iter().any(is_news);
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
