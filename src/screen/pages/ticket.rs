//! Tickets on the screen: why one is opened, its number large with the script of the call, the volunteer's list and notes.
//! A person is masked in the list; the script is whole, for the student who stands there or a volunteer with the PIN.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ratatui::layout::{Rect, Size};

use super::forgotten::number;
use super::pen::ButtonIs;
use super::script::{moment, script, state_name};
use super::{Act, Did, Hit, Page, Pen, Tip, digit_index, moved, tip};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{BigText, Field, LineField, Overlay, wrap};
use crate::screen::{Key, Order, Reaction, TicketAnswer, View, Volunteer};
use crate::visit::{Command, TicketRow, TicketState, VisitId, Words};

/// Words of up to [`Words::MOST`] characters, typed at their end; pasted line feeds and emoji are kept.
#[derive(Default)]
struct Long(String);

impl Long {
    fn key(&mut self, key: Key) {
        match key {
            Key::Char(c) => self.paste(c.encode_utf8(&mut [0; 4])),
            Key::Backspace => {
                self.0.pop();
            }
            Key::ClearField => self.0.clear(),
            _ => {}
        }
    }

    fn paste(&mut self, text: &str) {
        let room = Words::MOST.saturating_sub(self.0.chars().count());
        self.0.extend(text.chars().take(room));
    }

    /// The end of what was typed, where the caret is.
    fn draw(&self, pen: &mut Pen<'_, '_>, stack: &mut Stack, label: &str, rows: u16, focus: bool) {
        let n = self.0.chars().count();
        let label = format!("{} ({n}/{})", pen.words(label), Words::MOST);
        let role = if focus { Role::Accent } else { Role::Text };
        pen.say(stack, &label, role);
        let area = stack.take(rows);
        let role = if focus { Role::FieldFocus } else { Role::Field };
        crate::screen::widgets::fill(area, pen.buf, pen.theme.style(role));
        let lines = wrap(&self.0, area.width.saturating_sub(1));
        let first = lines.len().saturating_sub(usize::from(area.height));
        let shown = lines.get(first..).unwrap_or_default();
        let mut rest = Stack::new(area);
        let mut last = (area.x, area.y);
        for line in shown {
            let row = rest.take(1);
            let style = pen.theme.style(role);
            let used = crate::screen::widgets::put(row, row.x, row.y, line, style, pen.buf);
            last = (row.x.saturating_add(used), row.y);
        }
        if focus && !area.is_empty() {
            pen.caret = Some(last.into());
        }
    }
}

/// Why a ticket is opened: by the student, or by the volunteer for them.
#[derive(Default)]
pub struct TicketForm {
    reason: Long,
}

impl Page for TicketForm {
    fn draw(&mut self, pen: &mut Pen<'_, '_>, area: Rect) {
        let title = pen.words("ticket-title");
        let size = Size::new(70, 17);
        let inside = Overlay {
            title: &title,
            size,
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let foot = stack.bottom(1);
        pen.tell(&mut stack, "ticket-words", Role::Text);
        let known = super::visit(pen.view).is_some_and(|visit| visit.student.is_some());
        if !known {
            pen.tell(&mut stack, "ticket-who", Role::Warning);
        }
        stack.skip(1);
        let rows = stack.rest().height.saturating_sub(2);
        self.reason
            .draw(pen, &mut stack, "ticket-reason", rows, true);
        let mut foot = Stack::new(foot);
        pen.buttons(
            &mut foot,
            &[
                ("Enter", "ticket-open", Key::Enter, ButtonIs::Primary),
                ("Esc", "do-back", Key::Esc, ButtonIs::On),
            ],
        );
    }

    fn act(&mut self, act: Act<'_>, _view: &View<'_>) -> Did {
        match act {
            Act::Key(Key::Esc) => return Did::Close,
            Act::Key(Key::Enter) => {
                let reason = Words::new(&self.reason.0);
                return Did::Last(Reaction::Do(Command::OpenTicket { reason }));
            }
            Act::Key(key) => self.reason.key(key),
            Act::Paste(text) => self.reason.paste(text),
            Act::Pick(_) | Act::Focus(_) => {}
        }
        Did::Edited
    }

    fn tips(&self, _view: &View<'_>) -> Vec<Tip> {
        vec![
            tip("Enter", "ticket-open", 0, Key::Enter),
            tip("Esc", "do-back", 0, Key::Esc),
        ]
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_busy(&self, _view: &View<'_>) -> bool {
        false
    }
}

/// The number large, the hotline, and what to read out: as much of it as there is room for.
pub fn draw_ticket(pen: &mut Pen<'_, '_>, stack: &mut Stack, row: &TicketRow) {
    let large = row.ticket.number.to_string();
    let big = BigText::new(&large, pen.theme.style(Role::Big));
    let place = stack.take(big.size().height);
    big.draw(place, pen.buf);
    stack.skip(1);
    let hotline = number(&pen.view.pack.hotline);
    let words = pen.words_with("ticket-call", &[("number", hotline.into())]);
    pen.say(stack, &words, Role::Title);
    let zone = TimeZone::system();
    for (label, words) in script(pen.text, Some(pen.view.pack), &zone, row) {
        let line = format!("{}: {words}", pen.words(label));
        pen.say(stack, &line, Role::Text);
    }
}

/// The volunteer's list of the tickets that are not solved, and the one that was chosen.
#[derive(Default)]
pub struct Tickets {
    selected: usize,
    chosen: Option<VisitId>,
    note: Option<Note>,
}

/// What is half noted.
struct Note {
    by: LineField,
    when: LineField,
    answer: Long,
    at: usize,
    /// What the ticket becomes; none for a note alone.
    state: Option<TicketState>,
    wrong_time: bool,
}

impl Note {
    fn new(view: &View<'_>, state: Option<TicketState>) -> Self {
        let mut when = LineField::new(16);
        when.paste(&moment(view.now.wall, &TimeZone::system()));
        Note {
            by: LineField::new(40),
            when,
            answer: Long::default(),
            at: 0,
            state,
            wrong_time: false,
        }
    }

    /// When the call was; none where the line was emptied, an error where it says no time.
    fn called_at(&self) -> Result<Option<Timestamp>, ()> {
        let text = self.when.text().trim();
        if text.is_empty() {
            return Ok(None);
        }
        let at = DateTime::strptime("%Y-%m-%d %H:%M", text).map_err(|_| ())?;
        let zoned = at.to_zoned(TimeZone::system()).map_err(|_| ())?;
        Ok(Some(zoned.timestamp()))
    }

    fn draw(&self, pen: &mut Pen<'_, '_>, stack: &mut Stack) {
        for (at, label, field) in [
            (0, "ticket-called-by", &self.by),
            (1, "ticket-called-at", &self.when),
        ] {
            let label = pen.words(label);
            let area = stack.take(Field::HEIGHT);
            pen.hits.push(area, Hit::Focus(at));
            let field = field.field(&label, "", self.at == at);
            if let Some(caret) = field.draw(area, pen.buf, pen.theme) {
                pen.caret = Some(caret);
            }
        }
        if self.wrong_time {
            pen.tell(stack, "ticket-wrong-time", Role::Danger);
        }
        let rows = stack.rest().height.saturating_sub(2);
        pen.hits.push(stack.rest(), Hit::Focus(2));
        self.answer
            .draw(pen, stack, "ticket-answer", rows, self.at == 2);
    }

    fn act(&mut self, act: Act<'_>) {
        match (act, self.at) {
            (Act::Key(Key::Tab | Key::Down), at) => self.at = at.saturating_add(1) % 3,
            (Act::Key(Key::BackTab | Key::Up), at) => self.at = at.saturating_add(2) % 3,
            (Act::Focus(at), _) => self.at = at.min(2),
            (Act::Key(key), 0) => drop(self.by.key(key)),
            (Act::Key(key), 1) => drop(self.when.key(key)),
            (Act::Key(key), _) => self.answer.key(key),
            (Act::Paste(text), 0) => self.by.paste(text),
            (Act::Paste(text), 1) => self.when.paste(text),
            (Act::Paste(text), _) => self.answer.paste(text),
            (Act::Pick(_), _) => {}
        }
    }
}

fn tickets<'v>(view: &View<'v>) -> &'v [TicketRow] {
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

impl Tickets {
    fn chosen<'v>(&self, view: &View<'v>) -> Option<&'v TicketRow> {
        let chosen = self.chosen?;
        tickets(view).iter().find(|row| row.visit == chosen)
    }

    fn draw_list(&self, pen: &mut Pen<'_, '_>, stack: &mut Stack) {
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
            crate::screen::widgets::put(area, area.x, area.y, &line, style, pen.buf);
            pen.hits.push(area, Hit::Pick(index));
        }
    }

    fn act_list(&mut self, act: Act<'_>, view: &View<'_>) -> Did {
        let rows = tickets(view);
        let chosen = match act {
            Act::Key(Key::Esc | Key::Volunteer) => {
                return Did::Last(Reaction::Order(Order::Lock));
            }
            Act::Key(Key::Enter) => Some(self.selected),
            Act::Pick(index) => Some(index),
            Act::Key(key) => {
                self.selected = moved(key, self.selected, rows.len()).unwrap_or(self.selected);
                None
            }
            Act::Paste(_) | Act::Focus(_) => None,
        };
        if let Some(row) = chosen.and_then(|at| rows.get(at)) {
            self.chosen = Some(row.visit);
            return Did::Order(Order::ShowTicket { visit: row.visit });
        }
        Did::Edited
    }

    fn act_note(&mut self, act: Act<'_>, visit: VisitId) -> Did {
        let Some(note) = &mut self.note else {
            return Did::Edited;
        };
        match act {
            Act::Key(Key::Esc) => self.note = None,
            Act::Key(Key::Enter) => match note.called_at() {
                Err(()) => (note.wrong_time, note.at) = (true, 1),
                Ok(called_at) => {
                    let note = TicketAnswer {
                        called_at,
                        by: Words::new(note.by.text()),
                        answer: Words::new(&note.answer.0),
                        state: note.state,
                    };
                    self.note = None;
                    return Did::Order(Order::NoteTicket { visit, note });
                }
            },
            act => note.act(act),
        }
        Did::Edited
    }
}

impl Page for Tickets {
    fn draw(&mut self, pen: &mut Pen<'_, '_>, area: Rect) {
        let title = pen.words("panel-tickets");
        let size = Size::new(
            area.width.saturating_sub(2).min(90),
            area.height.saturating_sub(1).min(30),
        );
        let inside = Overlay {
            title: &title,
            size,
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        match (self.chosen(pen.view), &self.note) {
            (None, _) => self.draw_list(pen, &mut stack),
            (Some(row), Some(note)) => {
                let words = row.ticket.number.to_string();
                pen.say(&mut stack, &words, Role::Title);
                note.draw(pen, &mut stack);
            }
            (Some(row), None) => {
                let foot = stack.bottom(3);
                let notes = row.ticket.notes.iter().rev().take(1);
                let notes: Vec<String> = notes
                    .map(|note| {
                        let at = moment(note.called_at.unwrap_or(note.at), &TimeZone::system());
                        format!("{at} {}: {}", note.by.as_str(), note.answer.as_str())
                    })
                    .collect();
                let state = pen.words(state_name(row.ticket.state));
                pen.say(&mut stack, &state, Role::Accent);
                if row.ticket.is_full() {
                    pen.tell(&mut stack, "ticket-full", Role::Warning);
                }
                for note in notes {
                    let line = Rect {
                        height: stack.rest().height.min(2),
                        ..stack.rest()
                    };
                    stack.take(line.height);
                    pen.say(&mut Stack::new(line), &note, Role::Dim);
                }
                draw_ticket(pen, &mut stack, row);
                let words = CHOICES.map(|(label, _)| pen.words(label));
                pen.choices(&mut Stack::new(foot), &words, None, false);
            }
        }
    }

    fn act(&mut self, act: Act<'_>, view: &View<'_>) -> Did {
        let Some(row) = self.chosen(view) else {
            (self.chosen, self.note) = (None, None);
            return self.act_list(act, view);
        };
        if self.note.is_some() {
            return self.act_note(act, row.visit);
        }
        let index = match act {
            Act::Key(Key::Esc) => {
                self.chosen = None;
                None
            }
            Act::Key(key) => digit_index(key),
            Act::Pick(index) => Some(index),
            Act::Paste(_) | Act::Focus(_) => None,
        };
        if let Some((_, state)) = index.and_then(|index| CHOICES.get(index)) {
            self.note = Some(Note::new(view, *state));
        }
        Did::Edited
    }

    fn tips(&self, _view: &View<'_>) -> Vec<Tip> {
        vec![
            tip("Enter", "do-next", 0, Key::Enter),
            tip("Esc", "do-back", 0, Key::Esc),
        ]
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_busy(&self, _view: &View<'_>) -> bool {
        false
    }

    fn is_over(&self, view: &View<'_>) -> bool {
        !matches!(view.volunteer, Volunteer::Open { .. })
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}
