//! What the checks before the doors open have found, in the volunteer's panel: one row a check, and below the rows what
//! to do about the one that is chosen.

use ratatui::layout::{Rect, Size};

use super::columns::{TableColumns, seen_rows};
use super::{Hit, PageInput, PagePen, PageResult, moved};
use crate::screen::checkup::{Checkup, CheckupFinding, CheckupVerdict};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{DeskCommand, UiAction, UiKey};

/// Rows kept for what to do, in lines.
const REMEDY: u16 = 4;

/// What names a finding: the check and what it is about.
type FindingName = (&'static str, Option<&'static str>);

/// Which row is chosen; the first, which is the worst, until another is chosen.
#[derive(Default)]
pub struct CheckupList {
    chosen: Option<FindingName>,
}

fn name_of(finding: &CheckupFinding) -> FindingName {
    (finding.check, finding.subject)
}

impl CheckupList {
    fn selected(&self, findings: &[&CheckupFinding]) -> usize {
        let chosen = self.chosen;
        let mut names = findings.iter().map(|finding| name_of(finding));
        let place = chosen.and_then(|chosen| names.position(|name| name == chosen));
        place.unwrap_or_default()
    }

    /// Draws the rows, the worst first, and the chosen finding in full below them.
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
        let findings = checkup.worst_first();
        let selected = self.selected(&findings);
        let below = stack.bottom(REMEDY);
        let rows: Vec<[String; 3]> = findings.iter().map(|one| cells(pen, one)).collect();
        let columns = TableColumns::of([const { String::new() }; 3], &rows);
        let more = stack.bottom(u16::from(rows.len() > usize::from(stack.rest().height)));
        let seen = seen_rows(selected, usize::from(stack.rest().height), rows.len());
        if more.height > 0 {
            let hidden = rows.len().saturating_sub(seen.len());
            let words = pen.words_with("doctor-more", &[("n", hidden.into())]);
            pen.say(&mut Stack::new(more), &words, Role::Accent);
        }
        let shown = rows.iter().zip(&findings).enumerate();
        for (index, (row, finding)) in shown.skip(seen.start).take(seen.len()) {
            let roles = match finding.verdict {
                _ if index == selected => (Role::Selected, Role::Selected),
                CheckupVerdict::Pass => (Role::Success, Role::Text),
                CheckupVerdict::Warn => (Role::Warning, Role::Warning),
                CheckupVerdict::Fail => (Role::Danger, Role::Danger),
            };
            // The chosen row is shown in full below.
            let place = columns.draw_row_after(pen, &mut stack, row, roles);
            pen.hits.push(place, Hit::Pick(index));
        }
        if let Some(finding) = findings.get(selected) {
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
            PageInput::Key(UiKey::Char('r' | 'R')) if checkup.is_done => {
                self.chosen = None;
                return PageResult::desk(DeskCommand::Examine { message: false });
            }
            PageInput::Key(UiKey::Char('s' | 'S')) if checkup.is_done && checkup.may_send => {
                self.chosen = None;
                return PageResult::desk(DeskCommand::Examine { message: true });
            }
            PageInput::Key(key) => {
                let findings = checkup.worst_first();
                let at = moved(key, self.selected(&findings), findings.len());
                if let Some(finding) = at.and_then(|at| findings.get(at)) {
                    self.chosen = Some(name_of(finding));
                }
            }
            PageInput::Pick(index) => {
                self.chosen = checkup.worst_first().get(index).map(|one| name_of(one));
            }
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

/// `[pass]  clock  what was found`.
fn cells(pen: &PagePen<'_, '_>, finding: &CheckupFinding) -> [String; 3] {
    let word = pen.words(finding.verdict.word());
    [
        format!("[{word}]"),
        finding.name(pen.text),
        finding.told(pen.text),
    ]
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
