use std::cell::RefCell;
use std::rc::Rc;

use ratatui::Terminal;
use ratatui::style::{Style, Stylize};
use ratatui::text::Line;

use super::*;

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
