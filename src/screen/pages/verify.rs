//! The code by SMS (guide 一.3(二), steps 4 and 5, by the desk): six boxes that submit by themselves, the code's
//! time and the resend's visible. What is typed is held by a code field alone and zeroized when it is submitted.

use std::time::Duration;

use ratatui::layout::{Rect, Size};

use super::at_field::words_at;
use super::number::draw_keypad;
use super::pen::ButtonIs;
use super::title::begin;
use super::{
    Hit, PageInput, PagePen, PageResult, Tip, TroubleField, UiPage, esc_tip, next_second,
    other_way_tip, seconds, tip, visit,
};
use crate::screen::layout::{Stack, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::{CodeField, Countdown};
use crate::screen::{DeliveryIs, UiKey, UiView};
use crate::visit::{ActKind, CodesBy, Command, Gateway, Trouble};

/// The page of the code sent by SMS.
#[derive(Default)]
pub struct VerifyPage {
    field: CodeField,
}

/// Where the code stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CodeIs {
    /// None was asked for.
    Unsent,
    Good,
    /// Its time is over, or its tries.
    Over,
    /// Accepted: the confirmation is under way, or failed.
    Accepted,
}

fn code_is(view: &UiView<'_>) -> CodeIs {
    match visit(view).and_then(|v| v.code.as_ref()) {
        None => CodeIs::Unsent,
        Some(code) if code.accepted => CodeIs::Accepted,
        Some(_) if view.code_ends_in.is_some() => CodeIs::Good,
        Some(_) => CodeIs::Over,
    }
}

impl VerifyPage {
    /// The code goes off by itself when it is whole.
    fn submitted(&mut self, view: &UiView<'_>) -> PageResult {
        let may = code_is(view) == CodeIs::Good && !self.is_busy(view);
        if self.field.is_full() && may {
            return PageResult::visit(Command::TypeCode {
                code: self.field.take(),
            });
        }
        PageResult::EDITED
    }

    fn can_send(view: &UiView<'_>) -> bool {
        let waits = view.waiting_for.is_some_and(|wait| {
            matches!(
                wait.what,
                ActKind::SendCode | ActKind::CheckCode | ActKind::ConfirmMember
            )
        });
        !waits
            && code_is(view) != CodeIs::Accepted
            && view.resend_in.is_none_or(|left| left.is_zero())
    }

    /// The boxes over the whole width; below them the times at the left and the keypad at the right.
    fn draw_good(&mut self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let view = pen.view;
        let taken = visit(view)
            .and_then(|v| v.code.as_ref())
            .is_some_and(|code| code.taken);
        let key = if taken {
            "verify-sent"
        } else {
            "verify-send-words"
        };
        let words = pen.words_with(key, &[("mobile", mobile(view).into())]);
        pen.say(stack, &words, Role::Text);
        match view.delivery.map(|delivery| &delivery.is) {
            Some(DeliveryIs::Delivered) => pen.tell(stack, "verify-delivered", Role::Success),
            Some(DeliveryIs::Failed { .. }) => pen.tell(stack, "verify-undelivered", Role::Warning),
            Some(DeliveryIs::HandedOver) | None => pen.tell(stack, "verify-type", Role::Dim),
        }
        stack.skip(1);
        let size = CodeField::size(Size::new(stack.rest().width, 5));
        let row = stack.take(size.height);
        let place = Rect {
            width: size.width.min(row.width),
            ..row
        };
        pen.caret = self.field.draw(true, place, pen.buf, pen.theme);
        match words_at(pen.text, view, TroubleField::Code) {
            Some(words) => {
                let words = format!("! {words}");
                pen.say(stack, &words, Role::Warning);
            }
            None => stack.skip(1),
        }
        let (left, right) = halves(stack.rest(), 46, 2);
        let mut below = Stack::new(left);
        if let Some(left) = view.code_ends_in {
            draw_code_time(pen, below.take(1), left);
        }
        if Self::resend_left(view).is_some() {
            draw_resend_time(pen, &mut below);
        } else {
            let key = match view.reach.codes {
                CodesBy::Desk => "verify-resend-same",
                CodesBy::Campus => "verify-resend-new",
            };
            pen.tell(&mut below, key, Role::Dim);
        }
        below.skip(1);
        Self::draw_send_again(pen, &mut below);
        draw_keypad(pen, right, false);
    }

    fn draw_unsent(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let view = pen.view;
        let words = pen.words_with("verify-send-words", &[("mobile", mobile(view).into())]);
        pen.say(stack, &words, Role::Text);
        if matches!(view.reach.sms, Gateway::Down { .. }) {
            pen.tell(stack, "verify-down", Role::Warning);
        }
        stack.skip(1);
        let send = if Self::can_send(view) {
            ButtonIs::Primary
        } else {
            ButtonIs::Off
        };
        pen.buttons(
            stack,
            &[("Enter", "verify-send", UiKey::Enter, send), CHANGE],
        );
    }

    fn draw_over(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let trouble = visit(pen.view).and_then(|v| v.trouble.as_ref());
        // After a restart the trouble is another one, and the code says itself why it is over.
        let tries = pen.view.front.numbers.sms.tries;
        let is_spent = visit(pen.view)
            .and_then(|v| v.code.as_ref())
            .is_some_and(|code| code.wrong >= tries);
        match (trouble, is_spent) {
            (Some(Trouble::CodeSpent), _) | (_, true) => {
                pen.tell(stack, "trouble-code-spent", Role::Warning)
            }
            (_, false) => pen.tell(stack, "trouble-code-expired", Role::Warning),
        }
        stack.skip(1);
        draw_resend_time(pen, stack);
        Self::draw_send_again(pen, stack);
    }

    fn draw_accepted(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        pen.tell(stack, "verify-accepted", Role::Success);
        stack.skip(1);
        if pen.view.waiting_for.is_none() {
            let hit = Hit::Key(UiKey::Enter);
            pen.button(stack, "Enter", "do-retry", hit, ButtonIs::Primary);
        }
    }

    fn draw_send_again(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        // Until another may be sent the time left is shown, and no key that does nothing.
        let send = ("S", "verify-resend", UiKey::Char('s'), ButtonIs::On);
        if Self::can_send(pen.view) {
            pen.buttons(stack, &[send, CHANGE]);
        } else {
            pen.buttons(stack, &[CHANGE]);
        }
    }

    fn resend_left(view: &UiView<'_>) -> Option<Duration> {
        view.resend_in.filter(|left| !left.is_zero())
    }
}

const CHANGE: (&str, &str, UiKey, ButtonIs) =
    ("C", "verify-change-number", UiKey::Char('c'), ButtonIs::On);

fn mobile(view: &UiView<'_>) -> String {
    visit(view)
        .and_then(|v| v.mobile.as_ref())
        .map(|mobile| mobile.grouped())
        .unwrap_or_default()
}

fn draw_code_time(pen: &mut PagePen<'_, '_>, row: Rect, left: Duration) {
    let all = seconds(left);
    let words = pen.words_with(
        "verify-ends",
        &[
            ("minutes", (all / 60).into()),
            ("seconds", format!("{:02}", all % 60).into()),
        ],
    );
    Countdown {
        text: &words,
        left,
        of: pen.view.front.numbers.sms.life,
    }
    .draw(row, pen.buf, pen.theme);
}

fn draw_resend_time(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    if let Some(left) = VerifyPage::resend_left(pen.view) {
        let words = pen.words_with("verify-resend-in", &[("n", seconds(left).into())]);
        pen.say(stack, &words, Role::Dim);
    }
}

impl UiPage for VerifyPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        // With the keypad: its least size that a finger hits.
        let (mut stack, _) = begin(pen, area, (80, 15), "verify-title", Role::Title);
        match code_is(pen.view) {
            CodeIs::Unsent => Self::draw_unsent(pen, &mut stack),
            CodeIs::Good => self.draw_good(pen, &mut stack),
            CodeIs::Over => Self::draw_over(pen, &mut stack),
            CodeIs::Accepted => Self::draw_accepted(pen, &mut stack),
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        let code = code_is(view);
        match input {
            PageInput::Key(UiKey::Enter) if code == CodeIs::Accepted => {
                return PageResult::visit(Command::Retry);
            }
            PageInput::Key(UiKey::Enter) if code != CodeIs::Good => return send(view),
            PageInput::Key(UiKey::Enter) => return self.submitted(view),
            PageInput::Key(UiKey::Char('s' | 'S')) if code != CodeIs::Accepted => {
                return send(view);
            }
            PageInput::Key(UiKey::Char('c' | 'C')) if code != CodeIs::Accepted => {
                return PageResult::visit(Command::ChangeNumber);
            }
            PageInput::Key(key) if code == CodeIs::Good => {
                if !self.field.key(key) {
                    return PageResult::IGNORED;
                }
            }
            PageInput::Paste(text) if code == CodeIs::Good => self.field.paste(text),
            PageInput::Focus(_) => {}
            PageInput::Key(_) | PageInput::Paste(_) | PageInput::Pick(_) => {
                return PageResult::IGNORED;
            }
        }
        self.submitted(view)
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![esc_tip(view)];
        match code_is(view) {
            CodeIs::Unsent => tips.insert(0, tip("Enter", "verify-send", 0, UiKey::Enter)),
            CodeIs::Accepted => tips.insert(0, tip("Enter", "do-retry", 0, UiKey::Enter)),
            CodeIs::Good | CodeIs::Over if Self::can_send(view) => {
                tips.push(tip("S", "verify-resend", 1, UiKey::Char('s')));
            }
            CodeIs::Good | CodeIs::Over => {}
        }
        // Its button on the page is name enough.
        tips.push(tip("C", "verify-change-number", 3, UiKey::Char('c')));
        tips.extend(other_way_tip(view));
        tips
    }

    fn told_at(&self, view: &UiView<'_>) -> Option<TroubleField> {
        match code_is(view) {
            CodeIs::Good | CodeIs::Over => Some(TroubleField::Code),
            CodeIs::Unsent | CodeIs::Accepted => None,
        }
    }

    fn help(&self) -> &'static str {
        "help-verify"
    }

    /// The desk's own code may be typed while a message is still on its way: the student may be quicker than the answer.
    /// The campus's platform has to answer first: what it needs to check the code may be in its answer.
    fn is_busy(&self, view: &UiView<'_>) -> bool {
        let may_type = view.reach.codes == CodesBy::Desk;
        view.waiting_for
            .is_some_and(|wait| wait.what != ActKind::SendCode || !may_type)
    }

    fn wake(&self, view: &UiView<'_>) -> Option<Duration> {
        let resend = view.resend_in.filter(|left| !left.is_zero());
        [view.code_ends_in, resend]
            .into_iter()
            .flatten()
            .map(|left| next_second(view, left))
            .min()
    }
}

/// Asks for a code, where that may be asked now.
fn send(view: &UiView<'_>) -> PageResult {
    if VerifyPage::can_send(view) {
        PageResult::visit(Command::SendCode)
    } else {
        PageResult::IGNORED
    }
}
