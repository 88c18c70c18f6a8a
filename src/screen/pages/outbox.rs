//! The volunteer's tray: what the campus has not done yet, each with its age, tries, last answer and next try; what only
//! a person can mend first, with what to do and one key for a ticket. Persons are masked.

use ratatui::layout::Rect;

use super::columns::{TableColumns, seen_rows};
use super::pen::ButtonIs;
use super::row_words::{minutes_since, pickup_words, waited};
use super::words::how_long;
use super::{
    Hit, PageInput, PagePen, PageResult, Tip, UiPage, VolunteerPage, cause, moved, next_second,
    seconds, tip,
};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{DeskCommand, UiAction, UiKey, UiView, Volunteer};
use crate::text::Text;
use crate::visit::{
    ActKind, Command, DirectoryRefusal, Failure, FreeText, OutboxRow, Stopped, Trouble, VisitId,
};

/// Rows that the list takes at most, so that the chosen one's story is always seen.
const MOST_ROWS: usize = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutboxChoice {
    Retry,
    Ticket,
    Discard,
}

impl OutboxChoice {
    fn words(self, sure: bool) -> &'static str {
        match self {
            OutboxChoice::Retry => "outbox-try",
            OutboxChoice::Ticket => "outbox-ticket",
            OutboxChoice::Discard if sure => "outbox-let-go-sure",
            OutboxChoice::Discard => "outbox-let-go",
        }
    }

    /// Its letter: the panel's, where it is the same deed.
    fn letter(self) -> (&'static str, char) {
        match self {
            OutboxChoice::Retry => ("A", 'a'),
            OutboxChoice::Ticket => ("T", 't'),
            OutboxChoice::Discard => ("X", 'x'),
        }
    }
}

/// The button of a choice. The first one is what Enter does.
fn button(index: usize, choice: OutboxChoice) -> (&'static str, UiKey, ButtonIs) {
    let (letter, key) = choice.letter();
    match index {
        0 => ("Enter", UiKey::Enter, ButtonIs::Primary),
        _ => (letter, UiKey::Char(key), ButtonIs::On),
    }
}

/// The list, and which line is looked at.
#[derive(Default)]
pub struct OutboxPage {
    selected: usize,
    /// Discarding is asked for once more.
    sure: Option<(VisitId, ActKind)>,
}

fn rows<'v>(view: &UiView<'v>) -> &'v [OutboxRow] {
    match view.volunteer {
        Volunteer::Open { outbox, .. } => outbox,
        _ => &[],
    }
}

/// What can be done with a line. A deletion is never repeated from here: the student is asked again.
fn choices(row: &OutboxRow) -> &'static [OutboxChoice] {
    match (row.entry.what, row.has_ticket) {
        (ActKind::Unbind, true) => &[],
        (ActKind::Unbind, false) => &[OutboxChoice::Ticket],
        (
            ActKind::BindNumber
            | ActKind::ConfirmMember
            | ActKind::FindMember
            | ActKind::SignIn
            | ActKind::DeviceGrant
            | ActKind::SendCode
            | ActKind::CheckCode,
            _,
        ) => &[
            OutboxChoice::Retry,
            OutboxChoice::Ticket,
            OutboxChoice::Discard,
        ],
    }
}

impl OutboxPage {
    fn chosen<'v>(&self, view: &UiView<'v>) -> Option<&'v OutboxRow> {
        let rows = rows(view);
        rows.get(self.selected.min(rows.len().saturating_sub(1)))
    }

    fn draw_list(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let rows = rows(pen.view);
        let selected = self.selected.min(rows.len().saturating_sub(1));
        let room = MOST_ROWS.min(usize::from(stack.rest().height.saturating_sub(1)));
        let seen = seen_rows(selected, room, rows.len());
        let (first, end) = (seen.start, seen.end);
        let shown = rows.get(seen).unwrap_or_default();
        let cells: Vec<[String; 5]> = shown.iter().map(|row| cells(pen, row)).collect();
        let heads = [
            "waiting-number",
            "waiting-student",
            "outbox-what",
            "waiting-since",
            "outbox-when",
        ];
        let columns = TableColumns::of(heads.map(|head| pen.words(head)), &cells);
        columns.draw_heads(pen, stack);
        for ((index, row), cells) in (first..).zip(shown).zip(&cells) {
            let role = match (index == selected, row.entry.stopped.is_some()) {
                (true, _) => Role::Selected,
                (false, true) => Role::Warning,
                (false, false) => Role::Text,
            };
            let place = columns.draw_row(pen, stack, cells, role);
            pen.hits.push(place, Hit::Focus(index));
        }
        let more = rows.len().saturating_sub(end);
        if more > 0 {
            let words = pen.words_with("panel-more", &[("n", more.into())]);
            pen.say(stack, &words, Role::Dim);
        }
    }

    fn draw_chosen(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, row: &OutboxRow) {
        let owed = &row.entry;
        let minutes = minutes_since(pen.view, owed.since);
        let told = pen.words_with(
            "outbox-story",
            &[("tries", owed.tries.into()), ("n", minutes.into())],
        );
        pen.say(stack, &told, Role::Text);
        let last = match &owed.last {
            Some((_, why)) if owed.what != ActKind::Unbind => last_answer(pen.text, why),
            Some(_) => pen.words("cause-unbind-unknown"),
            None => pen.words("outbox-unasked"),
        };
        let last = pen.words_with("outbox-last", &[("cause", last.into())]);
        pen.say(stack, &last, Role::Text);
        pen.tell(stack, advice(row), Role::Accent);
        stack.skip(1);
        let sure = self.sure == Some((row.visit, owed.what));
        let buttons: Vec<(&str, &str, UiKey, ButtonIs)> = (0..)
            .zip(choices(row))
            .map(|(index, choice)| {
                let (name, key, state) = button(index, *choice);
                (name, choice.words(sure), key, state)
            })
            .collect();
        pen.buttons(stack, &buttons);
    }

    fn choose(&mut self, index: usize, view: &UiView<'_>) -> PageResult {
        let Some(row) = self.chosen(view) else {
            return PageResult::EDITED;
        };
        let (visit, what) = (row.visit, row.entry.what);
        let command = match choices(row).get(index) {
            Some(OutboxChoice::Retry) => Command::RetryEntry { what },
            Some(OutboxChoice::Ticket) => Command::TicketForEntry {
                what,
                reason: ticket_reason(view, row),
            },
            Some(OutboxChoice::Discard) if self.sure == Some((visit, what)) => {
                Command::DiscardEntry { what }
            }
            Some(OutboxChoice::Discard) => {
                self.sure = Some((visit, what));
                return PageResult::EDITED;
            }
            None => return PageResult::EDITED,
        };
        self.sure = None;
        PageResult::desk(DeskCommand::ForVisit { visit, command })
    }
}

/// What a ticket says of it, in the language of the screen: no number and no name.
fn ticket_reason(view: &UiView<'_>, row: &OutboxRow) -> FreeText {
    let text = Text::new(view.lang);
    let what = text.get(kind(row.entry.what));
    let why = match (&row.entry.stopped, &row.entry.last) {
        (Some(Stopped::FateUnknown), _) => text.get("cause-unbind-unknown"),
        (Some(Stopped::NotActive(_)), _) => text.get("outbox-do-not-active"),
        (_, Some((_, why))) => last_answer(&text, why),
        (_, None) => text.get("outbox-unasked"),
    };
    FreeText::new(&format!("{what}: {why}"))
}

fn last_answer(text: &Text, why: &Failure<DirectoryRefusal>) -> String {
    cause(text, &Trouble::Directory(why.clone()))
}

/// The key of what it is about.
fn kind(what: ActKind) -> &'static str {
    match what {
        ActKind::BindNumber => "outbox-bind",
        ActKind::ConfirmMember => "outbox-confirm",
        ActKind::Unbind => "outbox-unbind",
        ActKind::FindMember
        | ActKind::SignIn
        | ActKind::DeviceGrant
        | ActKind::SendCode
        | ActKind::CheckCode => "outbox-check",
    }
}

/// The key of what to do about it.
fn advice(row: &OutboxRow) -> &'static str {
    if row.has_ticket && row.entry.what == ActKind::Unbind {
        return "outbox-do-ticket-open";
    }
    match &row.entry.stopped {
        None => "outbox-do-nothing",
        Some(Stopped::FateUnknown) => "outbox-do-fate-unknown",
        Some(Stopped::NotActive(_)) => "outbox-do-not-active",
        Some(Stopped::Refused(Failure::Misconfigured(_))) => "outbox-do-misconfigured",
        Some(Stopped::Refused(Failure::Rejected(
            DirectoryRefusal::NumberTaken | DirectoryRefusal::BadNumber,
        ))) => "outbox-do-number",
        Some(Stopped::Refused(Failure::Rejected(
            DirectoryRefusal::Disabled | DirectoryRefusal::Departed,
        ))) => "outbox-do-console",
        Some(Stopped::Refused(_)) => "outbox-do-ticket",
    }
}

/// What stands in a row.
fn cells(pen: &PagePen<'_, '_>, row: &OutboxRow) -> [String; 5] {
    let student = match &row.student {
        Some(student) => student.number.masked(),
        None => pen.words("panel-unknown"),
    };
    let next = match (&row.entry.stopped, row.next_try) {
        (Some(_), _) => pen.words("outbox-stopped"),
        (None, Some(at)) => match seconds(at.saturating_sub(pen.view.now.mono)) {
            0 => pen.words("outbox-now"),
            left => {
                let wait = how_long(pen.text, left);
                pen.words_with("outbox-next", &[("wait", wait.into())])
            }
        },
        (None, None) => pen.words("outbox-behind"),
    };
    let what = pen.words(kind(row.entry.what));
    let (pickup, age) = (pickup_words(row.pickup), waited(pen, row.entry.since));
    [pickup, student, what, age, next]
}

impl UiPage for OutboxPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("outbox-title");
        let inside = Overlay::large(&title, area).draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        match self.chosen(pen.view) {
            None => pen.tell(&mut stack, "outbox-none", Role::Dim),
            Some(row) => {
                self.draw_list(pen, &mut stack);
                stack.skip(1);
                self.draw_chosen(pen, &mut stack, row);
            }
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc) if self.sure.is_some() => self.sure = None,
            PageInput::Key(UiKey::Esc) => return VolunteerPage::back(),
            PageInput::Key(UiKey::Volunteer) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(UiKey::Enter) => return self.choose(0, view),
            PageInput::Focus(index) => (self.selected, self.sure) = (index, None),
            PageInput::Key(UiKey::Char(typed)) => {
                let choices = self.chosen(view).map_or(&[][..], choices);
                let typed = typed.to_ascii_lowercase();
                let mut letters = choices.iter().map(|choice| choice.letter().1);
                if let Some(index) = letters.position(|letter| letter == typed) {
                    return self.choose(index, view);
                }
            }
            PageInput::Key(key) => {
                if let Some(selected) = moved(key, self.selected, rows(view).len()) {
                    (self.selected, self.sure) = (selected, None);
                }
            }
            PageInput::Pick(_) | PageInput::Paste(_) => {}
        }
        PageResult::EDITED
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let choices = self.chosen(view).map_or(&[][..], choices);
        let mut tips: Vec<Tip> = (0..)
            .zip(choices)
            .take(2)
            .map(|(index, choice)| {
                let (name, key, _) = button(index, *choice);
                tip(name, choice.words(false), 0, key)
            })
            .collect();
        tips.push(tip("Esc", "do-back", 0, UiKey::Esc));
        tips
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    /// The next tries count down while somebody looks.
    fn wake(&self, view: &UiView<'_>) -> Option<std::time::Duration> {
        let now = view.now.mono;
        let next = rows(view).iter().filter_map(|row| row.next_try);
        let soonest = next.filter(|at| *at > now).min()?;
        Some(next_second(view, soonest.saturating_sub(now)))
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}
