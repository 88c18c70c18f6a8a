//! Tickets: opened where nothing helps, noted by a volunteer, also when the visit has ended.

use jiff::Timestamp;

use super::Turn;
use crate::visit::{
    Fact, FreeText, ParkedFor, Place, Status, StepKind, Ticket, TicketContact, TicketNumber,
    TicketState, route,
};

impl Turn<'_> {
    /// Opens a ticket and parks the visit, so that it goes on later and the desk is free for the next; one that waits
    /// already goes on waiting under its pickup number. A visit has one ticket: what is said later is noted there, and a
    /// solved one is open again. Where no number is free nothing happens: the screen says so.
    pub(super) fn open_ticket(&mut self, reason: FreeText, contact: TicketContact) {
        let is_open = self.visit.is_open();
        if !is_open && !matches!(self.visit.status, Status::Parked { .. }) {
            return;
        }
        self.note_reason(reason);
        self.note_contact(contact);
        if is_open && self.visit.ticket.is_some() {
            self.park(ParkedFor::Ticket);
        }
    }

    /// Notes who the ticket is about, where that says something new.
    fn note_contact(&mut self, contact: TicketContact) {
        let Some(ticket) = self.visit.ticket.as_ref().filter(|_| !contact.is_empty()) else {
            return;
        };
        let contact = contact.over(&ticket.contact);
        if contact != ticket.contact {
            self.fact(Fact::TicketContactGiven { contact });
        }
    }

    /// Opens the visit's ticket, or says it there once more. Where the visit waits, the ticket has its pickup number.
    pub(super) fn note_reason(&mut self, reason: FreeText) {
        let pickup = match self.visit.status {
            Status::Parked { pickup, .. } => pickup,
            Status::Open | Status::Closed { .. } => None,
        };
        match self.visit.ticket.as_ref().map(Ticket::is_pending) {
            None => {
                let Some(pickup) = pickup.or_else(|| self.number_to_bring()) else {
                    return;
                };
                let step = self.would_stand_at();
                let route = route::situation(&self.visit, self.context.rules);
                self.fact(Fact::TicketOpened {
                    number: TicketNumber::of(pickup),
                    reason,
                    route: route.map(str::to_owned),
                    step,
                });
            }
            Some(is_pending) => {
                self.note_ticket(None, FreeText::default(), reason, None);
                if !is_pending {
                    self.fact(Fact::TicketChanged {
                        state: TicketState::Open,
                        by: FreeText::default(),
                    });
                }
            }
        }
    }

    /// The step where the visit stands, or will when it is resumed.
    fn would_stand_at(&self) -> Option<StepKind> {
        let (rules, reach) = (self.context.rules, self.context.reach);
        let place = route::place_when_taken_up(&self.visit, rules, reach);
        if let Place::Step { step, .. } = place {
            Some(step)
        } else {
            None
        }
    }

    /// Notes a call and what was answered, and whether that changes the ticket's state. A ticket takes so many notes; its
    /// state can still be changed.
    pub(super) fn note_ticket(
        &mut self,
        called_at: Option<Timestamp>,
        by: FreeText,
        answer: FreeText,
        state: Option<TicketState>,
    ) {
        let Some(ticket) = &self.visit.ticket else {
            return;
        };
        let changes = state.filter(|state| *state != ticket.state);
        let says_something = called_at.is_some() || !answer.is_empty();
        if says_something && !ticket.is_full() {
            self.fact(Fact::TicketNoted {
                called_at,
                by: by.clone(),
                answer,
            });
        }
        if let Some(state) = changes {
            self.fact(Fact::TicketChanged { state, by });
        }
    }
}
