//! A page's title: large from a window of 100x30 on, where what stands below it leaves the room, and always in plain words
//! too: for copying, for screen readers and for a smaller window.

use ratatui::layout::{Rect, Size};

use super::PagePen;
use crate::screen::layout::{Stack, column};
use crate::screen::theme::Role;
use crate::screen::widgets::LargeText;

/// The window from which on a title is large.
const WINDOW: Size = Size::new(100, 30);

/// The titles that can be large, each with the few words that stand for it where it is too long itself. The others are
/// plain: those of volunteers' pages and of the pages whose number is large.
pub const LARGE: [(&str, &str); 29] = [
    ("starting-title", "large-starting"),
    ("welcome-title", "large-welcome"),
    ("notice-title", "step-notice"),
    ("notice-title-desk", "step-notice"),
    ("identity-title", "step-identity"),
    ("grant-title", "step-identity"),
    ("number-title", "step-number"),
    ("step-follow", "step-follow"),
    ("verify-title", "step-verify"),
    ("coach-title", "large-phone"),
    ("unbind-title", "step-unbind"),
    ("unbind-confirm-title", "step-unbind"),
    ("already-title", "large-bound"),
    ("bound-title", "large-bound"),
    ("noted-title", "large-noted"),
    ("noted-already-title", "large-noted"),
    ("stuck-title", "large-stuck"),
    ("closed-title", "closed-title"),
    ("offered-title", "large-offered"),
    ("ask-wechat-number-title", "large-ask-wechat-number"),
    ("ask-wechat-number-title-phone", "large-ask-wechat-number"),
    ("ask-wechat-number-title-before", "large-ask-wechat-number"),
    ("ask-standing-title", "large-ask-standing"),
    ("ask-old-binding-title", "large-ask-old-binding"),
    ("ask-staff-bound-title", "large-ask-staff-bound"),
    ("ask-onward-title", "large-ask-onward"),
    ("ask-cache-cleared-title", "large-ask-cache-cleared"),
    ("ask-sign-in-again-title", "large-ask-sign-in-again"),
    ("ask-phone-title", "large-ask-phone"),
];

/// A title, ready to be drawn.
pub struct PageTitle {
    words: String,
    role: Role,
    large: Option<LargeText>,
    is_centred: bool,
}

impl PageTitle {
    /// The title of this key, large where it fits so many columns and rows.
    pub fn new(pen: &PagePen<'_, '_>, key: &str, role: Role, room: Size) -> Self {
        let words = pen.words(key);
        PageTitle::worded(pen, key, words, role, room)
    }

    /// The same for words that were put together.
    pub fn worded(pen: &PagePen<'_, '_>, key: &str, words: String, role: Role, room: Size) -> Self {
        PageTitle {
            large: large(pen, key, &words, room),
            words,
            role,
            is_centred: false,
        }
    }

    /// The same with other plain words.
    #[must_use]
    pub fn saying(self, words: String) -> Self {
        PageTitle { words, ..self }
    }

    /// The same in the middle.
    #[must_use]
    pub fn centred(self) -> Self {
        PageTitle {
            is_centred: true,
            ..self
        }
    }

    /// Whether it is large.
    pub fn is_large(&self) -> bool {
        self.large.is_some()
    }

    /// The rows that it takes beside those of its plain words.
    pub fn large_rows(&self) -> u16 {
        let rows = |large: &LargeText| large.size().height.saturating_add(1);
        self.large.as_ref().map_or(0, rows)
    }

    /// Draws it at the top of what is left. A large one may reach beyond the columns of the stack, up to `right`.
    pub fn draw(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, right: u16) {
        if let Some(large) = &self.large {
            let size = large.size();
            let row = stack.take(size.height);
            let room = right.saturating_sub(row.x);
            let middle = row.width.saturating_sub(size.width) / 2;
            let left = if self.is_centred { middle } else { 0 };
            let place = Rect {
                x: row.x.saturating_add(left),
                width: room.saturating_sub(left),
                ..row
            };
            // A role of its own may be reversed, which the blanks between the points are not.
            large.draw(place, pen.theme.style(Role::Title), pen.buf);
            stack.skip(1);
        }
        if self.is_centred {
            pen.say_centred(stack, &self.words, self.role);
        } else {
            pen.say(stack, &self.words, self.role);
        }
    }
}

/// The words of a large title: what stands for it, and it itself. `None` where the window or the title is not one for it.
fn large_words(pen: &PagePen<'_, '_>, key: &str, words: &str) -> Option<[String; 2]> {
    let window = pen.window;
    if window.width < WINDOW.width || window.height < WINDOW.height {
        return None;
    }
    let (_, short) = LARGE.iter().find(|(title, _)| *title == key)?;
    Some([pen.words(short), words.to_owned()])
}

/// The cells of the smallest large title of this key; `None` where it is never large in this window.
pub fn least_large(pen: &PagePen<'_, '_>, key: &str, words: &str) -> Option<Size> {
    large_words(pen, key, words)?
        .iter()
        .filter_map(|words| LargeText::zoomed(words, 1))
        .map(|large| large.size())
        .min_by_key(|size| size.width)
}

/// The title or what stands for it, whichever is larger in this room.
fn large(pen: &PagePen<'_, '_>, key: &str, words: &str, room: Size) -> Option<LargeText> {
    let large = large_words(pen, key, words)?;
    // A third of the window is the title's at the most, and a blank row stands below it.
    let rows = room.height.saturating_sub(1).min(pen.window.height / 3);
    let room = Size::new(room.width, rows);
    large
        .iter()
        .filter_map(|words| LargeText::within(words, room))
        .max_by_key(LargeText::zoom)
}

/// Begins a page in a column in the middle, from the upper third on, with its title. `usual` is how many rows it takes with
/// a plain one: where the title is large, so many are left for the rest. Gives what is left, and whether it is large.
pub fn begin(
    pen: &mut PagePen<'_, '_>,
    area: Rect,
    (columns, usual): (u16, u16),
    key: &str,
    role: Role,
) -> (Stack, bool) {
    let place = column(area, columns);
    let right = area.right();
    let room = Size::new(
        right.saturating_sub(place.x),
        area.height.saturating_sub(usual),
    );
    let title = PageTitle::new(pen, key, role, room);
    let rows = usual.saturating_add(title.large_rows());
    let mut stack = Stack::new(place);
    stack.skip(area.height.saturating_sub(rows) / 3);
    title.draw(pen, &mut stack, right);
    (stack, title.is_large())
}

/// Draws a title at the top of what is left, large where so many rows are then left below it.
pub fn draw(pen: &mut PagePen<'_, '_>, stack: &mut Stack, key: &str, role: Role, below: u16) {
    let rest = stack.rest();
    let rows = rest.height.saturating_sub(below.saturating_add(1));
    let title = PageTitle::new(pen, key, role, Size::new(rest.width, rows));
    title.draw(pen, stack, rest.right());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Lang, Text};

    /// Every title that can be large has the pictures of all of its characters, and so has what stands for it.
    #[test]
    fn every_title_that_can_be_large_has_its_pictures() {
        for lang in [Lang::Zh, Lang::En] {
            let text = Text::new(lang);
            for (title, short) in LARGE {
                for key in [short, title] {
                    let words = text.get(key);
                    assert!(LargeText::zoomed(&words, 1).is_some(), "{key}: {words}");
                }
                let words = text.get(short);
                let size = LargeText::zoomed(&words, 1).unwrap().size();
                assert!(size.width <= 80, "{short} is not short: {words}");
            }
        }
    }

    /// The font has what is drawn from it and no more: titles, the call, and what codes and desks are made of.
    #[test]
    fn no_picture_is_of_a_character_that_is_not_drawn() {
        let titles = LARGE.iter().flat_map(|(title, short)| [*title, *short]);
        let keys: Vec<&str> = titles.chain(["large-call"]).collect();
        let texts = [Lang::Zh, Lang::En].map(Text::new);
        let words = texts
            .iter()
            .flat_map(|text| keys.iter().map(|key| text.get(key)));
        let words: String = words.collect();
        let file = include_str!("../widgets/large_text.hex").lines();
        let codes = file.filter_map(|line| line.split_once(':'));
        for (code, _) in codes.filter(|(code, _)| !code.starts_with('#')) {
            let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
            let c = c.unwrap();
            let is_of_codes = c.is_ascii_alphanumeric() || c == '-';
            assert!(is_of_codes || words.contains(c), "{c}");
        }
    }
}
