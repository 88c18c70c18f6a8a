//! A code to scan and the words that go with it, as one: Welcome, the follow, the sign-in on the phone and the coached
//! pages. The code is made once for its place and kept by the page that shows it, so that a key does not pay for it again.

use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget;

use super::PagePen;
use super::title::{PageTitle, least_large};
use crate::campus::pack::QrText;
use crate::screen::layout::{QrAndWords, Stack, qr_and_words};
use crate::screen::theme::{QrPalette, Role};
use crate::text::Lang;

/// The columns of the words at the most: longer lines are hard to read, and stand far from the code.
const MOST_COLUMNS: u16 = 64;
/// The columns of the words that a code gives up its larger scale for: whole sentences, no scraps of two or three words.
const WISHED_COLUMNS: u16 = 36;
/// The rows that the words take at the least, so that nothing jumps where a line more is said.
const LEAST_ROWS: u16 = 15;

/// The code as it was drawn last, with what it was made for.
#[derive(Default)]
pub struct QrPanel {
    made: Option<DrawnQr>,
}

struct DrawnQr {
    text: String,
    area: Rect,
    lang: Lang,
    palette: QrPalette,
    rooms: [Size; 3],
    place: QrAndWords,
}

/// The title of the words beside a code.
pub struct QrTitle {
    /// Its key, by which it is found among those that can be large.
    pub key: &'static str,
    /// Its words.
    pub words: String,
}

impl QrTitle {
    /// The title of this key.
    pub fn of(pen: &PagePen<'_, '_>, key: &'static str) -> Self {
        QrTitle {
            key,
            words: pen.words(key),
        }
    }
}

impl QrPanel {
    /// Draws the code, or its short address where it cannot be drawn whole, with the title and what `words` draws.
    pub fn draw(
        &mut self,
        pen: &mut PagePen<'_, '_>,
        area: Rect,
        qr: &QrText,
        title: &QrTitle,
        words: impl Fn(&mut PagePen<'_, '_>, &mut Stack),
    ) {
        self.draw_whole(pen, area, &qr.text, title, |pen, stack, has_qr| {
            if !has_qr {
                draw_short(pen, stack, qr.short.as_deref());
            }
            words(pen, stack);
        });
    }

    /// Draws the code where it can be drawn whole, with the title and what `words` draws, which is told whether it was.
    pub fn draw_whole(
        &mut self,
        pen: &mut PagePen<'_, '_>,
        area: Rect,
        text: &str,
        title: &QrTitle,
        words: impl Fn(&mut PagePen<'_, '_>, &mut Stack, bool),
    ) {
        let (lang, palette) = (pen.view.lang, pen.theme.qr());
        let rooms = rooms_for_words(pen, title);
        let fits = |made: &DrawnQr| {
            let drawn_for = (made.area, made.lang, made.palette, made.rooms);
            made.text == text && drawn_for == (area, lang, palette, rooms)
        };
        let made = self.made.take().filter(fits).unwrap_or_else(|| DrawnQr {
            text: text.to_owned(),
            area,
            lang,
            palette,
            rooms,
            place: qr_and_words(area, text, palette, &rooms, MOST_COLUMNS),
        });
        let place = &self.made.insert(made).place;
        let has_qr = place.art.is_some();
        let columns = place.words.width;
        let room = Size::new(columns, place.words.height);
        let rest = pen.rows_of(room, |pen, stack| words(pen, stack, has_qr));
        // The plain title takes a row, or two where it is long.
        let room = Size::new(columns, room.height.saturating_sub(rest.saturating_add(1)));
        let title = PageTitle::worded(pen, title.key, title.words.clone(), Role::Title, room);
        let room = Size::new(columns, place.words.height);
        let head = pen.rows_of(room, |pen, stack| title.draw(pen, stack, columns));
        let (qr, below) = together(place, head.saturating_add(rest));
        if let Some(art) = &place.art {
            art.render(qr, pen.buf);
        }
        let mut stack = Stack::new(below);
        title.draw(pen, &mut stack, below.right());
        words(pen, &mut stack, has_qr);
    }
}

/// Where the code stands and where so many rows of words begin: beside the code with its middle, beneath it at once, and
/// in the middle of the page.
fn together(place: &QrAndWords, rows: u16) -> (Rect, Rect) {
    let (qr, words) = (place.qr, place.words);
    let rows = rows.max(LEAST_ROWS).min(words.height);
    let last = words.bottom().saturating_sub(rows);
    let is_beneath = !qr.is_empty() && words.y >= qr.bottom();
    let (down, top) = if is_beneath {
        let down = last.saturating_sub(words.y) / 2;
        (down, words.y.saturating_add(down))
    } else {
        let above = qr.height.max(rows).saturating_sub(rows) / 3;
        let top = if qr.is_empty() {
            words.y.saturating_add(last.saturating_sub(words.y) / 3)
        } else {
            qr.y.saturating_add(above)
        };
        (0, top.min(last))
    };
    let qr = Rect {
        y: qr.y.saturating_add(down),
        ..qr
    };
    let words = Rect {
        y: top,
        height: words.bottom().saturating_sub(top),
        ..words
    };
    (qr, words)
}

/// The room for the words beside or below the QR, the best first: with the large title, with lines that read well, and the
/// least. The code gets the rest. It depends on no words below the title: the code does not jump where a line more is said.
fn rooms_for_words(pen: &PagePen<'_, '_>, title: &QrTitle) -> [Size; 3] {
    let columns = pen.view.lang.column();
    let wished = Size::new(columns.max(WISHED_COLUMNS), LEAST_ROWS);
    let large = least_large(pen, title.key, &title.words);
    let with_title = large
        .filter(|large| large.width <= MOST_COLUMNS)
        .map_or(wished, |large| {
            let rows = wished.height.saturating_add(large.height);
            Size::new(wished.width.max(large.width), rows.saturating_add(1))
        });
    [with_title, wished, Size::new(columns, LEAST_ROWS)]
}

/// The short address, and a blank row below it.
fn draw_short(pen: &mut PagePen<'_, '_>, stack: &mut Stack, short: Option<&str>) {
    match short {
        Some(short) => {
            pen.tell(stack, "welcome-short", Role::Text);
            pen.say(stack, short, Role::Accent);
        }
        None => pen.tell(stack, "welcome-qr-too-large", Role::Warning),
    }
    stack.skip(1);
}
