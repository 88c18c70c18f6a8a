//! Signing in, as three pages have it: by the form, or by a code for the student's own phone where the campus has both
//! or only that. The page says what a submitted form means.

use std::time::Duration;

use ratatui::layout::Rect;

use super::form::{SignInForm, SignInFormResult};
use super::scan::QrPanel;
use super::words::phone_value;
use super::{
    ForgottenPage, PageInput, PagePen, PageResult, ScanRefusal, Tip, esc_tip, grant, other_way, tip,
};
use crate::campus::pack::Scanned;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::{UiKey, UiView};
use crate::visit::{Gateway, SignInWith, Way};

/// The form and the code's place on the screen.
#[derive(Default)]
pub struct SignInPart {
    form: SignInForm,
    qr: QrPanel,
}

impl SignInPart {
    /// Draws the code for the phone over the whole page.
    pub fn draw_code(&mut self, pen: &mut PagePen<'_, '_>, area: Rect, heading: grant::Heading) {
        grant::draw(pen, area, heading, &mut self.qr);
    }

    /// Draws the form without its buttons.
    pub fn draw_form(&mut self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        self.form.draw(pen, stack);
    }

    /// Draws the form's buttons.
    pub fn draw_buttons(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        self.form.buttons(pen, stack);
    }

    /// What an input means for the form or the code.
    pub fn handle(
        &mut self,
        input: PageInput<'_>,
        view: &UiView<'_>,
        submit: impl FnOnce(SignInWith) -> PageResult,
    ) -> PageResult {
        if matches!(input, PageInput::Key(UiKey::Forgotten)) {
            return PageResult::Open(Box::new(ForgottenPage::new(view)));
        }
        if grant::is_by_phone(view) {
            return grant::handle(input, view);
        }
        if let Some(result) = grant::back_to_code(input, view) {
            return result;
        }
        match self.form.handle(input, view) {
            SignInFormResult::Ignored => PageResult::IGNORED,
            SignInFormResult::Edited => PageResult::EDITED,
            SignInFormResult::Submit(with) => submit(with),
        }
    }

    /// Takes a scanned student number into the form.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn scan(&mut self, code: &Scanned, view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        if grant::is_by_phone(view) {
            return Err(ScanRefusal::NotHere);
        }
        self.form.scan(code, view).map(|()| PageResult::EDITED)
    }

    /// The footer's keys for the form or the code.
    pub fn tips(view: &UiView<'_>) -> Vec<Tip> {
        if grant::is_by_phone(view) {
            return grant::tips(view);
        }
        // From the form it leads back to the code, where both are there.
        let esc = if view.reach.has_both_sign_in_methods() {
            tip("Esc", "do-back", 0, UiKey::Esc)
        } else {
            esc_tip(view)
        };
        vec![
            tip("Enter", "identity-submit", 0, UiKey::Enter),
            esc,
            tip("Tab", "do-field", 5, UiKey::Tab),
        ]
    }

    /// The field that has the keys, counted from 0, and how many there are; a code has none.
    pub fn fields(&self, view: &UiView<'_>) -> (usize, usize) {
        if grant::is_by_phone(view) {
            (0, 1)
        } else {
            self.form.fields()
        }
    }

    /// When a shown password must be hidden again, monotonic.
    pub fn wake(&self) -> Option<Duration> {
        self.form.wake()
    }
}

/// The line below the title: that the campus answers slowly or not at all, else what the page says there.
pub fn draw_gateway(pen: &mut PagePen<'_, '_>, stack: &mut Stack, words: &str, role: Role) {
    match pen.view.reach.identity {
        Gateway::Slow => pen.tell(stack, "identity-slow", Role::Info),
        Gateway::Down { .. } => {
            let phone = phone_value(other_way(pen.view) == Some(Way::Phone));
            let words = pen.words_with("identity-down", &[("phone", phone)]);
            pen.say(stack, &words, Role::Warning);
        }
        Gateway::Up | Gateway::Absent => pen.tell(stack, words, role),
    }
}
