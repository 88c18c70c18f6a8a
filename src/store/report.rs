//! The report of some days, read from the journal. A desk that is running may write on meanwhile; nothing here changes the
//! store.

use jiff::tz::TimeZone;

use super::error::StoreError;
use super::inspect::inspect;
use super::location::{Location, StorePaths};
use super::notes::StoreNote;
use super::replay::{Replay, ReplayedRecord};
use super::seal::KeyPlace;
use super::visit_keys::VisitKeys;
use crate::visit::report::{DayReport, ReportDays, ReportFold, ReportedVisit};
use crate::visit::{StepKind, Visit};

/// A report, and the visits that it is of.
pub struct ReadReport {
    /// The numbers. They name no person.
    pub report: DayReport,
    /// The visits, where they were asked for. They name persons.
    pub visits: Vec<ReportedVisit>,
}

/// Reads the report of these days; of a store that does not exist, an empty one. `step` says at which step an open visit
/// stands. The visits are listed where `with_visits` says so.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn read_report(
    location: &Location,
    zone: &TimeZone,
    days: ReportDays,
    step: &dyn Fn(&Visit) -> Option<StepKind>,
    with_visits: bool,
) -> Result<ReadReport, StoreError> {
    let mut fold = ReportFold::new(days, step);
    let paths = StorePaths::new(&location.dir);
    let is_there = paths.dir.exists();
    if let Some(inspected) = is_there
        .then(|| inspect(&paths, &KeyPlace::find(location), zone))
        .transpose()?
        .flatten()
        && inspected.paths.visit_keys.exists()
    {
        let visit_keys = VisitKeys::open_read_only(
            &inspected.paths.visit_keys,
            inspected.desk.derive("visit keys"),
        )?;
        Replay {
            segments: &inspected.segments,
            visit_keys: &visit_keys,
            note_keys: &inspected.note_keys,
            high: None,
            only: None,
        }
        .run(&mut |replayed, _| take(&mut fold, replayed))?;
    }
    let visits = if with_visits {
        fold.visits()
    } else {
        Vec::new()
    };
    Ok(ReadReport {
        report: fold.finish(),
        visits,
    })
}

fn take(fold: &mut ReportFold<'_>, replayed: ReplayedRecord) {
    if let ReplayedRecord::Carried { part: 0, facts, .. } = &replayed
        && let Some(first) = facts.first()
    {
        fold.read_again(first.visit);
    }
    match replayed {
        ReplayedRecord::Facts { facts, .. } | ReplayedRecord::Carried { facts, .. } => {
            facts.iter().for_each(|recorded| fold.take(recorded));
        }
        ReplayedRecord::Note(StoreNote::Counted { days, .. }) => fold.restore(days),
        ReplayedRecord::Note(StoreNote::Forgotten { visit, .. }) => fold.read_again(visit),
        ReplayedRecord::Note(
            StoreNote::Viewed { .. } | StoreNote::HandedOver { .. } | StoreNote::Dropped { .. },
        ) => {}
    }
}
