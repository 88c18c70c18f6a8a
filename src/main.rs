//! The binary: parses the command line and runs the command.

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Zeroes freed memory: libraries that handle a password or a code keep copies of it (an HTTP client its request) and drop
/// them without wiping.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    yingxin::cli_lang::begin(words.clone());
    match yingxin::cli::Cli::read(words) {
        Ok(cli) => yingxin::commands::run(cli),
        Err(error) => error.exit(),
    }
}
