//! The screen as people meet it: drawn into a buffer and driven by keys, with views made by hand.

mod at_fields;
mod calling;
mod day;
mod drawing;
mod drilling;
mod finding;
mod footers;
mod given;
mod granting;
mod guided;
mod handling;
mod helping;
mod key_list;
mod leaving;
mod numbering;
mod owing;
mod pages;
mod paths;
mod practising;
mod properties;
mod scanning;
mod scenes;
mod secrets;
mod shifts;
mod slips;
mod stepping;
mod tabbing;
mod telling;
mod themes;
mod titles;
mod volunteering;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Color;

use super::*;
use crate::screen::pages::trouble;
use crate::screen::{DeskCommand, StoreHealth, UiAction, UiInput};
use crate::visit::{Command, Place, Question, StepKind, Way};
use scenes::{Scene, placed};

/// A screen of a size.
pub struct Desk {
    pub ui: Ui,
    terminal: Terminal<TestBackend>,
    /// What was drawn last.
    frame: Buffer,
}

impl Desk {
    pub fn new(columns: u16, rows: u16) -> Self {
        Desk {
            ui: Ui::new(Theme::builtin("dark").unwrap(), Lang::Zh),
            terminal: Terminal::new(TestBackend::new(columns, rows)).unwrap(),
            frame: Buffer::default(),
        }
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.terminal.backend_mut().resize(columns, rows);
    }

    pub fn draw(&mut self, scene: &Scene) -> &Buffer {
        cells::faults::take();
        let view = scene.view();
        let drawn = self.terminal.draw(|frame| self.ui.draw(frame, &view));
        let drawn = drawn.unwrap().buffer;
        self.frame.area = drawn.area;
        self.frame.content.clone_from(&drawn.content);
        self.terminal.backend().buffer()
    }

    /// Opens the panel as a volunteer does: the key, a PIN, and the desk that lets them in.
    pub fn opens_panel(&mut self, scene: &mut Scene) {
        self.draw(scene);
        self.key(scene, UiKey::Volunteer);
        self.keys(scene, "1");
        self.key(scene, UiKey::Enter);
        scene.volunteer = scenes::Lock::Open;
        self.draw(scene);
    }

    /// The frame as it is drawn, and the cells that the terminal never gets: the halves behind wide characters.
    pub fn frame(&mut self, scene: &Scene) -> &Buffer {
        self.draw(scene);
        &self.frame
    }

    /// The frame that was drawn last, without drawing it again.
    pub fn shown(&self) -> &Buffer {
        &self.frame
    }

    /// The screen as text, a line a row, without the blanks at the ends.
    pub fn text(&mut self, scene: &Scene) -> String {
        // The whole frame: unlike a terminal, the test's keeps half of a wide sign whose other half was written over.
        self.terminal.clear().unwrap();
        text_of(self.draw(scene))
    }

    pub fn key(&mut self, scene: &Scene, key: UiKey) -> UiAction {
        self.ui.handle(UiInput::Key(key), &scene.view())
    }

    pub fn keys(&mut self, scene: &Scene, text: &str) -> UiAction {
        let mut last = UiAction::Ignored;
        for c in text.chars() {
            last = self.key(scene, UiKey::Char(c));
        }
        last
    }

    pub fn paste(&mut self, scene: &Scene, text: &str) -> UiAction {
        self.ui
            .handle(UiInput::Paste(text.to_owned()), &scene.view())
    }

    /// Taps the first cell of the words.
    pub fn tap(&mut self, scene: &Scene, words: &str) -> UiAction {
        let (column, row) =
            find(self.draw(scene), words).unwrap_or_else(|| panic!("{words} is not on the screen"));
        self.ui.handle(UiInput::Tap { column, row }, &scene.view())
    }
}

/// Large digits, marks and bars are blanks with the colour of a sign, and a large QR is black blanks.
fn paints() -> [Option<Color>; 4] {
    let theme = Theme::builtin("dark").unwrap();
    let sign = |role| theme.style(role).fg;
    [
        sign(Role::Big),
        sign(Role::Bound),
        sign(Role::ByWord),
        Some(Color::Rgb(0, 0, 0)),
    ]
}

/// The cells' symbols; the second cell of a wide one is skipped.
pub fn text_of(buffer: &Buffer) -> String {
    let mut text = String::new();
    let paints = paints();
    for row in 0..buffer.area.height {
        let mut line = String::new();
        let mut column = 0;
        while column < buffer.area.width {
            let cell = &buffer[(column, row)];
            let symbol = cell.symbol();
            line.push_str(if symbol == " " && paints.contains(&Some(cell.bg)) {
                "#"
            } else {
                symbol
            });
            column = column.saturating_add(cells::width(symbol).max(1));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn find(buffer: &Buffer, words: &str) -> Option<(u16, u16)> {
    (0..buffer.area.height).find_map(|row| {
        (0..buffer.area.width).find_map(|column| {
            let mut line = String::new();
            let mut at = column;
            while at < buffer.area.width && line.len() < words.len() {
                let symbol = buffer[(at, row)].symbol();
                line.push_str(symbol);
                at = at.saturating_add(cells::width(symbol).max(1));
            }
            (line == words).then_some((column, row))
        })
    })
}
