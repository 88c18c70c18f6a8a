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

/// What the phone has beside its actions.
const MORE: [(&str, &str, UiKey); 3] = [
    ("B", "phone-bad-days", UiKey::Char('b')),
    ("D", "phone-drill", UiKey::Char('d')),
    ("N", "phone-number", UiKey::Char('n')),
];

/// Blanks before each of them.
const GAP: u16 = 2;

/// What the phone has beside its actions, as it is named in a row of words.
fn more(pen: &PagePen<'_, '_>) -> [(String, UiKey); 3] {
    MORE.map(|(key, label, hit)| (format!("{key} {}", pen.words(label)), hit))
}

/// The columns that are left for words in a row that names it.
pub fn beside_more(pen: &PagePen<'_, '_>, columns: u16) -> u16 {
    let taken = more(pen).iter().fold(0_u16, |sum, (label, _)| {
        sum.saturating_add(width(label)).saturating_add(GAP)
    });
    columns.saturating_sub(taken)
}

/// Draws what the phone has beside its actions at the end of a row.
pub fn draw_more(pen: &mut PagePen<'_, '_>, row: Rect) {
    let style = pen.theme.style(Role::Selected);
    let mut x = row.x.saturating_add(beside_more(pen, row.width));
    for (label, key) in more(pen) {
        x = x.saturating_add(GAP);
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
    let mut hints = hints(pen, phone, asks);
    if more && matches!(asks, PhoneAsks::Actions) {
        let rest = MORE
            .iter()
            .map(|(key, label, hit)| fixed(pen, key, label, 1, *hit));
        hints.extend(rest);
    }
    Footer { hints: &hints }.draw(area, pen.buf, pen.theme, pen.hits);
}

fn hints(pen: &PagePen<'_, '_>, phone: &PracticePhone, asks: &PhoneAsks) -> Vec<Hint<Hit>> {
    match asks {
        PhoneAsks::Actions => {
            let actions = phone.actions.iter().take(9).enumerate();
            let words = ["phone-do-", "phone-short-"];
            let mut hints: Vec<Hint<Hit>> = actions
                .map(|(index, id)| numbered(pen, index, words, id, Hit::Phone(index)))
                .collect();
            hints.push(fixed(pen, "Esc", "phone-let-go", 1, UiKey::Esc));
            hints
        }
        PhoneAsks::Number(_) => vec![
            fixed(pen, "Enter", "phone-number-take", 0, UiKey::Enter),
            fixed(pen, "Esc", "do-back", 0, UiKey::Esc),
        ],
        PhoneAsks::Days => {
            let days = phone.bad_days.iter().enumerate();
            let words = ["bad-day-short-", "bad-day-short-"];
            let mut hints: Vec<Hint<Hit>> = days
                .map(|(index, day)| numbered(pen, index, words, &day.id, Hit::BadDay(index)))
                .collect();
            hints.push(fixed(pen, "Esc", "do-back", 1, UiKey::Esc));
            hints
        }
    }
}

/// A key whose words are always the same.
fn fixed(pen: &PagePen<'_, '_>, key: &str, label: &str, rank: u8, hit: UiKey) -> Hint<Hit> {
    Hint::new(key, pen.words(label), rank, Hit::Key(hit))
}

/// The n-th key, with its whole words and with few.
fn numbered(
    pen: &PagePen<'_, '_>,
    index: usize,
    [long, short]: [&str; 2],
    id: &str,
    hit: Hit,
) -> Hint<Hit> {
    let words = |prefix: &str| pen.text.find(&format!("{prefix}{id}"), &[]);
    let label = words(long).unwrap_or_else(|| id.to_owned());
    let short = words(short).unwrap_or_else(|| label.clone());
    let key = index.saturating_add(1).to_string();
    Hint::new(key, label, 0, hit).shortened(short.clone(), short)
}
