//! Pickup numbers that were looked for in vain at a desk: after a few, each further look waits. A number proves nothing, and
//! still nobody is to go through all of them to see who waits.

use std::time::Duration;

/// So many misses are mistyping.
const FREE: u32 = 3;
/// The longest that the next look waits.
const LONGEST: Duration = Duration::from_secs(30);
/// After this long without a miss the desk begins anew.
const FORGOTTEN: Duration = Duration::from_secs(600);

/// The misses of this desk, by its monotonic clock. A number that is found forgives none: it may be the guesser's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PickupTries {
    missed: u32,
    /// When the last one was.
    last: Duration,
}

impl PickupTries {
    /// How long the next look has to wait; zero for now.
    pub fn wait(&self, now: Duration) -> Duration {
        pause_after(self.missed).saturating_sub(now.saturating_sub(self.last))
    }

    /// Nothing waits under the number that was looked for.
    pub fn miss(&mut self, now: Duration) {
        let is_old = now.saturating_sub(self.last) >= FORGOTTEN;
        self.missed = if is_old {
            1
        } else {
            self.missed.saturating_add(1)
        };
        self.last = now;
    }
}

/// 2 s after the fourth, then twice as long each time.
fn pause_after(missed: u32) -> Duration {
    match missed.checked_sub(FREE) {
        None | Some(0) => Duration::ZERO,
        Some(over) => Duration::from_secs(1 << over.min(5)).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_few_misses_are_free_and_each_further_one_waits_longer() {
        let secs = Duration::from_secs;
        let (mut tries, mut now) = (PickupTries::default(), secs(5));
        let waits: Vec<u64> = (0..9)
            .map(|_| {
                tries.miss(now);
                let wait = tries.wait(now);
                now += wait;
                assert!(tries.wait(now).is_zero());
                wait.as_secs()
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 2, 4, 8, 16, 30, 30]);
        now += FORGOTTEN;
        tries.miss(now);
        assert!(tries.wait(now).is_zero());
    }

    proptest! {
        /// However it is done, an hour of guesses sees no more than a few numbers, and nobody waits longer than that.
        #[test]
        fn an_hour_of_guesses_is_few(pauses in proptest::collection::vec(0_u64..40, 0..4000)) {
            let (mut tries, mut now, mut looked) = (PickupTries::default(), Duration::ZERO, 0);
            for pause in pauses {
                now += Duration::from_secs(pause);
                if now >= Duration::from_secs(3600) {
                    break;
                }
                prop_assert!(tries.wait(now) <= LONGEST);
                if tries.wait(now).is_zero() {
                    looked += 1;
                    tries.miss(now);
                }
            }
            prop_assert!(looked <= 8 + 3600 / 30, "{looked}");
        }
    }
}
