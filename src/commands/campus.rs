//! `yingxin campus`: the simulated campus alone, for tests and trainers. It prints its address and nothing else on stdout.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::pick;
use crate::practice::{CampusError, CampusOptions, PracticeCampus};

/// Runs until SIGTERM, SIGINT or SIGHUP. The first line on stdout is `listening on http://127.0.0.1:PORT`.
///
/// # Errors
/// The address is not loopback or taken, or the state cannot be kept or is in use.
pub async fn run(listen: SocketAddr, state: PathBuf) -> CliResult<()> {
    let stops = [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
    ];
    // Registered before the line is printed: its reader may send a signal at once.
    let stops: std::io::Result<Vec<_>> = stops.into_iter().map(signal).collect();
    let mut stops =
        stops.map_err(|e| CliError::io(pick("cannot listen for signals", "接不到信号"), &e))?;
    let options = CampusOptions {
        listen,
        state_dir: state,
    };
    let campus = PracticeCampus::start(options)
        .await
        .map_err(|e| start_error(&e))?;
    let mut stdout = std::io::stdout().lock();
    // A closed stdout does not stop the campus.
    let _ = writeln!(stdout, "listening on {}", campus.base_url()).and_then(|()| stdout.flush());
    drop(stdout);
    let waits = stops.iter_mut().map(|stop| Box::pin(stop.recv()));
    futures_util::future::select_all(waits).await;
    campus.stop().await;
    Ok(())
}

/// The error of a campus that did not start, with a remedy. `practice` knows no command line.
pub(super) fn start_error(error: &CampusError) -> CliError {
    let (exit, remedy) = match error {
        CampusError::NotLoopback(_) => (
            Exit::Usage,
            pick("give --listen 127.0.0.1:0", "请给出 --listen 127.0.0.1:0"),
        ),
        CampusError::Listen { .. } => (
            Exit::Unavailable,
            pick(
                "choose another port, or 0 for a free one",
                "请换一个端口，或用 0 取空闲的",
            ),
        ),
        CampusError::State { .. } => (
            Exit::CannotCreate,
            pick(
                "check the folder's owner and the room on its disk, or name another folder",
                "请检查文件夹的属主和磁盘空间，或换一个文件夹",
            ),
        ),
        CampusError::InUse(_) => (
            Exit::Busy,
            pick(
                "stop the other one (a practice desk: F10), or name another folder",
                "请停掉另一个（练习的迎新台：F10），或换一个文件夹",
            ),
        ),
    };
    CliError::new(exit, error.to_string(), remedy)
}
