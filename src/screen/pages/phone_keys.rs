//! The row of keys while the practice phone is in hand: its own, and none of the desk's.

use ratatui::layout::Rect;

use super::{Hit, PagePen};
use crate::screen::cells::{put, width};
use crate::screen::theme::Role;
use crate::screen::widgets::{Footer, Hint, NumberField};
use crate::screen::{PracticePhone, UiKey};

/// What the phone asks for now.
#[derive(Default)]
pub enum PhoneAsks {
    /// One of its actions.
    #[default]
    Actions,
    /// The new number of its WeChat, half typed.
    Number(NumberField),
    /// What is to go wrong.
    Days,
}

/// A key of the phone.
struct PhoneKey {
    key: String,
    label: String,
    short: String,
    rank: u8,
    hit: Hit,
}

/// What the phone has beside its actions.
const MORE: [(&str, &str, UiKey); 3] = [
    ("B", "phone-bad-days", UiKey::Char('b')),
    ("D", "phone-drill", UiKey::Char('d')),
    ("N", "phone-number", UiKey::Char('n')),
];

/// Draws what the phone has beside its actions at the end of a row that begins with these words, where there is room.
pub fn draw_more(pen: &mut PagePen<'_, '_>, row: Rect, words: &str) {
    let style = pen.theme.style(Role::Selected);
    let labels = MORE.map(|(key, label, hit)| (format!("{key} {}", pen.words(label)), hit));
    let wide = labels.iter().fold(0_u16, |sum, (label, _)| {
        sum.saturating_add(width(label)).saturating_add(2)
    });
    let used = width(words);
    if used.saturating_add(wide) > row.width {
        return;
    }
    let mut x = row.right().saturating_sub(wide);
    for (label, key) in labels {
        x = x.saturating_add(2);
        let wide = put(row, x, row.y, &label, style, pen.buf);
        let place = Rect {
            x,
            width: wide,
            ..row
        };
        pen.hits.push(place, Hit::Key(key));
        x = x.saturating_add(wide);
    }
}

/// Draws the keys. What acts on the phone is never left out for what does not.
pub fn draw_keys(
    pen: &mut PagePen<'_, '_>,
    area: Rect,
    phone: &PracticePhone,
    asks: &PhoneAsks,
    more: bool,
) {
    let mut keys = keys(pen, phone, asks);
    if more && matches!(asks, PhoneAsks::Actions) {
        let rest = MORE
            .iter()
            .map(|(key, label, hit)| fixed(pen, key, label, 2, *hit));
        keys.extend(rest);
    }
    let hints: Vec<Hint<'_, Hit>> = keys
        .iter()
        .map(|key| Hint {
            key: &key.key,
            second: None,
            label: &key.label,
            short: &key.short,
            rank: key.rank,
            hit: key.hit,
        })
        .collect();
    Footer { hints: &hints }.draw(area, pen.buf, pen.theme, pen.hits);
}

fn keys(pen: &PagePen<'_, '_>, phone: &PracticePhone, asks: &PhoneAsks) -> Vec<PhoneKey> {
    match asks {
        PhoneAsks::Actions => {
            let actions = phone.actions.iter().take(9).enumerate();
            let words = ["phone-do-", "phone-short-"];
            let mut keys: Vec<PhoneKey> = actions
                .map(|(index, id)| numbered(pen, index, words, id, Hit::Phone(index)))
                .collect();
            keys.push(fixed(pen, "Esc", "phone-let-go", 1, UiKey::Esc));
            keys
        }
        PhoneAsks::Number(_) => vec![
            fixed(pen, "Enter", "phone-number-take", 0, UiKey::Enter),
            fixed(pen, "Esc", "do-back", 0, UiKey::Esc),
        ],
        PhoneAsks::Days => {
            let days = phone.bad_days.iter().enumerate();
            let words = ["bad-day-short-", "bad-day-short-"];
            let mut keys: Vec<PhoneKey> = days
                .map(|(index, day)| numbered(pen, index, words, &day.id, Hit::BadDay(index)))
                .collect();
            keys.push(fixed(pen, "Esc", "do-back", 1, UiKey::Esc));
            keys
        }
    }
}

/// A key whose words are always the same.
fn fixed(pen: &PagePen<'_, '_>, key: &str, label: &str, rank: u8, hit: UiKey) -> PhoneKey {
    PhoneKey {
        key: key.to_owned(),
        label: pen.words(label),
        short: pen.words(label),
        rank,
        hit: Hit::Key(hit),
    }
}

/// The n-th key, with its whole words and with few.
fn numbered(
    pen: &PagePen<'_, '_>,
    index: usize,
    [long, short]: [&str; 2],
    id: &str,
    hit: Hit,
) -> PhoneKey {
    let words = |prefix: &str| pen.text.find(&format!("{prefix}{id}"), &[]);
    let label = words(long).unwrap_or_else(|| id.to_owned());
    PhoneKey {
        key: index.saturating_add(1).to_string(),
        short: words(short).unwrap_or_else(|| label.clone()),
        label,
        rank: 0,
        hit,
    }
}
