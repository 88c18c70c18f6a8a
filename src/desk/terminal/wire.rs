//! What is drawn, as bytes for the terminal: few of them, and one write a frame.
//!
//! The pen (colours, attributes) and the cursor are remembered from frame to frame, so that a typed digit costs its
//! place, its colours and itself. A large frame is wrapped as a synchronized update, which terminals that do not know it
//! pass over.

use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use crate::screen::theme::push_colour;

/// From this size on, in bytes, a frame is shown all at once.
const LARGE: usize = 1024;

/// The largest window that is drawn, in columns and rows: more is a mistake of the terminal's or an attack on memory, and
/// what is beyond stays blank. A wall of screens has fewer.
const LARGEST: (u16, u16) = (1000, 400);

/// A terminal's sizes, read again for every frame.
pub(super) type Measure = fn() -> io::Result<(u16, u16)>;

/// The backend of the desk's terminal.
pub(super) struct AnsiBackend<W> {
    out: W,
    measure: Measure,
    /// Whether large frames are synchronized updates.
    synchronized: bool,
    frame: String,
    pen: Option<AnsiPen>,
    /// Where the terminal's cursor is, where that is certain.
    at: Option<Position>,
    /// Where it should be seen; `None` for hidden.
    wanted: Option<Position>,
    shown: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct AnsiPen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: AnsiPen = AnsiPen {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

impl<W: Write> AnsiBackend<W> {
    /// A backend that writes here; `synchronized` where the terminal knows synchronized updates.
    pub fn new(out: W, measure: Measure, synchronized: bool) -> Self {
        AnsiBackend {
            out,
            measure,
            synchronized,
            frame: String::with_capacity(16 * 1024),
            pen: None,
            at: None,
            wanted: None,
            shown: false,
        }
    }

    /// Trusts nothing about the terminal any more: it may have been written to from elsewhere.
    pub fn forget(&mut self) {
        self.pen = None;
        self.at = None;
        // Hidden at the next frame, whatever it was.
        self.frame.push_str("\x1b[?25l");
        self.shown = false;
    }

    fn move_to(&mut self, x: u16, y: u16) {
        if self.at == Some(Position { x, y }) {
            return;
        }
        let (column, row) = (x.saturating_add(1), y.saturating_add(1));
        // Writing into a String cannot fail.
        let _ = match (x, y) {
            (0, 0) => write!(self.frame, "\x1b[H"),
            (0, _) => write!(self.frame, "\x1b[{row}H"),
            _ => write!(self.frame, "\x1b[{row};{column}H"),
        };
        self.at = Some(Position { x, y });
    }

    /// Changes what differs; after a lost or removed attribute, a reset comes first.
    fn take_pen(&mut self, cell: &Cell) {
        let mut new = AnsiPen {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        };
        let visible = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        if let Some(pen) = self.pen
            && cell.symbol() == " "
            && !new.modifier.union(pen.modifier).intersects(visible)
        {
            // A space has no foreground: it keeps the pen's.
            new.fg = pen.fg;
            new.modifier = pen.modifier;
        }
        if self.pen == Some(new) {
            return;
        }
        let mut codes = String::with_capacity(40);
        let old = match self.pen {
            Some(old) if new.modifier.contains(old.modifier) => old,
            _ => {
                codes.push('0');
                PLAIN
            }
        };
        for (modifier, code) in [
            (Modifier::BOLD, "1"),
            (Modifier::DIM, "2"),
            (Modifier::ITALIC, "3"),
            (Modifier::UNDERLINED, "4"),
            (Modifier::SLOW_BLINK, "5"),
            (Modifier::REVERSED, "7"),
            (Modifier::HIDDEN, "8"),
            (Modifier::CROSSED_OUT, "9"),
        ] {
            if new.modifier.contains(modifier) && !old.modifier.contains(modifier) {
                separate(&mut codes);
                codes.push_str(code);
            }
        }
        if new.fg != old.fg {
            separate(&mut codes);
            push_colour(&mut codes, new.fg, 30);
        }
        if new.bg != old.bg {
            separate(&mut codes);
            push_colour(&mut codes, new.bg, 40);
        }
        if !codes.is_empty() {
            let _ = write!(self.frame, "\x1b[{codes}m");
        }
        self.pen = Some(new);
    }

    fn print(&mut self, symbol: &str) {
        self.frame.push_str(symbol);
        let mut chars = symbol.chars();
        let wide = match (chars.next(), chars.next()) {
            // What every terminal agrees is one cell.
            (Some(' '..='~' | '\u{2500}'..='\u{259f}'), None) => 1,
            // What every terminal agrees is two.
            (
                Some('\u{3001}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}'),
                None,
            ) => 2,
            _ => {
                self.at = None;
                return;
            }
        };
        self.at = self.at.map(|at| Position {
            x: at.x.saturating_add(wide),
            y: at.y,
        });
    }
}

fn separate(codes: &mut String) {
    if !codes.is_empty() {
        codes.push(';');
    }
}

impl<W: Write> Backend for AnsiBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.move_to(x, y);
            self.take_pen(cell);
            self.print(cell.symbol());
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.wanted = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.wanted = self.wanted.or(Some(Position::ORIGIN));
        Ok(())
    }

    /// What is known of it: the terminal is never asked, for its answer would have to be waited for.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.at.unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.wanted = self.wanted.map(|_| position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.frame.push_str("\x1b[0m\x1b[2J");
        self.pen = Some(PLAIN);
        self.at = None;
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        // The desk draws whole screens: ratatui asks for nothing less.
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = (self.measure)()?;
        Ok(Size {
            width: width.min(LARGEST.0),
            height: height.min(LARGEST.1),
        })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size()?,
            pixels: Size::ZERO,
        })
    }

    /// Writes the frame: once, and not at all where nothing changed.
    fn flush(&mut self) -> io::Result<()> {
        match self.wanted {
            Some(Position { x, y }) => {
                self.move_to(x, y);
                if !self.shown {
                    self.frame.push_str("\x1b[?25h");
                }
            }
            None if self.shown => self.frame.push_str("\x1b[?25l"),
            None => {}
        }
        self.shown = self.wanted.is_some();
        if self.frame.is_empty() {
            return Ok(());
        }
        if self.synchronized && self.frame.len() > LARGE {
            self.frame.insert_str(0, "\x1b[?2026h");
            self.frame.push_str("\x1b[?2026l");
        }
        let written = self
            .out
            .write_all(self.frame.as_bytes())
            .and_then(|()| self.out.flush());
        self.frame.clear();
        written
    }
}

#[cfg(test)]
mod tests;
