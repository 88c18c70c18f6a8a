//! The visit as a whole: opened, taken back, parked, resumed, ended, found again after a restart.

use std::time::Duration;

use strum::VariantArray;

use super::Turn;
use crate::visit::{
    ActKind, Answer, Attestation, Context, Fact, Failure, MemberStatus, NAMELESS_LIFE, Outcome,
    ParkedFor, Pickup, Place, Proof, Question, Status, StepKind, Unsettled, Visit, Way, route,
};

impl Turn<'_> {
    /// Only a visit in which nothing happened yet is opened: a second Enter never wipes one out.
    pub(super) fn open(&mut self, prefers: Way, first_time: bool, scanned: bool) {
        let untouched = Visit::open(self.visit.id, self.visit.prefers, self.visit.opened);
        if self.visit == untouched {
            self.fact(Fact::VisitOpened { prefers });
            if first_time && self.context.rules.asks(Question::Standing) {
                self.fact(Fact::Answered {
                    question: Question::Standing,
                    answer: Answer::FirstTime,
                });
            }
            if scanned && self.context.rules.has_scan() {
                self.fact(Fact::Scanned);
            }
        }
    }

    /// Esc. A request in flight is given up first, and its rule settles its fate.
    pub(super) fn back(&mut self) {
        if !self.visit.is_open() {
            // An offered visit is parked: only its sign-in can be given up.
            return self.cancel_sign_ins();
        }
        if self.is_waiting() {
            return self.give_up();
        }
        if self.can_let_go_of_old() {
            return self.fact(Fact::OldLetGo);
        }
        match self.place() {
            Place::Bound | Place::NotedByWord => {}
            Place::AlreadyBound => self.take_back_already_bound(),
            Place::Step { page, .. } if page > self.first_page() => {
                let page = page.saturating_sub(1);
                self.fact(Fact::PageTurned { page });
            }
            Place::Step { .. } | Place::Ask(_) | Place::Parked | Place::Closed | Place::Stuck => {
                let Context { rules, reach, .. } = *self.context;
                if let Some(keep) = route::back_to(&self.visit, rules, reach) {
                    self.fact(Fact::WentBack { keep });
                }
            }
        }
    }

    fn first_page(&self) -> usize {
        let Context { rules, reach, .. } = *self.context;
        route::first_page(&self.visit, rules, reach)
    }

    /// The student may have chosen "bound already" by mistake. What the directory itself said right after the sign-in
    /// stands; said later, by the phone or at the number, the step is still there to go back to.
    fn take_back_already_bound(&mut self) {
        if self.visit.student.is_none() || self.visit.has_done(StepKind::Identity) {
            self.fact(Fact::MemberSeen {
                status: MemberStatus::NotActive,
                word: Attestation::Student,
            });
        }
    }

    fn give_up(&mut self) {
        // A code on the phone is no wait: what it belongs to is left by Esc as a whole.
        let may_be_given_up =
            |kind: &ActKind| *kind != ActKind::DeviceGrant && self.is_under_way(*kind);
        let Some(kind) = ActKind::VARIANTS.iter().copied().find(may_be_given_up) else {
            return;
        };
        self.cancel(kind);
        match kind {
            ActKind::SignIn | ActKind::DeviceGrant => {}
            ActKind::FindMember => self.member_found(Err(Failure::Offline)),
            ActKind::BindNumber => self.fact(Fact::BindFailed {
                why: Failure::Offline,
            }),
            ActKind::SendCode => self.fact(Fact::FateUnknown {
                effect: self.unsettled_effect(),
            }),
            ActKind::CheckCode => self.fact(Fact::CodeNotChecked {
                why: Failure::Offline,
            }),
            ActKind::ConfirmMember => self.fact(Fact::ConfirmFailed {
                why: Failure::Offline,
            }),
            ActKind::Unbind => self.lose_unbind(),
        }
    }

    pub(super) fn unsettled_effect(&self) -> crate::visit::EffectId {
        self.visit
            .unsettled
            .map_or(self.fresh_effect(), |asked| asked.effect)
    }

    /// Does again what failed, where that is safe; not before the time that the service named.
    pub(super) fn retry(&mut self) {
        let now = self.context.now.wall;
        let mut entry = self.visit.outbox.iter();
        let is_held = entry.any(|entry| entry.not_before(now).is_some());
        if self.visit.is_open() && !self.is_waiting() && !is_held {
            self.go_on();
        }
    }

    /// What the place where the visit stands asks of the campus by itself, unless that is under way.
    pub(super) fn go_on(&mut self) {
        if self.is_waiting() {
            return;
        }
        if self.is_looking_for_old() {
            self.look_for_old();
        } else if self.is_identifying() {
            self.look_up();
        } else if self.stands_at(StepKind::Number, Way::Desk) && !self.visit.number_bound {
            self.bind();
        } else if self.stands_at(StepKind::Verify, Way::Desk)
            && self.visit.code.as_ref().is_some_and(|c| c.accepted)
        {
            self.confirm();
        }
    }

    /// A screen that only informs was read.
    pub(super) fn finish(&mut self) {
        match self.place() {
            Place::Bound => self.close(Outcome::Bound),
            Place::NotedByWord => self.close(Outcome::BoundByWord),
            Place::AlreadyBound if self.visit.seen_active => self.close(Outcome::AlreadyBound),
            Place::AlreadyBound => self.close(Outcome::AlreadyBoundByWord),
            // It was complete when the program started again, and the student is gone.
            Place::Parked if self.may_be_unseen() => {
                if let Some(outcome) = self.outcome() {
                    self.cancel_sign_ins();
                    self.close(outcome);
                }
            }
            Place::Step { .. } | Place::Ask(_) | Place::Parked | Place::Closed | Place::Stuck => {}
        }
    }

    /// Ends the visit. What rests on the student's word alone is looked up from now on, where the directory can be read.
    pub(super) fn close(&mut self, outcome: Outcome) {
        self.fact(Fact::Closed { outcome });
        if outcome.bound_by() == Some(Attestation::Student) && self.visit.student.is_some() {
            self.cancel(ActKind::FindMember);
            self.queue(ActKind::FindMember, None);
        }
    }

    /// The visit was parked while the student may have stood there and may not have seen how it ended.
    pub(super) fn may_be_unseen(&self) -> bool {
        match &self.visit.status {
            Status::Parked { why, .. } => why.may_be_unseen(),
            Status::Open | Status::Closed { .. } => false,
        }
    }

    pub(super) fn leave(&mut self) {
        self.park_or_close(ParkedFor::Student);
    }

    /// Parks the visit: what was given is kept. A visit in which nothing was given is closed instead, and one that
    /// is complete is finished.
    pub(super) fn park_or_close(&mut self, why: ParkedFor) {
        if !self.visit.is_open() {
            return;
        }
        if matches!(
            self.place(),
            Place::Bound | Place::NotedByWord | Place::AlreadyBound
        ) {
            return self.finish();
        }
        if !self.visit.holds_something() {
            self.cancel_sign_ins();
            self.cancel(ActKind::FindMember);
            return self.fact(Fact::Closed {
                outcome: Outcome::Left,
            });
        }
        self.park(why);
    }

    /// The student waits, and the next one goes first. They get a pickup number also where nothing was given yet.
    pub(super) fn step_aside(&mut self) {
        if route::may_step_aside(&self.place()) {
            self.park(ParkedFor::Queue);
        }
    }

    /// Parks an open visit, wherever it stands.
    pub(super) fn park(&mut self, why: ParkedFor) {
        self.cancel_sign_ins();
        self.cancel(ActKind::FindMember);
        self.queue_what_is_left();
        let life = self.life();
        let expires = self
            .context
            .now
            .wall
            .saturating_add(life)
            .unwrap_or(jiff::Timestamp::MAX);
        self.fact(Fact::Parked {
            pickup: self.number_to_bring(),
            expires,
            why,
        });
    }

    /// How long a parked visit waits: shorter where it names nobody.
    fn life(&self) -> Duration {
        let life = self.context.rules.pickup_life;
        if self.visit.is_nameless() {
            life.min(NAMELESS_LIFE)
        } else {
            life
        }
    }

    /// Too many wait that name nobody, and this is one of them.
    pub(super) fn make_room(&mut self) {
        if self.visit.is_nameless() && matches!(self.visit.status, Status::Parked { .. }) {
            self.cancel_sign_ins();
            self.close(Outcome::Expired);
        }
    }

    /// The ticket's number, so that there is one to bring; otherwise one that is free. None where all of them wait.
    pub(super) fn number_to_bring(&self) -> Option<Pickup> {
        let fresh = self.context.fresh;
        let ticket = self.visit.ticket.as_ref();
        let of_ticket = ticket.map(|ticket| *ticket.number.pickup());
        let of_this_desk = of_ticket.filter(|pickup| pickup.desk() == Some(fresh.desk));
        of_this_desk.or(fresh.pickup)
    }

    /// A volunteer looked at the papers. That takes the visit up; it does not stand for a sign-in that was never made.
    pub(super) fn resume_by_volunteer(&mut self) {
        if matches!(self.visit.status, Status::Parked { .. }) {
            // A sign-in under way may be another student's: the volunteer decides.
            self.cancel_sign_ins();
            self.fact(Fact::Resumed {
                by: Proof::Volunteer,
            });
            self.go_on();
        }
    }

    pub(super) fn restart(&mut self) {
        if self.visit.is_open() {
            self.cancel_everything();
            self.fact(Fact::BegunAgain);
        }
    }

    /// Where the account is bound already, the student may have signed in as the old number, or scanned with a WeChat
    /// that still has it; and it may be the old number's account that holds the mobile number.
    pub(super) fn begin_as_new_number(&mut self) {
        let is_taken = self.visit.number_is_taken()
            && self.stands_at(StepKind::Number, Way::Desk)
            && !self.is_waiting();
        let is_told = self.place() == Place::AlreadyBound || is_taken;
        if is_told && self.context.rules.asks(Question::Standing) {
            self.restart();
            self.fact(Fact::Answered {
                question: Question::Standing,
                answer: Answer::NewNumber,
            });
        }
    }

    pub(super) fn end(&mut self) {
        self.cancel_everything();
        self.fact(Fact::Closed {
            outcome: Outcome::Ended,
        });
    }

    pub(super) fn cancel_sign_ins(&mut self) {
        self.cancel(ActKind::SignIn);
        self.cancel(ActKind::DeviceGrant);
    }

    fn cancel_everything(&mut self) {
        self.cancel
            .extend(self.context.in_flight.iter().map(|flight| flight.id));
        self.effects.clear();
    }

    pub(super) fn expire(&mut self) {
        let Context {
            now,
            doubted,
            rules,
            ..
        } = *self.context;
        let expires = self.visit.expires();
        let ends = expires.and_then(|expires| doubted.end_of(expires, rules.pickup_life));
        if ends.is_some_and(|ends| ends <= now.wall) {
            self.cancel_sign_ins();
            let outcome = self.outcome().unwrap_or(Outcome::Expired);
            self.close(outcome);
        }
    }

    /// The desk was started again and found this visit. Each thing under way is settled by its rule: a number is bound
    /// again and a confirmation repeated (both read or are harmless), a message is never sent again by itself. A
    /// deletion is not either: the member is looked for when the visit is resumed, and where it stands the student is
    /// asked again.
    pub(super) fn recover(&mut self) {
        if let Some(Unsettled { effect, what }) = self.visit.unsettled {
            let can_ask = self.context.reach.of(what).is_connected();
            match what {
                ActKind::BindNumber if can_ask => self.bind(),
                ActKind::BindNumber => self.fact(Fact::BindFailed {
                    why: Failure::Offline,
                }),
                ActKind::ConfirmMember if can_ask => self.confirm(),
                ActKind::ConfirmMember => self.fact(Fact::ConfirmFailed {
                    why: Failure::Offline,
                }),
                // The code that was typed is gone with the power: the student types it again.
                ActKind::CheckCode => self.fact(Fact::CodeNotChecked {
                    why: Failure::Offline,
                }),
                ActKind::SignIn
                | ActKind::DeviceGrant
                | ActKind::FindMember
                | ActKind::SendCode
                | ActKind::Unbind => self.fact(Fact::FateUnknown { effect }),
            }
        }
        if !self.visit.is_open() {
            return;
        }
        if matches!(self.place(), Place::Bound | Place::NotedByWord) {
            // It is not known whether the student saw it: it is offered once more.
            self.park(ParkedFor::ProgramRestart);
        } else {
            self.park_or_close(ParkedFor::ProgramRestart);
        }
    }
}
