//! The two clocks, and randomness: what the core is given because it has none of its own.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::visit::{DeskLetter, EffectId, Fresh, Nonce, Now, VisitId};

/// The desk's clocks: the wall for records, the monotonic one, counted from the program's start, for waiting.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Instant,
}

impl Clock {
    pub fn start() -> Self {
        Clock {
            started: Instant::now(),
        }
    }

    pub fn now(&self) -> Now {
        Now {
            wall: Timestamp::now(),
            mono: self.started.elapsed(),
        }
    }

    /// The moment of a monotonic time, for sleeping until it.
    pub fn instant(&self, mono: Duration) -> Instant {
        self.started.checked_add(mono).unwrap_or(self.started)
    }
}

/// Unused random values for one decision.
///
/// # Errors
/// The system gives no randomness: nothing can be begun.
pub fn fresh(desk: DeskLetter) -> Result<Fresh, getrandom::Error> {
    Ok(Fresh {
        effect: EffectId(getrandom::u64()?),
        nonce: Nonce(getrandom::u64()?),
        desk,
        random: getrandom::u64()?,
    })
}

/// A new visit's id.
///
/// # Errors
/// The system gives no randomness.
pub fn visit_id() -> Result<VisitId, getrandom::Error> {
    Ok(VisitId(
        u128::from(getrandom::u64()?) << 64 | u128::from(getrandom::u64()?),
    ))
}
