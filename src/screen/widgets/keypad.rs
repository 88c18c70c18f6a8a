//! Digits to tap, where there is no keyboard: three by four, with delete and OK.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::Hits;
use crate::screen::cells::{fill, put, width};
use crate::screen::layout::centred;
use crate::screen::theme::{Role, Theme};

/// What a key of the keypad means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeypadKey {
    Digit(char),
    Delete,
    Ok,
}

/// The keypad, with the words of its two last keys.
#[derive(Clone, Copy, Debug)]
pub struct Keypad<'a> {
    /// The word on the delete key.
    pub delete: &'a str,
    /// The word on the OK key.
    pub ok: &'a str,
    /// OK is drawn as one that can be used only when it does something.
    pub can_ok: bool,
}

const KEYS: [[KeypadKey; 3]; 4] = {
    use KeypadKey::{Delete, Digit, Ok};
    [
        [Digit('1'), Digit('2'), Digit('3')],
        [Digit('4'), Digit('5'), Digit('6')],
        [Digit('7'), Digit('8'), Digit('9')],
        [Delete, Digit('0'), Ok],
    ]
};
/// A key's cells and the gaps between keys (columns, rows), the largest first. A finger needs about a centimetre. Without
/// a gap the keys of a column look like one: only where nothing else fits.
const SIZES: [(Size, u16, u16); 5] = [
    (Size::new(11, 3), 2, 1),
    (Size::new(9, 3), 1, 1),
    (Size::new(9, 2), 1, 1),
    (Size::new(8, 1), 1, 1),
    (Size::new(8, 1), 1, 0),
];

impl Keypad<'_> {
    /// Cells it covers at the largest of its sizes that fits; 0x0 where none does.
    pub fn size(room: Size) -> Size {
        form(room).map_or(Size::ZERO, |form| whole(&form))
    }

    /// Draws it in the area's middle and gives what it covers.
    pub fn draw<T>(
        &self,
        area: Rect,
        buf: &mut Buffer,
        theme: &Theme,
        hits: &mut Hits<T>,
        hit: impl Fn(KeypadKey) -> T,
    ) -> Rect {
        let area = area.intersection(buf.area);
        let Some(form) = form(area.as_size()) else {
            return Rect::ZERO;
        };
        let (key, gap_columns, gap_rows) = form;
        let place = centred(area, whole(&form));
        for (row, keys) in (0u16..).zip(KEYS) {
            for (column, what) in (0u16..).zip(keys) {
                let step = |n: u16, size: u16, gap: u16| n.saturating_mul(size.saturating_add(gap));
                let cell = Rect {
                    x: place.x.saturating_add(step(column, key.width, gap_columns)),
                    y: place.y.saturating_add(step(row, key.height, gap_rows)),
                    width: key.width,
                    height: key.height,
                }
                .intersection(place);
                if self.draw_key(what, cell, buf, theme) {
                    hits.push(cell, hit(what));
                }
            }
        }
        place
    }

    /// Whether it is a key now.
    fn draw_key(&self, key: KeypadKey, cell: Rect, buf: &mut Buffer, theme: &Theme) -> bool {
        let mut digit_text = [0; 4];
        let (word, role, enabled) = match key {
            KeypadKey::Digit(digit) => (&*digit.encode_utf8(&mut digit_text), Role::Button, true),
            KeypadKey::Delete => (self.delete, Role::Button, true),
            KeypadKey::Ok if self.can_ok => (self.ok, Role::Selected, true),
            KeypadKey::Ok => (self.ok, Role::ButtonOff, false),
        };
        let style = theme.style(role);
        fill(cell, buf, style);
        let middle = cell.y.saturating_add(cell.height / 2);
        // Brackets: a key must be seen as one without colours, and round ones as one that cannot be used now.
        let (left, right) = if enabled { ("[", "]") } else { ("(", ")") };
        let end = cell.right().saturating_sub(1);
        put(cell, cell.x, middle, left, style, buf);
        put(cell, end, middle, right, style, buf);
        let inner = Rect {
            x: cell.x.saturating_add(1),
            width: cell.width.saturating_sub(2),
            ..cell
        };
        let left = inner.width.saturating_sub(width(word)) / 2;
        put(
            inner,
            inner.x.saturating_add(left),
            middle,
            word,
            style,
            buf,
        );
        enabled
    }
}

type KeypadForm = (Size, u16, u16);

fn form(room: Size) -> Option<KeypadForm> {
    SIZES.into_iter().find(|form| {
        let whole = whole(form);
        whole.width <= room.width && whole.height <= room.height
    })
}

fn whole((key, gap_columns, gap_rows): &KeypadForm) -> Size {
    Size::new(
        key.width
            .saturating_mul(3)
            .saturating_add(gap_columns.saturating_mul(2)),
        key.height
            .saturating_mul(4)
            .saturating_add(gap_rows.saturating_mul(3)),
    )
}
