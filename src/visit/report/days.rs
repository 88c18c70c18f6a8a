//! The days of a report: local dates as moments.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::QUARTERS;

/// The most days that are read at once, for a report or a list of shifts.
pub const MOST_DAYS: usize = 400;

/// The local days of a report, as moments.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportDays {
    pub(super) days: Vec<Date>,
    /// Midnight before each day, and after the last.
    midnights: Vec<Timestamp>,
}

impl ReportDays {
    /// The days from `first` to `last` in this time zone; `None` where the last is before the first, or there are more
    /// than [`MOST_DAYS`].
    pub fn new(first: Date, last: Date, zone: &TimeZone) -> Option<Self> {
        let days: Vec<Date> = first
            .series(jiff::Span::new().days(1))
            .take_while(|day| *day <= last)
            .take(MOST_DAYS.saturating_add(1))
            .collect();
        let after = days.last()?.tomorrow().ok()?;
        if days.len() > MOST_DAYS {
            return None;
        }
        let midnight = |day: &Date| day.to_zoned(zone.clone()).map(|at| at.timestamp()).ok();
        let midnights = days.iter().chain([&after]).map(midnight);
        let midnights = midnights.collect::<Option<_>>()?;
        Some(ReportDays { days, midnights })
    }

    /// Whether this moment is after the last day.
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.midnights.last().is_some_and(|end| at >= *end)
    }

    /// Whether this moment is in one of the days.
    pub fn has(&self, at: Timestamp) -> bool {
        self.place(at).is_some()
    }

    /// The place of the day of this moment, and the quarter hour in it.
    pub(super) fn place(&self, at: Timestamp) -> Option<(usize, usize)> {
        let day = self.midnights.partition_point(|midnight| *midnight <= at);
        let day = day.checked_sub(1).filter(|day| *day < self.days.len())?;
        let since = at.duration_since(*self.midnights.get(day)?).as_secs();
        // A day on which the clocks change has more or fewer: the last takes the rest.
        let quarter = usize::try_from(since / 900).unwrap_or(0);
        Some((day, quarter.min(QUARTERS - 1)))
    }
}
