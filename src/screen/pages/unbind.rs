//! Unbinding the old student number by the desk: its sign-in, then what will be deleted in words, and the confirmation
//! typed. Typed wrong it does nothing.

use std::time::Duration;

use ratatui::layout::Rect;

use super::pen::ButtonIs;
use super::sign_in::{SignInPart, draw_gateway};
use super::title::begin;
use super::{
    Hit, PageInput, PagePen, PageResult, ScanRefusal, Tip, TroubleField, UiPage, grant, other_way,
    other_way_tip, tip, visit,
};
use crate::campus::pack::Scanned;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, LineField};
use crate::screen::{UiKey, UiView};
use crate::visit::{Command, Old, Secret, Way};

/// The old number signs in on the student's own phone.
const BY_PHONE: grant::Heading = grant::Heading {
    title: "unbind-title",
    who: Some("unbind-grant-who"),
};

/// Longer than any confirmation.
const MOST_TYPED: usize = 24;

/// The page of the unbinding.
pub struct UnbindPage {
    sign_in: SignInPart,
    typed: LineField,
    /// Whose confirmation is typed here, so that another sign-in begins with empty fields.
    confirming: bool,
    is_wrong: bool,
}

impl Default for UnbindPage {
    fn default() -> Self {
        UnbindPage {
            sign_in: SignInPart::default(),
            typed: LineField::new(MOST_TYPED),
            confirming: false,
            is_wrong: false,
        }
    }
}

fn old<'v>(view: &UiView<'v>) -> Option<&'v Old> {
    visit(view).and_then(|visit| visit.old.as_ref())
}

impl UnbindPage {
    /// Half of one account is never left for the other.
    fn follow(&mut self, view: &UiView<'_>) {
        let confirming = old(view).is_some();
        if self.confirming != confirming {
            *self = UnbindPage {
                confirming,
                ..UnbindPage::default()
            };
        }
    }

    fn draw_sign_in(&mut self, pen: &mut PagePen<'_, '_>, mut stack: Stack) {
        draw_gateway(pen, &mut stack, "unbind-words", Role::Accent);
        stack.skip(1);
        self.sign_in.draw_form(pen, &mut stack);
        stack.skip(1);
        self.sign_in.draw_buttons(pen, &mut stack);
        stack.skip(1);
        // An old account is often closed when the new number is given.
        if other_way(pen.view) == Some(Way::Phone) {
            pen.tell(&mut stack, "unbind-cannot-sign-in", Role::Text);
            let key = Hit::Key(UiKey::OtherWay);
            pen.button(&mut stack, "F5", "way-to-phone", key, ButtonIs::On);
        } else {
            pen.tell(&mut stack, "unbind-cannot-sign-in-here", Role::Text);
        }
    }

    fn draw_confirmation(&self, pen: &mut PagePen<'_, '_>, mut stack: Stack, old: &Old) {
        stack.skip(1);
        let student = format!(
            "{} {}",
            old.student.number.as_str(),
            old.student.name.as_str()
        );
        let words = pen.words_with("unbind-what", &[("student", student.trim().into())]);
        pen.say(&mut stack, &words, Role::Warning);
        pen.tell(&mut stack, "unbind-after", Role::Text);
        stack.skip(1);
        let n: u64 = old.confirmed_by().try_into().unwrap_or(u64::MAX);
        let label = pen.words_with("unbind-type", &[("n", n.into())]);
        let area = stack.take(Field::HEIGHT);
        pen.hits.push(area, Hit::Focus(0));
        let field = self.typed.field(&label, "", true);
        if let Some(caret) = field.draw(area, pen.buf, pen.theme) {
            pen.caret = Some(caret);
        }
        if self.is_wrong {
            pen.mark_wrong(area);
        }
        let (words, role) = if self.is_wrong {
            ("unbind-wrong", Role::Danger)
        } else {
            ("unbind-nothing-yet", Role::Dim)
        };
        pen.tell(&mut stack, words, role);
        stack.skip(1);
        pen.buttons(
            &mut stack,
            &[
                ("Enter", "unbind-do", UiKey::Enter, ButtonIs::On),
                ("Esc", "unbind-other", UiKey::Esc, ButtonIs::On),
            ],
        );
    }

    fn confirm(&mut self, input: PageInput<'_>, old: &Old) -> PageResult {
        match input {
            PageInput::Key(UiKey::Enter) => {
                let typed = Secret::new(self.typed.text().to_owned());
                self.typed.clear();
                self.is_wrong = !old.is_confirmed_by(&typed);
                if self.is_wrong {
                    PageResult::EDITED
                } else {
                    PageResult::visit(Command::Unbind { typed })
                }
            }
            PageInput::Key(key) if self.typed.key(key) => self.edited(),
            PageInput::Paste(text) => {
                self.typed.paste(text);
                self.edited()
            }
            PageInput::Focus(_) => PageResult::EDITED,
            PageInput::Key(_) | PageInput::Pick(_) => PageResult::IGNORED,
        }
    }

    fn edited(&mut self) -> PageResult {
        self.is_wrong = false;
        PageResult::EDITED
    }
}

impl UiPage for UnbindPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        self.follow(pen.view);
        if old(pen.view).is_none() && grant::is_by_phone(pen.view) {
            return self.sign_in.draw_code(pen, area, BY_PHONE);
        }
        let title = match old(pen.view) {
            Some(_) => "unbind-confirm-title",
            None => "unbind-title",
        };
        let (stack, _) = begin(pen, area, (64, 16), title, Role::Title);
        match old(pen.view) {
            Some(old) => self.draw_confirmation(pen, stack, old),
            None => self.draw_sign_in(pen, stack),
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        self.follow(view);
        if let Some(old) = old(view) {
            return self.confirm(input, old);
        }
        let submit = |with| PageResult::visit(Command::SignIn(with));
        self.sign_in.handle(input, view, submit)
    }

    fn scan(&mut self, code: &Scanned, view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        // The end of the old number is typed: it is what says that the student means it.
        if old(view).is_some() {
            return Err(ScanRefusal::NotHere);
        }
        self.sign_in.scan(code, view)
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = match old(view) {
            Some(_) => vec![
                tip("Enter", "unbind-do", 0, UiKey::Enter),
                tip("Esc", "unbind-other", 0, UiKey::Esc),
            ],
            None => SignInPart::tips(view),
        };
        tips.extend(other_way_tip(view));
        tips
    }

    fn fields(&self, view: &UiView<'_>) -> (usize, usize) {
        if self.confirming {
            (0, 1)
        } else {
            self.sign_in.fields(view)
        }
    }

    fn told_at(&self, view: &UiView<'_>) -> Option<TroubleField> {
        let has_form = old(view).is_none() && !grant::is_by_phone(view);
        has_form.then_some(TroubleField::SignIn)
    }

    fn help(&self) -> &'static str {
        "help-unbind"
    }

    fn wake(&self, _view: &UiView<'_>) -> Option<Duration> {
        self.sign_in.wake()
    }
}
