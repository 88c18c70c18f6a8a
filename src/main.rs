//! The command line becomes a command.

use std::alloc::System;
use std::process::ExitCode;

use clap::Parser;
use zeroizing_alloc::ZeroAlloc;

/// Zeroes what is freed: libraries that carry a password or a code keep copies of their own (an HTTP client its request)
/// and drop them unwiped.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    yingxin::commands::run(yingxin::cli::Cli::parse())
}
