//! Who was forgotten stands in no file of the store: all that the desk key opens is opened, old pages of sled's too, and
//! searched for a canary.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use yingxin::store::{Enrolled, Location, RealDisk, Store, rekey};
use yingxin::visit::{
    ActKind, Fact, Name, Proof, Student, TicketContact, TicketNumber, TicketState,
};

use super::desk::*;
use super::opener::{Person, search, search_with};
use super::retention::{Moody, day, open_with};
use super::{closed, code_issued, sign_in_asked, sign_in_refused};

const NAME: &str = "金丝雀";
const WORDS: &str = "笼子的门打不开";
const CANARY: u64 = 77;

pub fn canary() -> Person {
    Person {
        number: number(CANARY).as_str().to_owned(),
        words: [mobile(CANARY).as_str(), NAME, WORDS]
            .map(str::to_owned)
            .to_vec(),
    }
}

fn canary_student() -> Student {
    Student {
        number: number(CANARY),
        name: Name::new(NAME),
    }
}

/// A ticket that tells of the canary, and an act that waits for the campus.
fn ticket_and_outbox(n: u64) -> Vec<Fact> {
    let contact = TicketContact {
        number: Some(number(CANARY)),
        name: Some(Name::new(NAME)),
        mobile: Some(mobile(CANARY)),
    };
    vec![
        Fact::Queued {
            what: ActKind::BindNumber,
            why: None,
        },
        Fact::TicketOpened {
            number: TicketNumber::of(pickup(n)),
            reason: WORDS.to_owned().into(),
            route: None,
            step: None,
        },
        Fact::TicketContactGiven { contact },
        Fact::TicketNoted {
            called_at: None,
            by: NAME.to_owned().into(),
            answer: WORDS.to_owned().into(),
        },
    ]
}

/// The ticket is solved and nothing waits for the campus.
fn solved() -> Vec<Fact> {
    vec![
        Fact::Unqueued {
            what: ActKind::BindNumber,
        },
        Fact::TicketChanged {
            state: TicketState::Solved,
            by: NAME.to_owned().into(),
        },
    ]
}

/// The turns of a visit of the canary's: refused, identified, with codes, a ticket and an outbox.
pub fn turns(id: u128, end: Fact) -> Vec<(u128, Vec<Fact>)> {
    let mut turns = vec![(id, vec![opened()])];
    for n in 0..6 {
        let facts = vec![sign_in_asked(n, CANARY), sign_in_refused(CANARY)];
        turns.push((id, facts));
    }
    let identified = Fact::Identified {
        student: canary_student(),
        proof: Proof::Volunteer,
    };
    let given = Fact::NumberGiven {
        mobile: mobile(CANARY),
    };
    turns.push((id, vec![identified, given]));
    for n in 0..4 {
        turns.push((id, vec![code_issued(50 + n, CANARY), Fact::CodeSent]));
    }
    turns.push((id, ticket_and_outbox(u64::try_from(id).unwrap())));
    if end == closed() {
        turns.push((id, solved()));
    }
    turns.push((id, vec![end]));
    turns
}

/// A store with the canary in every place: visits, limits, roster, a roster that a stop left unfinished.
fn nest(dir: &Path, desk: &mut Desk) -> Store {
    let (store, _) = open(dir);
    let mut all = turns(1, parked(1));
    all.extend(journey(2).into_iter().map(|facts| (2, facts)));
    all.push((2, vec![parked(2)]));
    all.extend(turns(3, closed()));
    for (id, facts) in all {
        commit(&store, desk.batch(id, facts)).unwrap();
    }
    let enrolled = |student| Enrolled {
        student,
        mobile: Some(mobile(CANARY)),
    };
    let roster = store.roster();
    roster
        .replace(&RealDisk, &[enrolled(canary_student())])
        .unwrap();
    fs::copy(dir.join("roster"), dir.join("roster.new")).unwrap();
    store
}

fn forget(store: &Store) -> bool {
    let told = store.forget_person(number(CANARY)).blocking_recv();
    told.unwrap()
        .is_ok_and(|forgotten| forgotten.wait().renewed)
}

#[test]
fn nothing_that_the_desk_key_opens_holds_who_was_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let store = nest(dir.path(), &mut desk);
    store.close().unwrap();
    // What must never stand in the log is found there.
    let log = dir.path().join("yingxin.log");
    fs::write(&log, format!("WARN {WORDS}\n")).unwrap();
    let before = search(dir.path(), &canary());
    fs::remove_file(&log).unwrap();
    for place in [
        "journal/00000001.seg",
        "derived/00000001/db",
        "visits",
        "closed",
        "yingxin.log",
        "roster",
        "roster.new",
    ] {
        assert!(before.plain.contains(place), "no {place} in {before:?}");
    }
    assert!(before.tags.contains("derived/00000001/db"), "{before:?}");
    let (store, _) = open(dir.path());
    assert!(forget(&store));
    // While the desk runs.
    let found = search(dir.path(), &canary());
    assert!(found.is_nothing(), "{found:?}");
    // What stays is there, and goes on.
    commit(&store, desk.batch(2, vec![Fact::CodeAccepted])).unwrap();
    assert!(forget(&store), "it can be repeated");
    store.close().unwrap();
    desk.visits.retain(|id, _| id.0 == 2);
    let (store, again) = open(dir.path());
    assert!(!again.rebuilt);
    assert_eq!(sorted(again.visits), desk.waiting());
    let found = search(dir.path(), &canary());
    assert!(found.is_nothing(), "after a restart: {found:?}");
    store.close().unwrap();
    let (store, again) = Store::rebuild(&Location::new(dir.path()), today(), &zone()).unwrap();
    assert!(again.rebuilt);
    assert_eq!(sorted(again.visits), desk.waiting());
    store.close().unwrap();
    let found = search(dir.path(), &canary());
    assert!(found.is_nothing(), "after a rebuild: {found:?}");
    let old_key = tempfile::tempdir().unwrap();
    let old_key = old_key.path().join("desk.key");
    fs::copy(dir.path().join("desk.key"), &old_key).unwrap();
    rekey(&RealDisk, &Location::new(dir.path()), &zone()).unwrap();
    let found = search(dir.path(), &canary());
    assert!(found.is_nothing(), "after a new key: {found:?}");
    let found = search_with(dir.path(), &old_key, &canary());
    assert!(found.is_nothing(), "by the old key: {found:?}");
    let (store, again) = open(dir.path());
    assert_eq!(sorted(again.visits), desk.waiting());
    store.close().unwrap();
    let found = search(dir.path(), &canary());
    assert!(found.is_nothing(), "with the new key: {found:?}");
}

#[test]
fn what_is_dropped_by_age_leaves_no_number_in_the_counts() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    // Longer ago than a day, and so lately that its limits are carried forward.
    day(&mut desk, dir.path(), -88_200, turns(1, closed()));
    assert!(!search(dir.path(), &canary()).plain.is_empty());
    let (store, _) = open_with(&Moody::at(0), dir.path(), Some(1)).unwrap();
    store.close().unwrap();
    assert!(!dir.path().join("journal/00000001.seg").exists());
    let found = search(dir.path(), &canary());
    assert!(found.plain.is_empty(), "{found:?}");
    let (store, _) = Store::rebuild(&Location::new(dir.path()), today(), &zone()).unwrap();
    store.close().unwrap();
    let found = search(dir.path(), &canary());
    assert!(found.plain.is_empty(), "rebuilt: {found:?}");
}

#[test]
fn a_stop_while_somebody_is_forgotten_is_made_good_by_the_next_try() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let store = nest(dir.path(), &mut desk);
    stop(store, dir.path());
    desk.visits.retain(|id, _| id.0 == 2);
    for after in (0..).step_by(2) {
        let image = tempfile::tempdir().unwrap();
        copy_dir(dir.path(), image.path());
        let disk = Moody::at(0);
        let (store, _) = open_with(&disk, image.path(), None).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(30));
        disk.left.store(after, Ordering::SeqCst);
        forget(&store);
        let is_whole = disk.left.load(Ordering::SeqCst) >= 0;
        stop(store, image.path());
        let (store, again) = open(image.path());
        assert_eq!(again.damaged, 0, "after {after}");
        assert!(again.visits.iter().any(|visit| visit.id.0 == 2));
        assert!(forget(&store), "after {after}");
        store.close().unwrap();
        let (store, again) = open(image.path());
        assert_eq!(sorted(again.visits), desk.waiting(), "after {after}");
        store.close().unwrap();
        let derived = fs::read_dir(image.path().join("derived")).unwrap();
        assert_eq!(derived.count(), 1, "after {after}");
        if after % 12 == 0 || is_whole {
            let found = search(image.path(), &canary());
            assert!(found.is_nothing(), "after {after}: {found:?}");
        }
        if is_whole {
            assert!(after > 10, "only {after} changes");
            break;
        }
    }
}
