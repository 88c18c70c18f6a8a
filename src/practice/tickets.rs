//! The tickets that the unified identity gave out. They live in memory and a restart ends them, as it may there; their
//! number is bounded. Nothing here speaks HTTP.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::hex::random_hex;

/// This many refusals of one account within the window throttle it.
const THROTTLE_AFTER: usize = 5;
const THROTTLE_WINDOW: Duration = Duration::from_secs(60);
const MOST_TICKETS: usize = 256;
const MOST_THROTTLED: usize = 256;
const SERVICE_TICKET_LIFE: Duration = Duration::from_secs(60);
const GRANTING_TICKET_LIFE: Duration = Duration::from_secs(2 * 3600);

/// Tickets given out, and who failed lately. Old ones go when there are too many.
#[derive(Default)]
pub struct Tickets {
    granting: VecDeque<Granting>,
    service: VecDeque<Service>,
    failures: BTreeMap<String, Vec<Instant>>,
}

struct Granting {
    id: String,
    user: String,
    at: Instant,
}

/// A service ticket: whose it is, and for which service.
pub struct Service {
    id: String,
    pub user: String,
    pub service: String,
    at: Instant,
}

impl Tickets {
    /// A ticket-granting ticket for whoever signed in.
    pub fn grant(&mut self, user: String) -> String {
        let id = format!("TGT-{}-practice", random_hex(24));
        self.granting.truncate(MOST_TICKETS - 1);
        let at = Instant::now();
        self.granting.push_front(Granting {
            id: id.clone(),
            user,
            at,
        });
        id
    }

    /// A service ticket; `None` for a ticket-granting ticket that is not known, or over.
    pub fn issue(&mut self, tgt: &str, service: String) -> Option<String> {
        self.granting
            .retain(|ticket| ticket.at.elapsed() < GRANTING_TICKET_LIFE);
        let user = self.granting.iter().find(|t| t.id == tgt)?.user.clone();
        let id = format!("ST-{}-practice", random_hex(16));
        self.service.truncate(MOST_TICKETS - 1);
        let at = Instant::now();
        self.service.push_front(Service {
            id: id.clone(),
            user,
            service,
            at,
        });
        Some(id)
    }

    /// Takes a service ticket out: it is good for one validation, whatever that says.
    pub fn take(&mut self, ticket: &str) -> Option<Service> {
        let place = self.service.iter().position(|t| t.id == ticket)?;
        self.service
            .remove(place)
            .filter(|ticket| ticket.at.elapsed() < SERVICE_TICKET_LIFE)
    }

    /// Whether this account failed so often lately that it is not even tried.
    pub fn is_throttled(&mut self, user: &str) -> bool {
        for moments in self.failures.values_mut() {
            moments.retain(|at| at.elapsed() < THROTTLE_WINDOW);
        }
        self.failures.retain(|_, moments| !moments.is_empty());
        self.failures
            .get(user)
            .is_some_and(|moments| moments.len() >= THROTTLE_AFTER)
    }

    pub fn note_failure(&mut self, user: String) {
        if self.failures.len() < MOST_THROTTLED || self.failures.contains_key(&user) {
            self.failures.entry(user).or_default().push(Instant::now());
        }
    }

    /// Ends a ticket-granting ticket.
    pub fn end(&mut self, tgt: &str) {
        self.granting.retain(|ticket| ticket.id != tgt);
    }
}
