//! A mobile number being typed, with what is wrong already: shared by the page that binds it and by the box that only
//! shows it large. It holds what is half typed.

use super::{Hit, PageInput, PagePen};
use crate::screen::UiKey;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, NumberField};
use crate::visit::{Mobile, MobileError};

#[derive(Default)]
pub(super) struct NumberEntry {
    field: NumberField,
    /// Enter was pressed on a number that is not whole.
    insisted: bool,
}

/// What an input made of it.
pub(super) enum NumberEntryResult {
    /// Enter, on a number that is one.
    Whole(Mobile),
    Edited,
    Ignored,
}

impl NumberEntry {
    /// The number given before is shown again.
    pub fn of(mobile: Option<&Mobile>) -> Self {
        let mut field = NumberField::new();
        if let Some(mobile) = mobile {
            field.paste(mobile.as_str());
        }
        NumberEntry {
            field,
            insisted: false,
        }
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.field.raw().is_empty()
    }

    /// Nothing was changed since this number stood there.
    pub fn is(&self, mobile: Option<&Mobile>) -> bool {
        Mobile::parse(self.field.raw()).ok().as_ref() == mobile
    }

    /// Whether a whole mobile number is typed.
    pub fn is_good(&self) -> bool {
        matches!(self.verdict(), NumberVerdict::Good)
    }

    /// What is wrong already: nothing while it can still become a number.
    fn verdict(&self) -> NumberVerdict {
        let raw = self.field.raw();
        let beginning = ["+86", "0086"].iter().any(|code| code.starts_with(raw));
        if beginning && !self.insisted {
            return NumberVerdict::Nothing;
        }
        match Mobile::parse(raw) {
            Ok(_) => NumberVerdict::Good,
            Err(MobileError::Empty) => NumberVerdict::Wrong("number-empty"),
            Err(MobileError::Character) => NumberVerdict::Wrong("number-character"),
            Err(MobileError::TooLong) => NumberVerdict::Wrong("number-long"),
            Err(MobileError::NotMobile) => NumberVerdict::Wrong("number-not-mobile"),
            Err(MobileError::Foreign) => NumberVerdict::Wrong("number-foreign"),
            Err(MobileError::TooShort) => NumberVerdict::Short(missing(raw)),
        }
    }

    /// Draws the field with its label and an example.
    /// It is marked where it is wrong, or the campus refused it.
    pub fn draw_field(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, is_refused: bool) {
        let label = format!(
            "{}  {}",
            pen.words("number-label"),
            pen.words("number-code")
        );
        let example = pen.words("number-example");
        let row = stack.take(Field::HEIGHT);
        pen.hits.push(row, Hit::Focus(0));
        pen.caret = self
            .field
            .draw(&label, &example, true, row, pen.buf, pen.theme);
        let is_wrong = match self.verdict() {
            NumberVerdict::Wrong(_) => true,
            NumberVerdict::Short(_) => self.insisted,
            NumberVerdict::Nothing | NumberVerdict::Good => false,
        };
        if is_refused || is_wrong {
            pen.mark_wrong(row);
        }
    }

    /// What is wrong with it, beneath; `good` is what is said of a whole number.
    pub fn draw_verdict(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, good: &str) {
        match self.verdict() {
            NumberVerdict::Nothing => stack.skip(1),
            NumberVerdict::Good => pen.tell(stack, good, Role::Success),
            NumberVerdict::Wrong(key) => pen.tell(stack, key, Role::Warning),
            NumberVerdict::Short(n) => {
                let words = pen.words_with("number-short", &[("n", n.into())]);
                let role = if self.insisted {
                    Role::Warning
                } else {
                    Role::Dim
                };
                pen.say(stack, &words, role);
            }
        }
    }

    /// What an input means for the field.
    pub fn handle(&mut self, input: PageInput<'_>) -> NumberEntryResult {
        match input {
            PageInput::Key(UiKey::Enter) => match Mobile::parse(self.field.raw()) {
                Ok(mobile) => return NumberEntryResult::Whole(mobile),
                Err(_) => self.insisted = true,
            },
            PageInput::Key(key) => {
                if !self.field.key(key) {
                    return NumberEntryResult::Ignored;
                }
                self.insisted = false;
            }
            PageInput::Paste(text) => {
                self.field.clear();
                self.field.paste(text);
                self.insisted = true;
            }
            PageInput::Focus(_) => {}
            PageInput::Pick(_) => return NumberEntryResult::Ignored,
        }
        NumberEntryResult::Edited
    }
}

enum NumberVerdict {
    Nothing,
    Good,
    Short(usize),
    Wrong(&'static str),
}

/// How many of the eleven digits are missing.
fn missing(raw: &str) -> usize {
    let digits = raw
        .strip_prefix("+86")
        .or_else(|| raw.strip_prefix("0086"))
        .unwrap_or(raw);
    11_usize.saturating_sub(digits.chars().count())
}
