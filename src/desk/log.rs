//! The log: a file of mode 0600 beside the store, at most `CAP` bytes and one older one. Nothing of a desk goes to stdout
//! or stderr: those are the screen's. No secret and no person is logged: Debug shows neither. A line is escaped when it is
//! written, and stays one.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::both;
use crate::escape;
use crate::ours;

/// How large the log grows before it is rotated, in bytes.
const CAP: u64 = 1024 * 1024;

/// Opens the log and sends everything there from now on. Called once a process; a second call keeps the first.
///
/// # Errors
/// Where the file cannot be opened for appending.
pub fn open(path: &Path) -> CliResult<()> {
    let log = Log::open(path, CAP).map_err(|e| {
        CliError::io(
            both!(
                "cannot write the log {}",
                "写不了运行记录 {}",
                path.display()
            ),
            &e,
        )
    })?;
    send_to(log);
    Ok(())
}

/// Sends everything to stderr from now on: for a command that has no screen, and no store to write a file into.
pub fn begin_without_file() {
    send_to(Stderr);
}

fn send_to(writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    let subscriber = tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_max_level(tracing::Level::INFO)
        .finish();
    // In a test of this crate another one may be there already.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Appends one line past everything that may be broken: for the panic hook.
pub(super) fn append(path: &Path, line: &str) {
    if let Ok(mut file) = ours::append(path) {
        let _ = writeln!(file, "{} {}", jiff::Timestamp::now(), escape::line(line));
    }
}

/// The file and how much is in it.
struct Log {
    path: PathBuf,
    cap: u64,
    open: Mutex<Open>,
}

struct Open {
    file: File,
    length: u64,
}

impl Log {
    fn open(path: &Path, cap: u64) -> io::Result<Self> {
        let file = ours::append(path)?;
        let length = file.metadata()?.len();
        Ok(Log {
            path: path.to_owned(),
            cap,
            open: Mutex::new(Open { file, length }),
        })
    }

    /// Writes one line; where there is no room it is lost, for the desk goes on.
    fn write(&self, line: &[u8]) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if open.length.saturating_add(length) > self.cap && open.length > 0 {
            let mut older = self.path.clone().into_os_string();
            older.push(".1");
            if std::fs::rename(&self.path, older).is_err() {
                return;
            }
            match ours::append(&self.path) {
                Ok(file) => *open = Open { file, length: 0 },
                Err(_) => return,
            }
        }
        if open.file.write_all(line).is_ok() {
            open.length = open.length.saturating_add(length);
        }
    }
}

/// Where lines go.
trait Sink {
    /// Writes one line; one that cannot be written is lost.
    fn write(&self, line: &[u8]);
}

impl Sink for Log {
    fn write(&self, line: &[u8]) {
        self.write(line);
    }
}

/// The stderr of a command.
struct Stderr;

impl Sink for Stderr {
    fn write(&self, line: &[u8]) {
        let _ = io::stderr().write_all(line);
    }
}

/// One line on its way: written whole when it is complete.
struct Line<'a> {
    to: &'a dyn Sink,
    bytes: Vec<u8>,
}

impl<'a> Line<'a> {
    fn begin(to: &'a dyn Sink) -> Self {
        Line {
            to,
            bytes: Vec::with_capacity(160),
        }
    }
}

/// The longest line, in bytes.
const LINE: usize = 4096;

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = LINE.saturating_sub(self.bytes.len());
        self.bytes.extend(bytes.iter().take(room));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(&self.bytes);
        let mut line = escape::line(text.strip_suffix('\n').unwrap_or(&text));
        line.push('\n');
        self.to.write(line.as_bytes());
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line::begin(self)
    }
}

impl<'a> MakeWriter<'a> for Stderr {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line::begin(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_reference_has_this_limit() {
        let limits = crate::help::find("limits").unwrap().markdown;
        let row = format!("| the log | {} MB, and one older file |", CAP >> 20);
        assert!(limits.contains(&row), "{row}");
    }

    #[test]
    fn a_line_stays_one_and_acts_on_no_terminal() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("yingxin.log");
        let log = Log::open(&path, 100_000).unwrap();
        let hostile = "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\nERROR forged";
        writeln!(log.make_writer(), "first {hostile}").unwrap();
        append(&path, &format!("last {hostile}"));
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let escaped = "\\u001b]0;x\\u0007\\u009b2J\\u202e\\u000aERROR forged";
        assert_eq!(lines[0], format!("first {escaped}"));
        assert!(lines[1].ends_with(&format!(" last {escaped}")), "{text}");
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn the_log_stays_small_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("yingxin.log");
        let log = Log::open(&path, 1000).unwrap();
        for n in 0..100 {
            writeln!(log.make_writer(), "line {n:05} {}", "x".repeat(40)).unwrap();
        }
        write!(log.make_writer(), "{}", "y".repeat(10_000)).unwrap();
        append(&path, "the end");
        let older = std::fs::read_to_string(dir.path().join("yingxin.log.1")).unwrap();
        let newer = std::fs::read_to_string(&path).unwrap();
        assert!(older.len() <= 1000, "{}", older.len());
        assert!(newer.len() <= LINE + 100, "{}", newer.len());
        assert!(older.contains("line 00099") && newer.trim_end().ends_with("the end"));
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
