//! The command line becomes a command.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    yingxin::commands::run(yingxin::cli::Cli::parse())
}
