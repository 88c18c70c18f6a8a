//! Opening a store: its files are inspected before anything is changed; then the projection is loaded as it was closed, or
//! rebuilt from the journal.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock_record::ClockKeeper;
use super::disk::Disk;
use super::error::StoreError;
use super::fold;
use super::guard::guard;
use super::inspect::{InspectedStore, inspect, zone_name};
use super::journal::Journal;
use super::loaded_state::{Opened, load_clean};
use super::location::{Location, StorePaths};
use super::lock::StoreLock;
use super::marks::{CleanMark, HighWaterFile};
use super::rebuild::rebuild;
use super::roster::Roster;
use super::seal::{DeskKey, KeyPlace, SecretKey};
use super::staged;
use super::visit_keys::VisitKeys;
use super::writer::{StoreWriter, WriterParts};
use crate::ours;

/// How long to wait for the lock: a command that reads the store holds it for a moment.
pub const PATIENCE: Duration = Duration::from_millis(600);

/// Opens the store for the desk. A full disk gets one retry with the ballast released.
///
/// # Errors
/// See [`StoreError`].
pub fn open(
    disk: Arc<dyn Disk>,
    location: &Location,
    today: Date,
    zone: &TimeZone,
) -> Result<(StoreWriter, Opened, SecretKey, Roster), StoreError> {
    let paths = StorePaths::new(&location.dir);
    let at_dir = |e| StoreError::at(&paths.dir, e);
    ours::make_folder(&paths.dir).map_err(at_dir)?;
    guard(&paths)?;
    let lock = StoreLock::take(&paths.lock, PATIENCE)?;
    let place = KeyPlace::find(location);
    if let Some(desk) = place.read()? {
        staged::apply(&*disk, &paths, &desk).map_err(|e| StoreError::at(&paths.staged, e))?;
    }
    let inspected = inspect(&paths, &place, zone)?;
    let made = retry_without_ballast(&*disk, &paths, || {
        create_layout(&*disk, &paths, &place, inspected.is_none())
    })?;
    let inspected = match inspected {
        Some(inspected) => inspected,
        None => InspectedStore::empty(made.ok_or(StoreError::Random)?, &paths),
    };
    let mut visit_keys = retry_without_ballast(&*disk, &paths, || {
        VisitKeys::open(
            &*disk,
            &paths.visit_keys,
            inspected.desk.derive("visit keys"),
        )
    })?;
    let limits_from = fold::limits_from_day(today, zone);
    let state = match inspected.clean.as_ref().and_then(|clean| {
        load_clean(
            &paths,
            &inspected.desk,
            &visit_keys,
            clean,
            limits_from,
            zone,
            inspected.note_keys.limit_keys(),
        )
    }) {
        Some(state) => state,
        None => rebuild(&*disk, &paths, &inspected, &visit_keys, limits_from, zone)?,
    };
    visit_keys.set_next(state.summary.next_slot);
    if state
        .forgotten
        .iter()
        .any(|slot| !visit_keys.is_blank(*slot).unwrap_or(true))
    {
        // A stop came between the note and the destruction of the key.
        visit_keys
            .destroy(&*disk, &state.forgotten)
            .map_err(|e| StoreError::at(&paths.visit_keys, e))?;
    }
    let opened = Opened {
        is_mark_lost: inspected.is_mark_lost,
        ..state.opened(today, zone)
    };
    let clock = ClockKeeper::begin(&*disk, &paths.clock, state.newest(zone));
    let codes = inspected.desk.derive("codes");
    let roster = Roster::new(&paths, &inspected.desk);
    let journal = Journal::resume(
        Arc::clone(&disk),
        &paths.journal,
        inspected.desk.id(),
        &state.resume,
    )
    .map_err(|e| StoreError::at(&paths.journal, e))?;
    let high_water = if inspected.is_mark_lost {
        None
    } else {
        Some(retry_without_ballast(&*disk, &paths, || {
            HighWaterFile::open(&*disk, &paths.high_water, inspected.desk.derive("marks"))
                .and_then(|mut mark| {
                    if inspected.high.is_none() {
                        mark.begin(&*disk)?;
                    }
                    Ok(mark)
                })
                .map_err(|e| StoreError::at(&paths.high_water, e))
        })?)
    };
    let open_keys = state.open_keys(&visit_keys)?;
    let unmarked = inspected
        .high
        .map_or(0, |marked| state.resume.next.saturating_sub(marked));
    let writer = StoreWriter::new(WriterParts {
        disk,
        paths,
        lock,
        desk: inspected.desk,
        note_keys: inspected.note_keys,
        roster: roster.clone(),
        retention_days: location.retention_days,
        journal,
        visit_keys,
        projection: state.projection,
        tally: state.tally,
        open_keys,
        high_water,
        unmarked,
        clock,
        clean: inspected.clean.is_some() && !state.rebuilt,
        zone: zone_name(zone),
    });
    Ok((writer, opened, codes, roster))
}

/// Removes the clean mark, so that the next opening rebuilds the projection.
///
/// # Errors
/// There is no store, it is in use, or the disk failed.
pub fn remove_clean_mark(disk: &dyn Disk, location: &Location) -> Result<(), StoreError> {
    let paths = StorePaths::new(&location.dir);
    if !paths.journal.exists() {
        return Err(StoreError::Missing { dir: paths.dir });
    }
    guard(&paths)?;
    let _lock = StoreLock::take(&paths.lock, PATIENCE)?;
    CleanMark::remove(disk, &paths.clean).map_err(|e| StoreError::at(&paths.clean, e))
}

/// The roster of an existing store, for a command that runs beside the desk; `None` where there is no store.
///
/// # Errors
/// As [`open`], but a store that is in use is no error.
pub fn open_roster(location: &Location, zone: &TimeZone) -> Result<Option<Roster>, StoreError> {
    let paths = StorePaths::new(&location.dir);
    let inspected = inspect(&paths, &KeyPlace::find(location), zone)?;
    Ok(inspected.map(|inspected| Roster::new(&inspected.paths, &inspected.desk)))
}

/// The roster as [`open_roster`] gives it; where there is no store, the store and its key are created.
///
/// # Errors
/// As [`open_roster`].
pub fn make_roster(
    disk: &dyn Disk,
    location: &Location,
    zone: &TimeZone,
) -> Result<Roster, StoreError> {
    if let Some(roster) = open_roster(location, zone)? {
        return Ok(roster);
    }
    let paths = StorePaths::new(&location.dir);
    ours::make_folder(&paths.dir).map_err(|e| StoreError::at(&paths.dir, e))?;
    guard(&paths)?;
    let _lock = StoreLock::take(&paths.lock, PATIENCE)?;
    let desk =
        create_layout(disk, &paths, &KeyPlace::find(location), true)?.ok_or(StoreError::Random)?;
    Ok(Roster::new(&paths, &desk))
}

/// Creates the directories and, for a new store, the key.
fn create_layout(
    disk: &dyn Disk,
    paths: &StorePaths,
    place: &KeyPlace,
    is_new: bool,
) -> Result<Option<DeskKey>, StoreError> {
    for dir in [&paths.journal, &paths.projections] {
        ours::make_inner_folder(dir).map_err(|e| StoreError::at(dir, e))?;
    }
    disk.sync_dir(&paths.dir)
        .map_err(|e| StoreError::at(&paths.dir, e))?;
    if !is_new {
        return Ok(None);
    }
    // The first of two tries may have created it.
    match place.read()? {
        Some(key) => Ok(Some(key)),
        None => place.create(disk).map(Some),
    }
}

/// Does the work, and where there is no room retries it once with the ballast released.
fn retry_without_ballast<T>(
    disk: &dyn Disk,
    paths: &StorePaths,
    mut work: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    match work() {
        Err(StoreError::Full { .. }) if disk.remove(&paths.ballast).is_ok() => work(),
        other => other,
    }
}
