//! The row of keys that work here, with the second name of each function key. Where they don't all fit one example
//! stands for all second names, then the keys are named shortly and stand closer, then one key alone has its second name
//! with it; what still does not fit goes, the least important first. Each can be tapped.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Hits;
use crate::screen::cells::{fill, put, width};
use crate::screen::theme::{Role, Theme};

/// A key and what it does.
#[derive(Clone, Debug)]
pub struct Hint<T> {
    key: String,
    second: Option<&'static str>,
    label: String,
    short: String,
    least: String,
    rank: u8,
    hit: T,
}

impl<T> Hint<T> {
    /// A key by its name, with what it does. 0 is the `rank` that is kept longest; a tap on it means `hit`.
    pub fn new(key: impl Into<String>, label: impl Into<String>, rank: u8, hit: T) -> Self {
        let label = label.into();
        Hint {
            key: key.into(),
            second: None,
            short: label.clone(),
            least: label.clone(),
            label,
            rank,
            hit,
        }
    }

    /// With the name of another key that does the same.
    #[must_use]
    pub fn with_second(self, second: Option<&'static str>) -> Self {
        Hint { second, ..self }
    }

    /// With the same words in fewer cells and in the fewest, for where not everything fits.
    #[must_use]
    pub fn shortened(self, short: String, least: String) -> Self {
        Hint {
            short,
            least,
            ..self
        }
    }
}

/// The hints in their order, on one row.
#[derive(Clone, Copy, Debug)]
pub struct Footer<'a, T: Clone> {
    /// In the order in which they are drawn.
    pub hints: &'a [Hint<T>],
}

/// From this rank on a hint is worth less than the others' whole names.
const LUXURY: u8 = 5;

/// From this rank on a hint may stand there without its label.
const BARE: u8 = 3;

/// Which of its words a hint has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Whole,
    Short,
    Least,
}

/// Which second keys stand there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seconds {
    /// Each one, with its key.
    Each,
    /// One of them behind all hints, as an example.
    Example,
    /// The same one with its key.
    First,
    Hidden,
}

/// How the hints are written.
#[derive(Clone, Copy)]
struct Form {
    seconds: Seconds,
    words: Words,
    /// The words stand close to their key.
    is_tight: bool,
    /// What has little weight is named by its key alone.
    is_bare: bool,
    gap: u16,
    /// Hints of this rank and above may be left out.
    may_lose: Option<u8>,
}

/// From the one with everything to the one with the least.
const FORMS: [Form; 12] = {
    let all = Form {
        seconds: Seconds::Each,
        words: Words::Whole,
        is_tight: false,
        is_bare: false,
        gap: 2,
        may_lose: None,
    };
    let example = Form {
        seconds: Seconds::Example,
        ..all
    };
    let whole = Form {
        may_lose: Some(LUXURY),
        ..example
    };
    let short = Form {
        words: Words::Short,
        ..whole
    };
    let close = Form { gap: 1, ..short };
    let tight = Form {
        is_tight: true,
        ..close
    };
    [
        all,
        example,
        whole,
        short,
        close,
        tight,
        first(tight, 1),
        first(tight, 0),
        first(LEAST, 1),
        first(LEAST, 0),
        LEAST,
        Form {
            is_bare: true,
            may_lose: Some(0),
            ..LEAST
        },
    ]
};

/// The same form with one second key, at its key. Without a gap the keys' own blanks part the hints.
const fn first(form: Form, gap: u16) -> Form {
    Form {
        seconds: Seconds::First,
        gap,
        ..form
    }
}

/// The fewest cells in which all that weighs something is named.
const LEAST: Form = Form {
    seconds: Seconds::Hidden,
    words: Words::Least,
    is_tight: true,
    is_bare: false,
    gap: 1,
    may_lose: Some(LUXURY),
};

/// A hint as it is written.
struct Written<'f, T> {
    key: Cow<'f, str>,
    label: Cow<'f, str>,
    is_tight: bool,
    rank: u8,
    hit: &'f T,
    /// What ` Esc ` and ` back` take.
    cells: u16,
}

impl<'f, T> Written<'f, T> {
    fn new(key: Cow<'f, str>, label: Cow<'f, str>, form: Form, rank: u8, hit: &'f T) -> Self {
        let air = u16::from(!label.is_empty() && !form.is_tight);
        let words = width(&key).saturating_add(width(&label));
        Written {
            is_tight: form.is_tight,
            cells: words.saturating_add(air).saturating_add(2),
            key,
            label,
            rank,
            hit,
        }
    }

    /// ` Esc ` and ` back`.
    fn parts(&self) -> [String; 2] {
        let label = if self.label.is_empty() || self.is_tight {
            self.label.to_string()
        } else {
            format!(" {}", self.label)
        };
        [format!(" {} ", self.key), label]
    }
}

/// The hints that fit on a row, in the form in which they do.
#[derive(Debug)]
pub struct FooterRow<T> {
    hints: Vec<([String; 2], T)>,
    gap: u16,
}

impl<T: Clone> FooterRow<T> {
    /// Draws the row on the area's first one.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, hits: &mut Hits<T>) {
        let area = Rect {
            height: area.height.min(1),
            ..area
        }
        .intersection(buf.area);
        fill(area, buf, theme.style(Role::FooterText));
        let mut x = area.x;
        for ([key, label], hit) in &self.hints {
            let start = x;
            for (words, role) in [(key, Role::FooterKey), (label, Role::FooterText)] {
                let used = put(area, x, area.y, words, theme.style(role), buf);
                x = x.saturating_add(used);
            }
            let place = Rect {
                x: start,
                width: x.saturating_sub(start),
                ..area
            };
            hits.push(place, hit.clone());
            x = x.saturating_add(self.gap);
        }
    }
}

impl<T: Clone> Footer<'_, T> {
    /// Draws those that fit on the area's first row.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, hits: &mut Hits<T>) {
        let columns = area.intersection(buf.area).width;
        self.row(columns).draw(area, buf, theme, hits);
    }

    /// Those that fit so many columns, in the fullest form that does.
    pub fn row(&self, columns: u16) -> FooterRow<T> {
        for form in FORMS {
            let written = self.in_form(form, columns);
            if total(&written, form.gap) <= columns {
                let each = written.iter();
                return FooterRow {
                    hints: each.map(|hint| (hint.parts(), hint.hit.clone())).collect(),
                    gap: form.gap,
                };
            }
        }
        FooterRow {
            hints: Vec::new(),
            gap: 0,
        }
    }

    /// What may be left out is taken in by its rank as long as it fits, of one rank the first first.
    fn in_form(&self, form: Form, columns: u16) -> Vec<Written<'_, T>> {
        let first = self.first();
        let shows = |at| match form.seconds {
            Seconds::Each => true,
            Seconds::First => first.is_some_and(|(first, ..)| first == at),
            Seconds::Example | Seconds::Hidden => false,
        };
        let hints = self.hints.iter().enumerate();
        let written = hints.map(|(at, hint)| Self::write(hint, form, shows(at)));
        let mut all: Vec<Written<'_, T>> = written.collect();
        if form.seconds == Seconds::Example {
            all.extend(first.map(|(_, hint, second)| Self::example(hint, second, form)));
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
            let next = used.saturating_add(gap).saturating_add(hint.cells);
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

    fn write(hint: &Hint<T>, form: Form, shows_second: bool) -> Written<'_, T> {
        let second = hint.second.filter(|_| shows_second);
        let label = match form.words {
            _ if form.is_bare && hint.rank >= BARE => "",
            Words::Whole => hint.label.as_str(),
            Words::Short => hint.short.as_str(),
            Words::Least => hint.least.as_str(),
        };
        let key = second.map_or(Cow::Borrowed(hint.key.as_str()), |second| {
            Cow::Owned(format!("{}/{second}", hint.key))
        });
        Written::new(key, Cow::Borrowed(label), form, hint.rank, &hint.hit)
    }

    /// The hint whose second key stands for all of them, with its place: the lowest function key.
    fn first(&self) -> Option<(usize, &Hint<T>, &'static str)> {
        let hints = self.hints.iter().enumerate();
        hints
            .filter_map(|(at, hint)| Some((at, hint, hint.second?)))
            .min_by_key(|(_, hint, _)| (hint.key.len(), &hint.key))
    }

    /// `Alt-1 =F1`, which is never left out alone.
    fn example<'f>(hint: &'f Hint<T>, second: &'static str, form: Form) -> Written<'f, T> {
        let label = Cow::Owned(format!("={}", hint.key));
        Written::new(Cow::Borrowed(second), label, form, 0, &hint.hit)
    }
}

fn total<T>(written: &[Written<'_, T>], gap: u16) -> u16 {
    let add = |sum: u16, hint: &Written<'_, T>| sum.saturating_add(hint.cells.saturating_add(gap));
    written.iter().fold(0, add).saturating_sub(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys that can be tapped at so many columns, in their order, and the row.
    fn drawn(columns: u16) -> (Vec<&'static str>, String) {
        let (theme, _) = Theme::load("monochrome", None);
        let english = || ("English".to_owned(), "EN".to_owned());
        let next = || ("下一步".to_owned(), "下一步".to_owned());
        let same = |words: &str| (words.to_owned(), words.to_owned());
        let hints = [
            ("Enter", None, "到下一步去", next(), 0),
            ("Esc", None, "返回", same("返回"), 1),
            ("F2", Some("Alt-2"), "English", english(), 3),
            ("F1", Some("Alt-1"), "帮助", same("帮助"), 2),
            ("F3", Some("Alt-3"), "配色", same("配色"), 5),
        ]
        .map(|(key, second, label, (short, least), rank)| {
            Hint::new(key, label, rank, key)
                .with_second(second)
                .shortened(short, least)
        });
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
    }

    #[test]
    fn the_least_important_goes_first_and_all_that_is_seen_can_be_tapped() {
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
        assert!(has(59, "Alt-1 =F1") && has(55, "Alt-1 =F1"), "then air");
        assert!(!has(54, "=F1") && has(50, "F1/Alt-1"), "then its place");
        assert!(has(47, "F1/Alt-1") && has(47, "English"), "then gaps");
        assert!(has(46, "F2 EN") && has(45, "F1/Alt-1"), "then the words");
        assert!(has(42, "F1/Alt-1") && has(42, "F2 EN"), "then gaps again");
        assert_eq!(tapped(42), ["Enter", "Esc", "F2", "F1"]);
        assert!(!has(41, "Alt-1") && has(39, "F2 EN"), "then the second key");
        assert!(!has(38, "EN"), "a key alone");
        assert_eq!(tapped(37), ["Enter", "Esc", "F2", "F1"]);
        assert_eq!(tapped(36), ["Enter", "Esc", "F1"]);
        assert_eq!(tapped(30), ["Enter", "Esc", "F2"], "what still fits");
        assert_eq!(tapped(17), ["Enter"]);
        assert!(tapped(12).is_empty());
    }
}
