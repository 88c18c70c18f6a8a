//! The state of a store that has been read: from the projection after a clean close, or, in `rebuild`, from the journal.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::error::StoreError;
use super::fold::{StoredVisit, Tally};
use super::journal::Resume;
use super::location::StorePaths;
use super::marks::CleanMark;
use super::projection::Projection;
use super::replay::ReplaySummary;
use super::seal::DeskKey;
use super::visit_keys::{SlotContent, VisitKeys};
use super::writer::OpenVisitKey;
use crate::visit::{Counts, LimitKeys, Limits, Visit, VisitId};

/// What opening a store found.
#[derive(Debug, Default)]
pub struct Opened {
    /// Open and parked visits, the one touched last at the end; closed ones are not loaded.
    pub visits: Vec<Visit>,
    /// What was counted of numbers and accounts.
    pub limits: Limits,
    /// Today's counts, by the local date given at opening.
    pub counts: Counts,
    /// Whether the projection had to be rebuilt from the journal.
    pub rebuilt: bool,
    /// Records that could not be read, for the volunteer and the log.
    pub damaged: usize,
    /// The journal ends with something that was never acknowledged: nothing is lost.
    pub torn: bool,
    /// The journal ends before what was acknowledged: it was cut. What it lacks is counted in `damaged`, and the old
    /// projection is kept beside the new one as a witness.
    pub cut: bool,
    /// The mark of how far the journal was acknowledged is gone: whether it was cut cannot be told.
    pub is_mark_lost: bool,
}

/// The state of a store once it has been read.
pub struct LoadedState {
    /// The visits that are open, parked, or have a ticket that is not solved.
    pub rows: Vec<StoredVisit>,
    /// Limits and counts.
    pub tally: Tally,
    /// sled; `None` where it could not be built.
    pub projection: Option<Projection>,
    /// How reading the journal went.
    pub summary: ReplaySummary,
    /// Where the journal goes on.
    pub resume: Resume,
    /// Whether the projection was rebuilt.
    pub rebuilt: bool,
    /// Key slots of forgotten visits, whose keys may not be destroyed yet.
    pub forgotten: Vec<u32>,
}

impl LoadedState {
    /// What the desk needs of it.
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
            damaged: self.summary.damaged,
            torn: self.summary.torn,
            cut: self.summary.cut,
            is_mark_lost: false,
        }
    }

    /// When the newest record was made, as far as it is known without reading the journal: the newest fact of a visit that
    /// is loaded, or the newest day that has counts.
    pub fn newest(&self, zone: &TimeZone) -> Option<Timestamp> {
        let touched = self.rows.iter().map(|row| row.visit.touched).max();
        let day = self.tally.days.keys().next_back();
        let began = day.and_then(|day| day.to_zoned(zone.clone()).ok());
        touched.max(began.map(|began| began.timestamp()))
    }

    /// The keys of the visits that are loaded.
    ///
    /// # Errors
    /// The file of the visits' keys cannot be read.
    pub fn open_keys(
        &self,
        visit_keys: &VisitKeys,
    ) -> Result<HashMap<VisitId, OpenVisitKey>, StoreError> {
        let mut open_keys = HashMap::new();
        for row in &self.rows {
            let read = visit_keys
                .read(row.slot)
                .map_err(|e| StoreError::at(visit_keys.path(), e))?;
            if let SlotContent::Key(key) = read {
                let slot = row.slot;
                open_keys.insert(row.visit.id, OpenVisitKey { slot, key });
            }
        }
        Ok(open_keys)
    }
}

/// Loads the projection as it was closed; `None`, logged, where it does not open or its digest differs.
pub fn load_clean(
    paths: &StorePaths,
    desk: &DeskKey,
    visit_keys: &VisitKeys,
    clean: &CleanMark,
    limits_from: u32,
    zone: &TimeZone,
    limit_keys: LimitKeys,
) -> Option<LoadedState> {
    let dir = paths.projections.join(&clean.projection);
    let mut tally = Tally::new(zone.clone(), limit_keys);
    let loaded = Projection::open(&dir, desk).and_then(|projection| {
        let loaded = projection.load(visit_keys, clean.limits_from, &mut tally)?;
        Ok((projection, loaded))
    });
    match loaded {
        Ok((projection, loaded)) if loaded.digest == clean.digest => {
            tally.limits.retain(|_, row| row.hour >= limits_from);
            Some(LoadedState {
                rows: loaded.rows,
                tally,
                projection: Some(projection),
                summary: ReplaySummary {
                    next_slot: clean.next_slot,
                    ..ReplaySummary::default()
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
