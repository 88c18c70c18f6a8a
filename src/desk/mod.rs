//! The runtime: the loop, effects, timers, the link monitor, input, the terminal and signals. Tasks never hold a visit.

pub mod doctor;
mod drill;
mod effects;
mod event;
pub mod kiosk;
pub mod lock;
pub mod locked;
pub mod log;
mod opening;
mod practice_phone;
mod printing;
mod random;
pub mod setup;
pub mod socket;
mod state;
pub mod terminal;
mod visits;

use std::sync::atomic::Ordering;

use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::both;
use kiosk::Kiosk;
pub use setup::Setup;
use terminal::Guard;
use terminal::signals::Signals;
use terminal::tty;

/// Why a desk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskEnd {
    /// A volunteer or a signal ended it.
    Left,
    /// Its files are new, and nobody stands there: it is to begin anew with them.
    Anew,
}

/// Runs a desk in this process's terminal until it is left.
///
/// # Errors
/// Where the terminal cannot be taken over, or the store cannot be opened.
pub fn run(setup: Setup) -> CliResult<DeskEnd> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::io(both!("cannot start the runtime", "运行环境启动不了"), &e))?;
    let guard = Guard::enter(setup.terminal)?;
    let done = runtime.block_on(async {
        let signals = Signals::new()
            .map_err(|e| CliError::io(both!("cannot take signals", "接不到信号"), &e))?;
        let input = tty::listen(setup.has_scanner)
            .map_err(|e| CliError::io(both!("cannot read the terminal", "读不了终端"), &e))?;
        let kiosk = Kiosk::new(guard, setup);
        let anew = kiosk.anew();
        kiosk.run(input, signals).await?;
        Ok(if anew.load(Ordering::Relaxed) {
            DeskEnd::Anew
        } else {
            DeskEnd::Left
        })
    });
    // A blocking call that hangs, on a dead disk for instance, must not keep the program.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}
