//! One file a subcommand. Each gives an exit code; errors name a remedy and go to stderr.

pub mod campus;
pub mod qr;
pub mod theme;
