//! The failures of a store, each kind with its own remedy. The texts are for the command line and the log; the screens have
//! words of their own for each kind.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli_error::{CliError, Exit};
use crate::cli_lang::{both, pick};
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
                both!(
                    "the store {} is in use by process {pid}",
                    "存储 {} 正被进程 {pid} 使用",
                    path.display()
                )
            }
            StoreError::ReadOnly { path } => {
                both!("{} cannot be written", "{} 写不进去", path.display())
            }
            StoreError::Full { path } => {
                both!("no room is left for {}", "{} 没有空间了", path.display())
            }
            StoreError::NotOurs(not_ours) => not_ours.told(),
            StoreError::NotADirectory { path } => no_folder(path).told(),
            StoreError::KeyMissing { dir, path, wanted } => both!(
                "the journal in {} is sealed with the desk key {wanted}, and {} is not there",
                "{} 里的日志用台子的密钥 {wanted} 加密，而 {} 不在",
                dir.display(),
                path.display()
            ),
            StoreError::KeyForeign {
                dir,
                path,
                wanted,
                found,
            } => both!(
                "the journal in {} is sealed with another key: with {wanted}, and {} is {found}",
                "{} 里的日志用别的密钥 {wanted} 加密，而 {} 是 {found}",
                dir.display(),
                path.display()
            ),
            StoreError::KeyUnreadable { path } => {
                both!("{} is not a desk key", "{} 不是台子的密钥", path.display())
            }
            StoreError::VisitKeysLost { path } => both!(
                "the journal cannot be read without the visits' keys, and {} is gone or empty",
                "没有办理的密钥就读不了日志，而 {} 不在或是空的",
                path.display()
            ),
            StoreError::Newer { path, version } => both!(
                "{} was written by a newer program (format {version})",
                "{} 由较新的程序写成（格式 {version}）",
                path.display()
            ),
            StoreError::Io { path, source } => {
                both!(
                    "{} could not be used: {source}",
                    "{} 用不了：{source}",
                    path.display()
                )
            }
            StoreError::Missing { dir } => {
                both!("there is no store in {}", "{} 里没有存储", dir.display())
            }
            StoreError::NotEmpty { dir } => {
                both!(
                    "the store {} holds visits already",
                    "存储 {} 里已有办理",
                    dir.display()
                )
            }
            StoreError::KeyGiven { path } => both!(
                "the desk key is given by the service manager: {}",
                "台子的密钥由服务管理器提供：{}",
                path.display()
            ),
            StoreError::BackupUnsound { path } => both!(
                "{} is not a backup, or it was damaged or changed",
                "{} 不是备份，或已损坏、被改动",
                path.display()
            ),
            StoreError::BackupExpired { path, expires } => both!(
                "the backup {} has expired on {}",
                "备份 {} 已于 {} 到期",
                path.display(),
                expires.strftime("%Y-%m-%d")
            ),
            StoreError::BackupForeign {
                backup,
                path,
                wanted,
                found,
            } => both!(
                "the backup {} is sealed with the desk key {wanted}, and {} is {}",
                "备份 {} 用台子的密钥 {wanted} 加密，而 {} 是 {}",
                backup.display(),
                path.display(),
                found.as_deref().unwrap_or("not there")
            ),
            StoreError::Random => both!("the system gives no random numbers", "系统给不出随机数"),
            StoreError::Stopped => both!("the store's thread has stopped", "存储的线程停了"),
        }
    }

    /// What to do, in the imperative.
    pub fn remedy(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            StoreError::NotOurs(not_ours) => return Cow::Owned(not_ours.remedy()),
            StoreError::NotADirectory { path } => return Cow::Owned(no_folder(path).remedy()),
            StoreError::Locked { .. } => pick(
                "leave that program first, or name another store",
                "请先退出那个程序，或指定别的存储",
            ),
            StoreError::ReadOnly { .. } => pick(
                "make it writable for this user, or name a store on another disk",
                "请让这个用户能写，或把存储放在别的磁盘上",
            ),
            StoreError::Full { .. } => pick(
                "free some 10 MB on that disk and start again",
                "请在那块磁盘上腾出约 10 MB，再启动",
            ),
            StoreError::KeyMissing { .. }
            | StoreError::KeyForeign { .. }
            | StoreError::KeyUnreadable { .. } => pick(
                "put the right key file there, or name another store; nothing was changed",
                "请放上正确的密钥文件，或指定别的存储；什么也没改",
            ),
            StoreError::VisitKeysLost { .. } => pick(
                "put that file back from a backup, or name another store; nothing was changed",
                "请从备份里放回那个文件，或指定别的存储；什么也没改",
            ),
            StoreError::Newer { .. } => pick(
                "install the newer program here; nothing was changed",
                "请在这里装上较新的程序；什么也没有改动",
            ),
            StoreError::Missing { .. } => pick(
                "name the right one: --store DIR",
                "请指定正确的：--store 文件夹",
            ),
            StoreError::NotEmpty { .. } => pick(
                "restore into an empty one: --store DIR, with that desk's key in it; nothing was changed",
                "请恢复到空的里：--store 文件夹，其中放那台的密钥；什么也没改",
            ),
            StoreError::KeyGiven { .. } => pick(
                "let the desk keep its own key file (store.key_file), or make a new store",
                "请让迎新台自己保管密钥文件（store.key_file），或新建存储",
            ),
            StoreError::BackupUnsound { .. } => pick(
                "take another backup; nothing was changed",
                "请用别的备份；什么也没改",
            ),
            StoreError::BackupExpired { .. } => pick(
                "take a younger one, and delete this; nothing was changed",
                "请用较新的，并删掉这个；什么也没改",
            ),
            StoreError::BackupForeign { .. } => pick(
                "put that desk's key file there first; nothing was changed",
                "请先放上那台的密钥文件；什么也没改",
            ),
            StoreError::Io { .. } => pick("check the disk and try again", "请检查磁盘，再试一次"),
            StoreError::Random => pick("restart the machine", "请重启电脑"),
            StoreError::Stopped => pick(
                "start the program again: the journal is safe",
                "请重新启动程序：日志完好",
            ),
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
