//! Writing the write-ahead log: one append and one sync for a batch, in segments whose space is written ahead, so that a
//! sync need not change a file's size. A segment whose write or sync failed is never written again.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, Handle};
use super::marks::Position;
use super::record::{self, Chain, HEADER, RecordHead, RecordKind, SegmentHeader};
use super::seal::{KeyId, SecretKey};

/// The size of a segment, in bytes: beyond it the next one is started.
pub const SEGMENT: u64 = 8 * 1024 * 1024;
/// Space written ahead, in bytes.
const AHEAD: u64 = 256 * 1024;
/// While no job waits, more space is written ahead when less than this is left, in bytes.
const LOW: u64 = 64 * 1024;
/// The age of a segment, in milliseconds, after which the next one starts: they are dropped by age, a day at a time.
const DAY: u64 = 24 * 3600 * 1000;

/// The end of the journal, where records are appended.
pub struct Journal {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    key: KeyId,
    /// The segment being written; `None` before the first write and after a failure.
    current: Option<CurrentSegment>,
    /// The number of the newest segment.
    newest: u32,
    /// The number of the next record.
    next: u64,
    chain: Chain,
}

struct CurrentSegment {
    handle: Handle,
    number: u32,
    begin: u64,
    end: u64,
    /// Up to here zeros are on the disk already, in bytes.
    room: u64,
    /// Milliseconds since 1970.
    created: i64,
}

/// A body to be sealed and appended.
pub struct RecordBody<'a> {
    /// The slot of its key, or `NO_SLOT`.
    pub slot: u32,
    /// What it holds.
    pub kind: RecordKind,
    /// The key that seals it.
    pub key: &'a SecretKey,
    /// The bytes to seal.
    pub plain: &'a [u8],
}

/// Where a reopened journal goes on.
pub struct Resume {
    /// The end of the last segment; `None` where that segment is not sound to its end, so that a new one is started.
    pub at: Option<Position>,
    /// The number of the newest segment.
    pub newest: u32,
    /// The number of the next record.
    pub next: u64,
    /// The chain before the next record.
    pub chain: Chain,
}

impl Journal {
    /// Goes on where reading ended. Nothing is written yet.
    ///
    /// # Errors
    /// The last segment cannot be opened for writing.
    pub fn resume(
        disk: Arc<dyn Disk>,
        dir: &Path,
        key: KeyId,
        resume: &Resume,
    ) -> io::Result<Self> {
        let current = match &resume.at {
            Some(at) => {
                let handle = disk.open(&segment_path(dir, at.segment))?;
                let room = handle.file.metadata()?.len();
                let mut head = vec![0; HEADER];
                std::os::unix::fs::FileExt::read_exact_at(&handle.file, &mut head, 0)?;
                let header = SegmentHeader::decode(&head).map(|(header, _)| header);
                // A segment of another key or of an older format is not appended to.
                header
                    .filter(|h| h.key == key && h.version == record::VERSION)
                    .map(|header| CurrentSegment {
                        created: header.created,
                        handle,
                        number: at.segment,
                        begin: at.begin,
                        end: at.end,
                        room,
                    })
            }
            None => None,
        };
        Ok(Journal {
            disk,
            dir: dir.to_owned(),
            key,
            current,
            newest: resume.newest,
            next: resume.next,
            chain: resume.chain,
        })
    }

    /// Whether the segment being written holds a record.
    pub fn holds_records(&self) -> bool {
        self.current
            .as_ref()
            .is_some_and(CurrentSegment::holds_records)
    }

    /// Where the journal ends; `None` while no segment is trusted.
    pub fn position(&self) -> Option<Position> {
        self.current.as_ref().map(|current| Position {
            segment: current.number,
            begin: current.begin,
            end: current.end,
            next: self.next,
            chain: self.chain,
        })
    }

    /// Appends the bodies: one write, one sync. On an error none of them counts, and the segment is never written again.
    ///
    /// # Errors
    /// The disk's, no random numbers, or a body that is too long.
    pub fn append(&mut self, bodies: &[RecordBody<'_>], next_slot: u32) -> io::Result<()> {
        let size: usize = bodies.iter().map(|body| body.plain.len() + 128).sum();
        self.ensure_segment(size as u64, next_slot, true)?;
        let Some(current) = &mut self.current else {
            return Err(io::Error::other("no segment"));
        };
        let (mut next, mut chain, mut last) = (self.next, self.chain, 0);
        let mut bytes = Vec::with_capacity(size);
        for body in bodies {
            let head = RecordHead {
                seq: next,
                slot: body.slot,
                kind: body.kind as u8,
                before: chain,
            };
            last = bytes.len();
            chain = record::encode(&mut bytes, current.number, &head, body.key, body.plain)?;
            next = next.saturating_add(1);
        }
        let end = current.end.saturating_add(bytes.len() as u64);
        let room = if end > current.room {
            let room = end.next_multiple_of(AHEAD);
            bytes.resize((room - current.end) as usize, 0);
            room
        } else {
            current.room
        };
        let written = self.disk.write_at(&current.handle, &bytes, current.end);
        if let Err(e) = written.and_then(|()| self.disk.sync(&current.handle)) {
            self.current = None;
            return Err(e);
        }
        current.begin = current.end + last as u64;
        current.end = end;
        current.room = room;
        self.next = next;
        self.chain = chain;
        Ok(())
    }

    /// Prepares the next append: a segment, space in it, the next segment when this one is nearly full.
    ///
    /// # Errors
    /// The disk's.
    pub fn prepare(&mut self, next_slot: u32) -> io::Result<()> {
        self.ensure_segment(SEGMENT / 8, next_slot, false)?;
        if let Some(current) = &mut self.current
            && current.room.saturating_sub(current.end) < LOW
        {
            let zeros = vec![0; AHEAD as usize];
            let written = self.disk.write_at(&current.handle, &zeros, current.room);
            if let Err(e) = written.and_then(|()| self.disk.sync(&current.handle)) {
                // That sync held no record: only the space is in doubt. After a full disk the segment is as good as
                // before; after any other error it is not.
                if e.kind() != io::ErrorKind::StorageFull {
                    self.current = None;
                }
                return Err(e);
            }
            current.room = current.room.saturating_add(AHEAD);
        }
        Ok(())
    }

    /// Begins a segment where there is none, or this one would grow too long or is a day old. An empty segment does not
    /// grow old before something is written.
    fn ensure_segment(&mut self, size: u64, next_slot: u32, is_write: bool) -> io::Result<()> {
        let now = self.disk.now().as_millisecond();
        if self.current.as_ref().is_some_and(|current| {
            // Also one that was begun by a clock that was ahead.
            let is_old = now.abs_diff(current.created) >= DAY;
            let fits = current.end.saturating_add(size) <= SEGMENT;
            fits && !(is_old && (is_write || current.holds_records()))
        }) {
            return Ok(());
        }
        self.begin_segment(next_slot)
    }

    /// Begins a new segment.
    ///
    /// # Errors
    /// The disk's.
    pub fn begin_segment(&mut self, next_slot: u32) -> io::Result<()> {
        let number = self.newest.saturating_add(1);
        let path = segment_path(&self.dir, number);
        let header = SegmentHeader {
            version: record::VERSION,
            segment: number,
            key: self.key,
            first: self.next,
            anchor: self.chain,
            next_slot,
            created: self.disk.now().as_millisecond(),
        };
        match self.create_segment(&path, &header) {
            Ok(current) => {
                self.newest = number;
                self.current = Some(current);
                Ok(())
            }
            Err(e) => {
                // A half-made segment holds nothing; if it cannot be removed either, its number is skipped.
                if self.disk.remove(&path).is_err() && path.exists() {
                    self.newest = number;
                }
                Err(e)
            }
        }
    }

    /// Creates a segment's file with its header and space.
    fn create_segment(&self, path: &Path, header: &SegmentHeader) -> io::Result<CurrentSegment> {
        let handle = self.disk.create(path)?;
        let mut bytes = header.encode();
        bytes.resize(AHEAD as usize, 0);
        self.disk.write_at(&handle, &bytes, 0)?;
        self.disk.sync(&handle)?;
        self.disk.sync_dir(&self.dir)?;
        Ok(CurrentSegment {
            handle,
            number: header.segment,
            begin: HEADER as u64,
            end: HEADER as u64,
            room: AHEAD,
            created: header.created,
        })
    }
}

impl CurrentSegment {
    fn holds_records(&self) -> bool {
        self.end > HEADER as u64
    }
}

/// The file of a segment: `journal/00000001.seg`.
pub fn segment_path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("{number:08}.seg"))
}

/// The numbers and files of the segments, in order.
///
/// # Errors
/// The directory cannot be read; one that is missing is empty.
pub fn segments(dir: &Path) -> io::Result<Vec<(u32, PathBuf)>> {
    let entries = match std::fs::read_dir(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "seg")
            && let Some(number) = path
                .file_stem()
                .and_then(|stem| stem.to_str()?.parse::<u32>().ok())
        {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}
