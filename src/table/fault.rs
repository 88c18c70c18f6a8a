//! A fault in a file that a person wrote: where it is, what is wrong, and what to do. This module reads no file.

use std::fmt;

use crate::cli_error::{CliError, Exit};

/// A fault in a file, and its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file's name, or `environment`.
    pub file: String,
    /// The line from 1; `None` when the fault has no single place.
    pub line: Option<usize>,
    /// The full key, such as `desk.letter`; empty for the file as a whole.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to do, as an imperative.
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

/// A file's name and text.
pub struct Source<'a> {
    /// The name that faults show.
    pub file: &'a str,
    /// The whole text.
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

    /// The line of this byte, from 1.
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
