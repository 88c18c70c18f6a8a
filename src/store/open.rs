//! Opening a store: what is there is looked at before anything is changed; then sled is taken as it is after a clean
//! close, or built anew from the journal.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::derived::{self, Derived};
use super::disk::{self, Disk};
use super::fold::{self, Row, Tally};
use super::journal::{Journal, Resume};
use super::keeper::{Keeper, Known};
use super::lock::Lock;
use super::marks::{Clean, HighWater};
use super::replay::{self, Note, Reading, Replay, Segment, Turn};
use super::seal::{DeskKey, Key, KeyPlace};
use super::slots::{Slot, Slots};
use super::{Location, Opened, StoreError};
use crate::visit::VisitId;

/// How long a command that looks in may hold the lock.
const PATIENCE: Duration = Duration::from_millis(600);
/// A limit looks back a day; an hour more for the hours' granularity.
const LIMIT_HOURS: u32 = 25;

/// The names in a store's directory.
#[derive(Clone, Debug)]
pub struct Paths {
    pub dir: PathBuf,
    pub lock: PathBuf,
    pub slots: PathBuf,
    pub journal: PathBuf,
    pub derived: PathBuf,
    pub clean: PathBuf,
    pub high_water: PathBuf,
    pub ballast: PathBuf,
}

impl Paths {
    pub fn new(dir: &Path) -> Self {
        Paths {
            dir: dir.to_owned(),
            lock: dir.join("lock"),
            slots: dir.join("visits.keys"),
            journal: dir.join("journal"),
            derived: dir.join("derived"),
            clean: dir.join("clean"),
            high_water: dir.join("high-water"),
            ballast: dir.join("ballast"),
        }
    }
}

/// What is there, looked at and not changed.
pub struct Found {
    pub desk: DeskKey,
    pub segments: Vec<Segment>,
    pub high: Option<u64>,
    /// The clean mark, where sled and the journal's end may be believed.
    pub clean: Option<Clean>,
}

/// Looks at what is there. `None` where there is neither a key nor a journal.
///
/// # Errors
/// A key that is missing or another's, visits' keys that are gone, a newer format.
pub fn look(paths: &Paths, place: &KeyPlace, zone: &TimeZone) -> Result<Option<Found>, StoreError> {
    let segments = replay::survey(&paths.journal)?;
    let desk = place.read()?;
    let ours = desk.as_ref().map(DeskKey::id);
    let wanted = replay::foreign_key(&segments, ours);
    let desk = match (desk, wanted) {
        (Some(desk), None) => desk,
        (None, None) if !replay::holds_something(&segments) && !paths.slots.exists() => {
            return Ok(None);
        }
        (Some(desk), Some(wanted)) => {
            return Err(StoreError::KeyForeign {
                dir: paths.dir.clone(),
                path: place.path.clone(),
                wanted: wanted.to_string(),
                found: desk.id().to_string(),
            });
        }
        (None, wanted) => {
            return Err(StoreError::KeyMissing {
                dir: paths.dir.clone(),
                path: place.path.clone(),
                wanted: wanted.map_or_else(|| "it was made with".into(), |id| id.to_string()),
            });
        }
    };
    let no_keys = std::fs::metadata(&paths.slots).map_or(0, |meta| meta.len()) == 0;
    if no_keys && replay::holds_records(&segments) {
        return Err(StoreError::VisitKeysLost {
            path: paths.slots.clone(),
        });
    }
    let marks = desk.derive("marks");
    let high = HighWater::read(&paths.high_water, &marks);
    let clean = Clean::read(&paths.clean, &marks).filter(|clean| {
        clean.schema == derived::schema()
            && clean.zone == zone_name(zone)
            && high.is_none_or(|high| high <= clean.at.next)
            && replay::ends_at(&paths.journal, &segments, &clean.at)
    });
    Ok(Some(Found {
        desk,
        segments,
        high,
        clean,
    }))
}

/// What days are counted by.
pub fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("unnamed").to_owned()
}

/// Opens the store for the desk. A full disk gets one more try with the ballast released.
///
/// # Errors
/// See [`StoreError`].
pub fn open(
    disk: Arc<dyn Disk>,
    location: &Location,
    today: Date,
    zone: &TimeZone,
) -> Result<(Keeper, Opened, Key), StoreError> {
    let paths = Paths::new(&location.dir);
    let at_dir = |e| StoreError::at(&paths.dir, e);
    disk::make_private_dir(&paths.dir).map_err(at_dir)?;
    let lock = Lock::take(&paths.lock, PATIENCE)?;
    let place = KeyPlace::find(location);
    let found = look(&paths, &place, zone)?;
    let found = match with_room(&*disk, &paths, || {
        make(&*disk, &paths, &place, found.is_none())
    }) {
        Ok(made) => match found {
            Some(found) => found,
            None => Found {
                desk: made.ok_or(StoreError::Random)?,
                segments: Vec::new(),
                high: None,
                clean: None,
            },
        },
        Err(e) => return Err(e),
    };
    let mut slots = with_room(&*disk, &paths, || {
        Slots::open(&*disk, &paths.slots, found.desk.derive("visit keys"))
    })?;
    let limits_from = limits_from(today, zone);
    let stand = match found
        .clean
        .as_ref()
        .and_then(|clean| take_clean(&paths, &found.desk, &slots, clean, limits_from, zone))
    {
        Some(stand) => stand,
        None => rebuild(&*disk, &paths, &found, &slots, limits_from, zone)?,
    };
    slots.set_next(stand.reading.next_slot);
    let opened = stand.opened(today, zone);
    let codes = found.desk.derive("codes");
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
    let keeper = Keeper::new(super::keeper::Parts {
        disk,
        paths,
        lock,
        desk: found.desk,
        journal,
        slots,
        derived: stand.derived,
        tally: stand.tally,
        known,
        high_water,
        clean: found.clean.is_some() && !stand.rebuilt,
        zone: zone_name(zone),
    });
    Ok((keeper, opened, codes))
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

/// Where the store stands once it has been read.
struct Stand {
    rows: Vec<Row>,
    tally: Tally,
    derived: Option<Derived>,
    reading: Reading,
    resume: Resume,
    rebuilt: bool,
}

impl Stand {
    fn opened(&self, today: Date, zone: &TimeZone) -> Opened {
        let mut limits = self.tally.all_limits();
        if let Ok(midnight) = today.to_zoned(zone.clone()) {
            limits.prune(midnight.timestamp());
        }
        let mut visits: Vec<_> = self.rows.iter().map(|row| row.visit.clone()).collect();
        visits.sort_by_key(|visit| (visit.touched, visit.id));
        Opened {
            visits,
            limits,
            counts: self.tally.days.get(&today).copied().unwrap_or_default(),
            rebuilt: self.rebuilt,
            damaged: self.reading.damaged,
            cut: self.reading.cut,
        }
    }

    fn known(&self, slots: &Slots) -> Result<HashMap<VisitId, Known>, StoreError> {
        let mut known = HashMap::new();
        for row in &self.rows {
            let read = slots
                .read(row.slot)
                .map_err(|e| StoreError::at(slots.path(), e))?;
            if let Slot::Key(key) = read {
                let slot = row.slot;
                known.insert(row.visit.id, Known { slot, key });
            }
        }
        Ok(known)
    }
}

/// sled as it was left, if it proves to be that.
fn take_clean(
    paths: &Paths,
    desk: &DeskKey,
    slots: &Slots,
    clean: &Clean,
    limits_from: u32,
    zone: &TimeZone,
) -> Option<Stand> {
    let dir = paths.derived.join(&clean.derived);
    let mut tally = Tally::new(zone.clone());
    let loaded = Derived::open(&dir, desk).and_then(|derived| {
        let loaded = derived.load(slots, clean.limits_from, &mut tally)?;
        Ok((derived, loaded))
    });
    match loaded {
        Ok((derived, loaded)) if loaded.digest == clean.digest => {
            tally.limits.retain(|_, row| row.hour >= limits_from);
            Some(Stand {
                rows: loaded.rows,
                tally,
                derived: Some(derived),
                reading: Reading {
                    next_slot: clean.next_slot,
                    ..Reading::default()
                },
                resume: Resume {
                    at: Some(clean.at),
                    newest: clean.at.segment,
                    next: clean.at.next,
                    chain: clean.at.chain,
                },
                rebuilt: false,
            })
        }
        Ok(_) => {
            tracing::warn!("sled opened with other rows than it was closed with");
            None
        }
        Err(e) => {
            tracing::warn!("sled did not open after a clean close: {e}");
            None
        }
    }
}

/// Reads the journal and builds sled anew in a fresh directory. Without room for sled the desk works without it.
fn rebuild(
    disk: &dyn Disk,
    paths: &Paths,
    found: &Found,
    slots: &Slots,
    limits_from: u32,
    zone: &TimeZone,
) -> Result<Stand, StoreError> {
    Clean::remove(disk, &paths.clean).map_err(|e| StoreError::at(&paths.clean, e))?;
    let old = generations(&paths.derived);
    let number = old.last().map_or(1, |(number, _)| number.saturating_add(1));
    let mut building = Building {
        rows: HashMap::new(),
        tally: Tally::new(zone.clone()),
        slots,
        limits_from,
        derived: Derived::open(&paths.derived.join(format!("{number:08}")), &found.desk),
    };
    let notes = found.desk.derive("notes");
    let (reading, resume) = Replay {
        segments: &found.segments,
        slots,
        notes: &notes,
        high: found.high,
    }
    .run(&mut |turn| building.take(turn))?;
    building.finish();
    clear_generations(&old, reading.cut);
    // A store that never held anything was not rebuilt.
    let rebuilt = !found.segments.is_empty();
    let derived = building.derived.map_err(|e| {
        tracing::warn!("sled could not be built, the desk works without it: {e}");
    });
    Ok(Stand {
        rows: building.rows.into_values().collect(),
        tally: building.tally,
        derived: derived.ok(),
        reading,
        resume,
        rebuilt,
    })
}

/// What the journal adds up to while it is read. Closed visits go to sled at once and leave the memory.
struct Building<'a> {
    rows: HashMap<VisitId, Row>,
    tally: Tally,
    slots: &'a Slots,
    limits_from: u32,
    derived: io::Result<Derived>,
}

impl Building<'_> {
    fn take(&mut self, turn: Turn) {
        let (slot, facts) = match turn {
            Turn::Facts { slot, facts } => (slot, facts),
            Turn::Note(Note::Forgotten { visit }) => {
                self.rows.remove(&visit);
                self.to_derived(|derived, _| derived.remove(visit));
                return;
            }
        };
        for recorded in &facts {
            let row = match self.rows.remove(&recorded.visit) {
                None if !matches!(recorded.fact, crate::visit::Fact::VisitOpened { .. }) => {
                    self.find_closed(recorded.visit)
                }
                other => other,
            };
            let row = Row::fold(row, slot, recorded);
            self.rows.insert(recorded.visit, row);
            self.tally.note(recorded);
        }
        if self.tally.limits.len() > 4096 {
            self.tally.prune(self.limits_from);
        }
        let ended = facts.last().map(|recorded| recorded.visit);
        if let Some(id) = ended
            && self.rows.get(&id).is_some_and(|row| row.visit.is_closed())
            && let Some(row) = self.rows.remove(&id)
        {
            self.put(&row);
        }
    }

    fn find_closed(&self, id: VisitId) -> Option<Row> {
        let derived = self.derived.as_ref().ok()?;
        derived.find(id, self.slots).ok().flatten()
    }

    fn put(&mut self, row: &Row) {
        self.to_derived(|derived, slots| match slots.read(row.slot)? {
            Slot::Key(key) => derived.put(row, &key),
            Slot::Destroyed | Slot::Unreadable => Ok(()),
        });
    }

    fn to_derived(&mut self, work: impl FnOnce(&Derived, &Slots) -> io::Result<()>) {
        if let Ok(derived) = &self.derived
            && let Err(e) = work(derived, self.slots)
        {
            self.derived = Err(e);
        }
    }

    fn finish(&mut self) {
        self.rows.retain(|_, row| !row.visit.is_closed());
        for row in self.rows.values().cloned().collect::<Vec<_>>() {
            self.put(&row);
        }
        self.tally.prune(self.limits_from);
        // Nothing of this is in the fresh sled yet.
        for before in self.tally.touched.limits.values_mut() {
            *before = None;
        }
        if let Ok(derived) = &self.derived
            && let Err(e) = derived.put_tally(&mut self.tally)
        {
            self.derived = Err(e);
        }
    }
}

/// The hour from which limits may still matter on this day.
pub fn limits_from(today: Date, zone: &TimeZone) -> u32 {
    today
        .to_zoned(zone.clone())
        .map_or(0, |midnight| fold::hour(midnight.timestamp()))
        .saturating_sub(LIMIT_HOURS)
}

/// sled's directories, by age.
fn generations(dir: &Path) -> Vec<(u32, PathBuf)> {
    let mut found: Vec<_> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let number = path.file_name()?.to_str()?.parse().ok()?;
            Some((number, path))
        })
        .collect();
    found.sort();
    found
}

/// Clears old generations away; where acknowledged records are missing the newest stays as a witness.
fn clear_generations(old: &[(u32, PathBuf)], keep_witness: bool) {
    for (place, (number, path)) in old.iter().enumerate() {
        let outcome = if keep_witness && place + 1 == old.len() {
            std::fs::rename(path, path.with_file_name(format!("witness-{number:08}")))
        } else {
            std::fs::remove_dir_all(path)
        };
        if let Err(e) = outcome {
            tracing::warn!("{} could not be cleared away: {e}", path.display());
        }
    }
}
