//! What people do at the desk: input goes to the screen, and what it means goes to the visit in hand.

use tokio::sync::mpsc;

use super::{Canvas, Kiosk};
use crate::desk::state::Hand;
use crate::desk::terminal::input::Heard;
use crate::desk::visits::Visits;
use crate::screen::{UiAction, UiInput};
use crate::visit::Command;

/// The most input taken before the screen is drawn again: a paste or a held key must not starve the rest.
const MOST_INPUT_A_TURN: usize = 64;

impl<C: Canvas> Kiosk<C> {
    /// Takes the input that is there, one after the other.
    pub(super) fn hear(&mut self, first: Heard, input: &mut mpsc::Receiver<Heard>) {
        let rest = std::iter::from_fn(|| input.try_recv().ok());
        for heard in std::iter::once(first).chain(rest).take(MOST_INPUT_A_TURN) {
            match heard {
                Heard::Resized => {
                    self.repaint = true;
                    self.changed = true;
                }
                Heard::Input(input) => self.take_input(input),
            }
        }
    }

    pub(super) fn take_input(&mut self, input: UiInput) {
        let now = self.state.now().mono;
        let counting = self.state.view().idle_left.is_some();
        self.state.idle.touch(now);
        if counting {
            // The key that says "still here" says nothing else.
            self.changed = true;
            return;
        }
        let reaction = self.ui.handle(input, &self.state.view());
        self.state.is_untidy |= !matches!(reaction, UiAction::Ignored);
        match reaction {
            UiAction::Ignored => {}
            UiAction::Edited => self.changed = true,
            UiAction::Visit(command) => {
                self.changed = true;
                self.asked(command);
            }
            UiAction::Desk(order) => {
                self.changed = true;
                self.order(order);
            }
        }
    }

    /// A command from the screen. What is a volunteer's takes the open panel, and locks it again.
    fn asked(&mut self, command: Command) {
        if is_volunteers(&command) {
            if !self.state.panel.is_open() {
                return;
            }
            self.lock_panel();
            if matches!(command, Command::Restart) {
                // The same page may come again, and nothing half typed is to be on it.
                self.ui.wipe();
            }
        }
        self.command(command);
    }

    /// Locks the panel; what it told is told.
    pub(in crate::desk) fn lock_panel(&mut self) {
        self.stop_examining();
        if self.state.panel.is_open() {
            self.state.is_rebuilt = false;
            self.state.is_damaged = false;
            self.judge_store();
        }
        self.state.forget_views();
        self.state.panel.close();
    }

    /// A command for the visit in hand; `Open` begins one where nobody is here.
    pub(in crate::desk) fn command(&mut self, command: Command) {
        let target = self.state.target();
        let free = self.state.hand == Hand::Free && !self.is_busy();
        let now = self.state.now();
        let Some(visits) = &mut self.state.visits else {
            return;
        };
        match (command, target) {
            (
                Command::Open {
                    prefers,
                    first_time,
                },
                _,
            ) => {
                let takes = self.state.store.takes_visits();
                if free && takes && visits.open(prefers, first_time, now).is_err() {
                    tracing::error!("no randomness: no visit can be begun");
                }
            }
            (command, Some(id)) => visits.ask(id, command),
            (_, None) => {}
        }
    }

    /// Whether something is on its way to the store.
    pub(in crate::desk) fn is_busy(&self) -> bool {
        self.committing.is_some() || self.state.visits.as_ref().is_some_and(Visits::has_commands)
    }
}

/// What only a volunteer may ask of a visit.
fn is_volunteers(command: &Command) -> bool {
    matches!(
        command,
        Command::Park { .. }
            | Command::ResumeByVolunteer
            | Command::Restart
            | Command::End
            | Command::Vouch { .. }
    )
}
