//! Tickets as a list takes them from the store: whole, so only for whoever gave the PIN. Nothing here changes anything.

use jiff::tz::TimeZone;

use super::list::{Kept, read_only};
use super::{Location, StoreError};
use crate::visit::{TicketRow, Visit};

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
