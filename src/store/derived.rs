//! sled: what the journal adds up to, quick to look up. It holds nothing that the journal does not, and it is believed
//! only after a clean close whose digest it still fits; otherwise it is built anew in a fresh directory.
//!
//! Rows: `visits` has what is open or parked or has a ticket that is not solved, `closed` what has ended (by visit, sealed with the visit's key), `more` what is too long for one value, `tickets` which visits have a ticket, `limits`
//! what a limit looks at (by hour and an HMAC of the number or account, sealed), `days` the counts of each day, `people`
//! in which visits a student number occurs (by an HMAC of it). Nothing here scans `closed`.

mod people;

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::fold::{LimitRow, LimitSubject, Row, Tally, read_whom, whom_text};
use super::long;
use super::seal::{self, DeskKey, Key};
use super::slots::{Slot, Slots};
use crate::visit::VisitId;

pub use people::{Occurrence, number_in};

/// What the rows mean. Raise it when a row's content or what `evolve` makes of a fact changes.
const SCHEMA: u32 = 3;
/// sled's default is 1 GB.
const CACHE: u64 = 16 * 1024 * 1024;
/// Rows written, from which on closing makes a snapshot.
const MANY: usize = 2000;

/// The schema of the rows that this program writes: another version of it builds them anew.
pub fn schema() -> String {
    format!("{}/{SCHEMA}", env!("CARGO_PKG_VERSION"))
}

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread is sled's and goes no further: the panic hook has nothing to say then.
pub fn panic_is_contained() -> bool {
    CONTAINED.with(Cell::get)
        || std::thread::current()
            .name()
            .is_some_and(|name| name.starts_with("sled-io"))
}

/// The open database.
pub struct Derived {
    db: sled::Db,
    visits: sled::Tree,
    closed: sled::Tree,
    more: sled::Tree,
    tickets: sled::Tree,
    limits: sled::Tree,
    days: sled::Tree,
    people: sled::Tree,
    names: Key,
    limits_key: Key,
    dir: PathBuf,
    /// Rows written since it was opened.
    writes: Cell<usize>,
}

/// What is loaded at opening.
pub struct Loaded {
    pub rows: Vec<Row>,
    /// Lower-case hexadecimal.
    pub digest: String,
}

impl Derived {
    /// Opens a database, or makes one where there is none. Its lock lingers for a moment after another closed it.
    ///
    /// # Errors
    /// Whatever sled says, panics included.
    pub fn open(dir: &Path, desk: &DeskKey) -> io::Result<Self> {
        contained(|| {
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
            Ok(Derived {
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
            })
        })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a visit where it belongs now.
    ///
    /// # Errors
    /// sled's.
    pub fn put(&self, row: &Row, key: &Key) -> io::Result<()> {
        let id = row.visit.id.0.to_be_bytes();
        let json = Zeroizing::new(serde_json::to_vec(&row.visit)?);
        let mut value = row.slot.to_le_bytes().to_vec();
        value.extend_from_slice(&seal::seal(key, &aad(row.visit.id, row.slot), &json)?);
        let (first, pieces) = long::split(&value)?;
        self.writes.set(self.writes.get().saturating_add(1));
        contained(|| {
            for (n, piece) in (0..).zip(pieces) {
                self.more.insert(long::piece_name(&id, n), piece)?;
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

    /// A visit's row, wherever it is.
    ///
    /// # Errors
    /// sled's, or a row that cannot be opened.
    pub fn find(&self, id: VisitId, slots: &Slots) -> io::Result<Option<Row>> {
        let name = id.0.to_be_bytes();
        let found = contained(|| match self.visits.get(name)? {
            Some(value) => Ok(Some(value)),
            None => self.closed.get(name),
        })?;
        found
            .map(|value| open_row(&name, &self.whole(&name, &value)?, slots))
            .transpose()
    }

    /// The rows of all visits with a ticket, solved ones too.
    ///
    /// # Errors
    /// sled's, or a row that cannot be opened.
    pub fn tickets(&self, slots: &Slots) -> io::Result<Vec<Row>> {
        let names = contained(|| self.tickets.iter().keys().collect::<sled::Result<Vec<_>>>())?;
        let mut rows = Vec::new();
        for name in names {
            rows.extend(self.find(read_id(&name)?, slots)?);
        }
        Ok(rows)
    }

    /// A row with the pieces that follow it.
    fn whole(&self, name: &[u8], first: &[u8]) -> io::Result<Vec<u8>> {
        let piece = |n| contained(|| self.more.get(long::piece_name(name, n)));
        long::join(first, piece)?.ok_or_else(|| damaged("visits"))
    }

    /// Takes a forgotten visit out.
    ///
    /// # Errors
    /// sled's.
    pub fn remove(&self, id: VisitId) -> io::Result<()> {
        let name = id.0.to_be_bytes();
        contained(|| {
            self.visits.remove(name)?;
            self.closed.remove(name)?;
            self.tickets.remove(name)?;
            self.remove_person(&name)?;
            for entry in self.more.scan_prefix(name).keys() {
                self.more.remove(entry?)?;
            }
            Ok(())
        })
    }

    /// Writes what changed in the tally since the last time.
    ///
    /// # Errors
    /// sled's.
    pub fn put_tally(&self, tally: &mut Tally) -> io::Result<()> {
        let touched = std::mem::take(&mut tally.touched);
        for (whom, before) in touched.limits {
            let row = tally.limits.get(&whom);
            if let Some(before) = before.filter(|before| row.is_none_or(|row| row.hour != *before))
            {
                let name = self.limit_name(before, &whom);
                contained(|| self.limits.remove(name))?;
            }
            if let Some(row) = row {
                let name = self.limit_name(row.hour, &whom);
                let json = Zeroizing::new(serde_json::to_vec(&(&row.limits, whom_text(&whom)))?);
                let value = seal::seal(&self.limits_key, &name, &json)?;
                contained(|| self.limits.insert(name, value))?;
            }
        }
        for day in touched.days {
            let counts = tally.days.get(&day).copied().unwrap_or_default();
            let value = serde_json::to_vec(&counts)?;
            contained(|| self.days.insert(day.to_string(), value))?;
        }
        Ok(())
    }

    /// Removes limits from before this hour, `most` at the most.
    ///
    /// # Errors
    /// sled's.
    pub fn prune(&self, from: u32, most: usize) -> io::Result<()> {
        contained(|| {
            for entry in self.limits.range(..from.to_be_bytes()).take(most) {
                self.limits.remove(entry?.0)?;
            }
            Ok(())
        })
    }

    /// Loads what is open or parked, the limits from this hour on and the days, and digests all of it.
    ///
    /// # Errors
    /// sled's, or a row that cannot be opened.
    pub fn load(&self, slots: &Slots, from: u32, tally: &mut Tally) -> io::Result<Loaded> {
        let mut rows = Vec::new();
        let digest = self.walk(from, |tree, name, value| {
            match tree {
                Tree::Visits => rows.push(open_row(name, value, slots)?),
                Tree::Tickets => {}
                Tree::Limits => {
                    let plain = seal::unseal(&self.limits_key, name, value)
                        .ok_or_else(|| damaged("limits"))?;
                    let (limits, whom): (_, (u8, String)) = serde_json::from_slice(&plain)?;
                    let hour = name.first_chunk().map(|hour| u32::from_be_bytes(*hour));
                    let (Some(whom), Some(hour)) = (read_whom(whom), hour) else {
                        return Err(damaged("limits"));
                    };
                    tally.limits.insert(whom, LimitRow { hour, limits });
                }
                Tree::Days => {
                    let day: Date = std::str::from_utf8(name)
                        .ok()
                        .and_then(|name| name.parse().ok())
                        .ok_or_else(|| damaged("days"))?;
                    tally.days.insert(day, serde_json::from_slice(value)?);
                }
            }
            Ok(())
        })?;
        Ok(Loaded { rows, digest })
    }

    /// The digest that [`Derived::load`] would come to.
    ///
    /// # Errors
    /// sled's.
    pub fn digest(&self, from: u32) -> io::Result<String> {
        self.walk(from, |_, _, _| Ok(()))
    }

    fn walk(
        &self,
        from: u32,
        mut visit: impl FnMut(Tree, &[u8], &[u8]) -> io::Result<()>,
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
        contained_io(|| {
            self.visits.iter().try_for_each(|entry| {
                let (name, first) = entry?;
                let whole = self.whole(&name, &first)?;
                step(Tree::Visits, Ok((name, whole.into())))
            })?;
            let tickets = &self.tickets;
            tickets.iter().try_for_each(|e| step(Tree::Tickets, e))?;
            self.limits
                .range(from.to_be_bytes()..)
                .try_for_each(|e| step(Tree::Limits, e))?;
            self.days.iter().try_for_each(|e| step(Tree::Days, e))
        })?;
        Ok(super::marks::hex(&hash.finalize()))
    }

    /// Closes the database and has its files on the disk. sled's own flush is no barrier against a power cut, so each
    /// file is synced; and its lock tells when its threads are through.
    ///
    /// sled makes a snapshot only when it is opened, and reads its whole log again when it is opened without one: after
    /// many writes it is opened once more here, where nobody waits for it.
    ///
    /// # Errors
    /// sled's or the disk's.
    pub fn close(self) -> io::Result<()> {
        let dir = self.dir.clone();
        let many = self.writes.get() > MANY;
        contained(|| self.db.flush().map(drop))?;
        contained(|| {
            drop(self);
            Ok(())
        })?;
        wait_for_lock(&dir)?;
        if many {
            contained(|| config(&dir).open().map(drop))?;
            wait_for_lock(&dir)?;
        }
        sync_tree(&dir)
    }

    fn limit_name(&self, hour: u32, whom: &LimitSubject) -> [u8; 21] {
        let (kind, text) = whom_text(whom);
        let mut name = [0; 21];
        name[..4].copy_from_slice(&hour.to_be_bytes());
        name[4] = kind;
        let tag = seal::hmac(&self.names, &[&[kind], text.as_bytes()]);
        name[5..].copy_from_slice(&tag[..16]);
        name
    }
}

#[derive(Clone, Copy)]
enum Tree {
    Visits,
    Limits,
    Days,
    Tickets,
}

fn open_row(name: &[u8], value: &[u8], slots: &Slots) -> io::Result<Row> {
    let id = read_id(name)?;
    let (slot, sealed) = value.split_first_chunk().ok_or_else(|| damaged("visits"))?;
    let slot = u32::from_le_bytes(*slot);
    let Slot::Key(key) = slots.read(slot)? else {
        return Err(damaged("visits"));
    };
    let plain = seal::unseal(&key, &aad(id, slot), sealed).ok_or_else(|| damaged("visits"))?;
    let visit = serde_json::from_slice(&plain)?;
    Ok(Row { slot, visit })
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

/// Runs what calls sled: its panics become errors here.
fn contained<T>(call: impl FnOnce() -> sled::Result<T>) -> io::Result<T> {
    contained_io(|| call().map_err(io::Error::from))
}

fn contained_io<T>(call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let before = CONTAINED.with(|flag| flag.replace(true));
    let outcome = catch_unwind(AssertUnwindSafe(call));
    CONTAINED.with(|flag| flag.set(before));
    outcome.unwrap_or_else(|_| Err(io::Error::other("sled panicked")))
}

/// Waits, for a second at the most, until sled's lock on its file is free.
fn wait_for_lock(dir: &Path) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    let file = std::fs::File::open(dir.join("db"))?;
    for _ in 0..100 {
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(io::Error::from(io::ErrorKind::WouldBlock))
}

fn sync_tree(dir: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => sync_tree(&entry.path())?,
            _ => std::fs::File::open(entry.path())?.sync_all()?,
        }
    }
    std::fs::File::open(dir)?.sync_all()
}
