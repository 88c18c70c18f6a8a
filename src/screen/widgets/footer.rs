//! The row of keys that work here. Narrow terminals lose the least important; each can be tapped.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Hits, fill, put, width};
use crate::screen::theme::{Role, Theme};

/// A key and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Hint<'a, T> {
    pub key: &'a str,
    pub label: &'a str,
    /// 0 is kept longest.
    pub rank: u8,
    /// What a tap on it means.
    pub hit: T,
}

/// The hints in their order, on one row.
#[derive(Clone, Copy, Debug)]
pub struct Footer<'a, T: Clone> {
    pub hints: &'a [Hint<'a, T>],
}

const GAP: u16 = 2;

impl<T: Clone> Footer<'_, T> {
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, hits: &mut Hits<T>) {
        let area = Rect {
            height: area.height.min(1),
            ..area
        }
        .intersection(buf.area);
        fill(area, buf, theme.style(Role::FooterText));
        let mut x = area.x;
        for hint in self.kept(area.width) {
            let start = x;
            let key = format!(" {} ", hint.key);
            x = x.saturating_add(put(
                area,
                x,
                area.y,
                &key,
                theme.style(Role::FooterKey),
                buf,
            ));
            let label = format!(" {}", hint.label);
            x = x.saturating_add(put(
                area,
                x,
                area.y,
                &label,
                theme.style(Role::FooterText),
                buf,
            ));
            let place = Rect {
                x: start,
                width: x.saturating_sub(start),
                ..area
            };
            hits.push(place, hint.hit.clone());
            x = x.saturating_add(GAP);
        }
    }

    /// Those that fit, in their order: the highest rank goes first, of one rank the last.
    fn kept(&self, columns: u16) -> Vec<&Hint<'_, T>> {
        let mut kept: Vec<(usize, &Hint<'_, T>)> = self.hints.iter().enumerate().collect();
        let total = |kept: &[(usize, &Hint<'_, T>)]| {
            let cells = kept
                .iter()
                .fold(0u16, |sum, (_, hint)| sum.saturating_add(cells(hint)));
            cells.saturating_sub(GAP)
        };
        while total(&kept) > columns {
            let least = kept
                .iter()
                .enumerate()
                .max_by_key(|(_, (order, hint))| (hint.rank, *order));
            let Some((at, _)) = least else {
                break;
            };
            kept.remove(at);
        }
        kept.into_iter().map(|(_, hint)| hint).collect()
    }
}

/// ` Esc ` and ` back`, and the gap behind.
fn cells<T>(hint: &Hint<'_, T>) -> u16 {
    width(hint.key)
        .saturating_add(width(hint.label))
        .saturating_add(3)
        .saturating_add(GAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_important_goes_first_and_all_that_is_seen_can_be_tapped() {
        let (theme, _) = Theme::load("monochrome", None);
        let hints = [
            ("Enter", "下一步", 0),
            ("Esc", "返回", 1),
            ("F2", "English", 3),
            ("F1", "帮助", 2),
        ]
        .map(|(key, label, rank)| Hint {
            key,
            label,
            rank,
            hit: key,
        });
        let tapped = |columns: u16| {
            let mut buf = Buffer::empty(Rect::new(0, 0, columns, 1));
            let mut hits = Hits::new();
            Footer { hints: &hints }.draw(buf.area, &mut buf, &theme, &mut hits);
            let mut seen: Vec<&str> = (0..columns)
                .filter_map(|x| hits.at(x, 0))
                .copied()
                .collect();
            seen.dedup();
            seen
        };
        assert_eq!(tapped(80), ["Enter", "Esc", "F2", "F1"]);
        assert_eq!(tapped(40), ["Enter", "Esc", "F1"]);
        assert_eq!(tapped(20), ["Enter"]);
        assert!(tapped(5).is_empty());
    }
}
