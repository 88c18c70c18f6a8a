//! Who was forgotten stands in no file of the store: all that the desk key opens is opened, old pages of sled's too, and
//! searched for a canary.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use yingxin::store::{Enrolled, Location, RealDisk, Store, rekey};
use yingxin::visit::{Fact, Name, Proof, Student};

use super::desk::*;
use super::retention::{Moody, day, open_with};
use super::{closed, code_issued, sign_in_asked, sign_in_refused};

const NAME: &str = "金丝雀";
const CANARY: u64 = 77;
const NONCE: usize = 24;
const SLOT: usize = 72;
const SLOTS: usize = 64;

type Key = [u8; 32];

fn mac(key: &Key, parts: &[&[u8]]) -> Key {
    let mac = <Hmac<Sha256> as Mac>::new_from_slice(key).unwrap();
    let mac = parts.iter().fold(mac, |mac, part| mac.chain_update(part));
    mac.finalize().into_bytes().into()
}

fn opened_by(key: &Key, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, msg) = sealed.split_at_checked(NONCE)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload { msg, aad };
    cipher.decrypt(XNonce::from_slice(nonce), payload).ok()
}

/// What a sealed text at the beginning of these bytes would say, whatever its end and its additional data.
fn read_at(key: &Key, bytes: &[u8], most: usize) -> Vec<u8> {
    let (nonce, rest) = bytes.split_at(NONCE);
    let length = rest.len().min(most);
    let cipher = XChaCha20Poly1305::new(key.into());
    // Sealed zeros are the stream itself.
    let stream = cipher.encrypt(XNonce::from_slice(nonce), vec![0u8; length].as_slice());
    let pairs = rest.iter().zip(stream.unwrap());
    pairs.take(length).map(|(a, b)| a ^ b).collect()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// Opens whatever a desk key opens.
struct Opener {
    desk: Vec<Key>,
    visits: Vec<Option<Key>>,
    /// HMACs of the canary's number that the store has or had.
    tags: Vec<[u8; 16]>,
}

impl Opener {
    fn of(dir: &Path, key_file: &Path) -> Opener {
        let text = fs::read_to_string(key_file).unwrap();
        let hex = text.trim().rsplit(' ').next().unwrap();
        let mut desk = [0; 32];
        for (byte, at) in desk.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        }
        let derived = |purpose: &str| mac(&desk, &[b"yingxin 1\0", purpose.as_bytes()]);
        let notes = derived("notes");
        let number = number(CANARY);
        let number = number.as_str().as_bytes();
        let tags = [
            mac(&derived("names"), &[b"person\0", number]),
            mac(&derived("roster tags"), &[number]),
            mac(&mac(&notes, &[b"limits\0"]), &[b"student\0", number]),
        ];
        let sealing = ["limits", "notes", "roster rows", "retired", "visit keys"];
        let mut keys: Vec<Key> = sealing.into_iter().map(derived).collect();
        let retired = fs::read(dir.join("keys.retired")).unwrap_or_default();
        if let Some(plain) = opened_by(
            &derived("retired"),
            b"yxold1\0",
            &retired[..retired.len() / 2],
        ) {
            let old: Vec<serde_json::Value> = serde_json::from_slice(&plain).unwrap();
            for key in old {
                keys.push(serde_json::from_value(key["notes"].clone()).unwrap());
            }
        }
        let file = fs::read(dir.join("visits.keys")).unwrap();
        let mut visits = Vec::new();
        for block in file.chunks_exact(2 * SLOT * SLOTS) {
            for slot in 0..SLOTS {
                let number = u32::try_from(visits.len()).unwrap();
                let aad = [&b"yxslot1\0"[..], &number.to_le_bytes()].concat();
                let copies = [slot, slot + SLOTS].map(|at| &block[at * SLOT..(at + 1) * SLOT]);
                let key = copies
                    .into_iter()
                    .find_map(|sealed| opened_by(&derived("visit keys"), &aad, sealed));
                visits.push(key.map(|key| key.try_into().unwrap()));
            }
        }
        Opener {
            desk: keys,
            visits,
            tags: tags
                .map(|tag| -> [u8; 16] { tag[..16].try_into().unwrap() })
                .to_vec(),
        }
    }

    /// The key of the visit whose slot is named where the formats name it: before a row of sled's, in a record's head.
    fn visit_keys<'a>(&'a self, bytes: &'a [u8], at: usize) -> impl Iterator<Item = &'a Key> {
        [4, 40].into_iter().filter_map(move |before| {
            let from = at.checked_sub(before)?;
            let slot = u32::from_le_bytes(bytes[from..from + 4].try_into().unwrap());
            self.visits.get(slot as usize)?.as_ref()
        })
    }

    /// Whether the canary stands here, in the open or under any of the keys.
    fn finds(&self, bytes: &[u8]) -> bool {
        let needles = [
            number(CANARY).as_str().to_owned(),
            mobile(CANARY).as_str().to_owned(),
            NAME.to_owned(),
        ];
        let holds = |plain: &[u8]| needles.iter().any(|text| contains(plain, text.as_bytes()));
        if holds(bytes) {
            return true;
        }
        for at in 0..bytes.len().saturating_sub(NONCE + 16) {
            let rest = &bytes[at..];
            // No random nonce looks like that; a file that is mostly zeros does.
            if rest[..NONCE].iter().filter(|byte| **byte == 0).count() > 4 {
                continue;
            }
            for key in self.desk.iter().chain(self.visit_keys(bytes, at)) {
                let begun = read_at(key, rest, 8);
                let is_text = begun.iter().all(|byte| (b' '..=b'~').contains(byte));
                if is_text && holds(&read_at(key, rest, 4096)) {
                    return true;
                }
            }
        }
        false
    }
}

fn files(dir: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// What the canary was found in.
#[derive(Debug, Default)]
struct Found {
    /// Files and rows that hold the number, the phone or the name.
    plain: BTreeSet<String>,
    /// Files that hold an HMAC of the number.
    tags: BTreeSet<String>,
}

impl Found {
    fn is_nothing(&self) -> bool {
        self.plain.is_empty() && self.tags.is_empty()
    }
}

/// Searches a copy of the store, which may be in use.
fn search(dir: &Path) -> Found {
    search_with(dir, &dir.join("desk.key"))
}

fn search_with(dir: &Path, key_file: &Path) -> Found {
    let copy = tempfile::tempdir().unwrap();
    copy_dir(dir, copy.path());
    let opener = Opener::of(copy.path(), key_file);
    let (mut found, mut all) = (Found::default(), Vec::new());
    files(copy.path(), &mut all);
    for path in all {
        let mut bytes = fs::read(&path).unwrap();
        // Space written ahead.
        let end = bytes.iter().rposition(|byte| *byte != 0);
        bytes.truncate(end.map_or(0, |end| end + 1));
        let name = path.strip_prefix(copy.path()).unwrap();
        let name = name.to_str().unwrap().to_owned();
        if opener.tags.iter().any(|tag| contains(&bytes, tag)) {
            found.tags.insert(name.clone());
        }
        if opener.finds(&bytes) {
            found.plain.insert(name);
        }
    }
    for entry in fs::read_dir(copy.path().join("derived")).unwrap() {
        let db = sled::open(entry.unwrap().path()).unwrap();
        for tree in db.tree_names() {
            for row in db.open_tree(&tree).unwrap().iter() {
                let (name, value) = row.unwrap();
                if opener.finds(&name) || opener.finds(&value) {
                    found.plain.insert(String::from_utf8_lossy(&tree).into());
                }
            }
        }
    }
    found
}

fn canary() -> Student {
    Student {
        number: number(CANARY),
        name: Name::new(NAME),
    }
}

/// The turns of a visit of the canary's: refused, identified, with codes.
fn turns(id: u128, end: Fact) -> Vec<(u128, Vec<Fact>)> {
    let mut turns = vec![(id, vec![opened()])];
    for n in 0..6 {
        let facts = vec![sign_in_asked(n, CANARY), sign_in_refused(CANARY)];
        turns.push((id, facts));
    }
    let identified = Fact::Identified {
        student: canary(),
        proof: Proof::Volunteer,
    };
    let given = Fact::NumberGiven {
        mobile: mobile(CANARY),
    };
    turns.push((id, vec![identified, given]));
    for n in 0..4 {
        turns.push((id, vec![code_issued(50 + n, CANARY), Fact::CodeSent]));
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
    roster.replace(&RealDisk, &[enrolled(canary())]).unwrap();
    fs::copy(dir.join("roster"), dir.join("roster.new")).unwrap();
    store
}

fn forget(store: &Store) -> bool {
    let told = store.forget_person(number(CANARY)).blocking_recv();
    told.unwrap().is_ok_and(|person| person.receipt.renewed)
}

#[test]
fn nothing_that_the_desk_key_opens_holds_who_was_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let store = nest(dir.path(), &mut desk);
    store.close().unwrap();
    let before = search(dir.path());
    for place in [
        "journal/00000001.seg",
        "derived/00000001/db",
        "visits",
        "closed",
        "roster",
        "roster.new",
    ] {
        assert!(before.plain.contains(place), "no {place} in {before:?}");
    }
    assert!(before.tags.contains("derived/00000001/db"), "{before:?}");
    let (store, _) = open(dir.path());
    assert!(forget(&store));
    // While the desk runs.
    let found = search(dir.path());
    assert!(found.is_nothing(), "{found:?}");
    // What stays is there, and goes on.
    commit(&store, desk.batch(2, vec![Fact::CodeAccepted])).unwrap();
    assert!(forget(&store), "it can be repeated");
    store.close().unwrap();
    desk.visits.retain(|id, _| id.0 == 2);
    let (store, again) = open(dir.path());
    assert!(!again.rebuilt);
    assert_eq!(sorted(again.visits), desk.waiting());
    let found = search(dir.path());
    assert!(found.is_nothing(), "after a restart: {found:?}");
    store.close().unwrap();
    let (store, again) = Store::rebuild(&Location::new(dir.path()), today(), &zone()).unwrap();
    assert!(again.rebuilt);
    assert_eq!(sorted(again.visits), desk.waiting());
    store.close().unwrap();
    let found = search(dir.path());
    assert!(found.is_nothing(), "after a rebuild: {found:?}");
    let old_key = tempfile::tempdir().unwrap();
    let old_key = old_key.path().join("desk.key");
    fs::copy(dir.path().join("desk.key"), &old_key).unwrap();
    rekey(&RealDisk, &Location::new(dir.path()), &zone()).unwrap();
    let found = search(dir.path());
    assert!(found.is_nothing(), "after a new key: {found:?}");
    let found = search_with(dir.path(), &old_key);
    assert!(found.is_nothing(), "by the old key: {found:?}");
    let (store, again) = open(dir.path());
    assert_eq!(sorted(again.visits), desk.waiting());
    store.close().unwrap();
    let found = search(dir.path());
    assert!(found.is_nothing(), "with the new key: {found:?}");
}

#[test]
fn what_is_dropped_by_age_leaves_no_number_in_the_counts() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    // Longer ago than a day, and so lately that its limits are carried forward.
    day(&mut desk, dir.path(), -88_200, turns(1, closed()));
    assert!(!search(dir.path()).plain.is_empty());
    let (store, _) = open_with(&Moody::at(0), dir.path(), Some(1)).unwrap();
    store.close().unwrap();
    assert!(!dir.path().join("journal/00000001.seg").exists());
    let found = search(dir.path());
    assert!(found.plain.is_empty(), "{found:?}");
    let (store, _) = Store::rebuild(&Location::new(dir.path()), today(), &zone()).unwrap();
    store.close().unwrap();
    let found = search(dir.path());
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
            let found = search(image.path());
            assert!(found.is_nothing(), "after {after}: {found:?}");
        }
        if is_whole {
            assert!(after > 10, "only {after} changes");
            break;
        }
    }
}
