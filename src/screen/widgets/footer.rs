//! The row of keys that work here, with the second name of each function key. Where they don't all fit one example
//! stands for all second names, then the keys are named shortly and stand closer; what still does not fit goes, the least
//! important first. Each can be tapped.

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
    /// Another key that does the same.
    pub second: Option<&'a str>,
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

/// From this rank on a hint is worth less than the others' whole names.
const LUXURY: u8 = 5;

/// From this rank on a hint may stand there without its label.
const BARE: u8 = 3;

/// How the hints are written.
#[derive(Clone, Copy)]
struct Form {
    /// Each with its second key.
    has_seconds: bool,
    /// With one example of a second key behind them.
    has_example: bool,
    is_short: bool,
    /// What has little weight is named by its key alone.
    is_bare: bool,
    gap: u16,
    /// Hints of this rank and above may be left out.
    may_lose: Option<u8>,
}

/// From the one with everything to the one with the least.
const FORMS: [Form; 9] = {
    let all = Form {
        has_seconds: true,
        has_example: false,
        is_short: false,
        is_bare: false,
        gap: 2,
        may_lose: None,
    };
    let example = Form {
        has_seconds: false,
        has_example: true,
        ..all
    };
    let short = Form {
        is_short: true,
        ..example
    };
    let close = Form { gap: 1, ..short };
    [
        all,
        example,
        Form {
            may_lose: Some(LUXURY),
            ..example
        },
        Form {
            may_lose: Some(LUXURY),
            ..short
        },
        Form {
            may_lose: Some(LUXURY),
            ..close
        },
        Form {
            has_example: false,
            may_lose: Some(LUXURY),
            ..example
        },
        Form {
            has_example: false,
            may_lose: Some(LUXURY),
            ..short
        },
        Form {
            has_example: false,
            may_lose: Some(LUXURY),
            ..close
        },
        Form {
            has_example: false,
            is_bare: true,
            may_lose: Some(0),
            ..close
        },
    ]
};

/// A hint as it is written.
struct Written<'f, T> {
    key: String,
    label: String,
    rank: u8,
    hit: &'f T,
}

impl<T> Written<'_, T> {
    /// ` Esc ` and ` back`.
    fn cells(&self) -> u16 {
        width(&self.key)
            .saturating_add(2)
            .saturating_add(width(&self.behind_key()))
    }

    fn behind_key(&self) -> String {
        if self.label.is_empty() {
            String::new()
        } else {
            format!(" {}", self.label)
        }
    }
}

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
        let (written, gap) = self.written(area.width);
        for hint in written {
            let start = x;
            let parts = [
                (format!(" {} ", hint.key), Role::FooterKey),
                (hint.behind_key(), Role::FooterText),
            ];
            for (words, role) in parts {
                let used = put(area, x, area.y, &words, theme.style(role), buf);
                x = x.saturating_add(used);
            }
            let place = Rect {
                x: start,
                width: x.saturating_sub(start),
                ..area
            };
            hits.push(place, hint.hit.clone());
            x = x.saturating_add(gap);
        }
    }

    /// The fullest form that fits, and its gap.
    fn written(&self, columns: u16) -> (Vec<Written<'_, T>>, u16) {
        for form in FORMS {
            let written = self.in_form(form, columns);
            if total(&written, form.gap) <= columns {
                return (written, form.gap);
            }
        }
        (Vec::new(), 0)
    }

    /// What may be left out is taken in by its rank as long as it fits, of one rank the first first.
    fn in_form(&self, form: Form, columns: u16) -> Vec<Written<'_, T>> {
        let write = |hint| Self::write(hint, form);
        let mut all: Vec<Written<'_, T>> = self.hints.iter().map(write).collect();
        if form.has_example {
            all.extend(self.example());
        }
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|at| all.get(*at).map(|hint| hint.rank));
        let mut kept: Vec<usize> = Vec::new();
        let mut used: u16 = 0;
        for at in order {
            let Some(hint) = all.get(at) else {
                continue;
            };
            let gap = if kept.is_empty() { 0 } else { form.gap };
            let next = used.saturating_add(gap).saturating_add(hint.cells());
            let may_go = form.may_lose.is_some_and(|rank| hint.rank >= rank);
            if next <= columns || !may_go {
                kept.push(at);
                used = next;
            } else if kept.is_empty() {
                // Without the most important one the others lead astray.
                break;
            }
        }
        let mut at = 0_usize..;
        all.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
        all
    }

    fn write<'f>(hint: &'f Hint<'_, T>, form: Form) -> Written<'f, T> {
        let second = hint.second.filter(|_| form.has_seconds);
        let label = if form.is_bare && hint.rank >= BARE {
            ""
        } else if form.is_short {
            hint.short
        } else {
            hint.label
        };
        Written {
            key: second.map_or_else(
                || hint.key.to_owned(),
                |second| format!("{}/{second}", hint.key),
            ),
            label: label.to_owned(),
            rank: hint.rank,
            hit: &hint.hit,
        }
    }

    /// `Alt-1 =F1`: one second key, for all of them. It is never left out alone.
    fn example(&self) -> Option<Written<'_, T>> {
        let seconds = self.hints.iter().filter(|hint| hint.second.is_some());
        let hint = seconds.min_by_key(|hint| (hint.key.len(), hint.key))?;
        Some(Written {
            key: hint.second?.to_owned(),
            label: format!("={}", hint.key),
            rank: 0,
            hit: &hint.hit,
        })
    }
}

fn total<T>(written: &[Written<'_, T>], gap: u16) -> u16 {
    let add =
        |sum: u16, hint: &Written<'_, T>| sum.saturating_add(hint.cells().saturating_add(gap));
    written.iter().fold(0, add).saturating_sub(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_important_goes_first_and_all_that_is_seen_can_be_tapped() {
        let (theme, _) = Theme::load("monochrome", None);
        let hints = [
            ("Enter", None, "到下一步去", "下一步", 0),
            ("Esc", None, "返回", "返回", 1),
            ("F2", Some("Alt-2"), "English", "English", 3),
            ("F1", Some("Alt-1"), "帮助", "帮助", 2),
            ("F3", Some("Alt-3"), "配色", "配色", 5),
        ]
        .map(|(key, second, label, short, rank)| Hint {
            key,
            second,
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
            (seen, text)
        };
        let tapped = |columns: u16| drawn(columns).0;
        let has = |columns: u16, words: &str| drawn(columns).1.contains(words);
        let all = ["Enter", "Esc", "F2", "F1", "F3"];
        assert_eq!(tapped(84), all);
        assert!(has(84, "F1/Alt-1") && has(84, "F3/Alt-3"));
        assert_eq!(
            tapped(83),
            [&all[..], &["F1"]].concat(),
            "one example for all"
        );
        assert!(has(79, "Alt-1  =F1") && has(79, "到"));
        assert!(!has(78, "F3") && has(78, "到"), "a luxury goes first");
        assert!(
            has(67, "Alt-1  =F1") && !has(67, "到"),
            "then the long names"
        );
        assert!(has(60, "Alt-1  =F1"), "then the gaps");
        assert!(!has(59, "Alt-1") && has(59, "到"), "then the example");
        assert!(!has(54, "到"));
        assert_eq!(tapped(48), ["Enter", "Esc", "F2", "F1"]);
        assert!(has(48, "English") && !has(47, "English"), "a key alone");
        assert_eq!(tapped(40), ["Enter", "Esc", "F2", "F1"]);
        assert_eq!(tapped(39), ["Enter", "Esc", "F1"]);
        assert_eq!(tapped(30), ["Enter", "Esc", "F2"], "what still fits");
        assert_eq!(tapped(18), ["Enter"]);
        assert!(tapped(5).is_empty());
    }
}
