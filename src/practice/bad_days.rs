//! What goes wrong on a real day, set and taken back on the practice phone: until then it is so for every call. It lives
//! in memory and a restart ends it. Faults of single calls are [`super::ordered_faults`].
//!
//! `POST /practice/phone/day/{id}` sets a bad day, or takes it back; it returns the phone, which lists all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How late every answer is on a slow day: a wait that is seen, while a sign-in of several calls stays within what the
/// desk waits.
pub const SLOW: Duration = Duration::from_secs(2);
/// The most students about whom a bad day remembers something.
const MOST_REMEMBERED: usize = 500;

/// Something that goes wrong.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum BadDay {
    /// No service of the campus can be reached. Phones have a network of their own.
    NoNetwork,
    /// Messages are taken and none arrives.
    NoSms,
    /// Every account is locked.
    AccountLocked,
    /// The first number that a student gives belongs to somebody else; another one is free.
    NumberTaken,
    /// The directory does not see who follows.
    FollowUnseen,
    /// Every answer is late.
    Slow,
}

impl BadDay {
    /// All of them, in the order of the menu.
    const ALL: &'static [BadDay] = BadDay::VARIANTS;

    /// Its id: the kiosk has its words.
    fn id(self) -> &'static str {
        self.into()
    }

    /// The bad day with this id.
    pub fn of_id(id: &str) -> Option<Self> {
        id.parse().ok()
    }
}

/// The bad days that are set, and what they remember.
#[derive(Clone, Debug, Default)]
pub struct BadDays {
    on: BTreeSet<BadDay>,
    /// By user id: the number that somebody else has.
    taken: BTreeMap<String, String>,
    /// Who follows and is not seen.
    unseen: BTreeSet<String>,
}

impl BadDays {
    /// Whether it is set.
    pub fn is_on(&self, day: BadDay) -> bool {
        self.on.contains(&day)
    }

    /// Sets it, or takes it back: what it remembered is forgotten then.
    pub fn toggle(&mut self, day: BadDay) {
        if self.on.insert(day) {
            return;
        }
        self.on.remove(&day);
        match day {
            BadDay::NumberTaken => self.taken.clear(),
            BadDay::FollowUnseen => self.unseen.clear(),
            BadDay::NoNetwork | BadDay::NoSms | BadDay::AccountLocked | BadDay::Slow => {}
        }
    }

    /// Whether this number belongs to somebody else when this member gives it.
    pub fn takes(&mut self, userid: &str, mobile: &str) -> bool {
        if !self.is_on(BadDay::NumberTaken) {
            return false;
        }
        let userid = userid.to_ascii_lowercase();
        if !self.taken.contains_key(&userid) && self.taken.len() < MOST_REMEMBERED {
            self.taken.insert(userid.clone(), mobile.to_owned());
        }
        self.taken.get(&userid).is_some_and(|taken| taken == mobile)
    }

    /// This member has become active by following.
    pub fn followed(&mut self, userid: &str) {
        if self.is_on(BadDay::FollowUnseen) && self.unseen.len() < MOST_REMEMBERED {
            self.unseen.insert(userid.to_ascii_lowercase());
        }
    }

    /// Whether the directory does not see that this member is active.
    pub fn hides(&self, userid: &str) -> bool {
        self.unseen.contains(&userid.to_ascii_lowercase())
    }

    /// All of them as the phone lists them: `[{"id": "slow", "on": false}]`.
    pub fn listed(&self) -> Value {
        let all = BadDay::ALL.iter().copied();
        all.map(|day| json!({ "id": day.id(), "on": self.is_on(day) }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kiosk's words and a volunteer's notes are kept by these.
    #[test]
    fn the_ids_stay() {
        let ids: Vec<&str> = BadDay::ALL.iter().map(|day| day.id()).collect();
        let expected = [
            "no-network",
            "no-sms",
            "account-locked",
            "number-taken",
            "follow-unseen",
            "slow",
        ];
        assert_eq!(ids, expected);
        assert_eq!(BadDay::of_id("NoSms"), None);
    }

    #[test]
    fn what_was_set_is_taken_back_with_all_that_it_remembered() {
        let mut days = BadDays::default();
        for day in BadDay::ALL.iter().copied() {
            assert_eq!(BadDay::of_id(day.id()), Some(day));
            assert!(!days.is_on(day));
            days.toggle(day);
            assert!(days.is_on(day));
        }
        assert!(days.takes("A1", "13800138000"), "the first one given");
        assert!(!days.takes("a1", "13900139000"), "another one is free");
        assert!(days.takes("a1", "13800138000"), "and stays taken");
        days.followed("A1");
        assert!(days.hides("a1") && !days.hides("a2"));
        BadDay::ALL.iter().for_each(|day| days.toggle(*day));
        assert!(!days.takes("a1", "13800138000") && !days.hides("a1"));
        days.followed("a1");
        assert!(!days.hides("a1"), "seen as on any day");
    }
}
