//! How long to wait before what failed is tried again: exponential with full jitter and a ceiling, so that many desks
//! whose campus comes back do not all call in the same second. Pure: the randomness is the caller's.

use std::time::Duration;

/// The most that is waited after a first failure.
const FIRST: Duration = Duration::from_secs(2);
/// The most that is ever waited.
pub const CEILING: Duration = Duration::from_secs(300);
/// The least: a gateway that refuses at once is not asked in a circle.
const LEAST: Duration = Duration::from_secs(1);

/// The pause after so many failures in a row: anything up to twice as much as after one fewer.
pub fn pause(failures: u32, random: u64) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let most = FIRST.saturating_mul(1 << doublings).min(CEILING);
    let millis = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random % millis.saturating_add(1)).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_ceiling_and_are_spread_whole() {
        for (failures, most) in [(0, 2), (1, 2), (2, 4), (5, 32), (9, 300), (u32::MAX, 300)] {
            let most = Duration::from_secs(most);
            let pauses: Vec<Duration> = (0..2000u64)
                .map(|n| pause(failures, n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
                .collect();
            assert!(pauses.iter().all(|pause| (LEAST..=most).contains(pause)));
            let early = pauses.iter().filter(|pause| **pause < most / 2).count();
            let late = pauses.iter().filter(|pause| **pause > most * 3 / 4).count();
            assert!(early > 0 || most <= LEAST * 2, "{failures}: nothing early");
            assert!(late > 300, "{failures}: {late} late");
        }
    }
}
