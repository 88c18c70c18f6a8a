//! The error that ends a command: one sentence, a remedy, an exit code. It is printed as two lines, whatever
//! it quotes. It depends on `escape` and on `ours`, whose errors have remedies of their own.

use std::fmt;
use std::io;

use crate::cli_lang::both;
use crate::escape;
use crate::ours::{NotOurs, OursFault};

/// Exit codes; those from 64 on are BSD's sysexits (sysexits.h), which service managers and scripts know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Any other failure.
    Failure = 1,
    /// The command line is wrong (clap's own code).
    Usage = 2,
    /// The data is wrong: a pack, an image without a QR code, a damaged store (EX_DATAERR).
    BadData = 65,
    /// The given file, or the terminal, does not exist (EX_NOINPUT).
    NoInput = 66,
    /// The campus or a running desk does not answer (EX_UNAVAILABLE).
    Unavailable = 69,
    /// A file cannot be created (EX_CANTCREAT).
    CannotCreate = 73,
    /// Reading or writing failed, as on a full disk (EX_IOERR).
    InputOutput = 74,
    /// Another process holds the store; a later try may succeed (EX_TEMPFAIL).
    Busy = 75,
    /// No permission: a wrong PIN, a key of another desk (EX_NOPERM).
    NoPermission = 77,
    /// The configuration is wrong (EX_CONFIG).
    Configuration = 78,
}

/// The error that ends a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CliError {
    /// The exit code of the process.
    pub exit: Exit,
    /// One sentence without a full stop. It holds no secret and no personal data.
    pub what: String,
    /// The remedy, as an imperative.
    pub remedy: String,
}

/// The result of a command and of what it prepares.
pub type CliResult<T> = Result<T, CliError>;

impl CliError {
    /// An error with its remedy.
    pub fn new(exit: Exit, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        CliError {
            exit,
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// The error and remedy of a failed file operation; `doing` names it, such as "cannot read /etc/x".
    pub fn io(doing: impl fmt::Display, error: &io::Error) -> Self {
        if let Some(not_ours) = NotOurs::of(error) {
            return not_ours.into();
        }
        let (exit, remedy) = match error.kind() {
            io::ErrorKind::NotFound => (Exit::NoInput, both!("check the name", "请检查名称")),
            io::ErrorKind::PermissionDenied => (
                Exit::NoPermission,
                both!(
                    "run as the user it belongs to, or change its owner or mode",
                    "请以它所属的用户运行，或改它的属主或权限"
                ),
            ),
            io::ErrorKind::ReadOnlyFilesystem => (
                Exit::InputOutput,
                both!(
                    "use a folder on a disk that can be written",
                    "请用可写磁盘上的文件夹"
                ),
            ),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => (
                Exit::InputOutput,
                both!("make room on that disk", "请在那块磁盘上腾出空间"),
            ),
            io::ErrorKind::AlreadyExists => (
                Exit::CannotCreate,
                both!(
                    "move the old one away, or name another",
                    "请把旧的移走，或换一个名称"
                ),
            ),
            _ => (
                Exit::InputOutput,
                both!("check the disk and try again", "请检查磁盘，再试一次"),
            ),
        };
        CliError::new(exit, format!("{doing}: {}", plain(error)), remedy)
    }
}

impl From<&NotOurs> for CliError {
    fn from(error: &NotOurs) -> Self {
        let exit = match error.fault {
            OursFault::NoFile | OursFault::NoFolder | OursFault::NoSocket => Exit::BadData,
            OursFault::Foreign { .. }
            | OursFault::Link
            | OursFault::Writable { .. }
            | OursFault::Readable { .. } => Exit::NoPermission,
        };
        CliError::new(exit, error.told(), error.remedy())
    }
}

/// The text of an I/O error without `(os error 13)`.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text.get(..end).unwrap_or(&text).to_lowercase(),
        None => text,
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, remedy) = (escape::line(&self.what), escape::line(&self.remedy));
        f.write_str(&both!(
            "yingxin: {what}\n   help: {remedy}",
            "yingxin: {what}\n   办法: {remedy}"
        ))
    }
}

impl std::error::Error for CliError {}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_io_error_becomes_a_sentence_and_a_code() {
        let denied = io::Error::from_raw_os_error(13);
        let error = CliError::io("cannot read /etc/shadow", &denied);
        assert_eq!(error.exit, Exit::NoPermission);
        assert_eq!(
            error.to_string(),
            "yingxin: cannot read /etc/shadow: permission denied\n   help: run as the user it belongs to, or change \
             its owner or mode"
        );
    }
}
