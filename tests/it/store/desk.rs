//! A desk as the store sees it: facts are folded by `evolve` and then committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use yingxin::store::{Batch, CommitError, Location, Opened, Store, StoreError};
use yingxin::visit::{
    DeskNumber, EffectId, Fact, Mobile, Name, ParkedFor, Pickup, Proof, Recorded, Student,
    StudentNumber, Visit, VisitId, Way, evolve,
};

pub fn zone() -> TimeZone {
    TimeZone::UTC
}

/// Noon of the real date: no test runs over midnight, and limits are not stale by the system's clock.
static NOON: LazyLock<Timestamp> = LazyLock::new(|| {
    let today = Timestamp::now().to_zoned(zone()).date();
    today.at(12, 0, 0, 0).to_zoned(zone()).unwrap().timestamp()
});

pub fn today() -> Date {
    NOON.to_zoned(zone()).date()
}

pub fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(NOON.as_second() + secs).unwrap()
}

pub fn open(dir: &Path) -> (Store, Opened) {
    try_open(dir).unwrap()
}

pub fn try_open(dir: &Path) -> Result<(Store, Opened), StoreError> {
    Store::open(&Location::new(dir), today(), &zone())
}

/// Drops a store without closing it. Its thread has ended then: another program may open the folder at once.
pub fn stop(store: Store, dir: &Path) {
    drop(store);
    let file = fs::File::open(dir.join("lock")).unwrap();
    let lock = rustix::fs::FlockOperation::NonBlockingLockExclusive;
    rustix::fs::flock(&file, lock).expect("the store's thread goes on");
}

pub fn mobile(n: u64) -> Mobile {
    Mobile::parse(&format!("138{:08}", n % 100_000_000)).unwrap()
}

pub fn number(n: u64) -> StudentNumber {
    StudentNumber::from_campus(&format!("2026{n:08}"))
}

pub fn student(n: u64) -> Student {
    Student {
        number: number(n),
        name: Name::new("欧阳娜娜"),
    }
}

#[derive(Default)]
pub struct Desk {
    pub visits: BTreeMap<VisitId, Visit>,
    pub clock: i64,
}

impl Desk {
    pub fn batch(&mut self, id: u128, facts: Vec<Fact>) -> Batch {
        let id = VisitId(id);
        let mut batch = Batch::default();
        for fact in facts {
            self.clock += 1;
            let recorded = Recorded::new(id, at(self.clock), fact);
            let visit = self
                .visits
                .entry(id)
                .or_insert_with(|| Visit::open(id, Way::Desk, recorded.at));
            evolve(visit, &recorded);
            batch.records.push(recorded);
        }
        batch.visits = self.visits.get(&id).into_iter().cloned().collect();
        batch
    }

    pub fn waiting(&self) -> Vec<Visit> {
        let waiting = self.visits.values().filter(|v| !v.is_closed());
        sorted(waiting.cloned().collect())
    }
}

pub fn sorted(mut visits: Vec<Visit>) -> Vec<Visit> {
    visits.sort_by_key(|visit| visit.id);
    visits
}

pub fn commit(store: &Store, batch: Batch) -> Result<(), CommitError> {
    store.commit(batch).blocking_recv().unwrap()
}

pub fn opened() -> Fact {
    Fact::VisitOpened { prefers: Way::Desk }
}

pub fn pickup(n: u64) -> Pickup {
    Pickup::new(DeskNumber::default(), u16::try_from(n % 1000).unwrap())
}

pub fn parked(n: u64) -> Fact {
    Fact::Parked {
        pickup: Some(pickup(n)),
        expires: at(86_400),
        why: ParkedFor::Queue,
    }
}

/// The turns of a visit up to the bound number.
pub fn journey(n: u64) -> Vec<Vec<Fact>> {
    let asked = Fact::SignInAsked {
        effect: EffectId(n),
        student: number(n),
    };
    let identified = Fact::Identified {
        student: student(n),
        proof: Proof::SignIn,
    };
    let bind = Fact::BindAsked {
        effect: EffectId(n + 1),
    };
    vec![
        vec![opened()],
        vec![asked],
        vec![identified],
        vec![Fact::NumberGiven { mobile: mobile(n) }, bind],
        vec![Fact::NumberBound],
    ]
}

/// Writes a file that only its owner can read, as a key must be.
pub fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    close_to_others(path);
}

/// Has only its owner read a file.
pub fn close_to_others(path: &Path) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// A copy of the directory, as a kill leaves it.
pub fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else if entry.file_name() != "ballast" {
            // A file may be removed during the copy, as sled's snapshots are.
            let _ = fs::copy(entry.path(), target);
        }
    }
}

pub fn newest_segment(dir: &Path) -> PathBuf {
    let entries = fs::read_dir(dir.join("journal")).unwrap();
    entries.map(|e| e.unwrap().path()).max().unwrap()
}
