//! Checking a store, auditing it, backing it up, changing its key: the findings of each, and that a stop at any moment leaves
//! the old store or the new one.

use std::fs;
use std::path::Path;

use jiff::SignedDuration;
use yingxin::store::{
    AuditFaultKind, AuditReport, AuditSeal, Enrolled, Grade, Location, RealDisk, SignedSeal, Store,
    StoreError, StoreFinding, StoryEvent, UnmaskedView, VisitSelector, backup, check, rekey,
    restore, stats, story, verify, verify_against,
};
use yingxin::visit::{Pickup, VisitId};

use super::closed;
use super::desk::*;
use super::retention::Moody;

/// Two visits, eleven records, a roster; closed cleanly.
fn store_of(dir: &Path) -> Desk {
    let mut desk = Desk::default();
    let (store, _) = open(dir);
    for facts in journey(1) {
        commit(&store, desk.batch(1, facts)).unwrap();
    }
    commit(&store, desk.batch(1, vec![closed()])).unwrap();
    commit(&store, desk.batch(2, vec![opened(), parked(2)])).unwrap();
    for facts in journey(3) {
        commit(&store, desk.batch(2, facts[..1].to_vec())).unwrap();
    }
    commit(&store, desk.batch(2, vec![parked(2)])).unwrap();
    let enrolled = Enrolled {
        student: student(3),
        mobile: None,
    };
    store.roster().replace(&RealDisk, &[enrolled]).unwrap();
    store.close().unwrap();
    desk
}

/// The byte ranges of the records in the first segment.
fn records(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut at = 8192;
    let mut found = Vec::new();
    while bytes[at..at + 4] == [0xf5, 0x59, 0x58, 0xa7] {
        let length = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        found.push(at..at + length);
        at += length;
    }
    found
}

fn audited(
    image: &Path,
    change: impl FnOnce(&mut Vec<u8>, &[std::ops::Range<usize>]),
) -> AuditReport {
    let dir = tempfile::tempdir().unwrap();
    copy_dir(image, dir.path());
    let path = newest_segment(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    let places = records(&bytes);
    change(&mut bytes, &places);
    fs::write(&path, bytes).unwrap();
    verify(&Location::new(dir.path())).unwrap()
}

/// Changes bytes of a record and corrects its checksum, as an attacker who knows the format can.
fn forged(record: &mut [u8], at: usize) {
    record[at] ^= 1;
    let crc = crc32fast::hash(&record[12..]).to_le_bytes();
    record[8..12].copy_from_slice(&crc);
}

#[test]
fn the_audit_finds_what_was_removed_changed_reordered_or_cut() {
    let dir = tempfile::tempdir().unwrap();
    store_of(dir.path());
    let whole = audited(dir.path(), |_, _| {});
    assert!(whole.faults.is_empty() && whole.has_key, "{whole:?}");
    let count = whole.records;
    assert_eq!((whole.opened, whole.forgotten), (count, 0));
    let kinds = |verdict: AuditReport| -> Vec<AuditFaultKind> {
        assert!(verdict.faults.iter().all(|fault| fault.segment == 1));
        verdict.faults.into_iter().map(|fault| fault.kind).collect()
    };

    let removed = audited(dir.path(), |bytes, places| {
        let gone = places[4].clone();
        let length = bytes.len();
        bytes.drain(gone);
        bytes.resize(length, 0);
    });
    assert_eq!(
        kinds(removed),
        [AuditFaultKind::Removed { first: 4, last: 4 }]
    );
    let flipped = audited(dir.path(), |bytes, places| bytes[places[4].start + 80] ^= 4);
    assert_eq!(
        kinds(flipped),
        [AuditFaultKind::Changed { first: 4, last: 4 }]
    );
    let changed = audited(dir.path(), |bytes, places| {
        forged(&mut bytes[places[4].clone()], 100);
    });
    assert_eq!(
        kinds(changed),
        [
            AuditFaultKind::Unsealed { record: 4 },
            AuditFaultKind::Unlinked { record: 5 }
        ]
    );
    let swapped = audited(dir.path(), |bytes, places| {
        let (a, b) = (places[4].clone(), places[5].clone());
        let turned = [&bytes[b.clone()], &bytes[a.clone()]].concat();
        bytes[a.start..b.end].copy_from_slice(&turned);
    });
    assert_eq!(kinds(swapped), [AuditFaultKind::Reordered { record: 4 }]);
    let cut = audited(dir.path(), |bytes, places| bytes[places[9].start..].fill(0));
    let last = count - 1;
    assert_eq!(kinds(cut), [AuditFaultKind::Cut { first: 9, last }]);
    // Only the last record: no later one shows a break of the chain.
    let end = audited(dir.path(), |bytes, places| {
        forged(&mut bytes[places[places.len() - 1].clone()], 100);
    });
    assert_eq!(
        kinds(end),
        [
            AuditFaultKind::Mark { record: last },
            AuditFaultKind::Unsealed { record: last }
        ]
    );
}

#[test]
fn the_chain_is_checked_without_any_key_and_a_missing_beginning_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    store_of(dir.path());
    fs::remove_file(dir.path().join("visits.keys")).unwrap();
    let without = audited(dir.path(), |_, _| {});
    assert!(without.faults.is_empty(), "{without:?}");
    assert_eq!(without.forgotten, without.records);
    fs::remove_file(dir.path().join("desk.key")).unwrap();
    let without = audited(dir.path(), |_, _| {});
    assert!(without.faults.is_empty() && !without.has_key);
    let changed = audited(dir.path(), |bytes, places| {
        forged(&mut bytes[places[4].clone()], 100);
    });
    assert_eq!(
        changed.faults[0].kind,
        AuditFaultKind::Unlinked { record: 5 }
    );

    // A second segment, with the first one removed.
    let dir = tempfile::tempdir().unwrap();
    store_of(dir.path());
    let store = super::retention::open_right(2 * 86_400, dir.path(), None);
    store.close().unwrap();
    fs::remove_file(dir.path().join("journal/00000001.seg")).unwrap();
    let verdict = verify(&Location::new(dir.path())).unwrap();
    assert_eq!(verdict.begins_with, Some(2));
    assert_eq!(verdict.faults[0].kind, AuditFaultKind::Beginning);
}

#[test]
fn a_visits_story_is_told_by_any_of_its_names_and_views_are_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::new(dir.path());
    store_of(dir.path());
    let (store, _) = open(dir.path());
    let pickup = Pickup::new(Default::default(), 2);
    let visit = VisitId(2);
    let noted = store
        .record_view(UnmaskedView::Story, Some(visit), None)
        .blocking_recv();
    noted.unwrap().unwrap();
    store
        .record_view(UnmaskedView::Story, Some(VisitId(1)), None)
        .blocking_recv()
        .unwrap()
        .unwrap();
    for which in [VisitSelector::Pickup(pickup), VisitSelector::Visit(visit)] {
        let story = story(&location, &zone(), &which).unwrap().unwrap();
        assert_eq!(story.visit, visit);
        let facts =
            |entry: &&yingxin::store::StoryEntry| matches!(entry.what, StoryEvent::Fact(..));
        assert_eq!(story.entries.iter().filter(facts).count(), 8);
        let seen = story.entries.last().unwrap();
        assert!(
            matches!(seen.what, StoryEvent::Viewed(_, UnmaskedView::Story)),
            "{seen:?}"
        );
    }
    store.forget(visit).blocking_recv().unwrap().unwrap();
    store.close().unwrap();
    let story = story(&location, &zone(), &VisitSelector::Visit(visit))
        .unwrap()
        .unwrap();
    assert!(matches!(
        story.entries.last().map(|entry| &entry.what),
        Some(StoryEvent::Forgotten)
    ));
    assert!(
        !story
            .entries
            .iter()
            .any(|entry| matches!(entry.what, StoryEvent::Fact(..)))
    );
    assert!(verify(&location).unwrap().faults.is_empty());
}

fn looked_over(image: &Path, harm: impl FnOnce(&Path)) -> Vec<StoreFinding> {
    let dir = tempfile::tempdir().unwrap();
    copy_dir(image, dir.path());
    harm(dir.path());
    let before = tree(dir.path());
    let findings = check(&Location::new(dir.path()), &zone()).unwrap();
    assert_eq!(tree(dir.path()), before, "looking changed something");
    findings
}

/// The name and content of every file.
fn tree(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()))
        } else {
            all.push((path.display().to_string(), fs::read(&path).unwrap()))
        }
    }
    all.sort();
    all
}

fn worst(findings: &[StoreFinding]) -> (&'static str, Grade) {
    let worst = findings.iter().max_by_key(|finding| finding.grade).unwrap();
    (worst.part, worst.grade)
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 4;
    fs::write(path, bytes).unwrap();
}

#[test]
fn each_kind_of_damage_is_told_apart_and_nothing_is_changed() {
    let dir = tempfile::tempdir().unwrap();
    store_of(dir.path());
    let says = |findings: &[StoreFinding], part: &str| {
        let its = findings.iter().filter(|finding| finding.part == part);
        its.map(|finding| finding.says.clone())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let sound = looked_over(dir.path(), |_| {});
    assert_eq!(worst(&sound).1, Grade::Good, "{sound:?}");
    let killed = looked_over(dir.path(), |dir| {
        fs::remove_file(dir.join("clean")).unwrap()
    });
    assert_eq!(worst(&killed), ("sled", Grade::Note));

    let bit = looked_over(dir.path(), |dir| flip(&newest_segment(dir), 8300));
    assert_eq!(worst(&bit), ("journal", Grade::Damaged));
    assert!(
        says(&bit, "journal").contains("segment 1: record 0 is damaged"),
        "{bit:?}"
    );
    let cut = looked_over(dir.path(), |dir| {
        let path = newest_segment(dir);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..records(&bytes)[5].start]).unwrap();
    });
    assert_eq!(worst(&cut), ("journal", Grade::Damaged));
    assert!(
        says(&cut, "journal").contains("had been acknowledged"),
        "{cut:?}"
    );
    let torn = looked_over(dir.path(), |dir| {
        let path = newest_segment(dir);
        let mut bytes = fs::read(&path).unwrap();
        let end = records(&bytes).last().unwrap().end;
        let half = bytes[8192..8260].to_vec();
        bytes[end..end + half.len()].copy_from_slice(&half);
        fs::write(&path, bytes).unwrap();
    });
    assert_eq!(worst(&torn).1, Grade::Note, "{torn:?}");
    assert!(
        says(&torn, "journal").contains("never acknowledged"),
        "{torn:?}"
    );

    let lost = looked_over(dir.path(), |dir| {
        fs::remove_file(dir.join("desk.key")).unwrap()
    });
    assert_eq!(worst(&lost), ("key", Grade::Key));
    assert!(says(&lost, "key").contains("is not there"), "{lost:?}");
    let foreign = looked_over(dir.path(), |dir| {
        let other = format!("yingxin-desk-key-1 {}\n", "ab".repeat(32));
        write_private(&dir.join("desk.key"), &other);
    });
    assert_eq!(worst(&foreign), ("key", Grade::Key));
    assert!(
        says(&foreign, "key").contains("sealed with another key"),
        "{foreign:?}"
    );

    let sled = looked_over(dir.path(), |dir| {
        let db = dir.join("derived/00000001/db");
        let bytes = fs::read(&db).unwrap();
        let used = bytes.iter().rposition(|b| *b != 0).unwrap();
        flip(&db, used / 2);
    });
    assert_eq!(worst(&sled), ("sled", Grade::Damaged), "{sled:?}");
    let half = looked_over(dir.path(), |dir| flip(&dir.join("visits.keys"), 30));
    assert_eq!(worst(&half), ("visit keys", Grade::Note));
    let keys = looked_over(dir.path(), |dir| {
        flip(&dir.join("visits.keys"), 30);
        flip(&dir.join("visits.keys"), 30 + 64 * 72);
    });
    assert_eq!(worst(&keys).1, Grade::Damaged);
    assert!(
        says(&keys, "visit keys").contains("neither copy"),
        "{keys:?}"
    );
    let mark = looked_over(dir.path(), |dir| {
        flip(&dir.join("high-water"), 3);
        flip(&dir.join("high-water"), 4099);
    });
    assert_eq!(worst(&mark), ("high-water", Grade::Damaged));
    let roster = looked_over(dir.path(), |dir| {
        let path = dir.join("roster");
        flip(&path, fs::read(&path).unwrap().len() - 5);
    });
    assert_eq!(worst(&roster), ("roster", Grade::Damaged));
    let nowhere = check(&Location::new(dir.path().join("nowhere")), &zone());
    assert!(matches!(nowhere, Err(StoreError::Missing { .. })));
}

#[test]
fn a_backup_is_restored_within_its_time_by_its_own_desk_into_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let desk = store_of(dir.path());
    let location = Location::new(dir.path());
    let file = dir.path().join("a.backup");
    let days = |n: i64| SignedDuration::from_hours(24 * n);
    let made = backup(&location, &zone(), &file, days(7)).unwrap();
    assert_eq!(made.segments, 1);
    assert!(
        backup(&location, &zone(), &file, days(7)).is_err(),
        "it is overwritten"
    );
    let bytes = fs::read(&file).unwrap();
    for canary in ["13800000001", "202600000001", "欧阳"] {
        assert!(!bytes.windows(canary.len()).any(|w| w == canary.as_bytes()));
    }
    let busy = restore(&RealDisk, &location, &file);
    assert!(matches!(busy, Err(StoreError::NotEmpty { .. })), "{busy:?}");

    let fresh = || {
        let other = tempfile::tempdir().unwrap();
        fs::copy(dir.path().join("desk.key"), other.path().join("desk.key")).unwrap();
        other
    };
    let empty = tempfile::tempdir().unwrap();
    let keyless = restore(&RealDisk, &Location::new(empty.path()), &file);
    assert!(matches!(
        keyless,
        Err(StoreError::BackupForeign { found: None, .. })
    ));
    let other = format!("yingxin-desk-key-1 {}\n", "ab".repeat(32));
    write_private(&empty.path().join("desk.key"), &other);
    let foreign = restore(&RealDisk, &Location::new(empty.path()), &file);
    assert!(matches!(
        foreign,
        Err(StoreError::BackupForeign { found: Some(_), .. })
    ));
    let late = Moody::at(8 * 86_400);
    let expired = restore(&*late, &Location::new(fresh().path()), &file);
    assert!(matches!(expired, Err(StoreError::BackupExpired { .. })));
    for at in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut harmed = bytes.clone();
        harmed[at] ^= 1;
        let place = fresh();
        let path = place.path().join("harmed");
        fs::write(&path, harmed).unwrap();
        let refused = restore(&RealDisk, &Location::new(place.path()), &path);
        assert!(refused.is_err(), "byte {at}");
        fs::write(&path, &bytes[..at]).unwrap();
        let refused = restore(&RealDisk, &Location::new(place.path()), &path);
        assert!(refused.is_err(), "cut at {at}");
        assert!(!place.path().join("journal").exists());
    }

    // A stop at any point: all of it was restored, or nothing, and it can be repeated.
    for after in 0.. {
        let place = fresh();
        let location = Location::new(place.path());
        let disk = Moody::stopping(after);
        let done = restore(&*disk, &location, &file);
        let again = restore(&RealDisk, &location, &file);
        assert!(
            matches!(again, Ok(_) | Err(StoreError::NotEmpty { .. })),
            "{again:?}"
        );
        let (store, opened) = open(place.path());
        assert_eq!(sorted(opened.visits), desk.waiting(), "after {after}");
        assert_eq!(opened.damaged, 0);
        assert!(store.roster().find(&number(3)).is_some());
        assert!(!place.path().join("staged").exists());
        store.close().unwrap();
        if done.is_ok() {
            break;
        }
    }
}

#[test]
fn a_new_key_takes_the_old_ones_place_and_everything_is_still_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = store_of(dir.path());
    let location = Location::new(dir.path());
    let (store, _) = open(dir.path());
    let busy = rekey(&RealDisk, &location, &zone());
    assert!(matches!(busy, Err(StoreError::Locked { .. })));
    store.forget(VisitId(1)).blocking_recv().unwrap().unwrap();
    store.close().unwrap();
    let before = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), before.path());
    let old = fs::read(dir.path().join("desk.key")).unwrap();

    for round in 2..4u64 {
        let done = rekey(&RealDisk, &location, &zone()).unwrap();
        assert_ne!(done.old, done.new);
        assert_ne!(fs::read(dir.path().join("desk.key")).unwrap(), old);
        let (store, again) = open(dir.path());
        assert!(again.rebuilt);
        assert_eq!(again.damaged, 0, "the old notes are read");
        assert_eq!(sorted(again.visits), desk.waiting());
        assert!(store.roster().find(&number(3)).is_some());
        let id = u128::from(round) * 10;
        commit(&store, desk.batch(id, vec![opened(), parked(round)])).unwrap();
        store.close().unwrap();
        assert!(verify(&location).unwrap().faults.is_empty());
        assert_eq!(
            fs::read_dir(dir.path().join("journal")).unwrap().count() as u64,
            round
        );
    }
    // The old key opens nothing any more.
    fs::write(dir.path().join("desk.key"), &old).unwrap();
    assert!(try_open(dir.path()).is_err());

    // A stop at any point leaves a store that its key opens.
    let mut both = [false; 2];
    for after in 0.. {
        let place = tempfile::tempdir().unwrap();
        copy_dir(before.path(), place.path());
        let disk = Moody::stopping(after);
        let done = rekey(&*disk, &Location::new(place.path()), &zone());
        let is_new = fs::read(place.path().join("desk.key")).unwrap() != old;
        both[usize::from(is_new)] = true;
        // A command that only reads finds the store whole as well.
        let listed = yingxin::store::list_read_only(&Location::new(place.path()), &zone());
        assert_eq!(listed.unwrap().len(), 1, "after {after}");
        let (store, again) = open(place.path());
        assert_eq!(again.damaged, 0, "after {after}");
        assert_eq!(again.visits.len(), 1);
        assert!(store.roster().find(&number(3)).is_some());
        assert!(!place.path().join("staged").exists());
        store.close().unwrap();
        assert!(
            verify(&Location::new(place.path()))
                .unwrap()
                .faults
                .is_empty()
        );
        if done.is_ok() {
            break;
        }
    }
    assert_eq!(both, [true; 2]);
}

#[test]
fn a_retired_key_goes_with_the_last_segment_that_it_was_for() {
    let dir = tempfile::tempdir().unwrap();
    let desk = store_of(dir.path());
    let location = Location::new(dir.path());
    rekey(&RealDisk, &location, &zone()).unwrap();
    let length = || fs::metadata(dir.path().join("keys.retired")).unwrap().len();
    let with_one = length();
    let store = super::retention::open_right(5 * 86_400, dir.path(), Some(3));
    store.close().unwrap();
    assert!(length() < with_one);
    let (_store, again) = open(dir.path());
    assert_eq!(again.damaged, 0);
    assert_eq!(sorted(again.visits), desk.waiting());
}

#[test]
fn stats_count_and_name_nobody() {
    let dir = tempfile::tempdir().unwrap();
    store_of(dir.path());
    let stats = stats(&Location::new(dir.path()), &zone()).unwrap();
    assert_eq!((stats.segments, stats.visit_keys), (1, 64));
    assert!(stats.is_clean && stats.records > 10);
    assert_eq!(stats.roster.unwrap().rows, 1);
    let today = today();
    let (store, opened) = Store::rebuild(&Location::new(dir.path()), today, &zone()).unwrap();
    assert!(opened.rebuilt);
    let busy = Store::rebuild(&Location::new(dir.path()), today, &zone());
    assert!(matches!(busy.err(), Some(StoreError::Locked { .. })));
    drop(store);
}

/// What happens to the mark, with its name.
type Loss = (&'static str, fn(&Path));

#[test]
fn a_mark_that_is_gone_is_a_fault_until_the_journal_is_accepted() {
    let image = tempfile::tempdir().unwrap();
    let mut desk = store_of(image.path());
    let losses: [Loss; 3] = [
        ("missing", |dir| {
            fs::remove_file(dir.join("high-water")).unwrap()
        }),
        ("damaged", |dir| {
            flip(&dir.join("high-water"), 3);
            flip(&dir.join("high-water"), 4099);
        }),
        ("empty", |dir| {
            fs::write(dir.join("high-water"), "").unwrap()
        }),
    ];
    for (name, loses) in losses {
        let dir = tempfile::tempdir().unwrap();
        copy_dir(image.path(), dir.path());
        loses(dir.path());
        let is_fault = || {
            let verdict = verify(&Location::new(dir.path())).unwrap();
            let lost = |fault: &yingxin::store::AuditFault| fault.kind == AuditFaultKind::MarkLost;
            verdict.faults.iter().any(lost)
        };
        for visit in [20, 21] {
            assert!(is_fault(), "{name}");
            let found = check(&Location::new(dir.path()), &zone()).unwrap();
            assert_eq!(worst(&found), ("high-water", Grade::Damaged), "{name}");
            // The desk works, writes and stops: the mark is not made anew by that.
            let (store, opened) = open(dir.path());
            assert!(opened.is_mark_lost, "{name}");
            commit(&store, desk.batch(visit, vec![super::desk::opened()])).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(100));
            store.close().unwrap();
        }
        let (store, _) = open(dir.path());
        store.accept_journal(None).blocking_recv().unwrap().unwrap();
        store.close().unwrap();
        assert!(!is_fault(), "{name}");
        let (store, opened) = open(dir.path());
        assert!(!opened.is_mark_lost && !opened.cut, "{name}");
        store.close().unwrap();
        desk.visits.retain(|id, _| id.0 < 20);
    }
}

#[test]
fn an_older_journal_put_back_without_its_mark_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    store_of(dir.path());
    // Six records fewer, as they were on the disk a while ago, and no high-water mark: the clean stop remembers.
    let path = newest_segment(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    let records = records(&bytes);
    let from = records[records.len() - 6].start;
    bytes[from..].fill(0);
    fs::write(&path, bytes).unwrap();
    fs::remove_file(dir.path().join("high-water")).unwrap();
    let verdict = verify(&Location::new(dir.path())).unwrap();
    let kinds: Vec<AuditFaultKind> = verdict.faults.into_iter().map(|fault| fault.kind).collect();
    let (first, last) = (records.len() as u64 - 6, records.len() as u64 - 1);
    assert_eq!(
        kinds,
        [
            AuditFaultKind::MarkLost,
            AuditFaultKind::Cut { first, last }
        ]
    );
    let (store, opened) = open(dir.path());
    assert!(opened.cut && opened.is_mark_lost);
    store.close().unwrap();
}

#[test]
fn a_seal_kept_elsewhere_shows_an_older_copy_that_was_put_back_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = store_of(dir.path());
    let location = Location::new(dir.path());
    let old = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), old.path());
    let sealed = || {
        let (record, hash) = verify(&location).unwrap().last.unwrap();
        let seal = AuditSeal {
            desk: "001".into(),
            at: at(0),
            record,
            hash,
        };
        seal.sign(&location).unwrap()
    };
    let first = sealed();
    let (store, _) = open(dir.path());
    commit(&store, desk.batch(20, vec![super::desk::opened()])).unwrap();
    store.close().unwrap();
    let second = sealed();
    let seals = [first.clone(), second.clone()];
    assert_eq!(verify_against(&location, &seals).unwrap().faults, []);
    // The whole folder as it was before: by itself it is whole.
    let put_back = Location::new(old.path());
    assert_eq!(verify(&put_back).unwrap().faults, []);
    let kinds = |location: &Location, seals: &[SignedSeal]| -> Vec<AuditFaultKind> {
        let faults = verify_against(location, seals).unwrap().faults;
        faults.into_iter().map(|fault| fault.kind).collect()
    };
    let record = second.seal.record;
    assert_eq!(
        kinds(&put_back, &seals),
        [AuditFaultKind::SealBeyond { record }]
    );
    // Another record in that place.
    let (store, _) = open(old.path());
    commit(&store, desk.batch(21, vec![super::desk::opened()])).unwrap();
    store.close().unwrap();
    assert_eq!(
        kinds(&put_back, &seals),
        [AuditFaultKind::SealDiffers { record }]
    );
    let forged = second.to_string().replace("desk=001", "desk=002");
    let forged = SignedSeal::parse(&forged).unwrap();
    assert_eq!(
        kinds(&location, &[forged]),
        [AuditFaultKind::SealForeign { record }]
    );
}
