//! Reading the journal: every record that is sound and counts, in order, whatever stands between them. It never panics
//! and never writes.
//!
//! Facts that were carried forward count only once dropping older segments has begun: until then they say again what
//! those segments say, and may be unfinished.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::journal::{self, Resume};
use super::marks::Position;
use super::notes::{Note, Notes};
use super::record::{HEADER, Header, Record, Scan, VERSION, kind, record_at};
use super::seal::{Key, KeyId};
use super::slots::{NO_SLOT, Slot, Slots};
use crate::visit::{Fact, Recorded};

/// What one record says.
pub enum Turn {
    /// Facts of one visit, in order, and its key slot.
    Facts {
        slot: u32,
        facts: Vec<Recorded>,
    },
    /// Facts of one visit from its beginning: part 0 takes the place of all that was read of it before.
    Carried {
        slot: u32,
        part: u32,
        facts: Vec<Recorded>,
    },
    Note(Note),
}

/// A carried record's body.
#[derive(Serialize, Deserialize)]
pub struct Carried {
    /// The first segment there was: once it is gone, this counts.
    pub from: u32,
    pub part: u32,
    pub facts: Vec<Recorded>,
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub segment: u32,
    /// Its number in the journal.
    pub record: u64,
}

/// How reading went.
#[derive(Debug, Default)]
pub struct Reading {
    /// Records that are missing or cannot be read, and headers that are damaged.
    pub damaged: usize,
    /// Records whose visit was forgotten.
    pub forgotten: usize,
    /// Something that was never acknowledged stood at the end.
    pub torn: bool,
    /// The journal ends before the high-water mark: acknowledged records were lost.
    pub cut: bool,
    /// Key slots below this may be in use.
    pub next_slot: u32,
}

/// A segment and what its header says, where that can be read.
pub struct Segment {
    pub number: u32,
    pub path: PathBuf,
    pub header: Option<Header>,
    /// Whether there is anything in it beside a header.
    is_void: bool,
}

/// Finds the segments and reads their headers.
///
/// # Errors
/// The directory or a segment cannot be read.
pub fn survey(dir: &Path) -> Result<Vec<Segment>, StoreError> {
    let found = journal::segments(dir).map_err(|e| StoreError::at(dir, e))?;
    found
        .into_iter()
        .map(|(number, path)| {
            let at = |e| StoreError::at(&path, e);
            let len = std::fs::metadata(&path).map_err(at)?.len();
            let mut head = Vec::with_capacity(HEADER);
            let file = std::fs::File::open(&path).map_err(at)?;
            io::Read::read_to_end(&mut io::Read::take(file, HEADER as u64), &mut head)
                .map_err(at)?;
            let header = Header::decode(&head)
                .map(|(header, _)| header)
                .filter(|header| header.segment == number);
            if let Some(version) = header.as_ref().map(|h| h.version).filter(|v| *v > VERSION) {
                return Err(StoreError::Newer {
                    path: path.clone(),
                    version,
                });
            }
            Ok(Segment {
                number,
                header,
                is_void: len <= HEADER as u64,
                path,
            })
        })
        .collect()
}

/// The id of the key that the newest segment is sealed with, where it is not known.
pub fn foreign_key(segments: &[Segment], knows: impl Fn(KeyId) -> bool) -> Option<KeyId> {
    let headers = segments
        .iter()
        .filter_map(|segment| segment.header.as_ref());
    headers
        .map(|header| header.key)
        .next_back()
        .filter(|newest| !knows(*newest))
}

/// The number from which on a segment's records do not count: a later one numbers them anew, so they were never
/// acknowledged here.
pub fn counts_until(segments: &[Segment], place: usize) -> Option<u64> {
    let later = segments.get(place.saturating_add(1)..).unwrap_or_default();
    let firsts = later.iter().filter_map(|later| later.header.as_ref());
    firsts.map(|header| header.first).min()
}

/// Whether anything was ever written here.
pub fn holds_something(segments: &[Segment]) -> bool {
    segments
        .iter()
        .any(|segment| segment.header.is_some() || !segment.is_void)
}

/// Whether any record was ever written here.
pub fn holds_records(segments: &[Segment]) -> bool {
    use std::os::unix::fs::FileExt;
    segments.iter().any(|segment| {
        let mut begin = [0; 4];
        !segment.is_void
            && std::fs::File::open(&segment.path)
                .and_then(|file| file.read_exact_at(&mut begin, HEADER as u64))
                .is_ok()
            && begin != [0; 4]
    })
}

/// Reads the whole journal.
pub struct Replay<'a> {
    pub segments: &'a [Segment],
    pub slots: &'a Slots,
    /// Opens what the store notes for itself.
    pub notes: &'a Notes,
    /// The number of the next record by the high-water mark.
    pub high: Option<u64>,
    /// Visits with a key in another slot are passed over.
    pub only: Option<&'a HashSet<u32>>,
}

struct State<'s> {
    /// The first segment there is.
    first: u32,
    key_id: Option<KeyId>,
    reading: Reading,
    /// The number the next record should bear; unknown before the first.
    next: Option<u64>,
    keys: HashMap<u32, Key>,
    sink: &'s mut dyn FnMut(Turn, Place),
}

impl Replay<'_> {
    /// Hands every record that counts to `sink`, and tells where the journal goes on.
    ///
    /// # Errors
    /// A file cannot be read at all. Damage in it is no error.
    pub fn run(&self, sink: &mut dyn FnMut(Turn, Place)) -> Result<(Reading, Resume), StoreError> {
        let mut state = State {
            first: self.segments.first().map_or(0, |first| first.number),
            key_id: None,
            reading: Reading::default(),
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
            let bytes =
                std::fs::read(&segment.path).map_err(|e| StoreError::at(&segment.path, e))?;
            self.read_segment(segment, &bytes, until, &mut state, &mut resume)?;
            resume.newest = resume.newest.max(segment.number);
        }
        let found = state.next.unwrap_or(0);
        let high = self.high.unwrap_or(0);
        if high > found {
            state.reading.cut = true;
            state.miss(high - found);
            resume.at = None;
        }
        resume.next = found.max(high);
        if let Some(at) = &mut resume.at {
            at.next = resume.next;
        }
        // A lost record may have opened a visit: its slot is not given away again.
        let lost = u32::try_from(state.reading.damaged).unwrap_or(u32::MAX);
        state.reading.next_slot = state.reading.next_slot.saturating_add(lost);
        Ok((state.reading, resume))
    }

    fn read_segment(
        &self,
        segment: &Segment,
        bytes: &[u8],
        until: Option<u64>,
        state: &mut State<'_>,
        resume: &mut Resume,
    ) -> Result<(), StoreError> {
        let header = segment.header.as_ref();
        state.key_id = header.map(|header| header.key);
        if let Some(header) = header {
            let used = &mut state.reading.next_slot;
            *used = (*used).max(header.next_slot);
            // Where records are missing before this segment, they are counted here.
            state.expect(header.first);
            resume.chain = header.anchor;
        }
        let (mut begin, mut end) = (HEADER, HEADER);
        for record in Scan::new(bytes) {
            begin = record.end.saturating_sub(record.bytes.len());
            end = record.end;
            if until.is_some_and(|until| record.head.seq >= until) {
                continue;
            }
            if !state.expect(record.head.seq) {
                state.reading.damaged = state.reading.damaged.saturating_add(1);
                continue;
            }
            state.next = Some(record.head.seq.saturating_add(1));
            resume.chain = record.chain();
            self.take(segment.number, &record, state)?;
        }
        let dirty = Scan::is_dirty_behind(bytes, end);
        state.reading.torn |= dirty;
        let sound = header.is_some()
            && Header::decode(bytes).is_some_and(|(_, both)| both)
            && bytes.len() >= HEADER;
        if !sound && (header.is_some() || end > HEADER) {
            state.reading.damaged = state.reading.damaged.saturating_add(1);
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

    fn take(
        &self,
        segment: u32,
        record: &Record<'_>,
        state: &mut State<'_>,
    ) -> Result<(), StoreError> {
        let head = record.head;
        if head.slot != NO_SLOT {
            let used = &mut state.reading.next_slot;
            *used = (*used).max(head.slot.saturating_add(1));
        }
        let turn = match head.kind {
            kind::FACTS | kind::CARRIED => self.facts(segment, record, state)?,
            kind::NOTE => self.note(segment, record, state),
            // Another kind is a newer program's.
            _ => None,
        };
        if let Some(turn) = turn {
            let place = Place {
                segment,
                record: head.seq,
            };
            (state.sink)(turn, place);
        }
        Ok(())
    }

    /// A record of facts; `None` where it does not count, or cannot be opened, which is counted.
    fn facts(
        &self,
        segment: u32,
        record: &Record<'_>,
        state: &mut State<'_>,
    ) -> Result<Option<Turn>, StoreError> {
        let slot = record.head.slot;
        if self.only.is_some_and(|only| !only.contains(&slot)) {
            return Ok(None);
        }
        let Some(key) = self.key(slot, state)? else {
            return Ok(None);
        };
        let body = record.open(segment, &key);
        let read = body.and_then(|plain| match record.head.kind {
            kind::FACTS => {
                let facts = serde_json::from_slice(&plain).ok()?;
                Some(Some(Turn::Facts { slot, facts }))
            }
            // Where it does not count, what it says is read from where it was said first.
            _ => {
                let Carried { from, part, facts } = serde_json::from_slice(&plain).ok()?;
                Some((from < state.first).then_some(Turn::Carried { slot, part, facts }))
            }
        });
        let Some(turn) = read else {
            state.miss(1);
            return Ok(None);
        };
        let closes = |recorded: &Recorded| matches!(recorded.fact, Fact::Closed { .. });
        if let Some(Turn::Facts { facts, .. }) = &turn
            && facts.iter().any(closes)
        {
            state.keys.remove(&slot);
        }
        Ok(turn)
    }

    fn note(&self, segment: u32, record: &Record<'_>, state: &mut State<'_>) -> Option<Turn> {
        let opened = self
            .notes
            .of(state.key_id)
            .find_map(|key| record.open(segment, key));
        let Some(plain) = opened else {
            state.miss(1);
            return None;
        };
        // A note that is not understood is a newer program's, and no damage: its seal is whole.
        match serde_json::from_slice(&plain).ok()? {
            Note::Counted { from, .. } if from >= state.first => None,
            note => Some(Turn::Note(note)),
        }
    }

    /// A visit's key; `None`, counted, where there is none any more.
    fn key(&self, slot: u32, state: &mut State<'_>) -> Result<Option<Key>, StoreError> {
        if let Some(key) = state.keys.get(&slot) {
            return Ok(Some(key.clone()));
        }
        let read = self
            .slots
            .read(slot)
            .map_err(|e| StoreError::at(self.slots.path(), e))?;
        Ok(match read {
            Slot::Key(key) => {
                state.keys.insert(slot, key.clone());
                Some(key)
            }
            Slot::Destroyed => {
                state.reading.forgotten = state.reading.forgotten.saturating_add(1);
                None
            }
            Slot::Unreadable => {
                state.miss(1);
                None
            }
        })
    }
}

impl State<'_> {
    fn miss(&mut self, count: u64) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.reading.damaged = self.reading.damaged.saturating_add(count);
    }

    /// Counts the records missing before `seq`; `false` for one that was there already.
    fn expect(&mut self, seq: u64) -> bool {
        let next = self.next.unwrap_or(seq);
        if seq < next {
            return false;
        }
        self.miss(seq - next);
        self.next = Some(seq);
        true
    }
}

/// Whether the journal still ends where a clean mark says: the last record is there, and nothing behind it.
pub fn ends_at(dir: &Path, segments: &[Segment], at: &Position) -> bool {
    let Some(last) = segments.last().filter(|last| last.number == at.segment) else {
        return false;
    };
    let Some(header) = &last.header else {
        return false;
    };
    let Ok(file) = std::fs::File::open(journal::segment_path(dir, last.number)) else {
        return false;
    };
    let mut tail = Vec::new();
    let read = io::Seek::seek(&mut &file, io::SeekFrom::Start(at.begin))
        .and_then(|_| io::Read::read_to_end(&mut &file, &mut tail));
    let Ok(used) = usize::try_from(at.end.saturating_sub(at.begin)) else {
        return false;
    };
    if read.is_err() || tail.len() < used || Scan::is_dirty_behind(&tail, used) {
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
