//! What the store's thread is asked to do, and how it says that it is doing.

use tokio::sync::oneshot;

use super::forget::Forgotten;
use crate::store::error::CommitError;
use crate::store::notes::StoreNote;
use crate::visit::{Recorded, StudentNumber, TicketRow, Visit, VisitId};

/// The events of one turn of the desk's loop: written with one append and one sync.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The events, in order.
    pub records: Vec<Recorded>,
    /// The visits that the events belong to, as they are after them.
    pub visits: Vec<Visit>,
}

/// How the store is doing, for the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// Batches are written.
    #[default]
    Good,
    /// No room: the ballast was released, the visit in hand can be finished, new ones are refused. The store goes back to
    /// `Good` by itself when there is room again.
    Full,
    /// The disk has become read-only.
    ReadOnly,
    /// The last write failed.
    Failed,
}

impl Health {
    /// The health after a write that failed; `None` where the failure says nothing of the disk.
    pub fn after_failure(why: CommitError) -> Option<Health> {
        match why {
            CommitError::Full => Some(Health::Full),
            CommitError::ReadOnly => Some(Health::ReadOnly),
            CommitError::Io(_) => Some(Health::Failed),
            CommitError::Busy | CommitError::Forgotten | CommitError::Closed => None,
        }
    }
}

/// A request to the store's thread, with the channel that its answer goes to.
pub enum WriterJob {
    /// Write a batch.
    Commit(Batch, oneshot::Sender<Result<(), CommitError>>),
    /// Read all tickets; `None` where the projection was given up.
    Tickets(oneshot::Sender<Option<Vec<TicketRow>>>),
    /// Destroy a visit's key.
    Forget(VisitId, oneshot::Sender<Result<(), CommitError>>),
    /// Destroy the keys of all visits of one student.
    ForgetPerson(
        StudentNumber,
        oneshot::Sender<Result<Forgotten, CommitError>>,
    ),
    /// Write a note of the store's own.
    Note(StoreNote, oneshot::Sender<Result<(), CommitError>>),
    /// Judge the wall clock: it seems to have jumped.
    JudgeClock,
    /// The wall clock is believed from now on.
    ConfirmClock(Option<StoreNote>, oneshot::Sender<Result<(), CommitError>>),
    /// The journal as it stands counts: mark its end anew.
    AcceptJournal(StoreNote, oneshot::Sender<Result<(), CommitError>>),
    /// Close the store and end the thread.
    Close,
}
