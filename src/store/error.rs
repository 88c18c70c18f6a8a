//! What can go wrong with a store, told apart: each has its own remedy. The texts are for the command line and the log;
//! the screens have words of their own for each kind.

use std::io;
use std::path::{Path, PathBuf};

/// Why a store could not be opened, read or closed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the data directory {path} is in use by process {pid}: leave that program first")]
    Locked { path: PathBuf, pid: u32 },
    #[error(
        "{path} cannot be written (a read-only file system, or another user's): make it writable for this user, or name another data directory"
    )]
    ReadOnly { path: PathBuf },
    #[error("no room is left on the disk of {path}: free some 10 MB and start again")]
    Full { path: PathBuf },
    #[error("{path} is in the way: a directory is needed there")]
    NotADirectory { path: PathBuf },
    #[error(
        "the journal in {dir} is sealed with the key {wanted}, and no key was found at {path}: put that key file back; nothing was changed"
    )]
    KeyMissing {
        dir: PathBuf,
        path: PathBuf,
        wanted: String,
    },
    #[error(
        "the journal in {dir} is sealed with another key: it wants {wanted}, and {path} is {found}; put the right key file there, or name another data directory; nothing was changed"
    )]
    KeyForeign {
        dir: PathBuf,
        path: PathBuf,
        wanted: String,
        found: String,
    },
    #[error(
        "{path} is not a desk key (64 hexadecimal digits after \"yingxin-desk-key-1\"): put the right key file back; nothing was changed"
    )]
    KeyUnreadable { path: PathBuf },
    #[error(
        "the visits' keys in {path} are gone, and the journal cannot be read without them: put the file back from a backup; nothing was changed"
    )]
    VisitKeysLost { path: PathBuf },
    #[error(
        "the journal in {path} was written by a newer program (format {version}): use that one"
    )]
    Newer { path: PathBuf, version: u16 },
    #[error("{path} could not be used: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("the system gives no random numbers: restart the machine")]
    Random,
    #[error("the store's thread has stopped: restart the program; the journal is safe")]
    Stopped,
}

/// Why a batch was not taken: nothing of it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// No room. With the ballast released the visit in hand still fits; new visits are refused with this.
    #[error("no room is left on the disk")]
    Full,
    #[error("the disk has become read-only")]
    ReadOnly,
    /// The disk failed. That file is not trusted again; the next commit begins a new one.
    #[error("the disk failed ({0})")]
    Io(io::ErrorKind),
    /// More batches are waiting than a desk can make: the disk hangs.
    #[error("the disk does not answer")]
    Busy,
    /// The visit's key was destroyed on request.
    #[error("this visit was forgotten")]
    Forgotten,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Sorts an error of the system by its remedy.
    pub(crate) fn at(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                StoreError::ReadOnly { path }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path },
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                StoreError::NotADirectory { path }
            }
            _ => StoreError::Io { path, source },
        }
    }

    /// The exit code of a command that ends with this, after `sysexits.h`.
    pub fn exit_code(&self) -> u8 {
        match self {
            StoreError::Locked { .. } => 75,
            StoreError::ReadOnly { .. } | StoreError::NotADirectory { .. } => 73,
            StoreError::Full { .. } | StoreError::Io { .. } => 74,
            StoreError::KeyMissing { .. }
            | StoreError::KeyForeign { .. }
            | StoreError::KeyUnreadable { .. }
            | StoreError::VisitKeysLost { .. } => 77,
            StoreError::Newer { .. } => 76,
            StoreError::Random | StoreError::Stopped => 70,
        }
    }
}

impl CommitError {
    pub(crate) fn from_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => CommitError::Full,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                CommitError::ReadOnly
            }
            kind => CommitError::Io(kind),
        }
    }
}
