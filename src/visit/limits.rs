//! Counters that reach over visits: codes sent to a number and from this desk, failed sign-ins of an account and at this
//! desk. Folded from facts like a visit is, so a restart does not reset them; what is older than a day is dropped.

mod plain;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Counted, Failure, LimitKeys, LimitTag, Mobile, Proof, Recorded, SignInRefusal, SmsPolicy,
    StudentNumber,
};

pub use plain::PlainLimits;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Refused sign-ins of one account within [`SIGN_IN_WINDOW`] until the desk itself asks for a pause: most campuses lock
/// an account at five or more, and the student must not be the one who finds out.
const SIGN_IN_TRIES: usize = 4;
const SIGN_IN_WINDOW: Duration = Duration::from_secs(600);
/// Refused sign-ins at this desk within [`SIGN_IN_WINDOW`], whatever the account, until each further one waits: many times
/// what a queue of honest students makes, and too few to try one password on every account.
const DESK_TRIES: usize = 30;
/// How long after the last refusal a sign-in is then kept back: as many tries as the window has, one after the other.
const SLOWED: Duration = Duration::from_secs(20);
/// The most moments kept of one counter: more than any limit counts.
const MOST_MOMENTS: usize = 1024;

/// The moments that matter, by number and by account; both are known by their tags alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// What makes the tags; not written.
    #[serde(skip)]
    keys: LimitKeys,
    codes: BTreeMap<LimitTag, Vec<Timestamp>>,
    refusals: BTreeMap<LimitTag, Vec<Timestamp>>,
    /// Accounts that the service asked not to try again for so long.
    held: BTreeMap<LimitTag, Held>,
    desk_codes: Vec<Timestamp>,
    desk_refusals: Vec<Timestamp>,
}

/// A pause that was asked for, and when.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Held {
    at: Timestamp,
    pause: Duration,
}

impl Held {
    fn left(&self, now: Timestamp) -> Duration {
        self.pause.min(DAY).saturating_sub(age(now, self.at))
    }
}

/// Whether another code may be sent to a number now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsAllowance {
    /// It may be sent.
    Yes,
    /// Not before this long.
    After(Duration),
    /// This number may have one, but the desk has sent its share.
    DeskFull,
}

impl Limits {
    /// Nothing counted yet.
    pub fn new(keys: LimitKeys) -> Self {
        Limits {
            keys,
            ..Limits::default()
        }
    }

    /// The same limits, with the keys that make their tags: they are not written beside them.
    pub fn with_keys(self, keys: LimitKeys) -> Self {
        Limits { keys, ..self }
    }

    /// Whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
            && self.refusals.is_empty()
            && self.held.is_empty()
            && self.desk_codes.is_empty()
            && self.desk_refusals.is_empty()
    }

    /// Folds a fact in.
    pub fn count(&mut self, recorded: &Recorded) {
        self.count_for_subject(recorded);
        self.count_for_desk(recorded);
    }

    /// What a fact counts for this desk as a whole.
    pub fn count_for_desk(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        match recorded.fact.counted() {
            Some(Counted::CodeIssued(_)) => note(&mut self.desk_codes, at, HOUR),
            Some(Counted::SignInRefused(_, why)) => {
                if is_wrong_password(why) {
                    note(&mut self.desk_refusals, at, SIGN_IN_WINDOW);
                }
            }
            Some(
                Counted::VisitOpened
                | Counted::Parked
                | Counted::Closed(_)
                | Counted::Identified(..),
            )
            | None => {}
        }
    }

    /// What a fact counts for the number or account that it is about.
    pub fn count_for_subject(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        match recorded.fact.counted() {
            Some(Counted::CodeIssued(mobile)) => self.count_code(mobile, at),
            Some(Counted::SignInRefused(student, why)) => match why {
                Failure::Limited {
                    retry_after: Some(pause),
                } => {
                    let held = Held { at, pause: *pause };
                    let tag = self.keys.student(student).first().copied();
                    self.held.extend(tag.map(|tag| (tag, held)));
                }
                // The password was right.
                Failure::Rejected(
                    SignInRefusal::MustChange
                    | SignInRefusal::OtherNumber
                    | SignInRefusal::NotAStudent,
                ) => self.forgive(student),
                why if is_wrong_password(why) => self.count_refusal(student, at),
                Failure::Offline
                | Failure::Unavailable
                | Failure::Rejected(_)
                | Failure::Limited { retry_after: None }
                | Failure::Misconfigured(_) => {}
            },
            Some(Counted::Identified(student, Proof::SignIn)) => self.forgive(student),
            Some(
                Counted::Identified(_, Proof::Volunteer)
                | Counted::VisitOpened
                | Counted::Parked
                | Counted::Closed(_),
            )
            | None => {}
        }
    }

    /// Counts a code that is about to be sent.
    pub fn count_code(&mut self, mobile: &Mobile, at: Timestamp) {
        if let Some(tag) = self.keys.mobile(mobile).first() {
            note(self.codes.entry(*tag).or_default(), at, DAY);
        }
    }

    /// Counts a refused sign-in.
    pub fn count_refusal(&mut self, student: &StudentNumber, at: Timestamp) {
        if let Some(tag) = self.keys.student(student).first() {
            note(self.refusals.entry(*tag).or_default(), at, DAY);
        }
    }

    /// A right password: the account's refusals are forgotten.
    pub fn forgive(&mut self, student: &StudentNumber) {
        for tag in self.keys.student(student) {
            self.refusals.remove(&tag);
            self.held.remove(&tag);
        }
    }

    /// Nothing that was counted of this account or phone is known any more.
    pub fn forget(&mut self, tag: LimitTag) {
        self.codes.remove(&tag);
        self.refusals.remove(&tag);
        self.held.remove(&tag);
    }

    /// Takes over what was counted elsewhere, of other numbers and accounts.
    pub fn absorb(&mut self, other: Limits) {
        self.codes.extend(other.codes);
        self.refusals.extend(other.refusals);
        self.held.extend(other.held);
        self.desk_codes.extend(other.desk_codes);
        self.desk_refusals.extend(other.desk_refusals);
    }

    /// Drops what no limit looks at any more.
    pub fn prune(&mut self, now: Timestamp) {
        for moments in self.codes.values_mut().chain(self.refusals.values_mut()) {
            moments.retain(|at| age(now, *at) < DAY);
        }
        self.codes.retain(|_, moments| !moments.is_empty());
        self.refusals.retain(|_, moments| !moments.is_empty());
        self.held.retain(|_, held| !held.left(now).is_zero());
        self.desk_codes.retain(|at| age(now, *at) < HOUR);
        self.desk_refusals
            .retain(|at| age(now, *at) < SIGN_IN_WINDOW);
    }

    /// Whether the policy lets another code go to this number, from this desk.
    pub fn sms(&self, mobile: &Mobile, policy: &SmsPolicy, now: Timestamp) -> SmsAllowance {
        let moments = moments_of(&self.codes, &self.keys.mobile(mobile));
        let desk = &self.desk_codes;
        let hour = wait_for_room(&moments, policy.per_hour as usize, HOUR, now);
        let wait = hour.max(wait_for_room(&moments, policy.per_day as usize, DAY, now));
        if !wait.is_zero() {
            SmsAllowance::After(wait)
        } else if wait_for_room(desk, policy.desk_per_hour as usize, HOUR, now).is_zero() {
            SmsAllowance::Yes
        } else {
            SmsAllowance::DeskFull
        }
    }

    /// How long a sign-in is kept back for what others got wrong at this desk: it slows the keyboard down for everybody,
    /// and closes it to nobody. Zero for now.
    pub fn sign_in_slowed(&self, now: Timestamp) -> Duration {
        let of_late = |at: &&Timestamp| age(now, **at) < SIGN_IN_WINDOW;
        match self.desk_refusals.last() {
            Some(last) if self.desk_refusals.iter().filter(of_late).count() >= DESK_TRIES => {
                SLOWED.saturating_sub(age(now, *last))
            }
            Some(_) | None => Duration::ZERO,
        }
    }

    /// A volunteer is there: what the desk itself counts begins anew. Those of numbers and accounts stand.
    pub fn lift_desk(&mut self) {
        self.desk_codes.clear();
        self.desk_refusals.clear();
    }

    /// How long this account should wait before it is tried here again; zero for now.
    pub fn sign_in_wait(&self, student: &StudentNumber, now: Timestamp) -> Duration {
        let tags = self.keys.student(student);
        let refusals = moments_of(&self.refusals, &tags);
        let held = tags.iter().filter_map(|tag| self.held.get(tag));
        let held = held.map(|held| held.left(now)).max();
        wait_for_room(&refusals, SIGN_IN_TRIES, SIGN_IN_WINDOW, now).max(held.unwrap_or_default())
    }
}

/// What was counted under any of these tags, the oldest first.
fn moments_of(counted: &BTreeMap<LimitTag, Vec<Timestamp>>, tags: &[LimitTag]) -> Vec<Timestamp> {
    let known: Vec<&Vec<Timestamp>> = tags.iter().filter_map(|tag| counted.get(tag)).collect();
    let mut moments: Vec<Timestamp> = known.iter().flat_map(|of| of.iter().copied()).collect();
    // As they were counted, but for what stands under two keys.
    if known.len() > 1 {
        moments.sort_unstable();
    }
    moments
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

/// Only a wrong password counts towards the pause: the other refusals are no guesses.
fn is_wrong_password(why: &Failure<SignInRefusal>) -> bool {
    *why == Failure::Rejected(SignInRefusal::WrongPassword)
}

fn note(moments: &mut Vec<Timestamp>, at: Timestamp, window: Duration) {
    moments.retain(|old| age(at, *old) < window);
    // Bounded whatever a replayed journal holds; the newest are the ones that count.
    if moments.len() >= MOST_MOMENTS {
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
    use crate::visit::Fact;

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
            limits.count_code(&mobile, at(n * 60));
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
            limits.count_code(&mobile, at(4000 + n * 60));
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
            limits.count_code(&mobile, at(n));
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
            limits.count_refusal(&student, at(n));
        }
        assert_eq!(
            limits.sign_in_wait(&student, at(100)),
            Duration::from_secs(500)
        );
        limits.forgive(&student);
        assert!(limits.sign_in_wait(&student, at(100)).is_zero());
    }

    fn rule() -> crate::visit::StudentNumberRule {
        crate::visit::StudentNumberRule {
            min: 1,
            max: 20,
            letters: false,
        }
    }

    fn refused(n: u32, why: Failure<SignInRefusal>, secs: i64) -> Recorded {
        let student = StudentNumber::parse(&format!("{n}"), &rule()).unwrap();
        let fact = Fact::SignInRefused { student, why };
        Recorded::new(crate::visit::VisitId(1), at(secs), fact)
    }

    #[test]
    fn a_word_tried_on_many_accounts_slows_the_desk_and_closes_it_to_nobody() {
        let mut limits = Limits::default();
        let newcomer = StudentNumber::parse("999", &rule()).unwrap();
        for n in 0..30 {
            assert!(limits.sign_in_slowed(at(i64::from(n))).is_zero());
            let wrong = Failure::Rejected(SignInRefusal::WrongPassword);
            limits.count(&refused(n, wrong, i64::from(n)));
        }
        let secs = Duration::from_secs;
        assert!(limits.sign_in_wait(&newcomer, at(30)).is_zero());
        assert_eq!(limits.sign_in_slowed(at(30)), secs(19));
        assert_eq!(limits.sign_in_slowed(at(49)), secs(0));
        // Where the clock stepped back it is no longer than the pause.
        assert_eq!(limits.sign_in_slowed(at(-5000)), secs(20));
        // A right password on one account does not forgive the desk; a volunteer does.
        limits.forgive(&newcomer);
        assert_eq!(limits.sign_in_slowed(at(30)), secs(19));
        let mut lifted = limits.clone();
        lifted.lift_desk();
        assert!(lifted.sign_in_slowed(at(30)).is_zero());
        assert!(limits.sign_in_slowed(at(629)).is_zero());
    }

    #[test]
    fn a_desk_sends_so_many_codes_an_hour_and_no_more() {
        let policy = SmsPolicy {
            desk_per_hour: 3,
            ..SmsPolicy::default()
        };
        let mut limits = Limits::default();
        let mobile = |n: u32| Mobile::parse(&format!("1380013{n:04}")).unwrap();
        for n in 0..3 {
            assert_eq!(limits.sms(&mobile(n), &policy, at(0)), SmsAllowance::Yes);
            limits.count(&Recorded::new(
                crate::visit::VisitId(1),
                at(0),
                Fact::CodeIssued {
                    effect: crate::visit::EffectId(1),
                    nonce: crate::visit::Nonce(1),
                    mobile: mobile(n),
                    expires: at(300),
                },
            ));
        }
        assert_eq!(
            limits.sms(&mobile(9), &policy, at(0)),
            SmsAllowance::DeskFull
        );
        let mut lifted = limits.clone();
        lifted.lift_desk();
        assert_eq!(lifted.sms(&mobile(9), &policy, at(0)), SmsAllowance::Yes);
        assert_eq!(limits.sms(&mobile(9), &policy, at(3600)), SmsAllowance::Yes);
    }

    #[test]
    fn a_right_password_that_must_be_changed_forgives() {
        let mut limits = Limits::default();
        let number = StudentNumber::parse("1", &rule()).unwrap();
        for n in 0..4 {
            let wrong = Failure::Rejected(SignInRefusal::WrongPassword);
            limits.count(&refused(1, wrong, n));
        }
        assert!(!limits.sign_in_wait(&number, at(4)).is_zero());
        for why in [
            SignInRefusal::MustChange,
            SignInRefusal::OtherNumber,
            SignInRefusal::NotAStudent,
        ] {
            let mut limits = limits.clone();
            limits.count(&refused(1, Failure::Rejected(why), 4));
            assert!(limits.sign_in_wait(&number, at(4)).is_zero(), "{why:?}");
        }
    }

    #[test]
    fn the_pause_that_a_service_asks_for_is_kept_for_its_account() {
        let mut limits = Limits::default();
        let pause = Duration::from_secs(90);
        let told = Failure::Limited {
            retry_after: Some(pause),
        };
        limits.count(&refused(1, told, 0));
        let number = |n: &str| StudentNumber::parse(n, &rule()).unwrap();
        assert_eq!(limits.sign_in_wait(&number("1"), at(0)), pause);
        assert!(limits.sign_in_wait(&number("2"), at(0)).is_zero());
        assert!(limits.sign_in_wait(&number("1"), at(90)).is_zero());
        limits.prune(at(90));
        assert_eq!(limits, Limits::default());
    }
}
