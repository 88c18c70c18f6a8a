//! What the loop has in both lives of the desk: the screen, the state, the appearance, the volunteer's PIN.

use std::path::PathBuf;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use crate::desk::doctor::CheckSettings;
use crate::desk::event::LoopEvent;
use crate::desk::lock::{PinList, PinVerdict, PinWay};
use crate::desk::opening::Appearance;
use crate::desk::state::{Due, State};
use crate::screen::theme::{Terminal, Theme};
use crate::screen::ui::Ui;
use crate::screen::{HandoverState, SystemWish};
use crate::visit::Secret;

/// The desk beside its store, its campus and its visits.
pub(super) struct Desk {
    pub ui: Ui,
    pub state: State,
    theme: String,
    themes_dir: Option<PathBuf>,
    pub pins: PinList,
    pub terminal: Terminal,
    pub orders: CheckSettings,
    /// The checks that run, and which run of them it is.
    pub checks: Option<AbortHandle>,
    pub checks_run: u64,
    /// Which handing over of the desk the journal keeps, or kept last.
    pub handover_run: u64,
    pub news: mpsc::Sender<LoopEvent>,
    pub changed: bool,
    /// Foreign output may stand on the screen: the next frame is drawn whole.
    pub repaint: bool,
    pub is_leaving: bool,
    /// The desk's files are new: it ends when nobody stands there, and begins anew with them.
    pub reloads: bool,
}

impl Desk {
    /// A desk that has drawn nothing yet.
    pub fn new(state: State, look: Appearance, news: mpsc::Sender<LoopEvent>) -> Self {
        Desk {
            ui: look.ui,
            state,
            theme: look.theme,
            themes_dir: look.themes_dir,
            pins: look.pins,
            terminal: look.terminal,
            orders: look.orders,
            checks: None,
            checks_run: 0,
            handover_run: 0,
            news,
            changed: true,
            repaint: false,
            is_leaving: false,
            reloads: false,
        }
    }

    /// Does what is due by time alone in either life of the desk. Returns whether something was.
    pub fn take_due(&mut self) -> bool {
        let due = self.state.due(self.state.now().mono);
        match due {
            Some(Due::PanelLeft) => self.lock_panel(),
            Some(Due::CallOver) => self.state.call_is_over(),
            Some(Due::Untidy) => {
                self.lock_panel();
                self.back_to_welcome();
            }
            None => {}
        }
        due.is_some()
    }

    /// Nothing of the last student is left: neither half typed nor on the screen.
    pub fn back_to_welcome(&mut self) {
        self.ui.wipe();
        self.state.lang = self.state.home_lang;
        self.ui.set_lang(self.state.lang);
        self.state.pickup_missed = None;
        self.state.gave_way = None;
        self.state.called = None;
        self.state.is_untidy = false;
        self.repaint = true;
        self.changed = true;
    }

    /// The volunteer leaves the panel: it is locked, and the PIN stays good for a while. Not where the next volunteer has
    /// confirmed with a PIN and is not at the panel yet: whoever comes back would act by the name of the one before.
    pub fn leave_panel(&mut self) {
        if self.state.is_being_handed_over() {
            return self.lock_panel();
        }
        let left = self.state.panel.clone();
        self.lock_panel();
        self.state.panel = left;
        let (visit, now) = (self.state.target(), self.state.now().mono);
        self.state.panel.leave(visit, now);
    }

    /// Opens the panel that was left a moment ago.
    pub fn reopen_panel(&mut self) {
        let now = self.state.now().mono;
        if self.state.panel.reopen(now) {
            self.state.idle.touch(now);
            tracing::info!("the panel was opened again");
        }
    }

    /// Locks the panel. What it said of the last stop was seen and is not said again.
    pub fn lock_panel(&mut self) {
        self.stop_checks();
        if self.state.panel.is_open() {
            self.state.is_rebuilt = false;
            self.state.is_damaged = false;
            self.state.is_unproved = false;
            self.state.is_root = false;
        }
        self.state.forget_views();
        self.state.wish_refused = false;
        self.state.handover = HandoverState::None;
        self.state.taking_over.close();
        self.state.panel.close();
    }

    /// Checks the PIN off the loop's thread; the verdict comes as [`LoopEvent::PinChecked`].
    pub fn check_pin(&mut self, pin: Secret) {
        let now = self.state.now().mono;
        if let Some(way) = self.pins.begin(&mut self.state.panel, &pin, now) {
            self.find_owner(pin, way, LoopEvent::PinChecked);
        }
    }

    /// Looks whose PIN it is, off the loop's thread: some 30 ms for each PIN that there is. The verdict is sent as `event`
    /// says.
    pub fn find_owner(
        &self,
        pin: Secret,
        way: PinWay,
        event: impl FnOnce(PinVerdict) -> LoopEvent + Send + 'static,
    ) {
        let (pins, news) = (self.pins.clone(), self.news.clone());
        let (tries, wrong) = (self.state.pin_tries.clone(), self.state.wrong_pins());
        let checked = tokio::task::spawn_blocking(move || {
            let verdict = match way {
                PinWay::Check => pins.check(&pin),
                PinWay::Lift => pins.lift(&pin),
            };
            drop(pin);
            match (&verdict, way) {
                (PinVerdict::Right(_) | PinVerdict::Lifted, _) => tries.keep(0),
                (PinVerdict::Wrong, PinWay::Check) => tries.keep(wrong.saturating_add(1)),
                (PinVerdict::Wrong, PinWay::Lift) => {}
            }
            verdict
        });
        tokio::spawn(async move {
            // A check that fell opens nothing, and the lock takes the next one.
            let verdict = checked.await.unwrap_or(PinVerdict::Wrong);
            // Without a receiver the loop has ended.
            let _ = news.send(event(verdict)).await;
        });
    }

    /// The verdict on the PIN.
    pub fn pin_checked(&mut self, verdict: PinVerdict) {
        let now = self.state.now().mono;
        let right = verdict.is_right();
        if verdict == PinVerdict::Lifted {
            tracing::info!("the pause after wrong PINs was ended by the administrator's secret");
        }
        self.state.panel.checked(verdict, now);
        let tried = self.state.panel.clone();
        self.state.count_together(&tried);
        self.state.idle.touch(now);
        tracing::info!(right, "a PIN was checked");
    }

    /// Shows the next language.
    pub fn next_language(&mut self) {
        self.state.lang = self.state.lang.next();
        self.ui.set_lang(self.state.lang);
    }

    /// Shows the next theme.
    pub fn next_theme(&mut self) {
        self.theme = Theme::next(&self.theme, self.themes_dir.as_deref());
        let (theme, fault) = Theme::load(&self.theme, self.themes_dir.as_deref());
        if let Some(fault) = fault {
            tracing::warn!(%fault, "a theme cannot be used");
        }
        self.ui.set_theme(theme);
    }

    /// A volunteer ends the program.
    pub fn quit(&mut self) {
        self.lock_panel();
        self.is_leaving = true;
    }

    /// A volunteer asks something of the machine: the program ends for it.
    pub fn ask_system(&mut self, wish: SystemWish) {
        let asked = self.state.locked.as_ref().map(|locked| locked.ask(wish));
        match asked {
            Some(Ok(())) => {
                tracing::info!(?wish, "a volunteer asked the system");
                self.quit();
            }
            Some(Err(error)) => {
                tracing::error!(?wish, %error, "the system cannot be asked");
                self.state.wish_refused = true;
            }
            None => {}
        }
    }
}
