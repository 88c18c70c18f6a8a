//! Building sled anew from the journal, in a fresh directory, without opening the old one. Closed visits leave the memory
//! as they are read.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::StoreError;
use super::derived::Derived;
use super::disk::Disk;
use super::fold::{Row, Tally};
use super::look::Found;
use super::marks::Clean;
use super::notes::Note;
use super::paths::Paths;
use super::replay::{Replay, Turn};
use super::slots::{Slot, Slots};
use super::stand::Stand;
use crate::visit::{Fact, Recorded, VisitId, evolve};

/// Limits kept in memory until the stale ones are looked for the first time.
const PRUNE_AT: usize = 4096;

/// Reads the journal and builds sled anew in a fresh directory. Without room for sled the desk works without it.
///
/// # Errors
/// The clean mark cannot be taken away, or a segment cannot be read at all.
pub fn rebuild(
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
        prune_at: PRUNE_AT,
        derived: Derived::open(&paths.derived.join(format!("{number:08}")), &found.desk),
        forgotten: Vec::new(),
    };
    let (reading, resume) = Replay {
        segments: &found.segments,
        slots,
        notes: &found.notes,
        high: found.high,
        only: None,
    }
    .run(&mut |turn, _| building.take(turn))?;
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
        forgotten: building.forgotten,
    })
}

/// What the journal adds up to while it is read. Closed visits go to sled at once and leave the memory.
struct Building<'a> {
    rows: HashMap<VisitId, Row>,
    tally: Tally,
    slots: &'a Slots,
    limits_from: u32,
    /// How many limits are kept until the stale ones are looked for.
    prune_at: usize,
    derived: io::Result<Derived>,
    /// The slots of forgotten visits: a stop may have come between the note and the key's destruction.
    forgotten: Vec<u32>,
}

impl Building<'_> {
    fn take(&mut self, turn: Turn) {
        match turn {
            Turn::Facts { slot, facts } => {
                facts.iter().for_each(|recorded| self.tally.note(recorded));
                self.fold(slot, &facts);
            }
            Turn::Carried { slot, part, facts } => {
                if part == 0
                    && let Some(first) = facts.first()
                {
                    // What younger segments said of it is in these facts as well.
                    let visit = first.visit;
                    self.rows.remove(&visit);
                    self.derive(|derived, _| derived.remove(visit));
                }
                self.fold(slot, &facts);
            }
            Turn::Note(note) => self.take_note(note),
        }
    }

    fn take_note(&mut self, note: Note) {
        match note {
            Note::Forgotten { visit, slot } => {
                let known = self.rows.remove(&visit).map(|row| row.slot);
                self.forgotten.extend(slot.or(known));
                self.derive(|derived, _| derived.remove(visit));
            }
            Note::Counted { days, limits, .. } => self.tally.restore(days, limits),
            Note::Viewed { .. } | Note::Dropped { .. } => {}
        }
    }

    fn fold(&mut self, slot: u32, facts: &[Recorded]) {
        for recorded in facts {
            self.derive(|derived, _| derived.note_person(recorded.visit, &recorded.fact));
            if let Some(row) = self.rows.get_mut(&recorded.visit) {
                evolve(&mut row.visit, recorded);
                continue;
            }
            let closed = match recorded.fact {
                Fact::VisitOpened { .. } => None,
                _ => self.find_closed(recorded.visit),
            };
            let row = Row::fold(closed, slot, recorded);
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

    fn find_closed(&self, id: VisitId) -> Option<Row> {
        let derived = self.derived.as_ref().ok()?;
        derived.find(id, self.slots).ok().flatten()
    }

    fn put(&mut self, row: &Row) {
        self.derive(|derived, slots| match slots.read(row.slot)? {
            Slot::Key(key) => derived.put(row, &key),
            Slot::Destroyed | Slot::Unreadable => Ok(()),
        });
    }

    fn derive(&mut self, work: impl FnOnce(&Derived, &Slots) -> io::Result<()>) {
        if let Ok(derived) = &self.derived
            && let Err(e) = work(derived, self.slots)
        {
            self.derived = Err(e);
        }
    }

    fn finish(&mut self) {
        self.rows.retain(|_, row| !row.visit.is_over());
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
