//! Signing in with the unified identity (guide 一.2), by the desk. It holds the form and nothing else.

use std::time::Duration;

use ratatui::layout::Rect;

use super::form::{Form, FormDid};
use super::{Act, Did, Forgotten, Page, Pen, Tip, other_way_tip, tip};
use crate::screen::layout::{Stack, column};
use crate::screen::theme::Role;
use crate::screen::{Key, View};
use crate::visit::{Command, Gateway};

#[derive(Default)]
pub struct Identity {
    form: Form,
}

impl Page for Identity {
    fn draw(&mut self, pen: &mut Pen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(column(area, 64));
        stack.skip(area.height.saturating_sub(13) / 3);
        pen.tell(&mut stack, "identity-title", Role::Title);
        let (words, role) = match pen.view.reach.identity {
            Gateway::Slow => ("identity-slow", Role::Info),
            Gateway::Down { .. } => ("identity-down", Role::Warning),
            Gateway::Up | Gateway::Absent => ("identity-words", Role::Dim),
        };
        pen.tell(&mut stack, words, role);
        stack.skip(1);
        self.form.draw(pen, &mut stack);
        stack.skip(1);
        self.form.buttons(pen, &mut stack);
    }

    fn act(&mut self, act: Act<'_>, view: &View<'_>) -> Did {
        if matches!(act, Act::Key(Key::Forgotten)) {
            return Did::Open(Box::new(Forgotten::new(view)));
        }
        match self.form.act(act, view) {
            FormDid::Ignored => Did::Ignored,
            FormDid::Edited => Did::Edited,
            FormDid::Submit(with) => Did::Do(Command::SignIn(with)),
        }
    }

    fn tips(&self, view: &View<'_>) -> Vec<Tip> {
        let mut tips = vec![
            tip("Enter", "identity-submit", 0, Key::Enter),
            tip("Esc", "do-back", 0, Key::Esc),
            tip("Tab", "do-field", 4, Key::Tab),
        ];
        tips.extend(other_way_tip(view));
        tips
    }

    fn help(&self) -> &'static str {
        "help-identity"
    }

    fn wake(&self, _view: &View<'_>) -> Option<Duration> {
        self.form.wake()
    }
}
