//! Randomness: the core is given it because it has none of its own.

use crate::visit::{DeskNumber, EffectId, Fresh, Nonce, Pickup, VisitId};

/// Unused values for one decision: random ones, and a pickup number that is free.
///
/// # Errors
/// The system gives no randomness: no visit can be opened.
pub fn fresh(desk: DeskNumber, pickup: Option<Pickup>) -> Result<Fresh, getrandom::Error> {
    Ok(Fresh {
        effect: EffectId(getrandom::u64()?),
        nonce: Nonce(getrandom::u64()?),
        desk,
        pickup,
    })
}

/// Any number from 0 up to this one, which it is not; 0 where the system gives no randomness.
pub fn below(end: usize) -> usize {
    let random = getrandom::u64().unwrap_or_default();
    let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
    usize::try_from(random % end).unwrap_or_default()
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
