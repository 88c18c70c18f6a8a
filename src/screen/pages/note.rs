//! What a volunteer notes of a call: who called, when, what was answered.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::long_text::TextArea;
use super::script::{MOMENT, moment};
use super::{Hit, PageInput, PagePen};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, LineField};
use crate::screen::{UiKey, UiView};
use crate::visit::{Command, FreeText, TicketState};

/// What is half noted.
pub struct TicketNoteForm {
    by: LineField,
    when: LineField,
    answer: TextArea,
    at: usize,
    /// What the ticket becomes; none for a note alone.
    state: Option<TicketState>,
    wrong_time: bool,
}

impl TicketNoteForm {
    /// An empty note; `state` is what the ticket becomes with it.
    pub fn new(view: &UiView<'_>, state: Option<TicketState>) -> Self {
        let mut when = LineField::new(16);
        when.paste(&moment(view.now.wall, &TimeZone::system()));
        TicketNoteForm {
            by: LineField::new(40),
            when,
            answer: TextArea::default(),
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
        let at = DateTime::strptime(MOMENT, text).map_err(|_| ())?;
        let zoned = at.to_zoned(TimeZone::system()).map_err(|_| ())?;
        Ok(Some(zoned.timestamp()))
    }

    /// Draws the three fields.
    pub fn draw(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
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
            if self.wrong_time && at == 1 {
                pen.mark_wrong(area);
                pen.tell(stack, "ticket-wrong-time", Role::Danger);
            }
        }
        let rows = stack.rest().height.saturating_sub(2);
        pen.hits.push(stack.rest(), Hit::Focus(2));
        self.answer
            .draw(pen, stack, "ticket-answer", rows, self.at == 2);
    }

    /// The field in focus, counted from 0, and how many there are.
    pub fn fields(&self) -> (usize, usize) {
        (self.at, 3)
    }

    /// The command that keeps the note; none where the time says no time, which is then marked.
    pub fn finish(&mut self) -> Option<Command> {
        let Ok(called_at) = self.called_at() else {
            (self.wrong_time, self.at) = (true, 1);
            return None;
        };
        Some(Command::NoteTicket {
            called_at,
            by: FreeText::new(self.by.text()),
            answer: self.answer.words(),
            state: self.state,
        })
    }

    /// Takes an input for the field in focus, or moves the focus.
    pub fn handle(&mut self, input: PageInput<'_>) {
        match (input, self.at) {
            (PageInput::Key(UiKey::Tab | UiKey::Down), at) => self.at = at.saturating_add(1) % 3,
            (PageInput::Key(UiKey::BackTab | UiKey::Up), at) => self.at = at.saturating_add(2) % 3,
            (PageInput::Focus(at), _) => self.at = at.min(2),
            (PageInput::Key(key), 0) => drop(self.by.key(key)),
            (PageInput::Key(key), 1) => drop(self.when.key(key)),
            (PageInput::Key(key), _) => self.answer.key(key),
            (PageInput::Paste(text), 0) => self.by.paste(text),
            (PageInput::Paste(text), 1) => self.when.paste(text),
            (PageInput::Paste(text), _) => self.answer.paste(text),
            (PageInput::Pick(_), _) => {}
        }
    }
}
