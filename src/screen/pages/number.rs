//! The mobile number (guide 一.3, the first step of (一) and (二)): grouped as one types, refused at once with the
//! reason. It holds what is half typed.

use ratatui::layout::{Rect, Size};

use super::pen::ButtonIs;
use super::{Act, Did, Hit, Page, Pen, Tip, keypad_hit, other_way_tip, tip};
use crate::screen::layout::{Stack, column, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, Keypad, NumberField};
use crate::screen::{Key, View};
use crate::visit::{ActKind, Command, Mobile, MobileError, Visit};

pub struct Number {
    field: NumberField,
    /// Enter was pressed on a number that is not whole.
    insisted: bool,
}

impl Number {
    /// The number given before stands there again when the student comes back to change it.
    pub fn new(visit: &Visit) -> Self {
        let mut field = NumberField::new();
        if let Some(mobile) = &visit.mobile {
            field.paste(mobile.as_str());
        }
        Number {
            field,
            insisted: false,
        }
    }

    /// What is wrong already: nothing while it can still become a number.
    fn told(&self) -> Told {
        let raw = self.field.raw();
        let beginning = ["+86", "0086"].iter().any(|code| code.starts_with(raw));
        if beginning && !self.insisted {
            return Told::Nothing;
        }
        match Mobile::parse(raw) {
            Ok(_) => Told::Good,
            Err(MobileError::Empty) => Told::Wrong("number-empty"),
            Err(MobileError::Character) => Told::Wrong("number-character"),
            Err(MobileError::TooLong) => Told::Wrong("number-long"),
            Err(MobileError::NotMobile) => Told::Wrong("number-not-mobile"),
            Err(MobileError::Foreign) => Told::Wrong("number-foreign"),
            Err(MobileError::TooShort) => Told::Short(missing(raw)),
        }
    }
}

/// What becomes of the number where it is not bound at once.
fn waits(view: &View<'_>) -> Option<(&'static str, Role)> {
    let visit = super::visit(view)?;
    if !visit.may_bind(&view.pack.rules) {
        return Some(("number-vouched", Role::Accent));
    }
    let owed = visit.owes(ActKind::BindNumber) && view.waiting_for.is_none();
    owed.then_some(("number-queued", Role::Accent))
}

enum Told {
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

impl Page for Number {
    fn draw(&mut self, pen: &mut Pen<'_, '_>, area: Rect) {
        let (left, right) = halves(column(area, 90), 44, 3);
        let mut stack = Stack::new(left);
        stack.skip(area.height.saturating_sub(12) / 3);
        pen.tell(&mut stack, "number-title", Role::Title);
        pen.tell(&mut stack, "number-words", Role::Dim);
        stack.skip(1);
        let label = format!(
            "{}  {}",
            pen.words("number-label"),
            pen.words("number-code")
        );
        let row = stack.take(Field::HEIGHT);
        pen.hits.push(row, Hit::Focus(0));
        pen.caret = self
            .field
            .draw(&label, "138 0013 8000", true, row, pen.buf, pen.theme);
        let told = self.told();
        if let Some((key, role)) = waits(pen.view) {
            pen.tell(&mut stack, key, role);
        }
        match told {
            Told::Nothing => stack.skip(1),
            Told::Good => pen.tell(&mut stack, "number-good", Role::Success),
            Told::Wrong(key) => pen.tell(&mut stack, key, Role::Warning),
            Told::Short(n) => {
                let words = pen.words_with("number-short", &[("n", n.into())]);
                let role = if self.insisted {
                    Role::Warning
                } else {
                    Role::Dim
                };
                pen.say(&mut stack, &words, role);
            }
        }
        stack.skip(1);
        let good = matches!(told, Told::Good);
        let state = if good {
            ButtonIs::Primary
        } else {
            ButtonIs::On
        };
        pen.button(
            &mut stack,
            "Enter",
            "number-submit",
            Hit::Key(Key::Enter),
            state,
        );
        draw_keypad(pen, right, good);
    }

    fn act(&mut self, act: Act<'_>, _view: &View<'_>) -> Did {
        match act {
            Act::Key(Key::Enter) => match Mobile::parse(self.field.raw()) {
                Ok(mobile) => return Did::Do(Command::GiveNumber { mobile }),
                Err(_) => self.insisted = true,
            },
            Act::Key(Key::ClearField) => {
                self.field.clear();
                self.insisted = false;
            }
            Act::Key(key) => {
                if !self.field.key(key) {
                    return Did::Ignored;
                }
                self.insisted = false;
            }
            Act::Paste(text) => {
                self.field.clear();
                self.field.paste(text);
                self.insisted = true;
            }
            Act::Focus(_) => {}
            Act::Pick(_) => return Did::Ignored,
        }
        Did::Edited
    }

    fn tips(&self, view: &View<'_>) -> Vec<Tip> {
        let mut tips = vec![
            tip("Enter", "number-submit", 0, Key::Enter),
            tip("Esc", "do-back", 0, Key::Esc),
            tip("Ctrl-U", "do-clear", 4, Key::ClearField),
        ];
        tips.extend(other_way_tip(view));
        tips
    }

    fn help(&self) -> &'static str {
        "help-number"
    }
}

/// The on-screen keypad in the room that is left, for touch.
pub(super) fn draw_keypad(pen: &mut Pen<'_, '_>, area: Rect, can_ok: bool) {
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
