//! What is wrong in a file that somebody wrote: where, what, and what to do. It reads nothing.

use std::fmt;

use crate::cli_error::{CliError, Exit};

/// What is wrong in a file, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub file: String,
    /// Counted from 1; `None` where the fault is not at one place.
    pub line: Option<usize>,
    /// The key from the top of the file, such as `desk.letter`; empty for the file as a whole.
    pub key: String,
    pub what: String,
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for Fault {}

/// A file's text and its name for people.
pub struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

impl Source<'_> {
    /// A fault of the file as a whole.
    pub fn fault(&self, what: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault {
            file: self.file.to_owned(),
            line: None,
            key: String::new(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// The line that this byte stands on, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        before
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            .saturating_add(1)
    }
}

impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        CliError {
            exit: Exit::Configuration,
            what: fault.to_string(),
            remedy: fault.remedy,
        }
    }
}
