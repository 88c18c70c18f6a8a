//! The CAS tickets that the unified identity has issued. They live in memory and a restart ends them, as on a real
//! server. Their number is bounded. Nothing here speaks HTTP.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::hex::random_hex;

/// An account is throttled after this many failures within the window.
const THROTTLE_AFTER: usize = 5;
const THROTTLE_WINDOW: Duration = Duration::from_secs(60);
const MOST_TICKETS: usize = 256;
const MOST_THROTTLED: usize = 256;
const SERVICE_TICKET_LIFE: Duration = Duration::from_secs(60);
const GRANTING_TICKET_LIFE: Duration = Duration::from_secs(2 * 3600);

/// CasTickets given out, and recent failures. Old ones go when there are too many.
#[derive(Default)]
pub struct CasTickets {
    granting: VecDeque<GrantingTicket>,
    service: VecDeque<ServiceTicket>,
    failures: BTreeMap<String, Vec<Instant>>,
}

struct GrantingTicket {
    id: String,
    user: String,
    at: Instant,
}

/// A service ticket: whose it is, and for which service.
pub struct ServiceTicket {
    id: String,
    /// The account that signed in.
    pub user: String,
    /// The service for which the ticket was issued.
    pub service: String,
    at: Instant,
}

impl CasTickets {
    /// Issues a ticket-granting ticket for the account that signed in.
    pub fn grant(&mut self, user: String) -> String {
        let id = format!("TGT-{}-practice", random_hex(24));
        self.granting.truncate(MOST_TICKETS - 1);
        let at = Instant::now();
        self.granting.push_front(GrantingTicket {
            id: id.clone(),
            user,
            at,
        });
        id
    }

    /// Issues a service ticket. `None` when the ticket-granting ticket is unknown or has expired.
    pub fn issue(&mut self, tgt: &str, service: String) -> Option<String> {
        self.granting
            .retain(|ticket| ticket.at.elapsed() < GRANTING_TICKET_LIFE);
        let user = self.granting.iter().find(|t| t.id == tgt)?.user.clone();
        let id = format!("ST-{}-practice", random_hex(16));
        self.service.truncate(MOST_TICKETS - 1);
        let at = Instant::now();
        self.service.push_front(ServiceTicket {
            id: id.clone(),
            user,
            service,
            at,
        });
        Some(id)
    }

    /// Removes and returns a service ticket: it is valid for one validation, whatever the result. `None` when it is unknown
    /// or has expired.
    pub fn take(&mut self, ticket: &str) -> Option<ServiceTicket> {
        let place = self.service.iter().position(|t| t.id == ticket)?;
        self.service
            .remove(place)
            .filter(|ticket| ticket.at.elapsed() < SERVICE_TICKET_LIFE)
    }

    /// Whether this account failed so often recently that its password is not checked.
    pub fn is_throttled(&mut self, user: &str) -> bool {
        for moments in self.failures.values_mut() {
            moments.retain(|at| at.elapsed() < THROTTLE_WINDOW);
        }
        self.failures.retain(|_, moments| !moments.is_empty());
        self.failures
            .get(user)
            .is_some_and(|moments| moments.len() >= THROTTLE_AFTER)
    }

    /// Counts a failed sign-in of this account.
    pub fn record_failure(&mut self, user: String) {
        if self.failures.len() < MOST_THROTTLED || self.failures.contains_key(&user) {
            self.failures.entry(user).or_default().push(Instant::now());
        }
    }

    /// Ends a ticket-granting ticket.
    pub fn end(&mut self, tgt: &str) {
        self.granting.retain(|ticket| ticket.id != tgt);
    }
}
