//! The volunteer's side: a PIN pad, then the panel. The panel opens only for a PIN typed here; the PIN is held by a
//! secret field alone and zeroized when it is submitted.

use std::time::Duration;

use ratatui::layout::{Rect, Size};

use super::number::draw_keypad;
use super::panel::VolunteerPanel;
use super::pen::ButtonIs;
use super::pin_check::PinCheck;
use super::{Hit, PageInput, PagePen, PageResult, ScanRefusal, Tip, UiPage, next_second, tip};
use crate::campus::pack::Scanned;
use crate::screen::layout::{Stack, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, Overlay, SecretField};
use crate::screen::{DeskCommand, UiAction, UiKey, UiView, Volunteer};

/// The PIN pad, and the panel behind it.
#[derive(Default)]
pub struct VolunteerPage {
    pin: SecretField,
    /// A PIN was typed here: an open lock is this volunteer's.
    asked: bool,
    /// The panel was shown; when the desk locks it again, it is over.
    opened: bool,
    panel: VolunteerPanel,
}

impl VolunteerPage {
    /// Back from a page that was opened from the panel.
    pub fn back() -> PageResult {
        PageResult::Open(Box::new(VolunteerPage {
            opened: true,
            ..VolunteerPage::reopening()
        }))
    }

    /// The panel that was left a moment ago, while it is opened again.
    pub fn reopening() -> Self {
        VolunteerPage {
            asked: true,
            ..VolunteerPage::default()
        }
    }

    fn is_open(&self, view: &UiView<'_>) -> bool {
        self.asked && matches!(view.volunteer, Volunteer::Open { .. })
    }

    fn pause(view: &UiView<'_>) -> Option<Duration> {
        PinCheck::from(&view.volunteer).pause(view.now.mono)
    }

    /// What is said beneath the field.
    fn told(&self, pen: &PagePen<'_, '_>) -> (String, Role) {
        let is_typed = !self.pin.is_empty();
        let checked = PinCheck::from(&pen.view.volunteer).words(pen, is_typed);
        checked.unwrap_or_else(|| match pen.view.volunteer {
            Volunteer::Left { by: Some(name) } if !is_typed => {
                let words = pen.words_with("pin-still", &[("name", name.as_str().into())]);
                (words, Role::Accent)
            }
            _ => (String::new(), Role::Dim),
        })
    }

    fn draw_pad(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("pin-title");
        let inside = Overlay {
            title: &title,
            size: Size::new(66, 16),
        }
        .draw(area, pen.buf, pen.theme);
        let (left, right) = halves(inside, 34, 2);
        let mut stack = Stack::new(left);
        stack.skip(1);
        let label = pen.words("pin-ask");
        let row = stack.take(Field::HEIGHT);
        pen.caret = self.pin.draw(&label, "", true, row, pen.buf, pen.theme);
        let (words, role) = self.told(pen);
        if role == Role::Danger {
            pen.mark_wrong(row);
        }
        let message = stack.take(3);
        pen.say(&mut Stack::new(message), &words, role);
        if let Some(pin) = pen.view.practice_pin {
            let words = pen.words_with("pin-practice", &[("pin", pin.into())]);
            pen.say(&mut stack, &words, Role::Dim);
        }
        stack.skip(1);
        pen.button(
            &mut stack,
            "Enter",
            "keypad-ok",
            Hit::Key(UiKey::Enter),
            ButtonIs::Primary,
        );
        pen.button(
            &mut stack,
            "Esc",
            "do-back",
            Hit::Key(UiKey::Esc),
            ButtonIs::On,
        );
        let can_ok = !self.pin.is_empty();
        draw_keypad(pen, right, can_ok);
    }

    fn handle_pad(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc | UiKey::Volunteer) if self.asked => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(UiKey::Esc | UiKey::Volunteer) => return PageResult::CLOSED,
            PageInput::Key(UiKey::Enter)
                if self.pin.is_empty() && matches!(view.volunteer, Volunteer::Left { .. }) =>
            {
                self.asked = true;
                return PageResult::desk(DeskCommand::Reopen);
            }
            PageInput::Key(UiKey::Enter) => {
                let waits = matches!(view.volunteer, Volunteer::Checking)
                    || PinCheck::from(&view.volunteer).waits(view.now.mono, self.pin.len())
                    || self.pin.is_empty();
                if waits {
                    // Drawn again: the PIN that was good a moment ago may be so no longer.
                    return PageResult::EDITED;
                }
                self.asked = true;
                return PageResult::desk(DeskCommand::Unlock {
                    pin: self.pin.take(),
                });
            }
            PageInput::Key(key) => {
                self.pin.key(key);
            }
            PageInput::Paste(text) => self.pin.paste(text),
            PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }
}

impl UiPage for VolunteerPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        if self.is_open(pen.view) {
            self.opened = true;
            self.panel.draw(pen, area);
        } else {
            self.draw_pad(pen, area);
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        if self.is_open(view) {
            self.panel.handle(input, view)
        } else {
            self.handle_pad(input, view)
        }
    }

    /// The panel opens the list; a PIN is typed.
    fn scan(&mut self, code: &Scanned, view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        if !self.is_open(view) {
            return Err(ScanRefusal::Secret);
        }
        self.panel.scan(code)
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        if !self.is_open(view) {
            return vec![
                tip("Enter", "keypad-ok", 0, UiKey::Enter),
                tip("Esc", "do-back", 0, UiKey::Esc),
            ];
        }
        if view.checkup.is_some() {
            return checkup_tips(view);
        }
        if self.panel.is_quitting() {
            return vec![
                tip("Enter", "panel-quit", 0, UiKey::Enter),
                tip("Esc", "do-back", 0, UiKey::Esc),
            ];
        }
        vec![
            tip("Enter", "panel-enter", 0, UiKey::Enter),
            tip("Esc", "do-close", 0, UiKey::Esc),
            tip("/", "panel-find", 1, UiKey::Char('/')),
        ]
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn wake(&self, view: &UiView<'_>) -> Option<Duration> {
        Self::pause(view).map(|left| next_second(view, left))
    }

    fn is_over(&self, view: &UiView<'_>) -> bool {
        self.opened && !matches!(view.volunteer, Volunteer::Open { .. })
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}

/// What works on what the checks have found.
fn checkup_tips(view: &UiView<'_>) -> Vec<Tip> {
    let mut tips = vec![tip("Esc", "do-back", 0, UiKey::Esc)];
    if let Some(checkup) = view.checkup.filter(|checkup| checkup.is_done) {
        tips.push(tip("R", "doctor-again", 1, UiKey::Char('r')));
        if checkup.may_send {
            tips.push(tip("S", "doctor-send", 1, UiKey::Char('s')));
        }
    }
    tips
}
