//! Where one stands: steps done, the present one, those to come. Marked by signs, not by colour alone.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::screen::cells::{put, width};
use crate::screen::theme::{Role, Theme};

/// What a step is to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepMark {
    Done,
    Now,
    Coming,
}

/// Above this many steps their names take more of a row than they are worth where something else must give way.
const MOST_NAMES: usize = 6;

/// How the steps are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepNames {
    /// Each step keeps the room of the present one's marks.
    Airy,
    /// Only the present one has its marks.
    Close,
    /// The present one alone, with its place among all.
    One,
}

/// The steps in one row.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a, S: AsRef<str>> {
    /// The names, each with its mark.
    pub steps: &'a [(S, StepMark)],
    /// "2 more steps", at the right, where there is room.
    pub remaining: &'a str,
}

impl<S: AsRef<str>> Progress<'_, S> {
    /// Whether nothing else should give way to the names of so many steps.
    pub fn is_long(steps: &[(S, StepMark)]) -> bool {
        steps.len() > MOST_NAMES
    }

    /// `> 3/9 name <`, or `✓ 9/9` where all is done; `None` without steps.
    pub fn compact(steps: &[(S, StepMark)]) -> Option<(String, StepMark)> {
        let all = steps.len();
        let now = steps.iter().position(|(_, mark)| *mark == StepMark::Now);
        match now.and_then(|at| steps.get(at).map(|(name, _)| (at, name.as_ref()))) {
            Some((at, name)) => Some((
                format!("> {}/{all} {name} <", at.saturating_add(1)),
                StepMark::Now,
            )),
            None if all == 0 => None,
            None => Some((format!("✓ {all}/{all}"), StepMark::Done)),
        }
    }

    /// What the steps take, named so: the same whichever is the present one, so that none moves.
    pub fn columns(steps: &[(S, StepMark)], names: StepNames) -> u16 {
        let all = |beside: u16| {
            let each = |(name, _): &(S, StepMark)| width(name.as_ref()).saturating_add(beside);
            steps.iter().map(each).fold(0, u16::saturating_add)
        };
        match names {
            StepNames::Airy => all(7),
            StepNames::Close => all(5).saturating_add(2),
            StepNames::One => Self::compact(steps)
                .map_or(0, |(text, _)| width(&text))
                .saturating_add(1),
        }
    }

    /// Draws it on the area's first row. Where not all names fit, the present step keeps its own and shows its place among
    /// all: a number alone says nothing.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = Rect {
            height: area.height.min(1),
            ..area
        };
        let fits = |names: &StepNames| Self::columns(self.steps, *names) <= area.width;
        let names = [StepNames::Airy, StepNames::Close].into_iter().find(fits);
        let Some(names) = names else {
            if let Some((text, mark)) = Self::compact(self.steps) {
                let wide = width(&text).saturating_add(1).min(area.width);
                let x = area.right().saturating_sub(wide);
                put(area, x, area.y, &text, theme.style(role(mark)), buf);
            }
            return;
        };
        let mut x = area.x;
        for (index, (name, mark)) in self.steps.iter().enumerate() {
            let text = words_of(index, name.as_ref(), *mark, names == StepNames::Airy);
            x = x
                .saturating_add(put(area, x, area.y, &text, theme.style(role(*mark)), buf))
                .saturating_add(1);
        }
        let left = area.right().saturating_sub(width(self.remaining));
        if left > x {
            put(
                area,
                left,
                area.y,
                self.remaining,
                theme.style(Role::Dim),
                buf,
            );
        }
    }
}

fn role(mark: StepMark) -> Role {
    match mark {
        StepMark::Done => Role::StepDone,
        StepMark::Now => Role::StepNow,
        StepMark::Coming => Role::StepComing,
    }
}

/// `✓ 1.身份` done, `> 2.手机号 <` present, `  3.关注` coming. The check mark is narrow everywhere (UAX 11: neutral).
fn words_of(index: usize, name: &str, mark: StepMark, is_airy: bool) -> String {
    let number = index.saturating_add(1);
    match mark {
        StepMark::Done if !is_airy => format!("✓ {number}.{name}"),
        StepMark::Coming if !is_airy => format!("  {number}.{name}"),
        StepMark::Now => format!("> {number}.{name} <"),
        StepMark::Done => format!("✓ {number}.{name} "),
        StepMark::Coming => format!("  {number}.{name} "),
    }
}
