//! The store's own notes in the journal, and the keys that open them. A note names no person, and is still sealed; only
//! the limits that an earlier program counted stand there by plain numbers.
//! After a change of the desk's key the notes in old segments stay readable: their key is kept, sealed by the new key,
//! until the last of these segments is dropped.

use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::disk::{self, Disk};
use super::location::StorePaths;
use super::seal::{self, DeskKey, KeyId, SecretKey};
use crate::ours;
use crate::visit::{Counts, LimitKeys, LimitTag, Limits, PlainLimits, VisitId, VolunteerName};

/// A note of the store's own in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoreNote {
    /// The key of a visit was destroyed.
    Forgotten {
        /// The visit.
        visit: VisitId,
        /// The slot of its key; old journals have none.
        #[serde(default)]
        slot: Option<u32>,
    },
    /// A volunteer with the PIN saw personal data unmasked.
    Viewed {
        /// When.
        at: Timestamp,
        /// What was shown.
        view: UnmaskedView,
        /// The visit; `None` for all that the view shows.
        visit: Option<VisitId>,
        /// The volunteer, where the PIN was their own; old journals have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<VolunteerName>,
    },
    /// A volunteer read what is left to do and took the desk over.
    HandedOver {
        /// When.
        at: Timestamp,
        /// What was handed over, and who by and to.
        handover: Handover,
    },
    /// A volunteer confirmed what the store doubted.
    Confirmed {
        /// When, by the clock of this machine.
        at: Timestamp,
        /// What was confirmed.
        what: Confirmation,
        /// The volunteer, where the PIN was their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<VolunteerName>,
    },
    /// The counts over all visits, as they were when older segments were about to be dropped. The note counts once the
    /// segment `from` is dropped.
    Counted {
        /// The first segment when this was written.
        from: u32,
        /// The counts by local date.
        days: BTreeMap<Date, Counts>,
        /// The limits by plain numbers, as earlier programs wrote them; never written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limits: Option<Vec<CountedLimit>>,
        /// The limits; `None` where no limit looks back as far as the dropped segments.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tagged: Option<Vec<CountedTag>>,
    },
    /// All segments before this one were dropped by age, after the facts of open visits had been carried forward.
    Dropped {
        /// When.
        at: Timestamp,
        /// The first segment that was kept.
        before: u32,
    },
}

/// What one volunteer hands over to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Who was at the panel, where the PIN was their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<VolunteerName>,
    /// Who confirmed it, where the PIN was their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<VolunteerName>,
    /// The number of visits that waited.
    pub waiting: usize,
    /// What the campus still had to do.
    pub owed: usize,
    /// Tickets that were not solved.
    pub tickets: usize,
}

/// What a volunteer confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    /// The clock of this machine is right.
    Clock,
    /// The journal counts as it stands, although the mark of its end was lost.
    Journal,
}

/// What was shown unmasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnmaskedView {
    /// A ticket, on the desk's own screen or by a command.
    Ticket,
    /// All tickets, exported.
    Tickets,
    /// A visit's story.
    Story,
    /// The visits of some days, in a report.
    Report,
}

/// The counted moments of one subject, as a note holds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountedTag {
    /// The kind of the subject (see `fold`).
    pub kind: u8,
    /// The tag of the phone or account.
    pub tag: LimitTag,
    /// The hour (since 1970) of the newest moment.
    pub hour: u32,
    /// The moments.
    pub limits: Limits,
}

/// The counted moments of one subject, as the notes of earlier programs hold them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountedLimit {
    /// The kind of the subject (see `fold`).
    pub kind: u8,
    /// The phone or student number.
    pub text: String,
    /// The hour (since 1970) of the newest moment.
    pub hour: u32,
    /// The moments.
    pub limits: PlainLimits,
}

/// The keys that open notes, each with the id of the desk key that its segments were written under.
pub struct NoteKeys(Vec<(KeyId, SecretKey)>);

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct RetiredKey {
    id: [u8; 8],
    notes: [u8; 32],
}

const AAD: &[u8] = b"yxold1\0";
/// The file holds its content twice, so that a damaged page loses nothing.
const COPIES: usize = 2;

impl NoteKeys {
    /// Reads the keys of this desk key and of earlier ones.
    pub fn read(paths: &StorePaths, desk: &DeskKey) -> Self {
        let mut all = vec![(desk.id(), desk.derive("notes"))];
        match ours::read(&paths.retired_keys) {
            Ok(bytes) => match open(&bytes, desk) {
                Some(retired) => all.extend(retired),
                None => tracing::error!("the retired keys cannot be read: old notes stay closed"),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => tracing::error!("the retired keys cannot be read: {e}"),
        }
        NoteKeys(all)
    }

    /// The key of a desk that never had another.
    #[cfg(test)]
    pub fn only(id: KeyId, key: SecretKey) -> Self {
        NoteKeys(vec![(id, key)])
    }

    /// Whether notes under this desk key can be opened.
    pub fn knows(&self, id: KeyId) -> bool {
        self.0.iter().any(|(known, _)| *known == id)
    }

    /// The key for the notes of a segment; all keys where its header is lost.
    pub fn of(&self, id: Option<KeyId>) -> impl Iterator<Item = &SecretKey> {
        self.0
            .iter()
            .filter(move |(known, _)| id.is_none_or(|id| id == *known))
            .map(|(_, key)| key)
    }

    /// The keys of the limits' tags, one for each desk key: what was counted under an earlier one still counts.
    pub fn limit_keys(&self) -> LimitKeys {
        let keys = self.0.iter();
        LimitKeys::new(keys.map(|(_, notes)| seal::hmac(notes, &[b"limits\0"])))
    }

    /// Writes those keys of earlier desk keys that are still needed, sealed by this desk key.
    ///
    /// # Errors
    /// The disk failed, or the system gives no random numbers.
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

    /// Whether a key is kept that no segment needs any more.
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
