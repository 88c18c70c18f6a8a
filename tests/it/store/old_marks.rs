//! The mark of how far the journal was acknowledged, as somebody leaves it who cut the journal: an old one, an empty one, or
//! none beside no journal at all.

use std::fs;
use std::path::Path;
use std::time::Duration;

use yingxin::store::{AuditFaultKind, Batch, Grade, Location, check, verify};

use super::desk::*;

/// More records than the mark is ever behind.
const LATER: u128 = 300;

/// Whether the audit, the check and the next start say that the mark is lost; they agree.
fn is_lost(dir: &Path) -> bool {
    let location = Location::new(dir);
    let verdict = verify(&location).unwrap();
    let lost = |fault: &yingxin::store::AuditFault| fault.kind == AuditFaultKind::MarkLost;
    let told = verdict.faults.iter().any(lost);
    let found = check(&location, &zone()).unwrap();
    let damaged = |part: &str| {
        let mut of_part = found.iter().filter(|finding| finding.part == part);
        of_part.any(|finding| finding.grade == Grade::Damaged)
    };
    assert_eq!(damaged("high-water"), told, "{found:?}");
    let copy = tempfile::tempdir().unwrap();
    copy_dir(dir, copy.path());
    let (store, opened) = open(copy.path());
    assert_eq!(opened.is_mark_lost, told);
    stop(store, copy.path());
    told
}

/// A store of a few records that was killed, and its mark as it was then.
fn young(dir: &Path, desk: &mut Desk) -> Vec<u8> {
    let (store, _) = open(dir);
    for id in 1..6 {
        commit(&store, desk.batch(id, vec![opened()])).unwrap();
    }
    std::thread::sleep(Duration::from_millis(200));
    let mark = fs::read(dir.join("high-water")).unwrap();
    stop(store, dir);
    mark
}

#[test]
fn an_old_mark_beside_a_longer_journal_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let old = young(dir.path(), &mut desk);
    let (store, _) = open(dir.path());
    for id in 6..LATER {
        commit(&store, desk.batch(id, vec![opened()])).unwrap();
    }
    // Killed in the middle of its work, the mark is behind by a little.
    stop(store, dir.path());
    assert!(!is_lost(dir.path()));
    let newest = fs::read(dir.path().join("high-water")).unwrap();
    fs::write(dir.path().join("high-water"), &old).unwrap();
    assert!(is_lost(dir.path()));
    fs::write(dir.path().join("high-water"), newest).unwrap();
    // A clean stop remembers the end to the record.
    let (store, _) = open(dir.path());
    std::thread::sleep(Duration::from_millis(200));
    let before = fs::read(dir.path().join("high-water")).unwrap();
    commit(&store, desk.batch(LATER, vec![opened()])).unwrap();
    store.close().unwrap();
    assert!(!is_lost(dir.path()));
    fs::write(dir.path().join("high-water"), before).unwrap();
    assert!(is_lost(dir.path()));
}

#[test]
fn power_cuts_one_after_the_other_leave_no_mark_far_behind() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    for cut in 0..6u128 {
        let (store, opened_again) = open(dir.path());
        assert!(!opened_again.is_mark_lost, "after {cut} cuts");
        // Fewer than are marked at once.
        let mut together = Batch::default();
        for id in 0..60 {
            let mut one = desk.batch(1 + cut * 60 + id, vec![opened()]);
            together.records.append(&mut one.records);
            together.visits.append(&mut one.visits);
        }
        commit(&store, together).unwrap();
        stop(store, dir.path());
    }
    assert!(!is_lost(dir.path()));
}

#[test]
fn an_emptied_mark_beside_a_few_records_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    // Nothing was recorded yet, and the machine stops.
    let (store, _) = open(dir.path());
    stop(store, dir.path());
    assert!(!is_lost(dir.path()));
    // Killed before the first pause in which the mark goes on.
    let (store, _) = open(dir.path());
    commit(&store, desk.batch(1, vec![opened()])).unwrap();
    let killed = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), killed.path());
    assert!(!is_lost(killed.path()));
    stop(store, dir.path());
    fs::write(dir.path().join("high-water"), "").unwrap();
    let _ = fs::remove_file(dir.path().join("clean"));
    assert!(is_lost(dir.path()));
}

#[test]
fn a_journal_that_is_gone_with_its_marks_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    young(dir.path(), &mut Desk::default());
    fs::remove_file(newest_segment(dir.path())).unwrap();
    fs::remove_file(dir.path().join("high-water")).unwrap();
    assert!(is_lost(dir.path()));
    let (store, _) = open(dir.path());
    store.accept_journal(None).blocking_recv().unwrap().unwrap();
    store.close().unwrap();
    assert!(!is_lost(dir.path()));
}
