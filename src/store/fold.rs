//! What the facts add up to: visits, limits, counts by day. The same code runs while the desk works and when sled is
//! built anew, so that both come to the same. No I/O.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::notes::CountedLimit;
use crate::visit::{Counts, Fact, Limits, Mobile, Recorded, StudentNumber, Visit, Way, evolve};

/// A visit and the slot of its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub slot: u32,
    pub visit: Visit,
}

/// Whom a limit is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitSubject {
    Mobile(Mobile),
    Student(StudentNumber),
    /// This desk as a whole.
    Desk,
}

/// What was counted of one number or account, and the hour (since 1970) of the newest moment.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitRow {
    pub hour: u32,
    pub limits: Limits,
}

/// What reaches over visits.
pub struct Tally {
    zone: TimeZone,
    pub limits: BTreeMap<LimitSubject, LimitRow>,
    pub days: BTreeMap<Date, Counts>,
    /// What changed since it was taken last.
    pub touched: Touched,
}

/// What must be written to sled. A limit comes with the hour it was kept under before.
#[derive(Default)]
pub struct Touched {
    pub limits: BTreeMap<LimitSubject, Option<u32>>,
    pub days: BTreeSet<Date>,
}

impl Row {
    /// Folds a fact into a visit, and begins one that is not known: its first record may be the one that was damaged.
    pub fn fold(row: Option<Row>, slot: u32, recorded: &Recorded) -> Row {
        let mut row = row.unwrap_or_else(|| {
            let prefers = match recorded.fact {
                Fact::VisitOpened { prefers } => prefers,
                _ => Way::Desk,
            };
            Row {
                slot,
                visit: Visit::open(recorded.visit, prefers, recorded.at),
            }
        });
        evolve(&mut row.visit, recorded);
        row
    }
}

impl Tally {
    pub fn new(zone: TimeZone) -> Self {
        Tally {
            zone,
            limits: BTreeMap::new(),
            days: BTreeMap::new(),
            touched: Touched::default(),
        }
    }

    /// Counts a fact.
    pub fn note(&mut self, recorded: &Recorded) {
        match &recorded.fact {
            Fact::CodeIssued { mobile, .. } => {
                self.limit(LimitSubject::Mobile(mobile.clone()), recorded);
                self.limit(LimitSubject::Desk, recorded);
            }
            Fact::SignInRefused { student, .. } => {
                self.limit(LimitSubject::Student(student.clone()), recorded);
                self.limit(LimitSubject::Desk, recorded);
            }
            Fact::Identified { student, .. } | Fact::OldIdentified { student } => {
                let whom = LimitSubject::Student(student.number.clone());
                if self.limits.contains_key(&whom) {
                    self.limit(whom, recorded);
                }
            }
            _ => {}
        }
        let mut one = Counts::default();
        one.note(&recorded.fact);
        if one != Counts::default() {
            let day = recorded.at.to_zoned(self.zone.clone()).date();
            self.days.entry(day).or_default().note(&recorded.fact);
            self.touched.days.insert(day);
        }
    }

    /// Lets the core's limits take note, one number or account at a time. A row that comes to nothing goes.
    fn limit(&mut self, whom: LimitSubject, recorded: &Recorded) {
        let before = self.limits.remove(&whom);
        let stored = before.as_ref().map(|row| row.hour);
        self.touched.limits.entry(whom.clone()).or_insert(stored);
        let mut row = before.unwrap_or(LimitRow {
            hour: 0,
            limits: Limits::default(),
        });
        row.hour = row.hour.max(hour(recorded.at));
        match whom {
            LimitSubject::Desk => row.limits.note_desk(recorded),
            LimitSubject::Mobile(_) | LimitSubject::Student(_) => row.limits.note_whose(recorded),
        }
        if row.limits != Limits::default() {
            self.limits.insert(whom, row);
        }
    }

    /// Goes on from what was counted before older segments were dropped.
    pub fn restore(&mut self, days: BTreeMap<Date, Counts>, limits: Option<Vec<CountedLimit>>) {
        self.touched
            .days
            .extend(days.keys().chain(self.days.keys()));
        self.days = days;
        let Some(limits) = limits else { return };
        for (whom, row) in std::mem::take(&mut self.limits) {
            self.touched.limits.entry(whom).or_insert(Some(row.hour));
        }
        for counted in limits {
            if let Some(whom) = read_whom((counted.kind, counted.text)) {
                self.touched.limits.entry(whom.clone()).or_insert(None);
                let (hour, limits) = (counted.hour, counted.limits);
                self.limits.insert(whom, LimitRow { hour, limits });
            }
        }
    }

    /// What was counted so far of numbers and accounts.
    pub fn counted_limits(&self) -> Vec<CountedLimit> {
        let counted = |(whom, row): (&LimitSubject, &LimitRow)| {
            let (kind, text) = whom_text(whom);
            CountedLimit {
                kind,
                text: text.to_owned(),
                hour: row.hour,
                limits: row.limits.clone(),
            }
        };
        self.limits.iter().map(counted).collect()
    }

    /// Forgets what was counted of somebody, however the letters of their number were written.
    pub fn forget(&mut self, whom: &LimitSubject) {
        let is_it = |known: &LimitSubject| match (known, whom) {
            (LimitSubject::Student(known), LimitSubject::Student(whom)) => {
                known.as_str().eq_ignore_ascii_case(whom.as_str())
            }
            _ => known == whom,
        };
        for (known, row) in self.limits.extract_if(.., |known, _| is_it(known)) {
            self.touched.limits.entry(known).or_insert(Some(row.hour));
        }
    }

    /// Drops limits whose newest moment lies before this hour.
    pub fn prune(&mut self, from: u32) {
        self.limits.retain(|_, row| row.hour >= from);
        let limits = &self.limits;
        self.touched
            .limits
            .retain(|whom, before| limits.contains_key(whom) || before.is_some());
    }

    /// The limits as the core asks them.
    pub fn all_limits(&self) -> Limits {
        let mut all = Limits::default();
        for row in self.limits.values() {
            all.absorb(row.limits.clone());
        }
        all
    }
}

/// A limit's kind and number, as rows and notes hold them.
pub fn whom_text(whom: &LimitSubject) -> (u8, &str) {
    match whom {
        LimitSubject::Mobile(mobile) => (0, mobile.as_str()),
        LimitSubject::Student(student) => (1, student.as_str()),
        LimitSubject::Desk => (2, ""),
    }
}

/// Reads what [`whom_text`] gave.
pub fn read_whom((kind, text): (u8, String)) -> Option<LimitSubject> {
    let value = serde_json::Value::String(text);
    match kind {
        0 => serde_json::from_value(value).ok().map(LimitSubject::Mobile),
        1 => serde_json::from_value(value)
            .ok()
            .map(LimitSubject::Student),
        2 => Some(LimitSubject::Desk),
        _ => None,
    }
}

/// The hour since 1970 that a moment lies in.
pub fn hour(at: Timestamp) -> u32 {
    u32::try_from(at.as_second().max(0) / 3600).unwrap_or(u32::MAX)
}

/// A limit looks back a day; an hour more for the hours' granularity.
const LIMIT_HOURS: u32 = 25;

/// The hour from which limits may still matter on this day.
pub fn limits_from_day(today: Date, zone: &TimeZone) -> u32 {
    today
        .to_zoned(zone.clone())
        .map_or(0, |midnight| hour(midnight.timestamp()))
        .saturating_sub(LIMIT_HOURS)
}

/// The hour from which limits still matter at this moment; one more, for the clock may step back a little.
pub fn limits_from_now(now: Timestamp) -> u32 {
    hour(now).saturating_sub(LIMIT_HOURS.saturating_add(1))
}
