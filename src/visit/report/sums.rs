//! The sums of a report, over its visits.

use std::collections::BTreeMap;

use super::followed::{DayEvent, FollowedVisit};
use super::{AnswerCount, DayTotals, QUARTERS, QuarterHour, StopCount, TimeSpent};
use crate::visit::{ActKind, StepKind, Trouble};

/// The most kinds of answers. Beyond it a new text of a misconfiguration is counted with a known kind.
const MOST_ANSWERS: usize = 60;

/// The sums of a report.
pub(super) struct ReportSums {
    pub(super) totals: Vec<DayTotals>,
    pub(super) quarters: Vec<QuarterHour>,
    pub(super) stops: BTreeMap<Option<StepKind>, StopCount>,
    pub(super) answers: Vec<AnswerCount>,
    pub(super) spent: Vec<u32>,
}

impl ReportSums {
    pub(super) fn new(days: usize) -> Self {
        ReportSums {
            totals: vec![DayTotals::default(); days],
            quarters: vec![QuarterHour::default(); QUARTERS],
            stops: BTreeMap::new(),
            answers: Vec::new(),
            spent: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, one: &FollowedVisit) {
        for (day, quarter, event) in &one.events {
            self.add_event(one, *day, *quarter, *event);
        }
        if let Some(step) = one.stopped_at {
            bump(&mut self.stop(step).unfinished);
        }
        for (what, failure) in &one.answers {
            self.add_answer(*what, failure);
        }
    }

    fn add_event(&mut self, one: &FollowedVisit, day: usize, quarter: usize, event: DayEvent) {
        if let DayEvent::Stopped(step) = event {
            return bump(&mut self.stop(step).times);
        }
        let (Some(total), Some(quarter)) =
            (self.totals.get_mut(day), self.quarters.get_mut(quarter))
        else {
            return;
        };
        match event {
            DayEvent::Served { is_first } => {
                bump(&mut quarter.served);
                if is_first {
                    bump(&mut total.served);
                }
            }
            DayEvent::Parked => bump(&mut total.parked),
            DayEvent::TicketOpened => bump(&mut total.tickets),
            DayEvent::Bound => {
                if one.is_seen {
                    bump(&mut quarter.bound_seen);
                    bump(&mut total.bound_seen);
                } else {
                    bump(&mut quarter.bound_by_word);
                    bump(&mut total.bound_by_word);
                }
                self.spent.push(one.spent_seconds());
            }
            DayEvent::AlreadyBound if one.is_seen => bump(&mut total.already_bound),
            DayEvent::AlreadyBound => {
                bump(&mut quarter.bound_by_word);
                bump(&mut total.bound_by_word);
            }
            DayEvent::Ended => bump(&mut total.ended),
            DayEvent::Stopped(_) => {}
        }
    }

    fn stop(&mut self, step: Option<StepKind>) -> &mut StopCount {
        self.stops.entry(step).or_insert(StopCount {
            step,
            times: 0,
            unfinished: 0,
        })
    }

    fn add_answer(&mut self, what: ActKind, failure: &Option<Trouble>) {
        let is_same = |known: &AnswerCount| known.what == what && known.failure == *failure;
        if let Some(known) = self.answers.iter_mut().find(|known| is_same(known)) {
            bump(&mut known.times);
        } else if self.answers.len() < MOST_ANSWERS {
            self.answers.push(AnswerCount {
                what,
                failure: failure.clone(),
                times: 1,
            });
        } else if let Some(known) = self.answers.iter_mut().rev().find(|k| k.what == what) {
            bump(&mut known.times);
        }
    }
}

fn bump(counter: &mut u32) {
    *counter = counter.saturating_add(1);
}

pub(super) fn time_spent(mut seconds: Vec<u32>) -> TimeSpent {
    seconds.sort_unstable();
    TimeSpent {
        visits: u32::try_from(seconds.len()).unwrap_or(u32::MAX),
        median: seconds.get(seconds.len() / 2).copied().unwrap_or(0),
        longest: seconds.last().copied().unwrap_or(0),
    }
}
