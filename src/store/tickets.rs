//! Tickets as a list takes them from the store: whole, so only for whoever gave the PIN. Nothing here changes anything.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::list::{Kept, read_only};
use super::{Location, StoreError};
use crate::visit::{Mobile, Pickup, Status, Student, StudentNumber, Ticket, Visit};

/// A ticket and what its visit knows by now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketRow {
    pub ticket: Ticket,
    /// Under which the visit is taken up again, while it waits.
    pub pickup: Option<Pickup>,
    pub student: Option<Student>,
    pub mobile: Option<Mobile>,
}

impl TicketRow {
    /// The row of a visit that has a ticket.
    pub fn of(visit: &Visit) -> Option<Self> {
        let ticket = visit.ticket.clone()?;
        let pickup = match &visit.status {
            Status::Parked { pickup, .. } => Some(pickup.clone()),
            Status::Open | Status::Closed { .. } => None,
        };
        Some(TicketRow {
            pickup,
            student: visit.student.clone().or_else(|| ticket.student.clone()),
            mobile: visit.mobile.clone().or_else(|| ticket.mobile.clone()),
            ticket,
        })
    }

    /// The student's number, where it is proved or was at least tried.
    pub fn student_number(&self) -> Option<&StudentNumber> {
        let proved = self.student.as_ref().map(|student| &student.number);
        proved.or(self.ticket.tried_as.as_ref())
    }
}

/// The rows of those visits that have a ticket, the oldest ticket first.
pub fn ticket_rows<'a>(visits: impl IntoIterator<Item = &'a Visit>) -> Vec<TicketRow> {
    let mut rows: Vec<TicketRow> = visits.into_iter().filter_map(TicketRow::of).collect();
    sort_tickets(&mut rows);
    rows
}

/// The oldest first.
pub fn sort_tickets(rows: &mut [TicketRow]) {
    rows.sort_by(|a, b| {
        let key = |row: &TicketRow| (row.ticket.opened, row.ticket.number.clone());
        key(a).cmp(&key(b))
    });
}

/// All tickets, solved ones too, when no kiosk answers.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn tickets_read_only(
    location: &Location,
    zone: &TimeZone,
) -> Result<Vec<TicketRow>, StoreError> {
    Ok(ticket_rows(&read_only(location, zone, Kept::Tickets)?))
}
