//! A ticket on the screen: why it is opened, then its number large with the script of the call. The script is whole, for
//! the student at the desk or a volunteer with the PIN.

use jiff::tz::TimeZone;
use ratatui::layout::{Rect, Size};

use super::forgotten::number;
use super::large::draw_large;
use super::long_text::TextArea;
use super::pen::ButtonIs;
use super::reading::{ScrollState, wrapped};
use super::script::script;
use super::{
    Hit, PageInput, PagePen, PageResult, Tip, UiPage, VolunteerPage, parked_visits, tip, visit,
};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, LineField, Overlay};
use crate::screen::{DeskCommand, ParkedVisit, UiAction, UiKey, UiView, Volunteer};
use crate::visit::{
    Command, FreeText, Mobile, Name, StudentNumber, TicketContact, TicketRow, VisitId,
};

/// The longest student number or name, in characters.
const LONGEST: usize = 40;

/// The three things that the hotline writes down, in the order of the fields.
const CONTACT: [&str; 3] = ["ticket-student", "ticket-name", "ticket-mobile"];
/// The places of the two numbers among them.
const NUMBER: usize = 0;
const MOBILE: usize = 2;
/// Where the reason stands, behind the fields.
const REASON: usize = CONTACT.len();

/// Why a ticket is opened, and who it is about as far as that is not known: by the student, or by the volunteer for them.
pub struct TicketFormPage {
    /// The visit that waits and gets the ticket; none for the one in hand.
    about: Option<VisitId>,
    contact: [LineField; CONTACT.len()],
    reason: TextArea,
    /// The field in focus; the first that is asked for, until another is chosen.
    focus: Option<usize>,
    /// What is written there is none.
    wrong: Option<usize>,
    /// It was opened from the volunteer's panel.
    is_from_panel: bool,
}

impl Default for TicketFormPage {
    fn default() -> Self {
        TicketFormPage {
            about: None,
            contact: std::array::from_fn(|_| LineField::new(LONGEST)),
            reason: TextArea::default(),
            focus: None,
            wrong: None,
            is_from_panel: false,
        }
    }
}

impl TicketFormPage {
    /// The form, opened from the panel for the visit in hand: Esc goes back there.
    pub fn from_panel() -> Self {
        TicketFormPage {
            is_from_panel: true,
            ..TicketFormPage::default()
        }
    }

    /// The form for a visit that waits.
    pub fn about(visit: VisitId) -> Self {
        TicketFormPage {
            about: Some(visit),
            ..TicketFormPage::default()
        }
    }

    /// What is known of the student, masked, in the order of the fields.
    fn known(&self, view: &UiView<'_>) -> [Option<String>; CONTACT.len()] {
        let waits = |one: &&ParkedVisit| Some(one.visit) == self.about;
        if self.about.is_some() {
            let one = parked_visits(view).iter().find(waits);
            return [
                one.and_then(|one| Some(one.student.as_ref()?.masked())),
                one.and_then(|one| Some(one.name.as_ref()?.masked())),
                one.and_then(|one| Some(one.mobile.as_ref()?.masked())),
            ];
        }
        let visit = visit(view);
        let student = visit.and_then(|visit| visit.student.as_ref());
        [
            student.map(|student| student.number.masked()),
            student.map(|student| student.name.masked()),
            visit.and_then(|visit| Some(visit.mobile.as_ref()?.masked())),
        ]
    }

    /// Whether there is no number for a ticket: the visit has none, and all numbers of the desk wait.
    fn lacks_number(&self, view: &UiView<'_>) -> bool {
        let has_number = match self.about {
            Some(about) => {
                let mut waiting = parked_visits(view).iter();
                waiting.any(|one| one.visit == about && one.pickup.is_some())
            }
            None => visit(view).is_some_and(|visit| visit.ticket.is_some()),
        };
        view.numbers_left == 0 && !has_number
    }

    /// The fields that are asked for, then the reason.
    fn asked(&self, view: &UiView<'_>) -> Vec<usize> {
        let known = self.known(view);
        let unknown = (0..).zip(&known).filter(|(_, known)| known.is_none());
        unknown.map(|(at, _)| at).chain([REASON]).collect()
    }

    /// The place of the field in focus, and how many there are.
    pub fn place(&self, view: &UiView<'_>) -> (usize, usize) {
        let asked = self.asked(view);
        let focus = self.focus(view);
        let at = asked.iter().position(|field| *field == focus);
        // A field that was passed over comes after the last one.
        let more = usize::from(self.passed_over(view).is_some());
        (at.unwrap_or_default(), asked.len().saturating_add(more))
    }

    fn focus(&self, view: &UiView<'_>) -> usize {
        let fields = self.asked(view);
        let focus = self.focus.filter(|focus| fields.contains(focus));
        focus.or(fields.first().copied()).unwrap_or(REASON)
    }

    /// Enter: from a field to the next one, and from the last what was written.
    pub fn enter(&mut self, view: &UiView<'_>) -> Option<(FreeText, TicketContact)> {
        if self.focus(view) == REASON {
            return self.finish(view);
        }
        self.write(PageInput::Key(UiKey::Tab), view);
        None
    }

    /// What Enter does: the key of its words.
    pub fn enter_does(&self, view: &UiView<'_>) -> &'static str {
        if self.focus(view) == REASON {
            "ticket-open"
        } else {
            "do-field"
        }
    }

    /// The first field with nothing in it, where the reason is asked for: whoever goes on from there has passed it over.
    fn passed_over(&self, view: &UiView<'_>) -> Option<usize> {
        let is_asked = self.wrong == Some(REASON) && self.focus(view) == REASON;
        let is_empty = |at: &usize| {
            let field = self.contact.get(*at);
            field.is_some_and(|field| field.text().trim().is_empty())
        };
        self.asked(view)
            .into_iter()
            .find(is_empty)
            .filter(|_| is_asked)
    }

    /// What was written; none where one of the numbers is none or nothing is said to be wrong, which is then marked, or the
    /// ticket would have no number.
    fn finish(&mut self, view: &UiView<'_>) -> Option<(FreeText, TicketContact)> {
        if self.lacks_number(view) {
            return None;
        }
        let typed = self.contact.each_ref().map(|field| {
            let text = field.text().trim();
            Some(text).filter(|text| !text.is_empty())
        });
        let [number, name, mobile] = typed;
        let contact = TicketContact {
            number: number.and_then(StudentNumber::exactly),
            name: name.map(Name::new),
            mobile: mobile.and_then(|mobile| Mobile::parse(mobile).ok()),
        };
        // A student number is any that a campus may have: the pack's rule is for sign-ins.
        let is_number = contact.number.as_ref().map(StudentNumber::as_str) == number;
        let is_mobile = contact.mobile.is_some() == mobile.is_some();
        let reason = self.reason.words();
        self.wrong = if !is_number {
            Some(NUMBER)
        } else if !is_mobile {
            Some(MOBILE)
        } else if reason.is_empty() {
            // Without it the hotline is told nothing to act on.
            Some(REASON)
        } else {
            None
        };
        self.focus = self.wrong.or(self.focus);
        self.wrong.is_none().then_some((reason, contact))
    }

    /// What is typed, and where it goes.
    pub fn write(&mut self, input: PageInput<'_>, view: &UiView<'_>) {
        let fields = self.asked(view);
        let at = self.focus(view);
        let place = fields.iter().position(|field| *field == at);
        let step = |by: usize| {
            let to = place.unwrap_or_default().saturating_add(by);
            fields
                .get(to.checked_rem(fields.len()).unwrap_or_default())
                .copied()
        };
        match (input, self.contact.get_mut(at)) {
            (PageInput::Key(UiKey::Tab | UiKey::Down), _) => {
                self.focus = self.passed_over(view).or(step(1));
            }
            (PageInput::Key(UiKey::BackTab | UiKey::Up), _) => {
                self.focus = step(fields.len().saturating_sub(1));
            }
            (PageInput::Focus(at), _) => self.focus = Some(at),
            (PageInput::Key(key), Some(field)) => {
                field.key(key);
                self.wrong = None;
            }
            (PageInput::Paste(text), Some(field)) => {
                field.paste(text);
                self.wrong = None;
            }
            (PageInput::Key(key), None) => {
                self.reason.key(key);
                self.wrong = None;
            }
            (PageInput::Paste(text), None) => {
                self.reason.paste(text);
                self.wrong = None;
            }
            (PageInput::Pick(_), _) => {}
        }
    }

    /// Draws the form.
    pub fn draw_inside(&self, pen: &mut PagePen<'_, '_>, mut stack: Stack) {
        let mut foot = Stack::new(stack.bottom(1));
        let known = self.known(pen.view);
        let focus = self.focus(pen.view);
        pen.tell(&mut stack, "ticket-words", Role::Text);
        if self.lacks_number(pen.view) {
            pen.tell(&mut stack, "ticket-no-number", Role::Danger);
        }
        let told: Vec<String> = CONTACT
            .iter()
            .zip(&known)
            .filter_map(|(label, known)| Some(format!("{} {}", pen.words(label), known.as_ref()?)))
            .collect();
        if !told.is_empty() {
            let words = pen.words_with("ticket-known", &[("who", told.join("  ").into())]);
            pen.say(&mut stack, &words, Role::Dim);
        }
        for (at, (label, field)) in CONTACT.iter().zip(&self.contact).enumerate() {
            if known.get(at).is_some_and(Option::is_some) {
                continue;
            }
            let label = pen.words(label);
            let area = stack.take(Field::HEIGHT);
            pen.hits.push(area, Hit::Focus(at));
            let field = field.field(&label, "", focus == at);
            if let Some(caret) = field.draw(area, pen.buf, pen.theme) {
                pen.caret = Some(caret);
            }
            if self.wrong == Some(at) {
                pen.mark_wrong(area);
                let words = match at {
                    MOBILE => "ticket-wrong-mobile",
                    _ => "ticket-wrong-number",
                };
                pen.tell(&mut stack, words, Role::Danger);
            }
        }
        if self.wrong == Some(REASON) {
            pen.tell(&mut stack, "ticket-no-reason", Role::Danger);
        }
        let rows = stack.rest().height.saturating_sub(2);
        pen.hits.push(stack.rest(), Hit::Focus(REASON));
        let is_focus = focus == REASON;
        self.reason
            .draw(pen, &mut stack, "ticket-reason", rows, is_focus);
        pen.buttons(
            &mut foot,
            &[
                (
                    "Enter",
                    self.enter_does(pen.view),
                    UiKey::Enter,
                    ButtonIs::Primary,
                ),
                ("Esc", "do-back", UiKey::Esc, ButtonIs::On),
            ],
        );
    }
}

impl UiPage for TicketFormPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("ticket-title");
        let size = Size::new(70, 18);
        let inside = Overlay {
            title: &title,
            size,
        }
        .draw(area, pen.buf, pen.theme);
        self.draw_inside(pen, Stack::new(inside));
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Esc) if self.is_from_panel => return VolunteerPage::back(),
            PageInput::Key(UiKey::Esc) => return PageResult::CLOSED,
            PageInput::Key(UiKey::Volunteer) if self.is_from_panel => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(UiKey::Enter) => {
                if let Some((reason, contact)) = self.enter(view) {
                    let command = Command::OpenTicket { reason, contact };
                    return PageResult::Close(UiAction::Visit(command));
                }
            }
            input => self.write(input, view),
        }
        PageResult::EDITED
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![
            tip("Enter", self.enter_does(view), 0, UiKey::Enter),
            tip("Esc", "do-back", 0, UiKey::Esc),
        ];
        if self.asked(view).len() > 1 {
            tips.push(tip("Tab", "do-field", 3, UiKey::Tab));
        }
        tips
    }

    fn fields(&self, view: &UiView<'_>) -> (usize, usize) {
        self.place(view)
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_busy(&self, _view: &UiView<'_>) -> bool {
        false
    }

    fn is_over(&self, view: &UiView<'_>) -> bool {
        self.is_from_panel && !matches!(view.volunteer, Volunteer::Open { .. })
    }

    fn is_volunteers(&self) -> bool {
        self.is_from_panel
    }
}

/// The rows below a ticket's number where it is to be brought along: the hotline, and some of what is read out.
pub const NUMBER_FIRST: u16 = 5;
/// The same where it is to be read out.
pub const SCRIPT_FIRST: u16 = 12;

/// The number large, with so many rows kept below it, and the hotline; below them what to read out and what came of it.
pub fn draw_ticket(
    pen: &mut PagePen<'_, '_>,
    stack: &mut Stack,
    row: &TicketRow,
    more: Vec<(String, Role)>,
    reading: &mut ScrollState,
    below: u16,
) {
    draw_large(pen, stack, &row.ticket.number.to_string(), below);
    stack.skip(1);
    let hotline = number(&pen.view.front.hotline);
    let words = pen.words_with("ticket-call", &[("number", hotline.into())]);
    pen.say(stack, &words, Role::Title);
    let zone = TimeZone::system();
    let script = script(pen.text, pen.view.pack, &zone, row);
    let line = |(label, words): (&str, String)| {
        let label = pen.words(label);
        let words = pen.words_with(
            "ticket-line",
            &[("label", label.into()), ("words", words.into())],
        );
        (words, Role::Text)
    };
    let lines = more
        .into_iter()
        .chain(script.into_iter().map(line))
        .collect();
    let lines = wrapped(lines, stack.rest().width);
    reading.draw(pen, stack.rest(), &lines);
}
