//! A new desk key: the visits' keys are sealed with it anew, new records go into new segments, and old segments stay
//! readable until they are dropped. All of it is staged; what makes it count is the key's own file, which is replaced
//! last, whole.

use std::io;

use jiff::tz::TimeZone;

use super::disk::Disk;
use super::lock::Lock;
use super::look::look;
use super::marks::{HighWater, Position};
use super::notes::Notes;
use super::open::PATIENCE;
use super::paths::Paths;
use super::roster::Roster;
use super::seal::{DeskKey, KeyId, KeyPlace};
use super::slots::Slots;
use super::{Location, StoreError, staged};

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rekeyed {
    pub old: KeyId,
    pub new: KeyId,
    /// Segments that stay under an earlier key until they are dropped.
    pub segments: usize,
}

/// Makes a new desk key and puts it in the old one's place. The store must not be in use.
///
/// # Errors
/// As opening the store; no store; or a key that the service manager gives, which only its owner can change.
pub fn rekey(disk: &dyn Disk, location: &Location, zone: &TimeZone) -> Result<Rekeyed, StoreError> {
    let paths = Paths::new(&location.dir);
    let place = KeyPlace::find(location);
    if !paths.dir.exists() {
        return Err(StoreError::Missing { dir: paths.dir });
    }
    let _lock = Lock::take(&paths.lock, PATIENCE)?;
    let old = place.read()?;
    let old = old.ok_or_else(|| StoreError::Missing {
        dir: paths.dir.clone(),
    })?;
    if place.is_given() {
        return Err(StoreError::KeyGiven { path: place.path });
    }
    let at = |e: io::Error| StoreError::at(&paths.staged, e);
    staged::finish(disk, &paths, &old).map_err(at)?;
    let found = look(&paths, &place, zone)?;
    let found = found.ok_or_else(|| StoreError::Missing {
        dir: paths.dir.clone(),
    })?;
    let new = DeskKey::random()?;
    stage(disk, &paths, &old, &new, &found.notes, found.high).map_err(at)?;
    place.write(disk, &new)?;
    staged::finish(disk, &paths, &new).map_err(at)?;
    Ok(Rekeyed {
        old: old.id(),
        new: new.id(),
        segments: found.segments.len(),
    })
}

fn stage(
    disk: &dyn Disk,
    paths: &Paths,
    old: &DeskKey,
    new: &DeskKey,
    notes: &Notes,
    high: Option<u64>,
) -> io::Result<()> {
    staged::begin(disk, paths)?;
    if paths.slots.exists() {
        let slots = Slots::open_read_only(&paths.slots, old.derive("visit keys"))
            .map_err(io::Error::other)?;
        slots.reseal(
            disk,
            &staged::place(paths, &paths.slots),
            &new.derive("visit keys"),
        )?;
    }
    notes.write(disk, &staged::place(paths, &paths.retired), new, |_| true)?;
    if let Some(next) = high {
        let mark = HighWater::mark(&paths.high_water, Some(&old.derive("marks")));
        let path = staged::place(paths, &paths.high_water);
        let at = Position {
            next,
            chain: mark.and_then(|mark| mark.chain).unwrap_or_default(),
            ..Position::default()
        };
        HighWater::open(disk, &path, new.derive("marks"))?.write(disk, &at)?;
    }
    let roster = Roster::new(paths, old);
    if roster.stats().is_ok_and(|stats| stats.is_some()) {
        let (all, _) = roster.all()?;
        Roster::at(
            &staged::place(paths, &paths.roster),
            &paths.roster_lock,
            new,
        )
        .write(disk, &all)?;
    }
    staged::make_ready(disk, paths, new)?;
    disk.sync_dir(&paths.staged)
}
