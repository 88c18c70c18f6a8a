//! What a list of visits shows of each: masked, for the command beside the kiosk. Nothing here changes the store.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::derived::Derived;
use super::fold::{Row, Tally};
use super::lock::Lock;
use super::look::{Found, look};
use super::notes::Note;
use super::paths::Paths;
use super::replay::{Replay, Turn};
use super::seal::KeyPlace;
use super::slots::Slots;
use super::{Location, StoreError};
use crate::visit::{Status, StepKind, Visit, VisitId};

/// A visit as a list shows it: enough to find it, not enough to know who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRow {
    pub pickup: Option<String>,
    /// `20****12`
    pub student: Option<String>,
    /// 张*
    pub name: Option<String>,
    /// `138****8000`
    pub mobile: Option<String>,
    /// The step done last: `begun`, `notice`, `identity`, `number`, `follow` or `verify`.
    pub stage: String,
    /// When something last happened.
    pub since: Timestamp,
    pub status: RowStatus,
}

/// Whether a listed visit is in hand, waits, or has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowStatus {
    Open,
    Parked,
    Closed,
}

impl From<&Visit> for VisitRow {
    fn from(visit: &Visit) -> Self {
        let (status, pickup) = match &visit.status {
            Status::Open => (RowStatus::Open, None),
            Status::Parked { pickup, .. } => (RowStatus::Parked, Some(pickup.to_string())),
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
            since: visit.touched,
            status,
        }
    }
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

/// The rows of these visits, the one touched last at the end. One that has ended and is kept for its ticket alone is
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

/// Lists open and parked visits when no kiosk answers.
///
/// # Errors
/// As [`read_only`].
pub fn list_read_only(location: &Location, zone: &TimeZone) -> Result<Vec<VisitRow>, StoreError> {
    Ok(list_rows(&read_only(location, zone, Kept::Unfinished)?))
}

/// Which visits are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What is open or parked or has a ticket that is not solved.
    Unfinished,
    /// What has a ticket, solved or not.
    Tickets,
}

impl Kept {
    fn keeps(self, visit: &Visit) -> bool {
        match self {
            Kept::Unfinished => !visit.is_over(),
            Kept::Tickets => visit.ticket.is_some(),
        }
    }
}

/// Reads visits when no kiosk answers: from sled after a clean close, else from the journal. It makes no store where
/// there is none, and leaves every mark as it is.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn read_only(
    location: &Location,
    zone: &TimeZone,
    kept: Kept,
) -> Result<Vec<Visit>, StoreError> {
    let paths = Paths::new(&location.dir);
    match std::fs::metadata(&paths.dir) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(StoreError::at(&paths.dir, e)),
        Ok(_) => {}
    }
    let place = KeyPlace::find(location);
    let Some(found) = look(&paths, &place, zone)? else {
        return Ok(Vec::new());
    };
    let paths = &found.paths;
    // sled is opened by one program at a time: without the lock the journal is read instead.
    if found.clean.is_some()
        && let Ok(_lock) = Lock::take(&paths.lock, Duration::ZERO)
        && let Some(rows) = from_sled(paths, &found, zone, kept)
    {
        return Ok(rows);
    }
    from_journal(paths, &found, kept)
}

fn open_slots(paths: &Paths, found: &Found) -> Result<Slots, StoreError> {
    Slots::open_read_only(&paths.slots, found.desk.derive("visit keys"))
}

fn from_sled(paths: &Paths, found: &Found, zone: &TimeZone, kept: Kept) -> Option<Vec<Visit>> {
    let clean = found.clean.as_ref()?;
    let slots = open_slots(paths, found).ok()?;
    let derived = Derived::open(&paths.derived.join(&clean.derived), &found.desk).ok()?;
    let mut tally = Tally::new(zone.clone());
    let loaded = derived.load(&slots, clean.limits_from, &mut tally).ok()?;
    if loaded.digest != clean.digest {
        return None;
    }
    let rows = match kept {
        Kept::Unfinished => loaded.rows,
        Kept::Tickets => derived.tickets(&slots).ok()?,
    };
    Some(rows.into_iter().map(|row| row.visit).collect())
}

fn from_journal(paths: &Paths, found: &Found, kept: Kept) -> Result<Vec<Visit>, StoreError> {
    if !paths.slots.exists() {
        return Ok(Vec::new());
    }
    let slots = open_slots(paths, found)?;
    let mut rows: HashMap<VisitId, Row> = HashMap::new();
    Replay {
        segments: &found.segments,
        slots: &slots,
        notes: &found.notes,
        high: found.high,
        only: None,
    }
    .run(&mut |turn, _| match turn {
        Turn::Facts { slot, ref facts }
        | Turn::Carried {
            slot, ref facts, ..
        } => {
            if let (Turn::Carried { part: 0, .. }, Some(first)) = (&turn, facts.first()) {
                rows.remove(&first.visit);
            }
            for recorded in facts {
                let row = rows.remove(&recorded.visit);
                rows.insert(recorded.visit, Row::fold(row, slot, recorded));
            }
            if let Some(last) = facts.last()
                && rows
                    .get(&last.visit)
                    .is_some_and(|row| row.visit.is_over() && !kept.keeps(&row.visit))
            {
                rows.remove(&last.visit);
            }
        }
        Turn::Note(Note::Forgotten { visit, .. }) => {
            rows.remove(&visit);
        }
        Turn::Note(_) => {}
    })?;
    let visits = rows.into_values().map(|row| row.visit);
    Ok(visits.filter(|visit| kept.keeps(visit)).collect())
}
