//! What the checks before the doors open have found, in the volunteer's panel: one row a check, and below the rows what
//! to do about the one that is chosen.

use ratatui::layout::{Rect, Size};
use unicode_width::UnicodeWidthStr;

use super::{Hit, PageInput, PagePen, PageResult, moved};
use crate::screen::cells::put_clipped;
use crate::screen::checkup::{Checkup, CheckupFinding, CheckupVerdict};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{DeskCommand, UiAction, UiKey};

/// Rows kept for what to do, in lines.
const REMEDY: u16 = 4;
/// The widest that the column of names grows, in cells.
const NAMES: usize = 28;

/// Which row is chosen; the first that is not as it should be, until somebody chooses.
#[derive(Default)]
pub struct CheckupList {
    chosen: Option<usize>,
}

impl CheckupList {
    fn selected(&self, checkup: &Checkup) -> usize {
        let worst = checkup.verdict();
        let first = checkup.findings.iter().position(|f| f.verdict == worst);
        self.chosen.or(first).unwrap_or_default()
    }

    /// Draws the rows, and the chosen finding in full below them.
    pub fn draw(&self, pen: &mut PagePen<'_, '_>, area: Rect, checkup: &Checkup) {
        let title = pen.words("doctor-title");
        let size = Size::new(
            area.width.saturating_sub(4).min(110),
            area.height.saturating_sub(2).min(30),
        );
        let inside = Overlay {
            title: &title,
            size,
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let (words, role) = state(checkup);
        let words = pen.words_with(words, &[("n", checkup.findings.len().into())]);
        pen.say(&mut stack, &words, role);
        stack.skip(1);
        let selected = self.selected(checkup);
        let below = stack.bottom(REMEDY);
        let room = usize::from(stack.rest().height).max(1);
        let first = selected.saturating_add(1).saturating_sub(room);
        let names = checkup.findings.iter();
        let names = names.map(|finding| finding.name(pen.text).width());
        let wide = names.max().unwrap_or_default().min(NAMES);
        let rows = checkup.findings.iter().enumerate();
        for (index, finding) in rows.skip(first).take(room) {
            let row = stack.take(1);
            let line = line(pen, finding, wide, index == selected);
            let style = pen.theme.style(match finding.verdict {
                _ if index == selected => Role::Selected,
                CheckupVerdict::Pass => Role::Text,
                CheckupVerdict::Warn => Role::Warning,
                CheckupVerdict::Fail => Role::Danger,
            });
            // The chosen one is told whole below.
            put_clipped(row, row.x, row.y, &line, style, pen.buf);
            pen.hits.push(row, Hit::Pick(index));
        }
        if let Some(finding) = checkup.findings.get(selected) {
            draw_chosen(pen, below, finding);
        }
    }

    /// What an input means here.
    pub fn handle(&mut self, input: PageInput<'_>, checkup: &Checkup) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc) => {
                self.chosen = None;
                return PageResult::desk(DeskCommand::StopExamining);
            }
            PageInput::Key(UiKey::Volunteer) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(UiKey::Enter | UiKey::Char('r' | 'R')) if checkup.is_done => {
                self.chosen = None;
                return PageResult::desk(DeskCommand::Examine { message: false });
            }
            PageInput::Key(UiKey::Char('s' | 'S')) if checkup.is_done && checkup.may_send => {
                self.chosen = None;
                return PageResult::desk(DeskCommand::Examine { message: true });
            }
            PageInput::Key(key) => {
                let selected = self.selected(checkup);
                if let Some(moved) = moved(key, selected, checkup.findings.len()) {
                    self.chosen = Some(moved);
                }
            }
            PageInput::Pick(index) => self.chosen = Some(index),
            PageInput::Paste(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }
}

/// What is said above the rows. It changes when the state does.
fn state(checkup: &Checkup) -> (&'static str, Role) {
    match checkup.verdict() {
        _ if !checkup.is_done => ("doctor-running", Role::Info),
        CheckupVerdict::Pass => ("doctor-passed", Role::Success),
        CheckupVerdict::Warn => ("doctor-warned", Role::Warning),
        CheckupVerdict::Fail => ("doctor-failed", Role::Danger),
    }
}

/// `> [pass] clock  what was found`.
fn line(pen: &PagePen<'_, '_>, finding: &CheckupFinding, wide: usize, selected: bool) -> String {
    let mark = if selected { ">" } else { " " };
    let word = pen.words(finding.verdict.word());
    let name = finding.name(pen.text);
    let pad = " ".repeat(wide.saturating_sub(name.width()));
    let told = finding.told(pen.text);
    format!("{mark} [{word}] {name}{pad}  {told}")
}

/// The chosen finding whole, with what to do: its row may be too short for it.
fn draw_chosen(pen: &mut PagePen<'_, '_>, area: Rect, finding: &CheckupFinding) {
    let mut stack = Stack::new(area);
    let words = match finding.remedy(pen.text) {
        Some(remedy) => format!("{}\n{remedy}", finding.told(pen.text)),
        None => finding.told(pen.text),
    };
    stack.skip(1);
    for line in words.lines() {
        pen.say(&mut stack, line, Role::Dim);
    }
}
