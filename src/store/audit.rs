//! The audit: whether the journal is still the one that was written. The chain runs over the sealed records, so it is
//! checked without opening one, also those of people who were forgotten. Where the desk's key is at hand the seals are
//! checked too, and the mark of how far the journal was acknowledged is believed. Nothing here changes the store.

use super::journal::segments as there;
use super::marks::{HighWater, Mark, hex};
use super::notes::{Note, Notes};
use super::paths::Paths;
use super::record::{Chain, HEADER, Header, Record, Scan, kind};
use super::replay::{self, Segment, counts_until};
use super::seal::KeyPlace;
use super::slots::{Slot, Slots};
use super::{Location, StoreError};

/// What the audit found.
#[derive(Debug, Default)]
pub struct AuditReport {
    pub segments: usize,
    /// Records that stand where they should.
    pub records: u64,
    pub faults: Vec<AuditFault>,
    /// The first segment there is, where older ones were dropped by age.
    pub begins_with: Option<u32>,
    /// Something that was never acknowledged stands at the end.
    pub torn: bool,
    /// Whether the desk's key was there.
    pub has_key: bool,
    /// Bodies whose seal was checked, and those that nobody can open any more.
    pub opened: u64,
    pub forgotten: u64,
    /// The last record, and the chain's hash there.
    pub last: Option<(u64, String)>,
}

/// What does not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFault {
    pub segment: u32,
    pub kind: AuditFaultKind,
}

/// Records are numbered through the whole journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFaultKind {
    /// The segment's header cannot be read.
    Header,
    /// These are not there, and nothing is in their place.
    Removed { first: u64, last: u64 },
    /// What stands in their place is no record.
    Changed { first: u64, last: u64 },
    /// It does not follow from the one before: one of the two was changed, or this one was put there.
    Unlinked { record: u64 },
    /// It stands behind one with a higher number.
    Reordered { record: u64 },
    /// Its seal is broken: it was changed and the chain made to fit.
    Unsealed { record: u64 },
    /// These were acknowledged, and the journal ends before them.
    Cut { first: u64, last: u64 },
    /// The record that the mark names is another one.
    Mark { record: u64 },
    /// Older segments are gone, and the journal does not say that they were dropped by age.
    Beginning,
}

impl std::fmt::Display for AuditFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let range = |first: &u64, last: &u64| match first == last {
            true => format!("record {first} is"),
            false => format!("records {first} to {last} are"),
        };
        write!(f, "segment {}: ", self.segment)?;
        match &self.kind {
            AuditFaultKind::Header => write!(f, "its header cannot be read"),
            AuditFaultKind::Removed { first, last } => write!(f, "{} missing", range(first, last)),
            AuditFaultKind::Changed { first, last } => {
                write!(f, "{} damaged or changed", range(first, last))
            }
            AuditFaultKind::Unlinked { record } => write!(
                f,
                "record {record} does not follow from the one before: one of the two was changed or put there"
            ),
            AuditFaultKind::Reordered { record } => {
                write!(f, "record {record} stands behind one with a higher number")
            }
            AuditFaultKind::Unsealed { record } => {
                write!(f, "record {record} was changed, and the chain made to fit")
            }
            AuditFaultKind::Cut { first, last } => write!(
                f,
                "{} missing at the end, and had been acknowledged",
                range(first, last)
            ),
            AuditFaultKind::Mark { record } => {
                write!(f, "record {record} is not the one that was acknowledged")
            }
            AuditFaultKind::Beginning => write!(
                f,
                "the segments before it are gone, and the journal does not say that they were dropped by age"
            ),
        }
    }
}

/// The keys at hand.
struct Seals {
    notes: Notes,
    slots: Option<Slots>,
}

struct Audit<'a> {
    verdict: AuditReport,
    /// The number that the next record should bear, and the chain before it.
    next: Option<(u64, Chain)>,
    /// How far the journal was acknowledged.
    mark: Option<Mark>,
    seals: Option<&'a Seals>,
    /// Segments before this one were dropped by age, as the journal says.
    dropped_before: u32,
}

/// Goes through the whole journal.
///
/// # Errors
/// A file cannot be read at all, or is a newer program's.
pub fn verify(location: &Location) -> Result<AuditReport, StoreError> {
    let paths = Paths::new(&location.dir);
    let desk = KeyPlace::find(location).read().ok().flatten();
    // Before the journal: a desk that runs may write on meanwhile.
    let key = desk.as_ref().map(|desk| desk.derive("marks"));
    let mark = HighWater::mark(&paths.high_water, key.as_ref());
    let segments = replay::survey(&paths.journal)?;
    let seals = desk.map(|desk| Seals {
        notes: Notes::read(&paths, &desk),
        slots: Slots::open_read_only(&paths.slots, desk.derive("visit keys")).ok(),
    });
    let mut audit = Audit {
        verdict: AuditReport {
            segments: segments.len(),
            has_key: seals.is_some(),
            ..AuditReport::default()
        },
        next: None,
        mark,
        seals: seals.as_ref(),
        dropped_before: 0,
    };
    for (place, segment) in segments.iter().enumerate() {
        let bytes = match std::fs::read(&segment.path) {
            Ok(bytes) => bytes,
            // A desk that runs drops old segments.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && place == 0 => continue,
            Err(e) => return Err(StoreError::at(&segment.path, e)),
        };
        audit.segment(segment, &bytes, counts_until(&segments, place));
    }
    audit.finish(&segments, &paths)
}

impl Audit<'_> {
    fn blame(&mut self, segment: u32, kind: AuditFaultKind) {
        self.verdict.faults.push(AuditFault { segment, kind });
    }

    fn segment(&mut self, segment: &Segment, bytes: &[u8], until: Option<u64>) {
        let number = segment.number;
        if let Some(header) = &segment.header {
            self.header(number, header);
        } else if bytes.len() > HEADER {
            self.blame(number, AuditFaultKind::Header);
        }
        let mut end = HEADER;
        for record in Scan::new(bytes) {
            let begin = record.end.saturating_sub(record.bytes.len());
            let gap = bytes.get(end..begin).unwrap_or_default();
            end = record.end;
            if until.is_none_or(|until| record.head.seq < until) {
                self.record(number, segment.header.as_ref(), &record, gap);
            }
        }
        self.verdict.torn |= Scan::is_dirty_behind(bytes, end);
    }

    fn header(&mut self, number: u32, header: &Header) {
        match self.next {
            Some((next, _)) if header.first > next => {
                let (first, last) = (next, header.first - 1);
                self.blame(number, AuditFaultKind::Removed { first, last });
            }
            Some((next, chain)) if header.first == next && header.anchor != chain => {
                self.blame(number, AuditFaultKind::Unlinked { record: next });
            }
            None if header.first > 0 => self.verdict.begins_with = Some(number),
            _ => {}
        }
        self.next = Some((header.first, header.anchor));
    }

    fn record(&mut self, segment: u32, header: Option<&Header>, record: &Record<'_>, gap: &[u8]) {
        let seq = record.head.seq;
        match self.next {
            Some((next, _)) if seq < next => {
                // Where it should stand it was missed.
                let missed = AuditFaultKind::Removed {
                    first: seq,
                    last: seq,
                };
                self.verdict.faults.retain(|fault| fault.kind != missed);
                self.blame(segment, AuditFaultKind::Reordered { record: seq });
                return;
            }
            Some((next, _)) if seq > next => {
                let (first, last) = (next, seq - 1);
                self.blame(
                    segment,
                    match gap.is_empty() {
                        true => AuditFaultKind::Removed { first, last },
                        false => AuditFaultKind::Changed { first, last },
                    },
                );
            }
            Some((_, chain)) if chain != record.head.before => {
                self.blame(segment, AuditFaultKind::Unlinked { record: seq });
            }
            _ => {}
        }
        let chain = record.chain();
        self.next = Some((seq.saturating_add(1), chain));
        self.verdict.records = self.verdict.records.saturating_add(1);
        self.verdict.last = Some((seq, hex(&chain)));
        if let Some(mark) = &self.mark
            && mark.next == seq.saturating_add(1)
            && mark.chain.is_some_and(|marked| marked != chain)
        {
            self.blame(segment, AuditFaultKind::Mark { record: seq });
        }
        self.seal(segment, header, record);
    }

    /// Opens the body where its key is at hand.
    fn seal(&mut self, segment: u32, header: Option<&Header>, record: &Record<'_>) {
        let Some(seals) = self.seals else { return };
        let is_whole = match record.head.kind {
            kind::NOTE => {
                let mut keys = seals.notes.of(header.map(|header| header.key));
                let opened = keys.find_map(|key| record.open(segment, key));
                let note = opened
                    .as_ref()
                    .and_then(|plain| serde_json::from_slice(plain).ok());
                if let Some(Note::Dropped { before, .. }) = note {
                    self.dropped_before = self.dropped_before.max(before);
                }
                opened.is_some()
            }
            kind::FACTS | kind::CARRIED => {
                let slot = seals
                    .slots
                    .as_ref()
                    .map(|slots| slots.read(record.head.slot));
                match slot {
                    Some(Ok(Slot::Key(key))) => record.open(segment, &key).is_some(),
                    _ => {
                        self.verdict.forgotten = self.verdict.forgotten.saturating_add(1);
                        return;
                    }
                }
            }
            _ => return,
        };
        match is_whole {
            true => self.verdict.opened = self.verdict.opened.saturating_add(1),
            false => {
                let record = record.head.seq;
                self.blame(segment, AuditFaultKind::Unsealed { record });
            }
        }
    }

    fn finish(mut self, segments: &[Segment], paths: &Paths) -> Result<AuditReport, StoreError> {
        let last = segments.last().map_or(0, |last| last.number);
        let end = self.next.map_or(0, |(next, _)| next);
        if let Some(mark) = &self.mark
            && mark.next > end
        {
            let (first, last_record) = (end, mark.next - 1);
            self.blame(
                last,
                AuditFaultKind::Cut {
                    first,
                    last: last_record,
                },
            );
        }
        if let Some(first) = self.verdict.begins_with
            && self.verdict.has_key
            && self.dropped_before < first
        {
            // Unless a desk that runs is dropping them just now.
            let now = there(&paths.journal).map_err(|e| StoreError::at(&paths.journal, e))?;
            if now.first().is_some_and(|(number, _)| *number == first) {
                self.blame(first, AuditFaultKind::Beginning);
            }
        }
        Ok(self.verdict)
    }
}
