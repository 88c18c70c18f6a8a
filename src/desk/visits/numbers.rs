//! Which pickup numbers are given: never one under which something still waits, or that a ticket has. They go round, so
//! that a number comes again as late as it can. Nothing is stored here: the visits say which are taken.

use jiff::Timestamp;

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

    /// Goes on behind the newest number of this desk that is given; where none is, anywhere.
    pub fn begin<'v>(&mut self, visits: impl Iterator<Item = &'v Visit>) {
        let given = visits.flat_map(|visit| self.given(visit));
        let newest = given.max_by_key(|(at, _)| *at);
        self.from = match newest {
            Some((_, serial)) => serial.saturating_add(1),
            None => random::below(SERIALS),
        };
    }

    /// Which are taken, by all visits that can still be taken up or have a ticket.
    pub fn note<'v>(&mut self, visits: impl Iterator<Item = &'v Visit>) {
        let taken = visits.flat_map(|visit| self.given(visit));
        let serials: Vec<usize> = taken.map(|(_, serial)| serial).collect();
        self.taken = [false; SERIALS];
        for serial in serials {
            self.mark(serial);
        }
    }

    /// A visit takes its numbers. The next search begins behind one that it had not before, so that all others are given
    /// before that one comes again, though the visit gives it back at once.
    pub fn take(&mut self, visit: &Visit) {
        let given: Vec<(Timestamp, usize)> = self.given(visit).collect();
        for (_, serial) in given {
            if self.mark(serial) {
                self.from = serial.saturating_add(1);
            }
        }
    }

    /// Returns whether it was free.
    fn mark(&mut self, serial: usize) -> bool {
        match self.taken.get_mut(serial) {
            Some(taken) => !std::mem::replace(taken, true),
            None => false,
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

    /// The serials of this desk that a visit has, and when each was given. A visit with a ticket waits under its number.
    fn given(&self, visit: &Visit) -> impl Iterator<Item = (Timestamp, usize)> + use<> {
        let ticket = visit.ticket.as_ref();
        let ticket = ticket.map(|ticket| (ticket.opened, *ticket.number.pickup()));
        let waits = match visit.status {
            Status::Parked { pickup, .. } => pickup.map(|pickup| (visit.touched, pickup)),
            Status::Open | Status::Closed { .. } => None,
        };
        let waits = waits.filter(|(_, pickup)| ticket.is_none_or(|(_, its)| its != *pickup));
        let desk = self.desk;
        let own = move |(at, pickup): (Timestamp, Pickup)| {
            Some((at, usize::from(pickup.serial_at(desk)?)))
        };
        [waits, ticket].into_iter().flatten().filter_map(own)
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

    /// Each number is followed by all others before it comes again, also where it was given back at once, and where another
    /// visit has the one that the search begins with.
    #[test]
    fn a_number_comes_again_as_late_as_it_can() {
        let desk = DeskNumber::new(17).unwrap();
        let serial = |numbers: &PickupNumbers| numbers.next().and_then(|n| n.serial_at(desk));
        // One waits for days under the number that the desk goes on with.
        let stays = [parked(0, Some(Pickup::new(desk, 8)))];
        let mut numbers = PickupNumbers::of(desk);
        numbers.note(stays.iter());
        numbers.begin([parked(0, Some(Pickup::new(desk, 7)))].iter());
        let free = Pickup::SERIALS - 1;
        let given: Vec<Option<u16>> = (1..=free)
            .map(|n| {
                let given = serial(&numbers);
                // Parked, taken up at once, and forgotten: only the one that stays has a number then.
                numbers.take(&parked(n, numbers.next()));
                numbers.note(stays.iter());
                given
            })
            .collect();
        let expected = (9..Pickup::SERIALS).chain(0..8).map(Some);
        assert_eq!(given, expected.collect::<Vec<_>>());
        assert_eq!(serial(&numbers), Some(9), "and round again");
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
        // The newest of its own, whatever waits beside it, and not the largest.
        numbers.begin(waiting.iter());
        assert_eq!(numbers.next(), at(desk, 999));
        let smaller = [parked(2, at(desk, 3)), parked(1, at(desk, 700))];
        numbers.begin(smaller.iter());
        assert_eq!(numbers.next(), at(desk, 4));
        numbers.begin(waiting.iter());
        numbers.take(&parked(4, at(desk, 999)));
        assert_eq!(numbers.next(), at(desk, 0));
    }
}
