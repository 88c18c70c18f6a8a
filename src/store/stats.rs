//! How much a store holds: counts and sizes, of nobody. Headers and file lengths are read, and no record is opened.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::look::look;
use super::paths::Paths;
use super::roster::{Roster, RosterStats};
use super::seal::{KeyId, KeyPlace};
use super::slots::Slots;
use super::{Location, StoreError};

/// Counts and sizes, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    pub key: KeyId,
    pub segments: usize,
    pub journal: u64,
    /// When the oldest segment was begun.
    pub since: Option<Timestamp>,
    /// How many records were acknowledged since the first day; what is dropped counts too.
    pub records: u64,
    /// Keys that were made ahead count too.
    pub visit_keys: u32,
    pub destroyed_keys: u32,
    pub keys: u64,
    pub sled: u64,
    /// Whether the last stop left sled whole.
    pub is_clean: bool,
    pub roster: Option<RosterStats>,
    /// What the disk still takes.
    pub free: u64,
}

/// Reads a store's counts and sizes. A desk may run meanwhile.
///
/// # Errors
/// No store, or its key.
pub fn stats(location: &Location, zone: &TimeZone) -> Result<Stats, StoreError> {
    let dir = &location.dir;
    let missing = || StoreError::Missing { dir: dir.clone() };
    if !dir.exists() {
        return Err(missing());
    }
    let found = look(&Paths::new(dir), &KeyPlace::find(location), zone)?.ok_or_else(missing)?;
    let paths = &found.paths;
    let survey = match paths.slots.exists() {
        true => {
            let slots = Slots::open_read_only(&paths.slots, found.desk.derive("visit keys"))?;
            slots
                .survey()
                .map_err(|e| StoreError::at(&paths.slots, e))?
        }
        false => Default::default(),
    };
    let created = |segment: &super::replay::Segment| segment.header.as_ref().map(|h| h.created);
    let free = rustix::fs::statvfs(dir).map_or(0, |disk| disk.f_bavail * disk.f_frsize);
    Ok(Stats {
        key: found.desk.id(),
        segments: found.segments.len(),
        journal: size(&paths.journal),
        since: found
            .segments
            .iter()
            .find_map(created)
            .and_then(|at| Timestamp::from_millisecond(at).ok()),
        records: found.high.unwrap_or(0),
        visit_keys: survey.made,
        destroyed_keys: survey.destroyed,
        keys: size(&paths.slots),
        sled: size(&paths.derived),
        is_clean: found.clean.is_some(),
        roster: Roster::new(paths, &found.desk).stats().ok().flatten(),
        free,
    })
}

/// What a file or a directory takes, in bytes; nothing where it is not there.
fn size(path: &Path) -> u64 {
    fn of(path: &Path) -> io::Result<u64> {
        let meta = std::fs::symlink_metadata(path)?;
        if !meta.is_dir() {
            return Ok(meta.len());
        }
        let mut sum = 0u64;
        for entry in std::fs::read_dir(path)? {
            sum = sum.saturating_add(of(&entry?.path()).unwrap_or(0));
        }
        Ok(sum)
    }
    of(path).unwrap_or(0)
}
