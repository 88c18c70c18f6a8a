//! The keys of crypto-shredding: each visit's own key, in numbered slots of one small file, sealed by the desk's key. Slots
//! are created and synced a block at a time before they are needed, so that opening a visit costs no sync of its own.
//! Destroying a slot forgets a visit: its records stay in the chain, and no program can open them.
//!
//! Each slot is stored twice, more than a page apart: a damaged bit or page loses no visit.

use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::disk::{Disk, Handle};
use super::error::StoreError;
use super::seal::{self, SEAL_OVERHEAD, SecretKey};
use crate::ours;

/// Slots created at a time.
pub const PER_BLOCK: u32 = 64;
/// The slot of no visit: the store's own notes are sealed with a key of the desk.
pub const NO_SLOT: u32 = u32::MAX;
const SLOT: usize = 32 + SEAL_OVERHEAD;
const COPY: usize = SLOT * PER_BLOCK as usize;
const BLOCK: u64 = 2 * COPY as u64;

/// The file of the visits' keys.
pub struct VisitKeys {
    handle: Handle,
    wrap: SecretKey,
    /// The number of slots on the disk.
    made: u32,
    /// The next slot to use.
    next: u32,
}

/// The content of a slot.
pub enum SlotContent {
    /// The key of a visit, or one that no visit uses yet.
    Key(SecretKey),
    /// Destroyed on request or by age.
    Destroyed,
    /// Damaged in both copies, or never created.
    Unreadable,
}

/// The number of slots by their state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VisitKeySurvey {
    /// All slots on the disk.
    pub made: u32,
    /// Destroyed slots.
    pub destroyed: u32,
    /// Damaged in both copies.
    pub unreadable: u32,
    /// Damaged in one copy.
    pub half: u32,
}

impl VisitKeys {
    /// Opens the file, or creates an empty one.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn open(disk: &dyn Disk, path: &Path, wrap: SecretKey) -> Result<Self, StoreError> {
        let handle = match disk.open(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => disk.create(path).and_then(|handle| {
                if let Some(dir) = path.parent() {
                    disk.sync_dir(dir)?;
                }
                Ok(handle)
            }),
            other => other,
        }
        .map_err(|e| StoreError::at(path, e))?;
        Self::from_handle(handle, wrap)
    }

    /// Opens the file for reading only.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open_read_only(path: &Path, wrap: SecretKey) -> Result<Self, StoreError> {
        let file = ours::open(path).map_err(|e| StoreError::at(path, e))?;
        Self::from_handle(
            Handle {
                file,
                path: path.to_owned(),
            },
            wrap,
        )
    }

    fn from_handle(handle: Handle, wrap: SecretKey) -> Result<Self, StoreError> {
        let len = handle
            .file
            .metadata()
            .map_err(|e| StoreError::at(&handle.path, e))?
            .len();
        // A block that was cut off while it was created was never used: it is created again.
        let made = u32::try_from(len / BLOCK)
            .unwrap_or(u32::MAX / PER_BLOCK)
            .saturating_mul(PER_BLOCK);
        Ok(VisitKeys {
            handle,
            wrap,
            made,
            next: 0,
        })
    }

    /// The file's name.
    pub fn path(&self) -> &Path {
        &self.handle.path
    }

    /// The next slot that will be used.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Sets the next slot: after those in use, or back after a batch that failed.
    pub fn set_next(&mut self, next: u32) {
        self.next = next;
    }

    /// The number of slots that are ready to be used.
    pub fn ready(&self) -> u32 {
        self.made.saturating_sub(self.next)
    }

    /// Uses the next slot: its number and its key.
    ///
    /// # Errors
    /// No slot was ready, and none could be created.
    pub fn take(&mut self, disk: &dyn Disk) -> io::Result<(u32, SecretKey)> {
        // A damaged slot is skipped; a block without a sound slot means a broken disk.
        for _ in 0..=PER_BLOCK {
            if self.ready() == 0 {
                self.top_up(disk)?;
            }
            let slot = self.next;
            self.next = self.next.saturating_add(1);
            if let SlotContent::Key(key) = self.read(slot)? {
                return Ok((slot, key));
            }
        }
        Err(io::Error::other("no visit key can be read back"))
    }

    /// Creates another block and syncs it.
    ///
    /// # Errors
    /// The disk failed, or the system gives no random numbers.
    pub fn top_up(&mut self, disk: &dyn Disk) -> io::Result<()> {
        // In a file that was cut, numbers that may have been used are not used again.
        let first = self.made.max(self.next.next_multiple_of(PER_BLOCK));
        let mut block = Vec::with_capacity(BLOCK as usize);
        for slot in first..first.saturating_add(PER_BLOCK) {
            let key = seal::random_key()?;
            block.extend_from_slice(&seal::seal(&self.wrap, &aad(slot), key.as_slice())?);
        }
        block.extend_from_within(..COPY);
        disk.write_at(&self.handle, &block, u64::from(first / PER_BLOCK) * BLOCK)?;
        disk.sync(&self.handle)?;
        self.made = first.saturating_add(PER_BLOCK);
        self.next = self.next.max(first);
        Ok(())
    }

    /// The key in a slot.
    ///
    /// # Errors
    /// The disk's.
    pub fn read(&self, slot: u32) -> io::Result<SlotContent> {
        if slot >= self.made {
            return Ok(SlotContent::Unreadable);
        }
        let mut destroyed = false;
        for at in copy_offsets(slot) {
            let mut sealed = [0; SLOT];
            self.handle.file.read_exact_at(&mut sealed, at)?;
            if let Some(plain) = seal::unseal(&self.wrap, &aad(slot), &sealed)
                && plain.len() == 32
            {
                let mut key = SecretKey::default();
                key.copy_from_slice(&plain);
                return Ok(SlotContent::Key(key));
            }
            // One blank copy is enough: a stop may have come before the other was overwritten.
            destroyed |= sealed.iter().all(|byte| *byte == 0);
        }
        Ok(if destroyed {
            SlotContent::Destroyed
        } else {
            SlotContent::Unreadable
        })
    }

    /// Writes all keys to a new file, sealed with another key. A destroyed or unreadable slot stays so.
    ///
    /// # Errors
    /// The disk failed, or the system gives no random numbers.
    pub fn reseal(&self, disk: &dyn Disk, path: &Path, wrap: &SecretKey) -> io::Result<()> {
        let handle = disk.create(path)?;
        for first in (0..self.made).step_by(PER_BLOCK as usize) {
            let mut block = Vec::with_capacity(BLOCK as usize);
            for slot in first..first.saturating_add(PER_BLOCK) {
                match self.read(slot)? {
                    SlotContent::Key(key) => {
                        block.extend_from_slice(&seal::seal(wrap, &aad(slot), key.as_slice())?);
                    }
                    SlotContent::Destroyed => block.extend_from_slice(&[0; SLOT]),
                    SlotContent::Unreadable => block.extend_from_slice(&[0xff; SLOT]),
                }
            }
            block.extend_from_within(..COPY);
            disk.write_at(&handle, &block, u64::from(first / PER_BLOCK) * BLOCK)?;
        }
        disk.sync(&handle)
    }

    /// Counts the slots by their state.
    ///
    /// # Errors
    /// The disk's.
    pub fn survey(&self) -> io::Result<VisitKeySurvey> {
        let mut survey = VisitKeySurvey {
            made: self.made,
            ..VisitKeySurvey::default()
        };
        for slot in 0..self.made {
            match self.read(slot)? {
                SlotContent::Key(_) if !self.are_copies_equal(slot)? => survey.half += 1,
                SlotContent::Key(_) => {}
                SlotContent::Destroyed => survey.destroyed += 1,
                SlotContent::Unreadable => survey.unreadable += 1,
            }
        }
        Ok(survey)
    }

    /// Whether both copies are the same.
    fn are_copies_equal(&self, slot: u32) -> io::Result<bool> {
        let mut copies = [[0; SLOT]; 2];
        for (copy, at) in copies.iter_mut().zip(copy_offsets(slot)) {
            self.handle.file.read_exact_at(copy, at)?;
        }
        Ok(copies[0] == copies[1])
    }

    /// Whether both copies of a slot are blank.
    ///
    /// # Errors
    /// The disk's.
    pub fn is_blank(&self, slot: u32) -> io::Result<bool> {
        let mut blank = true;
        for at in copy_offsets(slot).into_iter().filter(|_| slot < self.made) {
            let mut sealed = [0; SLOT];
            self.handle.file.read_exact_at(&mut sealed, at)?;
            blank &= sealed.iter().all(|byte| *byte == 0);
        }
        Ok(blank)
    }

    /// Destroys these slots: overwrites both copies of each with zeros, and syncs once.
    ///
    /// # Errors
    /// The disk's.
    pub fn destroy(&mut self, disk: &dyn Disk, slots: &[u32]) -> io::Result<()> {
        let made = self.made;
        for at in slots
            .iter()
            .filter(|slot| **slot < made)
            .flat_map(|slot| copy_offsets(*slot))
        {
            disk.write_at(&self.handle, &[0; SLOT], at)?;
        }
        disk.sync(&self.handle)
    }
}

/// Where the two copies of a slot stand in the file, in bytes.
fn copy_offsets(slot: u32) -> [u64; 2] {
    let first = u64::from(slot / PER_BLOCK) * BLOCK + u64::from(slot % PER_BLOCK) * SLOT as u64;
    [first, first + COPY as u64]
}

fn aad(slot: u32) -> [u8; 12] {
    let mut aad = *b"yxslot1\0....";
    aad[8..].copy_from_slice(&slot.to_le_bytes());
    aad
}

#[cfg(test)]
mod tests {
    use super::super::disk::RealDisk;
    use super::*;

    fn key_of(visit_keys: &VisitKeys, slot: u32) -> Option<[u8; 32]> {
        match visit_keys.read(slot).unwrap() {
            SlotContent::Key(key) => Some(*key),
            SlotContent::Destroyed | SlotContent::Unreadable => None,
        }
    }

    #[test]
    fn slots_last_and_a_damaged_page_costs_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("visits.keys");
        let wrap = || SecretKey::new([9; 32]);
        let mut visit_keys = VisitKeys::open(&RealDisk, &path, wrap()).unwrap();
        let given: Vec<_> = (0..70)
            .map(|_| visit_keys.take(&RealDisk).unwrap())
            .collect();
        drop(visit_keys);
        let whole = std::fs::read(&path).unwrap();
        for page in 0..whole.len().div_ceil(4096) {
            let mut bytes = whole.clone();
            let end = (page * 4096 + 4096).min(bytes.len());
            bytes[page * 4096..end].fill(0);
            std::fs::write(&path, bytes).unwrap();
            let visit_keys = VisitKeys::open(&RealDisk, &path, wrap()).unwrap();
            for (slot, key) in &given {
                assert_eq!(
                    key_of(&visit_keys, *slot),
                    Some(**key),
                    "page {page}, slot {slot}"
                );
            }
        }
    }

    #[test]
    fn a_destroyed_slot_is_gone_and_told_from_a_damaged_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("visits.keys");
        let mut visit_keys = VisitKeys::open(&RealDisk, &path, SecretKey::new([9; 32])).unwrap();
        let (slot, _) = visit_keys.take(&RealDisk).unwrap();
        let (other, _) = visit_keys.take(&RealDisk).unwrap();
        visit_keys.destroy(&RealDisk, &[slot]).unwrap();
        assert!(matches!(
            visit_keys.read(slot).unwrap(),
            SlotContent::Destroyed
        ));
        assert!(key_of(&visit_keys, other).is_some());
        let foreign = VisitKeys::open(&RealDisk, &path, SecretKey::new([8; 32])).unwrap();
        assert!(matches!(
            foreign.read(other).unwrap(),
            SlotContent::Unreadable
        ));
    }
}
