//! `yingxin campus`: the practice campus alone, for tests and trainers. It prints where it listens and nothing else on
//! stdout, and runs until it is told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use crate::cli_error::{CliError, CliResult, Exit};
use crate::practice::{Campus, CampusError, CampusOptions};

/// Runs until SIGTERM, SIGINT or SIGHUP. The first line on stdout is `listening on http://127.0.0.1:PORT`.
///
/// # Errors
/// Where it may not or cannot listen, cannot keep its state, or another campus uses it.
pub async fn run(listen: SocketAddr, state: PathBuf) -> CliResult<()> {
    let stops = [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
    ];
    // Listened for before the line is printed: whoever reads it may send one at once.
    let stops: std::io::Result<Vec<_>> = stops.into_iter().map(signal).collect();
    let mut stops = stops.map_err(|e| CliError::io("cannot listen for signals", &e))?;
    let options = CampusOptions {
        listen,
        state_dir: state,
    };
    let campus = Campus::start(options).await.map_err(|e| complaint(&e))?;
    let mut stdout = std::io::stdout().lock();
    // A closed stdout is no reason not to serve.
    let _ = writeln!(stdout, "listening on {}", campus.base_url()).and_then(|()| stdout.flush());
    drop(stdout);
    let waits = stops.iter_mut().map(|stop| Box::pin(stop.recv()));
    futures_util::future::select_all(waits).await;
    campus.stop().await;
    Ok(())
}

/// Why the practice campus did not start, with the remedy: its own words know no command line.
pub(super) fn complaint(error: &CampusError) -> CliError {
    let (exit, remedy) = match error {
        CampusError::NotLoopback(_) => (Exit::Usage, "give --listen 127.0.0.1:0"),
        CampusError::Listen { .. } => (
            Exit::Unavailable,
            "choose another port, or 0 for a free one",
        ),
        CampusError::State { .. } => (
            Exit::CannotCreate,
            "check the folder's owner and the room on its disk, or name another folder",
        ),
        CampusError::InUse(_) => (
            Exit::Busy,
            "stop the other one (a practice desk: F10), or name another folder",
        ),
    };
    CliError::new(exit, error.to_string(), remedy)
}
