//! Looking at a store: what is there, whose it is, whether sled may be believed. It changes nothing.

use jiff::tz::TimeZone;

use super::StoreError;
use super::derived;
use super::marks::{Clean, HighWater};
use super::paths::Paths;
use super::replay::{self, Segment};
use super::seal::{DeskKey, KeyPlace};

/// What is there, looked at and not changed.
pub struct Found {
    pub desk: DeskKey,
    pub segments: Vec<Segment>,
    pub high: Option<u64>,
    /// The clean mark, where sled and the journal's end may be believed.
    pub clean: Option<Clean>,
}

impl Found {
    /// A store that is just being made, with the key made for it.
    pub fn nothing(desk: DeskKey) -> Self {
        Found {
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
