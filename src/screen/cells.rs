//! Text in the terminal's cells: widths, blanking, and writing one line. Wide characters are never halved. Nothing here
//! knows a widget or a page.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::theme::{Role, Theme};
use crate::visit::is_format;

/// Cells that a text covers. Characters that are never drawn count nothing.
pub fn width(text: &str) -> u16 {
    graphemes(text).fold(0, |sum: u16, (_, cells)| sum.saturating_add(cells))
}

/// Blanks an area with a style. What it has no colour for keeps the one beneath: else the terminal's own would show
/// through, which may be any.
pub fn fill(area: Rect, buf: &mut Buffer, style: Style) {
    let mut ground = Cell::default();
    ground.set_style(style);
    blank(area, buf, |cell| {
        let (fg, bg) = (cell.fg, cell.bg);
        cell.clone_from(&ground);
        cell.fg = style.fg.unwrap_or(fg);
        cell.bg = style.bg.unwrap_or(bg);
    });
}

/// The ground for what lies over the page, whatever was drawn beneath: a code's cells have colours of their own.
pub fn ground(area: Rect, buf: &mut Buffer, theme: &Theme) {
    clear(area, buf);
    buf.set_style(area.intersection(buf.area), theme.style(Role::Screen));
}

/// Blanks an area, and the halves of wide characters that its edges cut.
pub fn clear(area: Rect, buf: &mut Buffer) {
    blank(area, buf, Cell::reset);
}

fn blank(area: Rect, buf: &mut Buffer, each: impl Fn(&mut Cell)) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    for y in area.top()..area.bottom() {
        cut_left(area.left(), y, buf);
        cut_right(area.right(), y, buf);
        let first = buf.index_of(area.left(), y);
        let row = first..first.saturating_add(area.width.into());
        for cell in buf.content.get_mut(row).unwrap_or_default() {
            each(cell);
        }
    }
}

/// A wide character before x that reaches over it becomes a blank: else the terminal would not draw what stands at x.
fn cut_left(x: u16, y: u16, buf: &mut Buffer) {
    let Some(before) = x.checked_sub(1) else {
        return;
    };
    if let Some(cell) = buf.cell_mut((before, y))
        && is_wide(cell)
    {
        cell.set_symbol(" ");
    }
}

/// The second half of a wide character that begins before x takes the first half's style: it stands bare now.
fn cut_right(x: u16, y: u16, buf: &mut Buffer) {
    let Some(last) = x.checked_sub(1).and_then(|last| buf.cell((last, y))) else {
        return;
    };
    let (wide, style) = (is_wide(last), last.style());
    if wide && let Some(cell) = buf.cell_mut((x, y)) {
        cell.set_symbol(" ").set_style(style);
    }
}

fn is_wide(cell: &Cell) -> bool {
    // One byte is never wide, and most cells hold one.
    cell.symbol().len() > 1 && cell.symbol().width() > 1
}

/// Writes one line at a place of the buffer, cut to the area. Wide characters are never halved; control and bidi
/// characters are dropped. Gives the columns used.
pub fn put(area: Rect, x: u16, y: u16, text: &str, style: Style, buf: &mut Buffer) -> u16 {
    let used = put_clipped(area, x, y, text, style, buf);
    #[cfg(test)]
    if used < width(text.trim_end()) {
        faults::note(format!("cut: {text:?} at {x},{y}"));
    }
    used
}

/// The same for text that may be longer than its place: what is typed scrolls, and a row of a list may be shown in full
/// elsewhere.
pub fn put_clipped(area: Rect, x: u16, y: u16, text: &str, style: Style, buf: &mut Buffer) -> u16 {
    let area = area.intersection(buf.area);
    let inside = x >= area.left() && y >= area.top() && y < area.bottom();
    if !inside || x >= area.right() {
        return 0;
    }
    cut_left(x, y, buf);
    let mut at = x;
    for (symbol, cells) in graphemes(text) {
        let next = at.saturating_add(cells);
        if next > area.right() {
            break;
        }
        cut_right(next, y, buf);
        if let Some(cell) = buf.cell_mut((at, y)) {
            #[cfg(test)]
            faults::note_overlap(cell, symbol, text);
            cell.set_symbol(symbol).set_style(style);
        }
        for hidden in at.saturating_add(1)..next {
            if let Some(cell) = buf.cell_mut((hidden, y)) {
                cell.set_symbol(" ").set_style(style);
            }
        }
        at = next;
    }
    at.saturating_sub(x)
}

/// What went wrong while a frame was drawn, for the tests that look at every page.
#[cfg(test)]
pub mod faults {
    use std::cell::RefCell;

    use ratatui::buffer::Cell;

    thread_local! {
        static FAULTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    /// Notes a fault of the frame being drawn.
    pub fn note(fault: String) {
        FAULTS.with_borrow_mut(|faults| faults.push(fault));
    }

    /// Notes a fault where a character is written over another. A title over its frame is none.
    pub fn note_overlap(cell: &Cell, symbol: &str, text: &str) {
        let is_line = |symbol: &str| {
            symbol
                .chars()
                .all(|c| ('\u{2500}'..='\u{257f}').contains(&c))
        };
        let under = cell.symbol();
        if !under.trim().is_empty() && !symbol.trim().is_empty() && !is_line(under) {
            note(format!("overlap: {text:?} over {under:?}"));
        }
    }

    /// The faults since this was last asked on this thread.
    pub fn take() -> Vec<String> {
        FAULTS.take()
    }
}

/// What people take for characters, with the cells each covers. Those that cover none alone, or change how others are
/// drawn, are left out.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, u16)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (grapheme, cells) = match plain(rest) {
            Some((length, cells)) => (rest.get(..length)?, Some(cells)),
            None => (rest.graphemes(true).next()?, None),
        };
        rest = rest.get(grapheme.len()..)?;
        Some((grapheme, cells))
    })
    .filter_map(|(grapheme, cells)| match cells {
        Some(cells) => Some((grapheme, cells)),
        None => safe(grapheme),
    })
}

/// Bytes and cells of a text's first character, where it and the one that follows are such that none joins another:
/// nearly all there is, and found far sooner than by the tables of Unicode.
fn plain(text: &str) -> Option<(usize, u16)> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let cells = plain_cells(first)?;
    let alone = chars.next().is_none_or(|next| plain_cells(next).is_some());
    alone.then_some((first.len_utf8(), cells))
}

fn plain_cells(c: char) -> Option<u16> {
    match c {
        // The second: lines and blocks.
        ' '..='~' | '\u{2500}'..='\u{259f}' => Some(1),
        '、' | '。' | '\u{4e00}'..='\u{9fff}' | '！'..='～' => Some(2),
        _ => None,
    }
}

/// What is drawn of a grapheme, and its cells.
fn safe(grapheme: &str) -> Option<(&str, u16)> {
    let grapheme = if grapheme.chars().any(is_unsafe) {
        // A joiner or mark within: the base alone.
        let base = grapheme.char_indices().find(|(_, c)| !is_unsafe(*c));
        let (start, base) = base?;
        grapheme.get(start..start.saturating_add(base.len_utf8()))?
    } else {
        grapheme
    };
    let cells = u16::try_from(grapheme.width())
        .ok()
        .filter(|cells| *cells > 0)?;
    Some((grapheme, cells.min(2)))
}

/// Whether a character changes how others are drawn, or moves the cursor.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || is_format(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_character_is_never_left_half() {
        let area = Rect::new(0, 0, 8, 1);
        let mut buf = Buffer::empty(area);
        let style = Style::new();
        put(area, 0, 0, "中文中文", style, &mut buf);
        // Over the second half of the first and the first half of the third.
        fill(Rect::new(1, 0, 4, 1), &mut buf, style);
        let symbols: Vec<&str> = (0..8).map(|x| buf[(x, 0)].symbol()).collect();
        assert_eq!(symbols, [" ", " ", " ", " ", " ", " ", "文", " "]);
        put(area, 0, 0, "中文中文", style, &mut buf);
        put(area, 3, 0, "ab", style, &mut buf);
        let symbols: Vec<&str> = (0..8).map(|x| buf[(x, 0)].symbol()).collect();
        assert_eq!(symbols, ["中", " ", " ", "a", "b", " ", "文", " "]);
        assert_eq!(put(Rect::new(0, 0, 3, 1), 0, 0, "中文", style, &mut buf), 2);
    }

    #[test]
    fn what_would_change_the_text_around_it_is_not_drawn() {
        let area = Rect::new(0, 0, 20, 1);
        let mut buf = Buffer::empty(area);
        let used = put(
            area,
            0,
            0,
            "a\u{202e}\u{1b}[31m\u{7}b\u{200b}c",
            Style::new(),
            &mut buf,
        );
        let drawn: String = (0..used).map(|x| buf[(x, 0)].symbol()).collect();
        assert_eq!(drawn, "a[31mbc");
    }

    proptest::proptest! {
        /// The fast path without Unicode's tables splits text as the tables do.
        #[test]
        fn plain_characters_are_graphemes(text in "([ -~]|[─-▟]|[一-龥]|[、。！-～]|\u{301}|\u{200d}|\u{fe0f}|👨|🇨|가|\r|\\PC){0,24}") {
            let told: Vec<_> = graphemes(&text).collect();
            let by_tables: Vec<_> = text.graphemes(true).filter_map(safe).collect();
            proptest::prop_assert_eq!(told, by_tables);
        }
    }
}
