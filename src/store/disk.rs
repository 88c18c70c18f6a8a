//! The few calls that the store makes to change a file system, behind a trait, so that tests can count syncs, let them fail
//! and record what a power cut would leave. Nothing here knows what the bytes mean.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::ours;

/// An open file and its name.
pub struct Handle {
    /// The open file.
    pub file: File,
    /// Its name, for messages.
    pub path: PathBuf,
}

/// All calls that change the disk and must last. Reading does not use it.
pub trait Disk: Send + Sync + fmt::Debug {
    /// Creates a file of mode 0600.
    ///
    /// # Errors
    /// The file exists, or the system's.
    fn create(&self, path: &Path) -> io::Result<Handle>;
    /// Opens an existing file for reading and writing.
    ///
    /// # Errors
    /// The system's.
    fn open(&self, path: &Path) -> io::Result<Handle>;
    /// Writes all bytes, from offset `at` (in bytes) on. Without a sync they may not be on the disk.
    ///
    /// # Errors
    /// The system's.
    fn write_at(&self, to: &Handle, bytes: &[u8], at: u64) -> io::Result<()>;
    /// `fdatasync`: the bytes and what is needed to read them back are on the disk.
    ///
    /// # Errors
    /// The system's: then the state of the file is unknown.
    fn sync(&self, of: &Handle) -> io::Result<()>;
    /// Syncs a directory: created, renamed and removed names are on the disk.
    ///
    /// # Errors
    /// The system's.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Renames a file over another one, atomically.
    ///
    /// # Errors
    /// The system's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// The file does not exist, or the system's.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Allocates `len` bytes for the file (ballast).
    ///
    /// # Errors
    /// The system's, a full disk among them.
    fn reserve(&self, of: &Handle, len: u64) -> io::Result<()>;
    /// The wall clock, whose time is written with the data. It is here so that tests can let days pass.
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
    /// When the program was built, where that is known: no right clock shows an earlier time. It is here as [`Disk::now`]
    /// is.
    fn built(&self) -> Option<Timestamp> {
        built()
    }
}

/// The time of the commit that the program was built from.
pub fn built() -> Option<Timestamp> {
    let seconds = option_env!("YINGXIN_COMMITTED")?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Handle> {
        let file = ours::create(path)?;
        Ok(Handle {
            file,
            path: path.to_owned(),
        })
    }

    fn open(&self, path: &Path) -> io::Result<Handle> {
        let file = ours::open_to_write(path)?;
        Ok(Handle {
            file,
            path: path.to_owned(),
        })
    }

    fn write_at(&self, to: &Handle, bytes: &[u8], at: u64) -> io::Result<()> {
        to.file.write_all_at(bytes, at)
    }

    fn sync(&self, of: &Handle) -> io::Result<()> {
        of.file.sync_data()
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn reserve(&self, of: &Handle, len: u64) -> io::Result<()> {
        use rustix::fs::{FallocateFlags, fallocate};
        match fallocate(&of.file, FallocateFlags::empty(), 0, len) {
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {
                let zeros = vec![0; 64 * 1024];
                let mut at = 0;
                while at < len {
                    of.file.write_all_at(&zeros, at)?;
                    at = at.saturating_add(zeros.len() as u64);
                }
                Ok(())
            }
            other => other.map_err(io::Error::from),
        }
    }
}

/// Replaces a small file atomically: the new one is written beside it, synced and renamed over it, and the name is synced.
///
/// # Errors
/// The system's.
pub fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    remove_unfinished(disk, path)?;
    let beside = beside(path);
    let handle = disk.create(&beside)?;
    disk.write_at(&handle, bytes, 0)?;
    disk.sync(&handle)?;
    disk.rename(&beside, path)?;
    match path.parent() {
        Some(dir) => disk.sync_dir(dir),
        None => Ok(()),
    }
}

/// Removes what a stop during [`replace`] left beside this file.
///
/// # Errors
/// The system's.
pub fn remove_unfinished(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.remove(&beside(path)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Overwrites a file with zeros, `chunk` bytes at a time, and syncs it.
///
/// # Errors
/// The system's.
pub fn overwrite(disk: &dyn Disk, path: &Path, chunk: usize) -> io::Result<()> {
    let handle = disk.open(path)?;
    let length = handle.file.metadata()?.len();
    let zeros = vec![0; chunk.max(1)];
    let mut at = 0u64;
    while at < length {
        let left = usize::try_from(length.saturating_sub(at)).unwrap_or(usize::MAX);
        let now = zeros.get(..left).unwrap_or(&zeros);
        disk.write_at(&handle, now, at)?;
        at = at.saturating_add(now.len() as u64);
    }
    disk.sync(&handle)
}

/// Where the new version of a file is written.
fn beside(path: &Path) -> PathBuf {
    path.with_extension("new")
}
