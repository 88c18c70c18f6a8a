//! The volunteer's tickets: the list of those that are not solved, one with its script, notes of calls; and a ticket for a
//! visit that waits. A person is masked in the list.

use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::note::TicketNoteForm;
use super::reading::ScrollState;
use super::script::{moment, state_name};
use super::ticket::{TicketFormPage, draw_ticket};
use super::{Hit, PageInput, PagePen, PageResult, Tip, UiPage, digit_index, moved, tip};
use crate::screen::cells::put;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{DeskCommand, UiAction, UiKey, UiView, Volunteer};
use crate::visit::{StudentNumber, TicketRow, TicketState, VisitId};

/// The volunteer's list of the tickets that are not solved, and the one that was chosen.
#[derive(Default)]
pub struct TicketsPage {
    selected: usize,
    chosen: Option<VisitId>,
    note: Option<TicketNoteForm>,
    reading: ScrollState,
    /// A ticket is being written for a visit that waits.
    form: Option<(VisitId, TicketFormPage)>,
}

impl TicketsPage {
    /// Begins with writing a ticket for a visit that waits, which need not be taken up for it.
    pub fn opening(visit: VisitId) -> Self {
        TicketsPage {
            form: Some((visit, TicketFormPage::default())),
            ..TicketsPage::default()
        }
    }
}

/// As whom a waiting visit is known.
fn waits_as(view: &UiView<'_>, visit: VisitId) -> Option<StudentNumber> {
    match view.volunteer {
        Volunteer::Open { waiting, .. } => {
            let found = waiting.iter().find(|one| one.visit == visit)?;
            found.student.clone()
        }
        _ => None,
    }
}

fn tickets<'v>(view: &UiView<'v>) -> &'v [TicketRow] {
    match view.volunteer {
        Volunteer::Open { tickets, .. } => tickets,
        _ => &[],
    }
}

const CHOICES: [(&str, Option<TicketState>); 3] = [
    ("ticket-note", None),
    ("ticket-hand-over", Some(TicketState::HandedOver)),
    ("ticket-solve", Some(TicketState::Solved)),
];

impl TicketsPage {
    fn chosen<'v>(&self, view: &UiView<'v>) -> Option<&'v TicketRow> {
        let chosen = self.chosen?;
        tickets(view).iter().find(|row| row.visit == chosen)
    }

    fn draw_list(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let rows = tickets(pen.view);
        if rows.is_empty() {
            return pen.tell(stack, "ticket-none", Role::Dim);
        }
        let room = usize::from(stack.rest().height).max(1);
        let first = self.selected.saturating_add(1).saturating_sub(room);
        for (index, row) in rows.iter().enumerate().skip(first).take(room) {
            let student = row.student_number().map(|n| n.masked());
            let line = format!(
                "{} {}  {}  {}",
                if index == self.selected { ">" } else { " " },
                row.ticket.number,
                pen.words(state_name(row.ticket.state)),
                student.unwrap_or_else(|| pen.words("panel-unknown")),
            );
            let area = stack.take(1);
            let role = if index == self.selected {
                Role::Selected
            } else {
                Role::Text
            };
            let style = pen.theme.style(role);
            put(area, area.x, area.y, &line, style, pen.buf);
            pen.hits.push(area, Hit::Pick(index));
        }
    }

    fn handle_list(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        let rows = tickets(view);
        let chosen = match input {
            PageInput::Key(UiKey::Esc | UiKey::Volunteer) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(UiKey::Enter) => Some(self.selected),
            PageInput::Pick(index) => Some(index),
            PageInput::Key(key) => {
                self.selected = moved(key, self.selected, rows.len()).unwrap_or(self.selected);
                None
            }
            PageInput::Paste(_) | PageInput::Focus(_) => None,
        };
        if let Some(row) = chosen.and_then(|at| rows.get(at)) {
            self.chosen = Some(row.visit);
            self.reading = ScrollState::default();
            return PageResult::desk(DeskCommand::ShowTicket { visit: row.visit });
        }
        PageResult::EDITED
    }

    fn handle_note(&mut self, input: PageInput<'_>, visit: VisitId) -> PageResult {
        match (input, &mut self.note) {
            (PageInput::Key(UiKey::Esc), _) => self.note = None,
            (PageInput::Key(UiKey::Enter), Some(note)) => {
                if let Some(command) = note.finish() {
                    self.note = None;
                    return PageResult::desk(DeskCommand::ForVisit { visit, command });
                }
            }
            (input, Some(note)) => note.handle(input),
            (_, None) => {}
        }
        PageResult::EDITED
    }

    /// A ticket for a visit that waits. What was opened is then shown, for the volunteer to read out.
    fn handle_form(&mut self, input: PageInput<'_>, visit: VisitId) -> PageResult {
        match (input, &mut self.form) {
            (PageInput::Key(UiKey::Esc | UiKey::Volunteer), _) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            (PageInput::Key(UiKey::Enter), Some((_, form))) => {
                let reason = form.reason();
                (self.form, self.chosen) = (None, Some(visit));
                return PageResult::desk(DeskCommand::OpenTicket { visit, reason });
            }
            (input, Some((_, form))) => form.write(input),
            (_, None) => {}
        }
        PageResult::EDITED
    }

    fn draw_one(&mut self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, row: &TicketRow) {
        let seen = match pen.view.volunteer {
            Volunteer::Open { seen, .. } => seen,
            _ => None,
        };
        if seen != Some(row.visit) {
            let words = row.ticket.number.to_string();
            pen.say(stack, &words, Role::Title);
            return pen.tell(stack, "ticket-noting", Role::Info);
        }
        let words = CHOICES.map(|(label, _)| pen.words(label));
        let foot = stack.bottom(3);
        pen.choices(&mut Stack::new(foot), &words, None, false);
        stack.bottom(1);
        let mut lines = vec![(pen.words(state_name(row.ticket.state)), Role::Accent)];
        if let Some(pickup) = &row.pickup {
            let words = pen.words_with("ticket-after", &[("pickup", pickup.as_str().into())]);
            lines.push((words, Role::Text));
        }
        if row.ticket.is_full() {
            lines.push((pen.words("ticket-full"), Role::Warning));
        }
        lines.extend(row.ticket.notes.iter().rev().map(|note| {
            let at = moment(note.called_at.unwrap_or(note.at), &TimeZone::system());
            let words = format!("{at} {}: {}", note.by.as_str(), note.answer.as_str());
            (words, Role::Dim)
        }));
        draw_ticket(pen, stack, row, lines, &mut self.reading);
    }
}

impl UiPage for TicketsPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("panel-tickets");
        let inside = Overlay::large(&title, area).draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        if let Some((visit, form)) = &self.form {
            let is_known = waits_as(pen.view, *visit).is_some();
            return form.draw_inside(pen, stack, is_known);
        }
        match (self.chosen(pen.view), &self.note) {
            (None, _) => self.draw_list(pen, &mut stack),
            (Some(row), Some(note)) => {
                let words = row.ticket.number.to_string();
                pen.say(&mut stack, &words, Role::Title);
                note.draw(pen, &mut stack);
            }
            (Some(row), None) => self.draw_one(pen, &mut stack, row),
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        if let Some(visit) = self.form.as_ref().map(|(visit, _)| *visit) {
            return self.handle_form(input, visit);
        }
        if matches!(input, PageInput::Key(UiKey::Volunteer)) {
            return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
        }
        let Some(row) = self.chosen(view) else {
            (self.chosen, self.note) = (None, None);
            return self.handle_list(input, view);
        };
        if self.note.is_some() {
            return self.handle_note(input, row.visit);
        }
        let index = match input {
            PageInput::Key(UiKey::Esc) => {
                self.chosen = None;
                None
            }
            PageInput::Key(key) if self.reading.key(key) => None,
            PageInput::Key(key) => digit_index(key),
            PageInput::Pick(index) => Some(index),
            PageInput::Paste(_) | PageInput::Focus(_) => None,
        };
        if let Some((_, state)) = index.and_then(|index| CHOICES.get(index)) {
            self.note = Some(TicketNoteForm::new(view, *state));
        }
        PageResult::EDITED
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![tip("Esc", "do-back", 0, UiKey::Esc)];
        let reads = self.note.is_none() && self.form.is_none() && self.chosen(view).is_some();
        let chooses = self.form.is_none() && self.chosen(view).is_none();
        if !(reads || chooses && tickets(view).is_empty()) {
            tips.insert(0, tip("Enter", "do-next", 0, UiKey::Enter));
        }
        tips.extend(self.reading.tip().filter(|_| reads));
        tips
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}
