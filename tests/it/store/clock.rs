//! The wall clock as a witness: a start by a wrong one drops nothing, and what was written by one is not old.

use std::path::Path;
use std::sync::atomic::Ordering;

use yingxin::store::{Confirmation, Location, ShiftEvent, clock_doubt, shifts, verify};
use yingxin::visit::report::ReportDays;
use yingxin::visit::{ClockDoubt, Limits, VolunteerName};

use super::desk::*;
use super::retention::{Moody, days, open_with, segments, whole};
use super::{closed, sign_in_asked};

const DAY: i64 = 86_400;
const YEARS: i64 = 5 * 365 * DAY;

/// A start whose clock is so many seconds ahead. Gives why it was not believed.
fn start(dir: &Path, ahead: i64, keep: Option<u32>, confirm: bool) -> Option<ClockDoubt> {
    let (store, _) = open_with(&Moody::at(ahead), dir, keep).unwrap();
    let doubt = store.clock().doubt;
    if confirm {
        store.confirm_clock().blocking_recv().unwrap().unwrap();
        assert_eq!(store.clock().doubt, None);
    }
    store.close().unwrap();
    doubt
}

#[test]
fn case_01_one_start_years_ahead_drops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let desk = days(dir.path());
    let before = segments(dir.path());
    assert_eq!(
        start(dir.path(), YEARS, Some(30), false),
        Some(ClockDoubt::LongAfter)
    );
    assert!(segments(dir.path()).starts_with(&before));
    // The clock is right again: nothing is missing, and it is believed at once.
    assert_eq!(start(dir.path(), 0, Some(30), false), None);
    let (store, again) = open(dir.path());
    assert_eq!(sorted(again.visits), desk.waiting());
    store.close().unwrap();
}

#[test]
fn a_clock_that_was_confirmed_is_believed_and_old_segments_go() {
    let dir = tempfile::tempdir().unwrap();
    let desk = days(dir.path());
    assert_eq!(
        start(dir.path(), YEARS, Some(30), true),
        Some(ClockDoubt::LongAfter)
    );
    assert_eq!(start(dir.path(), YEARS + 60, Some(30), false), None);
    assert_eq!(segments(dir.path()).len(), 1);
    let (store, again) = open(dir.path());
    assert_eq!(
        sorted(again.visits),
        desk.waiting(),
        "what waits is carried on"
    );
    store.close().unwrap();
}

#[test]
fn a_clock_that_went_back_is_not_believed() {
    let dir = tempfile::tempdir().unwrap();
    days(dir.path());
    assert_eq!(
        start(dir.path(), -3600 * 3, None, false),
        Some(ClockDoubt::BeforeRecords)
    );
    assert_eq!(
        start(dir.path(), -YEARS, None, false),
        Some(ClockDoubt::BeforeRecords)
    );
    assert_eq!(start(dir.path(), 0, None, false), None);
}

#[test]
fn a_day_that_was_worked_years_ago_is_as_old_as_its_confirmation() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = days(dir.path());
    // A dead battery: the whole day is stamped years ago.
    let (store, _) = open_with(&Moody::at(-YEARS), dir.path(), Some(30)).unwrap();
    desk.clock -= YEARS;
    for (id, facts) in whole(7, closed()).into_iter().chain(whole(8, parked(8))) {
        commit(&store, desk.batch(id, facts)).unwrap();
    }
    store.close().unwrap();
    let before = segments(dir.path());
    // The clock is right again. Each stop is longer than two nights, so each later start is confirmed.
    assert_eq!(start(dir.path(), 0, Some(30), false), None);
    let long_after = Some(ClockDoubt::LongAfter);
    for ahead in [10 * DAY, 19 * DAY] {
        assert_eq!(start(dir.path(), ahead, Some(30), true), long_after);
        assert!(segments(dir.path()).starts_with(&before), "{ahead}");
    }
    // Thirty days after the clock was believed again it is old.
    assert_eq!(start(dir.path(), 32 * DAY, Some(30), true), long_after);
    assert_eq!(start(dir.path(), 32 * DAY, Some(30), false), None);
    assert!(!segments(dir.path()).starts_with(&before));
    let last = before.last().unwrap();
    assert!(
        !segments(dir.path()).contains(last),
        "what was worked by it"
    );
}

/// Who confirmed the clock and who accepted the journal stand in the journal, not in the log alone.
#[test]
fn what_a_volunteer_confirms_is_noted_with_the_name() {
    let dir = tempfile::tempdir().unwrap();
    let name = VolunteerName::parse("王老师").unwrap();
    let (store, _) = open(dir.path());
    let by = Some(name);
    let confirmed = store.confirm_clock_by(by.clone());
    confirmed.blocking_recv().unwrap().unwrap();
    store.accept_journal(None).blocking_recv().unwrap().unwrap();
    // A server's word is nobody's.
    store.confirm_clock().blocking_recv().unwrap().unwrap();
    store.close().unwrap();
    let location = Location::new(dir.path());
    assert!(verify(&location).unwrap().faults.is_empty());
    let today = jiff::Timestamp::now().to_zoned(zone()).date();
    let days = ReportDays::new(
        today.yesterday().unwrap(),
        today.tomorrow().unwrap(),
        &zone(),
    );
    let noted = shifts(&location, &zone(), &days.unwrap()).unwrap();
    let noted: Vec<_> = noted
        .into_iter()
        .map(|entry| (entry.by, entry.what))
        .collect();
    let expected = [
        (by, ShiftEvent::Confirmed(Confirmation::Clock)),
        (None, ShiftEvent::Confirmed(Confirmation::Journal)),
    ];
    assert_eq!(noted, expected);
}

/// The clock jumps between the start, which believes it, and the first look for what is old.
#[test]
fn a_clock_that_jumps_years_ahead_while_the_store_is_open_drops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let desk = days(dir.path());
    let before = segments(dir.path());
    let (store, _) = open_with(&Moody::jumping(YEARS), dir.path(), Some(30)).unwrap();
    // What is asked is answered after that look.
    store.tickets().blocking_recv().unwrap();
    assert_eq!(store.clock().doubt, Some(ClockDoubt::Jumped));
    store.close().unwrap();
    assert!(segments(dir.path()).starts_with(&before));
    // It is right again.
    assert_eq!(start(dir.path(), 0, Some(30), false), None);
    let (store, again) = open(dir.path());
    assert_eq!(sorted(again.visits), desk.waiting());
    store.close().unwrap();
}

#[test]
fn a_clock_that_jumped_and_was_confirmed_is_believed_and_old_segments_go() {
    let dir = tempfile::tempdir().unwrap();
    days(dir.path());
    let (store, _) = open_with(&Moody::jumping(YEARS), dir.path(), Some(30)).unwrap();
    store.tickets().blocking_recv().unwrap();
    store.confirm_clock().blocking_recv().unwrap().unwrap();
    assert_eq!(store.clock().doubt, None);
    store.close().unwrap();
    assert_eq!(start(dir.path(), YEARS + 60, Some(30), false), None);
    assert_eq!(segments(dir.path()).len(), 1);
}

/// The clock jumps and the desk is stopped: the jump is not taken for the time of the stop, and no limit is too old.
#[test]
fn a_stop_by_a_clock_that_jumped_leaves_limits_and_the_right_clock_is_believed() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = days(dir.path());
    for jump in [YEARS, -DAY] {
        let disk = Moody::at(0);
        let (store, before) = open_with(&disk, dir.path(), None).unwrap();
        assert_eq!(store.clock().doubt, None, "{jump}");
        commit(&store, desk.batch(5, vec![sign_in_asked(9, 9)])).unwrap();
        disk.offset.store(jump, Ordering::SeqCst);
        store.close().unwrap();
        let (store, again) = open_with(&Moody::at(0), dir.path(), None).unwrap();
        assert_eq!(store.clock().doubt, None, "{jump}");
        assert_eq!(again.limits, before.limits, "{jump}");
        assert_ne!(again.limits, Limits::default(), "{jump}");
        store.close().unwrap();
    }
}

/// It may be right: who starts the desk again vouches for nothing.
#[test]
fn a_start_at_the_time_that_the_clock_jumped_to_is_not_believed_and_the_doctor_says_so() {
    let dir = tempfile::tempdir().unwrap();
    days(dir.path());
    // An hour behind, and then right.
    let disk = Moody::at(-3600);
    let (store, _) = open_with(&disk, dir.path(), None).unwrap();
    assert_eq!(store.clock().doubt, None);
    assert_eq!(clock_doubt(dir.path()), None);
    disk.offset.store(0, Ordering::SeqCst);
    store.judge_clock();
    store.tickets().blocking_recv().unwrap();
    assert_eq!(store.clock().doubt, Some(ClockDoubt::Jumped));
    assert_eq!(clock_doubt(dir.path()), Some(ClockDoubt::Jumped));
    store.close().unwrap();
    let jumped = Some(ClockDoubt::Jumped);
    assert_eq!(start(dir.path(), 60, None, false), jumped);
    assert_eq!(start(dir.path(), 120, None, true), jumped);
    assert_eq!(start(dir.path(), 180, None, false), None);
}
