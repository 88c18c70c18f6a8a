//! Where a store stands once it has been read: from sled after a clean close, or, in `rebuild`, from the journal.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::derived::Derived;
use super::fold::{Row, Tally};
use super::journal::Resume;
use super::keeper::Known;
use super::marks::Clean;
use super::paths::Paths;
use super::replay::Reading;
use super::seal::DeskKey;
use super::slots::{Slot, Slots};
use super::{Opened, StoreError};
use crate::visit::VisitId;

/// Where the store stands once it has been read.
pub struct Stand {
    pub rows: Vec<Row>,
    pub tally: Tally,
    pub derived: Option<Derived>,
    pub reading: Reading,
    pub resume: Resume,
    pub rebuilt: bool,
    /// Slots of forgotten visits, whose keys may not be destroyed yet.
    pub forgotten: Vec<u32>,
}

impl Stand {
    /// What the desk is told.
    pub fn opened(&self, today: Date, zone: &TimeZone) -> Opened {
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
            torn: self.reading.torn,
            cut: self.reading.cut,
        }
    }

    /// The keys of the visits in memory.
    ///
    /// # Errors
    /// The keys' file cannot be read.
    pub fn known(&self, slots: &Slots) -> Result<HashMap<VisitId, Known>, StoreError> {
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
pub fn take_clean(
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
                forgotten: Vec::new(),
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
