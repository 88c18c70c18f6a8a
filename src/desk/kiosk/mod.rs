//! The loop: signals, input, what comes back and the next deadline, in that order. It takes what is ready, lets the
//! visits turn once, has the store acknowledge what was made, then publishes, draws if something changed, and begins the
//! effects. Nothing ticks while nothing changes, and keys edit the screen also while the disk writes.

mod canvas;
mod checks;
mod clock;
mod commit;
mod day;
mod desk;
mod events;
mod give_way;
mod handover;
mod input;
mod ipc;
mod orders;
mod practice;
mod printing;
mod probes;
mod roster;
mod serving;
mod shutdown;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use super::event::LoopEvent;
use super::opening::{self, Opening};
use super::setup::Setup;
use super::state::{Hand, State};
use super::terminal::input::TerminalEvent;
use super::terminal::signals::Signals;
use crate::campus::Campus;
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::pick;
use crate::clock::{Clock, SystemClock};
use crate::screen::UiView;
use crate::store::Disk;
pub use canvas::Canvas;
use commit::StoreEvent;
use desk::Desk;
use serving::Serving;

/// The desk, running.
pub struct Kiosk<C: Canvas> {
    canvas: C,
    desk: Desk,
    phase: Phase,
    inbox: mpsc::Receiver<LoopEvent>,
    /// It ended to begin anew with new files.
    anew: Arc<AtomicBool>,
}

/// The two lives of the desk.
enum Phase {
    /// The store and the campus are being opened.
    Opening(Box<Opening>),
    /// Students are served.
    Serving(Box<Serving>),
}

impl Phase {
    /// Everything a frame is drawn from.
    fn view<'a>(&'a self, state: &'a State) -> UiView<'a> {
        match self {
            Phase::Opening(opening) => state.view(&opening.front, None),
            Phase::Serving(serving) => state.view(&serving.pack.front, Some(serving.served(state))),
        }
    }

    /// What the store says next; never, before it is open.
    async fn store_event(&mut self) -> StoreEvent {
        match self {
            Phase::Opening(_) => std::future::pending().await,
            Phase::Serving(serving) => serving.store_event().await,
        }
    }
}

impl<C: Canvas> Kiosk<C> {
    /// A desk that has drawn nothing and opened nothing yet.
    pub fn new(canvas: C, setup: Setup) -> Self {
        Kiosk::with_clock(canvas, setup, Arc::new(SystemClock::start()))
    }

    /// A new desk whose time is another clock's: for tests.
    pub fn with_clock(canvas: C, setup: Setup, clock: Arc<dyn Clock>) -> Self {
        let (news, inbox) = mpsc::channel(256);
        let (state, opening, look) = opening::begin(setup, clock);
        Kiosk {
            canvas,
            desk: Desk::new(state, look, news),
            phase: Phase::Opening(Box::new(opening)),
            inbox,
            anew: Arc::default(),
        }
    }

    /// Set once the desk has ended to begin anew with new files.
    pub fn anew(&self) -> Arc<AtomicBool> {
        self.anew.clone()
    }

    /// Keeps the store on another disk: for tests.
    #[must_use]
    pub fn on_disk(mut self, disk: Arc<dyn Disk>) -> Self {
        if let Phase::Opening(opening) = &mut self.phase {
            opening.on_disk(disk);
        }
        self
    }

    /// Works against another campus than the configured one: for tests.
    #[must_use]
    pub fn against(mut self, campus: Campus) -> Self {
        if let Phase::Opening(opening) = &mut self.phase {
            opening.against(campus);
        }
        self
    }

    /// Runs until a signal, the end of input, or a volunteer ends it; the visit in hand is parked then.
    ///
    /// # Errors
    /// The store cannot be opened, or the terminal cannot be written to.
    pub async fn run(
        mut self,
        mut input: mpsc::Receiver<TerminalEvent>,
        mut signals: Signals,
    ) -> CliResult<()> {
        let served = self.serve(&mut input, &mut signals).await;
        // Whatever ended it: what is in hand is kept, and the store is closed.
        self.stop().await;
        served
    }

    async fn serve(
        &mut self,
        input: &mut mpsc::Receiver<TerminalEvent>,
        signals: &mut Signals,
    ) -> CliResult<()> {
        self.draw()?;
        if let Phase::Opening(opening) = &mut self.phase {
            opening.start(self.desk.news.clone());
        }
        while !self.desk.is_leaving {
            let (clock, wake) = (self.desk.state.clock.clone(), self.next_wake());
            tokio::select! {
                biased;
                _ = signals.ending() => break,
                heard = input.recv() => match heard {
                    Some(heard) => self.hear(heard, input),
                    // The terminal is gone: no student can be served, and reading on would spin.
                    None => break,
                },
                event = self.phase.store_event() => {
                    self.with_serving(|serving, desk| serving.take_store_event(desk, event));
                }
                Some(news) = self.inbox.recv() => self.take_event(news)?,
                () = sleep_until(&*clock, wake) => self.tick(),
            }
            self.with_serving(Serving::turn);
            self.with_serving(Serving::print_new);
            if self.begins_anew() {
                self.anew.store(true, Ordering::Relaxed);
                break;
            }
            if self.desk.changed {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// Whether the desk's files are new and nobody stands there.
    fn begins_anew(&self) -> bool {
        let state = &self.desk.state;
        let is_free = state.hand == Hand::Free && !state.is_untidy && !state.panel.is_open();
        match &self.phase {
            Phase::Opening(_) => false,
            Phase::Serving(serving) => self.desk.reloads && is_free && !serving.is_busy(),
        }
    }

    /// Does something that only a desk that serves can do; before that it is not done.
    fn with_serving(&mut self, act: impl FnOnce(&mut Serving, &mut Desk)) {
        match &mut self.phase {
            Phase::Opening(_) => {}
            Phase::Serving(serving) => act(serving, &mut self.desk),
        }
    }

    fn next_wake(&self) -> Option<Duration> {
        let state = &self.desk.state;
        let screen = self.desk.ui.next_wake(&self.phase.view(state));
        let serving = match &self.phase {
            Phase::Opening(_) => None,
            Phase::Serving(serving) => serving.next_wake(state),
        };
        let due = state.next_due(state.now().mono);
        let look = state.program_look_at;
        [due, screen, serving, look].into_iter().flatten().min()
    }

    fn tick(&mut self) {
        self.desk.changed = true;
        let was_due = self.desk.take_due();
        self.with_serving(|serving, desk| {
            if !was_due {
                serving.take_due(desk);
            }
            serving.tick(desk);
        });
        self.give_way();
    }

    fn draw(&mut self) -> CliResult<()> {
        self.desk.changed = false;
        let gone = |e: std::io::Error| {
            CliError::io(pick("cannot write to the terminal", "写不了终端"), &e)
        };
        if std::mem::take(&mut self.desk.repaint) {
            self.canvas.repaint().map_err(gone)?;
        }
        let (ui, view) = (&mut self.desk.ui, self.phase.view(&self.desk.state));
        self.canvas
            .draw(|frame| ui.draw(frame, &view))
            .map_err(gone)
    }
}

async fn sleep_until(clock: &dyn Clock, wake: Option<Duration>) {
    match wake {
        Some(wake) => clock.sleep_until(wake).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod gate_tests;
#[cfg(test)]
mod late_tests;
#[cfg(test)]
mod queue_tests;
#[cfg(test)]
mod slip_tests;
