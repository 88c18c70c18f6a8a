//! The row of keys that work here. Where they don't all fit they are named shortly, and what still does not fit goes, the
//! least important first; each can be tapped.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Hits;
use crate::screen::cells::{fill, put, width};
use crate::screen::theme::{Role, Theme};

/// A key and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Hint<'a, T> {
    /// The key's name.
    pub key: &'a str,
    /// What the key does.
    pub label: &'a str,
    /// The same in fewer cells, for where not everything fits.
    pub short: &'a str,
    /// 0 is kept longest.
    pub rank: u8,
    /// What a tap on it means.
    pub hit: T,
}

/// The hints in their order, on one row.
#[derive(Clone, Copy, Debug)]
pub struct Footer<'a, T: Clone> {
    /// In the order in which they are drawn.
    pub hints: &'a [Hint<'a, T>],
}

const GAP: u16 = 2;
/// From this rank on a hint is worth less than the others' whole names.
const LUXURY: u8 = 5;

impl<T: Clone> Footer<'_, T> {
    /// Draws those that fit on the area's first row.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, hits: &mut Hits<T>) {
        let area = Rect {
            height: area.height.min(1),
            ..area
        }
        .intersection(buf.area);
        fill(area, buf, theme.style(Role::FooterText));
        let mut x = area.x;
        for (hint, label) in self.kept(area.width) {
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
            let label = format!(" {label}");
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

    /// Those that fit, in their order and with their labels: the highest rank goes first, of one rank the last. What is
    /// a luxury goes before the others are named shortly.
    fn kept(&self, columns: u16) -> Vec<(&Hint<'_, T>, &str)> {
        let long = self.hints.iter().map(|hint| (hint, hint.label)).collect();
        let kept = within(columns, long, LUXURY);
        if total(&kept) <= columns {
            return kept;
        }
        let short = self.hints.iter().map(|hint| (hint, hint.short)).collect();
        within(columns, short, 0)
    }
}

type Named<'f, T> = (&'f Hint<'f, T>, &'f str);

/// What is left where those of this rank and above may go.
fn within<'f, T>(columns: u16, mut kept: Vec<Named<'f, T>>, rank: u8) -> Vec<Named<'f, T>> {
    while total(&kept) > columns {
        let order = kept.iter().enumerate();
        let least = order
            .filter(|(_, (hint, _))| hint.rank >= rank)
            .max_by_key(|(order, (hint, _))| (hint.rank, *order));
        let Some((at, _)) = least else {
            break;
        };
        kept.remove(at);
    }
    kept
}

fn total<T>(kept: &[Named<'_, T>]) -> u16 {
    let add = |sum: u16, (hint, label): &Named<'_, T>| sum.saturating_add(cells(hint.key, label));
    kept.iter().fold(0, add).saturating_sub(GAP)
}

/// ` Esc ` and ` back`, and the gap behind.
fn cells(key: &str, label: &str) -> u16 {
    width(key)
        .saturating_add(width(label))
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
            ("Enter", "到下一步去", "下一步", 0),
            ("Esc", "返回", "返回", 1),
            ("F2", "English", "English", 3),
            ("F1", "帮助", "帮助", 2),
            ("F3", "配色", "配色", 5),
        ]
        .map(|(key, label, short, rank)| Hint {
            key,
            label,
            short,
            rank,
            hit: key,
        });
        let drawn = |columns: u16| {
            let mut buf = Buffer::empty(Rect::new(0, 0, columns, 1));
            let mut hits = Hits::new();
            Footer { hints: &hints }.draw(buf.area, &mut buf, &theme, &mut hits);
            let mut seen: Vec<&str> = (0..columns)
                .filter_map(|x| hits.at(x, 0))
                .copied()
                .collect();
            seen.dedup();
            let text: String = buf.content().iter().map(|cell| cell.symbol()).collect();
            (seen, text.contains("到"))
        };
        let tapped = |columns: u16| drawn(columns).0;
        assert_eq!(tapped(80), ["Enter", "Esc", "F2", "F1", "F3"]);
        let all = vec!["Enter", "Esc", "F2", "F1"];
        assert_eq!(drawn(55), (all.clone(), true));
        assert_eq!(drawn(54), (all, false), "shortly before one is lost");
        assert_eq!(tapped(40), ["Enter", "Esc", "F1"]);
        assert_eq!(tapped(20), ["Enter"]);
        assert!(tapped(5).is_empty());
    }
}
