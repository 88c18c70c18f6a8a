//! Handing over: who waits, what the campus owes and which tickets are open, on one page. The next volunteer reads it to
//! its end and confirms it with their PIN. Persons are masked.

use std::time::Duration;

use ratatui::layout::Rect;

use super::pen::ButtonIs;
use super::pin_check::PinCheck;
use super::reading::{ScrollState, wrapped};
use super::route_card::step_name;
use super::row_words::{NOTHING, pickup_words, waited};
use super::script::state_name;
use super::waiting_list::why_name;
use super::{
    Hit, PageInput, PagePen, PageResult, ScanRefusal, Tip, UiPage, VolunteerPage, next_second,
    parked_visits, tip,
};
use crate::campus::pack::Scanned;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, Overlay, SecretField};
use crate::screen::{
    DeskCommand, HandoverState, ParkedVisit, UiAction, UiKey, UiView, Volunteer, WaitsFor,
};
use crate::visit::{OutboxRow, TicketRow};

/// The most rows of a list: the rest is a number.
const MOST_ROWS: usize = 12;

/// The page, how far it was read, and the next one's PIN.
#[derive(Default)]
pub struct HandoverPage {
    reading: ScrollState,
    pin: SecretField,
    /// The PIN was given before all was read.
    is_early: bool,
}

fn state(view: &UiView<'_>) -> HandoverState {
    match view.volunteer {
        Volunteer::Open { handover, .. } => handover,
        _ => HandoverState::None,
    }
}

fn owed_and_open<'v>(view: &UiView<'v>) -> (&'v [OutboxRow], &'v [TicketRow]) {
    match view.volunteer {
        Volunteer::Open {
            outbox, tickets, ..
        } => (outbox, tickets),
        _ => (&[], &[]),
    }
}

/// What is left of the pause after a wrong PIN.
fn pause(view: &UiView<'_>) -> Option<Duration> {
    PinCheck::from(state(view)).pause(view.now.mono)
}

/// All lines, from the top.
fn lines(pen: &PagePen<'_, '_>) -> Vec<(String, Role)> {
    let (outbox, tickets) = owed_and_open(pen.view);
    let mut lines = waiting_lines(pen, parked_visits(pen.view));
    lines.push((String::new(), Role::Text));
    let needed: Vec<&OutboxRow> = outbox.iter().filter(|row| row.needs_person()).collect();
    let counts = [("n", outbox.len().into()), ("needed", needed.len().into())];
    lines.push((pen.words_with("hand-owed", &counts), Role::Title));
    lines.extend(listed(pen, &needed, |row| {
        let since = waited(pen, row.entry.since);
        format!("{}  {since}", pickup_words(row.pickup))
    }));
    lines.push((String::new(), Role::Text));
    let counts = [("n", tickets.len().into())];
    lines.push((pen.words_with("hand-tickets", &counts), Role::Title));
    lines.extend(listed(pen, tickets, |row| ticket_line(pen, row)));
    lines
}

/// How many wait for what; by name only those that need a person.
fn waiting_lines(pen: &PagePen<'_, '_>, all: &[ParkedVisit]) -> Vec<(String, Role)> {
    let mut lines = vec![(
        pen.words_with("hand-waiting", &[("n", all.len().into())]),
        Role::Title,
    )];
    for why in WaitsFor::ALL {
        let n = all.iter().filter(|one| one.waits_for == why).count();
        if n > 0 {
            lines.push((format!("{}  {n}", pen.words(why_name(why))), Role::Text));
        }
    }
    // What needs a person stands first in the list.
    let needed = |one: &&ParkedVisit| one.waits_for == WaitsFor::Person;
    let needed: Vec<&ParkedVisit> = all.iter().take_while(needed).collect();
    lines.extend(listed(pen, &needed, |one| {
        let name = one.name.as_ref().map(|name| name.masked());
        let name = name.unwrap_or_else(|| NOTHING.to_owned());
        let since = waited(pen, one.since);
        format!("{}  {name}  {since}", pickup_words(one.pickup))
    }));
    lines
}

fn ticket_line(pen: &PagePen<'_, '_>, row: &TicketRow) -> String {
    let state = pen.words(state_name(row.ticket.state));
    let step = row.ticket.step.map(|step| pen.words(step_name(step)));
    let step = step.unwrap_or_else(|| NOTHING.to_owned());
    let since = waited(pen, row.ticket.opened);
    format!("{}  {state}  {step}  {since}", row.ticket.number)
}

/// The first of them, and how many more there are.
fn listed<T>(
    pen: &PagePen<'_, '_>,
    rows: &[T],
    line: impl Fn(&T) -> String,
) -> Vec<(String, Role)> {
    let shown = rows.iter().take(MOST_ROWS);
    let mut lines: Vec<(String, Role)> = shown
        .map(|row| (format!("  {}", line(row)), Role::Warning))
        .collect();
    let more = rows.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        let words = pen.words_with("hand-more", &[("n", more.into())]);
        lines.push((format!("  {words}"), Role::Dim));
    }
    lines
}

impl HandoverPage {
    /// Opens the page; whatever was confirmed on an earlier one is over.
    pub fn open() -> PageResult {
        PageResult::OpenWith(
            Box::new(HandoverPage::default()),
            UiAction::Desk(DeskCommand::BeginHandover),
        )
    }

    /// What is said beneath the field, and whether the PIN in it is what was refused.
    fn told(&self, pen: &PagePen<'_, '_>) -> (String, Role, bool) {
        let state = state(pen.view);
        let checked = PinCheck::from(state).words(pen, !self.pin.is_empty());
        let is_wrong = checked.is_some() && matches!(state, HandoverState::Wrong { .. });
        if self.is_early && pause(pen.view).is_none() {
            return (pen.words("hand-read-on"), Role::Warning, false);
        }
        if let Some((words, role)) = checked {
            return (words, role, is_wrong);
        }
        let (key, role) = match state {
            HandoverState::Keeping => ("hand-keeping", Role::Info),
            HandoverState::Same => ("hand-same", Role::Warning),
            HandoverState::NotKept => ("hand-not-kept", Role::Danger),
            HandoverState::None
            | HandoverState::Checking
            | HandoverState::Wrong { .. }
            | HandoverState::Done => return (String::new(), Role::Dim, false),
        };
        (pen.words(key), role, state == HandoverState::Same)
    }

    fn draw_confirm(&self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(area);
        let label = pen.words("hand-pin");
        let row = stack.take(Field::HEIGHT);
        pen.caret = self.pin.draw(&label, "", true, row, pen.buf, pen.theme);
        let (words, role, is_wrong) = self.told(pen);
        if is_wrong {
            pen.mark_wrong(row);
        }
        let row = stack.take(1);
        pen.say(&mut Stack::new(row), &words, role);
        let buttons = [
            ("Enter", "hand-confirm", UiKey::Enter, ButtonIs::Primary),
            ("Esc", "do-back", UiKey::Esc, ButtonIs::On),
        ];
        pen.buttons(&mut stack, &buttons);
    }

    fn draw_done(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let words = match pen.view.volunteer {
            Volunteer::Open { by: Some(name), .. } => {
                pen.words_with("hand-done-to", &[("name", name.as_str().into())])
            }
            _ => pen.words("hand-done"),
        };
        pen.say(stack, &words, Role::Success);
        stack.skip(1);
        let hit = Hit::Key(UiKey::Enter);
        pen.button(stack, "Enter", "hand-to-panel", hit, ButtonIs::Primary);
    }

    fn confirm(&mut self, view: &UiView<'_>) -> PageResult {
        match state(view) {
            HandoverState::Done => return VolunteerPage::back(),
            HandoverState::Checking | HandoverState::Keeping => return PageResult::EDITED,
            HandoverState::None
            | HandoverState::Wrong { .. }
            | HandoverState::Same
            | HandoverState::NotKept => {}
        }
        self.is_early = !self.reading.is_at_end();
        let waits = PinCheck::from(state(view)).waits(view.now.mono, self.pin.len());
        if self.pin.is_empty() || self.is_early || waits {
            return PageResult::EDITED;
        }
        PageResult::desk(DeskCommand::HandOver {
            pin: self.pin.take(),
        })
    }
}

impl UiPage for HandoverPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = match pen.view.volunteer {
            Volunteer::Open { by: Some(name), .. } if state(pen.view) != HandoverState::Done => {
                pen.words_with("hand-title-by", &[("name", name.as_str().into())])
            }
            _ => pen.words("panel-hand-over"),
        };
        let inside = Overlay::large(&title, area).draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        if state(pen.view) == HandoverState::Done {
            return Self::draw_done(pen, &mut stack);
        }
        let foot = stack.bottom(Field::HEIGHT.saturating_add(2));
        stack.bottom(1);
        let room = stack.rest();
        let lines = wrapped(lines(pen), room.width);
        self.reading.draw(pen, room, &lines);
        self.draw_confirm(pen, foot);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc) => return VolunteerPage::back(),
            PageInput::Key(UiKey::Volunteer) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(UiKey::Enter) => return self.confirm(view),
            // Nothing is typed while a PIN is looked at, nor once it is done.
            _ if matches!(
                state(view),
                HandoverState::Checking | HandoverState::Keeping | HandoverState::Done
            ) => {}
            PageInput::Key(key) if self.reading.key(key) => {
                self.is_early &= !self.reading.is_at_end();
            }
            PageInput::Key(key) => {
                self.pin.key(key);
            }
            PageInput::Paste(text) => self.pin.paste(text),
            PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }

    fn scan(&mut self, _code: &Scanned, _view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        Err(ScanRefusal::Secret)
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let enter = if state(view) == HandoverState::Done {
            "hand-to-panel"
        } else {
            "hand-confirm"
        };
        let mut tips = vec![
            tip("Enter", enter, 0, UiKey::Enter),
            tip("Esc", "do-back", 0, UiKey::Esc),
        ];
        tips.extend(self.reading.tip());
        tips
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn wake(&self, view: &UiView<'_>) -> Option<Duration> {
        pause(view).map(|left| next_second(view, left))
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}
