//! The runtime: the loop, effects, timers, the link monitor, input, the terminal and signals. Tasks never hold a visit.

mod asked;
mod clock;
mod delivery;
pub mod doctor;
mod idle;
pub mod input;
pub mod kiosk;
mod links;
pub mod log;
mod opening;
mod orders;
mod outside;
pub mod pin;
mod practice_phone;
pub mod setup;
pub mod signals;
pub mod socket;
mod state;
pub mod terminal;
mod visits;
mod volunteer;
mod wire;

use crossterm::event::EventStream;
use futures_util::StreamExt;
use tokio::sync::mpsc;

use crate::complaint::{Complaint, Outcome};
use input::Heard;
use kiosk::Kiosk;
pub use setup::Setup;
use signals::Signals;
use terminal::Guard;

/// Input that may wait while the loop draws; the terminal itself holds what is beyond.
const INPUT_WAITING: usize = 256;

/// Runs a desk in this process's terminal until it is left.
///
/// # Errors
/// Where the terminal cannot be taken over, or the store cannot be opened.
pub fn run(setup: Setup) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Complaint::io("cannot start the runtime", &e))?;
    let guard = Guard::enter(setup.terminal)?;
    let done = runtime.block_on(async {
        let signals = Signals::new().map_err(|e| Complaint::io("cannot take signals", &e))?;
        Kiosk::new(guard, setup).run(listen(), signals).await
    });
    // A blocking call that hangs, on a dead disk for instance, must not keep the program.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}

/// Listens to the terminal in a task of its own. The channel ends when the terminal does.
fn listen() -> mpsc::Receiver<Heard> {
    let (sender, heard) = mpsc::channel(INPUT_WAITING);
    tokio::spawn(async move {
        let mut events = EventStream::new();
        while let Some(Ok(event)) = events.next().await {
            if let Some(heard) = input::translate(event)
                && sender.send(heard).await.is_err()
            {
                break;
            }
        }
    });
    heard
}

#[cfg(test)]
mod tests;
