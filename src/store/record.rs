//! The bytes of the write-ahead log: a segment's header and its records. Pure: bytes in, bytes out; no file, no clock.
//!
//! ```text
//! segment: header (a page), the same again (a page), records, zeros up to what is reserved
//! header:  magic 8 | version u16 | 0 u16 | segment u32 | key id 8 | first seq u64 | anchor 32 | next slot u32
//!          | created i64, milliseconds since 1970 | crc32 u32
//! record:  marker 4 | length u32 | crc32 u32 | seq u64 | slot u32 | kind u8 | 0 u8 x 3 | chain before 32
//!          | nonce 24 | sealed body | tag 16
//! ```
//! All numbers are little-endian. A record's length counts from its marker; its checksum covers all bytes after the
//! checksum. Its chain is the SHA-256 of the whole sealed record, which holds the chain before it: so the chain can be
//! checked without any key, and it goes on after a damaged record. The additional data (aad) binds the body to its segment
//! and place.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::seal::{self, KeyId, SEAL_OVERHEAD, SecretKey};

/// Where the records begin in a segment, in bytes: after two copies of the header, a page apart.
pub const HEADER: usize = 2 * PAGE;
/// The longest record, in bytes: far above what a turn of the desk makes.
pub const MAX_RECORD: usize = 256 * 1024;
/// The format that this program writes.
///
/// Format 1 has no carried facts and no note but `Forgotten`; a program that knows only 1 refuses 2.
pub const VERSION: u16 = 2;

const PAGE: usize = 4096;
const MAGIC: &[u8; 8] = b"yxjrnl\r\n";
const HEADER_LEN: usize = 8 + 2 + 2 + 4 + 8 + 8 + 32 + 4 + 8 + 4;
/// Begins a record: unlikely in text, not symmetric, with a high bit.
const MARKER: [u8; 4] = [0xf5, 0x59, 0x58, 0xa7];
const CRC_END: usize = 12;
const HEAD: usize = CRC_END + 8 + 4 + 4 + 32;

/// The hash of a sealed record, over which the next one is chained.
pub type Chain = [u8; 32];

/// A segment's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// The format of the segment.
    pub version: u16,
    /// The number of the segment.
    pub segment: u32,
    /// The desk key that it was written under.
    pub key: KeyId,
    /// The number of the first record here. Records of earlier segments with this number or a higher one were never
    /// acknowledged and do not count.
    pub first: u64,
    /// The chain before the first record.
    pub anchor: Chain,
    /// Key slots below this were used before.
    pub next_slot: u32,
    /// Milliseconds since 1970, for retention.
    pub created: i64,
}

/// The part of a record before its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHead {
    /// The number of the record in the whole journal.
    pub seq: u64,
    /// The slot of the key that seals it, or `NO_SLOT`.
    pub slot: u32,
    /// What the body holds; see [`RecordKind`].
    pub kind: u8,
    /// The chain before it.
    pub before: Chain,
}

/// What a record's body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RecordKind {
    /// The facts of one turn in one visit, as JSON, sealed with the visit's key.
    Facts = 0,
    /// A note of the store's own (a visit was forgotten), as JSON, sealed with a key of the desk.
    Note = 1,
    /// All facts of a visit so far, as JSON, sealed with the visit's key: written before older segments are dropped.
    Carried = 2,
}

impl RecordHead {
    /// The kind of the record; `None` for a kind that only a newer program knows.
    pub fn known_kind(&self) -> Option<RecordKind> {
        [RecordKind::Facts, RecordKind::Note, RecordKind::Carried]
            .into_iter()
            .find(|kind| *kind as u8 == self.kind)
    }
}

impl SegmentHeader {
    /// The two pages before the records.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.version.to_le_bytes());
        out.extend_from_slice(&[0; 2]);
        out.extend_from_slice(&self.segment.to_le_bytes());
        out.extend_from_slice(&self.key.0);
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.anchor);
        out.extend_from_slice(&self.next_slot.to_le_bytes());
        out.extend_from_slice(&self.created.to_le_bytes());
        out.extend_from_slice(&crc32fast::hash(&out).to_le_bytes());
        out.resize(PAGE, 0);
        out.extend_from_within(..);
        out
    }

    /// Reads the first sound copy; the second value is whether both copies are sound.
    pub fn decode(segment: &[u8]) -> Option<(Self, bool)> {
        let first = segment.get(..HEADER_LEN).and_then(Self::decode_copy);
        let second = segment
            .get(PAGE..PAGE + HEADER_LEN)
            .and_then(Self::decode_copy);
        match (first, second) {
            (Some(header), other) => Some((header, other.is_some())),
            (None, Some(header)) => Some((header, false)),
            (None, None) => None,
        }
    }

    fn decode_copy(bytes: &[u8]) -> Option<Self> {
        let (body, crc) = bytes.split_at_checked(HEADER_LEN - 4)?;
        if !body.starts_with(MAGIC) || crc != crc32fast::hash(body).to_le_bytes() {
            return None;
        }
        Some(SegmentHeader {
            version: u16::from_le_bytes(field(body, 8)?),
            segment: u32::from_le_bytes(field(body, 12)?),
            key: KeyId(field(body, 16)?),
            first: u64::from_le_bytes(field(body, 24)?),
            anchor: field(body, 32)?,
            next_slot: u32::from_le_bytes(field(body, 64)?),
            created: i64::from_le_bytes(field(body, 68)?),
        })
    }
}

/// Appends a sealed record to `out` and returns the chain after it.
///
/// # Errors
/// The body is too long, or the system gives no random numbers.
pub fn encode(
    out: &mut Vec<u8>,
    segment: u32,
    head: &RecordHead,
    key: &SecretKey,
    plain: &[u8],
) -> std::io::Result<Chain> {
    let sealed = seal::seal(key, &aad(segment, head), plain)?;
    let length = HEAD + sealed.len();
    let short = u32::try_from(length)
        .ok()
        .filter(|_| length <= MAX_RECORD)
        .ok_or_else(|| std::io::Error::other("a record too long for the journal"))?;
    let at = out.len();
    out.extend_from_slice(&MARKER);
    out.extend_from_slice(&short.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&head.seq.to_le_bytes());
    out.extend_from_slice(&head.slot.to_le_bytes());
    out.extend_from_slice(&[head.kind, 0, 0, 0]);
    out.extend_from_slice(&head.before);
    out.extend_from_slice(&sealed);
    let crc = crc32fast::hash(&out[at + CRC_END..]).to_le_bytes();
    out[at + CRC_END - 4..at + CRC_END].copy_from_slice(&crc);
    Ok(Sha256::digest(&out[at..]).into())
}

/// A record in a segment, with a correct checksum, not yet opened.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The part before the body.
    pub head: RecordHead,
    /// All its bytes, from the marker on.
    pub bytes: &'a [u8],
    /// Where it ends in the segment, in bytes.
    pub end: usize,
}

impl Record<'_> {
    /// The chain after this record.
    pub fn chain(&self) -> Chain {
        Sha256::digest(self.bytes).into()
    }

    /// Opens the body; `None` where it is another key's or a byte was changed.
    pub fn open(&self, segment: u32, key: &SecretKey) -> Option<Zeroizing<Vec<u8>>> {
        seal::unseal(key, &aad(segment, &self.head), self.bytes.get(HEAD..)?)
    }
}

/// Iterates over the records of a segment, past damage to the next sound one.
pub struct RecordScan<'a> {
    segment: &'a [u8],
    at: usize,
}

impl<'a> RecordScan<'a> {
    /// The records of these bytes, a whole segment.
    pub fn new(segment: &'a [u8]) -> Self {
        RecordScan {
            segment,
            at: HEADER,
        }
    }

    /// Whether anything but zeros follows `end`: a torn record, or damage.
    pub fn is_dirty_after(segment: &[u8], end: usize) -> bool {
        segment
            .get(end..)
            .is_some_and(|rest| rest.iter().any(|byte| *byte != 0))
    }
}

impl<'a> Iterator for RecordScan<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        loop {
            let rest = self.segment.get(self.at..)?;
            let skip = rest.iter().position(|byte| *byte == MARKER[0])?;
            self.at += skip;
            let rest = self.segment.get(self.at..)?;
            if let Some(record) = record_at(rest, self.at) {
                self.at = record.end;
                return Some(record);
            }
            self.at += 1;
        }
    }
}

/// The sound record at the beginning of these bytes, which start at `at` in the segment.
pub fn record_at(bytes: &[u8], at: usize) -> Option<Record<'_>> {
    if !bytes.starts_with(&MARKER) {
        return None;
    }
    let length = usize::try_from(u32::from_le_bytes(field(bytes, 4)?)).ok()?;
    if !(HEAD + SEAL_OVERHEAD..=MAX_RECORD).contains(&length) {
        return None;
    }
    let bytes = bytes.get(..length)?;
    if crc32fast::hash(bytes.get(CRC_END..)?) != u32::from_le_bytes(field(bytes, 8)?) {
        return None;
    }
    Some(Record {
        head: RecordHead {
            seq: u64::from_le_bytes(field(bytes, CRC_END)?),
            slot: u32::from_le_bytes(field(bytes, CRC_END + 8)?),
            kind: *bytes.get(CRC_END + 12)?,
            before: field(bytes, CRC_END + 16)?,
        },
        bytes,
        end: at.saturating_add(length),
    })
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

fn aad(segment: u32, head: &RecordHead) -> Vec<u8> {
    let mut aad = Vec::with_capacity(64);
    aad.extend_from_slice(b"yxrec1\0");
    aad.push(head.kind);
    aad.extend_from_slice(&segment.to_le_bytes());
    aad.extend_from_slice(&head.seq.to_le_bytes());
    aad.extend_from_slice(&head.slot.to_le_bytes());
    aad.extend_from_slice(&head.before);
    aad
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> SegmentHeader {
        SegmentHeader {
            version: VERSION,
            segment: 3,
            key: KeyId([1; 8]),
            first: 10,
            anchor: [2; 32],
            next_slot: 5,
            created: 1_790_000_000_000,
        }
    }

    fn segment() -> Vec<u8> {
        let mut bytes = header().encode();
        let key = SecretKey::new([7; 32]);
        let mut before = [2; 32];
        for seq in 10..15 {
            let head = RecordHead {
                seq,
                slot: 1,
                kind: RecordKind::Facts as u8,
                before,
            };
            before = encode(&mut bytes, 3, &head, &key, format!("turn {seq}").as_bytes()).unwrap();
        }
        bytes.resize(bytes.len() + 500, 0);
        bytes
    }

    fn seqs(bytes: &[u8]) -> Vec<u64> {
        let key = SecretKey::new([7; 32]);
        RecordScan::new(bytes)
            .filter(|r| r.open(3, &key).is_some())
            .map(|r| r.head.seq)
            .collect()
    }

    #[test]
    fn records_come_back_and_are_chained() {
        let bytes = segment();
        assert_eq!(SegmentHeader::decode(&bytes), Some((header(), true)));
        assert_eq!(seqs(&bytes), [10, 11, 12, 13, 14]);
        let records: Vec<_> = RecordScan::new(&bytes).collect();
        for pair in records.windows(2) {
            assert_eq!(pair[0].chain(), pair[1].head.before);
        }
        assert!(!RecordScan::is_dirty_after(&bytes, records[4].end));
    }

    #[test]
    fn a_flipped_bit_costs_one_record_and_a_header_none() {
        let whole = segment();
        let places = (0..HEADER_LEN).chain(HEADER..whole.len());
        for bit in places.flat_map(|place| (0..8).map(move |bit| place * 8 + bit)) {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(seqs(&bytes).len() >= 4, "bit {bit}");
            assert_eq!(
                SegmentHeader::decode(&bytes).unwrap().0,
                header(),
                "bit {bit}"
            );
            // Every byte but the header pages' padding is covered.
            if (HEADER..whole.len() - 500).contains(&(bit / 8)) {
                assert_eq!(seqs(&bytes).len(), 4, "bit {bit}");
            }
        }
    }

    #[test]
    fn a_record_in_another_place_is_not_opened() {
        let bytes = segment();
        let key = SecretKey::new([7; 32]);
        let record = RecordScan::new(&bytes).next().unwrap();
        assert!(record.open(3, &key).is_some());
        assert!(record.open(4, &key).is_none());
        assert!(record.open(3, &SecretKey::new([8; 32])).is_none());
    }
}
