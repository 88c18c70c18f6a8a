//! The fold of facts into a report. It follows every visit up to the end of the report's days, because one that was put
//! aside before them may go on in them; it counts only what happened in them.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::days::ReportDays;
use super::followed::FollowedVisit;
use super::reading::{FactReading, answer, plain};
use super::sums::{ReportSums, time_spent};
use super::{DayReport, DayTotals, ReportedVisit, StopCount};
use crate::visit::{Counts, Outcome, Recorded, Status, StepKind, Visit, VisitId, evolve};

/// Folds facts into a report. Facts are given in the order of the journal.
pub struct ReportFold<'a> {
    days: ReportDays,
    /// The step at which a visit stands.
    step: &'a dyn Fn(&Visit) -> Option<StepKind>,
    visits: HashMap<VisitId, FollowedVisit>,
    /// The counts of days whose journal was dropped.
    counted: BTreeMap<Date, Counts>,
}

impl<'a> ReportFold<'a> {
    /// Nothing is counted yet. `step` says at which step an open visit stands.
    pub fn new(days: ReportDays, step: &'a dyn Fn(&Visit) -> Option<StepKind>) -> Self {
        ReportFold {
            days,
            step,
            visits: HashMap::new(),
            counted: BTreeMap::new(),
        }
    }

    /// The facts of this visit that follow are all of them: what was read of it before is repeated.
    pub fn read_again(&mut self, visit: VisitId) {
        self.visits.remove(&visit);
    }

    /// The counts of days whose journal was dropped by age.
    pub fn restore(&mut self, counted: BTreeMap<Date, Counts>) {
        self.counted = counted;
    }

    /// Counts a fact, and follows its visit.
    pub fn take(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        if self.days.is_over(at) {
            return;
        }
        let one = self
            .visits
            .entry(recorded.visit)
            .or_insert_with(|| FollowedVisit::new(recorded));
        let reading = FactReading::of(&recorded.fact);
        if let Some((day, quarter)) = self.days.place(at) {
            if let Some((what, failure)) = answer(&one.visit, &recorded.fact) {
                one.answers.push((what, failure.map(plain)));
            }
            one.count(reading, day, quarter, self.step);
        }
        one.follow(reading, at);
        evolve(&mut one.visit, recorded);
    }

    /// The visits that were served in these days, the oldest first. It names persons.
    pub fn visits(&self) -> Vec<ReportedVisit> {
        let served = self.visits.values().filter(|one| one.served_on.is_some());
        let mut rows: Vec<ReportedVisit> = served
            .map(|one| {
                let owner = one.visit.owner();
                ReportedVisit {
                    visit: one.visit.id,
                    opened: one.visit.opened,
                    student: owner.map(|student| student.number.clone()),
                    name: owner.map(|student| student.name.clone()),
                    mobile: one.visit.mobile.clone(),
                    outcome: one.outcome(),
                    is_seen: one.is_seen && one.outcome().and_then(Outcome::bound_by).is_some(),
                    spent: one.spent_seconds(),
                }
            })
            .collect();
        rows.sort_by_key(|row| (row.opened, row.visit));
        rows
    }

    /// The report of what was taken.
    pub fn finish(self) -> DayReport {
        let mut sums = ReportSums::new(self.days.days.len());
        let (mut waiting, mut owed, mut tickets_pending) = (0_u32, 0_u32, 0_u32);
        for one in self.visits.values() {
            sums.add(one);
            let is_waiting = matches!(one.visit.status, Status::Parked { .. });
            waiting = waiting.saturating_add(u32::from(is_waiting));
            owed = owed.saturating_add(u32::from(one.visit.owes_campus()));
            let is_pending = one.visit.ticket.as_ref().is_some_and(|t| t.is_pending());
            tickets_pending = tickets_pending.saturating_add(u32::from(is_pending));
        }
        let counted_only = self.use_counts(&mut sums.totals);
        let dates = self.days.days;
        let (first, last) = (dates.first().copied(), dates.last().copied());
        let days: Vec<(Date, DayTotals)> = dates.into_iter().zip(sums.totals).collect();
        let mut total = DayTotals::default();
        for (_, day) in &days {
            total.add(day);
        }
        let mut stops: Vec<StopCount> = sums.stops.into_values().collect();
        stops.sort_by_key(|stop| std::cmp::Reverse((stop.unfinished, stop.times)));
        // The visits come in any order: that of equal ones is made the same each time.
        sums.answers.sort_by_key(|answer| {
            let told = serde_json::to_string(&(answer.what, &answer.failure)).unwrap_or_default();
            (std::cmp::Reverse(answer.times), told)
        });
        DayReport {
            first: first.unwrap_or_default(),
            last: last.unwrap_or_default(),
            total,
            days,
            quarters: sums.quarters,
            spent: time_spent(sums.spent),
            stops,
            answers: sums.answers,
            waiting,
            owed,
            tickets_pending,
            counted_only,
        }
    }

    /// Days of which more was counted than the journal still holds take these counts.
    fn use_counts(&self, totals: &mut [DayTotals]) -> Vec<Date> {
        let mut dates = Vec::new();
        for (day, total) in self.days.days.iter().zip(totals) {
            let Some(counts) = self.counted.get(day) else {
                continue;
            };
            if counts.opened > total.served {
                *total = DayTotals {
                    served: counts.opened,
                    bound_by_word: counts.by_word,
                    bound_seen: counts.bound,
                    already_bound: counts.already_bound,
                    ended: counts.ended,
                    parked: counts.parked,
                    tickets: total.tickets,
                };
                dates.push(*day);
            }
        }
        dates
    }
}
