//! What this visit is about: its steps with the present one marked, how many are left, and why it is this route. Drawn
//! beside the phone's pages where there is room, and in the help. Nothing is decided here.

use ratatui::layout::Rect;

use super::PagePen;
use crate::screen::cells::{put, width};
use crate::screen::layout::{Stack, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::StepMark;
use crate::screen::{DeskState, UiView};
use crate::visit::{Place, StepKind, Visit, route};

/// From this many columns of a page the card stands beside it: 110 of the terminal's.
const BESIDE_COLUMNS: u16 = 108;
const CARD_COLUMNS: u16 = 26;
const GAP: u16 = 3;

/// The steps of the visit's route, in words.
pub fn steps(pen: &PagePen<'_, '_>, visit: &Visit, place: &Place) -> Vec<(String, StepMark)> {
    let bound = matches!(
        place,
        Place::Bound | Place::NotedByWord | Place::AlreadyBound
    );
    let mut now_seen = false;
    let Some(pack) = pen.view.pack else {
        return Vec::new();
    };
    route::progress(visit, &pack.rules, pen.view.reach)
        .into_iter()
        .map(|(step, done)| {
            let mark = if done || bound {
                StepMark::Done
            } else if now_seen {
                StepMark::Coming
            } else {
                now_seen = true;
                StepMark::Now
            };
            // There was no sign-in, and the volunteer knows.
            let name = match step {
                StepKind::Identity if done && visit.vouched => "step-vouched",
                step => step_name(step),
            };
            (pen.words(name), mark)
        })
        .collect()
}

/// What a step is called.
pub fn step_name(step: StepKind) -> &'static str {
    match step {
        StepKind::Notice => "step-notice",
        StepKind::Identity => "step-identity",
        StepKind::Number => "step-number",
        StepKind::Follow => "step-follow",
        StepKind::Verify => "step-verify",
        StepKind::Cache => "step-cache",
        StepKind::CacheCheck => "step-cache-check",
        StepKind::SignOut => "step-sign-out",
        StepKind::Unbind => "step-unbind",
        StepKind::Hold => "step-hold",
        StepKind::GetApp => "step-get-app",
        StepKind::AppSignIn => "step-app-sign-in",
        StepKind::Activate => "step-activate",
        StepKind::Portal => "step-portal",
        StepKind::Wait => "step-wait",
    }
}

/// Whether there is a route to show.
pub fn is_shown(view: &UiView<'_>) -> bool {
    matches!(view.desk, DeskState::Visit { .. })
}

/// The card's lines, not yet wrapped; none where no visit is in hand.
pub fn lines(pen: &PagePen<'_, '_>) -> Vec<(String, Role)> {
    let DeskState::Visit { visit, place } = &pen.view.desk else {
        return Vec::new();
    };
    let steps = steps(pen, visit, place);
    let mut lines: Vec<(String, Role)> = (1_usize..)
        .zip(&steps)
        .map(|(number, (name, mark))| match mark {
            StepMark::Done => (format!("✓ {number}. {name}"), Role::StepDone),
            StepMark::Now => (format!("> {number}. {name} <"), Role::StepNow),
            StepMark::Coming => (format!("  {number}. {name}"), Role::StepComing),
        })
        .collect();
    let left = steps
        .iter()
        .filter(|(_, mark)| *mark != StepMark::Done)
        .count();
    lines.push((String::new(), Role::Text));
    lines.push((
        pen.words_with("route-left", &[("n", left.into())]),
        Role::Accent,
    ));
    let Some(pack) = pen.view.pack else {
        return lines;
    };
    match route::route(visit, &pack.rules) {
        Some(route) => {
            if let Some(reason) = pack.reasons.get(&route.id) {
                lines.push((reason.get(pen.view.lang).to_owned(), Role::Dim));
            }
        }
        None if left > 0 => lines.push((pen.words("route-open"), Role::Dim)),
        None => {}
    }
    lines
}

/// How many steps are left and why it is this route, in a line: for pages that the card does not stand beside. None
/// before the answers have decided it.
pub fn brief(pen: &PagePen<'_, '_>) -> Option<String> {
    let DeskState::Visit { visit, place } = &pen.view.desk else {
        return None;
    };
    let pack = pen.view.pack?;
    let reason = pack.reasons.get(&route::route(visit, &pack.rules)?.id)?;
    let steps = steps(pen, visit, place);
    let left = steps
        .iter()
        .filter(|(_, mark)| *mark != StepMark::Done)
        .count();
    let reason = reason.get(pen.view.lang);
    let values = [("n", left.into()), ("reason", reason.into())];
    Some(pen.words_with("route-brief", &values))
}

/// Whether a page of this width has the card beside it.
pub fn is_beside(columns: u16) -> bool {
    columns >= BESIDE_COLUMNS
}

/// The columns that the card leaves of a page of this width.
pub fn columns_beside(columns: u16) -> u16 {
    columns.saturating_sub(CARD_COLUMNS).saturating_sub(GAP)
}

/// Draws the card at the right of a page that has the room, and gives what is left of it.
pub fn beside(pen: &mut PagePen<'_, '_>, area: Rect) -> Rect {
    if !is_beside(area.width) || !is_shown(pen.view) {
        return area;
    }
    let (page, card) = halves(area, columns_beside(area.width), GAP);
    let mut stack = Stack::new(card);
    stack.skip(1);
    pen.tell(&mut stack, "route-title", Role::Title);
    stack.skip(1);
    for (words, role) in lines(pen) {
        if words.is_empty() {
            stack.skip(1)
        } else {
            line(pen, &mut stack, &words, role)
        }
    }
    page
}

/// A line that keeps the blanks at its beginning where it fits.
fn line(pen: &mut PagePen<'_, '_>, stack: &mut Stack, words: &str, role: Role) {
    if width(words) > stack.rest().width {
        return pen.say(stack, words, role);
    }
    let row = stack.take(1);
    put(row, row.x, row.y, words, pen.theme.style(role), pen.buf);
}
