//! `yingxin campus`: the practice campus alone, for tests and trainers. It prints where it listens and nothing else on
//! stdout, and runs until it is told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

use crate::practice::{Campus, CampusError, CampusOptions};

/// Exit code for an address or a directory that cannot be used as asked.
const USAGE: u8 = 2;

/// Runs until SIGTERM, SIGINT or SIGHUP. The first line on stdout is `listening on http://127.0.0.1:PORT`.
///
/// Exit codes: 0 told to stop; 2 not loopback; 1 cannot listen, cannot keep its state, or another campus uses it.
pub async fn run(listen: SocketAddr, state: PathBuf) -> ExitCode {
    let stops = [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
    ];
    // Listened for before the line is printed: whoever reads it may send one at once.
    let stops: std::io::Result<Vec<_>> = stops.into_iter().map(signal).collect();
    let mut stops = match stops {
        Ok(stops) => stops,
        Err(error) => return failed(&format!("cannot listen for signals: {error}"), 1),
    };
    let options = CampusOptions {
        listen,
        state_dir: state,
    };
    let campus = match Campus::start(options).await {
        Ok(campus) => campus,
        Err(error @ CampusError::NotLoopback(_)) => return failed(&error.to_string(), USAGE),
        Err(error) => return failed(&error.to_string(), 1),
    };
    let mut stdout = std::io::stdout().lock();
    // A closed stdout is no reason not to serve.
    let _ = writeln!(stdout, "listening on {}", campus.base_url()).and_then(|()| stdout.flush());
    drop(stdout);
    let waits = stops.iter_mut().map(|stop| Box::pin(stop.recv()));
    futures_util::future::select_all(waits).await;
    campus.stop().await;
    ExitCode::SUCCESS
}

fn failed(why: &str, code: u8) -> ExitCode {
    // stderr may be closed as well; there is nobody else to tell.
    let _ = writeln!(std::io::stderr(), "yingxin campus: {why}");
    ExitCode::from(code)
}
