//! The volunteer's panel: what can be done with the visit in hand, who waits, today's counts, what is connected.
//! Persons are masked here too; ending and leaving are asked once more.

use ratatui::layout::{Rect, Size};

use super::checkup::CheckupList;
use super::pen::ButtonIs;
use super::{
    Hit, OutboxPage, PageInput, PagePen, PageResult, TicketFormPage, TicketsPage, VouchPage,
    can_vouch, cause, digit_index, moved, visit,
};
use crate::screen::cells::put;
use crate::screen::layout::{Stack, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{
    DeliveryIs, DeskCommand, DeskState, ParkedVisit, UiAction, UiKey, UiView, Volunteer,
};
use crate::visit::{Command, Gateway, OutboxRow, ParkedFor};

/// The panel behind the PIN.
#[derive(Default)]
pub struct VolunteerPanel {
    selected: usize,
    /// The choice that was chosen once and is asked for again.
    sure: Option<PanelChoice>,
    checkup: CheckupList,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PanelChoice {
    GoOn,
    Vouch,
    Restart,
    Park,
    Next,
    End,
    Quit,
    Ticket,
    Tickets,
    Outbox,
    VouchFor,
    Examine,
}

impl PanelChoice {
    fn words(self, sure: bool) -> &'static str {
        match self {
            PanelChoice::GoOn => "panel-go-on",
            PanelChoice::Vouch => "panel-vouch",
            PanelChoice::Restart => "panel-restart",
            PanelChoice::Park => "panel-park",
            PanelChoice::Next => "panel-next",
            PanelChoice::End if sure => "panel-end-sure",
            PanelChoice::End => "panel-end",
            PanelChoice::Quit if sure => "panel-quit-sure",
            PanelChoice::Quit => "panel-quit",
            PanelChoice::Ticket => "panel-ticket",
            PanelChoice::Tickets => "panel-tickets",
            PanelChoice::Outbox => "panel-outbox",
            PanelChoice::VouchFor => "panel-vouch-for",
            PanelChoice::Examine => "panel-examine",
        }
    }

    fn reaction(self) -> UiAction {
        match self {
            PanelChoice::GoOn => UiAction::Desk(DeskCommand::Lock),
            PanelChoice::Vouch => UiAction::Visit(Command::ResumeByVolunteer),
            PanelChoice::Restart => UiAction::Visit(Command::BeginAgain),
            PanelChoice::Park => UiAction::Visit(Command::Park {
                why: ParkedFor::Student,
            }),
            PanelChoice::Next => UiAction::Desk(DeskCommand::NextStudent),
            PanelChoice::End => UiAction::Visit(Command::End),
            PanelChoice::Quit => UiAction::Desk(DeskCommand::Quit),
            PanelChoice::Examine => UiAction::Desk(DeskCommand::Examine { message: false }),
            // These open pages of their own.
            PanelChoice::Ticket
            | PanelChoice::Tickets
            | PanelChoice::Outbox
            | PanelChoice::VouchFor => UiAction::Edited,
        }
    }
}

/// What can be done now, in the order of its keys.
fn choices(view: &UiView<'_>) -> &'static [PanelChoice] {
    match view.desk {
        // Nobody can sign in: what can be done instead stands first.
        DeskState::Visit { .. } if can_vouch(view) => &[
            PanelChoice::VouchFor,
            PanelChoice::Next,
            PanelChoice::Park,
            PanelChoice::Restart,
            PanelChoice::End,
            PanelChoice::Quit,
            PanelChoice::Ticket,
            PanelChoice::Tickets,
            PanelChoice::Outbox,
        ],
        DeskState::Visit { .. } => &[
            PanelChoice::GoOn,
            PanelChoice::Next,
            PanelChoice::Park,
            PanelChoice::Restart,
            PanelChoice::End,
            PanelChoice::Quit,
            PanelChoice::Ticket,
            PanelChoice::Tickets,
            PanelChoice::Outbox,
        ],
        DeskState::Offered { .. } => &[
            PanelChoice::Vouch,
            PanelChoice::End,
            PanelChoice::Quit,
            PanelChoice::Tickets,
            PanelChoice::Outbox,
            PanelChoice::Examine,
        ],
        DeskState::Starting | DeskState::Free | DeskState::JustParked { .. } => &[
            PanelChoice::Quit,
            PanelChoice::Tickets,
            PanelChoice::Outbox,
            PanelChoice::Examine,
        ],
    }
}

fn waiting<'v>(view: &UiView<'v>) -> &'v [ParkedVisit] {
    match view.volunteer {
        Volunteer::Open { waiting, .. } => waiting,
        _ => &[],
    }
}

fn outbox<'v>(view: &UiView<'v>) -> &'v [OutboxRow] {
    match view.volunteer {
        Volunteer::Open { outbox, .. } => outbox,
        _ => &[],
    }
}

impl VolunteerPanel {
    /// Draws the panel, or the checkup while there is one.
    pub fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        if let Some(checkup) = pen.view.checkup {
            return self.checkup.draw(pen, area, checkup);
        }
        let title = pen.words("panel-title");
        let size = Size::new(
            area.width.saturating_sub(4).min(100),
            area.height.saturating_sub(2).min(26),
        );
        let inside = Overlay {
            title: &title,
            size,
        }
        .draw(area, pen.buf, pen.theme);
        let (left, right) = halves(inside, inside.width.saturating_mul(9) / 20, 2);
        self.draw_choices(pen, left);
        self.draw_waiting(pen, right);
    }

    fn draw_choices(&self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let view = pen.view;
        let mut stack = Stack::new(area);
        if visit(view).is_none() {
            pen.tell(&mut stack, "panel-nothing", Role::Dim);
        }
        let words: Vec<String> = choices(view)
            .iter()
            .map(|choice| {
                let words = choice.words(self.sure == Some(*choice));
                // The other texts have no place for it.
                pen.words_with(words, &[("n", outbox(view).len().into())])
            })
            .collect();
        let selected = Some(self.selected).filter(|at| *at < words.len());
        pen.choices(&mut stack, &words, selected, false);
        stack.skip(1);
        if let Some(trouble) = visit(view).and_then(|v| v.trouble.as_ref()) {
            let cause = cause(pen.text, trouble);
            let words = pen.words_with("panel-cause", &[("cause", cause.into())]);
            pen.say(&mut stack, &words, Role::Warning);
            stack.skip(1);
        }
        draw_delivery(pen, &mut stack);
        let place = choices(view)
            .iter()
            .position(|choice| *choice == PanelChoice::Outbox);
        if let (1.., Some(place)) = (view.needs_person, place) {
            let key = place.saturating_add(1);
            let words = [("n", view.needs_person.into()), ("key", key.into())];
            let words = pen.words_with("panel-outbox-person", &words);
            pen.say(&mut stack, &words, Role::Warning);
        }
        pen.tell(&mut stack, "panel-gateways", Role::Title);
        let mut gateways = vec![
            ("gateway-identity", view.reach.identity),
            ("gateway-directory", view.reach.directory_read),
            ("gateway-directory-write", view.reach.directory_write),
            ("gateway-sms", view.reach.sms),
        ];
        if view.reach.device_grant.is_connected() {
            gateways.insert(0, ("gateway-device-grant", view.reach.device_grant));
        }
        for (name, gateway) in gateways {
            let (state, role) = gateway_words(pen, gateway);
            let line = format!("{}  {state}", pen.words(name));
            pen.say(&mut stack, &line, role);
        }
    }

    fn draw_waiting(&self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(area);
        if let Volunteer::Open { counts, .. } = pen.view.volunteer {
            pen.tell(&mut stack, "panel-today", Role::Title);
            let words = pen.words_with(
                "panel-counts",
                &[
                    ("opened", counts.opened.into()),
                    ("bound", counts.bound.into()),
                    ("word", counts.by_word.into()),
                    ("already", counts.already_bound.into()),
                    ("parked", counts.parked.into()),
                    ("ended", counts.ended.into()),
                ],
            );
            pen.say(&mut stack, &words, Role::Text);
            stack.skip(1);
        }
        pen.tell(&mut stack, "panel-waiting", Role::Title);
        let waiting = waiting(pen.view);
        if waiting.is_empty() {
            return pen.tell(&mut stack, "panel-nobody", Role::Dim);
        }
        let before = choices(pen.view).len();
        let at = self.selected.checked_sub(before);
        if at.is_some() {
            let mut foot = Stack::new(stack.bottom(2));
            for (key, words, hit, state) in [
                ("Enter", "panel-vouch-row", UiKey::Enter, ButtonIs::Primary),
                ("T", "panel-ticket-row", UiKey::Char('t'), ButtonIs::On),
            ] {
                pen.button(&mut foot, key, words, Hit::Key(hit), state);
            }
        }
        let room = usize::from(stack.rest().height.saturating_sub(1)).max(1);
        let first = at
            .unwrap_or(0)
            .saturating_add(1)
            .saturating_sub(room)
            .min(waiting.len());
        for (index, one) in waiting.iter().enumerate().skip(first).take(room) {
            let row = stack.take(1);
            let selected = at == Some(index);
            let line = waiting_line(pen, one, selected);
            let role = if selected { Role::Selected } else { Role::Text };
            put(row, row.x, row.y, &line, pen.theme.style(role), pen.buf);
            pen.hits.push(row, Hit::Pick(before.saturating_add(index)));
        }
        let more = waiting.len().saturating_sub(first.saturating_add(room));
        if more > 0 {
            let words = pen.words_with("panel-more", &[("n", more.into())]);
            pen.say(&mut stack, &words, Role::Dim);
        }
    }

    /// The waiting visit that is chosen.
    fn row<'v>(&self, view: &UiView<'v>) -> Option<&'v ParkedVisit> {
        let at = self.selected.checked_sub(choices(view).len())?;
        waiting(view).get(at)
    }

    fn choose(&mut self, index: usize, view: &UiView<'_>) -> PageResult {
        let choices = choices(view);
        if let Some(choice) = choices.get(index).copied() {
            self.selected = index;
            let asks = matches!(choice, PanelChoice::End | PanelChoice::Quit);
            if asks && self.sure != Some(choice) {
                self.sure = Some(choice);
                return PageResult::EDITED;
            }
            return match choice {
                PanelChoice::Ticket => PageResult::Open(Box::new(TicketFormPage::default())),
                PanelChoice::Tickets => PageResult::Open(Box::new(TicketsPage::default())),
                PanelChoice::Outbox => PageResult::Open(Box::new(OutboxPage::default())),
                PanelChoice::VouchFor => PageResult::Open(Box::new(VouchPage::default())),
                PanelChoice::Examine => PageResult::desk(DeskCommand::Examine { message: false }),
                _ => PageResult::Close(choice.reaction()),
            };
        }
        match waiting(view).get(index.saturating_sub(choices.len())) {
            Some(one) => {
                PageResult::Close(UiAction::Desk(DeskCommand::TakeUp { visit: one.visit }))
            }
            None => PageResult::EDITED,
        }
    }

    /// What an input means here.
    pub fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        if let Some(checkup) = view.checkup {
            return self.checkup.handle(input, checkup);
        }
        let count = choices(view).len().saturating_add(waiting(view).len());
        match input {
            PageInput::Pick(index) => {
                // A row of the list is chosen by one tap and taken up by the next: rows are picked wrongly too easily.
                let is_row = index >= choices(view).len();
                if is_row && self.selected != index {
                    (self.selected, self.sure) = (index, None);
                    return PageResult::EDITED;
                }
                self.choose(index, view)
            }
            PageInput::Key(UiKey::Esc | UiKey::Volunteer) => {
                PageResult::Close(UiAction::Desk(DeskCommand::Lock))
            }
            PageInput::Key(UiKey::Enter) => self.choose(self.selected, view),
            PageInput::Key(UiKey::Char('t' | 'T')) => match self.row(view) {
                Some(one) => PageResult::Open(Box::new(TicketsPage::opening(one.visit))),
                None => PageResult::EDITED,
            },
            PageInput::Key(key) => {
                if let Some(index) = digit_index(key).filter(|at| *at < choices(view).len()) {
                    return self.choose(index, view);
                }
                if let Some(selected) = moved(key, self.selected, count) {
                    (self.selected, self.sure) = (selected, None);
                }
                PageResult::EDITED
            }
            PageInput::Paste(_) | PageInput::Focus(_) => PageResult::EDITED,
        }
    }
}

/// Where the last message to the visit in hand is, by which carrier.
fn draw_delivery(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let Some(delivery) = pen.view.delivery else {
        return;
    };
    let (key, code, role) = match &delivery.is {
        DeliveryIs::HandedOver => ("panel-sms-handed-over", "", Role::Text),
        DeliveryIs::Delivered => ("panel-sms-delivered", "", Role::Success),
        DeliveryIs::Failed { code } => ("panel-sms-failed", code.as_str(), Role::Warning),
    };
    let parts = [("carrier", delivery.carrier.into()), ("code", code.into())];
    let words = pen.words_with(key, &parts);
    pen.say(stack, &words, role);
}

fn gateway_words(pen: &PagePen<'_, '_>, gateway: Gateway) -> (String, Role) {
    match gateway {
        Gateway::Absent => (pen.words("gateway-absent"), Role::Dim),
        Gateway::Up => (pen.words("gateway-up"), Role::Success),
        Gateway::Slow => (pen.words("gateway-slow"), Role::Warning),
        Gateway::Down { since } => {
            let minutes = pen.view.now.mono.saturating_sub(since).as_secs() / 60;
            let words = pen.words_with("gateway-down", &[("n", minutes.into())]);
            (words, Role::Danger)
        }
    }
}

/// `> AX3K7M  张*  20****12  5 分钟`: enough to find the right one, no more.
fn waiting_line(pen: &PagePen<'_, '_>, one: &ParkedVisit, selected: bool) -> String {
    let since = pen.view.now.wall.duration_since(one.since);
    let minutes = since.as_secs().max(0) / 60;
    let minutes = pen.words_with("panel-since", &[("n", minutes.into())]);
    let pickup = one.pickup.as_ref().map_or("------", |p| p.as_str());
    let name = one.name.as_ref().map(|name| name.masked());
    let student = match &one.student {
        Some(student) => student.masked(),
        None => pen.words("panel-unknown"),
    };
    let mark = if selected { ">" } else { " " };
    format!(
        "{mark} {pickup}  {} {student}  {minutes}",
        name.unwrap_or_default()
    )
}
