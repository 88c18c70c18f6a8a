//! The store's thread: it takes batches, has them on the disk, answers, and only then sees to what is derived. In idle
//! moments it makes ready what the next batch would otherwise wait for. With nothing to do it sleeps.

mod derive;
mod forget;
mod idle;
mod retire;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use zeroize::Zeroizing;

use super::derived::Derived;
use super::disk::Disk;
use super::fold::Tally;
use super::journal::{Body, Journal};
use super::lock::Lock;
use super::marks::HighWater;
use super::notes::{Note, Notes};
use super::paths::Paths;
use super::record::kind;
use super::roster::Roster;
use super::seal::{DeskKey, Key};
use super::slots::{Slot, Slots};
use super::tickets::ticket_rows;
use super::{Batch, CommitError, Health, Job, StoreError};
use crate::visit::{Fact, Recorded, VisitId};

/// The high-water mark waits for a pause this long, and not longer than [`MARK_AT_LAST`].
const PAUSE: Duration = Duration::from_millis(40);
const MARK_AT_LAST: Duration = Duration::from_millis(400);
/// How often a store in trouble looks whether the trouble is over.
const RETRY: Duration = Duration::from_secs(3);

/// A visit's key, in memory while the visit is not closed.
pub struct Known {
    pub slot: u32,
    pub key: Key,
}

pub use forget::{ForgetReceipt, ForgottenPerson, Noted};

/// What opening found and made.
pub struct Parts {
    pub disk: Arc<dyn Disk>,
    pub paths: Paths,
    pub lock: Lock,
    pub desk: DeskKey,
    pub notes: Notes,
    pub roster: Roster,
    /// How many days a visit is kept.
    pub keep: Option<u32>,
    pub journal: Journal,
    pub slots: Slots,
    pub derived: Option<Derived>,
    pub tally: Tally,
    pub known: HashMap<VisitId, Known>,
    pub high_water: HighWater,
    /// A clean mark is on the disk.
    pub clean: bool,
    pub zone: String,
}

pub struct Keeper {
    parts: Parts,
    health: watch::Sender<Health>,
    /// Since when the high-water mark is behind.
    behind: Option<Instant>,
    /// When old segments are looked for again.
    retire_at: Instant,
    /// What was forgotten since it was opened: what is still on its way for such a visit is not taken.
    forgotten: HashSet<VisitId>,
    /// The slots of visits that are about to be forgotten, where sled does not know them.
    forgetting: HashMap<VisitId, u32>,
}

/// One visit's part of a batch, its key at hand.
struct Group {
    visit: VisitId,
    slot: u32,
    key: Key,
    plain: Zeroizing<Vec<u8>>,
}

impl Keeper {
    pub fn new(parts: Parts) -> Self {
        Keeper {
            parts,
            health: watch::Sender::new(Health::Good),
            behind: None,
            retire_at: Instant::now(),
            forgotten: HashSet::new(),
            forgetting: HashMap::new(),
        }
    }

    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// Works until the store is closed or dropped.
    ///
    /// # Errors
    /// The clean mark could not be left.
    pub fn run(mut self, jobs: &Receiver<Job>) -> Result<(), StoreError> {
        self.tidy();
        loop {
            let job = match self.pause() {
                Some(pause) => jobs.recv_timeout(pause),
                None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match job {
                Ok(Job::Commit(batch, answer)) => {
                    let outcome = self.commit(&batch);
                    // The desk may have given up waiting; the batch counts all the same.
                    let _ = answer.send(outcome);
                    if outcome.is_ok() {
                        self.derive(&batch);
                    }
                }
                Ok(Job::Forget(visit, answer)) => {
                    let _ = answer.send(self.forget(&[visit]).map(drop));
                }
                Ok(Job::ForgetPerson(number, answer)) => {
                    let _ = answer.send(self.forget_person(&number));
                }
                Ok(Job::Note(note, answer)) => {
                    let _ = answer.send(self.note(&note));
                }
                Ok(Job::Tickets(answer)) => {
                    let parts = &self.parts;
                    let rows = parts
                        .derived
                        .as_ref()
                        .and_then(|derived| derived.tickets(&parts.slots).ok());
                    let _ =
                        answer.send(rows.map(|rows| ticket_rows(rows.iter().map(|r| &r.visit))));
                }
                Ok(Job::Close) => return self.close(),
                Err(RecvTimeoutError::Timeout) => self.tidy(),
                // Dropped without being closed: what is acknowledged is on the disk, and that is all.
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if self
                .behind
                .is_some_and(|since| since.elapsed() >= MARK_AT_LAST)
            {
                self.mark_high_water();
            }
        }
    }

    fn pause(&self) -> Option<Duration> {
        if self.behind.is_some() {
            Some(PAUSE)
        } else if *self.health.borrow() != Health::Good {
            Some(RETRY)
        } else {
            self.until_retire()
                .map(|wait| wait.max(Duration::from_secs(1)))
        }
    }

    fn note(&mut self, note: &Note) -> Result<(), CommitError> {
        self.begin_writing();
        self.append_notes(std::slice::from_ref(note))
            .map_err(|e| CommitError::from_io(&e))
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        if batch.records.is_empty() {
            return Ok(());
        }
        let opens = |recorded: &Recorded| matches!(recorded.fact, Fact::VisitOpened { .. });
        if *self.health.borrow() == Health::Full
            && batch.records.iter().any(opens)
            && !self.restore_ballast()
        {
            return Err(CommitError::Full);
        }
        let next_slot = self.parts.slots.next();
        let mut outcome = self.write(batch);
        if outcome == Err(CommitError::Full) && self.release_ballast() {
            self.parts.slots.set_next(next_slot);
            outcome = self.write(batch);
        }
        match outcome {
            Ok(()) => {
                // With the ballast gone there is still no room, whatever went well just now.
                if *self.health.borrow() != Health::Full {
                    self.set_health(Health::Good);
                }
                self.behind.get_or_insert_with(Instant::now);
            }
            Err(why) => {
                self.parts.slots.set_next(next_slot);
                match why {
                    CommitError::Full => self.set_health(Health::Full),
                    CommitError::ReadOnly => self.set_health(Health::ReadOnly),
                    CommitError::Io(_) => self.set_health(Health::Failed),
                    CommitError::Busy | CommitError::Forgotten | CommitError::Closed => {}
                }
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
        let bodies: Vec<Body<'_>> = groups
            .iter()
            .map(|group| Body {
                slot: group.slot,
                kind: kind::FACTS,
                key: &group.key,
                plain: &group.plain,
            })
            .collect();
        let parts = &mut self.parts;
        parts
            .journal
            .append(&bodies, parts.slots.next())
            .map_err(|e| CommitError::from_io(&e))?;
        for group in groups {
            let Group {
                visit, slot, key, ..
            } = group;
            parts.known.entry(visit).or_insert(Known { slot, key });
        }
        Ok(())
    }

    /// A visit's key: in memory, with its closed row, or a fresh one.
    fn key_of(&mut self, visit: VisitId) -> Result<(u32, Key), CommitError> {
        if let Some(known) = self.parts.known.get(&visit) {
            return Ok((known.slot, known.key.clone()));
        }
        if self.forgotten.contains(&visit) {
            return Err(CommitError::Forgotten);
        }
        let parts = &mut self.parts;
        let Some(slot) = Self::stored_slot(parts, visit) else {
            return parts
                .slots
                .take(&*parts.disk)
                .map_err(|e| CommitError::from_io(&e));
        };
        match parts.slots.read(slot) {
            Ok(Slot::Key(key)) => Ok((slot, key)),
            Ok(_) => Err(CommitError::Forgotten),
            Err(e) => Err(CommitError::from_io(&e)),
        }
    }

    /// The slot of a visit that is not in memory.
    fn stored_slot(parts: &Parts, visit: VisitId) -> Option<u32> {
        let found = parts.derived.as_ref()?.find(visit, &parts.slots);
        found.ok().flatten().map(|row| row.slot)
    }
}
