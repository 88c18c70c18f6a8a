//! The fold of the facts: visits, limits, counts by day. The same code runs while the desk works and when the projection
//! is rebuilt, so that both come to the same. No I/O.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::notes::{CountedLimit, CountedTag};
use crate::visit::{
    Counted, Counts, Fact, LimitKeys, LimitTag, Limits, Mobile, Recorded, StudentNumber, Visit,
    Way, evolve,
};

/// A visit and the slot of its key, as the projection stores them.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredVisit {
    /// The slot of the visit's key.
    pub slot: u32,
    /// The visit as its facts make it.
    pub visit: Visit,
}

/// The subject of a limit. Phones and accounts are known by their tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitSubject {
    /// A phone: how many codes it was sent.
    Mobile(LimitTag),
    /// An account: how many sign-ins were refused.
    Student(LimitTag),
    /// This desk as a whole.
    Desk,
}

/// What was counted of one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitRow {
    /// The hour (since 1970) of the newest moment.
    pub hour: u32,
    /// The counted moments.
    pub limits: Limits,
}

/// What is counted over all visits.
pub struct Tally {
    zone: TimeZone,
    keys: LimitKeys,
    /// The limits by subject.
    pub limits: BTreeMap<LimitSubject, LimitRow>,
    /// The counts by local date.
    pub days: BTreeMap<Date, Counts>,
    /// What changed since the projection was written.
    pub touched: TallyChanges,
}

/// What must be written to the projection.
#[derive(Default)]
pub struct TallyChanges {
    /// Changed limits, with the hour that they are stored under.
    pub limits: BTreeMap<LimitSubject, Option<u32>>,
    /// Days with changed counts.
    pub days: BTreeSet<Date>,
}

impl StoredVisit {
    /// Folds a fact into a visit. An unknown visit is opened by any fact, for the record of its first may be damaged.
    pub fn fold(row: Option<StoredVisit>, slot: u32, recorded: &Recorded) -> StoredVisit {
        let mut row = row.unwrap_or_else(|| {
            let prefers = if let Fact::VisitOpened { prefers } = recorded.fact {
                prefers
            } else {
                Way::Desk
            };
            StoredVisit {
                slot,
                visit: Visit::open(recorded.visit, prefers, recorded.at),
            }
        });
        evolve(&mut row.visit, recorded);
        row
    }
}

impl Tally {
    /// Nothing counted yet; days are counted in this time zone, numbers and accounts by these keys.
    pub fn new(zone: TimeZone, keys: LimitKeys) -> Self {
        Tally {
            zone,
            keys,
            limits: BTreeMap::new(),
            days: BTreeMap::new(),
            touched: TallyChanges::default(),
        }
    }

    /// Counts a fact.
    pub fn count_fact(&mut self, recorded: &Recorded) {
        match recorded.fact.counted() {
            Some(Counted::CodeIssued(mobile)) => {
                if let Some(tag) = self.keys.mobile(mobile).first() {
                    self.count_limit(LimitSubject::Mobile(*tag), recorded);
                }
                self.count_limit(LimitSubject::Desk, recorded);
            }
            Some(Counted::SignInRefused(student, _)) => {
                if let Some(tag) = self.keys.student(student).first() {
                    self.count_limit(LimitSubject::Student(*tag), recorded);
                }
                self.count_limit(LimitSubject::Desk, recorded);
            }
            Some(Counted::Identified(student, _)) => {
                for subject in self.subjects_of_student(student) {
                    if self.limits.contains_key(&subject) {
                        self.count_limit(subject, recorded);
                    }
                }
            }
            Some(Counted::VisitOpened | Counted::Parked | Counted::Closed(_)) | None => {}
        }
        let mut one = Counts::default();
        one.count(&recorded.fact);
        if one != Counts::default() {
            let day = recorded.at.to_zoned(self.zone.clone()).date();
            self.days.entry(day).or_default().count(&recorded.fact);
            self.touched.days.insert(day);
        }
    }

    /// Counts a fact in the limit of one subject. A row without a moment is removed.
    fn count_limit(&mut self, subject: LimitSubject, recorded: &Recorded) {
        let before = self.limits.remove(&subject);
        let stored = before.as_ref().map(|row| row.hour);
        self.touched.limits.entry(subject).or_insert(stored);
        let mut row = before.unwrap_or_else(|| LimitRow {
            hour: 0,
            limits: Limits::new(self.keys.clone()),
        });
        row.hour = row.hour.max(hour(recorded.at));
        match subject {
            LimitSubject::Desk => row.limits.count_for_desk(recorded),
            LimitSubject::Mobile(_) | LimitSubject::Student(_) => {
                row.limits.count_for_subject(recorded)
            }
        }
        if !row.limits.is_empty() {
            self.limits.insert(subject, row);
        }
    }

    /// An account as a subject, by each of the keys.
    pub fn subjects_of_student(&self, student: &StudentNumber) -> Vec<LimitSubject> {
        let tags = self.keys.student(student).into_iter();
        tags.map(LimitSubject::Student).collect()
    }

    /// A phone as a subject, by each of the keys.
    pub fn subjects_of_mobile(&self, mobile: &Mobile) -> Vec<LimitSubject> {
        let tags = self.keys.mobile(mobile).into_iter();
        tags.map(LimitSubject::Mobile).collect()
    }

    /// Takes over a row that was stored.
    pub fn put_row(&mut self, subject: LimitSubject, hour: u32, limits: Limits) {
        let limits = limits.with_keys(self.keys.clone());
        self.limits.insert(subject, LimitRow { hour, limits });
    }

    /// Starts from what was counted before older segments were dropped: by tags, or by plain numbers where an earlier
    /// program counted.
    pub fn restore(
        &mut self,
        days: BTreeMap<Date, Counts>,
        plain: Option<Vec<CountedLimit>>,
        tagged: Option<Vec<CountedTag>>,
    ) {
        self.touched
            .days
            .extend(days.keys().chain(self.days.keys()));
        self.days = days;
        if plain.is_none() && tagged.is_none() {
            return;
        }
        for (subject, row) in std::mem::take(&mut self.limits) {
            self.touched.limits.entry(subject).or_insert(Some(row.hour));
        }
        for counted in plain.into_iter().flatten() {
            if let Some(subject) = self.parse_plain_subject(counted.kind, counted.text) {
                self.touched.limits.entry(subject).or_insert(None);
                self.put_row(subject, counted.hour, counted.limits.tagged(&self.keys));
            }
        }
        for counted in tagged.into_iter().flatten() {
            if let Some(subject) = parse_limit_subject(counted.kind, counted.tag) {
                self.touched.limits.entry(subject).or_insert(None);
                self.put_row(subject, counted.hour, counted.limits);
            }
        }
    }

    /// The subject as an earlier program wrote it, by its plain number; `None` for an unknown kind or no number.
    fn parse_plain_subject(&self, kind: u8, text: String) -> Option<LimitSubject> {
        let value = serde_json::Value::String(text);
        let subjects = match kind {
            0 => self.subjects_of_mobile(&serde_json::from_value(value).ok()?),
            1 => self.subjects_of_student(&serde_json::from_value(value).ok()?),
            2 => vec![LimitSubject::Desk],
            _ => Vec::new(),
        };
        subjects.first().copied()
    }

    /// The limits, as a note of the store's holds them.
    pub fn counted_limits(&self) -> Vec<CountedTag> {
        let counted = |(subject, row): (&LimitSubject, &LimitRow)| {
            let (kind, tag) = limit_subject_parts(*subject);
            CountedTag {
                kind,
                tag,
                hour: row.hour,
                limits: row.limits.clone(),
            }
        };
        self.limits.iter().map(counted).collect()
    }

    /// Removes what was counted of a subject.
    pub fn forget(&mut self, subject: LimitSubject) {
        if let Some(row) = self.limits.remove(&subject) {
            self.touched.limits.entry(subject).or_insert(Some(row.hour));
        }
    }

    /// Removes limits whose newest moment is before this hour (since 1970).
    pub fn prune(&mut self, from: u32) {
        self.limits.retain(|_, row| row.hour >= from);
        let limits = &self.limits;
        self.touched
            .limits
            .retain(|subject, before| limits.contains_key(subject) || before.is_some());
    }

    /// All limits together, for the core.
    pub fn all_limits(&self) -> Limits {
        let mut all = Limits::new(self.keys.clone());
        for row in self.limits.values() {
            all.absorb(row.limits.clone());
        }
        all
    }
}

/// The kind and the tag of a limit's subject, as rows and notes hold them; the desk's own tag is blank.
pub fn limit_subject_parts(subject: LimitSubject) -> (u8, LimitTag) {
    match subject {
        LimitSubject::Mobile(tag) => (0, tag),
        LimitSubject::Student(tag) => (1, tag),
        LimitSubject::Desk => (2, LimitTag::default()),
    }
}

/// The subject from its [`limit_subject_parts`]; `None` for an unknown kind.
pub fn parse_limit_subject(kind: u8, tag: LimitTag) -> Option<LimitSubject> {
    match kind {
        0 => Some(LimitSubject::Mobile(tag)),
        1 => Some(LimitSubject::Student(tag)),
        2 => Some(LimitSubject::Desk),
        _ => None,
    }
}

/// The hour (since 1970) of a moment.
pub fn hour(at: Timestamp) -> u32 {
    u32::try_from(at.as_second().max(0) / 3600).unwrap_or(u32::MAX)
}

/// How far a limit looks back, in hours: a day, and one hour for the rounding.
const LIMIT_HOURS: u32 = 25;

/// The first hour (since 1970) whose limits may still count on this day.
pub fn limits_from_day(today: Date, zone: &TimeZone) -> u32 {
    today
        .to_zoned(zone.clone())
        .map_or(0, |midnight| hour(midnight.timestamp()))
        .saturating_sub(LIMIT_HOURS)
}

/// The first hour (since 1970) whose limits still count at this moment; one hour more, for a clock that is set back.
pub fn limits_from_now(now: Timestamp) -> u32 {
    hour(now).saturating_sub(LIMIT_HOURS.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::notes::StoreNote;

    /// As an earlier program wrote it: an account with four refused sign-ins, by its plain number.
    const PLAIN: &str = r#"{"counted":{"from":1,"days":{},"limits":[{"kind":1,"text":"B26x1","hour":496056,
        "limits":{"codes":{},"refusals":{"B26x1":["2026-08-04T00:00:00Z","2026-08-04T00:00:01Z",
        "2026-08-04T00:00:02Z","2026-08-04T00:00:03Z"]},"held":{},"desk_codes":[],"desk_refusals":[]}}]}}"#;

    fn restored(note: StoreNote, keys: LimitKeys) -> Tally {
        let mut tally = Tally::new(TimeZone::UTC, keys);
        let StoreNote::Counted {
            days,
            limits,
            tagged,
            ..
        } = note
        else {
            panic!("{note:?}");
        };
        tally.restore(days, limits, tagged);
        tally
    }

    #[test]
    fn limits_by_plain_numbers_are_read_and_written_by_tags() {
        let number = StudentNumber::from_campus("b26X1");
        let now: Timestamp = "2026-08-04T00:00:09Z".parse().unwrap();
        let waits = |tally: &Tally| !tally.all_limits().sign_in_wait(&number, now).is_zero();
        let old = LimitKeys::new([[3; 32]]);
        let read = restored(serde_json::from_str(PLAIN).unwrap(), old);
        assert!(waits(&read));
        let note = StoreNote::Counted {
            from: 2,
            days: BTreeMap::new(),
            limits: None,
            tagged: Some(read.counted_limits()),
        };
        let text = serde_json::to_string(&note).unwrap();
        assert!(!text.contains("B26"), "{text}");
        // Also once the desk has another key.
        let keys = LimitKeys::new([[4; 32], [3; 32]]);
        let mut again = restored(serde_json::from_str(&text).unwrap(), keys);
        assert!(waits(&again));
        for subject in again.subjects_of_student(&number) {
            again.forget(subject);
        }
        assert!(!waits(&again) && again.limits.is_empty());
    }
}
