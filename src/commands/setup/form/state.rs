//! The form on the screen: its fields, what is typed, what a check said of it. It checks nothing itself.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::fields::FormField;
use crate::cli_error::CliError;
use crate::screen::cells::{ground, put_clipped};
use crate::screen::theme::{Role, Theme};
use crate::screen::widgets::{
    Banner, BannerKind, Field, Footer, Hint, Hits, LineField, SecretField,
};
use crate::screen::{UiInput, UiKey};
use crate::text::{Lang, Text};
use crate::visit::Secret;

/// The longest answer, in characters.
const LONGEST: usize = 400;
/// The width of a field, in columns, where there is more.
const WIDEST: u16 = 76;

/// What was typed leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormAction {
    /// Nothing but another frame.
    Draw,
    /// This field was left: its answer is to be checked.
    Check(FormField),
    /// The last field was left: the desk is to be made.
    Make,
    /// The form is left; what is typed is kept.
    Leave,
}

enum Line {
    Plain(LineField),
    Secret(SecretField),
}

/// The form.
pub struct Form {
    text: Text,
    lines: Vec<(FormField, Line)>,
    at: usize,
    message: Option<(BannerKind, String)>,
    hits: Hits<UiKey>,
}

impl Form {
    /// A form with what was typed before.
    pub fn new(lang: Lang, before: &[(FormField, String)]) -> Self {
        let line = |field: &FormField| {
            if field.is_secret() {
                return (*field, Line::Secret(SecretField::new()));
            }
            let mut line = LineField::new(LONGEST);
            for (_, text) in before.iter().filter(|(of, _)| of == field) {
                line.paste(text);
            }
            (*field, Line::Plain(line))
        };
        Form {
            text: Text::new(lang),
            lines: FormField::ALL.iter().map(line).collect(),
            at: 0,
            message: None,
            hits: Hits::new(),
        }
    }

    /// What is typed, but for the PIN.
    pub fn filled(&self) -> Vec<(FormField, String)> {
        let plain = self.lines.iter().filter_map(|(field, line)| match line {
            Line::Plain(line) if !line.text().trim().is_empty() => {
                Some((*field, line.text().trim().to_owned()))
            }
            Line::Plain(_) | Line::Secret(_) => None,
        });
        plain.collect()
    }

    /// The PIN and its repetition. They are forgotten here.
    pub fn take_pins(&mut self) -> [Option<Secret>; 2] {
        [FormField::Pin, FormField::PinAgain].map(|wanted| {
            let mut lines = self.lines.iter_mut();
            lines.find_map(|(field, line)| match line {
                Line::Secret(line) if *field == wanted && !line.is_empty() => Some(line.take()),
                Line::Secret(_) | Line::Plain(_) => None,
            })
        })
    }

    /// The field in which typing goes.
    pub fn field(&self) -> FormField {
        self.lines
            .get(self.at)
            .map_or(FormField::Number, |(field, _)| *field)
    }

    /// Goes to a field.
    pub fn go_to(&mut self, wanted: FormField) {
        let place = self.lines.iter().position(|(field, _)| *field == wanted);
        self.at = place.unwrap_or(self.at);
    }

    /// Says something in the form's language.
    pub fn say(&mut self, key: &str) {
        self.message = Some((BannerKind::Info, self.text.get(key)));
    }

    /// The language in which it is shown.
    pub fn lang(&self) -> Lang {
        self.text.lang()
    }

    /// Says what a check found out.
    pub fn tell(&mut self, told: String) {
        self.message = Some((BannerKind::Info, crate::escape::line(&told)));
    }

    /// Says what a check found wrong.
    pub fn refuse(&mut self, error: &CliError) {
        let text = format!("{}. {}", error.what, error.remedy);
        self.message = Some((BannerKind::Danger, crate::escape::line(&text)));
    }

    /// Says in the form's language that an answer is wrong.
    pub fn refuse_by(&mut self, key: &str) {
        self.message = Some((BannerKind::Danger, self.text.get(key)));
    }

    /// Takes a key, a paste or a tap.
    pub fn take(&mut self, input: UiInput) -> FormAction {
        match input {
            UiInput::Key(key) => self.key(key),
            UiInput::Paste(pasted) => {
                match self.lines.get_mut(self.at) {
                    Some((_, Line::Plain(line))) => line.paste(&pasted),
                    Some((_, Line::Secret(line))) => line.paste(&pasted),
                    None => {}
                }
                FormAction::Draw
            }
            UiInput::Tap { column, row } => match self.hits.at(column, row).copied() {
                Some(key) => self.key(key),
                None => FormAction::Draw,
            },
            // No scanner is configured before the setup is done.
            UiInput::Scroll { .. } | UiInput::Scan(_) => FormAction::Draw,
        }
    }

    fn key(&mut self, key: UiKey) -> FormAction {
        let field = self.field();
        match key {
            UiKey::Esc => FormAction::Leave,
            UiKey::Language => {
                self.text = Text::new(self.text.lang().next());
                self.message = None;
                FormAction::Draw
            }
            UiKey::Enter if self.at.saturating_add(1) == self.lines.len() => FormAction::Make,
            UiKey::Enter | UiKey::Tab | UiKey::Down => self.step(field, 1),
            UiKey::BackTab | UiKey::Up => self.step(field, -1),
            key => {
                let took = match self.lines.get_mut(self.at) {
                    Some((_, Line::Plain(line))) => line.key(key),
                    Some((_, Line::Secret(line))) => line.key(key),
                    None => false,
                };
                if took {
                    self.message = None;
                }
                FormAction::Draw
            }
        }
    }

    fn step(&mut self, left: FormField, by: isize) -> FormAction {
        let last = self.lines.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
        self.message = None;
        FormAction::Check(left)
    }

    /// Draws the form: a title, the fields round the one in hand, what was said, the keys.
    pub fn draw(&mut self, frame: &mut Frame<'_>, theme: &Theme) {
        let area = frame.area();
        let buf = frame.buffer_mut();
        ground(area, buf, theme);
        let inner = Rect {
            x: area.x.saturating_add(2.min(area.width / 20)),
            width: area.width.saturating_sub(4).min(WIDEST),
            ..area
        };
        let title = self.text.with(
            "setup-title",
            &[
                ("n", self.at.saturating_add(1).into()),
                ("all", self.lines.len().into()),
            ],
        );
        let accent = theme.style(Role::Title);
        put_clipped(inner, inner.x, area.y, &title, accent, buf);
        let said = self
            .message
            .as_ref()
            .map(|(kind, text)| (*kind, text.as_str()));
        let hint = self.text.get(self.field().hint());
        let (kind, words) = said.unwrap_or((BannerKind::Info, &hint));
        let word = self.text.get(match kind {
            BannerKind::Danger | BannerKind::Warning => "setup-wrong",
            BannerKind::Info | BannerKind::Practice => "setup-hint",
        });
        let banner = Banner {
            kind,
            word: &word,
            text: words,
        };
        let below = banner.height(area.width).min(area.height / 3);
        let rows = area.height.saturating_sub(below).saturating_sub(3);
        let seen = usize::from(rows / Field::HEIGHT).max(1);
        let first = self.at.saturating_sub(seen / 2);
        let first = first.min(self.lines.len().saturating_sub(seen));
        let mut cursor = None;
        let mut top = area.y.saturating_add(2);
        for (place, (field, line)) in self.lines.iter().enumerate().skip(first).take(seen) {
            let row = Rect {
                y: top,
                height: Field::HEIGHT,
                ..inner
            };
            let (label, is_here) = (self.text.get(field.label()), place == self.at);
            let at = match line {
                Line::Plain(line) => line.field(&label, "", is_here).draw(row, buf, theme),
                Line::Secret(line) => line.draw(&label, "", is_here, row, buf, theme),
            };
            cursor = cursor.or(at.filter(|_| is_here));
            top = top.saturating_add(Field::HEIGHT);
        }
        let foot = area.bottom().saturating_sub(1);
        let said = Rect {
            y: foot.saturating_sub(below),
            height: below,
            ..area
        };
        banner.draw(said, buf, theme);
        self.hits.clear();
        let hint = |name: &str, label, rank, key| Hint::new(name, self.text.get(label), rank, key);
        let is_last = self.at.saturating_add(1) == self.lines.len();
        let hints = [
            hint(
                "Enter",
                if is_last { "setup-make" } else { "setup-next" },
                0,
                UiKey::Enter,
            ),
            hint("Up", "setup-back", 2, UiKey::Up),
            hint("F2", "setup-language", 1, UiKey::Language),
            hint("Esc", "setup-leave", 1, UiKey::Esc),
        ];
        let row = Rect {
            y: foot,
            height: 1,
            ..area
        };
        Footer { hints: &hints }.draw(row, buf, theme, &mut self.hits);
        if let Some(Position { x, y }) = cursor {
            frame.set_cursor_position((x, y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::theme::Terminal;
    use ratatui::backend::TestBackend;

    fn drawn(form: &mut Form, width: u16, height: u16) -> (String, Position) {
        let (theme, _) = Theme::load(Terminal::from_vars(|_| None).default_theme(), None);
        let mut terminal = ratatui::Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| form.draw(frame, &theme)).unwrap();
        let cells = terminal.backend().buffer().content.iter();
        let text: String = cells.map(|cell| cell.symbol()).collect();
        let cursor = terminal.get_cursor_position().unwrap();
        (text.replace(' ', ""), cursor)
    }

    #[test]
    fn each_field_is_seen_with_its_words_at_every_size() {
        for (width, height) in [(80, 24), (100, 45), (60, 15)] {
            for &lang in Lang::ALL {
                let mut form = Form::new(lang, &[]);
                for field in FormField::ALL {
                    form.go_to(*field);
                    let (text, cursor) = drawn(&mut form, width, height);
                    let words = Text::new(lang);
                    for key in [field.label(), "setup-leave"] {
                        let wanted = words.get(key).replace(' ', "");
                        assert!(text.contains(&wanted), "{key} at {width}x{height}:\n{text}");
                    }
                    assert!(
                        cursor.y > 1 && cursor.y < height - 1,
                        "{field:?} {cursor:?}"
                    );
                    if (width, height) == (80, 24) {
                        let hint = words.get(field.hint()).replace(' ', "");
                        assert!(text.contains(&hint), "{field:?}:\n{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_typed_is_kept_and_the_pin_is_forgotten_once_taken() {
        let mut form = Form::new(Lang::Zh, &[(FormField::Number, "1".into())]);
        let press = |form: &mut Form, key| form.take(UiInput::Key(key));
        press(&mut form, UiKey::End);
        press(&mut form, UiKey::Char('7'));
        assert_eq!(
            press(&mut form, UiKey::Enter),
            FormAction::Check(FormField::Number)
        );
        for _ in 0..2 {
            form.take(UiInput::Paste("471100".into()));
            press(&mut form, UiKey::Tab);
        }
        assert_eq!(form.filled(), [(FormField::Number, "17".to_owned())]);
        let (text, _) = drawn(&mut form, 80, 24);
        assert!(!text.contains("471100"), "{text}");
        let pins = form
            .take_pins()
            .map(|pin| pin.map(|pin| pin.expose().to_owned()));
        assert_eq!(pins, [Some("471100".into()), Some("471100".into())]);
        assert!(form.take_pins().iter().all(Option::is_none));
        assert_eq!(press(&mut form, UiKey::Esc), FormAction::Leave);
        form.go_to(FormField::Paper);
        assert_eq!(press(&mut form, UiKey::Enter), FormAction::Make);
        press(&mut form, UiKey::Language);
        assert!(drawn(&mut form, 80, 24).0.contains("Settingthisdeskup"));
    }
}
