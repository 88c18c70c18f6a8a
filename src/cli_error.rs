//! What the program says before it gives up: one sentence, a remedy, an exit code. It knows nobody.

use std::fmt;
use std::io;

/// Exit codes; those from 64 on are BSD's sysexits, which service managers and scripts know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Failure = 1,
    /// The command line is wrong (clap's own code).
    Usage = 2,
    /// Data that was given is wrong: a pack, an image without a QR code, a damaged store.
    BadData = 65,
    /// A file that was named, or the terminal, is not there.
    NoInput = 66,
    /// The campus does not answer.
    Unavailable = 69,
    CannotCreate = 73,
    /// Reading or writing failed, as on a full disk.
    InputOutput = 74,
    /// Another instance holds the store: later it may go.
    Busy = 75,
    NoPermission = 77,
    Configuration = 78,
}

/// Why the program gives up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CliError {
    pub exit: Exit,
    /// One sentence without a full stop. No secret, no person.
    pub what: String,
    /// What to do, as an order.
    pub remedy: String,
}

/// Most of the house's answers.
pub type CliResult<T> = Result<T, CliError>;

impl CliError {
    pub fn new(exit: Exit, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        CliError {
            exit,
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// What an I/O error means for a file: `doing` is such as "cannot read /etc/x".
    pub fn io(doing: impl fmt::Display, error: &io::Error) -> Self {
        let (exit, remedy) = match error.kind() {
            io::ErrorKind::NotFound => (Exit::NoInput, "check the name"),
            io::ErrorKind::PermissionDenied => (
                Exit::NoPermission,
                "run as the user it belongs to, or change its owner or mode",
            ),
            io::ErrorKind::ReadOnlyFilesystem => (
                Exit::InputOutput,
                "use a folder on a disk that can be written",
            ),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                (Exit::InputOutput, "make room on that disk")
            }
            io::ErrorKind::AlreadyExists => {
                (Exit::CannotCreate, "move the old one away, or name another")
            }
            _ => (Exit::InputOutput, "check the disk and try again"),
        };
        CliError::new(exit, format!("{doing}: {}", plain(error)), remedy)
    }
}

/// An I/O error's words without `(os error 13)`.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text.get(..end).unwrap_or(&text).to_lowercase(),
        None => text,
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "yingxin: {}\n   help: {}", self.what, self.remedy)
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
