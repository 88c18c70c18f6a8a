//! Flipped bits, truncations and zeroed stretches of a journal: what is whole is read, what is lost is counted.

use std::sync::Arc;

use super::*;
use crate::store::disk::RealDisk;
use crate::store::journal::{Journal, RecordBody, segment_path};

const RECORDS: usize = 4;

struct Small {
    dir: tempfile::TempDir,
    visit_keys: VisitKeys,
    whole: Vec<u8>,
    used: usize,
}

/// Four records in one segment; the room written ahead is cut short to be quick.
fn small() -> Small {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(RealDisk);
    let key = || SecretKey::new([1; 32]);
    let mut visit_keys = VisitKeys::open(&RealDisk, &dir.path().join("keys"), key()).unwrap();
    let start = Resume {
        at: None,
        newest: 0,
        next: 0,
        chain: [0; 32],
    };
    let mut journal = Journal::resume(disk, dir.path(), KeyId([1; 8]), &start).unwrap();
    for _ in 0..RECORDS {
        let (slot, key) = visit_keys.take(&RealDisk).unwrap();
        let body = RecordBody {
            slot,
            kind: RecordKind::Facts,
            key: &key,
            plain: b"[]",
        };
        journal.append(&[body], visit_keys.next()).unwrap();
    }
    let used = usize::try_from(journal.position().unwrap().end).unwrap();
    let mut whole = std::fs::read(segment_path(dir.path(), 1)).unwrap();
    whole.truncate(used + 64);
    Small {
        dir,
        visit_keys,
        whole,
        used,
    }
}

impl Small {
    fn read(&self, bytes: &[u8], high: Option<u64>) -> (usize, ReplaySummary, Resume) {
        std::fs::write(segment_path(self.dir.path(), 1), bytes).unwrap();
        let segments = read_segments(self.dir.path()).unwrap();
        let mut found = 0;
        let (summary, resume) = Replay {
            segments: &segments,
            visit_keys: &self.visit_keys,
            note_keys: &NoteKeys::only(KeyId([1; 8]), SecretKey::default()),
            high,
            only: None,
        }
        .run(&mut |_, _| found += 1)
        .unwrap();
        (found, summary, resume)
    }
}

#[test]
fn every_flipped_bit_costs_one_record_at_the_most_and_is_counted() {
    let small = small();
    let (found, summary, resume) = small.read(&small.whole, Some(4));
    assert_eq!((found, summary.damaged, resume.next), (RECORDS, 0, 4));
    assert!(resume.at.is_some());
    let places = (0..80).chain(4096..4176).chain(HEADER..small.used);
    for bit in places.flat_map(|place| (0..8).map(move |bit| place * 8 + bit)) {
        let mut bytes = small.whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let (found, summary, resume) = small.read(&bytes, Some(4));
        let expected = if bit / 8 < HEADER {
            RECORDS
        } else {
            RECORDS - 1
        };
        assert_eq!((found, summary.damaged), (expected, 1), "bit {bit}");
        assert_eq!(resume.next, 4, "bit {bit}");
    }
    // Behind the last record nothing is lost, but that segment is not written on.
    let mut bytes = small.whole.clone();
    bytes[small.used + 3] ^= 1;
    let (found, summary, resume) = small.read(&bytes, Some(4));
    assert_eq!((found, summary.damaged, summary.torn), (RECORDS, 0, true));
    assert!(resume.at.is_none());
}

#[test]
fn every_truncation_keeps_what_is_whole_and_tells_what_was_acknowledged() {
    let small = small();
    let mut ends = vec![HEADER];
    ends.extend(RecordScan::new(&small.whole).map(|record| record.end));
    let header = (0..96).chain(4090..4190);
    for len in header.chain(HEADER - 2..small.used) {
        let whole = ends.iter().filter(|end| **end <= len).count().max(1) - 1;
        let (found, summary, resume) = small.read(&small.whole[..len], Some(4));
        assert_eq!(found, whole, "cut at {len}");
        assert!(summary.cut, "cut at {len}");
        assert!(summary.damaged >= RECORDS - whole);
        assert_eq!(resume.next, 4);
        // Without the mark it is a torn tail like any other, and no damage.
        let (found, summary, _) = small.read(&small.whole[..len], None);
        assert_eq!((found, summary.cut), (whole, false));
        if len >= HEADER {
            assert_eq!(summary.damaged, 0, "cut at {len}");
        }
    }
}

#[test]
fn a_zeroed_stretch_is_no_end() {
    let small = small();
    let mut bytes = small.whole.clone();
    let ends: Vec<_> = RecordScan::new(&small.whole)
        .map(|record| record.end)
        .collect();
    bytes[ends[0]..ends[1]].fill(0);
    let (found, summary, resume) = small.read(&bytes, None);
    assert_eq!((found, summary.damaged, resume.next), (RECORDS - 1, 1, 4));
}
