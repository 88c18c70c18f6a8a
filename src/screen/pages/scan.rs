//! A code to scan with the words beside it: Welcome, the follow and the coached pages. The code is made once for its
//! place and kept by the page that shows it, so that a key does not pay for it again.

use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget;

use super::PagePen;
use crate::campus::pack::QrText;
use crate::screen::layout::{QrAndWords, Stack, qr_and_words};
use crate::screen::theme::{QrPalette, Role};
use crate::text::Lang;

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
    place: QrAndWords,
}

impl QrPanel {
    /// Draws the code, or its short address where it cannot be drawn whole; what is left is for the words.
    pub fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect, qr: &QrText) -> Rect {
        match self.draw_whole(pen, area, &qr.text) {
            (true, words) => words,
            (false, words) => draw_short(pen, words, qr.short.as_deref()),
        }
    }

    /// Draws the code where it can be drawn whole, and says whether it was; what is left is for the words.
    pub fn draw_whole(
        &mut self,
        pen: &mut PagePen<'_, '_>,
        area: Rect,
        text: &str,
    ) -> (bool, Rect) {
        let (lang, palette) = (pen.view.lang, pen.theme.qr());
        let fits = |made: &DrawnQr| {
            made.text == text && (made.area, made.lang, made.palette) == (area, lang, palette)
        };
        let made = self.made.take().filter(fits).unwrap_or_else(|| DrawnQr {
            text: text.to_owned(),
            area,
            lang,
            palette,
            place: qr_and_words(area, text, palette, room_for_words(lang)),
        });
        let place = &self.made.insert(made).place;
        if let Some(art) = &place.art {
            art.render(place.qr, pen.buf);
        }
        (place.art.is_some(), place.words)
    }
}

/// The least room the words need beside or below the QR; the code gets the rest.
fn room_for_words(lang: Lang) -> Size {
    Size::new(lang.column(), 15)
}

/// The short address; the words go under it.
fn draw_short(pen: &mut PagePen<'_, '_>, area: Rect, short: Option<&str>) -> Rect {
    let mut stack = Stack::new(area);
    match short {
        Some(short) => {
            pen.tell(&mut stack, "welcome-short", Role::Text);
            pen.say(&mut stack, short, Role::Accent);
        }
        None => pen.tell(&mut stack, "welcome-qr-too-large", Role::Warning),
    }
    let mut below = Stack::new(area);
    below.skip(3);
    below.rest()
}
