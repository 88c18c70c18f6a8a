//! A store that an earlier program left is opened by this one.

use std::fs;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yingxin::store::{Location, Opened, Store};
use yingxin::visit::{SmsAllowance, SmsPolicy, Visit};

use super::desk::{close_to_others, copy_dir, mobile, number, sorted, stop};

/// Recorded with every kind of fact, two unmasked views and a student that was forgotten, and then killed: so all is read
/// from its journal. It has the visits that were not over beside it.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/store/recorded");

#[test]
fn a_store_of_an_earlier_program_is_read() {
    let dir = tempfile::tempdir().unwrap();
    copy_dir(RECORDED.as_ref(), dir.path());
    fs::remove_file(dir.path().join("waiting.json")).unwrap();
    close_to_others(&dir.path().join("desk.key"));
    let today = jiff::civil::date(2026, 9, 1);
    let (store, opened) = Store::open(&Location::new(dir.path()), today, &TimeZone::UTC).unwrap();
    assert!(opened.rebuilt && !opened.cut);
    assert_eq!(opened.damaged, 0);
    let text = fs::read_to_string(format!("{RECORDED}/waiting.json")).unwrap();
    let waiting: Vec<Visit> = serde_json::from_str(&text).unwrap();
    assert_eq!(sorted(opened.visits), waiting);
    // The ninth visit was forgotten: its facts are not read, and not counted.
    let counts = opened.counts;
    assert_eq!((counts.opened, counts.bound, counts.ended), (7, 1, 3));
    store.close().unwrap();
    // And what this program made of it is read again.
    let (_store, again) = Store::open(&Location::new(dir.path()), today, &TimeZone::UTC).unwrap();
    assert!(!again.rebuilt);
    assert_eq!(sorted(again.visits), waiting);
}

/// Closed cleanly by the last program that counted limits by plain numbers: in the database, and in the journal, whose
/// first segment had been dropped by age. Student 9 was refused four times, and phone 9 got five codes.
const PLAIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/store/recorded_plain");

#[test]
fn limits_and_visits_of_a_program_that_counted_plain_numbers_go_on() {
    let dir = tempfile::tempdir().unwrap();
    copy_dir(PLAIN.as_ref(), dir.path());
    close_to_others(&dir.path().join("desk.key"));
    fs::remove_file(dir.path().join("waiting.json")).unwrap();
    let text = fs::read_to_string(format!("{PLAIN}/waiting.json")).unwrap();
    let waiting: Vec<Visit> = serde_json::from_str(&text).unwrap();
    let today = jiff::civil::date(2026, 11, 28);
    let refused: Timestamp = "2026-11-27T02:04:00Z".parse().unwrap();
    let holds = |opened: Opened, rebuilt: bool| {
        assert_eq!(
            (opened.rebuilt, opened.damaged, opened.cut),
            (rebuilt, 0, false)
        );
        let limits = &opened.limits;
        assert!(!limits.sign_in_wait(&number(9), refused).is_zero());
        assert!(limits.sign_in_wait(&number(2), refused).is_zero());
        let sms = |n| limits.sms(&mobile(n), &SmsPolicy::default(), refused);
        assert!(matches!(sms(9), SmsAllowance::After(_)));
        assert_eq!(sms(2), SmsAllowance::Yes);
        assert_eq!(sorted(opened.visits), waiting);
    };
    let (store, opened) = Store::open(&Location::new(dir.path()), today, &TimeZone::UTC).unwrap();
    holds(opened, true);
    // The database of the earlier program is gone.
    let derived = fs::read_dir(dir.path().join("derived")).unwrap();
    let names: Vec<_> = derived.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["00000002"]);
    // A stop without a close: the journal is read once more.
    stop(store, dir.path());
    let (store, opened) = Store::open(&Location::new(dir.path()), today, &TimeZone::UTC).unwrap();
    holds(opened, true);
    store.close().unwrap();
    // And what this program made of it is read again.
    let (_store, again) = Store::open(&Location::new(dir.path()), today, &TimeZone::UTC).unwrap();
    assert!(!again.rebuilt);
    assert_eq!(sorted(again.visits), waiting);
}
