//! Old segments are dropped by age: facts of open visits are carried forward, ended visits are removed, and a stop at any
//! moment leaves a store that reads the same.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use yingxin::store::{
    Disk, Enrolled, ForgetReceipt, Handle, Location, Opened, RealDisk, Store, StoreError,
};
use yingxin::visit::{Fact, Proof, StudentNumber};

use super::desk::*;
use super::{any_fact, closed, code_issued, sign_in_asked, sign_in_refused};

const DAY: i64 = 86_400;

/// A disk whose clock can be set, and which stops after a number of changes, the last one half done.
#[derive(Debug)]
pub struct Moody {
    /// Seconds from now.
    pub offset: AtomicI64,
    /// Seconds by which the clock jumps when it was looked at once.
    jump: AtomicI64,
    /// Changes until it stops.
    pub left: AtomicI64,
}

impl Moody {
    pub fn at(offset: i64) -> Arc<Moody> {
        Arc::new(Moody {
            offset: AtomicI64::new(offset),
            jump: AtomicI64::new(0),
            left: AtomicI64::new(i64::MAX),
        })
    }

    /// The clock jumps by so many seconds as soon as the store has looked at it.
    pub fn jumping(by: i64) -> Arc<Moody> {
        let disk = Moody::at(0);
        disk.jump.store(by, Ordering::SeqCst);
        disk
    }

    pub fn stopping(after: i64) -> Arc<Moody> {
        Arc::new(Moody {
            offset: AtomicI64::new(0),
            jump: AtomicI64::new(0),
            left: AtomicI64::new(after),
        })
    }

    fn step(&self) -> io::Result<()> {
        if self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            Ok(())
        } else {
            Err(io::Error::other("the plug was pulled"))
        }
    }
}

impl Disk for Moody {
    fn create(&self, path: &Path) -> io::Result<Handle> {
        self.step()?;
        RealDisk.create(path)
    }
    fn open(&self, path: &Path) -> io::Result<Handle> {
        RealDisk.open(path)
    }
    fn write_at(&self, to: &Handle, bytes: &[u8], at: u64) -> io::Result<()> {
        if let Err(e) = self.step() {
            if self.left.load(Ordering::SeqCst) == -1 {
                RealDisk.write_at(to, &bytes[..bytes.len() / 2], at)?;
            }
            return Err(e);
        }
        RealDisk.write_at(to, bytes, at)
    }
    fn sync(&self, _: &Handle) -> io::Result<()> {
        self.step()
    }
    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        self.step()
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.remove(path)
    }
    fn reserve(&self, of: &Handle, len: u64) -> io::Result<()> {
        self.step()?;
        RealDisk.reserve(of, len)
    }
    fn built(&self) -> Option<Timestamp> {
        None
    }
    fn now(&self) -> Timestamp {
        let jump = self.jump.swap(0, Ordering::SeqCst);
        let ahead = self.offset.fetch_add(jump, Ordering::SeqCst);
        Timestamp::now() + SignedDuration::from_secs(ahead)
    }
}

pub fn open_with(
    disk: &Arc<Moody>,
    dir: &Path,
    keep: Option<u32>,
) -> Result<(Store, Opened), StoreError> {
    let location = Location {
        retention_days: keep,
        ..Location::new(dir)
    };
    let disk: Arc<dyn Disk> = Arc::clone(disk) as Arc<dyn Disk>;
    Store::open_on(disk, &location, today(), &zone())
}

/// A start at a right clock, `offset` seconds from now. After a stop of days it is confirmed, as a campus's server does; what
/// is old goes in the next quiet moment, here at the start after it.
pub fn open_right(offset: i64, dir: &Path, keep: Option<u32>) -> Store {
    let (store, _) = open_with(&Moody::at(offset), dir, keep).unwrap();
    if store.clock().doubt.is_some() {
        store.confirm_clock().blocking_recv().unwrap().unwrap();
        store.close().unwrap();
        return open_with(&Moody::at(offset), dir, keep).unwrap().0;
    }
    store
}

/// The batches that a desk writes on a day, `offset` seconds from now.
pub fn day(desk: &mut Desk, dir: &Path, offset: i64, turns: Vec<(u128, Vec<Fact>)>) {
    let store = open_right(offset, dir, None);
    desk.clock = Timestamp::now().as_second() + offset - at(0).as_second();
    for (id, facts) in turns {
        commit(&store, desk.batch(id, facts)).unwrap();
    }
    store.close().unwrap();
}

pub fn whole(n: u64, end: Fact) -> Vec<(u128, Vec<Fact>)> {
    let mut turns: Vec<_> = journey(n).into_iter().map(|f| (u128::from(n), f)).collect();
    turns.push((u128::from(n), vec![end]));
    turns
}

/// Four days of a desk: visits 1 and 4 ended, 2 and 5 wait, 2 since the first day; and moments that limits count.
pub fn days(dir: &Path) -> Desk {
    let mut desk = Desk::default();
    let mut first = whole(1, closed());
    first.extend(whole(2, parked(2)));
    day(&mut desk, dir, -10 * DAY, first);
    let resumed = Fact::Resumed { by: Proof::SignIn };
    let second = vec![(2, vec![resumed]), (2, vec![parked(2)])];
    day(&mut desk, dir, -9 * DAY, second);
    day(&mut desk, dir, -25 * 3600, whole(4, closed()));
    let mut last = whole(5, parked(5));
    for n in 0..4 {
        last.push((5, vec![sign_in_asked(n, 9), sign_in_refused(9)]));
        last.push((5, vec![code_issued(100 + n, 9)]));
    }
    day(&mut desk, dir, -7200, last);
    desk
}

pub fn segments(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir.join("journal")).unwrap();
    let mut names: Vec<_> = names
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The key of the n-th visit that was opened, as the file holds it.
fn key_is_destroyed(dir: &Path, slot: usize) -> bool {
    let bytes = fs::read(dir.join("visits.keys")).unwrap();
    bytes[slot * 72..slot * 72 + 72].iter().all(|b| *b == 0)
}

fn is_same(again: Opened, desk: &Desk, before: &Opened) {
    assert_eq!((again.damaged, again.cut), (0, false));
    assert_eq!(sorted(again.visits), desk.waiting());
    assert_eq!(again.limits, before.limits);
    assert_eq!(again.counts, before.counts);
}

/// The store as a kill leaves it: the projection is not trusted.
fn rebuilt(dir: &Path) -> Opened {
    let image = tempfile::tempdir().unwrap();
    copy_dir(dir, image.path());
    let _ = fs::remove_file(image.path().join("clean"));
    let (store, opened) = open(image.path());
    assert!(opened.rebuilt);
    drop(store);
    opened
}

#[test]
fn what_is_older_goes_and_what_is_open_is_carried_forward() {
    for keep in [30, 3, 1] {
        let dir = tempfile::tempdir().unwrap();
        let desk = days(dir.path());
        let before = rebuilt(dir.path());
        assert_eq!(segments(dir.path()).len(), 3);
        let (store, _) = open_with(&Moody::at(0), dir.path(), Some(keep)).unwrap();
        store.close().unwrap();
        is_same(rebuilt(dir.path()), &desk, &before);
        let names = segments(dir.path());
        let (store, again) = open(dir.path());
        assert!(!again.rebuilt);
        is_same(again, &desk, &before);
        store.close().unwrap();
        match keep {
            3 => assert_eq!(names, ["00000003.seg", "00000004.seg"]),
            1 => assert_eq!(names, ["00000004.seg"]),
            _ => assert_eq!(names.len(), 4),
        }
        assert_eq!(key_is_destroyed(dir.path(), 0), keep < 30, "1 has ended");
        assert!(!key_is_destroyed(dir.path(), 1), "2 waits");
        assert_eq!(key_is_destroyed(dir.path(), 2), keep < 3, "4 has ended");
        // Nothing of that is done twice.
        let (store, _) = open_with(&Moody::at(0), dir.path(), Some(keep)).unwrap();
        store.close().unwrap();
        assert_eq!(segments(dir.path()), names);
    }
}

#[test]
fn what_was_carried_is_carried_again_and_a_long_story_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    day(&mut desk, dir.path(), -30 * DAY, whole(2, parked(2)));
    let words = yingxin::visit::FreeText::new(&"长".repeat(4000));
    let note = |_| Fact::TicketNoted {
        called_at: None,
        by: words.clone(),
        answer: words.clone(),
    };
    let ticket = Fact::TicketOpened {
        number: yingxin::visit::TicketNumber::of(yingxin::visit::Pickup::new(
            Default::default(),
            7,
        )),
        reason: words.clone(),
        route: None,
        step: None,
    };
    let mut turns = vec![(2u128, vec![ticket])];
    turns.extend((0..39).map(|n| (2u128, vec![note(n)])));
    day(&mut desk, dir.path(), -20 * DAY, turns);
    for offset in [-15 * DAY, -8 * DAY, 0] {
        open_right(offset, dir.path(), Some(6)).close().unwrap();
        assert_eq!(sorted(rebuilt(dir.path()).visits), desk.waiting());
    }
    assert_eq!(segments(dir.path()).len(), 1);
}

#[test]
fn a_stop_at_any_moment_leaves_a_store_that_reads_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let desk = days(dir.path());
    let before = rebuilt(dir.path());
    let mut runs = 0;
    for after in 0.. {
        let image = tempfile::tempdir().unwrap();
        copy_dir(dir.path(), image.path());
        let disk = Moody::stopping(after);
        if let Ok((store, _)) = open_with(&disk, image.path(), Some(1)) {
            let _ = store.close();
        }
        is_same(rebuilt(image.path()), &desk, &before);
        runs = after;
        if disk.left.load(Ordering::SeqCst) >= 0 {
            break;
        }
        // The next start finishes it.
        if after % 7 == 0 {
            let (store, again) = open_with(&Moody::at(0), image.path(), Some(1)).unwrap();
            is_same(again, &desk, &before);
            store.close().unwrap();
            is_same(rebuilt(image.path()), &desk, &before);
            let names = segments(image.path());
            assert!(
                names.first().unwrap().as_str() >= "00000004.seg",
                "{names:?}"
            );
            assert!(key_is_destroyed(image.path(), 0) && key_is_destroyed(image.path(), 2));
        }
    }
    assert!(runs > 20, "only {runs} changes");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    #[test]
    fn whatever_was_written_and_however_long_it_is_kept(
        turns in prop::collection::vec(
            (0i64..5, 0u128..5, prop::collection::vec(any_fact(), 1..4)), 1..25),
        keeps in prop::collection::vec(1u32..6, 1..3)
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut desk = Desk::default();
        for ago in (0..5).rev() {
            let todays: Vec<_> = turns
                .iter()
                .filter(|(day, _, _)| *day == ago)
                .map(|(_, id, facts)| (*id, facts.clone()))
                .collect();
            day(&mut desk, dir.path(), -ago * DAY - 60, todays);
        }
        let before = rebuilt(dir.path());
        for keep in keeps {
            let (store, _) = open_with(&Moody::at(0), dir.path(), Some(keep)).unwrap();
            store.close().unwrap();
            is_same(rebuilt(dir.path()), &desk, &before);
        }
    }
}

fn forget(store: &Store, n: u64) -> ForgetReceipt {
    let told = store.forget_person(number(n)).blocking_recv();
    told.unwrap().unwrap().wait()
}

#[test]
fn a_person_is_forgotten_with_all_visits_and_the_rosters_row() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    let mut turns = whole(1, closed());
    turns.extend(whole(2, parked(2)));
    for facts in journey(1) {
        turns.push((11, facts));
    }
    turns.push((11, vec![parked(11)]));
    // Student 2 typed the number of 1 by mistake; another visitor tried the number of 1 and left.
    turns.push((2, vec![sign_in_asked(7, 1), sign_in_refused(1)]));
    turns.push((12, vec![opened(), sign_in_asked(8, 1)]));
    turns.push((12, vec![sign_in_refused(1), closed()]));
    for (id, facts) in turns {
        commit(&store, desk.batch(id, facts)).unwrap();
    }
    let enrolled = |n| Enrolled {
        student: student(n),
        mobile: None,
    };
    store
        .roster()
        .replace(&RealDisk, &[enrolled(1), enrolled(2)])
        .unwrap();
    let image = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), image.path());

    let receipt = forget(&store, 1);
    let ids: Vec<u128> = receipt.visits.iter().map(|id| id.0).collect();
    assert_eq!(ids, [1, 11, 12]);
    assert_eq!((receipt.mentions, receipt.roster), (1, true));
    assert!(receipt.noted.is_some());
    assert!(store.roster().find(&number(1)).is_none());
    assert!(store.roster().find(&number(2)).is_some());
    let late = desk.batch(11, vec![Fact::CodeSent]);
    assert!(
        commit(&store, late).is_err(),
        "a late answer brings it back"
    );
    let again = forget(&store, 1);
    assert!(again.visits.is_empty() && again.noted.is_none());
    store.close().unwrap();
    for slot in [0, 2, 3] {
        assert!(key_is_destroyed(dir.path(), slot), "{slot}");
    }
    let again = rebuilt(dir.path());
    assert_eq!(again.damaged, 0);
    let ids: Vec<u128> = again.visits.iter().map(|visit| visit.id.0).collect();
    assert_eq!(ids, [2]);

    // The same where the projection does not know the visit, with a stop between the note and the destruction of the key.
    let mut destroyed = 0;
    for after in (0..40).step_by(3) {
        let stopped = tempfile::tempdir().unwrap();
        copy_dir(image.path(), stopped.path());
        let disk = Moody::stopping(i64::MAX);
        let (store, _) = open_with(&disk, stopped.path(), None).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(30));
        disk.left.store(after, Ordering::SeqCst);
        let told = store.forget_person(number(1)).blocking_recv().unwrap();
        stop(store, stopped.path());
        let (store, again) = open(stopped.path());
        let is_noted = again.visits.iter().all(|visit| visit.id.0 != 11);
        assert!(
            told.is_err() || is_noted,
            "acknowledged after {after}, and still there"
        );
        assert_eq!(again.damaged, 0);
        if is_noted {
            destroyed += 1;
            assert!(key_is_destroyed(stopped.path(), 2), "after {after}");
        }
        stop(store, stopped.path());
    }
    assert!(destroyed > 2);
}

#[test]
fn a_number_is_found_however_its_letters_are_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    let mut student = student(1);
    student.number = StudentNumber::from_campus("B26x1");
    let identified = Fact::Identified {
        student,
        proof: Proof::SignIn,
    };
    commit(&store, desk.batch(1, vec![opened(), identified])).unwrap();
    let told = store.forget_person(StudentNumber::from_campus("b26X1"));
    let receipt = told.blocking_recv().unwrap().unwrap().wait();
    assert_eq!(receipt.visits.len(), 1);
}
