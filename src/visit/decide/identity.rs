//! Who the student is: the sign-in at the desk, which also takes a parked visit up again.

use std::time::Duration;

use super::Turn;
use crate::visit::{
    Act, ActKind, Attestation, Context, DirectoryRefusal, Fact, Failure, Member, MemberStatus,
    Proof, SignInMethod, SignInRefusal, SignInWith, Status, StepKind, Student, StudentNumber, Way,
};

impl Turn<'_> {
    /// Whether a sign-in is accepted: the visit asks for one, or it is parked and offered.
    pub(super) fn takes_sign_in(&self) -> bool {
        self.is_parked() || self.asks_who()
    }

    /// Whether the visit asks for a sign-in: of the student, or as the old number.
    pub(super) fn asks_who(&self) -> bool {
        let identifying =
            self.stands_at(StepKind::Identity, Way::Desk) && self.visit.student.is_none();
        identifying || self.asks_for_old()
    }

    fn is_parked(&self) -> bool {
        matches!(self.visit.status, Status::Parked { .. })
    }

    /// A sign-in is asked for once. The pause after too many refusals is this desk's own, so that the campus does not
    /// lock the account. What others got wrong here keeps it back a little, and refuses nobody.
    pub(super) fn sign_in(&mut self, with: SignInWith) {
        let can_ask = self.context.reach.identity.is_connected();
        if !can_ask || !self.takes_sign_in() || self.is_under_way(ActKind::SignIn) {
            return;
        }
        self.choose_sign_in_method(SignInMethod::Password);
        let SignInWith { student, password } = with;
        let Context { limits, now, .. } = *self.context;
        let wait = limits.sign_in_wait(&student, now.wall);
        if !wait.is_zero() {
            let why = Failure::Limited {
                retry_after: Some(wait),
            };
            self.fact(Fact::SignInRefused { student, why });
            return;
        }
        self.fact(Fact::SignInAsked {
            effect: self.fresh_effect(),
            student: student.clone(),
        });
        let slowed = limits.sign_in_slowed(now.wall);
        self.effect(Act::SignIn { student, password }, slowed);
    }

    pub(super) fn signed_in(&mut self, answer: Result<Student, Failure<SignInRefusal>>) {
        let typed = self.visit.signing_in.clone();
        let checked = answer.and_then(|student| self.whom_it_asked(student, typed.as_ref()));
        match (checked, typed) {
            (Ok(student), _) => self.proved(student),
            (Err(why), Some(student)) => self.fact(Fact::SignInRefused { student, why }),
            (Err(_), None) => {}
        }
    }

    /// The student who signed in, where it is the one who was asked: of an account with another number, or with none,
    /// nobody knows yet whose it is, and nothing is bound by mistake. The student and a volunteer see to it.
    fn whom_it_asked(
        &self,
        student: Student,
        typed: Option<&StudentNumber>,
    ) -> Result<Student, Failure<SignInRefusal>> {
        let number = &student.number;
        if !self.is_student_number(number) {
            return Err(Failure::Rejected(SignInRefusal::NotAStudent));
        }
        match typed {
            Some(typed) if !typed.is_same_as(number) => {
                Err(Failure::Rejected(SignInRefusal::OtherNumber))
            }
            _ => Ok(student),
        }
    }

    /// Whether a number of the campus's fits the pack's rule as it is.
    pub(super) fn is_student_number(&self, number: &StudentNumber) -> bool {
        let rule = &self.context.rules.student_number;
        StudentNumber::parse(number.as_str(), rule).as_ref() == Ok(number)
    }

    /// The campus says who the student is.
    pub(super) fn proved(&mut self, student: Student) {
        if self.is_parked() {
            return self.resumed_by(student);
        }
        if self.asks_for_old() {
            return self.fact(Fact::OldIdentified { student });
        }
        // A visit never changes hands.
        if self.visit.student.is_some() || !self.stands_at_step(StepKind::Identity) {
            return;
        }
        self.identified(student);
    }

    /// What was just unbound is not registered again by mistake.
    fn identified(&mut self, student: Student) {
        let old = self.visit.old.as_ref().map(|old| &old.student.number);
        if old == Some(&student.number) {
            return self.fact(Fact::OldNumberRefused);
        }
        self.fact(Fact::Identified {
            student,
            proof: Proof::SignIn,
        });
        self.look_up();
    }

    /// A volunteer vouches for who the student is, only where no sign-in can succeed, or one did and nobody knows whose
    /// it is ([`crate::visit::Visit::cannot_sign_in`]). The number is not bound by that unless the pack allows it.
    pub(super) fn vouch(&mut self, student: Student) {
        let asked = self.stands_at(StepKind::Identity, Way::Desk) && self.visit.student.is_none();
        let old = self.visit.old.as_ref().map(|old| &old.student.number);
        if !asked || !self.visit.cannot_sign_in(self.context.reach) || old == Some(&student.number)
        {
            return;
        }
        self.cancel_sign_ins();
        self.fact(Fact::Vouched { student });
        self.look_up();
    }

    /// A parked visit goes on for the student it belongs to. Where it has no owner yet, any sign-in resumes it.
    fn resumed_by(&mut self, student: Student) {
        match self.visit.owner() {
            Some(owner) if owner.number != student.number => self.fact(Fact::ResumeRefused),
            Some(_) => {
                self.fact(Fact::Resumed { by: Proof::SignIn });
                self.go_on();
            }
            None => {
                self.fact(Fact::Resumed { by: Proof::SignIn });
                if self.stands_at_step(StepKind::Identity) {
                    self.identified(student);
                }
            }
        }
    }

    /// Signed in, and what the directory says of the member is not known yet.
    pub(super) fn is_identifying(&self) -> bool {
        self.visit.student.is_some() && self.stands_at_step(StepKind::Identity)
    }

    /// Asks the directory whether the account is bound already, where the desk may read it; otherwise the phone will
    /// show it.
    pub(super) fn look_up(&mut self) {
        let Some(student) = self.visit.student.as_ref().map(|s| s.number.clone()) else {
            return;
        };
        if self.context.reach.directory_read.is_connected() {
            self.effect(Act::FindMember { student }, Duration::ZERO);
        } else {
            self.fact(Fact::StepDone {
                step: StepKind::Identity,
                word: Attestation::Campus,
            });
        }
    }

    /// The directory's answer, at the step that asked for it.
    pub(super) fn member_found(&mut self, answer: Result<Member, Failure<DirectoryRefusal>>) {
        if self.is_looking_for_old() {
            return self.old_looked_for(answer);
        }
        if !self.is_identifying() {
            let watches = self.stands_at(StepKind::Follow, Way::Desk);
            return if self.visit.has_entry(ActKind::FindMember) && !watches {
                self.checked(answer)
            } else {
                self.watched(answer)
            };
        }
        match answer.map(|member| member.status) {
            Ok(
                status @ (MemberStatus::Active | MemberStatus::Disabled | MemberStatus::Departed),
            ) => {
                self.fact(Fact::MemberSeen {
                    status,
                    word: Attestation::Campus,
                });
            }
            Ok(status) => {
                self.fact(Fact::MemberSeen {
                    status,
                    word: Attestation::Campus,
                });
                self.fact(Fact::StepDone {
                    step: StepKind::Identity,
                    word: Attestation::Campus,
                });
            }
            // An unknown status does not stop the visit: binding reads it again.
            Err(_) => self.fact(Fact::StepDone {
                step: StepKind::Identity,
                word: Attestation::Campus,
            }),
        }
    }
}
