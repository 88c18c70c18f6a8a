//! The queue as a target: somebody at the keyboard guesses pickup numbers, types passwords for numbers that nobody has, or
//! holds keys down until ten thousand visits wait.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;

use super::gate_tests::{Still, desk_at, desk_with};
use super::*;
use crate::campus::fake::FakeCampus;
use crate::campus::pack;
use crate::desk::event::LoopEvent;
use crate::desk::lock::PinVerdict;
use crate::desk::visits::Visits;
use crate::screen::DeskCommand;
use crate::store::{Location, Store};
use crate::visit::{
    CodeKey, Command, Connectivity, DeskNumber, Fact, Failure, MOST_NAMELESS, NAMELESS_LIFE, Now,
    Pickup, Recorded, SignInRefusal, Status, StudentNumber, VisitId, Way,
};

fn serving(kiosk: &mut Kiosk<super::gate_tests::Glass>) -> &mut Serving {
    match &mut kiosk.phase {
        Phase::Serving(serving) => serving,
        Phase::Opening(_) => panic!("not open"),
    }
}

#[tokio::test]
async fn guessed_pickup_numbers_slow_down_until_a_volunteer_comes() {
    let dir = tempfile::tempdir().unwrap();
    let (fake, clock) = (Arc::new(FakeCampus::default()), Arc::new(Still::default()));
    let mut kiosk = desk_with(dir.path(), &fake, clock.clone());
    kiosk.opens().await;
    let find = |serial| DeskCommand::FindPickup {
        pickup: Pickup::new(DeskNumber::default(), serial),
    };
    for serial in 0..4 {
        kiosk.order(find(serial));
        assert!(kiosk.desk.state.pickup_missed.is_some(), "{serial}");
    }
    // The next one is not looked for, and the page says why.
    kiosk.order(find(4));
    assert_eq!(kiosk.desk.state.pickup_missed, None);
    let wait = |kiosk: &Kiosk<_>| {
        let state = &kiosk.desk.state;
        state.pickup_tries.wait(state.now().mono)
    };
    assert_eq!(wait(&kiosk), Duration::from_secs(2));
    clock.passes(2);
    kiosk.order(find(4));
    assert!(kiosk.desk.state.pickup_missed.is_some());
    assert_eq!(wait(&kiosk), Duration::from_secs(4));
    // A wrong PIN lifts nothing.
    kiosk
        .take_event(LoopEvent::PinChecked(PinVerdict::Wrong))
        .unwrap();
    assert!(!wait(&kiosk).is_zero());
    kiosk
        .take_event(LoopEvent::PinChecked(PinVerdict::Right(None)))
        .unwrap();
    assert!(wait(&kiosk).is_zero());
}

#[tokio::test]
async fn a_right_pin_lifts_what_the_desk_counts() {
    let dir = tempfile::tempdir().unwrap();
    let mut kiosk = desk_at(dir.path(), &Arc::new(FakeCampus::default()));
    kiosk.opens().await;
    let now = kiosk.desk.state.now().wall;
    for n in 0..40 {
        let fact = Fact::SignInRefused {
            student: StudentNumber::from_campus(&format!("9{n:07}")),
            why: Failure::Rejected(SignInRefusal::WrongPassword),
        };
        let recorded = Recorded::new(VisitId(9), now, fact);
        serving(&mut kiosk).visits.limits.count(&recorded);
    }
    let slowed = |kiosk: &mut Kiosk<_>| serving(kiosk).visits.limits.sign_in_slowed(now);
    assert!(!slowed(&mut kiosk).is_zero());
    kiosk
        .take_event(LoopEvent::PinChecked(PinVerdict::Wrong))
        .unwrap();
    assert!(!slowed(&mut kiosk).is_zero());
    kiosk
        .take_event(LoopEvent::PinChecked(PinVerdict::Right(None)))
        .unwrap();
    assert!(slowed(&mut kiosk).is_zero());
}

/// A desk's visits, and the store that keeps them where there is one.
struct Flooded {
    visits: Visits,
    store: Option<Store>,
    rules: crate::visit::Rules,
    now: Now,
}

impl Flooded {
    fn new(dir: Option<&Path>) -> Flooded {
        let pack = pack::for_practice(pack::embedded().unwrap()).unwrap();
        let wall = jiff::Timestamp::now();
        let day = wall.to_zoned(TimeZone::UTC).date();
        let codes = Arc::new(CodeKey::new([3; 32]));
        let mut visits = Visits::new(DeskNumber::default(), codes, pack.rules.pickup_life);
        let now = Now {
            wall,
            mono: Duration::from_secs(1000),
        };
        let store = dir.map(|dir| {
            let (store, opened) = Store::open(&Location::new(dir), day, &TimeZone::UTC).unwrap();
            visits.found(opened, day, TimeZone::UTC, now);
            store
        });
        Flooded {
            visits,
            store,
            rules: pack.rules,
            now,
        }
    }

    /// What waits is decided, kept and published, until nothing is left.
    fn settles(&mut self) {
        while self.visits.has_commands() {
            let mut made = self
                .visits
                .turn(self.now, Connectivity::default(), &self.rules);
            if let Some(store) = &self.store {
                store
                    .commit(made.batch.clone())
                    .blocking_recv()
                    .unwrap()
                    .unwrap();
            }
            self.visits.publish(&mut made, self.now);
            self.visits.tidy();
        }
    }

    /// Enter, Enter, Enter, Esc, and whatever else a held key does: a visit that waits, after a few seconds.
    fn parks_one(&mut self) {
        let id = self.visits.open(Way::Phone, true, true, self.now).unwrap();
        self.visits.ask(id, Command::Agree, None);
        self.settles();
        self.passes(2);
        self.visits.ask(id, Command::Choose { choice: 0 }, None);
        self.visits.ask(id, Command::Leave, None);
        self.settles();
    }

    fn passes(&mut self, secs: u64) {
        let by = Duration::from_secs(secs);
        self.now.wall = self.now.wall.saturating_add(by).unwrap();
        self.now.mono += by;
    }

    fn waits(&self, id: VisitId) -> bool {
        let visit = self.visits.get(id);
        visit.is_some_and(|visit| matches!(visit.status, Status::Parked { .. }))
    }
}

/// The memory of this process, in KB.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4
}

fn holds_keys_down(desk: &mut Flooded, visits: usize) {
    // One that somebody took the time to read was there before.
    let read = {
        let id = desk.visits.open(Way::Phone, true, true, desk.now).unwrap();
        desk.visits.ask(id, Command::Agree, None);
        desk.settles();
        desk.passes(60);
        desk.visits.ask(id, Command::Choose { choice: 0 }, None);
        desk.visits.ask(id, Command::Leave, None);
        desk.settles();
        id
    };
    assert!(desk.waits(read), "{:?}", desk.visits.get(read));
    for _ in 0..visits {
        desk.parks_one();
    }
    assert!(desk.waits(read), "keys held down push out one another");
    let waiting = desk.visits.waiting(&desk.rules, Connectivity::default());
    assert_eq!(waiting.len(), MOST_NAMELESS);
    assert_eq!(desk.visits.iter().count(), MOST_NAMELESS);
    assert_eq!(
        usize::from(desk.visits.numbers_left()),
        1000 - MOST_NAMELESS
    );
}

#[test]
fn ten_thousand_visits_of_nobody_leave_the_list_as_short_as_a_hundred() {
    let mut desk = Flooded::new(None);
    holds_keys_down(&mut desk, 1000);
    let (before, began) = (resident(), Instant::now());
    for _ in 0..9000 {
        desk.parks_one();
    }
    assert_eq!(desk.visits.iter().count(), MOST_NAMELESS);
    println!(
        "9000 further visits: {} KB before, {} KB after, {:?}",
        before,
        resident(),
        began.elapsed()
    );
    // After their time none is left.
    desk.passes(4 * 3600 + 60);
    desk.visits.sweep(desk.now);
    desk.settles();
    assert_eq!(desk.visits.iter().count(), 0);
    assert_eq!(desk.visits.numbers_left(), 1000);
}

/// The same with a store on a real disk. By hand: it writes and syncs twenty thousand times.
#[test]
#[ignore = "measures"]
fn ten_thousand_visits_of_nobody_in_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Flooded::new(Some(dir.path()));
    holds_keys_down(&mut desk, 1000);
    let (before, began) = (resident(), Instant::now());
    for _ in 0..9000 {
        desk.parks_one();
    }
    println!(
        "9000 further visits, stored: {} KB before, {} KB after, {:?}",
        before,
        resident(),
        began.elapsed()
    );
}

#[test]
fn the_reference_has_these_limits() {
    let reference = crate::help::find("limits").unwrap().markdown;
    let hours = NAMELESS_LIFE.as_secs() / 3600;
    let bound = format!("| visits that wait and name nobody | {MOST_NAMELESS}; {hours} hours |");
    assert!(reference.contains(&bound), "{bound}");
}
