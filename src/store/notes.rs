//! What the store notes for itself in the journal, and the keys that open it. A note names no person; it is sealed all
//! the same. After a change of the desk's key the old segments' notes stay readable: their key is kept, sealed by the
//! new one, until the last of these segments is dropped.

use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::disk::{self, Disk};
use super::location::StorePaths;
use super::seal::{self, DeskKey, KeyId, SecretKey};
use crate::visit::{Counts, Limits, VisitId};

/// What the store itself notes in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoreNote {
    /// The visit's key, which was in this slot, was destroyed.
    Forgotten {
        visit: VisitId,
        #[serde(default)]
        slot: Option<u32>,
    },
    /// Somebody with the PIN saw what names a person, unmasked.
    Viewed {
        at: Timestamp,
        view: UnmaskedView,
        /// Which visit; without one, all that the view shows.
        visit: Option<VisitId>,
    },
    /// What reaches over visits, as it was when older segments were about to be dropped. It counts once the segment
    /// `from` is gone.
    Counted {
        from: u32,
        days: BTreeMap<Date, Counts>,
        /// Only where a limit still looks at what is dropped.
        limits: Option<Vec<CountedLimit>>,
    },
    /// All segments before this one were dropped by age, after what is open in them had been carried forward.
    Dropped { at: Timestamp, before: u32 },
}

/// What was seen unmasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnmaskedView {
    /// A ticket, on the desk's own screen or by a command.
    Ticket,
    /// All tickets, exported.
    Tickets,
    /// A visit's story.
    Story,
}

/// The moments counted of one number or account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountedLimit {
    pub kind: u8,
    pub text: String,
    pub hour: u32,
    pub limits: Limits,
}

/// The keys that open notes, by the desk key that the segment was written under.
pub struct NoteKeys(Vec<(KeyId, SecretKey)>);

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct RetiredKey {
    id: [u8; 8],
    notes: [u8; 32],
}

const AAD: &[u8] = b"yxold1\0";
/// The file holds its text twice, so that a damaged page costs nothing.
const COPIES: usize = 2;

impl NoteKeys {
    /// The keys of this desk key and of those before it.
    pub fn read(paths: &StorePaths, desk: &DeskKey) -> Self {
        let mut all = vec![(desk.id(), desk.derive("notes"))];
        match std::fs::read(&paths.retired_keys) {
            Ok(bytes) => match open(&bytes, desk) {
                Some(retired) => all.extend(retired),
                None => tracing::error!("the retired keys cannot be read: old notes stay closed"),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => tracing::error!("the retired keys cannot be read: {e}"),
        }
        NoteKeys(all)
    }

    /// The one key of a desk that never had another.
    #[cfg(test)]
    pub fn only(id: KeyId, key: SecretKey) -> Self {
        NoteKeys(vec![(id, key)])
    }

    pub fn knows(&self, id: KeyId) -> bool {
        self.0.iter().any(|(known, _)| *known == id)
    }

    /// The key for a segment; every key, where its header is lost.
    pub fn of(&self, id: Option<KeyId>) -> impl Iterator<Item = &SecretKey> {
        self.0
            .iter()
            .filter(move |(known, _)| id.is_none_or(|id| id == *known))
            .map(|(_, key)| key)
    }

    /// Writes the keys that this desk key replaces, or those of them that are still needed.
    ///
    /// # Errors
    /// The disk's, or no randomness.
    pub fn write(
        &self,
        disk: &dyn Disk,
        path: &std::path::Path,
        desk: &DeskKey,
        is_needed: impl Fn(KeyId) -> bool,
    ) -> io::Result<()> {
        let ours = desk.id();
        let kept: Vec<RetiredKey> = self
            .0
            .iter()
            .filter(|(id, _)| *id != ours && is_needed(*id))
            .map(|(id, notes)| RetiredKey {
                id: id.0,
                notes: **notes,
            })
            .collect();
        let plain = Zeroizing::new(serde_json::to_vec(&kept)?);
        let sealed = seal::seal(&desk.derive("retired"), AAD, &plain)?;
        disk::replace(disk, path, &sealed.repeat(COPIES))
    }

    /// Whether a key before this one is kept that no segment needs any more.
    pub fn has_spare(&self, is_needed: impl Fn(KeyId) -> bool) -> bool {
        self.0.iter().skip(1).any(|(id, _)| !is_needed(*id))
    }
}

fn open(bytes: &[u8], desk: &DeskKey) -> Option<Vec<(KeyId, SecretKey)>> {
    let key = desk.derive("retired");
    let plain = bytes
        .chunks((bytes.len() / COPIES).max(1))
        .find_map(|copy| seal::unseal(&key, AAD, copy))?;
    let retired: Vec<RetiredKey> = serde_json::from_slice(&plain).ok()?;
    let keys = retired.into_iter();
    Some(
        keys.map(|old| (KeyId(old.id), SecretKey::new(old.notes)))
            .collect(),
    )
}
