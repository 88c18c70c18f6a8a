//! Which pickup numbers are given: never one under which something still waits, or that a ticket has. They go round, so
//! that a number comes again as late as it can. Nothing is stored here: the visits say which are taken.

use crate::desk::random;
use crate::visit::{DeskNumber, Pickup, Status, Visit};

const SERIALS: usize = Pickup::SERIALS as usize;

/// The serials of a desk.
#[derive(Clone)]
pub(super) struct PickupNumbers {
    desk: DeskNumber,
    taken: [bool; SERIALS],
    /// Where the search for a free one begins.
    from: usize,
}

impl PickupNumbers {
    /// All are free.
    pub fn of(desk: DeskNumber) -> Self {
        PickupNumbers {
            desk,
            taken: [false; SERIALS],
            from: 0,
        }
    }

    /// The desk that gives them.
    pub fn desk(&self) -> DeskNumber {
        self.desk
    }

    /// Goes on behind the newest number that waits; where none does, anywhere.
    pub fn begin<'v>(&mut self, visits: impl Iterator<Item = &'v Visit>) {
        let parked = visits.filter(|visit| matches!(visit.status, Status::Parked { .. }));
        let newest = parked.max_by_key(|visit| visit.touched);
        let serial = newest.and_then(|visit| self.serials(visit).next());
        self.from = match serial {
            Some(serial) => serial.saturating_add(1),
            None => random::below(SERIALS),
        };
    }

    /// Which are taken, by all visits that can still be taken up or have a ticket.
    pub fn note<'v>(&mut self, visits: impl Iterator<Item = &'v Visit>) {
        self.taken = [false; SERIALS];
        visits.for_each(|visit| self.take(visit));
    }

    /// A visit takes its numbers.
    pub fn take(&mut self, visit: &Visit) {
        let serials: Vec<usize> = self.serials(visit).collect();
        for serial in serials {
            if let Some(taken @ false) = self.taken.get_mut(serial) {
                *taken = true;
                if serial == self.from % SERIALS {
                    self.from = serial.saturating_add(1);
                }
            }
        }
    }

    /// Goes on where another turn has come to.
    pub fn go_on(&mut self, other: &PickupNumbers) {
        self.from = other.from;
    }

    /// The next free number; none where all of them are taken.
    pub fn next(&self) -> Option<Pickup> {
        let all = (0..SERIALS).map(|step| self.from.wrapping_add(step) % SERIALS);
        let mut free = all.filter(|serial| self.taken.get(*serial) == Some(&false));
        let serial = u16::try_from(free.next()?).ok()?;
        Some(Pickup::new(self.desk, serial))
    }

    /// How many are free.
    pub fn left(&self) -> u16 {
        let left = self.taken.iter().filter(|taken| !**taken).count();
        u16::try_from(left).unwrap_or(u16::MAX)
    }

    fn serials(&self, visit: &Visit) -> impl Iterator<Item = usize> + use<> {
        let waits = match visit.status {
            Status::Parked { pickup, .. } => pickup,
            Status::Open | Status::Closed { .. } => None,
        };
        let ticket = visit.ticket.as_ref().map(|t| *t.number.pickup());
        let serial = |pickup: Option<Pickup>| pickup?.serial_at(self.desk);
        let serials = [serial(waits), serial(ticket)];
        serials.into_iter().flatten().map(usize::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{ParkedFor, VisitId, Way};

    fn parked(n: u16, pickup: Option<Pickup>) -> Visit {
        let at = jiff::Timestamp::from_second(1_790_000_000 + i64::from(n)).unwrap();
        let mut visit = Visit::open(VisitId(u128::from(n)), Way::Phone, at);
        visit.status = Status::Parked {
            pickup,
            expires: at,
            why: ParkedFor::Queue,
        };
        visit
    }

    /// A thousand wait, and each has another number; the next one gets none, until one of them is gone.
    #[test]
    fn no_number_that_waits_is_given_again() {
        let desk = DeskNumber::new(17).unwrap();
        let mut numbers = PickupNumbers::of(desk);
        numbers.begin([].into_iter());
        let mut waiting: Vec<Visit> = Vec::new();
        for n in 0..Pickup::SERIALS {
            assert_eq!(numbers.left(), Pickup::SERIALS - n);
            let next = numbers.next();
            assert!(next.is_some_and(|pickup| pickup.desk() == Some(desk)));
            let visit = parked(n, next);
            assert!(!waiting.iter().any(|other| other.status == visit.status));
            numbers.take(&visit);
            waiting.push(visit);
        }
        assert_eq!((numbers.next(), numbers.left()), (None, 0));
        let gone = waiting.remove(321);
        numbers.note(waiting.iter());
        let again = parked(321, numbers.next());
        assert_eq!(gone.status, again.status);
    }

    #[test]
    fn it_goes_on_behind_the_newest_that_waits() {
        let desk = DeskNumber::default();
        let at = |desk, serial| Some(Pickup::new(desk, serial));
        let foreign = DeskNumber::new(2).unwrap();
        let waiting = [
            parked(1, at(desk, 700)),
            parked(2, at(desk, 998)),
            parked(3, None),
            parked(0, at(foreign, 999)),
        ];
        let mut numbers = PickupNumbers::of(desk);
        numbers.note(waiting.iter());
        numbers.begin(waiting.iter().take(2));
        assert_eq!(numbers.next(), at(desk, 999));
        numbers.take(&parked(4, at(desk, 999)));
        assert_eq!(numbers.next(), at(desk, 0));
    }
}
