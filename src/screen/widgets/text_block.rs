//! Wrapped words. Chinese breaks anywhere but before its closing and after its opening punctuation; other scripts break
//! at spaces.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::screen::cells::{graphemes, put, width};

/// What must not begin a line (GB/T 15834, 5.1.10; JIS X 4051).
const NOT_FIRST: &str = "、。，．：；？！）】》〉」』”’％…—·,.:;?!)]}%";
/// What must not end one.
const NOT_LAST: &str = "（【《〈「『“‘([{";
/// Lines beyond this are not laid out: no screen has more.
const MAX_LINES: usize = 2000;

/// A paragraph, or several: a line feed breaks.
#[derive(Clone, Copy, Debug)]
pub struct TextBlock<'a> {
    text: &'a str,
    style: Style,
    centred: bool,
}

impl<'a> TextBlock<'a> {
    /// Words from the left, in a style.
    pub fn new(text: &'a str, style: Style) -> Self {
        TextBlock {
            text,
            style,
            centred: false,
        }
    }

    /// Each line in the middle.
    pub fn centred(self) -> Self {
        TextBlock {
            centred: true,
            ..self
        }
    }

    /// Draws what fits and gives the rows used.
    pub fn draw(&self, area: Rect, buf: &mut Buffer) -> u16 {
        #[cfg(test)]
        if area.width == 0 && !self.text.is_empty() {
            crate::screen::cells::faults::note(format!("cut: {:?} has no room", self.text));
        }
        let mut row = area.y;
        for line in wrap(self.text, area.width) {
            if row >= area.bottom() {
                #[cfg(test)]
                crate::screen::cells::faults::note(format!("cut: {line:?} and on, below {row}"));
                break;
            }
            let indent = if self.centred {
                area.width.saturating_sub(width(&line)) / 2
            } else {
                0
            };
            put(
                area,
                area.x.saturating_add(indent),
                row,
                &line,
                self.style,
                buf,
            );
            row = row.saturating_add(1);
        }
        row.saturating_sub(area.y)
    }
}

/// The lines of a text at this width, in cells. An empty text has none; width 0 has none either.
pub fn wrap(text: &str, width: u16) -> Vec<String> {
    let mut lines = Vec::new();
    if width == 0 || text.is_empty() {
        return lines;
    }
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, width, &mut lines);
        if lines.len() >= MAX_LINES {
            lines.truncate(MAX_LINES);
            break;
        }
    }
    lines
}

/// A stretch that is not broken: a word, or a wide character with the punctuation that clings to it.
struct Piece {
    /// Its bytes in the text of all pieces.
    bytes: Range<usize>,
    cells: u16,
    /// A space stood before it; it is dropped at a line's beginning.
    spaced: bool,
}

fn wrap_paragraph(paragraph: &str, width: u16, lines: &mut Vec<String>) {
    let mut line = String::new();
    let mut used: u16 = 0;
    let (text, pieces) = pieces(paragraph);
    for piece in pieces {
        let text = text.get(piece.bytes).unwrap_or_default();
        let space = u16::from(piece.spaced && used > 0);
        let end = used.saturating_add(space).saturating_add(piece.cells);
        if end <= width {
            if space > 0 {
                line.push(' ');
            }
            line.push_str(text);
            used = end;
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        // A piece longer than a line is broken where the line ends.
        for (grapheme, cells) in graphemes(text) {
            if used.saturating_add(cells) > width && used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if cells <= width {
                line.push_str(grapheme);
                used = used.saturating_add(cells);
            }
        }
    }
    lines.push(line);
}

/// The pieces of a paragraph, and their text without the spaces between them. This is laid out at each key: one text for
/// all pieces, for most are one character.
fn pieces(paragraph: &str) -> (String, Vec<Piece>) {
    let mut text = String::with_capacity(paragraph.len());
    let mut pieces: Vec<Piece> = Vec::with_capacity(paragraph.len() / 3);
    let mut spaced = false;
    // Whether the last piece is still open: for a word, or for what must cling to it.
    let mut glue = Glue::None;
    for (grapheme, cells) in graphemes(paragraph) {
        if grapheme == " " || grapheme == "\u{3000}" {
            spaced = true;
            continue;
        }
        let is_word = cells == 1;
        let joins = !spaced
            && match glue {
                Glue::None => false,
                Glue::Next => true,
                Glue::Word => is_word || is_one_of(grapheme, NOT_FIRST),
                Glue::Wide => is_one_of(grapheme, NOT_FIRST),
            };
        let begins = text.len();
        text.push_str(grapheme);
        match pieces.last_mut().filter(|_| joins) {
            Some(last) => {
                last.bytes.end = text.len();
                last.cells = last.cells.saturating_add(cells);
            }
            None => pieces.push(Piece {
                bytes: begins..text.len(),
                cells,
                spaced,
            }),
        }
        spaced = false;
        glue = match () {
            () if is_one_of(grapheme, NOT_LAST) => Glue::Next,
            () if is_word => Glue::Word,
            () => Glue::Wide,
        };
    }
    (text, pieces)
}

/// Whether it is one of these marks. Ideographs, letters and digits, which most are, are none of them.
fn is_one_of(grapheme: &str, these: &str) -> bool {
    let is_no_mark = |c: char| c.is_ascii_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(&c);
    !grapheme.starts_with(is_no_mark) && these.contains(grapheme)
}

#[derive(Clone, Copy)]
enum Glue {
    None,
    /// Whatever follows clings.
    Next,
    /// Further letters and closing punctuation cling.
    Word,
    /// Only closing punctuation clings.
    Wide,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_breaks_anywhere_but_before_its_punctuation() {
        assert_eq!(
            wrap("打开微信，扫一扫。", 8),
            ["打开微", "信，扫一", "扫。"]
        );
        assert_eq!(
            wrap("点击【在校师生】后", 6),
            ["点击", "【在校", "师生】", "后"]
        );
    }

    #[test]
    fn words_break_at_spaces_and_long_ones_where_they_must() {
        assert_eq!(
            wrap("scan it with WeChat", 8),
            ["scan it", "with", "WeChat"]
        );
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("用 WeChat 扫一扫", 9), ["用 WeChat", "扫一扫"]);
        assert_eq!(wrap("a\n\nb", 9), ["a", "", "b"]);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let text =
            "请用微信扫描（图 1）的 QR code：https://example.edu.cn/a-very-long/path?x=1，谢谢！";
        for columns in 0..60 {
            for line in wrap(text, columns) {
                assert!(width(&line) <= columns, "{columns}: {line}");
            }
        }
    }

    #[test]
    fn what_turns_text_around_is_dropped() {
        assert_eq!(wrap("a\u{202e}b\u{7}c", 9), ["abc"]);
    }
}
