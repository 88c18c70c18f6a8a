//! The volunteer's tickets: the list of those that are not solved, one with its script, notes of calls; and a ticket for a
//! visit that waits. A person is masked in the list.

use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::columns::{TableColumns, seen_rows};
use super::note::TicketNoteForm;
use super::reading::ScrollState;
use super::route_card::step_name;
use super::row_words::{NOTHING, waited};
use super::script::{moment, state_name};
use super::ticket::{SCRIPT_FIRST, TicketFormPage, draw_ticket};
use super::{
    Hit, PageInput, PagePen, PageResult, Tip, UiPage, VolunteerPage, WaitingPage, moved, tip,
};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{KeyedRow, Overlay};
use crate::screen::{DeskCommand, PrinterNow, UiAction, UiKey, UiView, Volunteer};
use crate::visit::{Pickup, TicketRow, TicketState, VisitId};

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
    /// Begins with writing a ticket for a visit that waits, which need not be resumed for it.
    pub fn opening(visit: VisitId) -> Self {
        TicketsPage {
            form: Some((visit, TicketFormPage::about(visit))),
            ..TicketsPage::default()
        }
    }
}

fn tickets<'v>(view: &UiView<'v>) -> &'v [TicketRow] {
    match view.volunteer {
        Volunteer::Open { tickets, .. } => tickets,
        _ => &[],
    }
}

/// What stands in a row of the list.
fn cells(pen: &PagePen<'_, '_>, row: &TicketRow) -> [String; 5] {
    let student = row.student_number().map(|number| number.masked());
    let step = row.ticket.step.map(|step| pen.words(step_name(step)));
    [
        row.ticket.number.to_string(),
        pen.words(state_name(row.ticket.state)),
        student.unwrap_or_else(|| pen.words("panel-unknown")),
        step.unwrap_or_else(|| NOTHING.to_owned()),
        waited(pen, row.ticket.opened),
    ]
}

/// What can be done with a ticket, each with its letter.
const CHOICES: [(char, &str, Option<TicketState>); 3] = [
    ('A', "ticket-note", None),
    ('F', "ticket-hand-over", Some(TicketState::HandedOver)),
    ('S', "ticket-solve", Some(TicketState::Solved)),
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
        let room = usize::from(stack.rest().height.saturating_sub(1));
        let seen = seen_rows(self.selected, room, rows.len());
        let first = seen.start;
        let shown = rows.get(seen).unwrap_or_default();
        let cells: Vec<[String; 5]> = shown.iter().map(|row| cells(pen, row)).collect();
        let heads = [
            "ticket-number",
            "ticket-state",
            "ticket-student",
            "ticket-step",
            "waiting-since",
        ];
        let columns = TableColumns::of(heads.map(|head| pen.words(head)), &cells);
        columns.draw_heads(pen, stack);
        for (index, cells) in (first..).zip(&cells) {
            let role = if index == self.selected {
                Role::Selected
            } else {
                Role::Text
            };
            let place = columns.draw_row(pen, stack, cells, role);
            pen.hits.push(place, Hit::Pick(index));
        }
    }

    fn handle_list(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        let rows = tickets(view);
        let chosen = match input {
            PageInput::Key(UiKey::Esc) => return VolunteerPage::back(),
            PageInput::Key(UiKey::Volunteer) => {
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
    fn handle_form(
        &mut self,
        input: PageInput<'_>,
        visit: VisitId,
        view: &UiView<'_>,
    ) -> PageResult {
        match (input, &mut self.form) {
            (PageInput::Key(UiKey::Esc), _) => {
                return PageResult::Open(Box::new(WaitingPage::default()));
            }
            (PageInput::Key(UiKey::Volunteer), _) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            (PageInput::Key(UiKey::Enter), Some((_, form))) => {
                if let Some((reason, contact)) = form.enter(view) {
                    (self.form, self.chosen) = (None, Some(visit));
                    return PageResult::desk(DeskCommand::OpenTicket {
                        visit,
                        reason,
                        contact,
                    });
                }
            }
            (input, Some((_, form))) => form.write(input, view),
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
        let words = CHOICES.map(|(_, label, _)| pen.words(label));
        let foot = stack.bottom(3);
        let deeds: Vec<KeyedRow<'_, Hit>> = CHOICES
            .iter()
            .zip(&words)
            .map(|((letter, ..), words)| KeyedRow {
                letter: *letter,
                words,
                hit: Hit::Key(UiKey::Char(letter.to_ascii_lowercase())),
            })
            .collect();
        pen.deeds(&mut Stack::new(foot), &deeds, None);
        stack.bottom(1);
        let mut lines = vec![(pen.words(state_name(row.ticket.state)), Role::Accent)];
        if let Some(printer) = pen
            .view
            .printer
            .filter(|one| one.now != PrinterNow::Untried)
        {
            let (key, role) = printer.now.words();
            lines.push((
                format!("{}  {}", pen.words("panel-printer"), pen.words(key)),
                role,
            ));
        }
        // One that was opened under an earlier number waits under another one.
        let other = |pickup: &Pickup| pickup != row.ticket.number.pickup();
        if let Some(pickup) = row.pickup.filter(other) {
            let words = pen.words_with("ticket-waits", &[("pickup", pickup.to_string().into())]);
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
        let reading = &mut self.reading;
        draw_ticket(pen, stack, row, lines, reading, SCRIPT_FIRST);
    }
}

impl UiPage for TicketsPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("tickets-title");
        let inside = Overlay::large(&title, area).draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        if let Some((_, form)) = &self.form {
            return form.draw_inside(pen, stack);
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
            return self.handle_form(input, visit, view);
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
        match input {
            PageInput::Key(UiKey::Esc) => self.chosen = None,
            PageInput::Key(key) if self.reading.key(key) => {}
            PageInput::Key(UiKey::Char('p' | 'P')) if view.printer.is_some() => {
                return PageResult::desk(DeskCommand::PrintTicket { visit: row.visit });
            }
            PageInput::Key(UiKey::Char(typed)) => {
                let mut choices = CHOICES.iter();
                let chosen = choices.find(|(letter, ..)| *letter == typed.to_ascii_uppercase());
                if let Some((_, _, state)) = chosen {
                    self.note = Some(TicketNoteForm::new(view, *state));
                }
            }
            PageInput::Key(_) | PageInput::Pick(_) | PageInput::Paste(_) | PageInput::Focus(_) => {}
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
        if reads && view.printer.is_some() {
            tips.push(tip("P", "slip-print", 1, UiKey::Char('p')));
        }
        tips.extend(self.reading.tip().filter(|_| reads));
        tips
    }

    fn fields(&self, view: &UiView<'_>) -> (usize, usize) {
        match (&self.form, &self.note) {
            (Some((_, form)), _) => form.place(view),
            (None, Some(note)) => note.fields(),
            (None, None) => (0, 1),
        }
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}
