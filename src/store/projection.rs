//! The projection: what the write-ahead log adds up to, in sled, quick to look up. It holds nothing that the journal does
//! not. It is trusted only after a clean close and with the digest of that close; otherwise it is rebuilt in a fresh
//! directory.
//!
//! ```text
//! tree      name                             value
//! visits    visit id                         a visit that is open, parked or has a ticket that is not solved
//! closed    visit id                         a visit that has ended; no function scans this tree
//! more      visit id, number of the piece    the rest of a row too long for one value
//! tickets   visit id                         empty: the visit has a ticket
//! limits    hour, tag of number or account   the moments that a limit counts
//! days      date                             the counts of that day
//! people    HMAC of student number, visit    whether the student was identified there
//! ```
//! Visits are sealed with their own key, limits with a key of the desk.

mod anew;
mod containment;
mod generations;
mod limit_name;
mod people;
mod pieces;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::fold::{StoredVisit, Tally};
use super::seal::{self, DeskKey, SecretKey};
use super::visit_keys::{SlotContent, VisitKeys};
use crate::visit::{Limits, VisitId};

pub use anew::Renewal;
pub use containment::contained_call;
pub use generations::{generations, remove_generations, wipe, witnesses};
pub use people::Occurrence;

use crate::ours;
use containment::{contain_panics, contain_sled};
use limit_name::{limit_row_name, parse_limit_row_name};

/// The version of the rows. Raise it when a row's content, or what `evolve` makes of a fact, changes.
const SCHEMA: u32 = 8;
/// sled's cache, in bytes; its default is 1 GB.
const CACHE: u64 = 16 * 1024 * 1024;
/// With more rows written than this, closing makes a snapshot.
const SNAPSHOT_AFTER: usize = 2000;

/// The schema of the rows that this program writes. A program with another version rebuilds them.
pub fn schema() -> String {
    format!("{}/{SCHEMA}", env!("CARGO_PKG_VERSION"))
}

/// The open database.
pub struct Projection {
    db: sled::Db,
    visits: sled::Tree,
    closed: sled::Tree,
    more: sled::Tree,
    tickets: sled::Tree,
    limits: sled::Tree,
    days: sled::Tree,
    people: sled::Tree,
    names: SecretKey,
    limits_key: SecretKey,
    dir: PathBuf,
    /// Rows written since it was opened.
    writes: Cell<usize>,
    /// The visits whose rows were changed while another database is built from this one, with their students' tags.
    changed: RefCell<Option<BTreeMap<VisitId, Vec<u8>>>>,
}

/// What opening a store loads.
pub struct LoadedProjection {
    /// The visits that have not ended, or have a ticket that is not solved.
    pub rows: Vec<StoredVisit>,
    /// SHA-256 over all that was loaded, in lower-case hexadecimal.
    pub digest: String,
}

impl Projection {
    /// Opens the database, or creates one where there is none. sled holds its lock for a moment after a close (sled issue
    /// 1289): opening retries for a second.
    ///
    /// # Errors
    /// sled's, panics included.
    pub fn open(dir: &Path, desk: &DeskKey) -> io::Result<Self> {
        ours::tree(dir)?;
        contain_sled("opening", || {
            let config = config(dir);
            let mut tries = 0;
            let db = loop {
                match config.open() {
                    Err(sled::Error::Io(e))
                        if e.kind() == io::ErrorKind::WouldBlock && tries < 40 =>
                    {
                        tries += 1;
                        std::thread::sleep(Duration::from_millis(25));
                    }
                    // The lock's refusal arrives as text.
                    Err(sled::Error::Io(e)) if tries < 40 && e.to_string().contains("lock") => {
                        tries += 1;
                        std::thread::sleep(Duration::from_millis(25));
                    }
                    other => break other?,
                }
            };
            Ok(Projection {
                visits: db.open_tree("visits")?,
                closed: db.open_tree("closed")?,
                more: db.open_tree("more")?,
                tickets: db.open_tree("tickets")?,
                limits: db.open_tree("limits")?,
                days: db.open_tree("days")?,
                people: db.open_tree("people")?,
                db,
                names: desk.derive("names"),
                limits_key: desk.derive("limits"),
                dir: dir.to_owned(),
                writes: Cell::new(0),
                changed: RefCell::new(None),
            })
        })
    }

    /// The directory of this generation.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a visit to the tree that it belongs to now.
    ///
    /// # Errors
    /// sled's.
    pub fn put(&self, row: &StoredVisit, key: &SecretKey) -> io::Result<()> {
        let id = row.visit.id.0.to_be_bytes();
        let json = Zeroizing::new(serde_json::to_vec(&row.visit)?);
        let mut value = row.slot.to_le_bytes().to_vec();
        value.extend_from_slice(&seal::seal(key, &aad(row.visit.id, row.slot), &json)?);
        let (first, pieces) = pieces::split(&value)?;
        self.note_change(row.visit.id)?;
        self.writes.set(self.writes.get().saturating_add(1));
        contain_sled("writing a visit", || {
            for (n, piece) in (0..).zip(pieces) {
                self.more.insert(pieces::piece_name(&id, n), piece)?;
            }
            if row.visit.ticket.is_some() {
                self.tickets.insert(id, &[])?;
            }
            if row.visit.is_over() {
                self.closed.insert(id, first)?;
                self.visits.remove(id)?;
            } else {
                self.visits.insert(id, first)?;
                self.closed.remove(id)?;
            }
            Ok(())
        })
    }

    /// Finds a visit, open or ended.
    ///
    /// # Errors
    /// sled's, or a row that cannot be opened.
    pub fn find(&self, id: VisitId, visit_keys: &VisitKeys) -> io::Result<Option<StoredVisit>> {
        let name = id.0.to_be_bytes();
        let found = contain_sled("reading a visit", || match self.visits.get(name)? {
            Some(value) => Ok(Some(value)),
            None => self.closed.get(name),
        })?;
        found
            .map(|value| open_row(&name, &self.join_pieces(&name, &value)?, visit_keys))
            .transpose()
    }

    /// The rows of all visits with a ticket, solved ones too.
    ///
    /// # Errors
    /// sled's, or a row that cannot be opened.
    pub fn tickets(&self, visit_keys: &VisitKeys) -> io::Result<Vec<StoredVisit>> {
        let names = contain_sled("listing the tickets", || {
            self.tickets.iter().keys().collect::<sled::Result<Vec<_>>>()
        })?;
        let mut rows = Vec::new();
        for name in names {
            rows.extend(self.find(read_id(&name)?, visit_keys)?);
        }
        Ok(rows)
    }

    /// Joins a row with its pieces.
    fn join_pieces(&self, name: &[u8], first: &[u8]) -> io::Result<Vec<u8>> {
        let piece = |n| {
            contain_sled("reading a visit's pieces", || {
                self.more.get(pieces::piece_name(name, n))
            })
        };
        pieces::join(first, piece)?.ok_or_else(|| damaged("visits"))
    }

    /// Removes all rows of a forgotten visit.
    ///
    /// # Errors
    /// sled's.
    pub fn remove(&self, id: VisitId) -> io::Result<()> {
        let name = id.0.to_be_bytes();
        self.note_change(id)?;
        contain_sled("removing a visit", || {
            self.visits.remove(name)?;
            self.closed.remove(name)?;
            self.tickets.remove(name)?;
            self.remove_student_rows(&name)?;
            for entry in self.more.scan_prefix(name).keys() {
                self.more.remove(entry?)?;
            }
            Ok(())
        })
    }

    /// Writes what changed in the tally since the last call.
    ///
    /// # Errors
    /// sled's.
    pub fn put_tally(&self, tally: &mut Tally) -> io::Result<()> {
        let touched = std::mem::take(&mut tally.touched);
        for (subject, before) in touched.limits {
            let row = tally.limits.get(&subject);
            if let Some(before) = before.filter(|before| row.is_none_or(|row| row.hour != *before))
            {
                let name = limit_row_name(before, subject);
                contain_sled("removing a limit", || self.limits.remove(name))?;
            }
            if let Some(row) = row {
                let name = limit_row_name(row.hour, subject);
                let json = Zeroizing::new(serde_json::to_vec(&row.limits)?);
                let value = seal::seal(&self.limits_key, &name, &json)?;
                contain_sled("writing a limit", || self.limits.insert(name, value))?;
            }
        }
        for day in touched.days {
            let counts = tally.days.get(&day).copied().unwrap_or_default();
            let value = serde_json::to_vec(&counts)?;
            contain_sled("writing a day", || self.days.insert(day.to_string(), value))?;
        }
        Ok(())
    }

    /// Removes at most `most` limits that are older than this hour (since 1970).
    ///
    /// # Errors
    /// sled's.
    pub fn prune(&self, from: u32, most: usize) -> io::Result<()> {
        contain_sled("removing stale limits", || {
            for entry in self.limits.range(..from.to_be_bytes()).take(most) {
                self.limits.remove(entry?.0)?;
            }
            Ok(())
        })
    }

    /// Loads the visits that have not ended, the limits from this hour (since 1970) on and the days, and digests them all.
    ///
    /// # Errors
    /// sled's, or a row that cannot be opened.
    pub fn load(
        &self,
        visit_keys: &VisitKeys,
        from: u32,
        tally: &mut Tally,
    ) -> io::Result<LoadedProjection> {
        let mut rows = Vec::new();
        let digest = self.digest_rows(from, |tree, name, value| {
            match tree {
                ProjectionTree::Visits => rows.push(open_row(name, value, visit_keys)?),
                ProjectionTree::Tickets => {}
                ProjectionTree::Limits => {
                    let plain = seal::unseal(&self.limits_key, name, value)
                        .ok_or_else(|| damaged("limits"))?;
                    let limits: Limits = serde_json::from_slice(&plain)?;
                    let (hour, subject) =
                        parse_limit_row_name(name).ok_or_else(|| damaged("limits"))?;
                    tally.put_row(subject, hour, limits);
                }
                ProjectionTree::Days => {
                    let day: Date = std::str::from_utf8(name)
                        .ok()
                        .and_then(|name| name.parse().ok())
                        .ok_or_else(|| damaged("days"))?;
                    tally.days.insert(day, serde_json::from_slice(value)?);
                }
            }
            Ok(())
        })?;
        Ok(LoadedProjection { rows, digest })
    }

    /// The digest that [`Projection::load`] would return.
    ///
    /// # Errors
    /// sled's.
    pub fn digest(&self, from: u32) -> io::Result<String> {
        self.digest_rows(from, |_, _, _| Ok(()))
    }

    /// Shows each row that opening loads to `visit`, and returns the digest over them.
    fn digest_rows(
        &self,
        from: u32,
        mut visit: impl FnMut(ProjectionTree, &[u8], &[u8]) -> io::Result<()>,
    ) -> io::Result<String> {
        let mut hash = Sha256::new();
        let mut step = |tree, entry: sled::Result<(sled::IVec, sled::IVec)>| -> io::Result<()> {
            let (name, value) = entry?;
            hash.update([tree as u8]);
            for part in [&name, &value] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            visit(tree, &name, &value)
        };
        contain_panics("digesting the rows", || {
            self.visits.iter().try_for_each(|entry| {
                let (name, first) = entry?;
                let whole = self.join_pieces(&name, &first)?;
                step(ProjectionTree::Visits, Ok((name, whole.into())))
            })?;
            let tickets = &self.tickets;
            tickets
                .iter()
                .try_for_each(|e| step(ProjectionTree::Tickets, e))?;
            self.limits
                .range(from.to_be_bytes()..)
                .try_for_each(|e| step(ProjectionTree::Limits, e))?;
            self.days
                .iter()
                .try_for_each(|e| step(ProjectionTree::Days, e))
        })?;
        Ok(super::marks::hex(&hash.finalize()))
    }

    /// Closes the database and syncs its files. sled's own flush is no barrier against a power cut (sled issue 1452), so each
    /// file is synced here; sled's threads have ended once its lock is free.
    ///
    /// sled writes a snapshot only when it is opened, and an opening without a snapshot reads sled's whole log: after many
    /// writes it is opened once more here, where no volunteer waits for it.
    ///
    /// # Errors
    /// sled's or the disk's.
    pub fn close(self) -> io::Result<()> {
        let dir = self.dir.clone();
        let needs_snapshot = self.writes.get() > SNAPSHOT_AFTER;
        contain_sled("flushing", || self.db.flush().map(drop))?;
        contain_sled("closing", || {
            drop(self);
            Ok(())
        })?;
        wait_for_lock(&dir)?;
        if needs_snapshot {
            contain_sled("making a snapshot", || config(&dir).open().map(drop))?;
            wait_for_lock(&dir)?;
        }
        sync_tree(&dir)
    }
}

#[derive(Clone, Copy)]
enum ProjectionTree {
    Visits,
    Limits,
    Days,
    Tickets,
}

fn open_row(name: &[u8], value: &[u8], visit_keys: &VisitKeys) -> io::Result<StoredVisit> {
    let id = read_id(name)?;
    let (slot, sealed) = value.split_first_chunk().ok_or_else(|| damaged("visits"))?;
    let slot = u32::from_le_bytes(*slot);
    let SlotContent::Key(key) = visit_keys.read(slot)? else {
        return Err(damaged("visits"));
    };
    let plain = seal::unseal(&key, &aad(id, slot), sealed).ok_or_else(|| damaged("visits"))?;
    let visit = serde_json::from_slice(&plain)?;
    Ok(StoredVisit { slot, visit })
}

fn read_id(name: &[u8]) -> io::Result<VisitId> {
    name.try_into()
        .map(|bytes| VisitId(u128::from_be_bytes(bytes)))
        .map_err(|_| damaged("visits"))
}

fn aad(id: VisitId, slot: u32) -> [u8; 28] {
    let mut aad = *b"yxrow1\0.????????????????....";
    aad[8..24].copy_from_slice(&id.0.to_be_bytes());
    aad[24..].copy_from_slice(&slot.to_le_bytes());
    aad
}

fn damaged(tree: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("a row of {tree} is damaged"),
    )
}

fn config(dir: &Path) -> sled::Config {
    sled::Config::new()
        .path(dir)
        .cache_capacity(CACHE)
        .flush_every_ms(None)
}

/// Waits up to a second until sled's lock on its file is free.
fn wait_for_lock(dir: &Path) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    let file = ours::open_enclosed(&dir.join("db"))?;
    for _ in 0..100 {
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(io::Error::from(io::ErrorKind::WouldBlock))
}

/// Syncs every file and directory below this one.
fn sync_tree(dir: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        } else {
            ours::open_enclosed(&entry.path())?.sync_all()?;
        }
    }
    std::fs::File::open(dir)?.sync_all()
}
