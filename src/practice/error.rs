//! Why a practice campus cannot start.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the practice campus did not start.
#[derive(Debug, thiserror::Error)]
pub enum CampusError {
    /// The address can be reached from other machines.
    #[error("{0} is not a loopback address, and the practice campus is for this machine alone")]
    NotLoopback(SocketAddr),
    /// The address is in use, or not allowed.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where the campus was to listen.
        address: SocketAddr,
        /// The system's error.
        source: std::io::Error,
    },
    /// The state directory cannot be read or written.
    #[error("cannot keep the practice campus's state in {dir}: {source}")]
    State {
        /// The state directory.
        dir: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Another process holds the lock of the state directory.
    #[error("another practice campus uses {0}")]
    InUse(PathBuf),
}
