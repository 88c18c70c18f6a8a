//! When a slip is printed: by itself where a visit was parked in front of its student, and by a key.

use super::desk::Desk;
use super::serving::Serving;
use crate::desk::printing::{SlipOf, lines};
use crate::desk::state::Hand;
use crate::screen::PrinterNow;
use crate::text::Text;
use crate::visit::{ParkedFor, Status, TicketRow, VisitId};

impl Serving {
    /// Prints the number of the visit that was just parked, once. Nobody stands there where the student went away: that
    /// slip would lie about.
    pub fn print_new(&mut self, desk: &mut Desk) {
        let Hand::JustParked(id) = desk.state.hand else {
            desk.state.slip_of = None;
            return;
        };
        let status = self.visits.get(id).map(|visit| &visit.status);
        let is_new = desk.state.slip_of != Some(id);
        if let Some(Status::Parked { pickup, why, .. }) = status
            && *why != ParkedFor::Idle
            && pickup.is_some()
            && is_new
        {
            self.print(desk, id);
        }
    }

    /// Prints it once more.
    pub fn print_again(&mut self, desk: &mut Desk) {
        if let Hand::JustParked(id) = desk.state.hand {
            self.print(desk, id);
        }
    }

    /// Prints the ticket that a volunteer looks at.
    pub fn print_ticket(&mut self, desk: &mut Desk, visit: VisitId) {
        self.print(desk, visit);
    }

    fn print(&mut self, desk: &mut Desk, id: VisitId) {
        let (Some(printing), Some(visit)) = (&self.printing, self.visits.get(id)) else {
            return;
        };
        desk.state.slip_of = Some(id);
        desk.changed = true;
        let pickup = match &visit.status {
            Status::Parked { pickup, .. } => *pickup,
            Status::Open | Status::Closed { .. } => None,
        };
        let ticket = TicketRow::of(visit);
        let of = SlipOf {
            desk: desk.state.number,
            pickup,
            ticket: ticket.as_ref(),
            now: desk.state.now().wall,
            is_practice: desk.state.practice.is_some(),
        };
        let slip = lines(&of, &self.pack, &Text::new(desk.state.lang), &self.zone);
        desk.state.printer = Some(if printing.print(slip) {
            PrinterNow::Printing
        } else {
            PrinterNow::Busy
        });
    }
}
