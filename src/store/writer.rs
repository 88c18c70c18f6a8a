//! The store's thread, and the only writer of the write-ahead log: it takes a batch, syncs it to the disk, acknowledges
//! it, and only then brings the projection up to date (`project`). While no job waits it prepares what the next batch
//! would otherwise wait for (`idle`); with nothing to do it sleeps.

mod forget;
mod idle;
mod job;
mod project;
mod renew;
mod retire;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use zeroize::Zeroizing;

use super::clock_record::ClockKeeper;
use super::disk::Disk;
use super::error::{CommitError, StoreError};
use super::fold::Tally;
use super::journal::{Journal, RecordBody};
use super::list::ticket_rows;
use super::location::StorePaths;
use super::lock::StoreLock;
use super::marks::{HighWaterFile, MARK_AFTER};
use super::notes::{NoteKeys, StoreNote};
use super::projection::Projection;
use super::record::RecordKind;
use super::roster::Roster;
use super::seal::{DeskKey, SecretKey};
use super::visit_keys::{SlotContent, VisitKeys};
use crate::visit::{ClockState, Counted, Recorded, VisitId};

/// The high-water mark is written after a pause of this length, and no later than [`MARK_AT_LAST`] after a batch.
const PAUSE: Duration = Duration::from_millis(40);
/// The longest time that the high-water mark stays behind while batches keep coming.
const MARK_AT_LAST: Duration = Duration::from_millis(400);
/// How often a store in trouble checks whether the trouble is over.
const RETRY: Duration = Duration::from_secs(3);

/// The key of a visit that has not ended, held in memory.
pub struct OpenVisitKey {
    /// The slot of the key's file.
    pub slot: u32,
    /// The key itself.
    pub key: SecretKey,
}

pub use job::{Batch, Health, WriterJob};

pub use forget::{ChainPoint, ForgetReceipt, Forgotten, ForgottenPerson};

use renew::Renewing;

/// The parts that opening a store found or created.
pub struct WriterParts {
    /// The disk that all is written to.
    pub disk: Arc<dyn Disk>,
    /// The names of the store's files.
    pub paths: StorePaths,
    /// The lock, held until the store is closed.
    pub lock: StoreLock,
    /// The desk's key.
    pub desk: DeskKey,
    /// The keys that open the store's own notes.
    pub note_keys: NoteKeys,
    /// The roster beside the journal.
    pub roster: Roster,
    /// How many days a visit is kept after it ended; `None` for ever.
    pub retention_days: Option<u32>,
    /// The write-ahead log.
    pub journal: Journal,
    /// The visits' own keys.
    pub visit_keys: VisitKeys,
    /// sled; `None` where it could not be built or was given up.
    pub projection: Option<Projection>,
    /// Limits and counts.
    pub tally: Tally,
    /// The keys of the visits that have not ended.
    pub open_keys: HashMap<VisitId, OpenVisitKey>,
    /// The high-water mark's file; `None` where it was lost and nobody has accepted the journal yet.
    pub high_water: Option<HighWaterFile>,
    /// How many records the mark is behind the journal, as after a power cut.
    pub unmarked: u64,
    /// Whether the wall clock is believed.
    pub clock: ClockKeeper,
    /// Whether a clean mark is on the disk.
    pub clean: bool,
    /// The name of the time zone that days are counted in.
    pub zone: String,
}

/// The state of the store's thread.
pub struct StoreWriter {
    parts: WriterParts,
    health: watch::Sender<Health>,
    /// Since when the high-water mark is behind the journal.
    behind: Option<Instant>,
    /// The records that the mark does not have yet.
    unmarked: u64,
    /// When old segments are searched for again.
    retire_at: Instant,
    /// The visits that were forgotten since the store was opened: a batch for such a visit is refused.
    forgotten: HashSet<VisitId>,
    /// The key slots of visits that are about to be forgotten, where the projection does not know them. A visit that went
    /// on without the projection may have several.
    forgetting: HashMap<VisitId, BTreeSet<u32>>,
    /// What is under way where sled is built anew.
    renewing: Renewing,
}

/// One visit's part of a batch, with the visit's key.
struct Group {
    visit: VisitId,
    slot: u32,
    key: SecretKey,
    plain: Zeroizing<Vec<u8>>,
}

impl StoreWriter {
    /// A writer that has not started yet.
    pub fn new(parts: WriterParts) -> Self {
        let unmarked = parts.unmarked;
        StoreWriter {
            parts,
            health: watch::Sender::new(Health::Good),
            behind: (unmarked > 0).then(Instant::now),
            unmarked,
            retire_at: Instant::now(),
            forgotten: HashSet::new(),
            forgetting: HashMap::new(),
            renewing: Renewing::default(),
        }
    }

    /// The store's health; changes can be awaited.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// Whether the wall clock is believed; changes can be awaited.
    pub fn clock(&self) -> watch::Receiver<ClockState> {
        self.parts.clock.state()
    }

    /// Does jobs until the store is closed or dropped.
    ///
    /// # Errors
    /// The clean mark could not be written.
    pub fn run(mut self, jobs: &Receiver<WriterJob>) -> Result<(), StoreError> {
        self.do_idle_work();
        loop {
            let job = match self.idle_timeout() {
                Some(timeout) => jobs.recv_timeout(timeout),
                None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match job {
                Ok(WriterJob::Commit(batch, answer)) => {
                    let outcome = self.commit(&batch);
                    // The desk may have stopped waiting; the batch still counts.
                    let _ = answer.send(outcome);
                    if outcome.is_ok() {
                        self.project_batch(&batch);
                    }
                }
                Ok(WriterJob::Forget(visit, answer)) => {
                    let _ = answer.send(self.forget(&[visit]).map(drop));
                }
                Ok(WriterJob::ForgetPerson(number, answer)) => {
                    let _ = answer.send(self.forget_person(&number));
                }
                Ok(WriterJob::Note(note, answer)) => {
                    let _ = answer.send(self.write_note(&note));
                }
                Ok(WriterJob::JudgeClock) => {
                    let parts = &mut self.parts;
                    parts.clock.believed(&*parts.disk);
                }
                Ok(WriterJob::ConfirmClock(note, answer)) => {
                    let _ = answer.send(self.confirm_clock(note.as_ref()));
                }
                Ok(WriterJob::AcceptJournal(note, answer)) => {
                    let _ = answer.send(self.accept_journal(&note));
                }
                Ok(WriterJob::Tickets(answer)) => {
                    let parts = &self.parts;
                    let rows = parts
                        .projection
                        .as_ref()
                        .and_then(|projection| projection.tickets(&parts.visit_keys).ok());
                    let _ =
                        answer.send(rows.map(|rows| ticket_rows(rows.iter().map(|r| &r.visit))));
                }
                Ok(WriterJob::Close) => return self.close(),
                Err(RecvTimeoutError::Timeout) if self.is_renewing() => self.continue_renewal(),
                Err(RecvTimeoutError::Timeout) => self.do_idle_work(),
                // The handle was dropped without a close: what was acknowledged is on the disk.
                Err(RecvTimeoutError::Disconnected) => {
                    self.end_renewal();
                    return Ok(());
                }
            }
            let is_overdue = |since: Instant| since.elapsed() >= MARK_AT_LAST;
            if self.unmarked >= MARK_AFTER || self.behind.is_some_and(is_overdue) {
                self.mark_high_water();
            }
        }
    }

    /// How long to wait for a job before idle work is due; `None` to wait without end.
    fn idle_timeout(&self) -> Option<Duration> {
        if self.is_renewing() {
            Some(Duration::ZERO)
        } else if self.behind.is_some() {
            Some(PAUSE)
        } else if *self.health.borrow() != Health::Good {
            Some(RETRY)
        } else {
            self.until_next_drop()
                .map(|wait| wait.max(Duration::from_secs(1)))
        }
    }

    /// What was held back while the clock was not believed is done next. Who says so is in the journal before it counts.
    fn confirm_clock(&mut self, note: Option<&StoreNote>) -> Result<(), CommitError> {
        if let Some(note) = note {
            self.write_note(note)?;
        }
        let parts = &mut self.parts;
        parts
            .clock
            .confirm(&*parts.disk)
            .map_err(|e| CommitError::from_io(&e))?;
        self.retire_at = Instant::now();
        Ok(())
    }

    /// The journal as it stands is the one that counts: its end is marked anew.
    fn accept_journal(&mut self, note: &StoreNote) -> Result<(), CommitError> {
        self.write_note(note)?;
        let written = self.mark_anew();
        self.parts.high_water = Some(written.map_err(|e| CommitError::from_io(&e))?);
        Ok(())
    }

    fn mark_anew(&mut self) -> std::io::Result<HighWaterFile> {
        let parts = &mut self.parts;
        let key = parts.desk.derive("marks");
        let mut file = HighWaterFile::open(&*parts.disk, &parts.paths.high_water, key)?;
        parts.journal.prepare(parts.visit_keys.next())?;
        let at = parts.journal.position();
        let at = at.ok_or_else(|| std::io::Error::other("no segment"))?;
        file.write(&*parts.disk, &at)?;
        Ok(file)
    }

    fn write_note(&mut self, note: &StoreNote) -> Result<(), CommitError> {
        self.begin_writing();
        self.append_notes(std::slice::from_ref(note))
            .map_err(|e| CommitError::from_io(&e))
    }

    /// Writes a batch and sets the health by the outcome. A full disk gets one retry with the ballast released.
    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        if batch.records.is_empty() {
            return Ok(());
        }
        let opens = |recorded: &Recorded| recorded.fact.counted() == Some(Counted::VisitOpened);
        if *self.health.borrow() == Health::Full
            && batch.records.iter().any(opens)
            && !self.restore_ballast()
        {
            return Err(CommitError::Full);
        }
        let next_slot = self.parts.visit_keys.next();
        let mut outcome = self.write(batch);
        if outcome == Err(CommitError::Full) && self.release_ballast() {
            self.parts.visit_keys.set_next(next_slot);
            outcome = self.write(batch);
        }
        match outcome {
            Ok(()) => {
                // Without the ballast the disk is still full, although this write succeeded.
                if *self.health.borrow() != Health::Full {
                    self.set_health(Health::Good);
                }
                self.behind.get_or_insert_with(Instant::now);
            }
            Err(why) => {
                self.parts.visit_keys.set_next(next_slot);
                self.record_failure(why);
            }
        }
        outcome
    }

    /// Seals and appends a batch: the facts of each visit become one record, so that a turn counts whole or not at all.
    fn write(&mut self, batch: &Batch) -> Result<(), CommitError> {
        let mut groups: Vec<Group> = Vec::new();
        for recorded in &batch.records {
            if groups.iter().any(|group| group.visit == recorded.visit) {
                continue;
            }
            let facts: Vec<&Recorded> = batch
                .records
                .iter()
                .filter(|other| other.visit == recorded.visit)
                .collect();
            let plain = serde_json::to_vec(&facts)
                .map(Zeroizing::new)
                .map_err(|_| CommitError::Io(std::io::ErrorKind::InvalidData))?;
            let (slot, key) = self.key_of(recorded.visit)?;
            groups.push(Group {
                visit: recorded.visit,
                slot,
                key,
                plain,
            });
        }
        let bodies: Vec<RecordBody<'_>> = groups
            .iter()
            .map(|group| RecordBody {
                slot: group.slot,
                kind: RecordKind::Facts,
                key: &group.key,
                plain: &group.plain,
            })
            .collect();
        let parts = &mut self.parts;
        parts
            .journal
            .append(&bodies, parts.visit_keys.next())
            .map_err(|e| CommitError::from_io(&e))?;
        self.unmarked = self.unmarked.saturating_add(bodies.len() as u64);
        let parts = &mut self.parts;
        for group in groups {
            let Group {
                visit, slot, key, ..
            } = group;
            parts
                .open_keys
                .entry(visit)
                .or_insert(OpenVisitKey { slot, key });
        }
        Ok(())
    }

    /// A visit's key: from memory, by the slot in the projection's row, or a fresh one.
    fn key_of(&mut self, visit: VisitId) -> Result<(u32, SecretKey), CommitError> {
        if let Some(open) = self.parts.open_keys.get(&visit) {
            return Ok((open.slot, open.key.clone()));
        }
        if self.forgotten.contains(&visit) {
            return Err(CommitError::Forgotten);
        }
        let parts = &mut self.parts;
        let Some(slot) = Self::stored_slot(parts, visit) else {
            return parts
                .visit_keys
                .take(&*parts.disk)
                .map_err(|e| CommitError::from_io(&e));
        };
        match parts.visit_keys.read(slot) {
            Ok(SlotContent::Key(key)) => Ok((slot, key)),
            Ok(SlotContent::Destroyed | SlotContent::Unreadable) => Err(CommitError::Forgotten),
            Err(e) => Err(CommitError::from_io(&e)),
        }
    }

    /// The key slot of a visit that has ended, by the projection.
    fn stored_slot(parts: &WriterParts, visit: VisitId) -> Option<u32> {
        let found = parts.projection.as_ref()?.find(visit, &parts.visit_keys);
        found.ok().flatten().map(|row| row.slot)
    }
}
