//! The binary: parses the command line and runs the command.

use std::alloc::System;
use std::process::ExitCode;

use clap::Parser;
use zeroizing_alloc::ZeroAlloc;

/// Zeroes freed memory: libraries that handle a password or a code keep copies of it (an HTTP client its request) and drop
/// them without wiping.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    yingxin::commands::run(yingxin::cli::Cli::parse())
}
