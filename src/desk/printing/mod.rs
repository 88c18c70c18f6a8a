//! The slip printer at work: one thread, a slip in hand and one that waits, and what came of it as news for the loop.
//! Nothing waits for it. A slip that could not be printed is not printed later: its student is gone by then.

mod paper;
mod slip;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use tokio::sync::mpsc;

use super::event::LoopEvent;
use crate::campus::printer::{PrinterTrouble, SlipPrinter};
pub use paper::SlipLine;
pub use slip::{SlipOf, lines};

/// The slips that may wait behind the one that is printed.
const WAITING: usize = 1;

/// The desk's end of the printer's thread, which ends with it.
pub struct Printing(SyncSender<Vec<SlipLine>>);

impl Printing {
    /// Begins the thread. `None` where the system has none left.
    pub fn start(printer: Arc<dyn SlipPrinter>, news: mpsc::Sender<LoopEvent>) -> Option<Self> {
        let (sender, slips) = sync_channel(WAITING);
        let thread = std::thread::Builder::new().name("printer".into());
        let work = move || print_all(printer.as_ref(), &slips, &news);
        thread.spawn(work).ok().map(|_| Printing(sender))
    }

    /// Hands a slip over; `false` where the printer is still busy with others.
    pub fn print(&self, slip: Vec<SlipLine>) -> bool {
        match self.0.try_send(slip) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        }
    }
}

fn print_all(
    printer: &dyn SlipPrinter,
    slips: &Receiver<Vec<SlipLine>>,
    news: &mpsc::Sender<LoopEvent>,
) {
    while let Ok(slip) = slips.recv() {
        let printed = match paper::bytes(&slip, printer.paper()) {
            Ok(bytes) => printer.print(&bytes),
            Err(_) => Err(PrinterTrouble::Offline),
        };
        if let Err(why) = printed {
            tracing::warn!(%why, "a slip was not printed");
        }
        if news.blocking_send(LoopEvent::Printed(printed)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
