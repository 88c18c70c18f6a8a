//! A store that an earlier program left is opened by this one.

use std::fs;

use jiff::tz::TimeZone;
use yingxin::store::{Location, Store};
use yingxin::visit::Visit;

use super::desk::{copy_dir, sorted};

/// Recorded with every kind of fact, two unmasked views and a student that was forgotten, and then killed: so all is read
/// from its journal. It has the visits that were not over beside it.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/store/recorded");

#[test]
fn a_store_of_an_earlier_program_is_read() {
    let dir = tempfile::tempdir().unwrap();
    copy_dir(RECORDED.as_ref(), dir.path());
    fs::remove_file(dir.path().join("waiting.json")).unwrap();
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
