//! One file a page. A page holds what is half typed on it, draws itself and says what input means; it changes no visit.
//!
//! A page lives as long as the visit stands at its place: leaving the place drops it, and its secrets with it.

mod ask;
mod at_field;
mod call;
mod checkup;
mod coach;
mod columns;
mod day;
mod drill;
mod follow;
mod forgotten;
mod form;
mod grant;
mod handover;
mod help;
mod identity;
mod idle;
mod key_list;
mod large;
mod lead_help;
mod leave;
mod leave_desk;
mod long_text;
mod note;
mod noted;
mod notice;
mod number;
mod number_entry;
mod offered;
mod outbox;
mod panel;
mod panel_gateways;
mod parked;
mod pen;
mod phone_keys;
mod phone_panel;
mod pin_check;
mod reading;
/// The words of a day's report.
pub mod report_words;
mod result;
mod route_card;
mod row_words;
mod scan;
/// The words of a ticket.
pub mod script;
mod sign_in;
mod small;
mod starting;
mod tell_number;
mod ticket;
mod tickets;
mod title;
mod unbind;
mod verify;
mod volunteer;
mod vouch;
mod waiting_list;
mod welcome;
mod words;

use std::time::Duration;

use ratatui::layout::Rect;

pub use ask::AskPage;
pub use at_field::{TroubleField, trouble_at};
pub use call::CallPage;
pub use coach::CoachPage;
pub use day::DayPage;
pub use drill::{DrillPage, task_words};
pub use follow::FollowPage;
pub use forgotten::ForgottenPage;
pub use forgotten::number as hotline_number;
pub use handover::HandoverPage;
pub use help::HelpPage;
pub use identity::IdentityPage;
pub use idle::draw_idle;
pub use key_list::{NamedKey, page_keys, volunteer_keys};
pub use lead_help::LeadHelpPage;
pub use leave::LeavePage;
pub use leave_desk::LeaveDeskPage;
pub use noted::NotedPage;
pub use notice::NoticePage;
pub use number::NumberPage;
pub use offered::OfferedPage;
pub use outbox::OutboxPage;
pub use parked::ParkedPage;
pub use pen::PagePen;
pub use phone_panel::{PhonePanel, bad_names};
pub use pin_check::LIFT_LENGTH;
pub use result::{AlreadyBoundPage, BoundPage, EndedPage, StuckPage};
pub use route_card::steps;
pub use small::draw_small;
pub use starting::StartingPage;
pub use tell_number::TellNumberPage;
pub use ticket::TicketFormPage;
pub use tickets::TicketsPage;
pub use unbind::UnbindPage;
pub use verify::VerifyPage;
pub use volunteer::VolunteerPage;
pub use vouch::VouchPage;
pub use waiting_list::WaitingPage;
#[cfg(test)]
pub use waiting_list::work;
pub use welcome::WelcomePage;
pub use words::{cause, gateway_name, tls_fault, trouble, waiting};

use crate::campus::pack::{Pack, Scanned};
use crate::screen::widgets::KeypadKey;
use crate::screen::{DeskCommand, DeskState, ParkedVisit, UiAction, UiKey, UiView, Volunteer};
use crate::visit::{Command, Pickup, Place, Step, StepKind, Visit, Way, route};

/// A page or an overlay.
pub trait UiPage: Send {
    /// Draws into the area. Hits and the caret go to the pen.
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect);

    /// What an input means here.
    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult;

    /// What a scanned number means here.
    ///
    /// # Errors
    /// Why it is not taken; nothing changed then.
    fn scan(&mut self, _code: &Scanned, _view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        Err(ScanRefusal::NotHere)
    }

    /// The keys that work here, for the footer, beside those that work everywhere.
    fn tips(&self, view: &UiView<'_>) -> Vec<Tip>;

    /// The key of the text that helps here.
    fn help(&self) -> &'static str;

    /// While something is under way, Enter and picks are inert. Editing goes on. A page is not offered Esc then: the
    /// [`Ui`](crate::screen::ui::Ui) gives up what is under way. An overlay gets Esc always. A volunteer's page does not
    /// wait for the visit.
    fn is_busy(&self, view: &UiView<'_>) -> bool {
        !self.is_volunteers() && view.waiting_for.is_some()
    }

    /// The field that has the keys, counted from 0, and how many there are: Tab goes through them before the buttons.
    fn fields(&self, _view: &UiView<'_>) -> (usize, usize) {
        (0, 1)
    }

    /// The field at which the page tells what is wrong with it: no band says so at the other end of the screen.
    fn told_at(&self, _view: &UiView<'_>) -> Option<TroubleField> {
        None
    }

    /// When the page must be drawn again by itself: a monotonic moment.
    fn wake(&self, _view: &UiView<'_>) -> Option<Duration> {
        None
    }

    /// What opens over the page by itself, once, when the visit comes to its place.
    fn opens(&self, _view: &UiView<'_>) -> Option<Box<dyn UiPage>> {
        None
    }

    /// An overlay that has nothing left to show: a volunteer's, when the panel was closed.
    fn is_over(&self, view: &UiView<'_>) -> bool {
        self.is_volunteers() && !matches!(view.volunteer, Volunteer::Open { .. })
    }

    /// Belongs to the volunteer: it stays when the visit moves on beneath it.
    fn is_volunteers(&self) -> bool {
        false
    }
}

/// Input as a page sees it: a tap has become what it hit.
#[derive(Clone, Copy)]
pub enum PageInput<'a> {
    /// A key.
    Key(UiKey),
    /// Pasted text.
    Paste(&'a str),
    /// The n-th choice, by a tap.
    Pick(usize),
    /// The n-th field, by a tap.
    Focus(usize),
}

/// Why what was scanned was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanRefusal {
    /// No such number fits here.
    NotHere,
    /// A password or a PIN is being typed.
    Secret,
    /// It is no number of this campus.
    NoNumber,
}

/// What can be tapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// What this key does.
    Key(UiKey),
    /// The n-th choice.
    Pick(usize),
    /// The n-th field.
    Focus(usize),
    /// The n-th action of the practice phone.
    Phone(usize),
    /// The n-th bad day of practice.
    BadDay(usize),
}

/// What a page did with an input: an action, and what happens to the overlay.
pub enum PageResult {
    /// The overlay stays as it is. [`UiAction::Ignored`] leaves a key to the [`Ui`](crate::screen::ui::Ui).
    Stay(UiAction),
    /// An overlay opens.
    Open(Box<dyn UiPage>),
    /// An overlay opens, and the desk is to do something for it.
    OpenWith(Box<dyn UiPage>, UiAction),
    /// The overlay closes with this action.
    Close(UiAction),
}

impl PageResult {
    /// The input means nothing to the page.
    pub const IGNORED: Self = PageResult::Stay(UiAction::Ignored);
    /// What is half typed or selected changed: draw.
    pub const EDITED: Self = PageResult::Stay(UiAction::Edited);
    /// The overlay closes and nothing else happens.
    pub const CLOSED: Self = PageResult::Close(UiAction::Edited);

    /// A command for the visit; the overlay stays.
    pub fn visit(command: Command) -> Self {
        PageResult::Stay(UiAction::Visit(command))
    }

    /// A command for the desk; the overlay stays.
    pub fn desk(command: DeskCommand) -> Self {
        PageResult::Stay(UiAction::Desk(command))
    }
}

/// A key in the footer.
#[derive(Debug, PartialEq, Eq)]
pub struct Tip {
    /// The key's name; not translated.
    pub key: &'static str,
    /// The key of its text.
    pub label: &'static str,
    /// 0 is kept longest where the row is short.
    pub rank: u8,
    /// What a tap on it means.
    pub hit: Hit,
}

/// A tip for a key.
pub fn tip(name: &'static str, label: &'static str, rank: u8, key: UiKey) -> Tip {
    Tip {
        key: name,
        label,
        rank,
        hit: Hit::Key(key),
    }
}

/// What a keypad's key is on the keyboard.
pub fn keypad_hit(key: KeypadKey) -> Hit {
    Hit::Key(match key {
        KeypadKey::Digit(digit) => UiKey::Char(digit),
        KeypadKey::Delete => UiKey::Backspace,
        KeypadKey::Ok => UiKey::Enter,
    })
}

/// A digit from 1 as an index from 0.
pub fn digit_index(key: UiKey) -> Option<usize> {
    match key {
        UiKey::Char(c) => c
            .to_digit(10)
            .and_then(|digit| usize::try_from(digit).ok())
            .and_then(|digit| digit.checked_sub(1)),
        _ => None,
    }
}

/// Moves a selection among `count` choices; `None` where the key does not.
pub fn moved(key: UiKey, selected: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        UiKey::Up | UiKey::BackTab => Some(selected.checked_sub(1).unwrap_or(last)),
        UiKey::Down | UiKey::Tab => Some(if selected >= last {
            0
        } else {
            selected.saturating_add(1)
        }),
        UiKey::Home => Some(0),
        UiKey::End => Some(last),
        _ => None,
    }
}

/// The visit in hand or offered.
pub fn visit<'v>(view: &UiView<'v>) -> Option<&'v Visit> {
    match &view.desk {
        DeskState::Visit { visit, .. } | DeskState::Offered { visit, .. } => Some(visit),
        DeskState::Starting | DeskState::Free | DeskState::JustParked { .. } => None,
    }
}

/// Whether a volunteer may vouch for the student's identity: no sign-in works now, and a roster was imported.
pub fn can_vouch(view: &UiView<'_>) -> bool {
    let at_identity = matches!(
        view.desk,
        DeskState::Visit {
            place: Place::Step {
                step: StepKind::Identity,
                way: Way::Desk,
                ..
            },
            ..
        }
    );
    let visit = visit(view);
    let known = visit.is_some_and(|visit| visit.student.is_some());
    let stuck = visit.is_some_and(|visit| visit.cannot_sign_in(view.reach));
    view.has_roster && at_identity && !known && stuck
}

/// Ends the visit with a page that only informs.
pub fn finish_on(input: PageInput<'_>) -> PageResult {
    match input {
        PageInput::Key(UiKey::Enter | UiKey::Esc | UiKey::Char(' ')) => {
            PageResult::visit(Command::Finish)
        }
        _ => PageResult::IGNORED,
    }
}

/// Whose a pickup number is, where another desk gave it.
pub fn foreign_desk(pen: &PagePen<'_, '_>, pickup: Pickup) -> Option<String> {
    let theirs = pickup.desk()?;
    let words = pen.words_with("pickup-foreign", &[("desk", theirs.get().into())]);
    (theirs != pen.view.desk_number).then_some(words)
}

/// Those who wait, what needs a person first; none where the panel is locked.
pub fn parked_visits<'v>(view: &UiView<'v>) -> &'v [ParkedVisit] {
    if let Volunteer::Open { waiting, .. } = view.volunteer {
        waiting
    } else {
        &[]
    }
}

/// The present step as the pack has it.
pub fn step<'v>(view: &UiView<'v>) -> Option<&'v Step> {
    route::step(visit(view)?, &view.pack?.rules, view.reach)
}

/// The other way of doing the present step, where there is one.
pub fn other_way(view: &UiView<'_>) -> Option<Way> {
    let visit = visit(view)?;
    let step = step(view)?;
    let now = route::way(step, visit, view.reach)?;
    let mut turned = visit.clone();
    if step.kind == StepKind::Notice {
        // A student who does not agree can use the phone, if the desk takes no data then.
        turned.prefers = Way::Phone;
        let next = route::step(&turned, &view.pack?.rules, view.reach)?;
        let is_passed_over = visit.prefers != Way::Phone && next.kind != StepKind::Notice;
        return is_passed_over.then_some(Way::Phone);
    }
    turned.prefers = match now {
        Way::Desk => Way::Phone,
        Way::Phone => Way::Desk,
    };
    route::way(step, &turned, view.reach).filter(|way| *way != now)
}

/// Whether Esc takes something back where the visit stands: what was said or done last or, at the confirmation of an
/// unbinding, the sign-in, which may be the wrong account. Where it does not, it leaves.
pub fn takes_back(view: &UiView<'_>) -> bool {
    let DeskState::Visit { visit, place } = &view.desk else {
        return false;
    };
    let unbinds = matches!(
        place,
        Place::Step {
            step: StepKind::Unbind,
            way: Way::Desk,
            ..
        }
    );
    let lets_go = unbinds && visit.old.is_some();
    let goes_back = |pack: &Pack| route::back_to(visit, &pack.rules, view.reach).is_some();
    lets_go || visit.page > 0 || view.pack.is_some_and(goes_back)
}

/// The footer's tip for Esc, by what it does there, on a page that leaves it to the [`Ui`](crate::screen::ui::Ui).
pub fn esc_tip(view: &UiView<'_>) -> Tip {
    let is_visit = matches!(view.desk, DeskState::Visit { .. });
    // What is waited for is given up first.
    let stays = view.waiting_for.is_some() || takes_back(view);
    let label = if is_visit && !stays {
        "leave-go"
    } else {
        "do-back"
    };
    tip("Esc", label, 0, UiKey::Esc)
}

/// Whether the next student can go first while this one waits.
pub fn may_step_aside(view: &UiView<'_>) -> bool {
    matches!(&view.desk, DeskState::Visit { place, .. } if route::may_step_aside(place))
}

/// The footer's tip for the other way.
pub fn other_way_tip(view: &UiView<'_>) -> Option<Tip> {
    let free = view.waiting_for.is_none();
    other_way(view).filter(|_| free).map(|way| match way {
        Way::Phone => tip("F5", "way-to-phone", 1, UiKey::OtherWay),
        Way::Desk => tip("F5", "way-to-desk", 1, UiKey::OtherWay),
    })
}

/// When the text of a countdown changes next: the monotonic moment at which its whole seconds drop by one.
pub fn next_second(view: &UiView<'_>, left: Duration) -> Duration {
    let rest = Duration::from_nanos(u64::from(left.subsec_nanos()));
    let rest = if rest.is_zero() {
        Duration::from_secs(1)
    } else {
        rest
    };
    view.now
        .mono
        .saturating_add(rest.max(Duration::from_millis(20)))
}

/// When the text of a wait in minutes changes next, as [`next_second`].
pub fn next_minute(view: &UiView<'_>, left: Duration) -> Duration {
    let rest = left.as_millis() % 60_000;
    let rest = u64::try_from(rest).unwrap_or_default();
    let rest = if rest == 0 { 60_000 } else { rest };
    let rest = Duration::from_millis(rest.max(20));
    view.now.mono.saturating_add(rest)
}

/// Whole minutes, rounded up.
pub fn minutes(left: Duration) -> u64 {
    seconds(left).div_ceil(60)
}

/// Whole seconds, rounded up, so that a countdown ends at zero and not before.
pub fn seconds(left: Duration) -> u64 {
    left.as_secs()
        .saturating_add(u64::from(left.subsec_nanos() > 0))
}
