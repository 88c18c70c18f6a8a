//! The roster: the students that the campus expects, by number. One file that is replaced whole; each row in it is sealed
//! on its own and found by an HMAC of the number. Nothing of it stays in memory between two look-ups.
//!
//! ```text
//! header: magic 8 | version u16 | 0 u16 | rows u32 | key id 8 | made i64, milliseconds since 1970 | file id 16
//!         | crc32 u32; a page, and the same again
//! index:  a row each: tag 16 | offset u64 | length u32
//! rows:   nonce 24 | sealed body | tag 16, with the file id and the row's tag as aad
//! ```
//! The index is read from its beginning, so that a flipped bit costs one row at most.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::disk::{self, Disk};
use super::error::StoreError;
use super::location::StorePaths;
use super::lock::StoreLock;
use super::seal::{self, DeskKey, KeyId, SecretKey};
use crate::ours;
use crate::visit::{Mobile, Student, StudentNumber};

/// The most rows that a roster holds.
pub const MOST_ROWS: usize = 500_000;

const MAGIC: &[u8; 8] = b"yxrost\r\n";
const VERSION: u16 = 1;
const PAGE: usize = 4096;
const HEADER: usize = 2 * PAGE;
const HEADER_LEN: usize = 8 + 2 + 2 + 4 + 8 + 8 + 16 + 4;
const ENTRY: usize = 16 + 8 + 4;
/// Index entries read at a time.
const CHUNK: usize = 2048;
/// The longest row, in bytes.
const LONGEST_ROW: usize = 4096;
/// How long one command that changes the file waits for another.
const PATIENCE: Duration = Duration::from_secs(5);

/// A student that the campus expects. Being listed proves no identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The student.
    pub student: Student,
    /// The phone number that the campus knows, where its list has one.
    pub mobile: Option<Mobile>,
}

/// How much a roster holds; no personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RosterStats {
    /// The number of students.
    pub rows: usize,
    /// The file's length, in bytes.
    pub bytes: u64,
    /// When it was imported.
    pub made: Timestamp,
}

/// The roster of a store, whether or not one was imported. Cheap to clone; each look-up reads the file as it is then.
#[derive(Clone)]
pub struct Roster(Arc<RosterFile>);

struct RosterFile {
    path: PathBuf,
    lock: PathBuf,
    key: KeyId,
    tags: SecretKey,
    rows: SecretKey,
}

type Tag = [u8; 16];

#[derive(Clone, Copy)]
struct RosterHead {
    rows: usize,
    key: KeyId,
    made: i64,
    file: [u8; 16],
}

#[derive(Clone, Copy)]
struct IndexEntry {
    tag: Tag,
    offset: u64,
    len: usize,
}

impl Roster {
    /// The roster of the store with these files.
    pub(super) fn new(paths: &StorePaths, desk: &DeskKey) -> Self {
        Self::at(&paths.roster, &paths.roster_lock, desk)
    }

    /// The roster in this file, sealed with keys of this desk key.
    pub(super) fn at(path: &Path, lock: &Path, desk: &DeskKey) -> Self {
        Roster(Arc::new(RosterFile {
            path: path.to_owned(),
            lock: lock.to_owned(),
            key: desk.id(),
            tags: desk.derive("roster tags"),
            rows: desk.derive("roster rows"),
        }))
    }

    /// The student with this number; `None` where the roster has no such row, or the row is damaged, which is logged.
    pub fn find(&self, number: &StudentNumber) -> Option<Enrolled> {
        match self.look_up(number) {
            Ok(found) => found,
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => {
                tracing::error!("the roster could not be read: {e}");
                None
            }
        }
    }

    /// Whether one was imported: a look at the folder, without reading it.
    pub fn is_there(&self) -> bool {
        self.0.path.is_file()
    }

    /// How much the roster holds; `None` where none was imported.
    ///
    /// # Errors
    /// The file cannot be read, its header is damaged, or it is sealed with another key.
    pub fn stats(&self) -> io::Result<Option<RosterStats>> {
        let (file, head) = match self.open() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        Ok(Some(RosterStats {
            rows: head.rows,
            bytes: file.metadata()?.len(),
            made: Timestamp::from_millisecond(head.made).unwrap_or_default(),
        }))
    }

    /// Replaces the roster with these students. A crash leaves the old roster or the new one.
    ///
    /// # Errors
    /// There are too many rows, another command changes the roster, or the disk failed.
    pub fn replace(&self, disk: &dyn Disk, all: &[Enrolled]) -> Result<RosterStats, StoreError> {
        let _lock = StoreLock::take(&self.0.lock, PATIENCE)?;
        self.write(disk, all)
            .map_err(|e| StoreError::at(&self.0.path, e))
    }

    /// Removes the roster; `false` where there was none.
    ///
    /// # Errors
    /// As [`Roster::replace`].
    pub fn clear(&self, disk: &dyn Disk) -> Result<bool, StoreError> {
        let at = |e| StoreError::at(&self.0.path, e);
        let _lock = StoreLock::take(&self.0.lock, PATIENCE)?;
        match disk.remove(&self.0.path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            other => other.map_err(at)?,
        }
        if let Some(dir) = self.0.path.parent() {
            disk.sync_dir(dir).map_err(at)?;
        }
        Ok(true)
    }

    /// Removes one student; `false` where the roster has no such row.
    ///
    /// # Errors
    /// As [`Roster::replace`].
    pub fn remove(&self, disk: &dyn Disk, number: &StudentNumber) -> Result<bool, StoreError> {
        let _lock = StoreLock::take(&self.0.lock, PATIENCE)?;
        // What a stop left of a list that was being imported may have the row too.
        disk::remove_unfinished(disk, &self.0.path)
            .and_then(|()| self.rewrite_without(disk, self.tag_of(number)))
            .map_err(|e| StoreError::at(&self.0.path, e))
    }

    /// All rows that can be opened, and the number of damaged ones.
    ///
    /// # Errors
    /// As [`Roster::stats`].
    pub fn all(&self) -> io::Result<(Vec<Enrolled>, usize)> {
        let (file, head) = match self.open() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            other => other?,
        };
        let (mut all, mut damaged) = (Vec::new(), 0usize);
        find_entry(&file, head.rows, |entry| {
            match self.read_row(&file, &head, &entry) {
                Ok(row) => all.push(row),
                Err(_) => damaged = damaged.saturating_add(1),
            }
            false
        })?;
        Ok((all, damaged))
    }

    fn look_up(&self, number: &StudentNumber) -> io::Result<Option<Enrolled>> {
        let (file, head) = self.open()?;
        let tag = self.tag_of(number);
        match find_entry(&file, head.rows, |entry| entry.tag == tag)? {
            Some(entry) => self.read_row(&file, &head, &entry).map(Some),
            None => Ok(None),
        }
    }

    fn open(&self) -> io::Result<(File, RosterHead)> {
        let file = ours::open(&self.0.path)?;
        let mut bytes = Vec::with_capacity(HEADER);
        io::Read::read_to_end(&mut io::Read::take(&file, HEADER as u64), &mut bytes)?;
        let copies = [bytes.get(..PAGE), bytes.get(PAGE..)];
        let head = copies.into_iter().flatten().find_map(RosterHead::decode);
        let head = head.ok_or_else(|| damaged("its head"))?;
        if head.key != self.0.key {
            return Err(damaged("it is sealed with another key"));
        }
        Ok((file, head))
    }

    fn read_row(&self, file: &File, head: &RosterHead, entry: &IndexEntry) -> io::Result<Enrolled> {
        if entry.len > LONGEST_ROW {
            return Err(damaged("its index"));
        }
        let mut sealed = vec![0; entry.len];
        file.read_exact_at(&mut sealed, entry.offset)?;
        let plain = seal::unseal(&self.0.rows, &aad(&head.file, &entry.tag), &sealed)
            .ok_or_else(|| damaged("a row"))?;
        let (student, mobile) = serde_json::from_slice(&plain)?;
        Ok(Enrolled { student, mobile })
    }

    /// The HMAC of a number, without regard to the case of its letters: campuses write both.
    fn tag_of(&self, number: &StudentNumber) -> Tag {
        let text = Zeroizing::new(number.as_str().to_ascii_uppercase());
        let mut tag = [0; 16];
        tag.copy_from_slice(&seal::hmac(&self.0.tags, &[text.as_bytes()])[..16]);
        tag
    }

    /// Writes the file; the caller holds the lock.
    pub(super) fn write(&self, disk: &dyn Disk, all: &[Enrolled]) -> io::Result<RosterStats> {
        if all.len() > MOST_ROWS {
            return Err(io::Error::other("too many rows"));
        }
        let made = disk.now();
        let mut head = RosterHead {
            rows: all.len(),
            key: self.0.key,
            made: made.as_millisecond(),
            file: [0; 16],
        };
        getrandom::fill(&mut head.file).map_err(|e| io::Error::other(e.to_string()))?;
        let mut rows = Vec::with_capacity(all.len());
        for Enrolled { student, mobile } in all {
            let tag = self.tag_of(&student.number);
            let plain = Zeroizing::new(serde_json::to_vec(&(student, mobile))?);
            rows.push((
                tag,
                seal::seal(&self.0.rows, &aad(&head.file, &tag), &plain)?,
            ));
        }
        let bytes = head.encode(&rows);
        disk::replace(disk, &self.0.path, &bytes)?;
        Ok(RosterStats {
            rows: all.len(),
            bytes: bytes.len() as u64,
            made,
        })
    }

    fn rewrite_without(&self, disk: &dyn Disk, tag: Tag) -> io::Result<bool> {
        let (file, mut head) = match self.open() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            other => other?,
        };
        let mut rows = Vec::with_capacity(head.rows);
        let mut failed = None;
        find_entry(&file, head.rows, |entry| {
            if entry.tag != tag && entry.len <= LONGEST_ROW {
                let mut sealed = vec![0; entry.len];
                match file.read_exact_at(&mut sealed, entry.offset) {
                    Ok(()) => rows.push((entry.tag, sealed)),
                    Err(e) => failed = Some(e),
                }
            }
            failed.is_some()
        })?;
        if let Some(e) = failed {
            return Err(e);
        }
        if rows.len() == head.rows {
            return Ok(false);
        }
        head.rows = rows.len();
        disk::replace(disk, &self.0.path, &head.encode(&rows))?;
        Ok(true)
    }
}

impl RosterHead {
    fn decode(page: &[u8]) -> Option<Self> {
        let (body, crc) = page.get(..HEADER_LEN)?.split_at_checked(HEADER_LEN - 4)?;
        if !body.starts_with(MAGIC) || crc != crc32fast::hash(body).to_le_bytes() {
            return None;
        }
        let rows = u32::from_le_bytes(body.get(12..16)?.try_into().ok()?);
        (body.get(8..10)? == VERSION.to_le_bytes()).then_some(RosterHead {
            rows: usize::try_from(rows).ok()?.min(MOST_ROWS),
            key: KeyId(body.get(16..24)?.try_into().ok()?),
            made: i64::from_le_bytes(body.get(24..32)?.try_into().ok()?),
            file: body.get(32..48)?.try_into().ok()?,
        })
    }

    /// The bytes of the whole file.
    fn encode(&self, rows: &[(Tag, Vec<u8>)]) -> Vec<u8> {
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let sealed: usize = rows.iter().map(|(_, sealed)| sealed.len()).sum();
        let first = HEADER + rows.len() * ENTRY;
        let mut out = Vec::with_capacity(first + sealed);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&[0; 2]);
        out.extend_from_slice(&count.to_le_bytes());
        out.extend_from_slice(&self.key.0);
        out.extend_from_slice(&self.made.to_le_bytes());
        out.extend_from_slice(&self.file);
        out.extend_from_slice(&crc32fast::hash(&out).to_le_bytes());
        out.resize(PAGE, 0);
        out.extend_from_within(..);
        let mut offset = first as u64;
        for (tag, sealed) in rows {
            out.extend_from_slice(tag);
            out.extend_from_slice(&offset.to_le_bytes());
            let len = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
            out.extend_from_slice(&len.to_le_bytes());
            offset = offset.saturating_add(sealed.len() as u64);
        }
        rows.iter().for_each(|(_, row)| out.extend_from_slice(row));
        out
    }
}

/// The first index entry that `is_wanted` accepts; a chunk of the index is in memory at a time.
fn find_entry(
    file: &File,
    rows: usize,
    mut is_wanted: impl FnMut(IndexEntry) -> bool,
) -> io::Result<Option<IndexEntry>> {
    let mut done = 0;
    while done < rows {
        let count = (rows - done).min(CHUNK);
        let mut chunk = vec![0; count * ENTRY];
        file.read_exact_at(&mut chunk, (HEADER + done * ENTRY) as u64)?;
        for bytes in chunk.chunks_exact(ENTRY) {
            let entry = IndexEntry::decode(bytes).ok_or_else(|| damaged("its index"))?;
            if is_wanted(entry) {
                return Ok(Some(entry));
            }
        }
        done += count;
    }
    Ok(None)
}

impl IndexEntry {
    fn decode(bytes: &[u8]) -> Option<Self> {
        Some(IndexEntry {
            tag: bytes.get(..16)?.try_into().ok()?,
            offset: u64::from_le_bytes(bytes.get(16..24)?.try_into().ok()?),
            len: usize::try_from(u32::from_le_bytes(bytes.get(24..28)?.try_into().ok()?)).ok()?,
        })
    }
}

fn aad(file: &[u8; 16], tag: &Tag) -> [u8; 40] {
    let mut aad = *b"yxros1\0.????????????????????????????????";
    aad[8..24].copy_from_slice(file);
    aad[24..].copy_from_slice(tag);
    aad
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the roster is damaged: {what}"),
    )
}

#[cfg(test)]
mod tests;
