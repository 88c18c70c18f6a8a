//! A volunteer vouches for a student who cannot sign in because the sign-in cannot be reached: the number from the
//! papers, the roster's name, and only then the word. It holds what is half typed.

use ratatui::layout::{Rect, Size};

use super::number::draw_keypad;
use super::pen::ButtonIs;
use super::{
    Hit, PageInput, PagePen, PageResult, ScanRefusal, Tip, UiPage, VolunteerPage, digit_index, tip,
};
use crate::campus::pack::Scanned;
use crate::screen::layout::{Stack, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, LineField, Overlay};
use crate::screen::{DeskCommand, Lookup, UiAction, UiKey, UiView, Volunteer};
use crate::visit::{Command, Student, StudentNumber};

/// The overlay for vouching.
pub struct VouchPage {
    number: LineField,
    /// What is typed is no student number here.
    is_wrong: bool,
    /// Something was typed since the last look-up: its answer is about another number.
    is_edited: bool,
}

impl Default for VouchPage {
    fn default() -> Self {
        VouchPage {
            number: LineField::new(64),
            is_wrong: false,
            is_edited: true,
        }
    }
}

fn lookup<'v>(view: &'v UiView<'_>) -> &'v Lookup {
    match &view.volunteer {
        Volunteer::Open { lookup, .. } => lookup,
        _ => &Lookup::None,
    }
}

impl VouchPage {
    /// The student the roster found for what is typed.
    fn found<'v>(&self, view: &'v UiView<'_>) -> Option<&'v Student> {
        match lookup(view) {
            Lookup::Found(student) if !self.is_edited => Some(student),
            _ => None,
        }
    }

    fn told(&self, view: &UiView<'_>) -> Option<(&'static str, Role)> {
        if self.is_wrong {
            return Some(("vouch-wrong", Role::Warning));
        }
        if self.is_edited {
            return None;
        }
        match lookup(view) {
            Lookup::None | Lookup::Found(_) => None,
            Lookup::Looking => Some(("vouch-looking", Role::Info)),
            Lookup::Missing => Some(("vouch-missing", Role::Warning)),
            Lookup::NoRoster => Some(("vouch-no-roster", Role::Warning)),
            Lookup::NotNow => Some(("vouch-not-now", Role::Danger)),
        }
    }

    fn draw_found(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, student: &Student) {
        let words = pen.words_with(
            "vouch-found",
            &[
                ("name", student.name.as_str().to_owned().into()),
                ("student", student.number.masked().into()),
            ],
        );
        pen.say(stack, &words, Role::Title);
        pen.tell(stack, "vouch-papers", Role::Text);
        let binds = pen.view.front.numbers.vouching_binds;
        let then = if binds {
            "vouch-then-binds"
        } else {
            "vouch-then-parks"
        };
        pen.tell(stack, then, Role::Accent);
        stack.skip(1);
        let words = ["vouch-do", "vouch-other"].map(|key| pen.words(key));
        pen.choices(stack, &words, None, false);
    }

    /// A choice, never Enter: a volunteer who presses Enter twice has not looked at the student.
    fn choose(&mut self, choice: usize, view: &UiView<'_>) -> PageResult {
        match (self.found(view), choice) {
            (Some(student), 0) => {
                let student = student.clone();
                return PageResult::Close(UiAction::Visit(Command::Vouch { student }));
            }
            (Some(_), 1) => {
                self.number.clear();
                self.is_edited = true;
            }
            _ => {}
        }
        PageResult::EDITED
    }

    fn enter(&mut self, view: &UiView<'_>) -> PageResult {
        match StudentNumber::parse(self.number.text(), &view.front.numbers.student_number) {
            Ok(number) => {
                self.is_edited = false;
                PageResult::desk(DeskCommand::FindStudent { number })
            }
            Err(_) => {
                self.is_wrong = true;
                PageResult::EDITED
            }
        }
    }
}

impl UiPage for VouchPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("vouch-title");
        let size = Size::new(
            area.width.saturating_sub(2).min(76),
            area.height.saturating_sub(1).min(20),
        );
        let inside = Overlay {
            title: &title,
            size,
        }
        .draw(area, pen.buf, pen.theme);
        let (left, right) = halves(inside, inside.width.saturating_mul(11) / 20, 2);
        let mut stack = Stack::new(left);
        pen.tell(&mut stack, "vouch-words", Role::Text);
        stack.skip(1);
        let label = pen.words("identity-number");
        let row = stack.take(Field::HEIGHT);
        pen.hits.push(row, Hit::Focus(0));
        let field = self.number.field(&label, "", true);
        pen.caret = field.draw(row, pen.buf, pen.theme);
        let view = pen.view;
        let told = self.told(view);
        if told.is_some_and(|(_, role)| role == Role::Warning) {
            pen.mark_wrong(row);
        }
        // Right beneath the field that it is about.
        match told {
            Some((key, role)) => pen.tell(&mut stack, key, role),
            None => stack.skip(1),
        }
        if let Some(student) = self.found(view) {
            self.draw_found(pen, &mut stack, student);
        } else {
            let enter = Hit::Key(UiKey::Enter);
            pen.button(&mut stack, "Enter", "vouch-find", enter, ButtonIs::Primary);
        }
        let esc = Hit::Key(UiKey::Esc);
        pen.button(&mut stack, "Esc", "do-back", esc, ButtonIs::On);
        if self.found(view).is_none() {
            draw_keypad(pen, right, !self.number.text().is_empty());
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc) => return VolunteerPage::back(),
            PageInput::Key(UiKey::Volunteer) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Pick(choice) => return self.choose(choice, view),
            PageInput::Key(key) if self.found(view).is_some() => {
                if let Some(choice) = digit_index(key) {
                    return self.choose(choice, view);
                }
                if key == UiKey::Backspace {
                    self.is_edited = true;
                }
            }
            PageInput::Key(UiKey::Enter) => return self.enter(view),
            PageInput::Key(key) => {
                if self.number.key(key) {
                    (self.is_edited, self.is_wrong) = (true, false);
                }
            }
            PageInput::Paste(text) => {
                self.number.paste(text);
                (self.is_edited, self.is_wrong) = (true, false);
            }
            PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }

    fn scan(&mut self, code: &Scanned, view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        let number = code.student.as_ref().ok_or(ScanRefusal::NoNumber)?;
        self.number.clear();
        self.number.paste(number.as_str());
        (self.is_edited, self.is_wrong) = (true, false);
        Ok(self.enter(view))
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let back = tip("Esc", "do-back", 0, UiKey::Esc);
        match self.found(view) {
            Some(_) => vec![tip("1", "vouch-do", 0, UiKey::Char('1')), back],
            None => vec![tip("Enter", "vouch-find", 0, UiKey::Enter), back],
        }
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}
