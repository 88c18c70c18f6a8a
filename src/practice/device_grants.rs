//! OAuth device grants in flight (RFC 8628). They live in memory and a restart ends them. Their number is bounded.
//! Nothing here speaks HTTP.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::hex::random_hex;

const MOST_GRANTS: usize = 64;
/// A poll that comes too soon lengthens the interval by this, permanently (RFC 8628 3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// The letters of user codes: no vowels, and nothing that can be misread (RFC 8628 6.1).
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The grants, the newest first.
#[derive(Default)]
pub struct DeviceGrants(VecDeque<PracticeGrant>);

struct PracticeGrant {
    device_code: String,
    user_code: String,
    until: Instant,
    interval: Duration,
    polled: Option<Instant>,
    state: GrantDecision,
}

enum GrantDecision {
    Pending,
    Approved(String),
    Denied,
}

/// The codes of a new grant.
pub struct NewGrant {
    /// The code that the desk polls with.
    pub device_code: String,
    /// The code that the student sees.
    pub user_code: String,
}

/// The result of a poll (RFC 8628 3.5).
pub enum GrantPoll {
    /// The student has not decided yet.
    Pending,
    /// The poll came before the interval was over.
    SlowDown,
    /// The student denied it.
    Denied,
    /// Unknown, or older than its lifetime.
    Expired,
    /// The student number of the account that approved it.
    Granted(String),
}

impl DeviceGrants {
    /// Begins a grant; `life` and `interval` are in seconds. The oldest grant is dropped when there are too many.
    pub fn begin(&mut self, life: u64, interval: u64) -> NewGrant {
        let random = random_hex(8);
        let letters = random.as_bytes().chunks(2).map(|pair| {
            let byte = std::str::from_utf8(pair).ok();
            let byte = byte.and_then(|hex| usize::from_str_radix(hex, 16).ok());
            char::from(LETTERS[byte.unwrap_or(0) % LETTERS.len()])
        });
        let letters: String = letters.collect();
        let (left, right) = letters.split_at(4);
        let begun = NewGrant {
            device_code: random_hex(24),
            user_code: format!("{left}-{right}"),
        };
        self.0.truncate(MOST_GRANTS - 1);
        self.0.push_front(PracticeGrant {
            device_code: begun.device_code.clone(),
            user_code: begun.user_code.clone(),
            until: Instant::now() + Duration::from_secs(life),
            interval: Duration::from_secs(interval),
            polled: None,
            state: GrantDecision::Pending,
        });
        begun
    }

    /// Polls a grant. A decision is returned once.
    pub fn poll(&mut self, device_code: &str) -> GrantPoll {
        let Some(place) = self.0.iter().position(|g| g.device_code == device_code) else {
            return GrantPoll::Expired;
        };
        let Some(grant) = self.0.get_mut(place) else {
            return GrantPoll::Expired;
        };
        let now = Instant::now();
        let since = grant.polled.replace(now).map(|before| now - before);
        if grant.until <= now {
            self.0.remove(place);
            return GrantPoll::Expired;
        }
        if since.is_some_and(|since| since < grant.interval) {
            grant.interval += SLOWER;
            return GrantPoll::SlowDown;
        }
        if matches!(grant.state, GrantDecision::Pending) {
            return GrantPoll::Pending;
        }
        match self.0.remove(place).map(|grant| grant.state) {
            Some(GrantDecision::Approved(student)) => GrantPoll::Granted(student),
            _ => GrantPoll::Denied,
        }
    }

    /// The newest user code without a decision.
    pub fn pending(&self) -> Option<&str> {
        let now = Instant::now();
        let is_open =
            |g: &&PracticeGrant| matches!(g.state, GrantDecision::Pending) && g.until > now;
        self.0.iter().find(is_open).map(|g| g.user_code.as_str())
    }

    /// Approves the newest undecided grant as this student, or denies it with `None`. False when there is no such grant.
    pub fn decide(&mut self, student: Option<String>) -> bool {
        let now = Instant::now();
        let is_open =
            |g: &&mut PracticeGrant| matches!(g.state, GrantDecision::Pending) && g.until > now;
        let Some(grant) = self.0.iter_mut().find(is_open) else {
            return false;
        };
        grant.state = match student {
            Some(student) => GrantDecision::Approved(student),
            None => GrantDecision::Denied,
        };
        true
    }
}
