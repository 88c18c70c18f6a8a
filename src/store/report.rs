//! The report of some days, read from the journal. A desk that is running may write on meanwhile; nothing here changes the
//! store.

use jiff::tz::TimeZone;

use super::error::StoreError;
use super::location::Location;
use super::notes::StoreNote;
use super::reader::JournalReader;
use super::replay::ReplayedRecord;
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
    if let Some(reader) = JournalReader::open(location, zone)? {
        reader.read(None, &mut |replayed, _| take(&mut fold, replayed))?;
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
            StoreNote::Viewed { .. }
            | StoreNote::HandedOver { .. }
            | StoreNote::Confirmed { .. }
            | StoreNote::Dropped { .. },
        ) => {}
    }
}
