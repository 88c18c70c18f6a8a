//! What the volunteer's pages wait for beside the lists: the journal, and the next volunteer's PIN. Nothing is drawn here.

use std::time::Duration;

use crate::visit::report::DayReport;

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
