//! Inspecting a store before it is opened: which files exist, which desk key they belong to, whether the projection may be
//! trusted. Nothing is changed.

use std::io;

use jiff::tz::TimeZone;

use super::error::StoreError;
use super::guard::guard;
use super::location::StorePaths;
use super::marks::{CleanMark, HighWaterFile, MOST_BEHIND, MarkState};
use super::notes::NoteKeys;
use super::projection;
use super::replay::{self, Segment};
use super::seal::{DeskKey, KeyPlace};
use super::staged;
use super::visit_keys::{PER_BLOCK, SlotContent, VisitKeys};

/// A store that was inspected.
pub struct InspectedStore {
    /// Where its files are; some may be staged.
    pub paths: StorePaths,
    /// The desk's key.
    pub desk: DeskKey,
    /// The keys that open the store's own notes.
    pub note_keys: NoteKeys,
    /// The journal's segments, the oldest first.
    pub segments: Vec<Segment>,
    /// The number of the next record, by the high-water mark and by the mark of a clean stop.
    pub high: Option<u64>,
    /// The high-water mark is gone or stale although there are records: a journal that was cut cannot be told from a whole
    /// one. It is not written anew before a person has accepted the journal.
    pub is_mark_lost: bool,
    /// The clean mark, where it fits the end of the journal: then the projection may be loaded.
    pub clean: Option<CleanMark>,
}

impl InspectedStore {
    /// A new store without files, with the key created for it.
    pub fn empty(desk: DeskKey, paths: &StorePaths) -> Self {
        InspectedStore {
            paths: paths.clone(),
            note_keys: NoteKeys::read(paths, &desk),
            desk,
            segments: Vec::new(),
            high: None,
            is_mark_lost: false,
            clean: None,
        }
    }
}

/// Inspects a store. `None` where there is neither a key nor a journal.
///
/// # Errors
/// The desk's key is missing or another desk's, the visits' keys are gone, or a newer program wrote the journal.
pub fn inspect(
    paths: &StorePaths,
    place: &KeyPlace,
    zone: &TimeZone,
) -> Result<Option<InspectedStore>, StoreError> {
    match guard(paths) {
        Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        other => other?,
    }
    let desk = place.read()?;
    let paths = &match &desk {
        Some(desk) => staged::effective_paths(paths, desk),
        None => paths.clone(),
    };
    let segments = replay::read_segments(&paths.journal)?;
    let desk = desk.map(|desk| (NoteKeys::read(paths, &desk), desk));
    let knows = |id| {
        desk.as_ref()
            .is_some_and(|(note_keys, _)| note_keys.knows(id))
    };
    let wanted = replay::foreign_key(&segments, knows);
    let (note_keys, desk) = match (desk, wanted) {
        (Some(known), None) => known,
        (None, None) if !replay::has_content(&segments) && !paths.visit_keys.exists() => {
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
    if !has_visit_keys(paths) && replay::has_records(&segments) {
        return Err(StoreError::VisitKeysLost {
            path: paths.visit_keys.clone(),
        });
    }
    let marks = desk.derive("marks");
    let mark = HighWaterFile::state(&paths.high_water, Some(&marks));
    let high = match mark {
        MarkState::Sound(mark) => Some(mark.next),
        MarkState::Unwritten | MarkState::Missing | MarkState::Damaged => None,
    };
    if high.is_none() && belong_to_another_key(paths, &desk)? {
        // An earlier key of this desk: it knows the segments, and opens nothing.
        return Err(StoreError::KeyForeign {
            dir: paths.dir.clone(),
            path: place.path.clone(),
            wanted: "a later one".into(),
            found: desk.id().to_string(),
        });
    }
    let stopped = CleanMark::read(&paths.clean, &marks);
    let is_mark_lost = is_lost(mark, paths, &segments, stopped.as_ref());
    // A journal that ends before a clean stop was cut.
    let high = high.max(
        stopped
            .as_ref()
            .map(|clean| clean.at.next)
            .filter(|next| *next > 0),
    );
    let clean = stopped.filter(|clean| {
        clean.schema == projection::schema()
            && clean.zone == zone_name(zone)
            && !is_mark_lost
            && high.is_none_or(|high| high <= clean.at.next)
            && replay::ends_at(&paths.journal, &segments, &clean.at)
    });
    Ok(Some(InspectedStore {
        paths: paths.clone(),
        desk,
        note_keys,
        segments,
        high,
        is_mark_lost,
        clean,
    }))
}

/// Whether the high-water mark is gone or stale although the journal has records. The store makes it before its first
/// record, and never leaves it further behind than [`MOST_BEHIND`].
pub fn is_lost(
    mark: MarkState,
    paths: &StorePaths,
    segments: &[Segment],
    stopped: Option<&CleanMark>,
) -> bool {
    match mark {
        MarkState::Sound(mark) => match stopped {
            Some(clean) if replay::ends_at(&paths.journal, segments, &clean.at) => {
                mark.next < clean.at.next
            }
            Some(_) | None => mark.next.saturating_add(MOST_BEHIND) < replay::end_of(segments),
        },
        MarkState::Unwritten => replay::has_records(segments),
        // Keys are made after the mark: without a journal too, it was there.
        MarkState::Missing | MarkState::Damaged => {
            replay::has_records(segments) || has_visit_keys(paths)
        }
    }
}

fn has_visit_keys(paths: &StorePaths) -> bool {
    std::fs::metadata(&paths.visit_keys).is_ok_and(|meta| meta.len() > 0)
}

/// Whether none of the first visit keys can be opened with this desk key.
fn belong_to_another_key(paths: &StorePaths, desk: &DeskKey) -> Result<bool, StoreError> {
    if !paths.visit_keys.exists() {
        return Ok(false);
    }
    let visit_keys = VisitKeys::open_read_only(&paths.visit_keys, desk.derive("visit keys"))?;
    let mut read = (0..PER_BLOCK).filter_map(|slot| visit_keys.read(slot).ok());
    Ok(visit_keys.ready() > 0 && read.all(|slot| matches!(slot, SlotContent::Unreadable)))
}

/// The name of the time zone that days are counted in.
pub fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("unnamed").to_owned()
}
