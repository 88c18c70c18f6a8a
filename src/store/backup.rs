//! A backup: one sealed file with the journal, the visits' keys and the roster as they are on that day. It is sealed with
//! the desk's key, which is not in it. It expires: a visit that is forgotten today is still readable in yesterday's backup.
//!
//! ```text
//! header: magic 8 | version u16 | 0 u16 | key id 8 | made i64 | expires i64, milliseconds since 1970 | file id 16
//!         | crc32 u32
//! chunk:  length u32, with the highest bit set on the last one | nonce 24 | sealed bytes | tag 16
//! bytes:  for each file: name length u16 | name | length u64 | content; at the end a name length of 0
//! ```
//! The additional data (aad) of each chunk binds it to the header and its place.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zeroize::Zeroizing;

use super::disk::Disk;
use super::error::StoreError;
use super::guard::guard;
use super::inspect::inspect;
use super::location::{Location, StorePaths};
use super::lock::StoreLock;
use super::open::PATIENCE;
use super::replay;
use super::seal::{self, DeskKey, KeyId, KeyPlace, SEAL_OVERHEAD, SecretKey};
use super::staged;
use crate::ours;

const MAGIC: &[u8; 8] = b"yxback\r\n";
const VERSION: u16 = 1;
const HEADER: usize = 8 + 2 + 2 + 8 + 8 + 8 + 16 + 4;
/// Bytes sealed at a time.
const CHUNK: usize = 256 * 1024;
const LAST: u32 = 1 << 31;
/// The files beside the journal that a backup holds.
const BESIDE: [&str; 4] = ["visits.keys", "keys.retired", "high-water", "roster"];

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupStats {
    /// When it was taken.
    pub made: Timestamp,
    /// From when on it is refused.
    pub expires: Timestamp,
    /// The id of the desk key that seals it.
    pub key: KeyId,
    /// The number of segments in it.
    pub segments: usize,
    /// The length of all files in it, in bytes.
    pub bytes: u64,
}

struct BackupHead {
    key: KeyId,
    made: i64,
    expires: i64,
    bytes: [u8; HEADER],
}

/// Writes a backup to a new file; it expires after `life`. A desk may run meanwhile.
///
/// # Errors
/// There is no store, its desk key is missing or another's, the file exists, or the disk failed.
pub fn backup(
    location: &Location,
    zone: &TimeZone,
    to: &Path,
    life: jiff::SignedDuration,
) -> Result<BackupStats, StoreError> {
    let paths = StorePaths::new(&location.dir);
    let missing = || StoreError::Missing {
        dir: paths.dir.clone(),
    };
    let inspected = inspect(&paths, &KeyPlace::find(location), zone)?.ok_or_else(missing)?;
    let now = Timestamp::now();
    let expires = now.checked_add(life).unwrap_or(now);
    let head =
        BackupHead::new(inspected.desk.id(), now, expires).map_err(|_| StoreError::Random)?;
    let at = |e| StoreError::at(to, e);
    let file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(at)?;
    let mut sealer = BackupSealer {
        file: &file,
        key: inspected.desk.derive("backup"),
        head: &head,
        pending: Zeroizing::new(Vec::with_capacity(CHUNK)),
        place: 0,
    };
    let written = (&file)
        .write_all(&head.bytes)
        .and_then(|()| write_files(&mut sealer, &inspected.paths))
        .and_then(|stats| file.sync_all().map(|()| stats));
    match written {
        Ok((segments, bytes)) => Ok(BackupStats {
            made: now,
            expires,
            key: inspected.desk.id(),
            segments,
            bytes,
        }),
        Err(e) => {
            let _ = std::fs::remove_file(to);
            Err(at(e))
        }
    }
}

/// Writes the mark first, then the journal, then the keys: so that no file names records or keys that a later one lacks.
fn write_files(sealer: &mut BackupSealer<'_>, paths: &StorePaths) -> io::Result<(usize, u64)> {
    let (mut segments, mut total) = (0usize, 0u64);
    let mut add = |name: &str, path: &Path| -> io::Result<bool> {
        let bytes = match ours::read(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            other => other?,
        };
        total = total.saturating_add(bytes.len() as u64);
        sealer.add_file(name, &bytes)?;
        Ok(true)
    };
    add("high-water", &paths.high_water)?;
    for (number, path) in super::journal::segments(&paths.journal)? {
        if add(&format!("journal/{number:08}.seg"), &path)? {
            segments = segments.saturating_add(1);
        }
    }
    add("visits.keys", &paths.visit_keys)?;
    add("keys.retired", &paths.retired_keys)?;
    add("roster", &paths.roster)?;
    sealer.end()?;
    Ok((segments, total))
}

/// Restores a store from a backup. The desk's key must be in its place, and there must be no journal.
///
/// # Errors
/// The file is no backup, is damaged, has expired or is another desk's; or the store is not empty.
pub fn restore(
    disk: &dyn Disk,
    location: &Location,
    from: &Path,
) -> Result<BackupStats, StoreError> {
    let paths = StorePaths::new(&location.dir);
    let place = KeyPlace::find(location);
    let at = |e| StoreError::at(from, e);
    let unsound = || StoreError::BackupUnsound {
        path: from.to_owned(),
    };
    let mut file = io::BufReader::new(File::open(from).map_err(at)?);
    let head = BackupHead::read(&mut file).ok_or_else(unsound)?;
    let desk = read_matching_key(&place, &head, from)?;
    let expires = Timestamp::from_millisecond(head.expires).unwrap_or_default();
    if disk.now() >= expires {
        return Err(StoreError::BackupExpired {
            path: from.to_owned(),
            expires,
        });
    }
    ours::make_folder(&paths.dir).map_err(|e| StoreError::at(&paths.dir, e))?;
    guard(&paths)?;
    let _lock = StoreLock::take(&paths.lock, PATIENCE)?;
    let at_stage = |e| StoreError::at(&paths.staged, e);
    staged::apply(disk, &paths, &desk).map_err(at_stage)?;
    let segments = replay::read_segments(&paths.journal)?;
    let holds = |path: &Path| std::fs::metadata(path).is_ok_and(|meta| meta.len() > 0);
    if !segments.is_empty() || holds(&paths.visit_keys) {
        return Err(StoreError::NotEmpty { dir: paths.dir });
    }
    staged::begin(disk, &paths).map_err(at_stage)?;
    let opener = BackupOpener {
        file,
        key: desk.derive("backup"),
        head: &head,
        plain: Zeroizing::new(Vec::new()),
        at: 0,
        place: 0,
        is_last: false,
    };
    let (segments, bytes) = unpack(disk, opener, &paths).map_err(|e| match e.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => unsound(),
        _ => at_stage(e),
    })?;
    staged::mark_ready(disk, &paths, &desk).map_err(at_stage)?;
    staged::apply(disk, &paths, &desk).map_err(at_stage)?;
    Ok(BackupStats {
        made: Timestamp::from_millisecond(head.made).unwrap_or_default(),
        expires,
        key: head.key,
        segments,
        bytes,
    })
}

fn read_matching_key(
    place: &KeyPlace,
    head: &BackupHead,
    from: &Path,
) -> Result<DeskKey, StoreError> {
    let (dir, path, wanted) = (from.to_owned(), place.path.clone(), head.key.to_string());
    match place.read()? {
        Some(desk) if desk.id() == head.key => Ok(desk),
        Some(desk) => Err(StoreError::BackupForeign {
            backup: dir,
            path,
            wanted,
            found: Some(desk.id().to_string()),
        }),
        None => Err(StoreError::BackupForeign {
            backup: dir,
            path,
            wanted,
            found: None,
        }),
    }
}

fn unpack(
    disk: &dyn Disk,
    mut opener: BackupOpener<'_>,
    paths: &StorePaths,
) -> io::Result<(usize, u64)> {
    let (mut segments, mut total) = (0usize, 0u64);
    let journal = staged::staged_path(paths, &paths.journal);
    ours::make_inner_folder(&journal)?;
    while let Some((name, content)) = opener.next_file()? {
        let segment = name
            .strip_prefix("journal/")
            .and_then(|rest| rest.strip_suffix(".seg"))
            .filter(|number| number.len() == 8 && number.bytes().all(|b| b.is_ascii_digit()));
        let path = match segment {
            Some(number) => journal.join(format!("{number}.seg")),
            None if BESIDE.contains(&name.as_str()) => paths.staged.join(&name),
            None => return Err(unsound()),
        };
        segments = segments.saturating_add(usize::from(segment.is_some()));
        total = total.saturating_add(content.len() as u64);
        let handle = disk.create(&path)?;
        disk.write_at(&handle, &content, 0)?;
        disk.sync(&handle)?;
    }
    disk.sync_dir(&journal)?;
    disk.sync_dir(&paths.staged)?;
    Ok((segments, total))
}

fn unsound() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

impl BackupHead {
    fn new(key: KeyId, made: Timestamp, expires: Timestamp) -> io::Result<Self> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|e| io::Error::other(e.to_string()))?;
        let (made, expires) = (made.as_millisecond(), expires.as_millisecond());
        let mut out = Vec::with_capacity(HEADER);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&[0; 2]);
        out.extend_from_slice(&key.0);
        out.extend_from_slice(&made.to_le_bytes());
        out.extend_from_slice(&expires.to_le_bytes());
        out.extend_from_slice(&id);
        out.extend_from_slice(&crc32fast::hash(&out).to_le_bytes());
        let mut bytes = [0; HEADER];
        bytes.copy_from_slice(&out);
        Ok(BackupHead {
            key,
            made,
            expires,
            bytes,
        })
    }

    fn read(file: &mut impl Read) -> Option<Self> {
        let mut bytes = [0; HEADER];
        file.read_exact(&mut bytes).ok()?;
        let (body, crc) = bytes.split_at(HEADER - 4);
        let is_ours = body.starts_with(MAGIC) && body.get(8..10)? == VERSION.to_le_bytes();
        if !is_ours || crc != crc32fast::hash(body).to_le_bytes() {
            return None;
        }
        Some(BackupHead {
            key: KeyId(body.get(12..20)?.try_into().ok()?),
            made: i64::from_le_bytes(body.get(20..28)?.try_into().ok()?),
            expires: i64::from_le_bytes(body.get(28..36)?.try_into().ok()?),
            bytes,
        })
    }

    fn aad(&self, place: u64, is_last: bool) -> Vec<u8> {
        let mut aad = self.bytes.to_vec();
        aad.extend_from_slice(&place.to_le_bytes());
        aad.push(u8::from(is_last));
        aad
    }
}

/// Seals files into chunks, one at a time.
struct BackupSealer<'a> {
    file: &'a File,
    key: SecretKey,
    head: &'a BackupHead,
    pending: Zeroizing<Vec<u8>>,
    place: u64,
}

impl BackupSealer<'_> {
    /// Adds a file.
    fn add_file(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let length = u16::try_from(name.len()).map_err(io::Error::other)?;
        self.add(&length.to_le_bytes())?;
        self.add(name.as_bytes())?;
        self.add(&(content.len() as u64).to_le_bytes())?;
        self.add(content)
    }

    fn add(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.pending.len() >= CHUNK {
                self.write_chunk(false)?;
            }
            let (now, rest) = bytes.split_at(bytes.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = rest;
        }
        Ok(())
    }

    fn write_chunk(&mut self, is_last: bool) -> io::Result<()> {
        let aad = self.head.aad(self.place, is_last);
        let sealed = seal::seal(&self.key, &aad, &self.pending)?;
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        let marked = if is_last { length | LAST } else { length };
        self.file.write_all(&marked.to_le_bytes())?;
        self.file.write_all(&sealed)?;
        self.pending.clear();
        self.place = self.place.saturating_add(1);
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.add(&[0; 2])?;
        self.write_chunk(true)
    }
}

/// Opens the chunks that a [`BackupSealer`] wrote.
struct BackupOpener<'a> {
    file: io::BufReader<File>,
    key: SecretKey,
    head: &'a BackupHead,
    plain: Zeroizing<Vec<u8>>,
    at: usize,
    place: u64,
    is_last: bool,
}

impl BackupOpener<'_> {
    /// The next file; `None` at the end.
    fn next_file(&mut self) -> io::Result<Option<(String, Zeroizing<Vec<u8>>)>> {
        let length = u16::from_le_bytes(self.take_array()?);
        if length == 0 {
            let at_end = self.is_last && self.at == self.plain.len();
            return if at_end { Ok(None) } else { Err(unsound()) };
        }
        let name = self.take(usize::from(length))?;
        let name = String::from_utf8(name.to_vec()).map_err(|_| unsound())?;
        let length = u64::from_le_bytes(self.take_array()?);
        let length = usize::try_from(length).map_err(|_| unsound())?;
        Ok(Some((name, self.take(length)?)))
    }

    fn take_array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let taken = self.take(N)?;
        taken.as_slice().try_into().map_err(|_| unsound())
    }

    fn take(&mut self, length: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut out = Zeroizing::new(Vec::with_capacity(length.min(CHUNK)));
        while out.len() < length {
            if self.at == self.plain.len() {
                self.read_chunk()?;
            }
            let rest = self.plain.get(self.at..).unwrap_or_default();
            let now = rest.len().min(length - out.len());
            out.extend_from_slice(rest.get(..now).unwrap_or_default());
            self.at += now;
        }
        Ok(out)
    }

    fn read_chunk(&mut self) -> io::Result<()> {
        if self.is_last {
            return Err(unsound());
        }
        let mut marked = [0; 4];
        self.file.read_exact(&mut marked)?;
        let marked = u32::from_le_bytes(marked);
        let (length, is_last) = ((marked & !LAST) as usize, marked & LAST != 0);
        if !(SEAL_OVERHEAD..=CHUNK + SEAL_OVERHEAD).contains(&length) {
            return Err(unsound());
        }
        let mut sealed = vec![0; length];
        self.file.read_exact(&mut sealed)?;
        let aad = self.head.aad(self.place, is_last);
        self.plain = seal::unseal(&self.key, &aad, &sealed).ok_or_else(unsound)?;
        (self.at, self.is_last) = (0, is_last);
        self.place = self.place.saturating_add(1);
        Ok(())
    }
}
