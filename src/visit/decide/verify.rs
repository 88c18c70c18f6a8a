//! The code by SMS, the desk's own or the campus's, and the confirmation that follows it (guide 一.3(二), steps 3 to 6, by
//! the desk).

use std::time::Duration;

use jiff::Timestamp;

use super::Turn;
use crate::visit::{
    Act, ActKind, Attestation, CodeRefusal, CodeVerdict, CodesBy, DirectoryRefusal, Fact, Failure,
    IssuedCode, Mobile, Secret, SmsAllowance, SmsRefusal, StepKind, Trouble, Way,
};

impl Turn<'_> {
    /// Sends a code, or the same one again while it is good: delivery is unordered, so two messages must agree. Where the
    /// campus makes the codes, each message has another one.
    pub(super) fn send_code(&mut self) {
        let waiting = [
            ActKind::SendCode,
            ActKind::CheckCode,
            ActKind::ConfirmMember,
        ]
        .into_iter()
        .any(|kind| self.is_under_way(kind));
        if !self.stands_at(StepKind::Verify, Way::Desk) || waiting {
            return;
        }
        let Some(mobile) = self.visit.mobile.clone() else {
            return;
        };
        let accepted = |code: &IssuedCode| code.accepted && code.mobile == mobile;
        if self.visit.code.as_ref().is_some_and(accepted) {
            // The number is proved and only the directory does not know it yet: no other message is needed.
            return self.confirm();
        }
        let now = self.context.now.wall;
        let good = self.visit.code.clone().filter(|code| {
            self.context.reach.codes == CodesBy::Desk && self.is_good(code, &mobile)
        });
        if self
            .visit
            .code
            .as_ref()
            .is_some_and(|code| !self.resend_in(code).is_zero())
        {
            return;
        }
        let allowance = self
            .context
            .limits
            .sms(&mobile, &self.context.rules.sms, now);
        let allowance = match self.told_to_wait(ActKind::SendCode) {
            Some(left) => SmsAllowance::After(left),
            None => allowance,
        };
        let refused = match allowance {
            SmsAllowance::Yes => None,
            SmsAllowance::After(wait) => Some(Failure::Limited {
                retry_after: Some(wait),
            }),
            SmsAllowance::DeskFull => Some(Failure::Rejected(SmsRefusal::DeskFull)),
        };
        if let Some(why) = refused {
            return self.fact(Fact::CodeNotSent { why });
        }
        let (nonce, expires) = match good {
            Some(code) => (code.nonce, code.expires),
            None => (
                self.context.fresh.nonce,
                later(now, self.context.rules.sms.life),
            ),
        };
        self.fact(Fact::CodeIssued {
            effect: self.fresh_effect(),
            nonce,
            mobile: mobile.clone(),
            expires,
        });
        self.effect(Act::SendCode { mobile, nonce }, Duration::ZERO);
    }

    /// What is left of the pause that the SMS service asked for after such an act, while nothing else has happened here.
    fn told_to_wait(&self, what: ActKind) -> Option<Duration> {
        let (at, last) = self.visit.last_trouble.as_ref()?;
        let (of, pause) = match last {
            Trouble::Sms(Failure::Limited { retry_after }) => (ActKind::SendCode, *retry_after),
            Trouble::CodeCheck(Failure::Limited { retry_after }) => {
                (ActKind::CheckCode, *retry_after)
            }
            Trouble::Sms(_)
            | Trouble::CodeCheck(_)
            | Trouble::SignIn(_)
            | Trouble::DeviceGrant(_)
            | Trouble::SomebodyElse
            | Trouble::Directory(_)
            | Trouble::CodeWrong { .. }
            | Trouble::CodeSpent
            | Trouble::FateUnknown
            | Trouble::UnbindUnknown
            | Trouble::OldNumber
            | Trouble::FollowNotSeen
            | Trouble::FollowNotLooked => return None,
        };
        let pause = pause.filter(|_| of == what)?;
        let since = Duration::try_from(self.context.now.wall.duration_since(*at)).ok()?;
        let left = pause.saturating_sub(since);
        (self.visit.trouble.as_ref() == Some(last) && !left.is_zero()).then_some(left)
    }

    pub(super) fn code_answered(&mut self, answer: Result<(), Failure<SmsRefusal>>) {
        if self
            .visit
            .unsettled
            .is_none_or(|asked| asked.what != ActKind::SendCode)
        {
            return;
        }
        match answer {
            Ok(()) => self.fact(Fact::CodeSent),
            Err(why) => self.fact(Fact::CodeNotSent { why }),
        }
    }

    /// An attempt is a fact before its verdict is shown, so that a restart restores none. The screen has said that an
    /// expired or spent code is over: typing one does nothing.
    pub(super) fn type_code(&mut self, typed: Secret) {
        let waiting =
            self.is_under_way(ActKind::CheckCode) || self.is_under_way(ActKind::ConfirmMember);
        if !self.stands_at(StepKind::Verify, Way::Desk) || waiting {
            return;
        }
        let (Some(code), Some(mobile)) = (self.visit.code.clone(), self.visit.mobile.clone())
        else {
            return;
        };
        if !self.is_good(&code, &mobile) {
            return;
        }
        match self.context.reach.codes {
            CodesBy::Desk => {
                let made = self
                    .context
                    .codes
                    .derive(self.visit.id, &code.mobile, code.nonce);
                self.judged(&code, made.is(&typed));
            }
            CodesBy::Campus => self.ask_for_verdict(code.mobile, typed),
        }
    }

    /// Whether the code is right is known: the try counts, and a right one goes on.
    fn judged(&mut self, code: &IssuedCode, right: bool) {
        let used = code.wrong.saturating_add(u8::from(!right));
        self.fact(Fact::CodeTried {
            right,
            left: self.context.rules.sms.tries.saturating_sub(used),
        });
        if right {
            // Whatever became of the message: the student has the code.
            self.cancel(ActKind::SendCode);
            self.fact(Fact::CodeAccepted);
            self.confirm();
        }
    }

    /// Asks the campus whether this is the code that it sent. What it needs for that may come with its answer to the
    /// message, which is waited for.
    fn ask_for_verdict(&mut self, mobile: Mobile, code: Secret) {
        if self.visit.unsettled.is_some() {
            return;
        }
        if let Some(wait) = self.told_to_wait(ActKind::CheckCode) {
            let why = Failure::Limited {
                retry_after: Some(wait),
            };
            return self.fact(Fact::CodeNotChecked { why });
        }
        self.fact(Fact::CodeCheckAsked {
            effect: self.fresh_effect(),
        });
        self.effect(Act::CheckCode { mobile, code }, Duration::ZERO);
    }

    /// The campus judged the code, or did not: a verdict that nobody knows costs no try, and the student types it again.
    pub(super) fn check_answered(&mut self, answer: Result<CodeVerdict, Failure<CodeRefusal>>) {
        if self
            .visit
            .unsettled
            .is_none_or(|asked| asked.what != ActKind::CheckCode)
        {
            return;
        }
        // The code that it is about; none where another number was given meanwhile.
        let code = self
            .visit
            .code
            .clone()
            .filter(|code| Some(&code.mobile) == self.visit.mobile.as_ref());
        match (answer, code) {
            (Ok(verdict), Some(code)) => self.judged(&code, verdict == CodeVerdict::Right),
            (Ok(_), None) => self.fact(Fact::CodeNotChecked {
                why: Failure::Rejected(CodeRefusal::Expired),
            }),
            (Err(why), _) => self.fact(Fact::CodeNotChecked { why }),
        }
    }

    /// Confirms to the directory that the number is verified. Safe to repeat.
    pub(super) fn confirm(&mut self) {
        if let Some(student) = self.visit.student.as_ref().map(|s| s.number.clone()) {
            self.fact(Fact::ConfirmAsked {
                effect: self.fresh_effect(),
            });
            self.effect(Act::ConfirmMember { student }, Duration::ZERO);
        }
    }

    pub(super) fn confirm_answered(&mut self, answer: Result<(), Failure<DirectoryRefusal>>) {
        if self
            .visit
            .unsettled
            .is_none_or(|asked| asked.what != ActKind::ConfirmMember)
        {
            return;
        }
        match answer {
            Ok(()) => {
                self.fact(Fact::Confirmed);
                if !self.visit.has_done(StepKind::Verify) {
                    self.fact(Fact::StepDone {
                        step: StepKind::Verify,
                        word: Attestation::Campus,
                    });
                }
                self.close_if_through();
            }
            Err(why) => {
                self.fact(Fact::ConfirmFailed { why: why.clone() });
                self.queue_failed(ActKind::ConfirmMember, why);
            }
        }
    }

    /// Whether a code can still be typed: for this number, in time, not spent, not used.
    fn is_good(&self, code: &IssuedCode, mobile: &Mobile) -> bool {
        code.mobile == *mobile && code.is_good(self.context.rules.sms.tries, self.context.now.wall)
    }

    fn resend_in(&self, code: &IssuedCode) -> Duration {
        code.resend_in(&self.context.rules.sms, self.context.now.wall)
    }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}
