//! The drill of practice, followed by what the journal keeps and by what the practice campus says: never by keys. A task
//! is done when the desk would count it on the day.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::screen::drill::{Drill, DrillTask};
use crate::visit::{Fact, Outcome, ParkedFor, Recorded, ShownNumbers, VisitId};

/// The drill and what it remembers of visits.
#[derive(Debug)]
pub struct DrillRun {
    /// How far it got.
    pub drill: Drill,
    /// Visits that somebody put aside during the drill.
    parked: BTreeSet<VisitId>,
    lookups: u32,
    /// Somebody was vouched for, and what goes wrong for that is not taken back yet.
    vouched: bool,
    day: DrilledDay,
}

/// What goes wrong, from a campus without faults until there are none again: it counts for one task only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DrilledDay {
    /// Nothing goes wrong.
    Good,
    /// It goes wrong for another task, or to try it out: it began before the bad day was asked for.
    Unasked,
    /// The bad day that is asked for, on which nobody was looked after yet.
    Asked,
    /// The same, and a student was looked after.
    LookedAfter,
}

/// What a fact says to the drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DrillNews {
    /// The account was seen active.
    Bound,
    /// A registration or a step of it came to nothing.
    NotBound,
    /// Somebody put the visit aside.
    Parked,
    /// It went on.
    Resumed,
    /// It was not taken up, because another student tried.
    NotResumed,
    /// A student was looked for in the roster.
    LookedUp,
    /// A student was vouched for.
    Vouched,
    /// A ticket was opened.
    Ticket,
    /// The student was led another way.
    LedOn,
}

impl DrillRun {
    /// A drill that begins at the monotonic `now`.
    pub fn begin(now: Duration, is_bad: bool) -> Self {
        DrillRun {
            drill: Drill::begin(now),
            parked: BTreeSet::new(),
            lookups: 0,
            vouched: false,
            day: if is_bad {
                DrilledDay::Unasked
            } else {
                DrilledDay::Good
            },
        }
    }

    /// Takes what the journal has acknowledged.
    pub fn take(&mut self, records: &[Recorded], now: Duration) {
        for record in records {
            if let Some(news) = news(&record.fact) {
                self.note(record.visit, news, now);
            }
        }
    }

    /// The practice campus says whether something goes wrong. The tasks about faults end where there are none again, so
    /// that the next one begins from there.
    pub fn day_is(&mut self, is_bad: bool, now: Duration) {
        if !is_bad && std::mem::take(&mut self.vouched) {
            self.drill.tick_off(DrillTask::Vouch, now);
        }
        let is_asked = self.drill.next() == Some(DrillTask::BadDay);
        self.day = match (self.day, is_bad) {
            (DrilledDay::Good, true) if is_asked => DrilledDay::Asked,
            (DrilledDay::Good, true) => DrilledDay::Unasked,
            (day, true) => day,
            (DrilledDay::Good | DrilledDay::Unasked, false) => DrilledDay::Good,
            (DrilledDay::Asked, false) => {
                self.drill.count_failure(DrillTask::BadDay, now);
                DrilledDay::Good
            }
            (DrilledDay::LookedAfter, false) => {
                self.drill.tick_off(DrillTask::BadDay, now);
                DrilledDay::Good
            }
        };
    }

    /// A number was typed that finds no visit.
    pub fn pickup_missed(&mut self, now: Duration) {
        self.drill.count_failure(DrillTask::PickUp, now);
    }

    fn note(&mut self, visit: VisitId, news: DrillNews, now: Duration) {
        let is_good = self.day == DrilledDay::Good;
        match news {
            DrillNews::Bound => self.drill.tick_off(DrillTask::Register, now),
            // On a bad day it is the day's fault.
            DrillNews::NotBound if is_good => {
                self.drill.count_failure(DrillTask::Register, now);
            }
            DrillNews::NotBound => {}
            DrillNews::Parked => {
                self.parked.insert(visit);
            }
            DrillNews::Resumed if self.parked.contains(&visit) => {
                self.drill.tick_off(DrillTask::PickUp, now);
            }
            DrillNews::Resumed | DrillNews::LedOn => {}
            DrillNews::NotResumed => self.drill.count_failure(DrillTask::PickUp, now),
            // The first one went well; whoever comes after it is no second try.
            DrillNews::LookedUp if self.vouched => {}
            DrillNews::LookedUp => {
                self.lookups = self.lookups.saturating_add(1);
                if self.lookups > 1 {
                    self.drill.count_failure(DrillTask::Vouch, now);
                }
            }
            DrillNews::Vouched if is_good => self.drill.tick_off(DrillTask::Vouch, now),
            DrillNews::Vouched => self.vouched = true,
            DrillNews::Ticket => self.drill.tick_off(DrillTask::Ticket, now),
        }
        let looks_after = match news {
            DrillNews::Bound
            | DrillNews::Parked
            | DrillNews::Vouched
            | DrillNews::Ticket
            | DrillNews::LedOn => true,
            DrillNews::NotBound
            | DrillNews::Resumed
            | DrillNews::NotResumed
            | DrillNews::LookedUp => false,
        };
        if self.day == DrilledDay::Asked && looks_after {
            self.day = DrilledDay::LookedAfter;
        }
    }
}

/// What a fact says to the drill, if anything.
fn news(fact: &Fact) -> Option<DrillNews> {
    Some(match fact {
        Fact::Closed { outcome } => match outcome {
            Outcome::Bound => DrillNews::Bound,
            // Green is what was seen; who left before anything was done did not try.
            Outcome::BoundByWord | Outcome::Ended => DrillNews::NotBound,
            Outcome::WordConfirmed
            | Outcome::AlreadyBound
            | Outcome::AlreadyBoundByWord
            | Outcome::Left
            | Outcome::Expired => return None,
        },
        Fact::Parked { why, .. } => match why {
            ParkedFor::Student | ParkedFor::Queue | ParkedFor::Ticket | ParkedFor::SignIn => {
                DrillNews::Parked
            }
            // Nobody put it aside.
            ParkedFor::Idle | ParkedFor::ProgramRestart => return None,
        },
        Fact::Resumed { .. } => DrillNews::Resumed,
        Fact::ResumeRefused => DrillNews::NotResumed,
        Fact::Vouched { .. } => DrillNews::Vouched,
        Fact::TicketOpened { .. } => DrillNews::Ticket,
        Fact::NumbersShown { whose } => match whose {
            ShownNumbers::Roster(_) => DrillNews::LookedUp,
            ShownNumbers::Ticket | ShownNumbers::TicketToCommand => return None,
        },
        Fact::Queued { .. } | Fact::Preferred { .. } => DrillNews::LedOn,
        Fact::SignInRefused { .. } | Fact::BindFailed { .. } | Fact::FollowNotSeen { .. } => {
            DrillNews::NotBound
        }
        Fact::VisitOpened { .. }
        | Fact::StepDone { .. }
        | Fact::Answered { .. }
        | Fact::PageTurned { .. }
        | Fact::Scanned
        | Fact::WentBack { .. }
        | Fact::SignInAsked { .. }
        | Fact::SignInMethodChosen { .. }
        | Fact::DeviceGrantAsked { .. }
        | Fact::DeviceGrantFailed { .. }
        | Fact::Identified { .. }
        | Fact::Checked { .. }
        | Fact::CheckFailed { .. }
        | Fact::CheckDenied { .. }
        | Fact::TriedAgain { .. }
        | Fact::Unqueued { .. }
        | Fact::OldIdentified { .. }
        | Fact::OldLetGo
        | Fact::OldNumberRefused
        | Fact::UnbindAsked { .. }
        | Fact::Unbound
        | Fact::UnbindFailed { .. }
        | Fact::UnbindAskedAnew
        | Fact::FollowLookAsked { .. }
        | Fact::MemberSeen { .. }
        | Fact::NumberGiven { .. }
        | Fact::BindAsked { .. }
        | Fact::NumberBound
        | Fact::CodeIssued { .. }
        | Fact::CodeSent
        | Fact::CodeNotSent { .. }
        | Fact::CodeCheckAsked { .. }
        | Fact::CodeNotChecked { .. }
        | Fact::CodeTried { .. }
        | Fact::CodeAccepted
        | Fact::ConfirmAsked { .. }
        | Fact::Confirmed
        | Fact::ConfirmFailed { .. }
        | Fact::FateUnknown { .. }
        | Fact::BegunAgain
        | Fact::TicketContactGiven { .. }
        | Fact::TicketNoted { .. }
        | Fact::TicketChanged { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::StudentNumber;

    const NOW: Duration = Duration::from_secs(9);

    fn closed(outcome: Outcome) -> Option<DrillNews> {
        news(&Fact::Closed { outcome })
    }

    fn is_done(run: &DrillRun, task: DrillTask) -> bool {
        let mut tasks = run.drill.tasks();
        tasks.any(|(one, state)| one == task && state.done.is_some())
    }

    #[test]
    fn only_what_the_campus_has_seen_is_a_registration() {
        assert_eq!(closed(Outcome::Bound), Some(DrillNews::Bound));
        for word in [Outcome::BoundByWord, Outcome::Ended] {
            assert_eq!(closed(word), Some(DrillNews::NotBound), "{word:?}");
        }
        for other in [Outcome::AlreadyBound, Outcome::Left, Outcome::Expired] {
            assert_eq!(closed(other), None, "{other:?}");
        }
        let mut run = DrillRun::begin(Duration::ZERO, false);
        run.note(VisitId(1), DrillNews::NotBound, NOW);
        assert!(!is_done(&run, DrillTask::Register));
        run.note(VisitId(1), DrillNews::Bound, NOW);
        assert!(is_done(&run, DrillTask::Register));
    }

    #[test]
    fn a_number_is_taken_up_where_the_same_visit_was_parked_before() {
        let mut run = DrillRun::begin(Duration::ZERO, false);
        run.note(VisitId(1), DrillNews::Parked, NOW);
        run.note(VisitId(2), DrillNews::Resumed, NOW);
        assert!(!is_done(&run, DrillTask::PickUp), "left over from earlier");
        run.note(VisitId(1), DrillNews::Resumed, NOW);
        assert!(is_done(&run, DrillTask::PickUp));
    }

    /// A drill of which all but the bad day is done.
    fn asks_for_a_bad_day(is_bad: bool) -> DrillRun {
        let mut run = DrillRun::begin(Duration::ZERO, is_bad);
        for task in DrillTask::ALL {
            if *task != DrillTask::BadDay {
                run.drill.tick_off(*task, NOW);
            }
        }
        run
    }

    #[test]
    fn a_bad_day_counts_when_a_student_was_looked_after_and_it_is_taken_back() {
        let mut run = asks_for_a_bad_day(false);
        run.day_is(true, NOW);
        run.day_is(false, NOW);
        assert!(!is_done(&run, DrillTask::BadDay), "nobody was there");
        run.day_is(true, NOW);
        run.note(VisitId(1), DrillNews::NotBound, NOW);
        run.day_is(true, NOW);
        run.note(VisitId(1), DrillNews::Parked, NOW);
        assert!(!is_done(&run, DrillTask::BadDay), "not taken back yet");
        run.day_is(false, NOW);
        assert!(is_done(&run, DrillTask::BadDay));
        let mut tasks = run.drill.tasks();
        let (_, day) = tasks.find(|(task, _)| *task == DrillTask::BadDay).unwrap();
        assert_eq!(day.failed, 1, "the first one, on which nobody was there");
    }

    #[test]
    fn what_fails_while_something_goes_wrong_is_nobodys_fault() {
        let mut run = DrillRun::begin(Duration::ZERO, true);
        run.note(VisitId(1), DrillNews::NotBound, NOW);
        let (_, register) = run.drill.tasks().next().unwrap();
        assert_eq!(register.failed, 0);
    }

    /// The fault that was set for the papers, or left over, is taken back, and whoever was looked after meanwhile was so
    /// for another task: the bad day is still to come.
    #[test]
    fn a_bad_day_that_was_set_before_it_is_asked_for_does_not_count() {
        let mut run = DrillRun::begin(Duration::ZERO, false);
        for task in [DrillTask::Register, DrillTask::PickUp] {
            run.drill.tick_off(task, NOW);
        }
        run.day_is(true, NOW);
        run.note(VisitId(1), DrillNews::Vouched, NOW);
        run.note(VisitId(1), DrillNews::Ticket, NOW);
        run.note(VisitId(1), DrillNews::Parked, NOW);
        assert!(!is_done(&run, DrillTask::Vouch), "not taken back yet");
        run.day_is(false, NOW);
        assert!(is_done(&run, DrillTask::Vouch) && is_done(&run, DrillTask::Ticket));
        assert_eq!(run.drill.next(), Some(DrillTask::BadDay));
        let mut left_over = asks_for_a_bad_day(true);
        left_over.note(VisitId(1), DrillNews::Ticket, NOW);
        left_over.day_is(false, NOW);
        let (_, day) = left_over.drill.tasks().last().unwrap();
        assert_eq!((day.done, day.failed), (None, 0), "nor is it a failure");
    }

    #[test]
    fn the_second_look_into_the_roster_is_a_second_try() {
        let whose = ShownNumbers::Roster(StudentNumber::from_campus("20260003"));
        let looked = news(&Fact::NumbersShown { whose }).unwrap();
        let mut run = DrillRun::begin(Duration::ZERO, true);
        run.note(VisitId(1), looked, NOW);
        run.note(VisitId(1), looked, NOW);
        run.note(VisitId(1), DrillNews::Vouched, NOW);
        run.note(VisitId(2), looked, NOW);
        run.day_is(false, NOW);
        let mut tasks = run.drill.tasks();
        let (_, vouch) = tasks.find(|(task, _)| *task == DrillTask::Vouch).unwrap();
        assert_eq!((vouch.done, vouch.failed), (Some(NOW), 1));
    }
}
