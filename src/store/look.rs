//! Looking at a store: what is there, whose it is, whether sled may be believed. It changes nothing.

use jiff::tz::TimeZone;

use super::derived;
use super::marks::{Clean, HighWater};
use super::notes::Notes;
use super::paths::Paths;
use super::replay::{self, Segment};
use super::seal::{DeskKey, KeyPlace};
use super::slots::{PER_BLOCK, Slot, Slots};
use super::{StoreError, staged};

/// What is there, looked at and not changed.
pub struct Found {
    /// Where its files are: some may be staged.
    pub paths: Paths,
    pub desk: DeskKey,
    /// Opens what the store notes for itself.
    pub notes: Notes,
    pub segments: Vec<Segment>,
    pub high: Option<u64>,
    /// The clean mark, where sled and the journal's end may be believed.
    pub clean: Option<Clean>,
}

impl Found {
    /// A store that is just being made, with the key made for it.
    pub fn nothing(desk: DeskKey, paths: &Paths) -> Self {
        Found {
            paths: paths.clone(),
            notes: Notes::read(paths, &desk),
            desk,
            segments: Vec::new(),
            high: None,
            clean: None,
        }
    }
}

/// Looks at what is there. `None` where there is neither a key nor a journal.
///
/// # Errors
/// A key that is missing or another's, visits' keys that are gone, a newer format.
pub fn look(paths: &Paths, place: &KeyPlace, zone: &TimeZone) -> Result<Option<Found>, StoreError> {
    let desk = place.read()?;
    let paths = &match &desk {
        Some(desk) => staged::effective(paths, desk),
        None => paths.clone(),
    };
    let segments = replay::survey(&paths.journal)?;
    let desk = desk.map(|desk| (Notes::read(paths, &desk), desk));
    let knows = |id| desk.as_ref().is_some_and(|(notes, _)| notes.knows(id));
    let wanted = replay::foreign_key(&segments, knows);
    let (notes, desk) = match (desk, wanted) {
        (Some(known), None) => known,
        (None, None) if !replay::holds_something(&segments) && !paths.slots.exists() => {
            return Ok(None);
        }
        (Some((_, desk)), Some(wanted)) => {
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
    if high.is_none() && are_anothers(paths, &desk)? {
        // An earlier key of this desk: it knows the segments, and opens nothing.
        return Err(StoreError::KeyForeign {
            dir: paths.dir.clone(),
            path: place.path.clone(),
            wanted: "a later one".into(),
            found: desk.id().to_string(),
        });
    }
    let clean = Clean::read(&paths.clean, &marks).filter(|clean| {
        clean.schema == derived::schema()
            && clean.zone == zone_name(zone)
            && high.is_none_or(|high| high <= clean.at.next)
            && replay::ends_at(&paths.journal, &segments, &clean.at)
    });
    Ok(Some(Found {
        paths: paths.clone(),
        desk,
        notes,
        segments,
        high,
        clean,
    }))
}

/// Whether none of the first visit keys can be opened with this desk key.
fn are_anothers(paths: &Paths, desk: &DeskKey) -> Result<bool, StoreError> {
    if !paths.slots.exists() {
        return Ok(false);
    }
    let slots = Slots::open_read_only(&paths.slots, desk.derive("visit keys"))?;
    let mut read = (0..PER_BLOCK).filter_map(|slot| slots.read(slot).ok());
    Ok(slots.ready() > 0 && read.all(|slot| matches!(slot, Slot::Unreadable)))
}

/// What days are counted by.
pub fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("unnamed").to_owned()
}
