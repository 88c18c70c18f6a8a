//! How much a store holds: counts and sizes, no personal data. Headers and file lengths are read; no record is opened.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::StoreError;
use super::location::Location;
use super::reader::JournalReader;
use super::roster::{Roster, RosterStats};
use super::seal::KeyId;

/// Counts, and sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// The id of the desk key.
    pub key: KeyId,
    /// The number of segments.
    pub segments: usize,
    /// The size of the journal.
    pub journal: u64,
    /// When the oldest segment was started.
    pub since: Option<Timestamp>,
    /// How many records were acknowledged since the first day, dropped ones too.
    pub records: u64,
    /// The number of visit keys, with those that no visit uses yet.
    pub visit_keys: u32,
    /// How many of them are destroyed.
    pub destroyed_keys: u32,
    /// The size of their file.
    pub keys: u64,
    /// The size of the projection.
    pub sled: u64,
    /// Whether the store was closed cleanly.
    pub is_clean: bool,
    /// The roster; `None` where none was imported.
    pub roster: Option<RosterStats>,
    /// The free space on the disk.
    pub free: u64,
}

/// Reads the counts and sizes of a store. A desk may run meanwhile.
///
/// # Errors
/// There is no store, or its desk key is missing or another's.
pub fn stats(location: &Location, zone: &TimeZone) -> Result<Stats, StoreError> {
    let dir = &location.dir;
    let missing = || StoreError::Missing { dir: dir.clone() };
    let reader = JournalReader::open(location, zone)?.ok_or_else(missing)?;
    let inspected = &reader.store;
    let paths = &inspected.paths;
    let survey = match &reader.visit_keys {
        Some(visit_keys) => visit_keys
            .survey()
            .map_err(|e| StoreError::at(visit_keys.path(), e))?,
        None => Default::default(),
    };
    let created = |segment: &super::replay::Segment| segment.header.as_ref().map(|h| h.created);
    let free = rustix::fs::statvfs(dir).map_or(0, |disk| disk.f_bavail * disk.f_frsize);
    Ok(Stats {
        key: inspected.desk.id(),
        segments: inspected.segments.len(),
        journal: size(&paths.journal),
        since: inspected
            .segments
            .iter()
            .find_map(created)
            .and_then(|at| Timestamp::from_millisecond(at).ok()),
        records: inspected.high.unwrap_or(0),
        visit_keys: survey.made,
        destroyed_keys: survey.destroyed,
        keys: size(&paths.visit_keys),
        sled: size(&paths.projections),
        is_clean: inspected.clean.is_some(),
        roster: Roster::new(paths, &inspected.desk).stats().ok().flatten(),
        free,
    })
}

/// The size of a file or a directory, in bytes; 0 where there is none.
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
