//! A store that is only read, also beside a desk that is running: its files are inspected, its visits' keys opened, and its
//! journal passed on record by record. Nothing here changes the store.

use std::collections::HashSet;
use std::io;

use jiff::tz::TimeZone;

use super::error::StoreError;
use super::inspect::{InspectedStore, inspect};
use super::location::{Location, StorePaths};
use super::replay::{RecordPlace, Replay, ReplaySummary, ReplayedRecord};
use super::seal::KeyPlace;
use super::visit_keys::VisitKeys;

/// A store that was opened for reading.
pub struct JournalReader {
    /// What was found of it.
    pub store: InspectedStore,
    /// The visits' own keys; `None` where no visit was ever kept.
    pub visit_keys: Option<VisitKeys>,
}

impl JournalReader {
    /// Opens a store for reading; `None` where there is none.
    ///
    /// # Errors
    /// As opening the store, but a store that is in use can be read.
    pub fn open(location: &Location, zone: &TimeZone) -> Result<Option<Self>, StoreError> {
        let paths = StorePaths::new(&location.dir);
        match std::fs::metadata(&paths.dir) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(StoreError::at(&paths.dir, e)),
            Ok(_) => {}
        }
        let Some(store) = inspect(&paths, &KeyPlace::find(location), zone)? else {
            return Ok(None);
        };
        let visit_keys = open_visit_keys(&store)?;
        Ok(Some(JournalReader { store, visit_keys }))
    }

    /// Passes every record that counts to `sink`, in the order of the journal; where `only` is given, facts of visits with
    /// a key in these slots alone.
    ///
    /// # Errors
    /// A file cannot be read at all. Damage in a file is no error.
    pub fn read(
        &self,
        only: Option<&HashSet<u32>>,
        sink: &mut dyn FnMut(ReplayedRecord, RecordPlace),
    ) -> Result<ReplaySummary, StoreError> {
        let Some(visit_keys) = &self.visit_keys else {
            return Ok(ReplaySummary::default());
        };
        let replay = Replay {
            segments: &self.store.segments,
            visit_keys,
            note_keys: &self.store.note_keys,
            high: self.store.high,
            only,
        };
        replay.run(sink).map(|(summary, _)| summary)
    }
}

/// The visits' own keys of an inspected store, for reading; `None` where no visit was ever kept.
///
/// # Errors
/// Their file cannot be read.
pub fn open_visit_keys(store: &InspectedStore) -> Result<Option<VisitKeys>, StoreError> {
    let path = &store.paths.visit_keys;
    let open = || VisitKeys::open_read_only(path, store.desk.derive("visit keys"));
    path.exists().then(open).transpose()
}
