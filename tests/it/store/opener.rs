//! Opens all that a desk key opens in a store's folder, old pages of sled's too, and searches it for a person. It knows
//! the formats from outside: nothing of the program's own reading stands between it and the bytes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::desk::copy_dir;

const NONCE: usize = 24;
const SLOT: usize = 72;
const SLOTS: usize = 64;
/// How much is read where a sealed text may begin, in bytes.
const LONGEST: usize = 16 * 1024;

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

/// Who is searched for.
pub struct Person {
    pub number: String,
    /// Also as plain text: the phone, the name, and what was typed of them.
    pub words: Vec<String>,
}

/// Opens whatever a desk key opens.
struct Opener {
    desk: Vec<Key>,
    visits: Vec<Option<Key>>,
    /// HMACs of the number that the store has or had.
    tags: Vec<[u8; 16]>,
    words: Vec<String>,
}

impl Opener {
    fn of(dir: &Path, key_file: &Path, person: &Person) -> Opener {
        let text = fs::read_to_string(key_file).unwrap();
        let hex = text.trim().rsplit(' ').next().unwrap();
        let mut desk = [0; 32];
        for (byte, at) in desk.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        }
        let derived = |purpose: &str| mac(&desk, &[b"yingxin 1\0", purpose.as_bytes()]);
        let notes = derived("notes");
        let number = person.number.as_bytes();
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
            words: [&person.words[..], std::slice::from_ref(&person.number)].concat(),
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

    /// Whether the person stands here, in the open or under any of the keys.
    fn finds(&self, bytes: &[u8]) -> bool {
        let holds = |plain: &[u8]| {
            self.words
                .iter()
                .any(|text| contains(plain, text.as_bytes()))
        };
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
                if is_text && holds(&read_at(key, rest, LONGEST)) {
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

/// What the person was found in.
#[derive(Debug, Default)]
pub struct Found {
    /// Files and rows that hold the number or a word.
    pub plain: BTreeSet<String>,
    /// Files that hold an HMAC of the number.
    pub tags: BTreeSet<String>,
}

impl Found {
    pub fn is_nothing(&self) -> bool {
        self.plain.is_empty() && self.tags.is_empty()
    }
}

/// Searches a copy of the store, which may be in use.
pub fn search(dir: &Path, person: &Person) -> Found {
    search_with(dir, &dir.join("desk.key"), person)
}

/// As [`search`], with another desk key than the store's.
pub fn search_with(dir: &Path, key_file: &Path, person: &Person) -> Found {
    let copy = tempfile::tempdir().unwrap();
    copy_dir(dir, copy.path());
    let opener = Opener::of(copy.path(), key_file, person);
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
