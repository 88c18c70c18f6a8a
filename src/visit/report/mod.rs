//! A day in numbers: how many students were served, how their visits ended, how long they took, where they stopped and
//! what the campus answered. It names no person. [`ReportFold`] makes it of the journal's facts. Pure.

mod days;
mod fold;
mod followed;
mod reading;
mod sums;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ActKind, Connectivity, Gateway, Outcome, StepKind, Trouble, VisitId};

pub use days::{MOST_DAYS, ReportDays};
pub use fold::ReportFold;

/// The quarter hours of a day.
pub const QUARTERS: usize = 96;

/// The days of a report in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayReport {
    /// The first day, local.
    pub first: Date,
    /// The last day, local; included.
    pub last: Date,
    /// All days together. A student who came on two days was served twice.
    pub total: DayTotals,
    /// Each day by itself.
    pub days: Vec<(Date, DayTotals)>,
    /// The quarter hours of the day from midnight on, [`QUARTERS`] of them; of several days, their sums.
    pub quarters: Vec<QuarterHour>,
    /// How long those took that ended bound, seen or by word.
    pub spent: TimeSpent,
    /// Where students stopped, the most frequent first.
    pub stops: Vec<StopCount>,
    /// What the campus answered, by act, the most frequent first.
    pub answers: Vec<AnswerCount>,
    /// Visits that waited when the last day ended, or wait now.
    pub waiting: u32,
    /// Visits that the campus still owed something then.
    pub owed: u32,
    /// Tickets that were not solved then.
    pub tickets_pending: u32,
    /// Days of which only the counts are kept: their journal was dropped by age.
    pub counted_only: Vec<Date>,
}

/// What a day's visits came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotals {
    /// Visits that were opened or resumed.
    pub served: u32,
    /// Visits that ended bound, by the directory's word or because the desk did the last step.
    pub bound_seen: u32,
    /// Visits that ended bound by the student's word alone, and were not seen later that day.
    pub bound_by_word: u32,
    /// Visits that ended because the account was bound before.
    pub already_bound: u32,
    /// Visits that ended otherwise: left, ended by a volunteer, expired.
    pub ended: u32,
    /// Times that a visit was parked.
    pub parked: u32,
    /// Tickets that were opened.
    pub tickets: u32,
}

/// A quarter of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarterHour {
    /// Visits that were opened or resumed in it.
    pub served: u32,
    /// Visits that ended bound in it, and that was seen.
    pub bound_seen: u32,
    /// Visits that ended bound in it by the student's word alone.
    pub bound_by_word: u32,
}

/// How long the visits that ended bound, seen or by word, were in hand. The time that they waited is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeSpent {
    /// The number of these visits.
    pub visits: u32,
    /// The median, in seconds.
    pub median: u32,
    /// The longest, in seconds.
    pub longest: u32,
}

/// How often visits stopped at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopCount {
    /// The step; `None` for a question between two steps.
    pub step: Option<StepKind>,
    /// Times that a visit was parked or ended there without being bound.
    pub times: u32,
    /// Visits whose last stop it was, and which are not bound.
    pub unfinished: u32,
}

/// How often the campus answered an act in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerCount {
    /// The act.
    pub what: ActKind,
    /// Why it failed; `None` where it did not.
    pub failure: Option<Trouble>,
    /// How often.
    pub times: u32,
}

/// A visit of the report's days, for a list that the PIN is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportedVisit {
    /// The visit.
    pub visit: VisitId,
    /// When it was opened.
    pub opened: jiff::Timestamp,
    /// The student number, once it was known.
    pub student: Option<super::StudentNumber>,
    /// The student's name, once it was known.
    pub name: Option<super::Name>,
    /// The mobile number, once it was given.
    pub mobile: Option<super::Mobile>,
    /// How it ended; `None` where it has not.
    pub outcome: Option<Outcome>,
    /// It ended bound, and that was seen.
    pub is_seen: bool,
    /// How long it was in hand, in seconds.
    pub spent: u32,
}

/// What a report takes as connected to say at which step a visit stood: what is configured, whether or not it answers
/// now. The page at the desk and the command thereby say the same.
pub fn configured(reach: Connectivity) -> Connectivity {
    let up = |gateway: Gateway| match gateway {
        Gateway::Absent => Gateway::Absent,
        Gateway::Up | Gateway::Slow | Gateway::Down { .. } => Gateway::Up,
    };
    let directory = up(reach.directory_read);
    Connectivity {
        identity: up(reach.identity),
        device_grant: Gateway::Absent,
        directory_read: directory,
        directory_write: directory,
        sms: up(reach.sms),
        codes: reach.codes,
    }
}

impl DayTotals {
    /// Adds another day's.
    pub fn add(&mut self, other: &DayTotals) {
        let pairs = [
            (&mut self.served, other.served),
            (&mut self.bound_seen, other.bound_seen),
            (&mut self.bound_by_word, other.bound_by_word),
            (&mut self.already_bound, other.already_bound),
            (&mut self.ended, other.ended),
            (&mut self.parked, other.parked),
            (&mut self.tickets, other.tickets),
        ];
        for (sum, more) in pairs {
            *sum = sum.saturating_add(more);
        }
    }
}

impl DayReport {
    /// Whether it is of one day.
    pub fn is_one_day(&self) -> bool {
        self.first == self.last
    }

    /// The most of anything in a quarter hour: the longest bar.
    pub fn most_in_a_quarter(&self) -> u32 {
        let most = self.quarters.iter().map(|quarter| {
            let bound = quarter.bound_seen.max(quarter.bound_by_word);
            quarter.served.max(bound)
        });
        most.max().unwrap_or(0)
    }

    /// The quarter hours from the first to the last in which something happened, with the index of the first.
    pub fn busy_quarters(&self) -> (usize, &[QuarterHour]) {
        let is_busy = |quarter: &QuarterHour| *quarter != QuarterHour::default();
        let first = self.quarters.iter().position(is_busy);
        let last = self.quarters.iter().rposition(is_busy);
        match (first, last) {
            (Some(first), Some(last)) => {
                (first, self.quarters.get(first..=last).unwrap_or_default())
            }
            _ => (0, &[]),
        }
    }
}
