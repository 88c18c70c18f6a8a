//! What people do at the desk: input goes to the screen, and what it means goes to the visit in hand.

use tokio::sync::mpsc;

use super::{Canvas, Kiosk};
use crate::desk::terminal::input::TerminalEvent;
use crate::screen::{UiAction, UiInput};

/// The most input taken before the screen is drawn again: a paste or a held key must not starve the rest.
const MOST_INPUT_A_TURN: usize = 64;

impl<C: Canvas> Kiosk<C> {
    /// Takes the input that is there, one after the other.
    pub(super) fn hear(&mut self, first: TerminalEvent, input: &mut mpsc::Receiver<TerminalEvent>) {
        let rest = std::iter::from_fn(|| input.try_recv().ok());
        for heard in std::iter::once(first).chain(rest).take(MOST_INPUT_A_TURN) {
            match heard {
                TerminalEvent::Resized => {
                    self.desk.repaint = true;
                    self.desk.changed = true;
                }
                TerminalEvent::Input(input) => self.take_input(input),
            }
        }
    }

    fn take_input(&mut self, input: UiInput) {
        let now = self.desk.state.now().mono;
        let is_counting = self.phase.view(&self.desk.state).idle.is_some();
        self.desk.state.idle.touch(now);
        if is_counting {
            // The key that says "still here" says nothing else.
            self.desk.changed = true;
            return;
        }
        let (ui, view) = (&mut self.desk.ui, self.phase.view(&self.desk.state));
        let reaction = ui.handle(input, &view);
        self.desk.state.is_untidy |= !matches!(reaction, UiAction::Ignored);
        self.react(reaction);
        if self.desk.ui.shows_volunteers_page() {
            // Who was called has come.
            self.desk.state.called = None;
        }
        if self.desk.state.panel.is_open() && !self.desk.ui.shows_volunteers_page() {
            // An open lock that is not on the screen is no volunteer's.
            self.desk.leave_panel();
        }
    }

    /// Does what the screen made of the input.
    pub(super) fn react(&mut self, reaction: UiAction) {
        match reaction {
            UiAction::Ignored => {}
            UiAction::Edited => self.desk.changed = true,
            UiAction::Visit(command) => {
                self.desk.changed = true;
                self.with_serving(|serving, desk| serving.command(desk, command));
            }
            UiAction::Desk(order) => {
                self.desk.changed = true;
                self.order(order);
            }
        }
    }
}
