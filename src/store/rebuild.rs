//! Rebuilding the projection from the write-ahead log, in a fresh directory, without opening the old one. Visits that have
//! ended leave the memory as they are read.

use std::collections::HashMap;
use std::io;

use jiff::tz::TimeZone;

use super::disk::Disk;
use super::error::StoreError;
use super::fold::{StoredVisit, Tally};
use super::inspect::InspectedStore;
use super::loaded_state::LoadedState;
use super::location::StorePaths;
use super::marks::CleanMark;
use super::notes::StoreNote;
use super::projection::{Projection, generations, remove_generations};
use super::replay::{Replay, ReplayedRecord};
use super::visit_keys::{SlotContent, VisitKeys};
use crate::visit::{Counted, Recorded, VisitId, evolve};

/// Limits kept in memory until stale ones are removed for the first time.
const PRUNE_AT: usize = 4096;

/// Reads the journal and rebuilds the projection. Without room for sled the desk works without it.
///
/// # Errors
/// The clean mark cannot be removed, or a segment cannot be read at all.
pub fn rebuild(
    disk: &dyn Disk,
    paths: &StorePaths,
    inspected: &InspectedStore,
    visit_keys: &VisitKeys,
    limits_from: u32,
    zone: &TimeZone,
) -> Result<LoadedState, StoreError> {
    CleanMark::remove(disk, &paths.clean).map_err(|e| StoreError::at(&paths.clean, e))?;
    let old = generations(&paths.projections);
    let number = old.last().map_or(1, |(number, _)| number.saturating_add(1));
    let mut builder = ProjectionBuilder {
        rows: HashMap::new(),
        tally: Tally::new(zone.clone(), inspected.note_keys.limit_keys()),
        visit_keys,
        limits_from,
        prune_at: PRUNE_AT,
        projection: Projection::open(
            &paths.projections.join(format!("{number:08}")),
            &inspected.desk,
        ),
        forgotten: Vec::new(),
    };
    let (summary, resume) = Replay {
        segments: &inspected.segments,
        visit_keys,
        note_keys: &inspected.note_keys,
        high: inspected.high,
        only: None,
    }
    .run(&mut |replayed, _| builder.apply(replayed))?;
    builder.finish();
    // A stop may have come between the note of somebody who was forgotten and the end of what sled held of them.
    let was_forgotten = !builder.forgotten.is_empty();
    remove_generations(disk, &old, summary.cut, was_forgotten);
    // A store that never held a record was not rebuilt.
    let rebuilt = !inspected.segments.is_empty();
    let projection = builder.projection.map_err(|e| {
        tracing::warn!("sled could not be built, the desk works without it: {e}");
    });
    Ok(LoadedState {
        rows: builder.rows.into_values().collect(),
        tally: builder.tally,
        projection: projection.ok(),
        summary,
        resume,
        rebuilt,
        forgotten: builder.forgotten,
    })
}

/// The projection while it is built. Visits that have ended are written to sled at once and leave the memory.
struct ProjectionBuilder<'a> {
    rows: HashMap<VisitId, StoredVisit>,
    tally: Tally,
    visit_keys: &'a VisitKeys,
    limits_from: u32,
    /// How many limits are kept in memory until stale ones are removed.
    prune_at: usize,
    projection: io::Result<Projection>,
    /// The key slots of forgotten visits: a stop may have come between the note and the key's destruction.
    forgotten: Vec<u32>,
}

impl ProjectionBuilder<'_> {
    /// Applies a record of the journal.
    fn apply(&mut self, replayed: ReplayedRecord) {
        match replayed {
            ReplayedRecord::Facts { slot, facts } => {
                facts
                    .iter()
                    .for_each(|recorded| self.tally.count_fact(recorded));
                self.fold_facts(slot, &facts);
            }
            ReplayedRecord::Carried { slot, part, facts } => {
                if part == 0
                    && let Some(first) = facts.first()
                {
                    // These facts include what younger segments hold of this visit.
                    let visit = first.visit;
                    self.rows.remove(&visit);
                    self.write(|projection, _| projection.remove(visit));
                }
                self.fold_facts(slot, &facts);
            }
            ReplayedRecord::Note(note) => self.apply_note(note),
        }
    }

    fn apply_note(&mut self, note: StoreNote) {
        match note {
            StoreNote::Forgotten { visit, slot } => {
                let known = self.rows.remove(&visit).map(|row| row.slot);
                self.forgotten.extend(slot.or(known));
                self.write(|projection, _| projection.remove(visit));
            }
            StoreNote::Counted {
                days,
                limits,
                tagged,
                from: _,
            } => self.tally.restore(days, limits, tagged),
            StoreNote::Viewed { .. }
            | StoreNote::HandedOver { .. }
            | StoreNote::Confirmed { .. }
            | StoreNote::Dropped { .. } => {}
        }
    }

    fn fold_facts(&mut self, slot: u32, facts: &[Recorded]) {
        for recorded in facts {
            self.write(|projection, _| projection.put_student(recorded.visit, &recorded.fact));
            if let Some(row) = self.rows.get_mut(&recorded.visit) {
                evolve(&mut row.visit, recorded);
                continue;
            }
            let closed = if recorded.fact.counted() == Some(Counted::VisitOpened) {
                None
            } else {
                self.find_closed(recorded.visit)
            };
            let row = StoredVisit::fold(closed, slot, recorded);
            self.rows.insert(recorded.visit, row);
        }
        if self.tally.limits.len() > self.prune_at {
            self.tally.prune(self.limits_from);
            self.prune_at = self.tally.limits.len().saturating_mul(2).max(PRUNE_AT);
        }
        let ended = facts.last().map(|recorded| recorded.visit);
        if let Some(id) = ended
            && self.rows.get(&id).is_some_and(|row| row.visit.is_over())
            && let Some(row) = self.rows.remove(&id)
        {
            self.put(&row);
        }
    }

    /// A visit that has ended and was written to the projection before.
    fn find_closed(&self, id: VisitId) -> Option<StoredVisit> {
        let projection = self.projection.as_ref().ok()?;
        projection.find(id, self.visit_keys).ok().flatten()
    }

    /// Writes a visit's row; a visit whose key is destroyed has none.
    fn put(&mut self, row: &StoredVisit) {
        self.write(|projection, visit_keys| match visit_keys.read(row.slot)? {
            SlotContent::Key(key) => projection.put(row, &key),
            SlotContent::Destroyed | SlotContent::Unreadable => Ok(()),
        });
    }

    /// Writes to the projection; the first failure ends the writing.
    fn write(&mut self, work: impl FnOnce(&Projection, &VisitKeys) -> io::Result<()>) {
        if let Ok(projection) = &self.projection
            && let Err(e) = work(projection, self.visit_keys)
        {
            self.projection = Err(e);
        }
    }

    /// Writes what is still in memory.
    fn finish(&mut self) {
        self.rows.retain(|_, row| !row.visit.is_over());
        for row in self.rows.values().cloned().collect::<Vec<_>>() {
            self.put(&row);
        }
        self.tally.prune(self.limits_from);
        // The fresh projection holds none of this yet.
        for before in self.tally.touched.limits.values_mut() {
            *before = None;
        }
        if let Ok(projection) = &self.projection
            && let Err(e) = projection.put_tally(&mut self.tally)
        {
            self.projection = Err(e);
        }
    }
}
