//! Reading the write-ahead log: every sound record that counts, in order, past any damage between them. Reading never
//! panics and never writes.
//!
//! Facts that were carried forward count only once dropping older segments has begun: until then they repeat what those
//! segments hold, and may be unfinished.

mod segments;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::journal::{self, Resume};
use super::marks::Position;
use super::notes::{NoteKeys, StoreNote};
use super::record::{HEADER, Record, RecordKind, RecordScan, SegmentHeader, record_at};
use super::seal::{KeyId, SecretKey};
use super::visit_keys::{NO_SLOT, SlotContent, VisitKeys};
use crate::ours;
use crate::visit::{Counted, Recorded};

pub use segments::{Segment, counts_until, foreign_key, has_content, has_records, read_segments};

/// The content of one record.
pub enum ReplayedRecord {
    /// Facts of one visit, in order.
    Facts {
        /// The slot of the visit's key.
        slot: u32,
        /// The facts.
        facts: Vec<Recorded>,
    },
    /// Facts of one visit from its beginning: part 0 replaces all that was read of the visit before.
    Carried {
        /// The slot of the visit's key.
        slot: u32,
        /// The number of the part, from 0.
        part: u32,
        /// The facts.
        facts: Vec<Recorded>,
    },
    /// A note of the store's own.
    Note(StoreNote),
}

impl ReplayedRecord {
    /// The key slot and the facts, of whichever kind; `None` where the record holds none.
    pub fn into_facts(self) -> Option<(u32, Vec<Recorded>)> {
        match self {
            ReplayedRecord::Facts { slot, facts } | ReplayedRecord::Carried { slot, facts, .. } => {
                Some((slot, facts))
            }
            ReplayedRecord::Note(
                StoreNote::Forgotten { .. }
                | StoreNote::Viewed { .. }
                | StoreNote::HandedOver { .. }
                | StoreNote::Confirmed { .. }
                | StoreNote::Counted { .. }
                | StoreNote::Dropped { .. },
            ) => None,
        }
    }
}

/// The body of a carried record, as it is stored.
#[derive(Serialize, Deserialize)]
pub struct CarriedBody {
    /// The first segment when this was written: once that segment is dropped, this record counts.
    pub from: u32,
    /// The number of the part, from 0.
    pub part: u32,
    /// The facts of this part.
    pub facts: Vec<Recorded>,
}

/// The place of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// The number of its segment.
    pub segment: u32,
    /// Its number in the whole journal.
    pub record: u64,
}

/// How reading went.
#[derive(Debug, Default)]
pub struct ReplaySummary {
    /// Records that are missing or cannot be read, and headers that are damaged.
    pub damaged: usize,
    /// Records whose visit was forgotten.
    pub forgotten: usize,
    /// The journal ends with something that was never acknowledged.
    pub torn: bool,
    /// The journal ends before the high-water mark: acknowledged records were lost.
    pub cut: bool,
    /// Key slots below this may be in use.
    pub next_slot: u32,
}

/// A reading of the whole journal.
pub struct Replay<'a> {
    /// The segments, the oldest first.
    pub segments: &'a [Segment],
    /// The visits' own keys.
    pub visit_keys: &'a VisitKeys,
    /// The keys that open the store's own notes.
    pub note_keys: &'a NoteKeys,
    /// The number of the next record by the high-water mark.
    pub high: Option<u64>,
    /// Where given, visits with a key in another slot are skipped.
    pub only: Option<&'a HashSet<u32>>,
}

struct ReplayState<'s> {
    /// The number of the first segment.
    first: u32,
    key_id: Option<KeyId>,
    summary: ReplaySummary,
    /// The number that the next record should have; unknown before the first.
    next: Option<u64>,
    keys: HashMap<u32, SecretKey>,
    sink: &'s mut dyn FnMut(ReplayedRecord, RecordPlace),
}

impl Replay<'_> {
    /// Passes every record that counts to `sink`, and returns where the journal goes on.
    ///
    /// # Errors
    /// A file cannot be read at all. Damage in a file is no error.
    pub fn run(
        &self,
        sink: &mut dyn FnMut(ReplayedRecord, RecordPlace),
    ) -> Result<(ReplaySummary, Resume), StoreError> {
        let mut state = ReplayState {
            first: self.segments.first().map_or(0, |first| first.number),
            key_id: None,
            summary: ReplaySummary::default(),
            next: None,
            keys: HashMap::new(),
            sink,
        };
        let mut resume = Resume {
            at: None,
            newest: 0,
            next: 0,
            chain: [0; 32],
        };
        for (place, segment) in self.segments.iter().enumerate() {
            let until = counts_until(self.segments, place);
            let bytes = ours::read(&segment.path).map_err(|e| StoreError::at(&segment.path, e))?;
            self.read_segment(segment, &bytes, until, &mut state, &mut resume)?;
            resume.newest = resume.newest.max(segment.number);
        }
        let found = state.next.unwrap_or(0);
        let high = self.high.unwrap_or(0);
        if high > found {
            state.summary.cut = true;
            state.count_missing(high - found);
            resume.at = None;
        }
        resume.next = found.max(high);
        if let Some(at) = &mut resume.at {
            at.next = resume.next;
        }
        // A lost record may have opened a visit: its key slot is not used again.
        let lost = u32::try_from(state.summary.damaged).unwrap_or(u32::MAX);
        state.summary.next_slot = state.summary.next_slot.saturating_add(lost);
        Ok((state.summary, resume))
    }

    fn read_segment(
        &self,
        segment: &Segment,
        bytes: &[u8],
        until: Option<u64>,
        state: &mut ReplayState<'_>,
        resume: &mut Resume,
    ) -> Result<(), StoreError> {
        let header = segment.header.as_ref();
        state.key_id = header.map(|header| header.key);
        if let Some(header) = header {
            let used = &mut state.summary.next_slot;
            *used = (*used).max(header.next_slot);
            // Records missing before this segment are counted here.
            state.skip_to(header.first);
            resume.chain = header.anchor;
        }
        let (mut begin, mut end) = (HEADER, HEADER);
        let mut last = None;
        for record in RecordScan::new(bytes) {
            begin = record.end.saturating_sub(record.bytes.len());
            end = record.end;
            if until.is_some_and(|until| record.head.seq >= until) {
                continue;
            }
            if !state.skip_to(record.head.seq) {
                state.summary.damaged = state.summary.damaged.saturating_add(1);
                continue;
            }
            state.next = Some(record.head.seq.saturating_add(1));
            last = Some(record);
            self.read_record(segment.number, &record, state)?;
        }
        // Each record holds the chain before it: only the last one's has to be computed.
        if let Some(last) = last {
            resume.chain = last.chain();
        }
        let dirty = RecordScan::is_dirty_after(bytes, end);
        state.summary.torn |= dirty;
        let sound = header.is_some()
            && SegmentHeader::decode(bytes).is_some_and(|(_, both)| both)
            && bytes.len() >= HEADER;
        if !sound && (header.is_some() || end > HEADER) {
            state.summary.damaged = state.summary.damaged.saturating_add(1);
        }
        resume.at = (sound && !dirty).then(|| Position {
            segment: segment.number,
            begin: begin as u64,
            end: end as u64,
            next: state.next.unwrap_or(0),
            chain: resume.chain,
        });
        Ok(())
    }

    /// Opens a record and passes it on.
    fn read_record(
        &self,
        segment: u32,
        record: &Record<'_>,
        state: &mut ReplayState<'_>,
    ) -> Result<(), StoreError> {
        let head = record.head;
        if head.slot != NO_SLOT {
            let used = &mut state.summary.next_slot;
            *used = (*used).max(head.slot.saturating_add(1));
        }
        let replayed = match head.known_kind() {
            Some(RecordKind::Facts) => self.open_facts(segment, record, false, state)?,
            Some(RecordKind::Carried) => self.open_facts(segment, record, true, state)?,
            Some(RecordKind::Note) => self.open_note(segment, record, state),
            // A newer program's.
            None => None,
        };
        if let Some(replayed) = replayed {
            let place = RecordPlace {
                segment,
                record: head.seq,
            };
            (state.sink)(replayed, place);
        }
        Ok(())
    }

    /// A record of facts; `None` where it does not count, or cannot be opened, which is counted.
    fn open_facts(
        &self,
        segment: u32,
        record: &Record<'_>,
        is_carried: bool,
        state: &mut ReplayState<'_>,
    ) -> Result<Option<ReplayedRecord>, StoreError> {
        let slot = record.head.slot;
        if self.only.is_some_and(|only| !only.contains(&slot)) {
            return Ok(None);
        }
        let Some(key) = self.visit_key(slot, state)? else {
            return Ok(None);
        };
        let body = record.open(segment, &key);
        let read = body.and_then(|plain| {
            if is_carried {
                let CarriedBody { from, part, facts } = serde_json::from_slice(&plain).ok()?;
                // One that does not count repeats facts that are read from their own records.
                Some((from < state.first).then_some(ReplayedRecord::Carried { slot, part, facts }))
            } else {
                let facts = serde_json::from_slice(&plain).ok()?;
                Some(Some(ReplayedRecord::Facts { slot, facts }))
            }
        });
        let Some(replayed) = read else {
            state.count_missing(1);
            return Ok(None);
        };
        let closes =
            |recorded: &Recorded| matches!(recorded.fact.counted(), Some(Counted::Closed(_)));
        if let Some(ReplayedRecord::Facts { facts, .. }) = &replayed
            && facts.iter().any(closes)
        {
            state.keys.remove(&slot);
        }
        Ok(replayed)
    }

    /// A record of a note; `None` where it does not count, or cannot be opened, which is counted.
    fn open_note(
        &self,
        segment: u32,
        record: &Record<'_>,
        state: &mut ReplayState<'_>,
    ) -> Option<ReplayedRecord> {
        let opened = self
            .note_keys
            .of(state.key_id)
            .find_map(|key| record.open(segment, key));
        let Some(plain) = opened else {
            state.count_missing(1);
            return None;
        };
        // A note with a sound seal that cannot be read is a newer program's, and no damage.
        match serde_json::from_slice(&plain).ok()? {
            StoreNote::Counted { from, .. } if from >= state.first => None,
            note @ (StoreNote::Forgotten { .. }
            | StoreNote::Viewed { .. }
            | StoreNote::HandedOver { .. }
            | StoreNote::Confirmed { .. }
            | StoreNote::Counted { .. }
            | StoreNote::Dropped { .. }) => Some(ReplayedRecord::Note(note)),
        }
    }

    /// A visit's key; `None`, and counted, where it is destroyed or damaged.
    fn visit_key(
        &self,
        slot: u32,
        state: &mut ReplayState<'_>,
    ) -> Result<Option<SecretKey>, StoreError> {
        if let Some(key) = state.keys.get(&slot) {
            return Ok(Some(key.clone()));
        }
        let read = self
            .visit_keys
            .read(slot)
            .map_err(|e| StoreError::at(self.visit_keys.path(), e))?;
        Ok(match read {
            SlotContent::Key(key) => {
                state.keys.insert(slot, key.clone());
                Some(key)
            }
            SlotContent::Destroyed => {
                state.summary.forgotten = state.summary.forgotten.saturating_add(1);
                None
            }
            SlotContent::Unreadable => {
                state.count_missing(1);
                None
            }
        })
    }
}

impl ReplayState<'_> {
    /// Counts records as damaged or missing.
    fn count_missing(&mut self, count: u64) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.summary.damaged = self.summary.damaged.saturating_add(count);
    }

    /// Counts the records missing before `seq`; `false` for a number that was already read.
    fn skip_to(&mut self, seq: u64) -> bool {
        let next = self.next.unwrap_or(seq);
        if seq < next {
            return false;
        }
        self.count_missing(seq - next);
        self.next = Some(seq);
        true
    }
}

/// The number of the next record by the last segment, without reading the others; 0 where that cannot be read.
pub fn end_of(segments: &[Segment]) -> u64 {
    let Some(last) = segments.last() else {
        return 0;
    };
    let first = last.header.as_ref().map_or(0, |header| header.first);
    let bytes = ours::read(&last.path).unwrap_or_default();
    let last = RecordScan::new(&bytes).map(|record| record.head.seq).max();
    first.max(last.map_or(0, |last| last.saturating_add(1)))
}

/// Whether the journal still ends where a clean mark says: the last record is sound, and nothing follows it.
pub fn ends_at(dir: &Path, segments: &[Segment], at: &Position) -> bool {
    let Some(last) = segments.last().filter(|last| last.number == at.segment) else {
        return false;
    };
    let Some(header) = &last.header else {
        return false;
    };
    let Ok(file) = ours::open(&journal::segment_path(dir, last.number)) else {
        return false;
    };
    let mut tail = Vec::new();
    let read = io::Seek::seek(&mut &file, io::SeekFrom::Start(at.begin))
        .and_then(|_| io::Read::read_to_end(&mut &file, &mut tail));
    let Ok(used) = usize::try_from(at.end.saturating_sub(at.begin)) else {
        return false;
    };
    if read.is_err() || tail.len() < used || RecordScan::is_dirty_after(&tail, used) {
        return false;
    }
    if used == 0 {
        return at.chain == header.anchor && at.next == header.first;
    }
    record_at(&tail, 0).is_some_and(|record| {
        record.end == used
            && record.chain() == at.chain
            && record.head.seq.saturating_add(1) == at.next
    })
}

#[cfg(test)]
mod tests;
