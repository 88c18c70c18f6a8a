//! The store's own files, as somebody may have changed them: a segment of the journal, the facts in it, a backup.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::{Target, assert_harmless, folder, kind, root};
use crate::store::{self, Location, RealDisk};
use crate::visit::{FactKind, Recorded, Visit, VisitId, Way, evolve};

const RECORDED: &str = "tests/it/store/recorded";
const SEGMENT: &str = "journal/00000001.seg";
const MARKER: [u8; 4] = [0xf5, 0x59, 0x58, 0xa7];

/// A file that begins as JSON is the facts of a visit, as a record holds them; any other is a segment.
pub const JOURNAL: Target = Target {
    name: "journal",
    words: &[
        "yxjrnl\r\n",
        "\u{0}\u{0}\u{0}\u{0}",
        "\"fact\":",
        "\"at\":",
        "\"-009999-01-02T01:59:59Z\"",
        "null",
        "{}",
        "[]",
    ],
    seeds: || {
        let segment = std::fs::read(root().join(RECORDED).join(SEGMENT)).unwrap();
        let recorded =
            std::fs::read_to_string(root().join("src/visit/evolve/recorded.jsonl")).unwrap();
        let facts = recorded.lines().map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["recorded"].clone()
        });
        let facts: Vec<serde_json::Value> = facts.collect();
        let mut found = vec![segment];
        found.extend(
            facts
                .chunks(12)
                .map(|some| serde_json::to_vec(some).unwrap()),
        );
        found
    },
    longest: 256 * 1024,
    slowest: Duration::from_secs(5),
    memory: 256,
    read: |bytes| {
        if bytes.starts_with(b"[") {
            return folded(bytes);
        }
        let dir = kept_beside(bytes);
        let mut kinds = audited(dir.path());
        if let Some(sums) = with_sums(bytes) {
            std::fs::write(dir.path().join(SEGMENT), sums).unwrap();
            kinds += &audited(dir.path());
        }
        kinds
    },
};

/// The store that was recorded, with this segment.
fn kept_beside(segment: &[u8]) -> tempfile::TempDir {
    let dir = folder();
    std::fs::create_dir(dir.path().join("journal")).unwrap();
    for name in ["desk.key", "visits.keys", "high-water"] {
        let from = root().join(RECORDED).join(name);
        std::fs::write(dir.path().join(name), std::fs::read(from).unwrap()).unwrap();
    }
    private(&dir.path().join("desk.key"));
    std::fs::write(dir.path().join(SEGMENT), segment).unwrap();
    dir
}

fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, PermissionsExt::from_mode(0o600)).unwrap();
}

/// Both ways of looking at it; neither changes it.
fn audited(dir: &Path) -> String {
    let location = Location::new(dir);
    let before = std::fs::read(dir.join(SEGMENT)).unwrap();
    let checked = match store::check(&location, &TimeZone::UTC) {
        Ok(findings) => {
            let worst = findings.iter().max_by_key(|finding| finding.grade);
            worst.map_or_else(String::new, |worst| {
                format!("{:?} {}", worst.grade, kind(&worst.says))
            })
        }
        Err(error) => kind(&error.to_string()),
    };
    let verified = match store::verify(&location) {
        Ok(report) => {
            let first = report.faults.first().map(ToString::to_string);
            format!("{} {}", report.torn, kind(&first.unwrap_or_default()))
        }
        Err(error) => kind(&error.to_string()),
    };
    assert_eq!(std::fs::read(dir.join(SEGMENT)).unwrap(), before);
    format!("{checked}; {verified}")
}

/// With the checksum of every record put right, as one would who changes a journal on purpose; `None` without a record.
fn with_sums(segment: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = segment.to_vec();
    let (mut at, mut found) = (0, false);
    while let Some(next) = bytes
        .get(at..)
        .and_then(|rest| rest.windows(4).position(|four| four == MARKER))
    {
        at += next;
        let length = bytes
            .get(at + 4..at + 8)
            .map(|four| u32::from_le_bytes(four.try_into().unwrap()) as usize);
        let end = at.saturating_add(length.unwrap_or(0));
        if let Some(body) = bytes.get(at + 12..end) {
            let sum = crc32fast::hash(body).to_le_bytes();
            bytes[at + 8..at + 12].copy_from_slice(&sum);
            found = true;
        }
        at += 4;
    }
    found.then_some(bytes)
}

/// Every fact fits every visit.
fn folded(bytes: &[u8]) -> String {
    let Ok(facts) = serde_json::from_slice::<Vec<Recorded>>(bytes) else {
        return "no facts".to_owned();
    };
    let Some(first) = facts.first() else {
        return "none".to_owned();
    };
    let mut visit = Visit::open(VisitId(1), Way::Desk, first.at);
    for recorded in &facts {
        evolve(&mut visit, recorded);
    }
    if let Some(student) = &visit.student {
        assert_harmless(student.name.as_str());
    }
    // What the database keeps is read as it was.
    let kept = serde_json::to_vec(&visit).unwrap();
    let again: Visit = serde_json::from_slice(&kept).unwrap();
    assert_eq!(again, visit);
    let last = facts.last().map(|last| FactKind::from(&last.fact));
    kind(&format!("{last:?} {:?}", visit.status))
}

pub const BACKUP: Target = Target {
    name: "backup",
    words: &[
        "yxback\r\n",
        "journal/00000001.seg",
        "visits.keys",
        "../x",
        "\u{0}\u{0}",
    ],
    seeds: || vec![backup().to_vec()],
    longest: 256 * 1024,
    slowest: Duration::from_secs(5),
    memory: 256,
    read: |bytes| {
        let mut bytes = bytes.to_vec();
        // The checksum of the head.
        if let Some(head) = bytes.get(..52) {
            let sum = crc32fast::hash(head).to_le_bytes();
            if let Some(place) = bytes.get_mut(52..56) {
                place.copy_from_slice(&sum);
            }
        }
        let dir = folder();
        let file = dir.path().join("backup");
        std::fs::write(&file, &bytes).unwrap();
        let into = dir.path().join("store");
        std::fs::create_dir(&into).unwrap();
        let key = root().join(RECORDED).join("desk.key");
        std::fs::write(into.join("desk.key"), std::fs::read(key).unwrap()).unwrap();
        private(&into.join("desk.key"));
        match store::restore(&RealDisk, &Location::new(&into), &file) {
            Ok(_) => {
                // Nobody without the key makes another one.
                let segment = root().join(RECORDED).join(SEGMENT);
                assert_eq!(
                    std::fs::read(into.join(SEGMENT)).unwrap(),
                    std::fs::read(segment).unwrap()
                );
                "restored".to_owned()
            }
            Err(error) => {
                assert!(!into.join(SEGMENT).exists(), "half of it is restored");
                kind(&error.to_string().replace(dir.path().to_str().unwrap(), ""))
            }
        }
    },
};

/// A backup of the store that was recorded.
fn backup() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let segment = std::fs::read(root().join(RECORDED).join(SEGMENT)).unwrap();
        let dir = kept_beside(&segment);
        let file = dir.path().join("backup");
        let life = SignedDuration::from_hours(24);
        store::backup(&Location::new(dir.path()), &TimeZone::UTC, &file, life).unwrap();
        std::fs::read(file).unwrap()
    })
}
