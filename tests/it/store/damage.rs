//! Damaged files and keys: sound records are read, damaged ones are counted, and no damage is trusted.

use std::fs;
use std::path::Path;
use std::time::Duration;

use yingxin::store::StoreError;
use yingxin::visit::VisitId;

use super::desk::*;

/// A store of six records, killed after its high-water mark was written.
fn small_store() -> (tempfile::TempDir, Desk) {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    for facts in journey(5) {
        commit(&store, desk.batch(5, facts)).unwrap();
    }
    commit(&store, desk.batch(6, vec![opened(), parked(6)])).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let image = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), image.path());
    (image, desk)
}

fn with_journal(image: &Path, bytes: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy_dir(image, dir.path());
    fs::write(newest_segment(dir.path()), bytes).unwrap();
    dir
}

#[test]
fn a_damaged_journal_opens_says_so_and_is_written_on() {
    let (image, mut desk) = small_store();
    let whole = fs::read(newest_segment(image.path())).unwrap();
    let used = whole.iter().rposition(|b| *b != 0).unwrap() + 1;
    let mut damages: Vec<Vec<u8>> = vec![Vec::new()];
    for n in 0..16 {
        let place = 8192 + (used - 8192) * n / 16;
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << (n % 8);
        damages.push(flipped);
        damages.push(whole[..place].to_vec());
    }
    for page in 0..used.div_ceil(4096) {
        let mut zeroed = whole.clone();
        zeroed[page * 4096..(page + 1) * 4096].fill(0);
        damages.push(zeroed);
    }
    for (n, bytes) in damages.iter().enumerate() {
        let dir = with_journal(image.path(), bytes);
        let (store, again) = open(dir.path());
        assert!(again.damaged > 0, "damage {n} was not counted");
        commit(&store, desk.batch(9, vec![opened()])).unwrap();
        stop(store, dir.path());
        let (_store, once_more) = open(dir.path());
        let there = once_more.visits.iter().any(|v| v.id == VisitId(9));
        assert!(there, "damage {n}");
        desk.visits.remove(&VisitId(9));
    }
}

#[test]
fn a_journal_cut_at_a_records_boundary_is_noticed() {
    let (image, _) = small_store();
    let whole = fs::read(newest_segment(image.path())).unwrap();
    let mut cut = whole[..8192].to_vec();
    cut.resize(whole.len(), 0);
    let dir = with_journal(image.path(), &cut);
    let (_store, again) = open(dir.path());
    assert!(again.cut);
    assert_eq!(again.damaged, 6);
    let mut kept = fs::read_dir(dir.path().join("derived")).unwrap();
    let is_witness = |name: &str| name.starts_with("witness");
    assert!(
        kept.any(|e| is_witness(&e.unwrap().file_name().to_string_lossy())),
        "the old sled is kept as a witness"
    );
}

#[test]
fn a_damaged_sled_is_not_believed_even_after_a_clean_close() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    for n in 0..20u64 {
        let facts = vec![opened(), parked(n)];
        commit(&store, desk.batch(u128::from(n), facts)).unwrap();
    }
    store.close().unwrap();
    for n in 0..12 {
        let image = tempfile::tempdir().unwrap();
        copy_dir(dir.path(), image.path());
        let db = image.path().join("derived/00000001/db");
        let mut bytes = fs::read(&db).unwrap();
        let used = bytes.iter().rposition(|b| *b != 0).unwrap() + 1;
        bytes[used * n / 12] ^= 0x10;
        fs::write(&db, bytes).unwrap();
        let (_store, again) = open(image.path());
        assert_eq!(sorted(again.visits), desk.waiting(), "flip {n}");
    }
    fs::remove_dir_all(dir.path().join("derived")).unwrap();
    let (_store, again) = open(dir.path());
    assert!(again.rebuilt);
    assert_eq!(sorted(again.visits), desk.waiting());
}

#[test]
fn keys_that_are_missing_or_anothers_are_told_apart_and_nothing_is_touched() {
    let (image, desk) = small_store();
    let key = image.path().join("desk.key");
    let text = fs::read_to_string(&key).unwrap();
    let before = fs::read(newest_segment(image.path())).unwrap();
    let refusal = || try_open(image.path()).err().unwrap();

    fs::remove_file(&key).unwrap();
    assert!(matches!(refusal(), StoreError::KeyMissing { .. }));
    assert!(!key.exists());
    let other = format!("yingxin-desk-key-1 {}\n", "ab".repeat(32));
    write_private(&key, &other);
    assert!(matches!(refusal(), StoreError::KeyForeign { .. }));
    assert!(refusal().to_string().contains("sealed with another key"));
    for rubbish in [&b"rubbish"[..], &b"\xff\xfe"[..], &[b'a'; 5000][..], b""] {
        fs::write(&key, rubbish).unwrap();
        assert!(matches!(refusal(), StoreError::KeyUnreadable { .. }));
    }
    fs::write(&key, text).unwrap();
    let slots = image.path().join("visits.keys");
    let aside = image.path().join("aside");
    fs::rename(&slots, &aside).unwrap();
    assert!(matches!(refusal(), StoreError::VisitKeysLost { .. }));
    fs::rename(&aside, &slots).unwrap();

    assert_eq!(fs::read(newest_segment(image.path())).unwrap(), before);
    let (_store, again) = open(image.path());
    assert_eq!(sorted(again.visits), desk.waiting());
}
