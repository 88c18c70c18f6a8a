//! The loop: signals, input, what comes back and the next deadline, in that order. It takes what is ready, lets the
//! visits turn once, has the store acknowledge what was made, then publishes, draws if something changed, and begins the
//! effects. Nothing ticks while nothing changes, and keys edit the screen also while the disk writes.

mod canvas;
mod checks;
mod commit;
mod events;
mod input;
mod ipc;
mod orders;
mod probes;
mod roster;
mod shutdown;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;

use super::clock::{Clock, SystemClock};
use super::doctor::Orders;
use super::effects::Outside;
use super::event::News;
use super::lock::PinHash;
use super::opening::{self, Opening};
use super::setup::Setup;
use super::state::{Due, State};
use super::terminal::input::Heard;
use super::terminal::signals::Signals;
use crate::campus::Campus;
use crate::cli_error::{CliError, CliResult};
use crate::screen::theme::Terminal;
use crate::screen::ui::Ui;
use crate::store::{Disk, Health, Store};
use crate::visit::{Command, ParkedFor};
pub use canvas::Canvas;
use commit::{Committing, acknowledged, changed_health};

/// The desk, running.
pub struct Kiosk<C: Canvas> {
    canvas: C,
    pub(super) ui: Ui,
    pub(super) state: State,
    pub(super) theme: String,
    pub(super) themes_dir: Option<PathBuf>,
    pub(super) pin: PinHash,
    terminal: Terminal,
    orders: Orders,
    /// The checks that run, and which run of them it is.
    examining: Option<AbortHandle>,
    examined: u64,
    pub(super) news: mpsc::Sender<News>,
    inbox: mpsc::Receiver<News>,
    opening: Option<Opening>,
    pub(super) store: Option<Store>,
    /// Where the store lives, once it is open.
    dir: Option<PathBuf>,
    outside: Option<Outside>,
    committing: Option<Committing>,
    /// How the store says it is doing; none before it is open, and after its thread is gone.
    health: Option<watch::Receiver<Health>>,
    /// The store takes longer than it may.
    is_stalled: bool,
    /// The first page after the start is not chosen yet.
    settling: bool,
    pub(super) changed: bool,
    /// Foreign output may stand on the screen: the next frame is drawn whole.
    pub(super) repaint: bool,
    leaving: bool,
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
            ui: look.ui,
            state,
            theme: look.theme,
            themes_dir: look.themes_dir,
            pin: look.pin,
            terminal: look.terminal,
            orders: look.orders,
            examining: None,
            examined: 0,
            news,
            inbox,
            opening: Some(opening),
            store: None,
            dir: None,
            outside: None,
            committing: None,
            health: None,
            is_stalled: false,
            settling: true,
            changed: true,
            repaint: false,
            leaving: false,
        }
    }

    /// Keeps the store on another disk: for tests.
    #[must_use]
    pub fn on_disk(mut self, disk: Arc<dyn Disk>) -> Self {
        self.opening = self.opening.map(|opening| opening.on_disk(disk));
        self
    }

    /// Works against another campus than the configured one: for tests.
    #[must_use]
    pub fn against(mut self, campus: Campus) -> Self {
        self.opening = self.opening.map(|opening| opening.against(campus));
        self
    }

    /// Runs until a signal, the end of input, or a volunteer ends it; the visit in hand is parked then.
    ///
    /// # Errors
    /// The store cannot be opened, or the terminal cannot be written to.
    pub async fn run(
        mut self,
        mut input: mpsc::Receiver<Heard>,
        mut signals: Signals,
    ) -> CliResult<()> {
        let served = self.serve(&mut input, &mut signals).await;
        // Whatever ended it: what is in hand is kept, and the store is closed.
        self.stop().await;
        served
    }

    async fn serve(
        &mut self,
        input: &mut mpsc::Receiver<Heard>,
        signals: &mut Signals,
    ) -> CliResult<()> {
        self.draw()?;
        if let Some(opening) = self.opening.take() {
            opening.spawn(self.news.clone());
        }
        while !self.leaving {
            let (clock, wake) = (self.state.clock.clone(), self.next_wake());
            tokio::select! {
                biased;
                _ = signals.ending() => break,
                heard = input.recv() => match heard {
                    Some(heard) => self.hear(heard, input),
                    // The terminal is gone: nobody is left to serve, and reading on would spin.
                    None => break,
                },
                acknowledged = acknowledged(&mut self.committing) => self.acknowledged(acknowledged),
                health = changed_health(&mut self.health) => self.store_says(health),
                Some(news) = self.inbox.recv() => self.take_news(news)?,
                () = sleep_until(&*clock, wake) => self.tick(),
            }
            self.turn();
            if self.changed {
                self.draw()?;
            }
        }
        Ok(())
    }

    fn next_wake(&self) -> Option<Duration> {
        let now = self.state.now().mono;
        let screen = self.ui.next_wake(&self.state.view());
        [
            self.state.next_due(now),
            screen,
            self.stall_at(),
            self.next_drain(),
            self.next_probe(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When something that waits for the campus is tried next. Not while the store has a batch: its word comes first.
    fn next_drain(&self) -> Option<Duration> {
        let visits = self.state.visits.as_ref().filter(|_| !self.is_busy())?;
        visits.next_drain(&self.state.links)
    }

    fn tick(&mut self) {
        self.changed = true;
        let now = self.state.now().mono;
        if self.stall_at().is_some_and(|at| at <= now) {
            tracing::error!("the store does not answer");
            self.is_stalled = true;
            self.judge_store();
        }
        match self.state.due(now) {
            Some(Due::PanelLeft) => self.lock_panel(),
            Some(Due::Abandoned) => self.put_away(Command::Park {
                why: ParkedFor::Idle,
            }),
            Some(Due::Shown) => self.put_away(Command::Finish),
            Some(Due::Untidy) => {
                self.lock_panel();
                self.back_to_welcome();
            }
            Some(Due::Expired) => self.state.sweep(),
            None => {}
        }
        if self.next_drain().is_some_and(|at| at <= now) {
            self.state.drain();
            // What was just begun is as good as a probe; where nothing was, the next turn asks.
            return;
        }
        if self.next_probe().is_some_and(|at| at <= now) {
            self.probe();
        }
    }

    fn draw(&mut self) -> CliResult<()> {
        self.changed = false;
        let gone = |e: std::io::Error| CliError::io("cannot write to the terminal", &e);
        if std::mem::take(&mut self.repaint) {
            self.canvas.repaint().map_err(gone)?;
        }
        let (ui, view) = (&mut self.ui, self.state.view());
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
