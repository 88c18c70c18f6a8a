//! A new desk key: the visits' keys are sealed again with it, new records go into new segments, and old segments stay
//! readable until they are dropped. All new files are staged; they count once the file of the desk key is replaced, which
//! is the last step and atomic.

use std::io;

use jiff::tz::TimeZone;

use super::disk::Disk;
use super::error::StoreError;
use super::guard::guard;
use super::inspect::inspect;
use super::location::{Location, StorePaths};
use super::lock::StoreLock;
use super::marks::{HighWaterFile, Position};
use super::notes::NoteKeys;
use super::open::PATIENCE;
use super::roster::Roster;
use super::seal::{DeskKey, KeyId, KeyPlace};
use super::staged;
use super::visit_keys::VisitKeys;

/// The outcome of a change of the desk key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rekeyed {
    /// The key before.
    pub old: KeyId,
    /// The key now.
    pub new: KeyId,
    /// Segments that stay under an earlier key until they are dropped.
    pub segments: usize,
}

/// Creates a new desk key and replaces the old one. The store must not be in use.
///
/// # Errors
/// As opening the store; also where there is no store, or the service manager gives the key: only its owner can change it.
pub fn rekey(disk: &dyn Disk, location: &Location, zone: &TimeZone) -> Result<Rekeyed, StoreError> {
    let paths = StorePaths::new(&location.dir);
    let place = KeyPlace::find(location);
    if !paths.dir.exists() {
        return Err(StoreError::Missing { dir: paths.dir });
    }
    guard(&paths)?;
    let _lock = StoreLock::take(&paths.lock, PATIENCE)?;
    let old = place.read()?;
    let old = old.ok_or_else(|| StoreError::Missing {
        dir: paths.dir.clone(),
    })?;
    if place.is_given() {
        return Err(StoreError::KeyGiven { path: place.path });
    }
    let at = |e: io::Error| StoreError::at(&paths.staged, e);
    staged::apply(disk, &paths, &old).map_err(at)?;
    let inspected = inspect(&paths, &place, zone)?;
    let inspected = inspected.ok_or_else(|| StoreError::Missing {
        dir: paths.dir.clone(),
    })?;
    let new = DeskKey::random()?;
    stage(
        disk,
        &paths,
        &old,
        &new,
        &inspected.note_keys,
        // A mark that was lost is not made anew by this.
        inspected.high.filter(|_| !inspected.is_mark_lost),
    )
    .map_err(at)?;
    place.write(disk, &new)?;
    staged::apply(disk, &paths, &new).map_err(at)?;
    Ok(Rekeyed {
        old: old.id(),
        new: new.id(),
        segments: inspected.segments.len(),
    })
}

fn stage(
    disk: &dyn Disk,
    paths: &StorePaths,
    old: &DeskKey,
    new: &DeskKey,
    note_keys: &NoteKeys,
    high: Option<u64>,
) -> io::Result<()> {
    staged::begin(disk, paths)?;
    if paths.visit_keys.exists() {
        let visit_keys = VisitKeys::open_read_only(&paths.visit_keys, old.derive("visit keys"))
            .map_err(io::Error::other)?;
        visit_keys.reseal(
            disk,
            &staged::staged_path(paths, &paths.visit_keys),
            &new.derive("visit keys"),
        )?;
    }
    note_keys.write(
        disk,
        &staged::staged_path(paths, &paths.retired_keys),
        new,
        |_| true,
    )?;
    if let Some(next) = high {
        let mark = HighWaterFile::read_mark(&paths.high_water, Some(&old.derive("marks")));
        let path = staged::staged_path(paths, &paths.high_water);
        let at = Position {
            next,
            chain: mark.and_then(|mark| mark.chain).unwrap_or_default(),
            ..Position::default()
        };
        HighWaterFile::open(disk, &path, new.derive("marks"))?.write(disk, &at)?;
    }
    let roster = Roster::new(paths, old);
    if roster.stats().is_ok_and(|stats| stats.is_some()) {
        let (all, _) = roster.all()?;
        Roster::at(
            &staged::staged_path(paths, &paths.roster),
            &paths.roster_lock,
            new,
        )
        .write(disk, &all)?;
    }
    staged::mark_ready(disk, paths, new)?;
    disk.sync_dir(&paths.staged)
}
