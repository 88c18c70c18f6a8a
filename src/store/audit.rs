//! The audit: whether the write-ahead log is still the one that was written. The hash chain runs over the sealed records, so
//! it is checked without opening any, also the records of forgotten visits. With the desk's key the seals are checked too,
//! and the high-water mark can be proved. Nothing here changes the store.

use super::audit_seal::SignedSeal;
use super::error::StoreError;
use super::guard::guard;
use super::inspect::is_lost;
use super::journal;
use super::location::{Location, StorePaths};
use super::marks::{CleanMark, HighWaterFile, HighWaterMark, MarkState, hex};
use super::notes::{NoteKeys, StoreNote};
use super::record::{Chain, HEADER, Record, RecordKind, RecordScan, SegmentHeader};
use super::replay::{self, Segment, counts_until};
use super::seal::KeyPlace;
use super::visit_keys::{SlotContent, VisitKeys};
use crate::ours;

/// The outcome of an audit.
#[derive(Debug, Default)]
pub struct AuditReport {
    /// The number of segments.
    pub segments: usize,
    /// The number of records in their place.
    pub records: u64,
    /// What is wrong, in the order of the journal.
    pub faults: Vec<AuditFault>,
    /// The number of the first segment, where older ones were dropped by age.
    pub begins_with: Option<u32>,
    /// The journal ends with something that was never acknowledged.
    pub torn: bool,
    /// Whether the desk's key was found.
    pub has_key: bool,
    /// The number of bodies whose seal was checked.
    pub opened: u64,
    /// The number of bodies whose key is destroyed.
    pub forgotten: u64,
    /// The last record, and the chain's hash there.
    pub last: Option<(u64, String)>,
}

/// A fault of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFault {
    /// The number of the segment.
    pub segment: u32,
    /// What is wrong there.
    pub kind: AuditFaultKind,
}

/// What is wrong. Records are numbered through the whole journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFaultKind {
    /// The segment's header cannot be read.
    Header,
    /// These records are missing, and nothing is in their place.
    Removed {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// The bytes in the place of these records are no record.
    Changed {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// The record does not follow from the one before: one of the two was changed, or this one was inserted.
    Unlinked {
        /// Its number.
        record: u64,
    },
    /// The record follows one with a higher number.
    Reordered {
        /// Its number.
        record: u64,
    },
    /// The record's seal is broken: it was changed, and the chain was made to fit.
    Unsealed {
        /// Its number.
        record: u64,
    },
    /// These records were acknowledged, and the journal ends before them.
    Cut {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// The record is not the one that the high-water mark names.
    Mark {
        /// Its number.
        record: u64,
    },
    /// The mark of how far the journal was acknowledged is gone or an old one: whether the journal was cut cannot be told.
    MarkLost,
    /// A seal that was kept elsewhere was made with another key, or was changed.
    SealForeign {
        /// The record that it names.
        record: u64,
    },
    /// A seal names a record that the journal does not reach any more.
    SealBeyond {
        /// The record that it names.
        record: u64,
    },
    /// The record is not the one that a seal names.
    SealDiffers {
        /// The record that it names.
        record: u64,
    },
    /// Older segments are missing, and the journal does not say that they were dropped by age.
    Beginning,
}

impl std::fmt::Display for AuditFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let range = |first: &u64, last: &u64| {
            if first == last {
                format!("record {first} is")
            } else {
                format!("records {first} to {last} are")
            }
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
            AuditFaultKind::MarkLost => write!(
                f,
                "the mark of the last acknowledged record is gone or an old one: a journal that was cut would look like this one"
            ),
            AuditFaultKind::SealForeign { record } => write!(
                f,
                "the seal of record {record} was made with another desk key, or was changed"
            ),
            AuditFaultKind::SealBeyond { record } => write!(
                f,
                "a seal names record {record}: the journal went as far once, and does not any more"
            ),
            AuditFaultKind::SealDiffers { record } => {
                write!(f, "record {record} is not the one that its seal names")
            }
            AuditFaultKind::Beginning => write!(
                f,
                "the segments before it are gone, and the journal does not say that they were dropped by age"
            ),
        }
    }
}

/// The keys that the desk key opens.
struct AuditKeys {
    note_keys: NoteKeys,
    visit_keys: Option<VisitKeys>,
}

struct ChainAudit<'a> {
    report: AuditReport,
    /// The number that the next record should have, and the chain before it.
    next: Option<(u64, Chain)>,
    /// How far the journal was acknowledged.
    mark: Option<HighWaterMark>,
    /// There is no mark, or an old one, and there are records.
    is_mark_lost: bool,
    /// The number of the next record at the last clean stop, where nothing was written since.
    stopped_at: Option<u64>,
    seals: Option<&'a AuditKeys>,
    /// Seals that were kept elsewhere.
    kept: &'a [SignedSeal],
    /// Segments before this one were dropped by age, by a note in the journal.
    dropped_before: u32,
}

/// Audits the whole journal.
///
/// # Errors
/// A file cannot be read at all, or a newer program wrote it.
pub fn verify(location: &Location) -> Result<AuditReport, StoreError> {
    verify_against(location, &[])
}

/// Audits the whole journal, and compares it with seals that were kept elsewhere. A seal of a record that was dropped by
/// age says nothing any more.
///
/// # Errors
/// As [`verify`].
pub fn verify_against(location: &Location, kept: &[SignedSeal]) -> Result<AuditReport, StoreError> {
    let paths = StorePaths::new(&location.dir);
    match guard(&paths) {
        Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {}
        other => other?,
    }
    let desk = KeyPlace::find(location).read().ok().flatten();
    // Read before the journal: a running desk may append meanwhile.
    let key = desk.as_ref().map(|desk| desk.derive("marks"));
    let state = HighWaterFile::state(&paths.high_water, key.as_ref());
    let stopped = key
        .as_ref()
        .and_then(|key| CleanMark::read(&paths.clean, key));
    let segments = replay::read_segments(&paths.journal)?;
    let foreign = |kept: &&SignedSeal| desk.as_ref().is_some_and(|desk| !kept.is_ours(desk));
    let foreign: Vec<u64> = kept
        .iter()
        .filter(foreign)
        .map(|kept| kept.seal.record)
        .collect();
    let seals = desk.map(|desk| AuditKeys {
        note_keys: NoteKeys::read(&paths, &desk),
        visit_keys: VisitKeys::open_read_only(&paths.visit_keys, desk.derive("visit keys")).ok(),
    });
    let mut audit = ChainAudit {
        report: AuditReport {
            segments: segments.len(),
            has_key: seals.is_some(),
            ..AuditReport::default()
        },
        next: None,
        mark: match state {
            MarkState::Sound(mark) => Some(mark),
            MarkState::Unwritten | MarkState::Missing | MarkState::Damaged => None,
        },
        is_mark_lost: is_lost(state, &paths, &segments, stopped.as_ref()),
        stopped_at: stopped.map(|clean| clean.at.next),
        seals: seals.as_ref(),
        kept,
        dropped_before: 0,
    };
    for record in foreign {
        audit.record_fault(0, AuditFaultKind::SealForeign { record });
    }
    for (place, segment) in segments.iter().enumerate() {
        let bytes = match ours::read(&segment.path) {
            Ok(bytes) => bytes,
            // A running desk drops old segments.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && place == 0 => continue,
            Err(e) => return Err(StoreError::at(&segment.path, e)),
        };
        audit.check_segment(segment, &bytes, counts_until(&segments, place));
    }
    audit.finish(&segments, &paths)
}

impl ChainAudit<'_> {
    fn record_fault(&mut self, segment: u32, kind: AuditFaultKind) {
        self.report.faults.push(AuditFault { segment, kind });
    }

    fn check_segment(&mut self, segment: &Segment, bytes: &[u8], until: Option<u64>) {
        let number = segment.number;
        if let Some(header) = &segment.header {
            self.check_header(number, header);
        } else if bytes.len() > HEADER {
            self.record_fault(number, AuditFaultKind::Header);
        }
        let mut end = HEADER;
        for record in RecordScan::new(bytes) {
            let begin = record.end.saturating_sub(record.bytes.len());
            let gap = bytes.get(end..begin).unwrap_or_default();
            end = record.end;
            if until.is_none_or(|until| record.head.seq < until) {
                self.check_record(number, segment.header.as_ref(), &record, gap);
            }
        }
        self.report.torn |= RecordScan::is_dirty_after(bytes, end);
    }

    fn check_header(&mut self, number: u32, header: &SegmentHeader) {
        match self.next {
            Some((next, _)) if header.first > next => {
                let (first, last) = (next, header.first - 1);
                self.record_fault(number, AuditFaultKind::Removed { first, last });
            }
            Some((next, chain)) if header.first == next && header.anchor != chain => {
                self.record_fault(number, AuditFaultKind::Unlinked { record: next });
            }
            None if header.first > 0 => self.report.begins_with = Some(number),
            _ => {}
        }
        self.next = Some((header.first, header.anchor));
    }

    fn check_record(
        &mut self,
        segment: u32,
        header: Option<&SegmentHeader>,
        record: &Record<'_>,
        gap: &[u8],
    ) {
        let seq = record.head.seq;
        match self.next {
            Some((next, _)) if seq < next => {
                // It was recorded as missing in its own place.
                let missed = AuditFaultKind::Removed {
                    first: seq,
                    last: seq,
                };
                self.report.faults.retain(|fault| fault.kind != missed);
                self.record_fault(segment, AuditFaultKind::Reordered { record: seq });
                return;
            }
            Some((next, _)) if seq > next => {
                let (first, last) = (next, seq - 1);
                self.record_fault(
                    segment,
                    if gap.is_empty() {
                        AuditFaultKind::Removed { first, last }
                    } else {
                        AuditFaultKind::Changed { first, last }
                    },
                );
            }
            Some((_, chain)) if chain != record.head.before => {
                self.record_fault(segment, AuditFaultKind::Unlinked { record: seq });
            }
            _ => {}
        }
        let chain = record.chain();
        self.next = Some((seq.saturating_add(1), chain));
        self.report.records = self.report.records.saturating_add(1);
        self.report.last = Some((seq, hex(&chain)));
        if let Some(mark) = &self.mark
            && mark.next == seq.saturating_add(1)
            && mark.chain.is_some_and(|marked| marked != chain)
        {
            self.record_fault(segment, AuditFaultKind::Mark { record: seq });
        }
        let differs = |kept: &SignedSeal| kept.seal.record == seq && kept.seal.hash != hex(&chain);
        if self.kept.iter().any(differs) {
            self.record_fault(segment, AuditFaultKind::SealDiffers { record: seq });
        }
        self.check_seal(segment, header, record);
    }

    /// Opens the body, where its key is known.
    fn check_seal(&mut self, segment: u32, header: Option<&SegmentHeader>, record: &Record<'_>) {
        let Some(seals) = self.seals else { return };
        let is_whole = match record.head.known_kind() {
            Some(RecordKind::Note) => {
                let mut keys = seals.note_keys.of(header.map(|header| header.key));
                let opened = keys.find_map(|key| record.open(segment, key));
                let note = opened
                    .as_ref()
                    .and_then(|plain| serde_json::from_slice(plain).ok());
                match note {
                    Some(StoreNote::Dropped { before, .. }) => {
                        self.dropped_before = self.dropped_before.max(before);
                    }
                    Some(
                        StoreNote::Forgotten { .. }
                        | StoreNote::Viewed { .. }
                        | StoreNote::HandedOver { .. }
                        | StoreNote::Confirmed { .. }
                        | StoreNote::Counted { .. },
                    )
                    | None => {}
                }
                opened.is_some()
            }
            Some(RecordKind::Facts | RecordKind::Carried) => {
                let slot = seals
                    .visit_keys
                    .as_ref()
                    .map(|visit_keys| visit_keys.read(record.head.slot));
                match slot {
                    Some(Ok(SlotContent::Key(key))) => record.open(segment, &key).is_some(),
                    Some(Ok(SlotContent::Destroyed | SlotContent::Unreadable) | Err(_)) | None => {
                        self.report.forgotten = self.report.forgotten.saturating_add(1);
                        return;
                    }
                }
            }
            // A newer program's.
            None => return,
        };
        if is_whole {
            self.report.opened = self.report.opened.saturating_add(1);
        } else {
            let record = record.head.seq;
            self.record_fault(segment, AuditFaultKind::Unsealed { record });
        }
    }

    fn finish(
        mut self,
        segments: &[Segment],
        paths: &StorePaths,
    ) -> Result<AuditReport, StoreError> {
        let last = segments.last().map_or(0, |last| last.number);
        let end = self.next.map_or(0, |(next, _)| next);
        if self.is_mark_lost {
            self.record_fault(last, AuditFaultKind::MarkLost);
        }
        let acknowledged = self.mark.map(|mark| mark.next).max(self.stopped_at);
        if let Some(next) = acknowledged
            && next > end
        {
            let (first, last_record) = (end, next - 1);
            self.record_fault(
                last,
                AuditFaultKind::Cut {
                    first,
                    last: last_record,
                },
            );
        }
        for kept in self.kept.iter().filter(|kept| kept.seal.record >= end) {
            let record = kept.seal.record;
            self.report.faults.push(AuditFault {
                segment: last,
                kind: AuditFaultKind::SealBeyond { record },
            });
        }
        if let Some(first) = self.report.begins_with
            && self.report.has_key
            && self.dropped_before < first
        {
            // Unless a running desk is dropping them just now.
            let now =
                journal::segments(&paths.journal).map_err(|e| StoreError::at(&paths.journal, e))?;
            if now.first().is_some_and(|(number, _)| *number == first) {
                self.record_fault(first, AuditFaultKind::Beginning);
            }
        }
        Ok(self.report)
    }
}
