//! The segments of the write-ahead log and their headers, before a record is read.

use std::io;
use std::path::{Path, PathBuf};

use crate::ours;
use crate::store::error::StoreError;
use crate::store::journal;
use crate::store::record::{HEADER, SegmentHeader, VERSION};
use crate::store::seal::KeyId;

/// A segment and its header, where that can be read.
pub struct Segment {
    /// The number in its name.
    pub number: u32,
    /// Its file.
    pub path: PathBuf,
    /// Its header; `None` where both copies are damaged.
    pub header: Option<SegmentHeader>,
    /// Whether it holds nothing but a header.
    is_void: bool,
}

/// Finds the segments and reads their headers.
///
/// # Errors
/// The directory or a segment cannot be read, or a newer program wrote a segment.
pub fn read_segments(dir: &Path) -> Result<Vec<Segment>, StoreError> {
    let found = journal::segments(dir).map_err(|e| StoreError::at(dir, e))?;
    found
        .into_iter()
        .map(|(number, path)| {
            let at = |e| StoreError::at(&path, e);
            let len = std::fs::metadata(&path).map_err(at)?.len();
            let mut head = Vec::with_capacity(HEADER);
            let file = ours::open(&path).map_err(at)?;
            io::Read::read_to_end(&mut io::Read::take(file, HEADER as u64), &mut head)
                .map_err(at)?;
            let header = SegmentHeader::decode(&head)
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

/// The id of the desk key that the newest segment is sealed with, where `knows` does not know it.
pub fn foreign_key(segments: &[Segment], knows: impl Fn(KeyId) -> bool) -> Option<KeyId> {
    let headers = segments
        .iter()
        .filter_map(|segment| segment.header.as_ref());
    headers
        .map(|header| header.key)
        .next_back()
        .filter(|newest| !knows(*newest))
}

/// The first number that does not count in this segment: a later segment uses these numbers again, so the records here were
/// never acknowledged.
pub fn counts_until(segments: &[Segment], place: usize) -> Option<u64> {
    let later = segments.get(place.saturating_add(1)..).unwrap_or_default();
    let firsts = later.iter().filter_map(|later| later.header.as_ref());
    firsts.map(|header| header.first).min()
}

/// Whether anything was ever written here.
pub fn has_content(segments: &[Segment]) -> bool {
    segments
        .iter()
        .any(|segment| segment.header.is_some() || !segment.is_void)
}

/// Whether a record was ever written here.
pub fn has_records(segments: &[Segment]) -> bool {
    use std::os::unix::fs::FileExt;
    segments.iter().any(|segment| {
        let mut begin = [0; 4];
        !segment.is_void
            && ours::open(&segment.path)
                .and_then(|file| file.read_exact_at(&mut begin, HEADER as u64))
                .is_ok()
            && begin != [0; 4]
    })
}
