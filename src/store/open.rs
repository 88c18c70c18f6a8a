//! Opening a store: what is there is looked at before anything is changed; then sled is taken as it is after a clean
//! close, or built anew from the journal.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::disk::{self, Disk};
use super::fold;
use super::journal::Journal;
use super::keeper::{Keeper, Parts};
use super::lock::Lock;
use super::look::{Found, look, zone_name};
use super::marks::{Clean, HighWater};
use super::paths::Paths;
use super::rebuild::rebuild;
use super::roster::Roster;
use super::seal::{DeskKey, Key, KeyPlace};
use super::slots::Slots;
use super::stand::take_clean;
use super::{Location, Opened, StoreError, staged};

/// How long a command that looks in may hold the lock.
pub const PATIENCE: Duration = Duration::from_millis(600);

/// Opens the store for the desk. A full disk gets one more try with the ballast released.
///
/// # Errors
/// See [`StoreError`].
pub fn open(
    disk: Arc<dyn Disk>,
    location: &Location,
    today: Date,
    zone: &TimeZone,
) -> Result<(Keeper, Opened, Key, Roster), StoreError> {
    let paths = Paths::new(&location.dir);
    let at_dir = |e| StoreError::at(&paths.dir, e);
    disk::make_private_dir(&paths.dir).map_err(at_dir)?;
    let lock = Lock::take(&paths.lock, PATIENCE)?;
    let place = KeyPlace::find(location);
    if let Some(desk) = place.read()? {
        staged::finish(&*disk, &paths, &desk).map_err(|e| StoreError::at(&paths.staged, e))?;
    }
    let found = look(&paths, &place, zone)?;
    let made = with_room(&*disk, &paths, || {
        make(&*disk, &paths, &place, found.is_none())
    })?;
    let found = match found {
        Some(found) => found,
        None => Found::nothing(made.ok_or(StoreError::Random)?, &paths),
    };
    let mut slots = with_room(&*disk, &paths, || {
        Slots::open(&*disk, &paths.slots, found.desk.derive("visit keys"))
    })?;
    let limits_from = fold::limits_from_day(today, zone);
    let stand = match found
        .clean
        .as_ref()
        .and_then(|clean| take_clean(&paths, &found.desk, &slots, clean, limits_from, zone))
    {
        Some(stand) => stand,
        None => rebuild(&*disk, &paths, &found, &slots, limits_from, zone)?,
    };
    slots.set_next(stand.reading.next_slot);
    if stand
        .forgotten
        .iter()
        .any(|slot| !slots.is_blank(*slot).unwrap_or(true))
    {
        // A stop came between the note and this.
        slots
            .destroy(&*disk, &stand.forgotten)
            .map_err(|e| StoreError::at(&paths.slots, e))?;
    }
    let opened = stand.opened(today, zone);
    let codes = found.desk.derive("codes");
    let roster = Roster::new(&paths, &found.desk);
    let journal = Journal::resume(
        Arc::clone(&disk),
        &paths.journal,
        found.desk.id(),
        &stand.resume,
    )
    .map_err(|e| StoreError::at(&paths.journal, e))?;
    let high_water = with_room(&*disk, &paths, || {
        HighWater::open(&*disk, &paths.high_water, found.desk.derive("marks"))
            .map_err(|e| StoreError::at(&paths.high_water, e))
    })?;
    let known = stand.known(&slots)?;
    let keeper = Keeper::new(Parts {
        disk,
        paths,
        lock,
        desk: found.desk,
        notes: found.notes,
        roster: roster.clone(),
        keep: location.keep,
        journal,
        slots,
        derived: stand.derived,
        tally: stand.tally,
        known,
        high_water,
        clean: found.clean.is_some() && !stand.rebuilt,
        zone: zone_name(zone),
    });
    Ok((keeper, opened, codes, roster))
}

/// Takes the clean mark away, so that the next opening builds sled anew.
///
/// # Errors
/// No store, one that is in use, or the disk's.
pub fn distrust(disk: &dyn Disk, location: &Location) -> Result<(), StoreError> {
    let paths = Paths::new(&location.dir);
    if !paths.journal.exists() {
        return Err(StoreError::Missing { dir: paths.dir });
    }
    let _lock = Lock::take(&paths.lock, PATIENCE)?;
    Clean::remove(disk, &paths.clean).map_err(|e| StoreError::at(&paths.clean, e))
}

/// The roster of a store that is there, for a command beside the desk; `None` where there is no store.
///
/// # Errors
/// As opening the store; a desk that runs is no error.
pub fn roster(location: &Location, zone: &TimeZone) -> Result<Option<Roster>, StoreError> {
    let paths = Paths::new(&location.dir);
    let found = look(&paths, &KeyPlace::find(location), zone)?;
    Ok(found.map(|found| Roster::new(&found.paths, &found.desk)))
}

/// As [`roster`], but the store and its key are made where there is none yet.
///
/// # Errors
/// As [`roster`].
pub fn make_roster(
    disk: &dyn Disk,
    location: &Location,
    zone: &TimeZone,
) -> Result<Roster, StoreError> {
    if let Some(roster) = roster(location, zone)? {
        return Ok(roster);
    }
    let paths = Paths::new(&location.dir);
    disk::make_private_dir(&paths.dir).map_err(|e| StoreError::at(&paths.dir, e))?;
    let _lock = Lock::take(&paths.lock, PATIENCE)?;
    let desk = make(disk, &paths, &KeyPlace::find(location), true)?.ok_or(StoreError::Random)?;
    Ok(Roster::new(&paths, &desk))
}

/// The directories, and on the first start the key.
fn make(
    disk: &dyn Disk,
    paths: &Paths,
    place: &KeyPlace,
    is_new: bool,
) -> Result<Option<DeskKey>, StoreError> {
    for dir in [&paths.journal, &paths.derived] {
        disk::make_private_dir(dir).map_err(|e| StoreError::at(dir, e))?;
    }
    disk.sync_dir(&paths.dir)
        .map_err(|e| StoreError::at(&paths.dir, e))?;
    match is_new {
        // The first try of two may have made it.
        true => match place.read()? {
            Some(key) => Ok(Some(key)),
            None => place.create(disk).map(Some),
        },
        false => Ok(None),
    }
}

/// Does it, and once more without the ballast where there was no room.
fn with_room<T>(
    disk: &dyn Disk,
    paths: &Paths,
    mut work: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    match work() {
        Err(StoreError::Full { .. }) if disk.remove(&paths.ballast).is_ok() => work(),
        other => other,
    }
}
