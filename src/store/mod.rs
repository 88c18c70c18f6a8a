//! The store: event sourcing on a write-ahead log, with a projection and crypto-shredding.
//!
//! - **Events.** What happens in a visit is a [`Recorded`](crate::visit::Recorded) fact. The facts of one turn of the desk
//!   are a [`Batch`]; the fold of a visit's facts is the visit (`fold`).
//! - **Write-ahead log.** The *journal* is the truth (`record`: its bytes; `journal`: writing; `replay`: reading; `reader`:
//!   what a command that only reads opens). A batch is acknowledged once its records are on the disk, by one append and
//!   one `fdatasync`; only then does the desk show its outcome. Each record is sealed, has a checksum, and is chained to the one
//!   before by a hash (`audit`).
//! - **Projection.** sled holds what the journal adds up to, quick to look up (`projection`). It is written after the
//!   acknowledgement and holds nothing that the journal does not; after an unclean stop it is rebuilt (`rebuild`), for
//!   sled's own flush is no barrier against a power cut.
//! - **Crypto-shredding.** Each visit's records are sealed with the visit's own key (`visit_keys`). To forget a visit is
//!   to destroy that key: the records stay in the chain, and no program can open them.
//! - **Writer.** One thread does all of this ([`Store`] is the handle, `writer` the thread); drawing never waits for it.
//!
//! ```text
//! DIR/            mode 0700, every file 0600
//!   lock          names the process that uses the store
//!   desk.key      the desk's key, unless it is kept elsewhere
//!   visits.keys   each visit's own key, sealed by the desk's
//!   keys.retired  the keys of notes that were written under an earlier desk key
//!   journal/      00000001.seg ..: the write-ahead log
//!   derived/      00000001/ ..: sled, the projection
//!   clean         sled is whole, and for which end of the journal; absent while the store is written
//!   staged/       files that replace others together, while a backup is restored or the key is changed
//!   high-water    how far the journal was acknowledged
//!   roster        the students that the campus expects; roster.lock while it is changed
//!   clock         up to when the wall clock was believed, and when it was not
//!   ballast       room for the visit in hand when the disk is full
//! ```

mod audit;
mod audit_seal;
mod backup;
mod check;
mod clock_record;
mod disk;
mod error;
mod fold;
mod guard;
mod inspect;
mod journal;
mod list;
mod loaded_state;
mod location;
mod lock;
mod marks;
mod notes;
mod open;
mod projection;
mod reader;
mod rebuild;
mod record;
mod rekey;
mod replay;
mod report;
mod roster;
mod seal;
mod shifts;
mod staged;
mod stats;
mod story;
mod visit_keys;
mod writer;

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use tokio::sync::{oneshot, watch};

use crate::visit::{ClockState, CodeKey, StudentNumber, TicketRow, VisitId, VolunteerName};
use notes::StoreNote;
use writer::WriterJob;

pub use audit::{AuditFault, AuditFaultKind, AuditReport, verify, verify_against};
pub use audit_seal::{AuditSeal, MOST_SEALS, SignedSeal};
pub use backup::{BackupStats, backup, restore};
pub use check::{Grade, StoreFinding, check};
pub use clock_record::{clock_agrees, clock_doubt};
pub use disk::{Disk, Handle, RealDisk};
pub use error::{CommitError, StoreError};
pub use fold::LimitSubject;
pub use list::{
    RowStatus, VisitRow, list_read_only, list_rows, sort_tickets, ticket_rows, tickets_read_only,
};
pub use loaded_state::Opened;
pub use location::Location;
pub use marks::MOST_TOGETHER;
pub use notes::{Confirmation, Handover, UnmaskedView};
pub use projection::contained_call;
pub use rekey::{Rekeyed, rekey};
pub use report::{ReadReport, read_report};
pub use roster::{Enrolled, MOST_ROWS, Roster, RosterStats};
pub use seal::{KeyId, key_file};
pub use shifts::{ShiftEntry, ShiftEvent, shifts};
pub use stats::{Stats, stats};
pub use story::{Story, StoryEntry, StoryEvent, VisitSelector, story};
pub use writer::{Batch, ChainPoint, ForgetReceipt, Forgotten, ForgottenPerson, Health};

/// The open store: a handle on its thread.
pub struct Store {
    jobs: SyncSender<WriterJob>,
    thread: Option<JoinHandle<Result<(), StoreError>>>,
    codes: seal::SecretKey,
    roster: Roster,
    health: watch::Receiver<Health>,
    clock: watch::Receiver<ClockState>,
}

/// Jobs that may be queued. The desk waits for each batch, so more than a few mean that the disk hangs.
const QUEUE_LIMIT: usize = 64;

/// The note of what a volunteer confirms now.
fn confirmed(what: Confirmation, by: Option<VolunteerName>) -> StoreNote {
    let at = jiff::Timestamp::now();
    StoreNote::Confirmed { at, what, by }
}

impl Store {
    /// Opens the store, or creates it. The call blocks; after an unclean stop for as long as the journal takes to read.
    /// `today` and `zone` say which counts are today's.
    ///
    /// # Errors
    /// See [`StoreError`]: each has its remedy, and none has changed anything.
    pub fn open(
        location: &Location,
        today: jiff::civil::Date,
        zone: &jiff::tz::TimeZone,
    ) -> Result<(Store, Opened), StoreError> {
        Self::open_on(Arc::new(RealDisk), location, today, zone)
    }

    /// Opens the store as [`Store::open`] does, on the given disk.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_on(
        disk: Arc<dyn Disk>,
        location: &Location,
        today: jiff::civil::Date,
        zone: &jiff::tz::TimeZone,
    ) -> Result<(Store, Opened), StoreError> {
        let (writer, opened, codes, roster) = open::open(disk, location, today, zone)?;
        let (jobs, receiver) = sync_channel(QUEUE_LIMIT);
        let (health, clock) = (writer.health(), writer.clock());
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || writer.run(&receiver))
            .map_err(|e| StoreError::at(&location.dir, e))?;
        let store = Store {
            jobs,
            thread: Some(thread),
            codes,
            roster,
            health,
            clock,
        };
        Ok((store, opened))
    }

    /// Opens the store and rebuilds the projection from the journal, whether or not it was closed cleanly.
    ///
    /// # Errors
    /// As [`Store::open`]; also where there is no store.
    pub fn rebuild(
        location: &Location,
        today: jiff::civil::Date,
        zone: &jiff::tz::TimeZone,
    ) -> Result<(Store, Opened), StoreError> {
        open::remove_clean_mark(&RealDisk, location)?;
        Self::open(location, today, zone)
    }

    /// Queues a batch: one append and one `fdatasync`. The answer arrives once the batch is on the disk, or at once where
    /// the store does not take it. A batch that failed does not count, and may be retried.
    pub fn commit(&self, batch: Batch) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        self.enqueue(WriterJob::Commit(batch, answer));
        receiver
    }

    /// Destroys a visit's key and notes that in the journal (crypto-shredding): the visit's records stay in the chain,
    /// and no program can open them.
    pub fn forget(&self, visit: VisitId) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        self.enqueue(WriterJob::Forget(visit, answer));
        receiver
    }

    /// Destroys the keys of all visits of the student with this number, also of visits that have ended; removes the
    /// student's limits and row in the roster, and notes that in the journal; then sled is built anew. The channel closes without an answer where
    /// the store does not take the request.
    pub fn forget_person(
        &self,
        number: StudentNumber,
    ) -> oneshot::Receiver<Result<Forgotten, CommitError>> {
        let (answer, receiver) = oneshot::channel();
        let _ = self.jobs.try_send(WriterJob::ForgetPerson(number, answer));
        receiver
    }

    /// Notes that a volunteer with the PIN, `by` name where it was their own, sees personal data unmasked: the data of
    /// `visit`, or all that the view shows.
    /// The data is shown only once this note is on the disk.
    pub fn record_view(
        &self,
        view: UnmaskedView,
        visit: Option<VisitId>,
        by: Option<VolunteerName>,
    ) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        let note = StoreNote::Viewed {
            at: jiff::Timestamp::now(),
            view,
            visit,
            by,
        };
        self.enqueue(WriterJob::Note(note, answer));
        receiver
    }

    /// Notes that a volunteer took the desk over.
    pub fn record_handover(
        &self,
        at: jiff::Timestamp,
        handover: Handover,
    ) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        let note = StoreNote::HandedOver { at, handover };
        self.enqueue(WriterJob::Note(note, answer));
        receiver
    }

    /// Reads all tickets that were acknowledged, solved ones too. The channel closes without an answer, or with `None`,
    /// where the projection was given up; the next start rebuilds it.
    pub fn tickets(&self) -> oneshot::Receiver<Option<Vec<TicketRow>>> {
        let (answer, receiver) = oneshot::channel();
        // Where the store does not take the job, the sender is dropped and the channel closes.
        let _ = self.jobs.try_send(WriterJob::Tickets(answer));
        receiver
    }

    /// Queues a job, or answers at once why it is not taken.
    fn enqueue(&self, job: WriterJob) {
        let (job, why) = match self.jobs.try_send(job) {
            Ok(()) => return,
            Err(TrySendError::Full(job)) => (job, CommitError::Busy),
            Err(TrySendError::Disconnected(job)) => (job, CommitError::Closed),
        };
        match job {
            WriterJob::Commit(_, answer)
            | WriterJob::Forget(_, answer)
            | WriterJob::Note(_, answer)
            | WriterJob::ConfirmClock(_, answer)
            | WriterJob::AcceptJournal(_, answer) => {
                let _ = answer.send(Err(why));
            }
            // Their channels close.
            WriterJob::Tickets(_) | WriterJob::ForgetPerson(..) | WriterJob::Close => {}
            // The store judges it by itself before it drops anything.
            WriterJob::JudgeClock => {}
        }
    }

    /// The key that verification codes are derived from.
    pub fn code_key(&self) -> CodeKey {
        CodeKey::new(*self.codes)
    }

    /// The roster of an existing store, for a command that runs beside the desk; `None` where there is no store.
    ///
    /// # Errors
    /// As [`Store::open`], but a store that is in use is no error.
    pub fn roster_of(
        location: &Location,
        zone: &jiff::tz::TimeZone,
    ) -> Result<Option<Roster>, StoreError> {
        open::open_roster(location, zone)
    }

    /// The roster as [`Store::roster_of`] gives it; where there is no store, the store and its key are created.
    ///
    /// # Errors
    /// As [`Store::roster_of`].
    pub fn make_roster(
        location: &Location,
        zone: &jiff::tz::TimeZone,
    ) -> Result<Roster, StoreError> {
        open::make_roster(&RealDisk, location, zone)
    }

    /// This store's roster, whether or not one was imported.
    pub fn roster(&self) -> Roster {
        self.roster.clone()
    }

    /// The store's health; changes can be awaited.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Whether the wall clock is believed.
    pub fn clock(&self) -> ClockState {
        self.clock.borrow().clone()
    }

    /// The wall clock seems to have jumped: the store is to judge it now.
    pub fn judge_clock(&self) {
        self.enqueue(WriterJob::JudgeClock);
    }

    /// The wall clock is right: a server has said so. From now on it is believed.
    pub fn confirm_clock(&self) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        self.enqueue(WriterJob::ConfirmClock(None, answer));
        receiver
    }

    /// The same by the word of a volunteer, `by` name where the PIN was their own: it is noted in the journal first.
    pub fn confirm_clock_by(
        &self,
        by: Option<VolunteerName>,
    ) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        let note = confirmed(Confirmation::Clock, by);
        self.enqueue(WriterJob::ConfirmClock(Some(note), answer));
        receiver
    }

    /// The journal as it stands counts, although the mark of its end was lost: that is noted, `by` name where the PIN was
    /// the volunteer's own, and the end is marked anew.
    pub fn accept_journal(
        &self,
        by: Option<VolunteerName>,
    ) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        let note = confirmed(Confirmation::Journal, by);
        self.enqueue(WriterJob::AcceptJournal(note, answer));
        receiver
    }

    /// Writes what is queued, syncs the projection and writes the clean mark.
    ///
    /// # Errors
    /// The mark could not be written: the next start reads the journal again. Nothing acknowledged is lost.
    pub fn close(mut self) -> Result<(), StoreError> {
        if self.jobs.send(WriterJob::Close).is_err() {
            return Err(StoreError::Stopped);
        }
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(outcome)) => outcome,
            _ => Err(StoreError::Stopped),
        }
    }
}

impl Drop for Store {
    /// Waits until the store's thread has ended: it writes nothing into a folder that its owner has given away.
    fn drop(&mut self) {
        let (nowhere, _) = std::sync::mpsc::sync_channel(0);
        self.jobs = nowhere;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
