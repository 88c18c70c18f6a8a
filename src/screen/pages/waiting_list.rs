//! Those who wait: found by typing, in a table with heads, what needs a person first. Persons are masked.

use ratatui::layout::{Rect, Size};

use super::columns::{TableColumns, seen_rows};
use super::pen::ButtonIs;
use super::route_card::step_name;
use super::row_words::{NOTHING, pickup_words, waited};
use super::{
    Hit, PageInput, PagePen, PageResult, ScanRefusal, TicketsPage, Tip, UiPage, VolunteerPage,
    foreign_desk, parked_visits, tip,
};
use crate::campus::pack::Scanned;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{LineField, Overlay};
use crate::screen::{DeskCommand, ParkedVisit, UiAction, UiKey, UiView, WaitingQuery, WaitsFor};
use crate::visit::{Pickup, PickupError, Place, VisitId};

/// The most that is typed to find somebody, in characters.
const LONGEST: usize = 24;
/// How far a page key moves.
const JUMP: usize = 10;

/// The list. Typing narrows it; Enter takes the chosen one up, F7 opens a ticket for them.
pub struct WaitingPage {
    query: LineField,
    /// The chosen one; the first that is found, until another is chosen.
    chosen: Option<VisitId>,
}

impl Default for WaitingPage {
    fn default() -> Self {
        WaitingPage {
            query: LineField::new(LONGEST),
            chosen: None,
        }
    }
}

impl WaitingPage {
    /// The list, narrowed by the first character that was typed.
    pub fn typed(first: char) -> Self {
        let mut page = WaitingPage::default();
        page.query.key(UiKey::Char(first));
        page
    }

    /// The list, narrowed by what was scanned.
    pub fn scanned(code: &Scanned) -> Self {
        let mut page = WaitingPage::default();
        match (&code.pickup, &code.student) {
            (Some(pickup), _) => page.query.paste(&pickup.code()),
            (None, Some(student)) => page.query.paste(student.as_str()),
            (None, None) => {}
        }
        page
    }

    fn found<'v>(&self, view: &UiView<'v>) -> Vec<&'v ParkedVisit> {
        let query = WaitingQuery::new(self.query.text());
        let all = parked_visits(view).iter();
        all.filter(|one| one.is_like(&query)).collect()
    }

    fn selected(&self, found: &[&ParkedVisit]) -> usize {
        let is_chosen = |one: &&ParkedVisit| Some(one.visit) == self.chosen;
        found.iter().position(is_chosen).unwrap_or_default()
    }

    fn the_chosen(&self, view: &UiView<'_>) -> Option<VisitId> {
        let found = self.found(view);
        let one = found.get(self.selected(&found));
        one.map(|one| one.visit)
    }

    fn take_up(&self, view: &UiView<'_>) -> PageResult {
        match self.the_chosen(view) {
            Some(visit) => PageResult::Close(UiAction::Desk(DeskCommand::TakeUp { visit })),
            None => PageResult::EDITED,
        }
    }

    fn open_ticket(&self, view: &UiView<'_>) -> PageResult {
        match self.the_chosen(view) {
            Some(visit) => PageResult::Open(Box::new(TicketsPage::opening(visit))),
            None => PageResult::EDITED,
        }
    }

    fn walk(&mut self, key: UiKey, view: &UiView<'_>) {
        let found = self.found(view);
        let at = self.selected(&found);
        let last = found.len().saturating_sub(1);
        let to = match key {
            UiKey::Up => at.checked_sub(1).unwrap_or(last),
            UiKey::Down if at >= last => 0,
            UiKey::Down => at.saturating_add(1),
            UiKey::PageUp => at.saturating_sub(JUMP),
            UiKey::PageDown => at.saturating_add(JUMP).min(last),
            UiKey::Home => 0,
            UiKey::End => last,
            _ => at,
        };
        self.chosen = found.get(to).map(|one| one.visit);
    }

    /// Why nothing was found: the number is another desk's, or mistyped.
    fn nothing_found(&self, pen: &PagePen<'_, '_>) -> String {
        let why = match Pickup::parse(self.query.text()) {
            Ok(pickup) => foreign_desk(pen, pickup),
            Err(PickupError::Check) => Some(pen.words("pickup-check")),
            Err(PickupError::Length | PickupError::Character) => None,
        };
        why.unwrap_or_else(|| pen.words("waiting-none"))
    }

    fn draw_list(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, found: &[&ParkedVisit]) {
        let at = self.selected(found);
        let room = usize::from(stack.rest().height.saturating_sub(1));
        let seen = seen_rows(at, room, found.len());
        let first = seen.start;
        let rows: Vec<[String; 6]> = found
            .get(seen)
            .unwrap_or_default()
            .iter()
            .map(|one| cells(pen, one))
            .collect();
        let heads = [
            "waiting-number",
            "waiting-who",
            "waiting-student",
            "waiting-step",
            "waiting-since",
            "waiting-why",
        ];
        let columns = TableColumns::of(heads.map(|head| pen.words(head)), &rows);
        columns.draw_heads(pen, stack);
        for (index, row) in (first..).zip(&rows) {
            let role = match found.get(index).map(|one| one.waits_for) {
                _ if index == at => Role::Selected,
                Some(WaitsFor::Person | WaitsFor::Ticket) => Role::Warning,
                _ => Role::Text,
            };
            let place = columns.draw_row(pen, stack, row, role);
            pen.hits.push(place, Hit::Pick(index));
        }
    }
}

/// What stands in a row: enough to find the right one, no more.
fn cells(pen: &PagePen<'_, '_>, one: &ParkedVisit) -> [String; 6] {
    #[cfg(test)]
    work::row();
    let name = one.name.as_ref().map(|name| name.masked());
    let student = match &one.student {
        Some(student) => student.masked(),
        None => pen.words("panel-unknown"),
    };
    [
        pickup_words(one.pickup),
        name.unwrap_or_else(|| NOTHING.to_owned()),
        student,
        pen.words(place_name(&one.place)),
        waited(pen, one.since),
        pen.words(why_name(one.waits_for)),
    ]
}

fn place_name(place: &Place) -> &'static str {
    match place {
        Place::Step { step, .. } => step_name(*step),
        Place::Ask(_) => "waiting-at-question",
        Place::Stuck => "waiting-at-stuck",
        Place::AlreadyBound | Place::Bound | Place::NotedByWord | Place::Parked | Place::Closed => {
            "waiting-at-end"
        }
    }
}

/// The key of what a visit waits for.
pub(super) fn why_name(why: WaitsFor) -> &'static str {
    match why {
        WaitsFor::Person => "waiting-for-person",
        WaitsFor::Ticket => "waiting-for-ticket",
        WaitsFor::StudentGone => "waiting-for-gone",
        WaitsFor::Student => "waiting-for-student",
        WaitsFor::SignIn => "waiting-for-sign-in",
        WaitsFor::Campus => "waiting-for-campus",
    }
}

/// The first of those who wait, on the panel itself.
pub fn draw_preview(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    pen.tell(stack, "panel-waiting", Role::Title);
    let all = parked_visits(pen.view);
    if all.is_empty() {
        return pen.tell(stack, "panel-nobody", Role::Dim);
    }
    let mut foot = Stack::new(stack.bottom(2));
    pen.tell(&mut foot, "waiting-how", Role::Dim);
    let room = usize::from(stack.rest().height);
    let rows: Vec<[String; 4]> = all
        .iter()
        .take(room)
        .map(|one| {
            let [pickup, who, _, step, since, _] = cells(pen, one);
            [pickup, who, step, since]
        })
        .collect();
    let columns = TableColumns::of([const { String::new() }; 4], &rows);
    let places = stack.rest();
    for row in &rows {
        columns.draw_row(pen, stack, row, Role::Text);
    }
    pen.hits.push(places, Hit::Key(UiKey::Char('w')));
}

impl UiPage for WaitingPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("panel-waiting");
        let size = Size::new(
            area.width.saturating_sub(2).min(100),
            area.height.saturating_sub(1).min(40),
        );
        let inside = Overlay {
            title: &title,
            size,
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let placeholder = pen.words("waiting-find");
        let row = stack.take(1);
        let field = self.query.field("", &placeholder, true);
        pen.caret = field.draw(row, pen.buf, pen.theme);
        let found = self.found(pen.view);
        let all = parked_visits(pen.view).len();
        let words = pen.words_with(
            "waiting-count",
            &[("found", found.len().into()), ("n", all.into())],
        );
        pen.say(&mut stack, &words, Role::Dim);
        let mut foot = Stack::new(stack.bottom(1));
        if !found.is_empty() {
            let ticket = ("F7", "waiting-ticket", UiKey::Ticket, ButtonIs::On);
            let take_up = ("Enter", "waiting-take-up", UiKey::Enter, ButtonIs::Primary);
            pen.buttons(&mut foot, &[take_up, ticket]);
        }
        stack.bottom(1);
        match (all, found.is_empty()) {
            (0, _) => pen.tell(&mut stack, "panel-nobody", Role::Dim),
            (_, true) => {
                let words = self.nothing_found(pen);
                pen.say(&mut stack, &words, Role::Warning);
            }
            (_, false) => self.draw_list(pen, &mut stack, &found),
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc) => return VolunteerPage::back(),
            PageInput::Key(UiKey::Volunteer) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(UiKey::Enter) => return self.take_up(view),
            PageInput::Key(UiKey::Ticket) => return self.open_ticket(view),
            PageInput::Pick(index) => {
                let found = self.found(view);
                // A row is chosen by one tap and resumed by the next: rows are picked wrongly too easily.
                if self.selected(&found) == index && self.chosen.is_some() {
                    return self.take_up(view);
                }
                self.chosen = found.get(index).map(|one| one.visit);
            }
            PageInput::Key(
                key @ (UiKey::Up
                | UiKey::Down
                | UiKey::PageUp
                | UiKey::PageDown
                | UiKey::Home
                | UiKey::End),
            ) => self.walk(key, view),
            PageInput::Key(key) => {
                if self.query.key(key) {
                    self.chosen = None;
                }
            }
            PageInput::Paste(text) => {
                self.query.paste(text);
                self.chosen = None;
            }
            PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }

    /// It narrows the list, and takes nobody up: that is for the volunteer, who looks at the row first.
    fn scan(&mut self, code: &Scanned, _view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        *self = WaitingPage::scanned(code);
        Ok(PageResult::EDITED)
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![tip("Esc", "do-back", 0, UiKey::Esc)];
        let query = WaitingQuery::new(self.query.text());
        if parked_visits(view).iter().any(|one| one.is_like(&query)) {
            tips.insert(0, tip("Enter", "waiting-take-up", 0, UiKey::Enter));
        }
        tips
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_volunteers(&self) -> bool {
        true
    }
}

/// How many rows were formatted, for tests: a list that is not seen costs nothing.
#[cfg(test)]
pub mod work {
    use std::cell::Cell;

    thread_local! {
        static ROWS: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn row() {
        ROWS.set(ROWS.get().saturating_add(1));
    }

    /// The rows since this was asked last.
    pub fn take() -> usize {
        ROWS.take()
    }
}
