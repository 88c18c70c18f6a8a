//! Visits that wait and name nobody: everyone can make as many as they like by holding keys down. They are few, they live
//! shortly, and never keep a student's visit from waiting.

use std::cmp::Reverse;
use std::time::Duration;

use jiff::Timestamp;

use super::{Status, Visit, VisitId};

/// How many of them wait at the most: a tenth of the pickup numbers.
pub const MOST_NAMELESS: usize = 100;
/// How long one waits at the most.
pub const NAMELESS_LIFE: Duration = Duration::from_secs(4 * 3600);
/// One that was parked sooner than this after it was opened was read by nobody, and goes first.
const UNREAD: Duration = Duration::from_secs(20);

/// Which of these visits must go, so that no more without a name wait than may: first those that were made by holding keys
/// down, then the ones that wait longest.
pub fn beyond_cap<'v>(visits: impl Iterator<Item = &'v Visit>) -> Vec<VisitId> {
    let waits = |visit: &&Visit| matches!(visit.status, Status::Parked { .. });
    let mut waiting: Vec<&Visit> = visits.filter(waits).filter(|v| v.is_nameless()).collect();
    let Some(over @ 1..) = waiting.len().checked_sub(MOST_NAMELESS) else {
        return Vec::new();
    };
    waiting.sort_by_key(|visit| (Reverse(is_unread(visit)), visit.touched, visit.id));
    waiting.iter().take(over).map(|visit| visit.id).collect()
}

fn is_unread(visit: &Visit) -> bool {
    let took = span(visit.opened, visit.touched);
    took < UNREAD
}

/// Zero where the clock stepped back.
fn span(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::visit::{Mobile, ParkedFor, Way};

    /// A visit that waits, parked at this second, after so many at the desk.
    fn parked(n: usize, at: i64, took: i64, is_named: bool) -> Visit {
        let second = |at: i64| Timestamp::from_second(1_790_000_000 + at).unwrap();
        let id = VisitId(u128::try_from(n).unwrap());
        let mut visit = Visit::open(id, Way::Phone, second(at - took));
        visit.touched = second(at);
        visit.mobile = is_named.then(|| Mobile::parse("13800138000").unwrap());
        visit.status = Status::Parked {
            pickup: None,
            expires: second(at + 3600),
            why: ParkedFor::Queue,
        };
        visit
    }

    #[test]
    fn what_nobody_read_goes_before_what_waits_longest() {
        let mut visits: Vec<Visit> = (0..MOST_NAMELESS)
            .map(|n| parked(n, 100 + i64::try_from(n).unwrap(), 60, false))
            .collect();
        assert_eq!(beyond_cap(visits.iter()), []);
        visits.push(parked(900, 5000, 60, false));
        assert_eq!(beyond_cap(visits.iter()), [VisitId(0)]);
        // Keys held down push out one another, and nobody else.
        visits.pop();
        visits.push(parked(901, 5001, 2, false));
        assert_eq!(beyond_cap(visits.iter()), [VisitId(901)]);
        visits.push(parked(902, 5002, 2, false));
        assert_eq!(beyond_cap(visits.iter()), [VisitId(901), VisitId(902)]);
    }

    proptest! {
        /// As many stay as may, nobody with a name goes, and none that was read goes while one stays that was not.
        #[test]
        fn the_cap_holds_and_names_nobody(
            made in proptest::collection::vec((0_i64..100_000, 0_i64..100, any::<bool>()), 0..400),
        ) {
            let made = made.into_iter().enumerate();
            let visits: Vec<Visit> =
                made.map(|(n, (at, took, named))| parked(n, at, took, named)).collect();
            let gone = beyond_cap(visits.iter());
            let (go, stay): (Vec<&Visit>, Vec<&Visit>) =
                visits.iter().partition(|visit| gone.contains(&visit.id));
            prop_assert!(go.iter().all(|visit| visit.is_nameless()));
            let nameless: Vec<&&Visit> = stay.iter().filter(|v| v.is_nameless()).collect();
            prop_assert!(nameless.len() <= MOST_NAMELESS);
            prop_assert!(go.is_empty() || nameless.len() == MOST_NAMELESS);
            let is_read_gone = go.iter().any(|visit| !is_unread(visit));
            prop_assert!(!is_read_gone || nameless.iter().all(|visit| !is_unread(visit)));
        }
    }
}
