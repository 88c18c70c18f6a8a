//! Help for the present page, and the help that a phone page's choice leads to. Text only; nothing is changed.

use ratatui::layout::{Rect, Size};

use super::forgotten::number;
use super::pen::ButtonIs;
use super::{Act, Did, Forgotten, Hit, Leave, Page, Pen, TicketForm, Tip, cause, tip, visit};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{DeskState, Key, View};

/// F1.
pub struct Help {
    topic: &'static str,
}

impl Help {
    /// `topic` is the key of the page's own help.
    pub fn new(topic: &'static str) -> Self {
        Help { topic }
    }
}

fn can_leave(view: &View<'_>) -> bool {
    matches!(view.desk, DeskState::Visit { .. })
}

impl Page for Help {
    fn draw(&mut self, pen: &mut Pen<'_, '_>, area: Rect) {
        let title = pen.words("help-title");
        let inside = Overlay {
            title: &title,
            size: Size::new(66, 16),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let foot = stack.bottom(1);
        pen.tell(&mut stack, self.topic, Role::Text);
        stack.skip(1);
        pen.tell(&mut stack, "help-keys", Role::Dim);
        pen.tell(&mut stack, "help-keys-more", Role::Dim);
        stack.skip(1);
        pen.tell(&mut stack, "help-volunteer", Role::Text);
        let number = number(&pen.view.pack.hotline);
        let words = pen.words_with("help-hotline", &[("number", number.into())]);
        pen.say(&mut stack, &words, Role::Text);
        if let Some(trouble) = visit(pen.view).and_then(|v| v.trouble.as_ref()) {
            let cause = cause(pen.text, trouble);
            let words = pen.words_with("help-cause", &[("cause", cause.into())]);
            stack.skip(1);
            pen.say(&mut stack, &words, Role::Dim);
        }
        let took = pen.button_at(
            foot,
            "Esc",
            "do-close",
            Hit::Key(Key::Esc),
            ButtonIs::Primary,
        );
        if can_leave(pen.view) {
            let beside = Rect {
                x: foot.x.saturating_add(took).saturating_add(2),
                width: foot.width.saturating_sub(took).saturating_sub(2),
                ..foot
            };
            let mut beside = Stack::new(beside);
            pen.buttons(
                &mut beside,
                &[
                    ("L", "help-leave", Key::Char('l'), ButtonIs::On),
                    ("T", "ticket-title", Key::Char('t'), ButtonIs::On),
                ],
            );
        }
    }

    fn act(&mut self, act: Act<'_>, view: &View<'_>) -> Did {
        match act {
            Act::Key(Key::Esc | Key::Enter | Key::Help) => Did::Close,
            Act::Key(Key::Char('t' | 'T')) if can_leave(view) => {
                Did::Open(Box::new(TicketForm::default()))
            }
            Act::Key(Key::Char('l' | 'L')) if can_leave(view) => {
                Did::Open(Box::new(Leave::default()))
            }
            _ => Did::Edited,
        }
    }

    fn tips(&self, _view: &View<'_>) -> Vec<Tip> {
        vec![tip("Esc", "do-close", 0, Key::Esc)]
    }

    fn help(&self) -> &'static str {
        self.topic
    }

    fn is_busy(&self, _view: &View<'_>) -> bool {
        false
    }
}

/// What a choice on the phone leads to: a topic, or a volunteer.
pub struct LeadHelp {
    title: &'static str,
    words: &'static str,
    forgotten: bool,
}

impl LeadHelp {
    pub fn volunteer() -> Self {
        LeadHelp {
            title: "lead-volunteer-title",
            words: "lead-volunteer-words",
            forgotten: false,
        }
    }

    /// A topic the pack names; one that is not known calls a volunteer.
    pub fn topic(topic: &str) -> Self {
        match topic {
            "cache" => LeadHelp {
                title: "lead-cache-title",
                words: "lead-cache-words",
                forgotten: false,
            },
            "forgotten" => LeadHelp {
                title: "forgotten-title",
                words: "lead-forgotten-words",
                forgotten: true,
            },
            _ => LeadHelp {
                title: "lead-unknown-title",
                words: "lead-unknown-words",
                forgotten: false,
            },
        }
    }
}

impl Page for LeadHelp {
    fn draw(&mut self, pen: &mut Pen<'_, '_>, area: Rect) {
        let title = pen.words(self.title);
        let inside = Overlay {
            title: &title,
            size: Size::new(62, 14),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let foot = stack.bottom(1);
        stack.skip(1);
        pen.tell(&mut stack, self.words, Role::Text);
        stack.skip(1);
        let number = number(&pen.view.pack.hotline);
        let words = pen.words_with("lead-volunteer-hotline", &[("number", number.into())]);
        pen.say(&mut stack, &words, Role::Dim);
        let took = pen.button_at(
            foot,
            "Enter",
            "help-back",
            Hit::Key(Key::Enter),
            ButtonIs::Primary,
        );
        if self.forgotten {
            let beside = Rect {
                x: foot.x.saturating_add(took).saturating_add(2),
                width: foot.width.saturating_sub(took).saturating_sub(2),
                ..foot
            };
            pen.button_at(
                beside,
                "F4",
                "forgotten-title",
                Hit::Key(Key::Forgotten),
                ButtonIs::On,
            );
        }
    }

    fn act(&mut self, act: Act<'_>, view: &View<'_>) -> Did {
        match act {
            Act::Key(Key::Esc | Key::Enter) => Did::Close,
            Act::Key(Key::Forgotten) => Did::Open(Box::new(Forgotten::new(view))),
            Act::Key(Key::Char('t' | 'T')) if can_leave(view) => {
                Did::Open(Box::new(TicketForm::default()))
            }
            _ => Did::Edited,
        }
    }

    fn tips(&self, _view: &View<'_>) -> Vec<Tip> {
        vec![
            tip("Enter", "help-back", 0, Key::Enter),
            tip("T", "ticket-title", 1, Key::Char('t')),
        ]
    }

    fn help(&self) -> &'static str {
        "help-coach"
    }

    fn is_busy(&self, _view: &View<'_>) -> bool {
        false
    }
}
