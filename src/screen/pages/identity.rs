//! Signing in with the unified identity (guide 一.2), by the desk. It holds the form and nothing else.

use std::time::Duration;

use ratatui::layout::Rect;

use super::pen::ButtonIs;
use super::sign_in::{SignInPart, draw_gateway};
use super::title::begin;
use super::{
    Hit, PageInput, PagePen, PageResult, ScanRefusal, Tip, TroubleField, UiPage, can_vouch,
    esc_tip, grant, other_way_tip, tip, visit,
};
use crate::campus::pack::Scanned;
use crate::screen::layout::{Stack, column};
use crate::screen::theme::Role;
use crate::screen::{UiKey, UiView};
use crate::visit::Command;

/// On the student's own phone.
const BY_PHONE: grant::Heading = grant::Heading {
    title: "grant-title",
    who: None,
};

/// The page of the sign-in.
#[derive(Default)]
pub struct IdentityPage {
    sign_in: SignInPart,
    /// What was drawn last is the code for the phone.
    by_phone: bool,
}

/// The sign-in succeeded and the member is being looked up, or can't be bound: there is no password to ask for.
fn is_signed_in(view: &UiView<'_>) -> bool {
    visit(view).is_some_and(|visit| visit.student.is_some())
}

fn draw_signed_in(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    stack.skip(stack.rest().height / 3);
    pen.tell(stack, "identity-signed-in", Role::Success);
    stack.skip(1);
    if pen.view.waiting_for.is_none() {
        let hit = Hit::Key(UiKey::Enter);
        pen.button(stack, "Enter", "follow-check", hit, ButtonIs::Primary);
    }
}

impl UiPage for IdentityPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        if is_signed_in(pen.view) {
            return draw_signed_in(pen, &mut Stack::new(column(area, 64)));
        }
        self.by_phone = grant::is_by_phone(pen.view);
        if self.by_phone {
            return self.sign_in.draw_code(pen, area, BY_PHONE);
        }
        let (mut stack, _) = begin(pen, area, (64, 13), "identity-title", Role::Title);
        draw_gateway(pen, &mut stack, "identity-words", Role::Dim);
        if can_vouch(pen.view) {
            pen.tell(&mut stack, "identity-vouch", Role::Accent);
        }
        stack.skip(1);
        self.sign_in.draw_form(pen, &mut stack);
        stack.skip(1);
        self.sign_in.draw_buttons(pen, &mut stack);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        let asks_help = matches!(input, PageInput::Key(UiKey::Forgotten));
        if is_signed_in(view) && !asks_help {
            return match input {
                PageInput::Key(UiKey::Enter) => PageResult::visit(Command::Retry),
                _ => PageResult::IGNORED,
            };
        }
        let submit = |with| PageResult::visit(Command::SignIn(with));
        self.sign_in.handle(input, view, submit)
    }

    fn scan(&mut self, code: &Scanned, view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        if is_signed_in(view) {
            return Err(ScanRefusal::NotHere);
        }
        self.sign_in.scan(code, view)
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = if is_signed_in(view) {
            vec![tip("Enter", "follow-check", 0, UiKey::Enter), esc_tip(view)]
        } else {
            SignInPart::tips(view)
        };
        tips.extend(other_way_tip(view));
        tips
    }

    fn fields(&self, view: &UiView<'_>) -> (usize, usize) {
        if is_signed_in(view) {
            (0, 1)
        } else {
            self.sign_in.fields(view)
        }
    }

    fn told_at(&self, view: &UiView<'_>) -> Option<TroubleField> {
        let has_form = !is_signed_in(view) && !grant::is_by_phone(view);
        has_form.then_some(TroubleField::SignIn)
    }

    fn help(&self) -> &'static str {
        if self.by_phone {
            "help-grant"
        } else {
            "help-identity"
        }
    }

    fn wake(&self, _view: &UiView<'_>) -> Option<Duration> {
        self.sign_in.wake()
    }
}
