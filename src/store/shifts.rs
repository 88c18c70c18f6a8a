//! Who did what: what volunteers had done with PINs of their own, read from the journal. Nothing here changes the store.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::StoreError;
use super::inspect::inspect;
use super::location::{Location, StorePaths};
use super::notes::{Handover, StoreNote, UnmaskedView};
use super::replay::{Replay, ReplayedRecord};
use super::seal::KeyPlace;
use super::visit_keys::VisitKeys;
use crate::visit::report::ReportDays;
use crate::visit::{Fact, Recorded, VisitId, VolunteerName};

/// Something that a volunteer did.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftEntry {
    /// When.
    pub at: Timestamp,
    /// Who, where the PIN was their own.
    pub by: Option<VolunteerName>,
    /// What it was.
    pub what: ShiftEvent,
}

/// What a volunteer did.
#[derive(Clone, Debug, PartialEq)]
pub enum ShiftEvent {
    /// A fact of a visit, by what was done with the panel.
    Fact(VisitId, Box<Fact>),
    /// Personal data was seen unmasked: of one visit, or all that the view shows.
    Viewed(UnmaskedView, Option<VisitId>),
    /// The desk was taken over.
    HandedOver(Handover),
}

/// Reads what volunteers did in these days, the oldest first; of a store that does not exist, nothing.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn shifts(
    location: &Location,
    zone: &TimeZone,
    days: &ReportDays,
) -> Result<Vec<ShiftEntry>, StoreError> {
    let mut entries = Vec::new();
    let paths = StorePaths::new(&location.dir);
    if !paths.dir.exists() {
        return Ok(entries);
    }
    if let Some(inspected) = inspect(&paths, &KeyPlace::find(location), zone)?
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
        .run(&mut |replayed, _| take(&mut entries, replayed, days))?;
    }
    // What was carried forward stands later in the journal than it happened.
    entries.sort_by_key(|entry| entry.at);
    Ok(entries)
}

fn take(entries: &mut Vec<ShiftEntry>, replayed: ReplayedRecord, days: &ReportDays) {
    match replayed {
        ReplayedRecord::Carried { part, facts, .. } => {
            if let Some(first) = facts.first().filter(|_| part == 0) {
                // All facts of the visit come again.
                forget(entries, first.visit);
            }
            facts.into_iter().for_each(|fact| add(entries, fact, days));
        }
        ReplayedRecord::Facts { facts, .. } => {
            facts.into_iter().for_each(|fact| add(entries, fact, days));
        }
        ReplayedRecord::Note(note) => match note {
            StoreNote::Viewed {
                at,
                view,
                visit,
                by,
            } => {
                if days.has(at) {
                    let what = ShiftEvent::Viewed(view, visit);
                    entries.push(ShiftEntry { at, by, what });
                }
            }
            StoreNote::HandedOver { at, handover } => {
                if days.has(at) {
                    let by = handover.to.clone();
                    let what = ShiftEvent::HandedOver(handover);
                    entries.push(ShiftEntry { at, by, what });
                }
            }
            StoreNote::Forgotten { visit, .. } => forget(entries, visit),
            StoreNote::Counted { .. } | StoreNote::Dropped { .. } => {}
        },
    }
}

fn add(entries: &mut Vec<ShiftEntry>, recorded: Recorded, days: &ReportDays) {
    let Recorded {
        visit,
        at,
        fact,
        by,
    } = recorded;
    if by.is_some() && days.has(at) {
        let what = ShiftEvent::Fact(visit, Box::new(fact));
        entries.push(ShiftEntry { at, by, what });
    }
}

fn forget(entries: &mut Vec<ShiftEntry>, gone: VisitId) {
    let is_its = |what: &ShiftEvent| matches!(what, ShiftEvent::Fact(visit, _) if *visit == gone);
    entries.retain(|entry| !is_its(&entry.what));
}
