//! `yingxin man [DIR]`: the man pages, generated from the definitions of the command line.

use std::path::Path;

use clap::CommandFactory;

use super::say;
use crate::cli::Cli;
use crate::cli_error::{CliError, CliResult};

/// Prints the man page of the program, or writes it and those of all commands to a folder.
///
/// # Errors
/// The folder does not exist or cannot be written, or stdout cannot be written.
pub fn run(dir: Option<&Path>) -> CliResult<()> {
    match dir {
        Some(dir) => clap_mangen::generate_to(Cli::command(), dir)
            .map_err(|e| CliError::io(format!("cannot write to {}", dir.display()), &e)),
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut page)
                .map_err(|e| CliError::io("cannot generate the man page", &e))?;
            say(&String::from_utf8_lossy(&page))
        }
    }
}
