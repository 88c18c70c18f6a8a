//! What happened, kept: the journal is the truth, sled is what it adds up to.
//!
//! The desk hands over a [`Batch`] and shows its outcome once the store has acknowledged it: by then the records are
//! on the disk. The store runs on a thread of its own and is never waited for by drawing.
//!
//! ```text
//! DIR/            mode 0700, every file 0600
//!   lock          who uses it
//!   desk.key      the desk's key, unless it is kept elsewhere
//!   visits.keys   each visit's own key, sealed by the desk's
//!   keys.retired  what still opens notes that were written under an earlier desk key
//!   journal/      00000001.seg ..: the truth
//!   derived/      00000001/ ..: sled
//!   clean         sled is whole, and for which end of the journal; gone while the store is written
//!   staged/       files that take the place of others at once: while a backup is restored or the key changed
//!   high-water    how far the journal was acknowledged
//!   roster        whom the campus expects; roster.lock while it is changed
//!   ballast       room for the visit in hand when the disk is full
//! ```

mod audit;
mod backup;
mod check;
mod derived;
mod disk;
mod error;
mod fold;
mod journal;
mod keeper;
mod list;
mod lock;
mod long;
mod look;
mod marks;
mod notes;
mod open;
mod paths;
mod rebuild;
mod record;
mod rekey;
mod replay;
mod roster;
mod seal;
mod slots;
mod staged;
mod stand;
mod stats;
mod story;
mod tickets;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use tokio::sync::{oneshot, watch};

use crate::visit::{CodeKey, Counts, Limits, Recorded, StudentNumber, TicketRow, Visit, VisitId};
use notes::Note;

pub use audit::{AuditFault, AuditFaultKind, AuditReport, verify};
pub use backup::{BackupStats, backup, restore};
pub use check::{Grade, StoreFinding, check};
pub use derived::panic_is_contained;
pub use disk::{Disk, Handle, RealDisk};
pub use error::{CommitError, StoreError};
pub use fold::LimitSubject;
pub use keeper::{ForgetReceipt, ForgottenPerson, Noted};
pub use list::{RowStatus, VisitRow, list_read_only, list_rows};
pub use notes::UnmaskedView;
pub use rekey::{Rekeyed, rekey};
pub use roster::{Enrolled, MOST_ROWS, Roster, RosterStats};
pub use seal::{KeyId, key_file};
pub use stats::{Stats, stats};
pub use story::{Story, StoryEntry, StoryEvent, VisitSelector, story};
pub use tickets::{sort_tickets, ticket_rows, tickets_read_only};

/// What one turn of the desk's loop made: written with one append and one sync.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub records: Vec<Recorded>,
    /// The visits that the records belong to, as they are after them.
    pub visits: Vec<Visit>,
}

/// What the store knows when it has been opened.
#[derive(Debug, Default)]
pub struct Opened {
    /// Open and parked visits, the one touched last at the end; closed ones are not loaded.
    pub visits: Vec<Visit>,
    pub limits: Limits,
    /// Today's counts, by the local date given at opening.
    pub counts: Counts,
    /// Whether sled had to be rebuilt from the journal.
    pub rebuilt: bool,
    /// Records that could not be read, for the volunteer and the log.
    pub damaged: usize,
    /// Something that was never acknowledged stood at the journal's end: nothing is lost.
    pub torn: bool,
    /// The journal ends before what was acknowledged: somebody or something cut it. What it lacks is in `damaged`, and
    /// the old sled is kept beside the new one as a witness.
    pub cut: bool,
}

/// Where a store lives.
#[derive(Clone, Debug, Default)]
pub struct Location {
    pub dir: PathBuf,
    /// The desk's key file; by default the service manager's credentials, then `desk.key` in `dir`.
    pub key: Option<PathBuf>,
    /// How many days a visit is kept; `None` for as long as the store is.
    pub keep: Option<u32>,
}

/// How the store is doing, for the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    #[default]
    Good,
    /// No room: the ballast was released, the visit in hand can be finished, new ones are refused. It goes back to
    /// `Good` by itself when there is room again.
    Full,
    ReadOnly,
    /// The last write failed.
    Failed,
}

/// The open store: a handle on its thread.
pub struct Store {
    jobs: SyncSender<Job>,
    thread: Option<JoinHandle<Result<(), StoreError>>>,
    codes: seal::Key,
    roster: Roster,
    health: watch::Receiver<Health>,
}

enum Job {
    Commit(Batch, oneshot::Sender<Result<(), CommitError>>),
    Tickets(oneshot::Sender<Option<Vec<TicketRow>>>),
    Forget(VisitId, oneshot::Sender<Result<(), CommitError>>),
    ForgetPerson(
        StudentNumber,
        oneshot::Sender<Result<ForgottenPerson, CommitError>>,
    ),
    Note(Note, oneshot::Sender<Result<(), CommitError>>),
    Close,
}

/// Batches that may wait. The desk waits for each, so more than a few mean that the disk hangs.
const WAITING: usize = 64;

impl Location {
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Location {
            dir: dir.into(),
            key: None,
            keep: None,
        }
    }
}

impl Store {
    /// Opens the store, or makes it. It blocks, after an unclean stop as long as the journal takes to read.
    ///
    /// # Errors
    /// Each with its remedy; none of them has changed anything.
    pub fn open(
        location: &Location,
        today: jiff::civil::Date,
        zone: &jiff::tz::TimeZone,
    ) -> Result<(Store, Opened), StoreError> {
        Self::open_on(Arc::new(RealDisk), location, today, zone)
    }

    /// As [`Store::open`], on a disk of the caller's.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_on(
        disk: Arc<dyn Disk>,
        location: &Location,
        today: jiff::civil::Date,
        zone: &jiff::tz::TimeZone,
    ) -> Result<(Store, Opened), StoreError> {
        let (keeper, opened, codes, roster) = open::open(disk, location, today, zone)?;
        let (jobs, receiver) = sync_channel(WAITING);
        let health = keeper.health();
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || keeper.run(&receiver))
            .map_err(|e| StoreError::at(&location.dir, e))?;
        let store = Store {
            jobs,
            thread: Some(thread),
            codes,
            roster,
            health,
        };
        Ok((store, opened))
    }

    /// Opens the store and builds sled anew from the journal, whether or not it was left whole.
    ///
    /// # Errors
    /// As [`Store::open`]; and where there is no store.
    pub fn rebuild(
        location: &Location,
        today: jiff::civil::Date,
        zone: &jiff::tz::TimeZone,
    ) -> Result<(Store, Opened), StoreError> {
        open::distrust(&RealDisk, location)?;
        Self::open(location, today, zone)
    }

    /// Hands a batch over: one append and one `fdatasync`. The answer arrives once it is on the disk, or at once where
    /// it is not taken. A batch that failed does not count, and may be handed over again.
    pub fn commit(&self, batch: Batch) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        self.hand_over(Job::Commit(batch, answer));
        receiver
    }

    /// Destroys a visit's key and notes it in the journal: its records stay in the chain, and nobody can read them.
    pub fn forget(&self, visit: VisitId) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        self.hand_over(Job::Forget(visit, answer));
        receiver
    }

    /// Destroys the keys of all visits of whoever has this number, also of those that have ended; takes their limits and
    /// their row in the roster away, and notes it in the journal. No answer where the store does not take it.
    pub fn forget_person(
        &self,
        number: StudentNumber,
    ) -> oneshot::Receiver<Result<ForgottenPerson, CommitError>> {
        let (answer, receiver) = oneshot::channel();
        let _ = self.jobs.try_send(Job::ForgetPerson(number, answer));
        receiver
    }

    /// Notes that somebody with the PIN sees unmasked what names a person: `visit`'s, or all that the view shows. It is
    /// shown once this is on the disk.
    pub fn viewed(
        &self,
        view: UnmaskedView,
        visit: Option<VisitId>,
    ) -> oneshot::Receiver<Result<(), CommitError>> {
        let (answer, receiver) = oneshot::channel();
        let at = jiff::Timestamp::now();
        self.hand_over(Job::Note(Note::Viewed { at, view, visit }, answer));
        receiver
    }

    /// All tickets that were acknowledged, solved ones too. No answer, or `None`, where sled was given up: the next start
    /// builds it anew.
    pub fn tickets(&self) -> oneshot::Receiver<Option<Vec<TicketRow>>> {
        let (answer, receiver) = oneshot::channel();
        // Where the store does not take it, the answer is dropped and that is its own answer.
        let _ = self.jobs.try_send(Job::Tickets(answer));
        receiver
    }

    fn hand_over(&self, job: Job) {
        let (job, why) = match self.jobs.try_send(job) {
            Ok(()) => return,
            Err(TrySendError::Full(job)) => (job, CommitError::Busy),
            Err(TrySendError::Disconnected(job)) => (job, CommitError::Closed),
        };
        if let Job::Commit(_, answer) | Job::Forget(_, answer) | Job::Note(_, answer) = job {
            let _ = answer.send(Err(why));
        }
    }

    /// The key that codes are derived from.
    pub fn code_key(&self) -> CodeKey {
        CodeKey::new(*self.codes)
    }

    /// The roster of a store that is there, for a command beside the desk; `None` where there is no store.
    ///
    /// # Errors
    /// As [`Store::open`], but a desk that runs is no error.
    pub fn roster_of(
        location: &Location,
        zone: &jiff::tz::TimeZone,
    ) -> Result<Option<Roster>, StoreError> {
        open::roster(location, zone)
    }

    /// As [`Store::roster_of`], but the store and its key are made where there is none yet.
    ///
    /// # Errors
    /// As [`Store::roster_of`].
    pub fn make_roster(
        location: &Location,
        zone: &jiff::tz::TimeZone,
    ) -> Result<Roster, StoreError> {
        open::make_roster(&RealDisk, location, zone)
    }

    /// The roster beside it, whether or not one was imported.
    pub fn roster(&self) -> Roster {
        self.roster.clone()
    }

    /// How the store is doing; changes can be awaited.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Writes what was handed over, has sled on the disk and leaves the clean mark.
    ///
    /// # Errors
    /// The mark could not be left: the next start reads the journal again. Nothing acknowledged is lost.
    pub fn close(mut self) -> Result<(), StoreError> {
        if self.jobs.send(Job::Close).is_err() {
            return Err(StoreError::Stopped);
        }
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(outcome)) => outcome,
            _ => Err(StoreError::Stopped),
        }
    }
}
