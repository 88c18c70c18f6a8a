//! `yingxin completions SHELL`.

use clap::CommandFactory;

use super::say;
use crate::cli::Cli;
use crate::cli_error::CliResult;

/// Prints the completion script of a shell.
///
/// # Errors
/// Stdout cannot be written.
pub fn run(shell: clap_complete::Shell) -> CliResult<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "yingxin", &mut script);
    say(&String::from_utf8_lossy(&script))
}
