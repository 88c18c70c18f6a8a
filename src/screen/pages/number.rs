//! The mobile number (guide 一.3, the first step of (一) and (二)): grouped as one types, refused at once with the
//! reason. Where it belongs to another account each way on has its key.

use ratatui::layout::{Rect, Size};

use super::at_field::words_at;
use super::number_entry::{NumberEntry, NumberEntryResult};
use super::pen::ButtonIs;
use super::result::knows_new_numbers;
use super::title::begin;
use super::{
    Hit, LeadHelpPage, LeavePage, PageInput, PagePen, PageResult, Tip, TroubleField, UiPage,
    esc_tip, keypad_hit, other_way, other_way_tip, tip,
};
use crate::screen::layout::{Stack, column, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::Keypad;
use crate::screen::{UiKey, UiView};
use crate::visit::{ActKind, Answer, Command, Question, Visit, Way, route};

/// The columns of the words and the keypad.
const COLUMNS: u16 = 90;

/// The page of the mobile number.
pub struct NumberPage {
    entry: NumberEntry,
}

impl NumberPage {
    /// The number given before is shown again when the student comes back to change it.
    pub fn new(visit: &Visit) -> Self {
        NumberPage {
            entry: NumberEntry::of(visit.mobile.as_ref()),
        }
    }
}

/// The number belongs to another account, and nothing is under way.
fn is_taken(view: &UiView<'_>) -> bool {
    let is_told = super::visit(view).is_some_and(Visit::number_is_taken);
    is_told && view.waiting_for.is_none()
}

/// What happens to the number where it is not bound at once.
fn waits(view: &UiView<'_>) -> Option<(&'static str, Role)> {
    let visit = super::visit(view)?;
    if view.pack.is_some_and(|pack| !visit.may_bind(&pack.rules)) {
        return Some(("number-vouched", Role::Accent));
    }
    is_owed(view).then_some(("number-queued", Role::Accent))
}

/// Whether the number still has to be sent to the directory, and no call is in flight.
fn is_owed(view: &UiView<'_>) -> bool {
    let waits = |visit: &Visit| visit.has_entry(ActKind::BindNumber);
    super::visit(view).is_some_and(waits) && view.waiting_for.is_none()
}

/// Draws which number to give: the guide's two sentences (图 4), and a line for its case (二). A code is mentioned only
/// if every route that still fits sends one.
fn draw_advice(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let view = pen.view;
    let answered = super::visit(view).and_then(|visit| visit.answer(Question::WechatNumber));
    let is_verified = super::visit(view)
        .zip(view.pack)
        .is_some_and(|(visit, pack)| route::verifies_always(visit, &pack.rules));
    if answered == Some(Answer::No) {
        pen.tell(stack, "number-other-is-right", Role::Text);
    } else if is_verified {
        pen.tell(stack, "number-code-comes", Role::Text);
    } else {
        pen.tell(stack, "number-of-wechat", Role::Accent);
    }
    pen.tell(stack, "number-only", Role::Text);
    if answered.is_none() && !is_verified && view.asks(Question::WechatNumber) {
        pen.tell(stack, "number-other-case", Role::Dim);
    }
}

impl UiPage for NumberPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let (stack, is_large) = begin(pen, area, (COLUMNS, 18), "number-title", Role::Title);
        let (left, below) = halves(stack.rest(), 44, 3);
        let right = if is_large {
            below
        } else {
            halves(column(area, COLUMNS), 44, 3).1
        };
        let mut stack = Stack::new(left);
        draw_advice(pen, &mut stack);
        stack.skip(1);
        let refusal = self.refusal(pen);
        self.entry.draw_field(pen, &mut stack, refusal.is_some());
        if let Some(words) = &refusal {
            pen.say(&mut stack, words, Role::Warning);
        }
        if let Some((key, role)) = waits(pen.view) {
            pen.tell(&mut stack, key, role);
        }
        let is_taken = is_taken(pen.view);
        if self.is_refused(pen.view) {
            return self.draw_ways_on(pen, stack, right);
        }
        if self.is_queued(pen.view) {
            return draw_queued(pen, stack, right);
        }
        if refusal.is_none() {
            self.entry.draw_verdict(pen, &mut stack, "number-good");
        }
        stack.skip(1);
        let good = self.entry.is_good();
        let state = if good {
            ButtonIs::Primary
        } else {
            ButtonIs::On
        };
        pen.button(
            &mut stack,
            "Enter",
            "number-submit",
            Hit::Key(UiKey::Enter),
            state,
        );
        if is_taken {
            stack.skip(1);
            draw_others(pen, &mut stack);
        }
        draw_keypad(pen, right, good);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        if let (PageInput::Key(UiKey::Char(letter)), true) = (input, is_taken(view)) {
            match letter.to_ascii_lowercase() {
                'c' => {
                    self.entry = NumberEntry::default();
                    return PageResult::EDITED;
                }
                'o' if knows_new_numbers(view) => {
                    return PageResult::visit(Command::BeginAsNewNumber);
                }
                'v' => return PageResult::Open(Box::new(LeadHelpPage::number_taken())),
                _ => {}
            }
        }
        let is_refused = self.is_refused(view);
        if matches!(input, PageInput::Key(UiKey::StepAside)) && self.is_queued(view) {
            return PageResult::Open(Box::new(LeavePage::default()));
        }
        let input = match input {
            PageInput::Key(UiKey::Enter) if is_refused => {
                self.entry = NumberEntry::default();
                return PageResult::EDITED;
            }
            PageInput::Key(UiKey::Char('a' | 'A')) if is_refused => PageInput::Key(UiKey::Enter),
            input => input,
        };
        match self.entry.handle(input) {
            NumberEntryResult::Whole(mobile) => PageResult::visit(Command::GiveNumber { mobile }),
            NumberEntryResult::Edited => PageResult::EDITED,
            NumberEntryResult::Ignored => PageResult::IGNORED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let is_queued = self.is_queued(view);
        let enter = if self.is_refused(view) {
            "number-another"
        } else if is_queued {
            "do-retry"
        } else {
            "number-submit"
        };
        let mut tips = vec![
            tip("Enter", enter, 0, UiKey::Enter),
            esc_tip(view),
            tip("Ctrl-U", "do-clear", 5, UiKey::ClearField),
        ];
        if is_queued {
            tips.push(tip("F6", "help-leave", 1, UiKey::StepAside));
        }
        tips.extend(other_way_tip(view));
        tips
    }

    fn told_at(&self, _view: &UiView<'_>) -> Option<TroubleField> {
        Some(TroubleField::Number)
    }

    fn help(&self) -> &'static str {
        "help-number"
    }
}

impl NumberPage {
    /// What the campus says of the number, until another one is typed: an emptied field does not say what was wrong.
    fn refusal(&self, pen: &PagePen<'_, '_>) -> Option<String> {
        let given = super::visit(pen.view).and_then(|visit| visit.mobile.as_ref());
        let words = words_at(pen.text, pen.view, TroubleField::Number)?;
        let is_told = given.is_none() || self.entry.is_empty() || self.entry.is(given);
        is_told.then_some(words)
    }

    /// The number that belongs to another account still stands in the field: Enter clears it for another one.
    fn is_refused(&self, view: &UiView<'_>) -> bool {
        let refused = super::visit(view).and_then(|visit| visit.mobile.as_ref());
        is_taken(view) && self.entry.is(refused)
    }

    /// The number that is not set yet is still in the field: Enter only tries again.
    fn is_queued(&self, view: &UiView<'_>) -> bool {
        let noted = super::visit(view).and_then(|visit| visit.mobile.as_ref());
        is_owed(view) && !is_taken(view) && noted.is_some() && self.entry.is(noted)
    }

    /// The refused number is still shown.
    fn draw_ways_on(&self, pen: &mut PagePen<'_, '_>, mut stack: Stack, keypad: Rect) {
        stack.skip(1);
        let key = Hit::Key(UiKey::Enter);
        pen.button(
            &mut stack,
            "Enter",
            "number-another",
            key,
            ButtonIs::Primary,
        );
        draw_others(pen, &mut stack);
        stack.skip(1);
        let key = Hit::Key(UiKey::Char('a'));
        pen.button(&mut stack, "A", "number-again", key, ButtonIs::On);
        draw_keypad(pen, keypad, false);
    }
}

/// The number waits in the outbox: a retry, leaving and the phone, each with its key.
fn draw_queued(pen: &mut PagePen<'_, '_>, mut stack: Stack, keypad: Rect) {
    stack.skip(1);
    let key = Hit::Key(UiKey::Enter);
    pen.button(&mut stack, "Enter", "do-retry", key, ButtonIs::Primary);
    let key = Hit::Key(UiKey::StepAside);
    pen.button(&mut stack, "F6", "help-leave", key, ButtonIs::On);
    if other_way(pen.view) == Some(Way::Phone) {
        let key = Hit::Key(UiKey::OtherWay);
        pen.button(&mut stack, "F5", "way-to-phone", key, ButtonIs::On);
    }
    draw_keypad(pen, keypad, false);
}

/// The ways on that are not another number.
fn draw_others(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    if knows_new_numbers(pen.view) {
        let key = Hit::Key(UiKey::Char('o'));
        pen.button(stack, "O", "number-unbind-old", key, ButtonIs::On);
    }
    let key = Hit::Key(UiKey::Char('v'));
    pen.button(stack, "V", "number-volunteer", key, ButtonIs::On);
}

/// The on-screen keypad in the room that is left, for touch.
pub(super) fn draw_keypad(pen: &mut PagePen<'_, '_>, area: Rect, can_ok: bool) {
    let (delete, ok) = (pen.words("keypad-delete"), pen.words("keypad-ok"));
    let keypad = Keypad {
        delete: &delete,
        ok: &ok,
        can_ok,
    };
    let size = Keypad::size(Size::new(area.width, area.height));
    let place = crate::screen::layout::centred(area, size);
    keypad.draw(place, pen.buf, pen.theme, pen.hits, keypad_hit);
}
