//! When the wall clock is not believed, and what the stamps of such times count as. A clock is a witness: nothing that
//! cannot be undone rests on it alone.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most spans that are kept; the oldest is dropped for another.
const MOST_SPANS: usize = 32;

/// Why the wall clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockDoubt {
    /// It shows a time before this program was built.
    BeforeBuild,
    /// It shows a time before the newest record.
    BeforeRecords,
    /// It shows a time so long after the newest record that it may have jumped.
    LongAfter,
    /// It jumped while the desk ran, or shows a time that it jumped to.
    Jumped,
}

/// Whether the wall clock is believed now, and the times at which it was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockState {
    /// Why it is not believed; `None` where it is.
    pub doubt: Option<ClockDoubt>,
    /// The times at which it was not.
    pub spans: DoubtedSpans,
}

impl ClockState {
    /// When something that was stamped with its end, `life` after its beginning, is over. `None` while that cannot be
    /// known: then it does not end.
    pub fn end_of(&self, stamped: Timestamp, life: Duration) -> Option<Timestamp> {
        match self.doubt {
            Some(_) => None,
            None => self.spans.end_of(stamped, life),
        }
    }
}

/// A time at which the desk ran by a clock that was not believed, as that clock showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct DoubtedSpan {
    from: Timestamp,
    to: Timestamp,
    /// When the clock was believed again, by the clock that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmed: Option<Timestamp>,
}

/// The times at which the clock was not believed. What was stamped then counts as having happened when the clock was
/// believed again: later than it did, so that nothing ends too early.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DoubtedSpans(Vec<DoubtedSpan>);

impl DoubtedSpans {
    /// A span begins; both ends are by the doubted clock. One that nobody has confirmed and that it touches goes on: a
    /// clock that jumps to and fro pushes no other span out.
    pub fn begin(&mut self, from: Timestamp, to: Timestamp) {
        let touches =
            |span: &DoubtedSpan| span.confirmed.is_none() && span.from <= to && from <= span.to;
        if let Some(place) = self.0.iter().position(touches) {
            let span = self.0.remove(place);
            return self.0.push(DoubtedSpan {
                from: span.from.min(from),
                to: span.to.max(to),
                confirmed: None,
            });
        }
        if self.0.len() >= MOST_SPANS {
            self.0.remove(0);
        }
        self.0.push(DoubtedSpan {
            from,
            to,
            confirmed: None,
        });
    }

    /// The span that began last lasts until `to` by the doubted clock.
    pub fn extend(&mut self, to: Timestamp) {
        if let Some(last) = self.0.last_mut().filter(|span| span.confirmed.is_none()) {
            last.to = last.to.max(to);
        }
    }

    /// The clock is believed again and shows `at`.
    pub fn confirm(&mut self, at: Timestamp) {
        for span in self.0.iter_mut().filter(|span| span.confirmed.is_none()) {
            span.confirmed = Some(at);
        }
    }

    /// What a stamp counts as; `None` where it was made by a clock that is not believed yet.
    pub fn counts_as(&self, stamp: Timestamp) -> Option<Timestamp> {
        let covers = |span: &&DoubtedSpan| span.from <= stamp && stamp <= span.to;
        let mut counted = stamp;
        for (n, span) in self.0.iter().filter(covers).enumerate() {
            let confirmed = span.confirmed?;
            counted = if n == 0 {
                confirmed
            } else {
                counted.max(confirmed)
            };
        }
        Some(counted)
    }

    /// As [`ClockState::end_of`], where the clock is believed now.
    pub fn end_of(&self, stamped: Timestamp, life: Duration) -> Option<Timestamp> {
        let began = stamped.saturating_sub(life).unwrap_or(Timestamp::MIN);
        let counted = self.counts_as(began)?;
        if counted == began {
            return Some(stamped);
        }
        Some(counted.saturating_add(life).unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn what_was_stamped_by_a_doubted_clock_begins_when_it_is_believed_again() {
        let mut spans = DoubtedSpans::default();
        spans.begin(at(0), at(3600));
        assert_eq!(spans.counts_as(at(60)), None);
        assert_eq!(spans.end_of(at(60 + 86_400), DAY), None);
        spans.extend(at(7200));
        spans.confirm(at(1_000_000));
        assert_eq!(spans.counts_as(at(7000)), Some(at(1_000_000)));
        assert_eq!(spans.counts_as(at(7201)), Some(at(7201)));
        assert_eq!(spans.end_of(at(60 + 86_400), DAY), Some(at(1_086_400)));
        assert_eq!(spans.end_of(at(500_000), DAY), Some(at(500_000)));
    }

    #[test]
    fn a_clock_that_was_ahead_keeps_nothing_for_years() {
        let mut spans = DoubtedSpans::default();
        spans.begin(at(9_000_000), at(9_003_600));
        spans.confirm(at(1_000_000));
        assert_eq!(
            spans.end_of(at(9_000_010 + 86_400), DAY),
            Some(at(1_086_400))
        );
    }

    #[test]
    fn a_stamp_of_two_spans_counts_as_the_later_and_waits_for_both() {
        let mut spans = DoubtedSpans::default();
        spans.begin(at(0), at(100));
        spans.confirm(at(5000));
        spans.begin(at(50), at(150));
        assert_eq!(spans.counts_as(at(60)), None);
        spans.confirm(at(4000));
        assert_eq!(spans.counts_as(at(60)), Some(at(5000)));
        assert_eq!(spans.counts_as(at(120)), Some(at(4000)));
    }

    #[test]
    fn the_number_of_spans_is_bounded() {
        let mut spans = DoubtedSpans::default();
        for n in 0..100 {
            spans.begin(at(n * 10), at(n * 10 + 5));
        }
        assert_eq!(spans.0.len(), MOST_SPANS);
        assert_eq!(spans.counts_as(at(0)), Some(at(0)));
        assert_eq!(spans.counts_as(at(990)), None);
    }

    #[test]
    fn a_clock_that_jumps_to_and_fro_pushes_no_span_out() {
        let mut spans = DoubtedSpans::default();
        for n in 0..100 {
            spans.begin(at(1_000 + n), at(2_000 + n));
            spans.begin(at(9_000_000 - n), at(9_001_000 - n));
        }
        assert_eq!(spans.0.len(), 2);
        for stamp in [1_000, 2_099, 8_999_901, 9_001_000] {
            assert_eq!(spans.counts_as(at(stamp)), None, "{stamp}");
        }
        spans.confirm(at(5_000));
        assert_eq!(spans.counts_as(at(1_000)), Some(at(5_000)));
    }

    #[test]
    fn nothing_ends_while_the_clock_is_doubted() {
        let state = ClockState {
            doubt: Some(ClockDoubt::LongAfter),
            spans: DoubtedSpans::default(),
        };
        assert_eq!(state.end_of(at(10), DAY), None);
        assert_eq!(ClockState::default().end_of(at(10), DAY), Some(at(10)));
    }
}
