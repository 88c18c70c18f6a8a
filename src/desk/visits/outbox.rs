//! When what waits for the campus is tried: as soon as its gateway may be, one visit's after the other's, those that
//! were tried least first, so that one that always fails does not block others. The core decides on the result.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::desk::effects::{Breakers, InFlightEffects, backoff};
use crate::visit::{ActKind, Link, Now, OutboxRow, Visit, VisitId};

/// The most that waits on one desk. Beyond it the desk says at once that it could not be done.
pub const MOST: usize = 2000;
/// The most entries started in one turn.
const MOST_A_TURN: usize = 16;
/// How long a visit is left alone after somebody at the desk would not wait for it: they want the screen back.
const GIVEN_UP: Duration = Duration::from_secs(30);

/// What may be tried by itself, and from when on.
#[derive(Default)]
pub struct Outbox {
    waits: Vec<ScheduledEntry>,
    /// Each one's own pause after it was tried: monotonic.
    again: BTreeMap<VisitId, Duration>,
    /// All that waits, what needs a person too.
    count: usize,
}

/// The first thing that waits in a visit.
#[derive(Clone, Copy, Debug)]
struct ScheduledEntry {
    visit: VisitId,
    what: ActKind,
    since: Timestamp,
    tries: u32,
    /// The monotonic moment before which the service asked not to be asked.
    not_before: Duration,
}

impl Outbox {
    /// What waits now.
    pub fn refresh<'a>(&mut self, visits: impl Iterator<Item = &'a Visit>, now: Now) {
        self.waits.clear();
        self.count = 0;
        for visit in visits {
            self.count = self.count.saturating_add(visit.outbox.len());
            if let Some(entry) = visit.next_entry() {
                let pause = entry.not_before(now.wall).unwrap_or_default();
                self.waits.push(ScheduledEntry {
                    visit: visit.id,
                    what: entry.what,
                    since: entry.since,
                    tries: entry.tries,
                    not_before: now.mono.saturating_add(pause),
                });
            }
        }
        self.waits
            .sort_by_key(|one| (one.tries, one.since, one.visit));
        let waits = &self.waits;
        self.again
            .retain(|visit, _| waits.iter().any(|one| one.visit == *visit));
    }

    /// Whether more may wait.
    pub fn has_room(&self) -> bool {
        self.count < MOST
    }

    /// The visits whose turn it is. Each is given a pause of its own, longer with every try.
    pub fn due(
        &mut self,
        breakers: &Breakers,
        in_flight: &InFlightEffects,
        now: Duration,
        random: u64,
    ) -> Vec<VisitId> {
        let mut begun = [0usize; Link::ALL.len()];
        let mut due = Vec::new();
        for one in &self.waits {
            let link = one.what.link();
            let under_way = in_flight.through(link).saturating_add(begun[link as usize]);
            let may = breakers.permits(link, under_way, now) > 0 && self.from(one, breakers) <= now;
            if !may || in_flight.has(one.visit, one.what) || due.len() >= MOST_A_TURN {
                continue;
            }
            begun[link as usize] = begun[link as usize].saturating_add(1);
            due.push((one.visit, one.tries));
        }
        for (visit, tries) in &due {
            let spread = random.wrapping_mul(visit.0 as u64 | 1);
            let pause = backoff::pause(tries.saturating_add(1), spread);
            self.again.insert(*visit, now.saturating_add(pause));
        }
        due.into_iter().map(|(visit, _)| visit).collect()
    }

    /// Esc was pressed in a wait: the next retry waits for `GIVEN_UP`, so that the user keeps the screen.
    pub fn given_up(&mut self, visit: VisitId, now: Duration) {
        self.again.insert(visit, now.saturating_add(GIVEN_UP));
    }

    /// A gateway is back after it was away for a while: what failed meanwhile failed with it, and keeps no pause of its own.
    pub fn gateway_is_back(&mut self, link: Link) {
        let waits = &self.waits;
        self.again.retain(|visit, _| {
            let first = waits.iter().find(|one| one.visit == *visit);
            first.is_some_and(|one| one.what.link() != link)
        });
    }

    /// The monotonic moment at which something is tried next; none where nothing waits, or only for an answer.
    pub fn next(&self, breakers: &Breakers, in_flight: &InFlightEffects) -> Option<Duration> {
        self.waits
            .iter()
            .filter(|one| !in_flight.has(one.visit, one.what))
            .filter_map(|one| {
                let (link, from) = (one.what.link(), self.from(one, breakers));
                (breakers.permits(link, in_flight.through(link), from) > 0).then_some(from)
            })
            .min()
    }

    /// The lines of these visits' outbox, the oldest first; those that need a person before all others.
    pub fn rows<'a>(
        &self,
        visits: impl Iterator<Item = &'a Visit>,
        breakers: &Breakers,
    ) -> Vec<OutboxRow> {
        let mut rows: Vec<OutboxRow> = visits.flat_map(OutboxRow::of).collect();
        for row in &mut rows {
            let first =
                |one: &&ScheduledEntry| one.visit == row.visit && one.what == row.entry.what;
            row.next_try = self
                .waits
                .iter()
                .find(first)
                .map(|one| self.from(one, breakers));
        }
        rows.sort_by_key(|row| (row.entry.stopped.is_none(), row.entry.since));
        rows
    }

    fn from(&self, one: &ScheduledEntry, breakers: &Breakers) -> Duration {
        let again = self.again.get(&one.visit).copied().unwrap_or_default();
        again
            .max(one.not_before)
            .max(breakers.retry_at(one.what.link()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campus::Powers;
    use crate::visit::{Act, Effect, EffectId, Failure, OutboxEntry, Reply, StudentNumber, Way};

    const QUICK: Duration = Duration::from_millis(80);

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn now(mono: u64) -> Now {
        let wall = Timestamp::from_second(1_790_000_000 + i64::try_from(mono).unwrap()).unwrap();
        Now {
            wall,
            mono: secs(mono),
        }
    }

    fn links() -> Breakers {
        let powers = Powers {
            read: true,
            write: true,
        };
        Breakers::configured(true, false, powers, true)
    }

    /// Visits that owe a number, each a second after the one before.
    fn owing(n: u128) -> Vec<Visit> {
        let visit = |id: u128| {
            let at = now(u64::try_from(id).unwrap()).wall;
            let mut visit = Visit::open(VisitId(id), Way::Desk, at);
            let why = Some(Failure::Offline);
            visit.outbox = vec![OutboxEntry::new(ActKind::BindNumber, at, why)];
            visit
        };
        (1..=n).map(visit).collect()
    }

    fn ids(due: &[VisitId]) -> Vec<u128> {
        due.iter().map(|id| id.0).collect()
    }

    fn begins(in_flight: &mut InFlightEffects, due: &[VisitId]) {
        for visit in due {
            let effect = Effect {
                id: EffectId(visit.0 as u64),
                visit: *visit,
                after: Duration::ZERO,
                deadline: secs(20),
                act: Act::ConfirmMember {
                    student: StudentNumber::from_campus("20260001"),
                },
            };
            in_flight.plan(&effect, Duration::ZERO);
        }
    }

    #[test]
    fn with_nothing_owed_nothing_wakes_the_desk() {
        let mut outbox = Outbox::default();
        let mut breakers = links();
        let lost = Reply::offline(ActKind::BindNumber);
        breakers.note(ActKind::BindNumber, &lost, QUICK, secs(5), 7);
        outbox.refresh([].iter(), now(10));
        assert_eq!(outbox.next(&breakers, &InFlightEffects::default()), None);
    }

    #[test]
    fn the_oldest_first_a_few_at_a_time() {
        let (mut outbox, breakers, mut in_flight) =
            (Outbox::default(), links(), InFlightEffects::default());
        outbox.refresh(owing(9).iter(), now(100));
        let due = outbox.due(&breakers, &in_flight, secs(100), 7);
        assert_eq!(ids(&due), [1, 2, 3, 4]);
        begins(&mut in_flight, &due);
        assert_eq!(
            outbox.next(&breakers, &in_flight),
            None,
            "an answer wakes it"
        );
        assert!(outbox.due(&breakers, &in_flight, secs(100), 7).is_empty());
        in_flight.cancel(EffectId(2));
        assert_eq!(ids(&outbox.due(&breakers, &in_flight, secs(100), 7)), [5]);
    }

    #[test]
    fn a_gateway_that_is_down_gets_one_probe_and_never_the_same_one_for_ever() {
        let (mut outbox, mut breakers, in_flight) =
            (Outbox::default(), links(), InFlightEffects::default());
        let lost = Reply::offline(ActKind::BindNumber);
        let mut visits = owing(3);
        let mut probed = Vec::new();
        let mut mono = 100;
        for _ in 0..6 {
            breakers.note(ActKind::BindNumber, &lost, QUICK, secs(mono), u64::MAX);
            outbox.refresh(visits.iter(), now(mono));
            let at = outbox.next(&breakers, &in_flight).unwrap();
            assert!(at > secs(mono), "it waits");
            assert!(outbox.due(&breakers, &in_flight, secs(mono), 7).is_empty());
            mono = at.as_secs() + 400;
            let due = outbox.due(&breakers, &in_flight, secs(mono), 7);
            assert_eq!(due.len(), 1, "half open");
            probed.extend(ids(&due));
            for visit in visits.iter_mut().filter(|visit| due.contains(&visit.id)) {
                visit.outbox[0].tries += 1;
            }
        }
        assert_eq!(probed, [1, 2, 3, 1, 2, 3]);
    }

    #[test]
    fn a_gateway_that_is_back_is_not_waited_for_any_longer() {
        let (mut outbox, breakers, in_flight) =
            (Outbox::default(), links(), InFlightEffects::default());
        let mut visits = owing(2);
        visits[0].outbox[0].tries = 9;
        outbox.refresh(visits.iter(), now(100));
        assert_eq!(
            outbox
                .due(&breakers, &in_flight, secs(100), u64::MAX / 2)
                .len(),
            2
        );
        let waits = outbox.next(&breakers, &in_flight);
        assert!(waits > Some(secs(100)));
        outbox.gateway_is_back(Link::Sms);
        assert_eq!(outbox.next(&breakers, &in_flight), waits, "another gateway");
        outbox.gateway_is_back(Link::DirectoryWrite);
        assert_eq!(
            ids(&outbox.due(&breakers, &in_flight, secs(100), 7)),
            [2, 1]
        );
    }

    #[test]
    fn what_needs_a_person_is_never_due_and_stands_first_in_the_tray() {
        let (mut outbox, breakers, in_flight) =
            (Outbox::default(), links(), InFlightEffects::default());
        let mut visits = owing(2);
        let refused = Failure::Misconfigured("60011".into());
        visits[1].outbox[0].stopped = Some(crate::visit::Stopped::Refused(refused));
        outbox.refresh(visits.iter(), now(100));
        let rows = outbox.rows(visits.iter(), &breakers);
        let told: Vec<(u128, bool)> = rows
            .iter()
            .map(|row| (row.visit.0, row.next_try.is_some()))
            .collect();
        assert_eq!(told, [(2, false), (1, true)]);
        assert_eq!(ids(&outbox.due(&breakers, &in_flight, secs(100), 7)), [1]);
    }

    #[test]
    fn it_is_bounded() {
        let mut outbox = Outbox::default();
        let visits = owing(MOST as u128);
        outbox.refresh(visits[1..].iter(), now(1));
        assert!(outbox.has_room());
        outbox.refresh(visits.iter(), now(1));
        assert!(!outbox.has_room());
    }
}
