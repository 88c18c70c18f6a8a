//! A message across the screen: practice, the store, what is waited for, trouble; and the countdown.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::wrap;
use crate::screen::cells::{fill, put, width};
use crate::screen::theme::{Role, Theme};

/// What kind of message it is. The word says it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    Practice,
    Info,
    Warning,
    Danger,
}

/// A message over the whole width, led by a word in brackets.
#[derive(Clone, Copy, Debug)]
pub struct Banner<'a> {
    /// Which style it has.
    pub kind: BannerKind,
    /// 注意, 错误 ...: colour alone never shows a state.
    pub word: &'a str,
    /// The message.
    pub text: &'a str,
}

impl Banner<'_> {
    /// Rows it needs at this width.
    pub fn height(&self, width: u16) -> u16 {
        let rows = wrap(&self.words(), width.saturating_sub(2)).len();
        u16::try_from(rows).unwrap_or(u16::MAX)
    }

    /// Draws what fits and gives the rows used.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> u16 {
        let role = match self.kind {
            BannerKind::Practice => Role::Practice,
            BannerKind::Info => Role::Info,
            BannerKind::Warning => Role::Warning,
            BannerKind::Danger => Role::Danger,
        };
        let height = self.height(area.width).min(area.height);
        let place = Rect { height, ..area }.intersection(buf.area);
        let style = theme.style(role);
        fill(place, buf, style);
        let columns = area.width.saturating_sub(2);
        for (row, line) in (place.y..place.bottom()).zip(wrap(&self.words(), columns)) {
            put(place, place.x.saturating_add(1), row, &line, style, buf);
        }
        place.height
    }

    fn words(&self) -> String {
        if self.text.is_empty() {
            format!("[{}]", self.word)
        } else {
            format!("[{}] {}", self.word, self.text)
        }
    }
}

/// A line that says how much time is left, and a bar that shrinks.
#[derive(Clone, Copy, Debug)]
pub struct Countdown<'a> {
    /// The message.
    pub text: &'a str,
    /// What is left.
    pub left: Duration,
    /// What the bar is full at.
    pub of: Duration,
}

impl Countdown<'_> {
    /// Draws it on the area's first row: the words, then a bar of `=` in what is left of the row.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let place = Rect {
            height: area.height.min(1),
            ..area
        }
        .intersection(buf.area);
        let style = theme.style(Role::Countdown);
        fill(place, buf, style);
        put(
            place,
            place.x.saturating_add(1),
            place.y,
            self.text,
            style,
            buf,
        );
        let used = width(self.text).saturating_add(3);
        let room = place.width.saturating_sub(used).saturating_sub(1).min(40);
        if room < 5 {
            return;
        }
        let (left, of) = (self.left.as_millis(), self.of.as_millis().max(1));
        let share = left.min(of).saturating_mul(u128::from(room)).div_ceil(of);
        let bar = "=".repeat(usize::try_from(share).unwrap_or_default());
        put(
            place,
            place.x.saturating_add(used),
            place.y,
            &bar,
            style,
            buf,
        );
    }
}
