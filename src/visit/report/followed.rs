//! A visit on its way through the facts of a report.

use jiff::{SignedDuration, Timestamp};

use super::reading::FactReading;
use crate::visit::{
    ActKind, Fact, Outcome, ParkedFor, Recorded, Status, StepKind, Trouble, Visit, Way,
};

/// What counts in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayEvent {
    /// In hand; for the first time that day, or again.
    Served {
        is_first: bool,
    },
    Parked,
    TicketOpened,
    Bound,
    AlreadyBound,
    Ended,
    /// It stopped at a step, or at a question.
    Stopped(Option<StepKind>),
}

/// A visit on its way through the facts. What it counts for is kept with it until the end: its facts may be read again.
pub(super) struct FollowedVisit {
    pub(super) visit: Visit,
    /// What happened in the report's days: the day's place, the quarter hour, and what.
    pub(super) events: Vec<(usize, usize, DayEvent)>,
    /// What the campus answered in them.
    pub(super) answers: Vec<(ActKind, Option<Trouble>)>,
    /// Since when it is in hand.
    in_hand_since: Option<Timestamp>,
    /// How long it was in hand before.
    pub(super) spent: SignedDuration,
    /// The newest of its facts that says so rests on the campus's word, or on what the desk did itself.
    pub(super) is_seen: bool,
    /// Of the report's days: the last on which it was served.
    pub(super) served_on: Option<usize>,
    /// Where it stopped last, while it is not bound.
    pub(super) stopped_at: Option<Option<StepKind>>,
}

impl FollowedVisit {
    pub(super) fn new(recorded: &Recorded) -> Self {
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
    pub(super) fn count(
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
    pub(super) fn follow(&mut self, reading: FactReading, at: Timestamp) {
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

    pub(super) fn outcome(&self) -> Option<Outcome> {
        match self.visit.status {
            Status::Closed { outcome } => Some(outcome),
            Status::Open | Status::Parked { .. } => None,
        }
    }

    pub(super) fn spent_seconds(&self) -> u32 {
        u32::try_from(self.spent.as_secs()).unwrap_or(u32::MAX)
    }
}
