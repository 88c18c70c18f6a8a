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
        u16::try_from(self.lines(width).len()).unwrap_or(u16::MAX)
    }

    fn lines(&self, width: u16) -> Vec<String> {
        even_lines(&self.words(), width.saturating_sub(2))
    }

    /// Draws what fits and gives the rows used.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> u16 {
        let role = match self.kind {
            BannerKind::Practice => Role::Practice,
            BannerKind::Info => Role::Info,
            BannerKind::Warning => Role::Warning,
            BannerKind::Danger => Role::Danger,
        };
        let lines = self.lines(area.width);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let height = rows.min(area.height);
        let place = Rect { height, ..area }.intersection(buf.area);
        let style = theme.style(role);
        fill(place, buf, style);
        for (row, line) in (place.y..place.bottom()).zip(&lines) {
            put(place, place.x.saturating_add(1), row, line, style, buf);
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

/// The lines of a message. Where the last one would be a word or two alone, they are as even as they can be in as many rows.
fn even_lines(words: &str, columns: u16) -> Vec<String> {
    let lines = wrap(words, columns);
    let is_lone = |last: &String| width(last) < columns / 3;
    if lines.len() < 2 || !lines.last().is_some_and(is_lone) {
        return lines;
    }
    let (mut least, mut most) = (1, columns);
    while least < most {
        let middle = least.saturating_add(most.saturating_sub(least) / 2);
        if wrap(words, middle).len() > lines.len() {
            least = middle.saturating_add(1);
        } else {
            most = middle;
        }
    }
    wrap(words, most)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_broken_between_words_and_leaves_none_alone() {
        let words = "[PRACTICE] Drill 2/5, next: No network: check papers; restore it | no network";
        assert_eq!(wrap(words, 70).last().map(String::as_str), Some("network"));
        for columns in 40..78 {
            let lines = even_lines(words, columns);
            assert_eq!(lines.len(), wrap(words, columns).len(), "{columns}");
            assert_eq!(lines.join(" "), words, "{columns}");
            let last = lines.last().unwrap();
            assert!(last.contains(' '), "{columns}: {last}");
            assert!(lines.iter().all(|line| width(line) <= columns));
        }
        assert_eq!(even_lines("[x] one row", 78), ["[x] one row"]);
        assert!(even_lines("", 78).is_empty());
    }
}
