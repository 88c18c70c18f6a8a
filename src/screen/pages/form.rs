//! The sign-in form: student number and password. The password is held by a secret field alone: zeroized when it is
//! submitted, hidden again three seconds after it was shown.

use std::time::Duration;

use ratatui::layout::Rect;

use super::at_field::{TroubleField, is_wrong_number, is_wrong_password, trouble_at, words_at};
use super::pen::ButtonIs;
use super::{PageInput, PagePen, ScanRefusal};
use crate::campus::pack::Scanned;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, LineField, SecretField};
use crate::screen::{UiKey, UiView};
use crate::visit::{SignInWith, StudentNumber, StudentNumberError, StudentNumberRule, Trouble};

const SHOWN_FOR: Duration = Duration::from_secs(3);

/// What is half typed.
pub struct SignInForm {
    number: LineField,
    password: SecretField,
    on_password: bool,
    reason: Option<Reason>,
    shown_until: Option<Duration>,
    /// The password was submitted: an empty field is no mistake until something is typed.
    sent: bool,
}

/// Why the form does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Number(StudentNumberError),
    NoPassword,
}

/// What the form made of an input.
pub enum SignInFormResult {
    Ignored,
    Edited,
    Submit(SignInWith),
}

impl Default for SignInForm {
    fn default() -> Self {
        SignInForm {
            number: LineField::new(64),
            password: SecretField::new(),
            on_password: false,
            reason: None,
            shown_until: None,
            sent: false,
        }
    }
}

impl SignInForm {
    /// When a shown password must be hidden again, monotonic.
    pub fn wake(&self) -> Option<Duration> {
        self.shown_until
    }

    /// The field that has the keys, counted from 0, and how many there are.
    pub fn fields(&self) -> (usize, usize) {
        (usize::from(self.on_password), 2)
    }

    /// Draws both fields, each with what is wrong with it beneath.
    pub fn draw(&mut self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        self.hide_in_time(pen.view.now.mono);
        let label = pen.words("identity-number");
        let area = stack.take(Field::HEIGHT);
        pen.hits.push(area, super::Hit::Focus(0));
        let field = self.number.field(&label, "", !self.on_password);
        if let Some(caret) = field.draw(area, pen.buf, pen.theme) {
            pen.caret = Some(caret);
        }
        let wrong = match self.reason {
            Some(Reason::Number(why)) => Some(number_words(pen, why)),
            Some(Reason::NoPassword) | None => refusal(pen, is_wrong_number),
        };
        // A row is kept free where there is nothing to say, so that nothing jumps.
        match wrong {
            Some(words) => {
                pen.mark_wrong(area);
                pen.say(stack, &words, Role::Warning);
            }
            None => stack.skip(1),
        }
        let label = pen.words("identity-password");
        let area = stack.take(Field::HEIGHT);
        pen.hits.push(area, super::Hit::Focus(1));
        let caret = self
            .password
            .draw(&label, "", self.on_password, area, pen.buf, pen.theme);
        if let Some(caret) = caret {
            pen.caret = Some(caret);
        }
        self.draw_below_password(pen, stack, area);
    }

    /// What the campus or the form itself says of the password, else what helps in typing it.
    fn draw_below_password(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, field: Rect) {
        let refused = trouble_at(pen.view, TroubleField::SignIn);
        let refusal = refusal(pen, |why| !is_wrong_number(why));
        let is_wrong = refused.is_some_and(is_wrong_password);
        if is_wrong || self.reason == Some(Reason::NoPassword) {
            pen.mark_wrong(field);
        }
        let (words, role) = match (self.reason, refusal) {
            (Some(Reason::NoPassword), _) => (pen.words("identity-password-empty"), Role::Warning),
            _ if self.password.revealed() => (pen.words("identity-revealed"), Role::Warning),
            _ if self.password.has_wide() => (pen.words("identity-wide"), Role::Warning),
            (_, Some(words)) => (words, Role::Warning),
            _ => (pen.words("identity-keys"), Role::Dim),
        };
        pen.say(stack, &words, role);
    }

    /// Draws the buttons.
    pub fn buttons(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        pen.buttons(
            stack,
            &[
                ("Enter", "identity-submit", UiKey::Enter, ButtonIs::Primary),
                ("Ctrl-R", "do-reveal", UiKey::Reveal, ButtonIs::On),
                ("F4", "forgotten-title", UiKey::Forgotten, ButtonIs::On),
            ],
        );
    }

    /// What an input means for the form.
    pub fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> SignInFormResult {
        let rule = &view.front.numbers.student_number;
        match input {
            PageInput::Key(UiKey::Enter) => return self.enter(rule),
            PageInput::Key(UiKey::Tab | UiKey::BackTab | UiKey::Up | UiKey::Down) => {
                self.focus(!self.on_password, rule);
            }
            PageInput::Focus(field) => self.focus(field == 1, rule),
            PageInput::Key(UiKey::Reveal) => {
                let until = view.now.mono.saturating_add(SHOWN_FOR);
                self.shown_until = Some(until);
                self.password.reveal(true);
            }
            PageInput::Key(key) => {
                let edited = if self.on_password {
                    self.password.key(key)
                } else {
                    self.number.key(key)
                };
                if !edited {
                    return SignInFormResult::Ignored;
                }
                self.edited(rule);
            }
            PageInput::Paste(text) => {
                if self.on_password {
                    self.password.paste(text)
                } else {
                    self.number.paste(text)
                }
                self.edited(rule);
            }
            PageInput::Pick(_) => return SignInFormResult::Ignored,
        }
        SignInFormResult::Edited
    }

    /// Takes a scanned student number in place of what was typed; the password is next. It is never taken for the
    /// password.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn scan(&mut self, code: &Scanned, view: &UiView<'_>) -> Result<(), ScanRefusal> {
        if self.on_password {
            return Err(ScanRefusal::Secret);
        }
        let number = code.student.as_ref().ok_or(ScanRefusal::NoNumber)?;
        self.number.clear();
        self.number.paste(number.as_str());
        self.edited(&view.front.numbers.student_number);
        self.on_password = true;
        Ok(())
    }

    /// A wrong character is reported at once; a number that is still short is not.
    fn edited(&mut self, rule: &StudentNumberRule) {
        self.sent = false;
        self.reason = match StudentNumber::parse(self.number.text(), rule) {
            Err(why @ (StudentNumberError::Character | StudentNumberError::TooLong)) => {
                Some(Reason::Number(why))
            }
            _ => None,
        };
    }

    fn focus(&mut self, on_password: bool, rule: &StudentNumberRule) {
        self.on_password = on_password;
        self.reason = match StudentNumber::parse(self.number.text(), rule) {
            Err(StudentNumberError::Empty) | Ok(_) => None,
            Err(why) => Some(Reason::Number(why)),
        };
    }

    fn enter(&mut self, rule: &StudentNumberRule) -> SignInFormResult {
        let number = match StudentNumber::parse(self.number.text(), rule) {
            Ok(number) => number,
            Err(why) => {
                self.on_password = false;
                self.reason = Some(Reason::Number(why));
                return SignInFormResult::Edited;
            }
        };
        self.reason = None;
        if self.password.is_empty() {
            let asked = self.on_password && !self.sent;
            self.reason = asked.then_some(Reason::NoPassword);
            self.on_password = true;
            return SignInFormResult::Edited;
        }
        self.sent = true;
        self.on_password = true;
        self.shown_until = None;
        self.password.reveal(false);
        SignInFormResult::Submit(SignInWith {
            student: number,
            password: self.password.take(),
        })
    }

    fn hide_in_time(&mut self, now: Duration) {
        if self.shown_until.is_some_and(|until| until <= now) {
            self.shown_until = None;
            self.password.reveal(false);
        }
    }
}

/// What the campus says of the sign-in, where that is about the field that is asked for.
fn refusal(pen: &PagePen<'_, '_>, is_its: impl Fn(&Trouble) -> bool) -> Option<String> {
    trouble_at(pen.view, TroubleField::SignIn).filter(|why| is_its(why))?;
    words_at(pen.text, pen.view, TroubleField::SignIn)
}

fn number_words(pen: &PagePen<'_, '_>, why: StudentNumberError) -> String {
    let rule = &pen.view.front.numbers.student_number;
    match why {
        StudentNumberError::Empty => pen.words("student-number-empty"),
        StudentNumberError::Character => {
            let letters = if rule.letters { "yes" } else { "no" };
            pen.words_with("student-number-character", &[("letters", letters.into())])
        }
        StudentNumberError::TooShort => {
            pen.words_with("student-number-short", &[("n", rule.min.into())])
        }
        StudentNumberError::TooLong => {
            pen.words_with("student-number-long", &[("n", rule.max.into())])
        }
    }
}
