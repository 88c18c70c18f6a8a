//! Two small files beside the journal. The high-water mark holds how far the journal was acknowledged, so that a journal
//! that was cut at the end of a record is noticed. The clean mark says that the projection is whole, and for which end of
//! the journal.
//!
//! Both have an HMAC by a key of the desk. Neither is trusted without the journal.

use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk::{self, Disk, Handle};
use super::seal::{self, SecretKey};
use crate::ours;

/// The end of the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The number of the last segment.
    pub segment: u32,
    /// Where the last record begins in its segment, in bytes.
    pub begin: u64,
    /// Where the last record ends in its segment, in bytes.
    pub end: u64,
    /// The number of the next record.
    pub next: u64,
    /// The chain after the last record.
    pub chain: [u8; 32],
}

/// How far the journal was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HighWaterMark {
    /// The number of the next record.
    pub next: u64,
    /// The chain there; `None` in the first format.
    pub chain: Option<[u8; 32]>,
}

/// What there is of the high-water mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkState {
    /// A copy is whole.
    Sound(HighWaterMark),
    /// None was written yet: so it is during the first moment of a store, before its first record.
    Unwritten,
    /// There is no file. The store makes it before its first record.
    Missing,
    /// There were two copies, and none is whole.
    Damaged,
}

/// How many records the mark may be behind the journal at the most: as many as wait for a mark, and one batch.
pub const MOST_BEHIND: u64 = 256;
/// As many records are marked without waiting for a pause.
pub const MARK_AFTER: u64 = 64;
/// The most visits of one batch; each has a record.
pub const MOST_TOGETHER: usize = 128;

const _: () = assert!(MARK_AFTER + MOST_TOGETHER as u64 <= MOST_BEHIND);

const COPY_AT: [u64; 2] = [0, 4096];
const BODY: usize = 8 + 4 + 32;
const LEN: usize = BODY + 16;
/// The body of the first format, without the chain.
const SHORT: usize = 8 + 4;

/// The file of the high-water mark: two copies a page apart, written in turn, so that one is always whole.
pub struct HighWaterFile {
    handle: Handle,
    key: SecretKey,
    turn: usize,
}

impl HighWaterFile {
    /// Opens the file, or creates it.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(disk: &dyn Disk, path: &Path, key: SecretKey) -> io::Result<Self> {
        let handle = match disk.open(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let handle = disk.create(path)?;
                if let Some(dir) = path.parent() {
                    disk.sync_dir(dir)?;
                }
                handle
            }
            other => other?,
        };
        Ok(HighWaterFile {
            handle,
            key,
            turn: 0,
        })
    }

    /// The number of the next record by the mark; `None` where no copy is sound.
    pub fn read(path: &Path, key: &SecretKey) -> Option<u64> {
        Self::read_mark(path, Some(key)).map(|mark| mark.next)
    }

    /// What there is of the mark; without a key it is not proved by its HMAC. The second copy is written before the first,
    /// and synced: where the first has bytes there was a whole one.
    pub fn state(path: &Path, key: Option<&SecretKey>) -> MarkState {
        if let Some(mark) = Self::read_mark(path, key) {
            return MarkState::Sound(mark);
        }
        let Ok(file) = ours::open(path) else {
            return MarkState::Missing;
        };
        let mut first = [0; LEN];
        let read = file.read_at(&mut first, COPY_AT[0]).unwrap_or(0);
        match first.get(..read) {
            Some(bytes) if bytes.iter().any(|byte| *byte != 0) => MarkState::Damaged,
            _ => MarkState::Unwritten,
        }
    }

    /// The mark; without a key it is not proved by its HMAC.
    pub fn read_mark(path: &Path, key: Option<&SecretKey>) -> Option<HighWaterMark> {
        let file = ours::open(path).ok()?;
        let copies = COPY_AT.into_iter().filter_map(|at| {
            let mut bytes = [0; LEN];
            // A copy of the first format may end before this.
            let read = (SHORT + 16..=LEN).rev().find(|length| {
                let room = bytes.get_mut(..*length);
                room.is_some_and(|room| file.read_exact_at(room, at).is_ok())
            })?;
            [BODY, SHORT].into_iter().find_map(|length| {
                let (body, rest) = bytes.get(..read)?.split_at_checked(length)?;
                let tag = rest.get(..16)?;
                let is_proved = key.is_none_or(|key| seal::hmac(key, &[body])[..16] == *tag);
                // Nothing was written there.
                let is_blank = tag.iter().all(|byte| *byte == 0);
                let next = body.first_chunk().map(|next| u64::from_le_bytes(*next))?;
                let chain = body.get(SHORT..).and_then(|chain| chain.try_into().ok());
                (is_proved && !is_blank).then_some(HighWaterMark { next, chain })
            })
        });
        copies.max_by_key(|mark| mark.next)
    }

    /// Writes the first mark of a store, before its first record: from then on one that is gone is told from one that was
    /// never there.
    ///
    /// # Errors
    /// The disk's.
    pub fn begin(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let first = Position::default();
        self.write(disk, &first)?;
        self.write(disk, &first)
    }

    /// Writes the mark and syncs it.
    ///
    /// # Errors
    /// The disk's.
    pub fn write(&mut self, disk: &dyn Disk, at: &Position) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(LEN);
        bytes.extend_from_slice(&at.next.to_le_bytes());
        bytes.extend_from_slice(&at.segment.to_le_bytes());
        bytes.extend_from_slice(&at.chain);
        let tag = seal::hmac(&self.key, &[&bytes]);
        bytes.extend_from_slice(&tag[..16]);
        self.turn ^= 1;
        disk.write_at(&self.handle, &bytes, COPY_AT[self.turn])?;
        disk.sync(&self.handle)
    }
}

/// The longest clean mark, in bytes.
const LONGEST_CLEAN: u64 = 64 * 1024;

/// The clean mark: written when the store is closed, removed before it is written again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanMark {
    /// The schema of the rows: rows of another schema are not read.
    pub schema: String,
    /// The time zone that the days were counted in.
    pub zone: String,
    /// The name of the projection's directory (`derived` in the file).
    #[serde(rename = "derived")]
    pub projection: String,
    /// The end of the journal.
    pub at: Position,
    /// The next free key slot.
    pub next_slot: u32,
    /// The first hour (since 1970) whose limits are in the digest.
    pub limits_from: u32,
    /// The digest over all that opening loads: a damaged sled can open without an error and with fewer rows.
    pub digest: String,
}

impl CleanMark {
    /// Reads the mark; `None` where there is none or its HMAC is wrong.
    pub fn read(path: &Path, key: &SecretKey) -> Option<Self> {
        let text = ours::read_text(path, LONGEST_CLEAN).ok()?;
        let (tag, json) = text.trim_end().split_once(' ')?;
        (tag == hex(&seal::hmac(key, &[json.as_bytes()])))
            .then(|| serde_json::from_str(json).ok())?
    }

    /// Writes the mark and syncs it.
    ///
    /// # Errors
    /// The disk's.
    pub fn write(&self, disk: &dyn Disk, path: &Path, key: &SecretKey) -> io::Result<()> {
        let json = serde_json::to_string(self)?;
        let tag = hex(&seal::hmac(key, &[json.as_bytes()]));
        disk::replace(disk, path, format!("{tag} {json}\n").as_bytes())
    }

    /// Removes the mark and syncs that, before anything is written.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(disk: &dyn Disk, path: &Path) -> io::Result<()> {
        match disk.remove(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        }
        match path.parent() {
            Some(dir) => disk.sync_dir(dir),
            None => Ok(()),
        }
    }
}

/// The bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::super::disk::RealDisk;
    use super::*;

    #[test]
    fn the_high_water_mark_survives_a_torn_copy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("high-water");
        let key = SecretKey::new([3; 32]);
        assert_eq!(HighWaterFile::read(&path, &key), None);
        let mut mark = HighWaterFile::open(&RealDisk, &path, key.clone()).unwrap();
        for next in [5, 9] {
            let at = Position {
                next,
                ..Position::default()
            };
            mark.write(&RealDisk, &at).unwrap();
        }
        assert_eq!(HighWaterFile::read(&path, &key), Some(9));
        let whole = std::fs::read(&path).unwrap();
        for byte in 0..LEN {
            let mut torn = whole.clone();
            torn[byte] ^= 1; // The copy of 9: the second written is the first in the file.
            std::fs::write(&path, torn).unwrap();
            assert_eq!(HighWaterFile::read(&path, &key), Some(5));
        }
        assert_eq!(HighWaterFile::read(&path, &SecretKey::new([4; 32])), None);
    }
}
