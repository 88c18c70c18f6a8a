//! Signing in on the student's own phone (RFC 8628): the desk shows a code and waits. The code itself is not known here:
//! it is on the screen and nowhere else.

use std::time::Duration;

use super::Turn;
use crate::visit::{Act, ActKind, Fact, Failure, GrantRefusal, SignInMethod, Student};

/// The longest that a code is waited for. The adapter ends it before, when the code does.
pub(super) const LONGEST: Duration = Duration::from_secs(20 * 60);

impl Turn<'_> {
    /// Another code, where none is on the screen.
    pub(super) fn start_grant(&mut self) {
        let can_ask = self.context.reach.device_grant.is_connected();
        let is_busy = self.is_under_way(ActKind::DeviceGrant) || self.is_under_way(ActKind::SignIn);
        if !can_ask || !self.takes_sign_in() || is_busy {
            return;
        }
        if self.means() != SignInMethod::Device {
            self.fact(Fact::SignInMethodChosen {
                means: SignInMethod::Device,
            });
        }
        self.ask_for_grant();
    }

    fn ask_for_grant(&mut self) {
        self.fact(Fact::DeviceGrantAsked {
            effect: self.fresh_effect(),
        });
        self.effect(Act::StartDeviceGrant, Duration::ZERO);
    }

    pub(super) fn choose_sign_in_method(&mut self, means: SignInMethod) {
        let is_news = self.context.reach.means(means) != self.means();
        if is_news && self.takes_sign_in() && !self.is_waiting() {
            self.fact(Fact::SignInMethodChosen { means });
        }
    }

    /// Starts a grant by itself where the phone is the sign-in method, and cancels it where no sign-in is asked for any
    /// more. After a failure a key asks for the next one. A visit that is only offered starts none by itself: the student
    /// may not be there.
    pub(super) fn keep_grant(&mut self) {
        let by_phone = self.means() == SignInMethod::Device;
        let is_under_way = self.is_under_way(ActKind::DeviceGrant);
        if is_under_way && !(by_phone && self.takes_sign_in()) {
            return self.cancel(ActKind::DeviceGrant);
        }
        let arrived = !self.facts.is_empty() && self.visit.trouble.is_none();
        let is_wanted = by_phone && self.context.reach.device_grant.is_connected();
        if is_wanted && arrived && !is_under_way && self.asks_who() {
            self.ask_for_grant();
        }
    }

    /// The answer to the sign-in on the phone. An account without a student number of this campus is refused, so that it
    /// is not bound by mistake.
    pub(super) fn granted(&mut self, answer: Result<Student, Failure<GrantRefusal>>) {
        if !self.takes_sign_in() {
            return;
        }
        match answer {
            Ok(student) if self.is_student_number(&student.number) => self.proved(student),
            Ok(_) => self.fact(Fact::DeviceGrantFailed {
                why: Failure::Rejected(GrantRefusal::NotAStudent),
            }),
            Err(why) => self.fact(Fact::DeviceGrantFailed { why }),
        }
    }

    fn means(&self) -> SignInMethod {
        self.context.reach.means(self.visit.means)
    }
}
