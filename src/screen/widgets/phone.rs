//! A student's phone as a picture: what it should show now, with the place to tap marked by a sign and a word, so that
//! it is seen without colours and from a distance.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Modifier, Style};

use super::wrap;
use crate::campus::pack::{Localized, PhoneItem};
use crate::screen::cells::{fill, ground, put, width};
use crate::screen::layout::{Stack, centred};
use crate::screen::theme::{Role, Theme};
use crate::text::Lang;

/// The phone's cells where there is room, and the least at which it is drawn.
const LARGE: Size = Size::new(36, 22);
const USUAL: Size = Size::new(32, 18);

/// What a QR code looks like from afar; a cell is about twice as high as wide.
const PICTURE: [&str; 5] = [
    "#### # ####",
    "#  #  ##  #",
    "#### # ####",
    "  # ##  # #",
    "####  ## ##",
];
const PICTURE_COLUMNS: u16 = 11;
const PICTURE_ROWS: u16 = 5;

/// A page of the pack, drawn as a phone.
#[derive(Clone, Copy)]
pub struct PhonePicture<'a> {
    /// The phone's title bar.
    pub title: &'a Localized,
    /// What the phone shows, from the top.
    pub shows: &'a [PhoneItem],
    /// The language of the words.
    pub lang: Lang,
    /// The visit's number, grouped, where the desk knows it.
    pub mobile: Option<&'a str>,
    /// "tap here", in the language; it stands beside the mark.
    pub tap_word: &'a str,
}

impl PhonePicture<'_> {
    /// Cells it takes of this room.
    pub fn size(room: Size) -> Size {
        let fits = |size: &Size| size.width <= room.width && size.height <= room.height;
        [LARGE, USUAL].into_iter().find(fits).unwrap_or(Size::new(
            room.width.min(USUAL.width),
            room.height.min(USUAL.height),
        ))
    }

    /// Draws it in the area's middle and gives what it covers.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Rect {
        let area = area.intersection(buf.area);
        let place = centred(area, PhonePicture::size(area.as_size()));
        let screen = phone_frame(place, self.title.get(self.lang), buf, theme);
        let content = Rect {
            x: screen.x.saturating_add(1),
            width: screen.width.saturating_sub(2),
            ..screen
        };
        let needed = self.shows.iter().fold(0u16, |sum, item| {
            sum.saturating_add(self.rows(item, content.width))
        });
        let count = u16::try_from(self.shows.len()).unwrap_or(u16::MAX);
        // Air between the items where all of them still fit with it.
        let air = u16::from(needed.saturating_add(count) <= content.height);
        let mut stack = Stack::new(content);
        stack.skip(air);
        for item in self.shows {
            let rows = self.rows(item, content.width);
            self.draw_item(item, stack.take(rows), buf, theme);
            stack.skip(air);
        }
        place
    }

    fn rows(&self, item: &PhoneItem, columns: u16) -> u16 {
        let (text, tap) = (self.text(item), is_tap(item));
        let lines = |columns| {
            u16::try_from(wrap(text, columns).len())
                .unwrap_or(u16::MAX)
                .max(1)
        };
        let body = match item {
            PhoneItem::Text { .. } => lines(columns),
            PhoneItem::Row { .. } | PhoneItem::Button { .. } => lines(columns.saturating_sub(4)),
            PhoneItem::Field { .. } => 2,
            PhoneItem::Picture { .. } => lines(columns).saturating_add(PICTURE_ROWS),
        };
        body.saturating_add(u16::from(tap))
    }

    fn draw_item(&self, item: &PhoneItem, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let screen = theme.style(Role::PhoneScreen);
        let mut stack = Stack::new(area);
        let tap = is_tap(item);
        let body = stack.take(area.height.saturating_sub(u16::from(tap)));
        match item {
            PhoneItem::Text { text } => lines(body, text.get(self.lang), screen, false, buf),
            PhoneItem::Row { text, .. } => {
                self.draw_bar(body, text.get(self.lang), tap, false, screen, buf, theme);
                let end = body.right().saturating_sub(2);
                let style = if tap {
                    theme.style(Role::PhoneTap)
                } else {
                    screen.patch(theme.style(Role::PhoneDim))
                };
                put(body, end, body.y, ">", style, buf);
            }
            PhoneItem::Button { text, .. } => {
                let style = theme.style(Role::PhoneButton);
                self.draw_bar(body, text.get(self.lang), tap, true, style, buf, theme);
            }
            PhoneItem::Field { text, mobile, .. } => {
                let label = screen.patch(theme.style(Role::PhoneDim));
                put(body, body.x, body.y, text.get(self.lang), label, buf);
                let typed = self.mobile.filter(|_| *mobile).unwrap_or_default();
                let line = Rect {
                    y: body.y.saturating_add(1),
                    height: body.height.min(1),
                    ..body
                };
                self.draw_input(line.intersection(body), typed, tap, buf, theme);
            }
            PhoneItem::Picture { text, .. } => {
                self.draw_picture(body, text.get(self.lang), tap, buf, theme)
            }
        }
        if tap {
            self.draw_pointer(stack.rest(), buf, theme);
        }
    }

    /// A row or a button over the whole width.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call a kind of item, all of it plain data"
    )]
    fn draw_bar(
        &self,
        area: Rect,
        text: &str,
        tap: bool,
        middle: bool,
        style: Style,
        buf: &mut Buffer,
        theme: &Theme,
    ) {
        let style = if tap {
            theme.style(Role::PhoneTap)
        } else {
            style
        };
        fill(area, buf, style);
        let inner = Rect {
            x: area.x.saturating_add(2).min(area.right()),
            width: area.width.saturating_sub(4),
            ..area
        };
        lines(inner, text, style, middle, buf);
    }

    fn draw_input(&self, area: Rect, typed: &str, tap: bool, buf: &mut Buffer, theme: &Theme) {
        let style = if tap {
            theme.style(Role::PhoneTap)
        } else {
            theme.style(Role::PhoneScreen)
        };
        fill(area, buf, style);
        put(area, area.x, area.y, "[", style, buf);
        put(
            area,
            area.right().saturating_sub(1),
            area.y,
            "]",
            style,
            buf,
        );
        let inner = Rect {
            width: area.width.saturating_sub(1),
            ..area
        };
        put(inner, inner.x.saturating_add(2), inner.y, typed, style, buf);
    }

    /// A small square that stands for a QR code or a picture, its words beneath.
    fn draw_picture(&self, area: Rect, text: &str, tap: bool, buf: &mut Buffer, theme: &Theme) {
        let screen = theme.style(Role::PhoneScreen);
        let style = if tap {
            theme.style(Role::PhoneTap)
        } else {
            screen
        };
        let dark = style.add_modifier(Modifier::REVERSED);
        // Where the theme has no colours the tapped one is reversed already.
        let dark = if style.add_modifier.contains(Modifier::REVERSED) {
            style.remove_modifier(Modifier::REVERSED)
        } else {
            dark
        };
        let mut stack = Stack::new(area);
        let top = stack.take(PICTURE_ROWS);
        let square = centred(top, Size::new(PICTURE_COLUMNS, PICTURE_ROWS));
        fill(square, buf, style);
        for (row, line) in (square.y..square.bottom()).zip(PICTURE) {
            for (column, byte) in (square.x..square.right()).zip(line.bytes()) {
                if byte == b'#' {
                    fill(Rect::new(column, row, 1, 1), buf, dark);
                }
            }
        }
        lines(stack.rest(), text, screen, true, buf);
    }

    /// The sign beneath what is to be tapped.
    fn draw_pointer(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let text = format!("^^ {} ^^", self.tap_word);
        let left = area.width.saturating_sub(width(&text)) / 2;
        let style = theme.style(Role::PhoneTap);
        put(area, area.x.saturating_add(left), area.y, &text, style, buf);
    }

    fn text<'a>(&'a self, item: &'a PhoneItem) -> &'a str {
        match item {
            PhoneItem::Text { text }
            | PhoneItem::Row { text, .. }
            | PhoneItem::Field { text, .. }
            | PhoneItem::Button { text, .. }
            | PhoneItem::Picture { text, .. } => text.get(self.lang),
        }
    }
}

/// The number on it is a person's.
impl std::fmt::Debug for PhonePicture<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhonePicture")
            .field("title", &self.title)
            .field("shows", &self.shows)
            .field("lang", &self.lang)
            .finish_non_exhaustive()
    }
}

fn is_tap(item: &PhoneItem) -> bool {
    match item {
        PhoneItem::Text { .. } => false,
        PhoneItem::Row { tap, .. }
        | PhoneItem::Field { tap, .. }
        | PhoneItem::Button { tap, .. }
        | PhoneItem::Picture { tap, .. } => *tap,
    }
}

fn lines(area: Rect, text: &str, style: Style, centred: bool, buf: &mut Buffer) {
    for (row, line) in (area.y..area.bottom()).zip(wrap(text, area.width)) {
        let indent = if centred {
            area.width.saturating_sub(width(&line)) / 2
        } else {
            0
        };
        put(area, area.x.saturating_add(indent), row, &line, style, buf);
    }
}

/// The edge and title bar of any phone; gives its screen, blank.
pub fn phone_frame(area: Rect, title: &str, buf: &mut Buffer, theme: &Theme) -> Rect {
    framed(
        area,
        title,
        (Role::PhoneFrame, Role::PhoneTitle),
        buf,
        theme,
    )
}

/// The same for the phone that has the keys.
pub fn held_phone_frame(area: Rect, title: &str, buf: &mut Buffer, theme: &Theme) -> Rect {
    framed(area, title, (Role::Selected, Role::Selected), buf, theme)
}

fn framed(
    area: Rect,
    title: &str,
    (edge, bar_role): (Role, Role),
    buf: &mut Buffer,
    theme: &Theme,
) -> Rect {
    let area = area.intersection(buf.area);
    if area.width < 4 || area.height < 4 {
        return Rect::ZERO;
    }
    ground(area, buf, theme);
    let edge = theme.style(edge);
    super::overlay::frame(area, edge, buf);
    let mut stack = Stack::new(super::overlay::inside(area));
    let style = theme.style(bar_role);
    for line in wrap(title, stack.rest().width) {
        let bar = stack.take(1);
        fill(bar, buf, style);
        let left = bar.width.saturating_sub(width(&line)) / 2;
        put(bar, bar.x.saturating_add(left), bar.y, &line, style, buf);
    }
    let screen = stack.rest();
    fill(screen, buf, theme.style(Role::PhoneScreen));
    screen
}
