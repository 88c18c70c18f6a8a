//! The failures of a store, each kind with its own remedy. The texts are for the command line and the log; the screens have
//! words of their own for each kind.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli_error::{CliError, Exit};
use crate::ours::{NotOurs, OursFault};

/// Why a store could not be opened, read or closed. None of these has changed anything. The text is what happened and,
/// after a semicolon, the remedy.
#[derive(Debug)]
pub enum StoreError {
    /// Another program uses the store.
    Locked {
        /// The file.
        path: PathBuf,
        /// The process that uses it; 0 where that is not known.
        pid: u32,
    },
    /// A read-only file system, or another user's directory.
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// No room on the disk.
    Full {
        /// The file.
        path: PathBuf,
    },
    /// A file or folder is not this desk's own, or not as its own are.
    NotOurs(NotOurs),
    /// A file is where a directory should be.
    NotADirectory {
        /// The file.
        path: PathBuf,
    },
    /// There is a journal but no desk key.
    KeyMissing {
        /// The directory of the store.
        dir: PathBuf,
        /// The file.
        path: PathBuf,
        /// The id of the key that is needed.
        wanted: String,
    },
    /// The journal is sealed with another key.
    KeyForeign {
        /// The directory of the store.
        dir: PathBuf,
        /// The file.
        path: PathBuf,
        /// The id of the key that is needed.
        wanted: String,
        /// The id of the key that was found.
        found: String,
    },
    /// The desk key's file holds no key.
    KeyUnreadable {
        /// The file.
        path: PathBuf,
    },
    /// There is a journal, but the file of the visits' keys is missing or empty.
    VisitKeysLost {
        /// The file.
        path: PathBuf,
    },
    /// A newer program wrote the journal.
    Newer {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        version: u16,
    },
    /// There is no store here.
    Missing {
        /// The directory of the store.
        dir: PathBuf,
    },
    /// The store is not empty: a backup is restored into an empty one.
    NotEmpty {
        /// The directory of the store.
        dir: PathBuf,
    },
    /// The service manager gives the desk key: this program cannot change it.
    KeyGiven {
        /// The file.
        path: PathBuf,
    },
    /// The file is no backup, or it was damaged or changed.
    BackupUnsound {
        /// The file.
        path: PathBuf,
    },
    /// The backup may not be restored any more.
    BackupExpired {
        /// The file.
        path: PathBuf,
        /// When it expired.
        expires: jiff::Timestamp,
    },
    /// The backup is sealed with another desk key than the one in the store's place, if there is one.
    BackupForeign {
        /// The backup file.
        backup: PathBuf,
        /// The file.
        path: PathBuf,
        /// The id of the key that is needed.
        wanted: String,
        /// The id of the key that was found.
        found: Option<String>,
    },
    /// Any other error of the system.
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The system gives no random numbers.
    Random,
    /// The store's thread has ended.
    Stopped,
}

/// Why a batch was refused: nothing of it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// No room. With the ballast released the visit in hand still fits; new visits are refused.
    #[error("no room is left on the disk")]
    Full,
    /// The disk has become read-only.
    #[error("the disk has become read-only")]
    ReadOnly,
    /// The disk failed. That segment is not written again; the next commit begins a new one.
    #[error("the disk failed ({0})")]
    Io(io::ErrorKind),
    /// More batches are queued than a desk can make: the disk hangs.
    #[error("the disk does not answer")]
    Busy,
    /// The visit was forgotten: its key is destroyed.
    #[error("this visit was forgotten")]
    Forgotten,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// The kind of a system error on this path, by its remedy.
    pub(crate) fn at(path: &Path, source: io::Error) -> Self {
        if let Some(not_ours) = NotOurs::of(&source) {
            return match not_ours.fault {
                OursFault::NoFolder => StoreError::NotADirectory {
                    path: not_ours.path.clone(),
                },
                OursFault::Foreign { .. }
                | OursFault::Link
                | OursFault::NoFile
                | OursFault::NoSocket
                | OursFault::Writable { .. }
                | OursFault::Readable { .. } => StoreError::NotOurs(not_ours.clone()),
            };
        }
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

    /// What happened: one sentence, no personal data.
    pub fn describe(&self) -> String {
        match self {
            StoreError::Locked { path, pid } => {
                format!("the store {} is in use by process {pid}", path.display())
            }
            StoreError::ReadOnly { path } => format!("{} cannot be written", path.display()),
            StoreError::Full { path } => format!("no room is left for {}", path.display()),
            StoreError::NotOurs(not_ours) => not_ours.told(),
            StoreError::NotADirectory { path } => no_folder(path).told(),
            StoreError::KeyMissing { dir, path, wanted } => format!(
                "the journal in {} is sealed with the desk key {wanted}, and {} is not there",
                dir.display(),
                path.display()
            ),
            StoreError::KeyForeign {
                dir,
                path,
                wanted,
                found,
            } => format!(
                "the journal in {} is sealed with another key: with {wanted}, and {} is {found}",
                dir.display(),
                path.display()
            ),
            StoreError::KeyUnreadable { path } => format!("{} is not a desk key", path.display()),
            StoreError::VisitKeysLost { path } => format!(
                "the journal cannot be read without the visits' keys, and {} is gone or empty",
                path.display()
            ),
            StoreError::Newer { path, version } => format!(
                "{} was written by a newer program (format {version})",
                path.display()
            ),
            StoreError::Io { path, source } => {
                format!("{} could not be used: {source}", path.display())
            }
            StoreError::Missing { dir } => format!("there is no store in {}", dir.display()),
            StoreError::NotEmpty { dir } => {
                format!("the store {} holds visits already", dir.display())
            }
            StoreError::KeyGiven { path } => format!(
                "the desk key is given by the service manager: {}",
                path.display()
            ),
            StoreError::BackupUnsound { path } => format!(
                "{} is not a backup, or it was damaged or changed",
                path.display()
            ),
            StoreError::BackupExpired { path, expires } => format!(
                "the backup {} has expired on {}",
                path.display(),
                expires.strftime("%Y-%m-%d")
            ),
            StoreError::BackupForeign {
                backup,
                path,
                wanted,
                found,
            } => format!(
                "the backup {} is sealed with the desk key {wanted}, and {} is {}",
                backup.display(),
                path.display(),
                found.as_deref().unwrap_or("not there")
            ),
            StoreError::Random => "the system gives no random numbers".into(),
            StoreError::Stopped => "the store's thread has stopped".into(),
        }
    }

    /// What to do, in the imperative.
    pub fn remedy(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            StoreError::NotOurs(not_ours) => return Cow::Owned(not_ours.remedy()),
            StoreError::NotADirectory { path } => return Cow::Owned(no_folder(path).remedy()),
            StoreError::Locked { .. } => "leave that program first, or name another store",
            StoreError::ReadOnly { .. } => {
                "make it writable for this user, or name a store on another disk"
            }
            StoreError::Full { .. } => "free some 10 MB on that disk and start again",
            StoreError::KeyMissing { .. }
            | StoreError::KeyForeign { .. }
            | StoreError::KeyUnreadable { .. } => {
                "put the right key file there, or name another store; nothing was changed"
            }
            StoreError::VisitKeysLost { .. } => {
                "put that file back from a backup, or name another store; nothing was changed"
            }
            StoreError::Newer { .. } => "use the newer program",
            StoreError::Missing { .. } => "name the right one: --store DIR",
            StoreError::NotEmpty { .. } => {
                "restore into an empty one: --store DIR, with that desk's key in it; nothing was changed"
            }
            StoreError::KeyGiven { .. } => {
                "let the desk keep its own key file (store.key_file), or make a new store"
            }
            StoreError::BackupUnsound { .. } => "take another backup; nothing was changed",
            StoreError::BackupExpired { .. } => {
                "take a younger one, and delete this; nothing was changed"
            }
            StoreError::BackupForeign { .. } => {
                "put that desk's key file there first; nothing was changed"
            }
            StoreError::Io { .. } => "check the disk and try again",
            StoreError::Random => "restart the machine",
            StoreError::Stopped => "start the program again: the journal is safe",
        })
    }

    fn exit(&self) -> Exit {
        match self {
            StoreError::Locked { .. } => Exit::Busy,
            StoreError::NotOurs(not_ours) => CliError::from(not_ours).exit,
            StoreError::ReadOnly { .. } | StoreError::NotADirectory { .. } => Exit::CannotCreate,
            StoreError::Full { .. } | StoreError::Io { .. } => Exit::InputOutput,
            StoreError::KeyMissing { .. }
            | StoreError::KeyForeign { .. }
            | StoreError::KeyUnreadable { .. } => Exit::NoPermission,
            StoreError::KeyGiven { .. } | StoreError::BackupForeign { .. } => Exit::NoPermission,
            StoreError::VisitKeysLost { .. }
            | StoreError::Newer { .. }
            | StoreError::BackupUnsound { .. }
            | StoreError::BackupExpired { .. } => Exit::BadData,
            StoreError::Missing { .. } => Exit::NoInput,
            StoreError::NotEmpty { .. } => Exit::CannotCreate,
            StoreError::Random | StoreError::Stopped => Exit::Failure,
        }
    }
}

fn no_folder(path: &Path) -> NotOurs {
    NotOurs {
        path: path.to_owned(),
        fault: OursFault::NoFolder,
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.describe(), self.remedy())
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StoreError::Io { source, .. } => Some(source),
            StoreError::Locked { .. }
            | StoreError::ReadOnly { .. }
            | StoreError::Full { .. }
            | StoreError::NotOurs(_)
            | StoreError::NotADirectory { .. }
            | StoreError::KeyMissing { .. }
            | StoreError::KeyForeign { .. }
            | StoreError::KeyUnreadable { .. }
            | StoreError::VisitKeysLost { .. }
            | StoreError::Newer { .. }
            | StoreError::Missing { .. }
            | StoreError::NotEmpty { .. }
            | StoreError::KeyGiven { .. }
            | StoreError::BackupUnsound { .. }
            | StoreError::BackupExpired { .. }
            | StoreError::BackupForeign { .. }
            | StoreError::Random
            | StoreError::Stopped => None,
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        CliError::new(error.exit(), error.describe(), error.remedy())
    }
}

impl CommitError {
    /// The kind of a system error.
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
