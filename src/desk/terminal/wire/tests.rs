use std::cell::RefCell;
use std::rc::Rc;

use ratatui::Terminal;
use ratatui::style::{Style, Stylize};
use ratatui::text::Line;

use super::*;
use crate::desk::terminal::halves::WideCells;

#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<Vec<u8>>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    /// Each write since the last time.
    fn take(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

fn terminal() -> (Terminal<AnsiBackend<Written>>, Written) {
    let out = Written::default();
    let wire = AnsiBackend::new(out.clone(), || Ok((40, 10)), true);
    (Terminal::new(wire).unwrap(), out)
}

#[test]
fn what_is_drawn_is_what_the_terminal_shows() {
    let (mut terminal, out) = terminal();
    let mut screen = vt100::Parser::new(10, 40, 0);
    let rgb = Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Rgb(9, 8, 7));
    let frames = [
        vec![
            Line::styled("plain words, 中文（）▄█", rgb),
            Line::from("é e\u{301}x").bold(),
        ],
        vec![
            Line::styled("plain 中words", rgb.bold()),
            Line::from("   ").reversed(),
        ],
        vec![
            Line::from("中文").underlined().red(),
            Line::from("a b").on_light_blue(),
        ],
    ];
    for (turn, lines) in frames.iter().enumerate() {
        if turn == 2 {
            terminal.backend_mut().forget();
        }
        let buffer = terminal
            .draw(|frame| {
                for (row, line) in lines.iter().enumerate() {
                    let area = ratatui::layout::Rect::new(turn as u16, row as u16, 30, 1);
                    frame.render_widget(line, area);
                }
                frame.set_cursor_position((3, 7));
            })
            .unwrap()
            .buffer
            .clone();
        for bytes in out.take() {
            screen.process(&bytes);
        }
        for (place, wanted) in buffer.content.iter().enumerate() {
            let (column, row) = (place % 40, place / 40);
            let cell = screen.screen().cell(row as u16, column as u16).unwrap();
            if cell.is_wide_continuation() {
                continue;
            }
            let shown = match cell.contents() {
                "" => " ",
                shown => shown,
            };
            assert_eq!(shown, wanted.symbol(), "turn {turn}, {column},{row}");
            assert_eq!(
                cell.bold(),
                wanted.modifier.contains(Modifier::BOLD) && shown != " "
                    || cell.bold() && shown == " "
            );
            assert_eq!(cell.inverse(), wanted.modifier.contains(Modifier::REVERSED));
            let background = match wanted.bg {
                Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
                Color::LightBlue => vt100::Color::Idx(12),
                _ => vt100::Color::Default,
            };
            assert_eq!(cell.bgcolor(), background, "turn {turn}, {column},{row}");
        }
        assert_eq!(screen.screen().cursor_position(), (7, 3));
        assert!(!screen.screen().hide_cursor());
    }
}

#[test]
fn a_typed_digit_is_one_small_write_and_nothing_is_none() {
    for (style, limit) in [
        (Style::new().fg(Color::White).bg(Color::Black), 60),
        (
            Style::new()
                .fg(Color::Rgb(200, 201, 202))
                .bg(Color::Rgb(100, 101, 102)),
            100,
        ),
    ] {
        let (mut terminal, out) = terminal();
        let mut draw = |text: &'static str, out: &Written| {
            terminal
                .draw(|frame| {
                    frame.render_widget(Line::styled("title", Style::new().bold()), frame.area());
                    let area = ratatui::layout::Rect::new(20, 9, 15, 1);
                    frame.render_widget(Line::styled(text, style), area);
                    frame.set_cursor_position((20 + text.len() as u16, 9));
                })
                .unwrap();
            out.take()
        };
        draw("138", &out);
        let writes = draw("1380", &out);
        assert_eq!(writes.len(), 1);
        assert!(
            writes[0].len() <= limit / 2,
            "{:?}",
            String::from_utf8_lossy(&writes[0])
        );
        assert_eq!(draw("1380", &out), Vec::<Vec<u8>>::new());
    }
}

#[test]
fn a_large_frame_is_shown_at_once() {
    let (mut terminal, out) = terminal();
    terminal
        .draw(|frame| {
            for row in 0..10 {
                let text = "中a".repeat(13);
                let area = ratatui::layout::Rect::new(0, row, 40, 1);
                frame.render_widget(Line::raw(text).fg(Color::Rgb(1, 1, row as u8)), area);
            }
        })
        .unwrap();
    let writes = out.take();
    assert_eq!(writes.len(), 1);
    assert!(writes[0].starts_with(b"\x1b[?2026h") == (writes[0].len() > LARGE));
}

#[test]
fn cells_between_are_left_alone() {
    let (mut terminal, out) = terminal();
    let mut screen = vt100::Parser::new(10, 40, 0);
    for text in ["abcdefgh", "xbxdxfxh", "xb中xfxh", "xb中xf中"] {
        terminal
            .draw(|frame| frame.render_widget(text, frame.area()))
            .unwrap();
        for bytes in out.take() {
            screen.process(&bytes);
        }
        assert_eq!(screen.screen().contents(), text);
    }
}

/// A terminal that blanks the other half of a wide character, one half of which is overwritten, with its own colours: as
/// tmux does. It knows what the backend writes.
struct Emulator {
    cells: Vec<(String, String)>,
    at: usize,
    pen: String,
}

impl Emulator {
    const COLUMNS: usize = 40;
    /// What stands in the cell behind a wide character.
    const BEHIND: &str = "";

    fn new() -> Self {
        Emulator {
            cells: vec![(" ".to_owned(), String::new()); Self::COLUMNS * 10],
            at: 0,
            pen: String::new(),
        }
    }

    fn blank(&mut self, place: usize) {
        self.cells[place] = (" ".to_owned(), String::new());
    }

    fn write(&mut self, symbol: &str) {
        let wide = unicode_width::UnicodeWidthStr::width(symbol);
        if self.cells[self.at].0 == Self::BEHIND {
            self.blank(self.at - 1);
        }
        let after = self.at + wide;
        if self
            .cells
            .get(after)
            .is_some_and(|cell| cell.0 == Self::BEHIND)
        {
            self.blank(after);
        }
        self.cells[self.at] = (symbol.to_owned(), self.pen.clone());
        for behind in self.at + 1..after {
            self.cells[behind] = (Self::BEHIND.to_owned(), self.pen.clone());
        }
        self.at = after;
    }

    fn process(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let Some(sequence) = rest.strip_prefix("\x1b[") else {
                self.write(&c.to_string());
                rest = &rest[c.len_utf8()..];
                continue;
            };
            let end = sequence.find(|c: char| ('@'..='~').contains(&c)).unwrap();
            let numbers: Vec<usize> = sequence[..end]
                .split(';')
                .filter_map(|number| number.parse().ok())
                .collect();
            match sequence.as_bytes()[end] {
                b'H' => {
                    let row = numbers.first().copied().unwrap_or(1) - 1;
                    let column = numbers.get(1).copied().unwrap_or(1) - 1;
                    self.at = row * Self::COLUMNS + column;
                }
                b'm' => self.pen = sequence[..end].to_owned(),
                _ => {}
            }
            rest = &sequence[end + 1..];
        }
    }
}

/// Frames, one after the other, on a terminal that blanks the halves: cells that are not as they were drawn.
fn holes(frames: &[&str]) -> Vec<String> {
    let (mut terminal, out) = terminal();
    let (mut wide, mut emulator) = (WideCells::default(), Emulator::new());
    let mut holes = Vec::new();
    // One pen alone, so that a cell has it or is a hole.
    let paper = Style::new().fg(Color::Black).bg(Color::White);
    for text in frames {
        let drawn = terminal
            .draw(|frame| {
                let (area, buf) = (frame.area(), frame.buffer_mut());
                buf.set_string(0, 0, text, paper);
                buf.set_style(area, paper);
                wide.mend(buf);
            })
            .unwrap();
        let drawn = drawn.buffer.clone();
        for bytes in out.take() {
            emulator.process(std::str::from_utf8(&bytes).unwrap());
        }
        for column in 0..Emulator::COLUMNS {
            let (shown, pen) = &emulator.cells[column];
            let wanted = drawn[(column as u16, 0)].symbol();
            if shown != Emulator::BEHIND && (shown != wanted || pen.is_empty()) {
                holes.push(format!("{text}: {column} is {shown:?} in {pen:?}"));
            }
        }
    }
    holes
}

#[test]
fn fault_24_a_wide_character_over_half_of_another_leaves_no_hole() {
    let frames = [
        "  不要填自己的。",
        " 不要填自己的。",
        "  不要填自己的。",
        "a不要b自己的。",
        "中文中文",
        " x中 x文",
        "x 中x 文",
        "",
    ];
    assert_eq!(holes(&frames), Vec::<String>::new());
}

proptest::proptest! {
    #[test]
    fn no_frame_after_another_leaves_a_hole(frames in proptest::collection::vec("[ a中]{0,18}", 2..6)) {
        let frames: Vec<&str> = frames.iter().map(String::as_str).collect();
        assert_eq!(holes(&frames), Vec::<String>::new());
    }
}

#[test]
fn a_window_of_absurd_size_is_bounded() {
    for (given, wanted) in [
        ((u16::MAX, u16::MAX), (1000, 400)),
        ((80, u16::MAX), (80, 400)),
        ((200, 60), (200, 60)),
    ] {
        // The measure is a plain function: each case needs its own.
        let measure: Measure = match given {
            (u16::MAX, _) => || Ok((u16::MAX, u16::MAX)),
            (80, _) => || Ok((80, u16::MAX)),
            _ => || Ok((200, 60)),
        };
        let wire = AnsiBackend::new(Written::default(), measure, true);
        let size = wire.size().unwrap();
        assert_eq!((size.width, size.height), wanted);
    }
}
