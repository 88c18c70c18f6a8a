//! How much a store holds: counts and sizes, of nobody. Headers and file lengths are read, and no record is opened.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::StoreError;
use super::inspect::inspect;
use super::location::{Location, StorePaths};
use super::roster::{Roster, RosterStats};
use super::seal::{KeyId, KeyPlace};
use super::visit_keys::VisitKeys;

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
    let inspected =
        inspect(&StorePaths::new(dir), &KeyPlace::find(location), zone)?.ok_or_else(missing)?;
    let paths = &inspected.paths;
    let survey = match paths.visit_keys.exists() {
        true => {
            let visit_keys =
                VisitKeys::open_read_only(&paths.visit_keys, inspected.desk.derive("visit keys"))?;
            visit_keys
                .survey()
                .map_err(|e| StoreError::at(&paths.visit_keys, e))?
        }
        false => Default::default(),
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
