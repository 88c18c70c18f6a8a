//! The fold of facts into a report. It follows every visit up to the end of the report's days, because one that was put
//! aside before them may go on in them; it counts only what happened in them.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::days::ReportDays;
use super::reading::{FactReading, answer, plain};
use super::sums::{DayEvent, ReportSums, time_spent};
use super::{DayReport, DayTotals, ReportedVisit, StopCount};
use crate::visit::{
    ActKind, Counts, Fact, Outcome, ParkedFor, Recorded, Status, StepKind, Trouble, Visit, VisitId,
    Way, evolve,
};

/// Folds facts into a report. Facts are given in the order of the journal.
pub struct ReportFold<'a> {
    days: ReportDays,
    /// The step at which a visit stands.
    step: &'a dyn Fn(&Visit) -> Option<StepKind>,
    visits: HashMap<VisitId, FollowedVisit>,
    /// The counts of days whose journal was dropped.
    counted: BTreeMap<Date, Counts>,
}

/// A visit on its way through the facts. What it counts for is kept with it until the end: its facts may be read again.
pub(super) struct FollowedVisit {
    visit: Visit,
    /// What happened in the report's days: the day's place, the quarter hour, and what.
    pub(super) events: Vec<(usize, usize, DayEvent)>,
    /// What the campus answered in them.
    pub(super) answers: Vec<(ActKind, Option<Trouble>)>,
    /// Since when it is in hand.
    in_hand_since: Option<Timestamp>,
    /// How long it was in hand before.
    spent: SignedDuration,
    /// The newest of its facts that says so rests on the campus's word, or on what the desk did itself.
    pub(super) is_seen: bool,
    /// Of the report's days: the last on which it was served.
    served_on: Option<usize>,
    /// Where it stopped last, while it is not bound.
    pub(super) stopped_at: Option<Option<StepKind>>,
}

impl FollowedVisit {
    fn new(recorded: &Recorded) -> Self {
        let prefers = if let Fact::VisitOpened { prefers } = recorded.fact {
            prefers
        } else {
            Way::Desk
        };
        FollowedVisit {
            visit: Visit::open(recorded.visit, prefers, recorded.at),
            events: Vec::new(),
            answers: Vec::new(),
            in_hand_since: None,
            spent: SignedDuration::ZERO,
            is_seen: false,
            served_on: None,
            stopped_at: None,
        }
    }

    /// Keeps what counts in a day.
    fn count(
        &mut self,
        reading: FactReading,
        day: usize,
        quarter: usize,
        step: &dyn Fn(&Visit) -> Option<StepKind>,
    ) {
        let event = match reading {
            FactReading::Taken => {
                let is_first = self.served_on != Some(day);
                self.served_on = Some(day);
                DayEvent::Served { is_first }
            }
            FactReading::Parked(why) => {
                if why != ParkedFor::ProgramRestart {
                    self.stop(day, quarter, step);
                }
                DayEvent::Parked
            }
            FactReading::TicketOpened => DayEvent::TicketOpened,
            FactReading::Closed(Outcome::Bound | Outcome::BoundByWord) => {
                self.stopped_at = None;
                DayEvent::Bound
            }
            // The visit counts where it ended.
            FactReading::Closed(Outcome::WordConfirmed) => return,
            FactReading::Closed(Outcome::AlreadyBound | Outcome::AlreadyBoundByWord) => {
                self.stopped_at = None;
                DayEvent::AlreadyBound
            }
            FactReading::Closed(Outcome::Left | Outcome::Ended | Outcome::Expired) => {
                self.stop(day, quarter, step);
                DayEvent::Ended
            }
            FactReading::Bound { .. } | FactReading::Nothing => return,
        };
        self.events.push((day, quarter, event));
    }

    /// The visit stops where it stands; one that is not in hand has stopped before.
    fn stop(&mut self, day: usize, quarter: usize, step: &dyn Fn(&Visit) -> Option<StepKind>) {
        if self.visit.is_open() {
            let at = step(&self.visit);
            self.stopped_at = Some(at);
            self.events.push((day, quarter, DayEvent::Stopped(at)));
        }
    }

    /// Keeps the time in hand, and whose word the binding rests on.
    fn follow(&mut self, reading: FactReading, at: Timestamp) {
        match reading {
            FactReading::Taken => self.in_hand_since = Some(at),
            // The program was away before it put the visit aside.
            FactReading::Parked(ParkedFor::ProgramRestart) => self.leave_hand(self.visit.touched),
            FactReading::Parked(
                ParkedFor::Idle
                | ParkedFor::Student
                | ParkedFor::Queue
                | ParkedFor::Ticket
                | ParkedFor::SignIn,
            ) => self.leave_hand(at),
            FactReading::Closed(outcome) => {
                self.is_seen = match outcome {
                    // An older journal has this for a student's word too.
                    Outcome::Bound => self.is_seen || self.visit.seen_active,
                    Outcome::WordConfirmed | Outcome::AlreadyBound => true,
                    Outcome::BoundByWord
                    | Outcome::AlreadyBoundByWord
                    | Outcome::Left
                    | Outcome::Ended
                    | Outcome::Expired => false,
                };
                self.leave_hand(at);
            }
            FactReading::Bound { seen } => self.is_seen = seen,
            FactReading::TicketOpened | FactReading::Nothing => {}
        }
    }

    /// It is not in hand any more since this moment.
    fn leave_hand(&mut self, at: Timestamp) {
        if let Some(since) = self.in_hand_since.take() {
            let spent = at.duration_since(since).max(SignedDuration::ZERO);
            self.spent = self.spent.saturating_add(spent);
        }
    }

    fn outcome(&self) -> Option<Outcome> {
        match self.visit.status {
            Status::Closed { outcome } => Some(outcome),
            Status::Open | Status::Parked { .. } => None,
        }
    }

    pub(super) fn spent_seconds(&self) -> u32 {
        u32::try_from(self.spent.as_secs()).unwrap_or(u32::MAX)
    }
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
            owed = owed.saturating_add(u32::from(!one.visit.outbox.is_empty()));
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
