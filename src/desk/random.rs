//! Randomness: the core is given it because it has none of its own.

use crate::visit::{DeskLetter, EffectId, Fresh, Nonce, VisitId};

/// Unused random values for one decision.
///
/// # Errors
/// The system gives no randomness: no visit can be opened.
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
