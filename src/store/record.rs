//! The journal's bytes: a segment's header and its records. Pure: bytes in, bytes out; no file, no clock.
//!
//! ```text
//! segment: header (a page), the same again (a page), records, zeros up to what is reserved
//! header:  magic 8 | version u16 | 0 u16 | segment u32 | key id 8 | first seq u64 | anchor 32 | next slot u32
//!          | created i64, milliseconds since 1970 | crc32 u32
//! record:  marker 4 | length u32 | crc32 u32 | seq u64 | slot u32 | kind u8 | 0 u8 x 3 | chain before 32
//!          | nonce 24 | sealed body | tag 16
//! ```
//! All numbers are little-endian. A record's length counts from its marker; its checksum covers all that follows the
//! checksum. Its chain is the SHA-256 of the whole sealed record, which holds the chain before it: so the chain can be
//! checked without any key, and after a damaged record it goes on. The aad binds the body to its segment and place.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::seal::{self, Key, KeyId, SEAL_OVERHEAD};

/// Where records begin in a segment: behind two copies of the header, a page apart.
pub const HEADER: usize = 2 * PAGE;
/// No record is longer; far above what a turn of the desk makes.
pub const MAX_RECORD: usize = 256 * 1024;
/// The format that this program writes.
///
/// 1 has no carried facts and no note but `Forgotten`; a program that knows 1 alone does not read 2.
pub const VERSION: u16 = 2;

const PAGE: usize = 4096;
const MAGIC: &[u8; 8] = b"yxjrnl\r\n";
const HEADER_LEN: usize = 8 + 2 + 2 + 4 + 8 + 8 + 32 + 4 + 8 + 4;
/// Unlikely in text, not symmetric, with a high bit: garbage does not look like it.
const MARKER: [u8; 4] = [0xf5, 0x59, 0x58, 0xa7];
const CRC_END: usize = 12;
const HEAD: usize = CRC_END + 8 + 4 + 4 + 32;

/// The hash of a sealed record, over which the next one is chained.
pub type Chain = [u8; 32];

/// A segment's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub version: u16,
    pub segment: u32,
    pub key: KeyId,
    /// The number of the first record here. Records of earlier segments that bear this number or a later one were
    /// never acknowledged and do not count.
    pub first: u64,
    /// The chain before the first record.
    pub anchor: Chain,
    /// Key slots below this were given away before.
    pub next_slot: u32,
    /// Milliseconds since 1970, for retention.
    pub created: i64,
}

/// What stands before a record's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: u64,
    pub slot: u32,
    pub kind: u8,
    pub before: Chain,
}

/// What a record's body holds.
pub mod kind {
    /// The facts of one turn in one visit, as JSON, sealed with the visit's key.
    pub const FACTS: u8 = 0;
    /// What the store notes for itself (a visit forgotten), as JSON, sealed with a key of the desk.
    pub const NOTE: u8 = 1;
    /// All the facts of a visit so far, as JSON, sealed with the visit's key: written before older segments are dropped.
    pub const CARRIED: u8 = 2;
}

impl Header {
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

    /// Reads the first sound copy, and tells whether both were.
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
        Some(Header {
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

/// Appends a sealed record to `out` and gives the chain after it.
///
/// # Errors
/// A body that is too long, or no randomness.
pub fn encode(
    out: &mut Vec<u8>,
    segment: u32,
    head: &Head,
    key: &Key,
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

/// A record as it stands in a segment, its checksum right, not yet opened.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub head: Head,
    /// All its bytes, from the marker on.
    pub bytes: &'a [u8],
    /// Where it ends in the segment.
    pub end: usize,
}

impl Record<'_> {
    pub fn chain(&self) -> Chain {
        Sha256::digest(self.bytes).into()
    }

    /// Opens the body; `None` where the key does not fit or a byte was changed.
    pub fn open(&self, segment: u32, key: &Key) -> Option<Zeroizing<Vec<u8>>> {
        seal::unseal(key, &aad(segment, &self.head), self.bytes.get(HEAD..)?)
    }
}

/// Goes through a segment's records and finds the next one behind damage.
pub struct Scan<'a> {
    segment: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    pub fn new(segment: &'a [u8]) -> Self {
        Scan {
            segment,
            at: HEADER,
        }
    }

    /// Whether anything but zeros follows `end`: a torn record, or damage.
    pub fn is_dirty_behind(segment: &[u8], end: usize) -> bool {
        segment
            .get(end..)
            .is_some_and(|rest| rest.iter().any(|byte| *byte != 0))
    }
}

impl<'a> Iterator for Scan<'a> {
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

/// The record that begins these bytes, if a sound one does.
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
        head: Head {
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

fn aad(segment: u32, head: &Head) -> Vec<u8> {
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

    fn header() -> Header {
        Header {
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
        let key = Key::new([7; 32]);
        let mut before = [2; 32];
        for seq in 10..15 {
            let head = Head {
                seq,
                slot: 1,
                kind: kind::FACTS,
                before,
            };
            before = encode(&mut bytes, 3, &head, &key, format!("turn {seq}").as_bytes()).unwrap();
        }
        bytes.resize(bytes.len() + 500, 0);
        bytes
    }

    fn seqs(bytes: &[u8]) -> Vec<u64> {
        let key = Key::new([7; 32]);
        Scan::new(bytes)
            .filter(|r| r.open(3, &key).is_some())
            .map(|r| r.head.seq)
            .collect()
    }

    #[test]
    fn records_come_back_and_are_chained() {
        let bytes = segment();
        assert_eq!(Header::decode(&bytes), Some((header(), true)));
        assert_eq!(seqs(&bytes), [10, 11, 12, 13, 14]);
        let records: Vec<_> = Scan::new(&bytes).collect();
        for pair in records.windows(2) {
            assert_eq!(pair[0].chain(), pair[1].head.before);
        }
        assert!(!Scan::is_dirty_behind(&bytes, records[4].end));
    }

    #[test]
    fn a_flipped_bit_costs_one_record_and_a_header_none() {
        let whole = segment();
        let places = (0..HEADER_LEN).chain(HEADER..whole.len());
        for bit in places.flat_map(|place| (0..8).map(move |bit| place * 8 + bit)) {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(seqs(&bytes).len() >= 4, "bit {bit}");
            assert_eq!(Header::decode(&bytes).unwrap().0, header(), "bit {bit}");
            // Every byte but the header pages' padding is covered.
            if (HEADER..whole.len() - 500).contains(&(bit / 8)) {
                assert_eq!(seqs(&bytes).len(), 4, "bit {bit}");
            }
        }
    }

    #[test]
    fn a_record_in_another_place_is_not_opened() {
        let bytes = segment();
        let key = Key::new([7; 32]);
        let record = Scan::new(&bytes).next().unwrap();
        assert!(record.open(3, &key).is_some());
        assert!(record.open(4, &key).is_none());
        assert!(record.open(3, &Key::new([8; 32])).is_none());
    }
}
