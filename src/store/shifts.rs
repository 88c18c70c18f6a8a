//! Who did what: what volunteers had done with PINs of their own, read from the journal. Nothing here changes the store.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::StoreError;
use super::location::Location;
use super::notes::{Confirmation, Handover, StoreNote, UnmaskedView};
use super::reader::JournalReader;
use super::replay::ReplayedRecord;
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
    /// What the store doubted was confirmed.
    Confirmed(Confirmation),
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
    if let Some(reader) = JournalReader::open(location, zone)? {
        reader.read(None, &mut |replayed, _| take(&mut entries, replayed, days))?;
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
            StoreNote::Confirmed { at, what, by } => {
                if days.has(at) {
                    let what = ShiftEvent::Confirmed(what);
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
