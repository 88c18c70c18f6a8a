//! The system's signals to the desk: to quit, and many that are not for it. A changed window size comes with the input.

use std::io;

use rustix::process::Signal as Posix;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The desk's signals, held from the start to the end of the loop.
pub struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
    quit: Signal,
    /// Held so that they do nothing: a stopped or killed desk is a desk that stands dark.
    _ignored: Vec<Signal>,
}

/// Why the desk is asked to quit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// TERM, INT or QUIT.
    Asked,
    /// The terminal is gone: nothing can be drawn any more.
    Hangup,
}

impl Signals {
    /// Takes the signals over. To be called within the runtime.
    ///
    /// # Errors
    /// The system's own.
    pub fn new() -> io::Result<Self> {
        let ignored = [Posix::TSTP, Posix::USR1, Posix::USR2, Posix::PIPE];
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            _ignored: ignored
                .into_iter()
                .map(|posix| signal(SignalKind::from_raw(posix.as_raw())))
                .collect::<io::Result<Vec<_>>>()?,
        })
    }

    /// Waits until the desk is asked to quit. It may be dropped and asked again: nothing is lost.
    pub async fn ending(&mut self) -> Ending {
        tokio::select! {
            biased;
            _ = self.hangup.recv() => Ending::Hangup,
            _ = self.terminate.recv() => Ending::Asked,
            _ = self.interrupt.recv() => Ending::Asked,
            _ = self.quit.recv() => Ending::Asked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn only_some_signals_end_the_desk() {
        let mut signals = Signals::new().unwrap();
        let own = rustix::process::getpid();
        for ignored in [Posix::TSTP, Posix::USR1, Posix::USR2] {
            rustix::process::kill_process(own, ignored).unwrap();
        }
        let none = tokio::time::timeout(Duration::from_millis(50), signals.ending()).await;
        assert!(none.is_err());
        rustix::process::kill_process(own, Posix::HUP).unwrap();
        assert_eq!(signals.ending().await, Ending::Hangup);
        rustix::process::kill_process(own, Posix::TERM).unwrap();
        assert_eq!(signals.ending().await, Ending::Asked);
    }
}
