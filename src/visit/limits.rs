//! Counters that reach over visits: codes sent to a number, failed sign-ins of an account. Folded from facts like a
//! visit is, so a restart does not reset them; what is older than a day is dropped.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Fact, Failure, Mobile, Proof, Recorded, SignInRefusal, SmsPolicy, StudentNumber};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Refused sign-ins of one account within [`SIGN_IN_WINDOW`] until the desk itself asks for a pause: most campuses lock
/// an account at five or more, and the student must not be the one who finds out.
const SIGN_IN_TRIES: usize = 4;
const SIGN_IN_WINDOW: Duration = Duration::from_secs(600);

/// The moments that matter, by number and by account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    codes: BTreeMap<Mobile, Vec<Timestamp>>,
    refusals: BTreeMap<StudentNumber, Vec<Timestamp>>,
}

/// Whether another code may be sent to a number now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsAllowance {
    Yes,
    /// Not before this long.
    After(Duration),
}

impl Limits {
    /// Folds a fact in.
    pub fn note(&mut self, recorded: &Recorded) {
        match &recorded.fact {
            Fact::CodeIssued { mobile, .. } => self.note_code(mobile, recorded.at),
            Fact::SignInRefused {
                student,
                why: Failure::Rejected(SignInRefusal::WrongPassword),
            } => {
                self.note_refusal(student, recorded.at);
            }
            Fact::Identified {
                student,
                proof: Proof::SignIn,
            }
            | Fact::OldIdentified { student } => self.forgive(&student.number),
            _ => {}
        }
    }

    /// Counts a code that is about to be sent.
    pub fn note_code(&mut self, mobile: &Mobile, at: Timestamp) {
        note(self.codes.entry(mobile.clone()).or_default(), at, DAY);
    }

    /// Counts a refused sign-in.
    pub fn note_refusal(&mut self, student: &StudentNumber, at: Timestamp) {
        note(self.refusals.entry(student.clone()).or_default(), at, DAY);
    }

    /// A right password: the account's refusals are forgotten.
    pub fn forgive(&mut self, student: &StudentNumber) {
        self.refusals.remove(student);
    }

    /// Takes over what was counted elsewhere, of other numbers and accounts.
    pub fn absorb(&mut self, other: Limits) {
        self.codes.extend(other.codes);
        self.refusals.extend(other.refusals);
    }

    /// Drops what no limit looks at any more.
    pub fn prune(&mut self, now: Timestamp) {
        for moments in self.codes.values_mut().chain(self.refusals.values_mut()) {
            moments.retain(|at| age(now, *at) < DAY);
        }
        self.codes.retain(|_, moments| !moments.is_empty());
        self.refusals.retain(|_, moments| !moments.is_empty());
    }

    /// Whether the policy lets another code go to this number.
    pub fn sms(&self, mobile: &Mobile, policy: &SmsPolicy, now: Timestamp) -> SmsAllowance {
        let Some(moments) = self.codes.get(mobile) else {
            return SmsAllowance::Yes;
        };
        let wait = [(policy.per_hour, HOUR), (policy.per_day, DAY)]
            .into_iter()
            .map(|(most, window)| wait_for_room(moments, most as usize, window, now))
            .max()
            .unwrap_or_default();
        if wait.is_zero() {
            SmsAllowance::Yes
        } else {
            SmsAllowance::After(wait)
        }
    }

    /// How long this account should wait before it is tried here again; zero for now.
    pub fn sign_in_wait(&self, student: &StudentNumber, now: Timestamp) -> Duration {
        self.refusals
            .get(student)
            .map(|moments| wait_for_room(moments, SIGN_IN_TRIES, SIGN_IN_WINDOW, now))
            .unwrap_or_default()
    }
}

/// How long until fewer than `most` moments lie within the window.
fn wait_for_room(moments: &[Timestamp], most: usize, window: Duration, now: Timestamp) -> Duration {
    let recent: Vec<Timestamp> = moments
        .iter()
        .copied()
        .filter(|at| age(now, *at) < window)
        .collect();
    match recent.len().checked_sub(most) {
        None => Duration::ZERO,
        // Where none at all is allowed there is no first one in the way.
        Some(first) => {
            window.saturating_sub(recent.get(first).map_or(Duration::ZERO, |at| age(now, *at)))
        }
    }
}

fn note(moments: &mut Vec<Timestamp>, at: Timestamp, window: Duration) {
    moments.retain(|old| age(at, *old) < window);
    // Bounded whatever a replayed journal holds; the newest are the ones that count.
    if moments.len() >= 64 {
        moments.remove(0);
    }
    moments.push(at);
}

/// How old a moment is; zero where the wall clock stepped back behind it, so that it still counts.
fn age(now: Timestamp, at: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + secs).unwrap()
    }

    #[test]
    fn five_an_hour_and_ten_a_day() {
        let mobile = Mobile::parse("13800138000").unwrap();
        let policy = SmsPolicy::default();
        let mut limits = Limits::default();
        for n in 0..5 {
            assert_eq!(limits.sms(&mobile, &policy, at(n * 60)), SmsAllowance::Yes);
            limits.note_code(&mobile, at(n * 60));
        }
        assert_eq!(
            limits.sms(&mobile, &policy, at(300)),
            SmsAllowance::After(Duration::from_secs(3300))
        );
        for n in 0..5 {
            assert_eq!(
                limits.sms(&mobile, &policy, at(4000 + n * 60)),
                SmsAllowance::Yes
            );
            limits.note_code(&mobile, at(4000 + n * 60));
        }
        assert_eq!(
            limits.sms(&mobile, &policy, at(9000)),
            SmsAllowance::After(Duration::from_secs(86_400 - 9000))
        );
        assert_eq!(limits.sms(&mobile, &policy, at(86_401)), SmsAllowance::Yes);
    }

    #[test]
    fn a_clock_that_steps_back_gives_no_codes_away() {
        let mobile = Mobile::parse("13800138000").unwrap();
        let mut limits = Limits::default();
        for n in 0..5 {
            limits.note_code(&mobile, at(n));
        }
        assert!(matches!(
            limits.sms(&mobile, &SmsPolicy::default(), at(-5000)),
            SmsAllowance::After(_)
        ));
    }

    #[test]
    fn refusals_pause_an_account_and_a_right_password_forgives() {
        let rule = crate::visit::StudentNumberRule {
            min: 1,
            max: 20,
            letters: false,
        };
        let student = StudentNumber::parse("20260001", &rule).unwrap();
        let mut limits = Limits::default();
        for n in 0..4 {
            assert!(limits.sign_in_wait(&student, at(n)).is_zero());
            limits.note_refusal(&student, at(n));
        }
        assert_eq!(
            limits.sign_in_wait(&student, at(100)),
            Duration::from_secs(500)
        );
        limits.forgive(&student);
        assert!(limits.sign_in_wait(&student, at(100)).is_zero());
    }
}
