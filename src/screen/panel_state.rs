//! The volunteer's side of the desk: the lock, the lists behind it, and what its pages wait for: the journal, the roster,
//! the next volunteer's PIN. Nothing is drawn here.

use std::time::Duration;

use super::ParkedVisit;
use crate::visit::report::DayReport;
use crate::visit::{Counts, OutboxRow, Student, TicketRow, VisitId, VolunteerName};

/// The volunteer's side of the desk.
pub enum Volunteer<'a> {
    /// The panel is closed.
    Locked,
    /// The panel was left a moment ago, and no other visit was in hand since: the PIN is still good.
    Left {
        /// Whose PIN it was, where it was their own: another volunteer may stand there now, and is asked.
        by: Option<&'a VolunteerName>,
    },
    /// The PIN is being checked.
    Checking,
    /// It was wrong; the next try is taken at this monotonic moment.
    Wrong {
        /// Monotonic.
        again_at: Duration,
    },
    /// The panel is open.
    Open {
        /// The volunteer, where the PIN was their own.
        by: Option<&'a VolunteerName>,
        /// What happened today.
        counts: Counts,
        /// The parked visits.
        waiting: &'a [ParkedVisit],
        /// Those that are not solved.
        tickets: &'a [TicketRow],
        /// What waits for the campus: what needs a person first.
        outbox: &'a [OutboxRow],
        /// What the roster says of the number typed to vouch for somebody.
        lookup: &'a Lookup,
        /// How far the desk is handed over.
        handover: HandoverState,
        /// The numbers of the day, where they were asked for.
        day: &'a DayState,
        /// The visit whose ticket is looked at, once the journal knows that it is: it is shown whole then, and not before.
        seen: Option<VisitId>,
    },
}

/// What a volunteer who leaves the program comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveWays {
    /// What it was started from: a developer's terminal.
    Program,
    /// The machine is this desk and nothing else: it starts again, is switched off, or an administrator logs in.
    System {
        /// The system did not take the last wish.
        was_refused: bool,
    },
}

/// The result of a lookup in the roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Lookup {
    /// Nothing was looked up.
    #[default]
    None,
    /// The roster is being read.
    Looking,
    /// The student.
    Found(Student),
    /// The roster has no such number.
    Missing,
    /// No roster was imported here.
    NoRoster,
    /// The desk cannot keep that it was looked at.
    NotNow,
}

/// How far the desk is handed over to the next volunteer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandoverState {
    /// Nobody confirmed it yet.
    #[default]
    None,
    /// The next one's PIN is being checked.
    Checking,
    /// It was wrong; the next try is taken at this monotonic moment.
    Wrong {
        /// Monotonic.
        again_at: Duration,
    },
    /// It is the PIN of the one who hands over.
    Same,
    /// The journal is being written.
    Keeping,
    /// The journal does not take it: nothing was handed over.
    NotKept,
    /// The next one is at the panel now.
    Done,
}

/// The numbers of the day, as the journal has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum DayState {
    /// Nobody asked for them.
    #[default]
    None,
    /// The journal is being read.
    Reading,
    /// The numbers. They name no person.
    Read(Box<DayReport>),
    /// The journal cannot be read now.
    Failed,
}
