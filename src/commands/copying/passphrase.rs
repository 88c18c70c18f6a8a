//! The passphrase of an export: from a private file, or typed without an echo.

use std::io::{self, IsTerminal};
use std::path::Path;

use crate::cli_error::{CliError, CliResult, Exit};
use crate::commands::pin;
use crate::config;
use crate::visit::Secret;

/// The fewest characters that seal a desk's secrets.
const SHORTEST: usize = 12;

/// Asks for the passphrase of an export that is opened (once) or made (twice on a terminal).
///
/// # Errors
/// The two inputs differ, it is too short to seal with, or the file cannot be read.
pub fn ask(file: Option<&Path>, seals: bool) -> CliResult<Secret> {
    let typed = match file {
        Some(path) => config::read_private(path)?,
        None if seals && io::stdin().is_terminal() => {
            let first = pin::ask_once("New passphrase, 12 characters or more: ")?;
            let second = pin::ask_once("The same again: ")?;
            if first.expose() != second.expose() {
                return Err(CliError::new(
                    Exit::BadData,
                    "the two are not the same, and nothing was written",
                    "run it again",
                ));
            }
            first
        }
        None => pin::ask_once("Passphrase: ")?,
    };
    let text = typed.expose();
    let is_typed = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    let length = text.chars().count();
    if !is_typed || (seals && length < SHORTEST) || length == 0 {
        return Err(CliError::new(
            Exit::BadData,
            format!(
                "a passphrase has {SHORTEST} letters, digits and signs or more, as every keyboard has them"
            ),
            "choose four words",
        ));
    }
    Ok(typed)
}
