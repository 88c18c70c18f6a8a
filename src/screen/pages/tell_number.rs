//! The number that the phone was given, typed here too so that it stands large while the phone asks for the same one
//! again (guide 一.3(二), step 4). It is optional: one key skips it. No call to the campus is made.

use ratatui::layout::{Rect, Size};

use super::number::draw_keypad;
use super::number_entry::{NumberEntry, NumberEntryResult};
use super::pen::ButtonIs;
use super::{PageInput, PagePen, PageResult, Tip, UiPage, tip, visit};
use crate::screen::layout::{Stack, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{UiAction, UiKey, UiView};
use crate::visit::Command;

/// Of the inside, in cells: the words, the keypad beside them, and what happens to the number below.
const SIZE: Size = Size::new(72, 18);
const KEPT_ROWS: u16 = 5;

/// The overlay for the number that the phone was given.
pub struct TellNumberPage {
    entry: NumberEntry,
}

impl TellNumberPage {
    /// Begins with the visit's number, where it has one.
    pub fn new(view: &UiView<'_>) -> Self {
        TellNumberPage {
            entry: NumberEntry::of(visit(view).and_then(|visit| visit.mobile.as_ref())),
        }
    }

    /// Who keeps it, how long, and the contact: the desk takes it here, and the notice may have been skipped because
    /// it takes nothing else.
    fn draw_kept(pen: &mut PagePen<'_, '_>, area: Rect) {
        let (notice, lang) = (&pen.view.front.notice, pen.view.lang);
        let mut stack = Stack::new(area);
        for words in [&notice.who, &notice.how_long, &notice.whom_to_ask] {
            pen.say(&mut stack, words.get(lang), Role::Dim);
        }
    }
}

impl UiPage for TellNumberPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("tell-title");
        let inside = Overlay {
            title: &title,
            size: SIZE,
        }
        .draw(area, pen.buf, pen.theme);
        let mut whole = Stack::new(inside);
        Self::draw_kept(pen, whole.bottom(KEPT_ROWS));
        let (left, right) = halves(whole.rest(), 39, 2);
        let mut stack = Stack::new(left);
        pen.tell(&mut stack, "tell-words", Role::Text);
        stack.skip(1);
        self.entry.draw_field(pen, &mut stack, false);
        self.entry.draw_verdict(pen, &mut stack, "tell-good");
        stack.skip(1);
        let show = ("Enter", "tell-show", UiKey::Enter, ButtonIs::Primary);
        let skip = |key| match key {
            UiKey::Enter => ("Enter", "tell-skip", key, ButtonIs::Primary),
            _ => ("Esc", "tell-skip", UiKey::Esc, ButtonIs::On),
        };
        if self.entry.is_empty() {
            pen.buttons(&mut stack, &[skip(UiKey::Enter)])
        } else {
            pen.buttons(&mut stack, &[show, skip(UiKey::Esc)])
        }
        draw_keypad(pen, right, self.entry.is_good());
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        let skips = match input {
            PageInput::Key(UiKey::Esc) => true,
            PageInput::Key(UiKey::Enter) => self.entry.is_empty(),
            _ => false,
        };
        if skips {
            return PageResult::CLOSED;
        }
        match self.entry.handle(input) {
            NumberEntryResult::Whole(mobile) => {
                PageResult::Close(UiAction::Visit(Command::TellNumber { mobile }))
            }
            NumberEntryResult::Edited | NumberEntryResult::Ignored => PageResult::EDITED,
        }
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        let enter = if self.entry.is_empty() {
            "tell-skip"
        } else {
            "tell-show"
        };
        vec![
            tip("Enter", enter, 0, UiKey::Enter),
            tip("Esc", "tell-skip", 0, UiKey::Esc),
            tip("Ctrl-U", "do-clear", 5, UiKey::ClearField),
        ]
    }

    fn help(&self) -> &'static str {
        "help-coach"
    }
}
