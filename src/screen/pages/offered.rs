//! A visit that waits is offered again, after a restart or by its pickup number. Going on takes a sign-in or the PIN,
//! never just Enter; of the student only the masked number is shown.

use std::time::Duration;

use ratatui::layout::Rect;

use super::pen::ButtonIs;
use super::sign_in::SignInPart;
use super::title::begin;
use super::{
    PageInput, PagePen, PageResult, ScanRefusal, Tip, TroubleField, UiPage, grant, tip, trouble,
    trouble_at, visit,
};
use crate::campus::pack::Scanned;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::{DeskCommand, DeskState, UiKey, UiView};
use crate::visit::{ActKind, Command, ParkedFor, Status, Visit};

/// The visit's student signs in on their own phone.
const BY_PHONE: grant::Heading = grant::Heading {
    title: "offered-title",
    who: Some("offered-grant-who"),
};

/// The page of a visit that may go on.
#[derive(Default)]
pub struct OfferedPage {
    sign_in: SignInPart,
}

/// Whether a sign-in shows whose the visit is: the desk can ask for one, and there is a student to compare it with. Where
/// nobody had signed in when the program stopped, anybody's sign-in would take the visit up: only a volunteer does. Who
/// has the pickup number of such a visit may sign in.
fn takes_sign_in(view: &UiView<'_>) -> bool {
    let visit = visit(view);
    let stopped = visit.is_some_and(|visit| {
        matches!(
            visit.status,
            Status::Parked {
                why: ParkedFor::ProgramRestart,
                ..
            }
        )
    });
    let has_owner = visit.and_then(Visit::owner).is_some();
    view.reach.desk_can_sign_in() && (has_owner || !stopped)
}

/// What stopped the last sign-in, where it is not told at a field.
fn draw_failure(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let has_failed = matches!(pen.view.desk, DeskState::Offered { failed: true, .. });
    let why = visit(pen.view).and_then(|visit| visit.trouble.as_ref());
    if let Some(why) = why.filter(|_| has_failed) {
        let words = trouble(pen.text, why, false);
        pen.say(stack, &words, Role::Danger);
    }
}

/// A key press requests the code: this page may be shown while no student is at the desk.
fn draw_by_phone(pen: &mut PagePen<'_, '_>, mut stack: Stack) {
    pen.tell(&mut stack, "offered-grant", Role::Text);
    stack.skip(1);
    draw_failure(pen, &mut stack);
    stack.skip(1);
    let mut buttons = vec![("N", "grant-begin", UiKey::Char('n'), ButtonIs::Primary)];
    if pen.view.reach.has_both_sign_in_methods() {
        buttons.push(("P", "grant-password", UiKey::Char('p'), ButtonIs::On));
    }
    pen.buttons(&mut stack, &buttons);
    stack.skip(1);
    pen.tell(&mut stack, "offered-volunteer", Role::Dim);
}

impl UiPage for OfferedPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let is_by_phone = grant::is_by_phone(pen.view) && takes_sign_in(pen.view);
        if is_by_phone && pen.view.granting.is_some() {
            return self.sign_in.draw_code(pen, area, BY_PHONE);
        }
        let (mut stack, _) = begin(pen, area, (64, 16), "offered-title", Role::Title);
        let student = visit(pen.view).and_then(Visit::owner);
        let words = match student {
            Some(student) => pen.words_with(
                "offered-words",
                &[("student", student.number.masked().into())],
            ),
            None => pen.words("offered-words-unknown"),
        };
        pen.say(&mut stack, &words, Role::Text);
        stack.skip(1);
        if !takes_sign_in(pen.view) {
            let words = if student.is_some() {
                "offered-volunteer-only"
            } else {
                "offered-unsigned"
            };
            pen.tell(&mut stack, words, Role::Accent);
            stack.skip(1);
            pen.button(
                &mut stack,
                "Esc",
                "offered-dismiss",
                super::Hit::Key(UiKey::Esc),
                ButtonIs::On,
            );
            return;
        }
        if is_by_phone {
            return draw_by_phone(pen, stack);
        }
        pen.tell(&mut stack, "offered-sign-in", Role::Text);
        stack.skip(1);
        self.sign_in.draw_form(pen, &mut stack);
        // What is about the form stands at its fields; while another sign-in is under way nothing is said of the last.
        let is_at_field = trouble_at(pen.view, TroubleField::SignIn).is_some();
        if !is_at_field && !self.is_busy(pen.view) {
            draw_failure(pen, &mut stack);
        }
        stack.skip(1);
        self.sign_in.draw_buttons(pen, &mut stack);
        pen.tell(&mut stack, "offered-volunteer", Role::Dim);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        if !takes_sign_in(view) {
            return match input {
                PageInput::Key(UiKey::Esc) => PageResult::desk(DeskCommand::DismissOffer),
                _ => PageResult::IGNORED,
            };
        }
        let by_phone = grant::is_by_phone(view);
        if !by_phone && let Some(did) = grant::back_to_code(input, view) {
            return did;
        }
        if matches!(input, PageInput::Key(UiKey::Esc)) && !self.is_busy(view) {
            return match view.granting {
                Some(_) => PageResult::visit(Command::Back),
                None => PageResult::desk(DeskCommand::DismissOffer),
            };
        }
        let submit = |with| PageResult::desk(DeskCommand::ResumeBySignIn(with));
        self.sign_in.handle(input, view, submit)
    }

    fn scan(&mut self, code: &Scanned, view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        if !takes_sign_in(view) {
            return Err(ScanRefusal::NotHere);
        }
        self.sign_in.scan(code, view)
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![tip("Esc", "offered-dismiss", 0, UiKey::Esc)];
        if !takes_sign_in(view) {
            return tips;
        }
        if grant::is_by_phone(view) && view.granting.is_some() {
            return grant::tips(view);
        }
        if grant::is_by_phone(view) {
            tips.insert(0, tip("N", "grant-begin", 0, UiKey::Char('n')));
        } else {
            tips.insert(0, tip("Enter", "identity-submit", 0, UiKey::Enter));
            tips.push(tip("Tab", "do-field", 5, UiKey::Tab));
        }
        tips
    }

    fn fields(&self, view: &UiView<'_>) -> (usize, usize) {
        if takes_sign_in(view) {
            self.sign_in.fields(view)
        } else {
            (0, 1)
        }
    }

    fn help(&self) -> &'static str {
        "help-parked"
    }

    /// What the desk settles by itself after a restart does not block a sign-in.
    fn is_busy(&self, view: &UiView<'_>) -> bool {
        view.waiting_for
            .is_some_and(|wait| wait.what == ActKind::SignIn)
    }

    fn wake(&self, _view: &UiView<'_>) -> Option<Duration> {
        self.sign_in.wake()
    }
}
