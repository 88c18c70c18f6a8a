//! Device grants that are under way. They live in memory and a restart ends them; their number is bounded. Nothing here
//! speaks HTTP.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::super::hex::random_hex;

const MOST_GRANTS: usize = 64;
/// What asking too soon adds to the pause, for good (RFC 8628 3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// Nothing that can be misread, and no vowels (RFC 8628 6.1).
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The newest first.
#[derive(Default)]
pub struct Grants(VecDeque<Grant>);

struct Grant {
    device_code: String,
    user_code: String,
    until: Instant,
    interval: Duration,
    polled: Option<Instant>,
    state: Decided,
}

enum Decided {
    Pending,
    Approved(String),
    Denied,
}

/// What a grant is begun with.
pub struct Begun {
    pub device_code: String,
    pub user_code: String,
}

/// What came of asking after a grant.
pub enum Polled {
    Pending,
    SlowDown,
    Denied,
    Expired,
    Granted(String),
}

impl Grants {
    /// A new grant; the oldest goes when there are too many.
    pub fn begin(&mut self, life: u64, interval: u64) -> Begun {
        let random = random_hex(8);
        let letters = random.as_bytes().chunks(2).map(|pair| {
            let byte = std::str::from_utf8(pair).ok();
            let byte = byte.and_then(|hex| usize::from_str_radix(hex, 16).ok());
            char::from(LETTERS[byte.unwrap_or(0) % LETTERS.len()])
        });
        let letters: String = letters.collect();
        let (left, right) = letters.split_at(4);
        let begun = Begun {
            device_code: random_hex(24),
            user_code: format!("{left}-{right}"),
        };
        self.0.truncate(MOST_GRANTS - 1);
        self.0.push_front(Grant {
            device_code: begun.device_code.clone(),
            user_code: begun.user_code.clone(),
            until: Instant::now() + Duration::from_secs(life),
            interval: Duration::from_secs(interval),
            polled: None,
            state: Decided::Pending,
        });
        begun
    }

    /// Asks after a grant. One that is decided is told once.
    pub fn poll(&mut self, device_code: &str) -> Polled {
        let Some(place) = self.0.iter().position(|g| g.device_code == device_code) else {
            return Polled::Expired;
        };
        let Some(grant) = self.0.get_mut(place) else {
            return Polled::Expired;
        };
        let now = Instant::now();
        let since = grant.polled.replace(now).map(|before| now - before);
        if grant.until <= now {
            self.0.remove(place);
            return Polled::Expired;
        }
        if since.is_some_and(|since| since < grant.interval) {
            grant.interval += SLOWER;
            return Polled::SlowDown;
        }
        if matches!(grant.state, Decided::Pending) {
            return Polled::Pending;
        }
        match self.0.remove(place).map(|grant| grant.state) {
            Some(Decided::Approved(student)) => Polled::Granted(student),
            _ => Polled::Denied,
        }
    }

    /// The newest code that nobody has decided on.
    pub fn pending(&self) -> Option<&str> {
        let now = Instant::now();
        let is_open = |g: &&Grant| matches!(g.state, Decided::Pending) && g.until > now;
        self.0.iter().find(is_open).map(|g| g.user_code.as_str())
    }

    /// Decides on the newest one: for this student, or against. Whether there was one.
    pub fn decide(&mut self, student: Option<String>) -> bool {
        let now = Instant::now();
        let is_open = |g: &&mut Grant| matches!(g.state, Decided::Pending) && g.until > now;
        let Some(grant) = self.0.iter_mut().find(is_open) else {
            return false;
        };
        grant.state = match student {
            Some(student) => Decided::Approved(student),
            None => Decided::Denied,
        };
        true
    }
}
