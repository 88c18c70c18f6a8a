//! What a choice on a phone's page leads to beside the route: a topic in a few words, or a volunteer. From there a ticket
//! is one key away.

use ratatui::layout::{Rect, Size};

use super::forgotten::number;
use super::help::can_leave;
use super::pen::ButtonIs;
use super::{ForgottenPage, PageInput, PagePen, PageResult, TicketFormPage, Tip, UiPage, tip};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{UiKey, UiView};

/// What a choice on the phone leads to: a topic, or a volunteer.
pub struct LeadHelpPage {
    title: &'static str,
    words: &'static str,
    forgotten: bool,
}

impl LeadHelpPage {
    /// Calls a volunteer.
    pub fn volunteer() -> Self {
        LeadHelpPage {
            title: "lead-volunteer-title",
            words: "lead-volunteer-words",
            forgotten: false,
        }
    }

    /// The number belongs to another account, and the student does not know whose.
    pub fn number_taken() -> Self {
        LeadHelpPage {
            title: "lead-volunteer-title",
            words: "lead-number-taken-words",
            forgotten: false,
        }
    }

    /// A topic the pack names; one that is not known calls a volunteer.
    pub fn topic(topic: &str) -> Self {
        match topic {
            "cache" => LeadHelpPage {
                title: "lead-cache-title",
                words: "lead-cache-words",
                forgotten: false,
            },
            "scan" => LeadHelpPage {
                title: "lead-scan-title",
                words: "lead-scan-words",
                forgotten: false,
            },
            "scan_fails" => LeadHelpPage {
                title: "lead-scan-fails-title",
                words: "lead-scan-fails-words",
                forgotten: false,
            },
            "forgotten" => LeadHelpPage {
                title: "forgotten-title",
                words: "lead-forgotten-words",
                forgotten: true,
            },
            _ => LeadHelpPage {
                title: "lead-unknown-title",
                words: "lead-unknown-words",
                forgotten: false,
            },
        }
    }
}

impl UiPage for LeadHelpPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words(self.title);
        let inside = Overlay {
            title: &title,
            size: Size::new(62, 14),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let foot = stack.bottom(2);
        stack.skip(1);
        pen.tell(&mut stack, self.words, Role::Text);
        stack.skip(1);
        let number = number(&pen.view.front.hotline);
        let words = pen.words_with("lead-volunteer-hotline", &[("number", number.into())]);
        pen.say(&mut stack, &words, Role::Dim);
        let mut buttons = vec![
            ("Enter", "help-back", UiKey::Enter, ButtonIs::Primary),
            ("F8", "call-volunteer", UiKey::Call, ButtonIs::On),
        ];
        if self.forgotten {
            buttons.push(("F4", "forgotten-title", UiKey::Forgotten, ButtonIs::On));
        }
        pen.buttons(&mut Stack::new(foot), &buttons);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc | UiKey::Enter) => PageResult::CLOSED,
            PageInput::Key(UiKey::Forgotten) => {
                PageResult::Open(Box::new(ForgottenPage::new(view)))
            }
            PageInput::Key(UiKey::Char('t' | 'T')) if can_leave(view) => {
                PageResult::Open(Box::new(TicketFormPage::default()))
            }
            _ => PageResult::EDITED,
        }
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![
            tip("Enter", "help-back", 0, UiKey::Enter),
            tip("T", "ticket-title", 1, UiKey::Char('t')),
        ]
    }

    fn help(&self) -> &'static str {
        "help-coach"
    }

    fn is_busy(&self, _view: &UiView<'_>) -> bool {
        false
    }
}
