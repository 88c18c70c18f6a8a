//! Lists of visits and tickets, for a command beside the kiosk. Visits are masked; tickets are whole, and are shown only
//! after the PIN. Nothing here changes the store.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::fold::{StoredVisit, Tally};
use super::location::Location;
use super::lock::StoreLock;
use super::notes::StoreNote;
use super::projection::Projection;
use super::reader::JournalReader;
use super::replay::ReplayedRecord;
use crate::visit::{Status, StepKind, TicketRow, Visit, VisitId};

/// A visit in a list: enough to find it, too little to identify the student.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRow {
    /// The pickup number of a parked visit, as it is read out; none where none was free.
    pub pickup: Option<String>,
    /// The student number, masked: `20****12`.
    pub student: Option<String>,
    /// The name, masked: 张*.
    pub name: Option<String>,
    /// The phone number, masked: `138****8000`.
    pub mobile: Option<String>,
    /// The last step that is done, `begun` where none is.
    pub stage: String,
    /// Whether that step rests on the student's word alone. An older running desk does not send it.
    #[serde(default)]
    pub by_word: bool,
    /// When the last fact happened.
    pub since: Timestamp,
    /// Whether it is open, parked or closed.
    pub status: RowStatus,
}

/// The status of a listed visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowStatus {
    /// A student stands at the desk.
    Open,
    /// It waits for the student to come back.
    Parked,
    /// It has ended.
    Closed,
}

impl From<&Visit> for VisitRow {
    fn from(visit: &Visit) -> Self {
        let (status, pickup) = match &visit.status {
            Status::Open => (RowStatus::Open, None),
            Status::Parked { pickup, .. } => {
                (RowStatus::Parked, pickup.map(|pickup| pickup.to_string()))
            }
            Status::Closed { .. } => (RowStatus::Closed, None),
        };
        let student = visit.owner();
        VisitRow {
            pickup,
            student: student.map(|student| student.number.masked()),
            name: student
                .map(|student| student.name.masked())
                .filter(|name| !name.is_empty()),
            mobile: visit.mobile.as_ref().map(|mobile| mobile.masked()),
            stage: stage(visit).to_owned(),
            by_word: is_by_word(visit),
            since: visit.touched,
            status,
        }
    }
}

/// Whether the last step done rests on the student's word alone. Agreeing to the notice does not count: only the student
/// can.
fn is_by_word(visit: &Visit) -> bool {
    let last = visit.steps_done().last();
    let is_told = |step: StepKind| step != StepKind::Notice && !visit.by_campus.contains(&step);
    !visit.seen_active && last.is_some_and(is_told)
}

fn stage(visit: &Visit) -> &'static str {
    match visit.steps_done().last() {
        None => "begun",
        Some(StepKind::Notice) => "notice",
        Some(StepKind::Identity) => "identity",
        Some(StepKind::Number) => "number",
        Some(StepKind::Follow) => "follow",
        Some(StepKind::Verify) => "verify",
        Some(StepKind::Cache) => "cache",
        Some(StepKind::CacheCheck) => "cache-check",
        Some(StepKind::SignOut) => "sign-out",
        Some(StepKind::Unbind) => "unbind",
        Some(StepKind::Hold) => "hold",
        Some(StepKind::GetApp) => "get-app",
        Some(StepKind::AppSignIn) => "app-sign-in",
        Some(StepKind::Activate) => "activate",
        Some(StepKind::Portal) => "portal",
        Some(StepKind::Wait) => "wait",
    }
}

/// The rows of these visits, the one touched last at the end. A visit that has ended and is kept for its ticket is listed
/// among the tickets, not here.
pub fn list_rows<'a>(visits: impl IntoIterator<Item = &'a Visit>) -> Vec<VisitRow> {
    let mut rows: Vec<VisitRow> = visits
        .into_iter()
        .filter(|visit| !visit.is_closed() || visit.is_over())
        .map(VisitRow::from)
        .collect();
    rows.sort_by_key(|row| row.since);
    rows
}

/// Lists open and parked visits while no kiosk runs.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn list_read_only(location: &Location, zone: &TimeZone) -> Result<Vec<VisitRow>, StoreError> {
    Ok(list_rows(&read_visits(
        location,
        zone,
        VisitFilter::Unfinished,
    )?))
}

/// Which visits to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitFilter {
    /// Visits that are open, parked, or have a ticket that is not solved.
    Unfinished,
    /// Visits with a ticket, solved or not.
    Tickets,
}

impl VisitFilter {
    fn includes(self, visit: &Visit) -> bool {
        match self {
            VisitFilter::Unfinished => !visit.is_over(),
            VisitFilter::Tickets => visit.ticket.is_some(),
        }
    }
}

/// Reads visits while no kiosk runs: from the projection after a clean close, otherwise from the journal. It creates no
/// store and changes no mark.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn read_visits(
    location: &Location,
    zone: &TimeZone,
    filter: VisitFilter,
) -> Result<Vec<Visit>, StoreError> {
    let Some(reader) = JournalReader::open(location, zone)? else {
        return Ok(Vec::new());
    };
    // One program at a time may open sled: without the lock the journal is read instead.
    if reader.store.clean.is_some()
        && let Ok(_lock) = StoreLock::take(&reader.store.paths.lock, Duration::ZERO)
        && let Some(rows) = read_projection(&reader, zone, filter)
    {
        return Ok(rows);
    }
    read_journal(&reader, filter)
}

fn read_projection(
    reader: &JournalReader,
    zone: &TimeZone,
    filter: VisitFilter,
) -> Option<Vec<Visit>> {
    let (store, visit_keys) = (&reader.store, reader.visit_keys.as_ref()?);
    let clean = store.clean.as_ref()?;
    let dir = store.paths.projections.join(&clean.projection);
    let projection = Projection::open(&dir, &store.desk).ok()?;
    let mut tally = Tally::new(zone.clone(), store.note_keys.limit_keys());
    let loaded = projection
        .load(visit_keys, clean.limits_from, &mut tally)
        .ok()?;
    if loaded.digest != clean.digest {
        return None;
    }
    let rows = match filter {
        VisitFilter::Unfinished => loaded.rows,
        VisitFilter::Tickets => projection.tickets(visit_keys).ok()?,
    };
    Some(rows.into_iter().map(|row| row.visit).collect())
}

fn read_journal(reader: &JournalReader, filter: VisitFilter) -> Result<Vec<Visit>, StoreError> {
    let mut rows: HashMap<VisitId, StoredVisit> = HashMap::new();
    reader.read(None, &mut |replayed, _| match replayed {
        ReplayedRecord::Facts { slot, ref facts }
        | ReplayedRecord::Carried {
            slot, ref facts, ..
        } => {
            if let (ReplayedRecord::Carried { part: 0, .. }, Some(first)) =
                (&replayed, facts.first())
            {
                rows.remove(&first.visit);
            }
            for recorded in facts {
                let row = rows.remove(&recorded.visit);
                rows.insert(recorded.visit, StoredVisit::fold(row, slot, recorded));
            }
            if let Some(last) = facts.last()
                && rows
                    .get(&last.visit)
                    .is_some_and(|row| row.visit.is_over() && !filter.includes(&row.visit))
            {
                rows.remove(&last.visit);
            }
        }
        ReplayedRecord::Note(StoreNote::Forgotten { visit, .. }) => {
            rows.remove(&visit);
        }
        ReplayedRecord::Note(
            StoreNote::Viewed { .. }
            | StoreNote::HandedOver { .. }
            | StoreNote::Confirmed { .. }
            | StoreNote::Counted { .. }
            | StoreNote::Dropped { .. },
        ) => {}
    })?;
    let visits = rows.into_values().map(|row| row.visit);
    Ok(visits.filter(|visit| filter.includes(visit)).collect())
}

/// The rows of the visits with a ticket, the oldest ticket first.
pub fn ticket_rows<'a>(visits: impl IntoIterator<Item = &'a Visit>) -> Vec<TicketRow> {
    let mut rows: Vec<TicketRow> = visits.into_iter().filter_map(TicketRow::of).collect();
    sort_tickets(&mut rows);
    rows
}

/// Sorts tickets, the oldest first.
pub fn sort_tickets(rows: &mut [TicketRow]) {
    rows.sort_by(|a, b| {
        let key = |row: &TicketRow| (row.ticket.opened, row.ticket.number);
        key(a).cmp(&key(b))
    });
}

/// Reads all tickets, solved ones too, while no kiosk runs.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn tickets_read_only(
    location: &Location,
    zone: &TimeZone,
) -> Result<Vec<TicketRow>, StoreError> {
    Ok(ticket_rows(&read_visits(
        location,
        zone,
        VisitFilter::Tickets,
    )?))
}
