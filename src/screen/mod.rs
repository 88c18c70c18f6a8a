//! Drawing, and what keys mean. The screen holds what is half typed, the cursor and the focus; everything else it is
//! shown in a [`UiView`]. It changes no visit: it answers input with a [`UiAction`] and the desk acts on it.

mod cells;
/// The findings of the checks, and their words.
pub mod checkup;
/// The drill of five minutes.
pub mod drill;
mod idle;
mod layout;
/// The pages, one file each.
pub mod pages;
mod panel_state;
mod parked_visit;
mod practice;
/// QR codes in cells.
pub mod qr;
mod second_keys;
/// Themes and what the terminal can draw.
pub mod theme;
/// The screen as a whole.
pub mod ui;
mod widgets;

use std::time::Duration;

pub use idle::IdleCountdown;
pub use layout::{MIN_COLUMNS, MIN_ROWS};
pub use panel_state::{DayState, HandoverState};
pub use parked_visit::{ParkedVisit, WaitingQuery, WaitsFor, by_need};
pub use practice::{BadDayRow, NextStudent, PracticePhone};
pub use second_keys::second_key;

pub use crate::campus::in_flight::{Delivery, DeliveryIs, PendingCall, PhoneSignIn, ShownCode};
use crate::campus::pack::{FaqTopic, Pack, PackFront};
use crate::text::Lang;
use crate::visit::{
    Authority, ClockDoubt, Command, Connectivity, Counts, DeskNumber, FreeText, Link, Now,
    OutboxRow, ParkedFor, Pickup, Place, Question, Secret, SignInWith, Student, StudentNumber,
    TicketContact, TicketRow, Visit, VisitId, VolunteerName,
};
use checkup::Checkup;
use drill::{Drill, DrillOrder};

/// Everything a frame is drawn from, beside the screen's own half-typed state.
pub struct UiView<'a> {
    /// The language of the words.
    pub lang: Lang,
    /// The pack's names, hotline, codes, notice and numbers, which are there from the first frame on.
    pub front: &'a PackFront,
    /// The whole pack; `None` until students are served.
    pub pack: Option<&'a Pack>,
    /// The moment of the frame.
    pub now: Now,
    /// What is connected, and how it answers.
    pub reach: Connectivity,
    /// The gateways that are down because the connection to them cannot be made private.
    pub not_private: Vec<Link>,
    /// What the desk has in hand.
    pub desk: DeskState<'a>,
    /// What is under way outside for the visit in hand, so that every wait has words, a deadline and a way out.
    pub waiting_for: Option<PendingCall>,
    /// A sign-in on the student's own phone, while it is under way.
    pub granting: Option<&'a PhoneSignIn>,
    /// How long the desk waits, untouched, while a student signs in on their phone.
    pub grant_patience: Duration,
    /// When another code may be asked for; zero for now. `None` where none was issued.
    pub resend_in: Option<Duration>,
    /// How long until the issued code ends; `None` where none is good.
    pub code_ends_in: Option<Duration>,
    /// How long until the follow page offers the other case; zero for now. `None` where it is not offered.
    pub other_case_in: Option<Duration>,
    /// Set while the idle countdown runs.
    pub idle: Option<IdleCountdown>,
    /// Set while the student is busy with the phone: how long the desk still waits, untouched, before that countdown.
    pub patience_left: Option<Duration>,
    /// Where the volunteer's side stands.
    pub volunteer: Volunteer<'a>,
    /// A notice for the volunteer about the store: full, read-only, rebuilt.
    pub store: StoreHealth,
    /// Why the wall clock is not believed: a volunteer confirms it.
    pub clock_doubt: Option<ClockDoubt>,
    /// Whether a roster was imported: a volunteer vouches only for students in it.
    pub has_roster: bool,
    /// What the checks before the doors open have found so far, while a volunteer looks at it.
    pub checkup: Option<&'a Checkup>,
    /// The fate of the last message to the visit in hand, as far as its carrier reports.
    pub delivery: Option<&'a Delivery>,
    /// The practice phone, in practice.
    pub phone: Option<&'a PracticePhone>,
    /// The drill of practice, once it was begun.
    pub drill: Option<&'a Drill>,
    /// Practice is plainly marked as such on every screen.
    pub practice: bool,
    /// The first PIN, shown on the PIN pad in practice only.
    pub practice_pin: Option<&'a str>,
    /// The desk's number: in the header of every page, and in its pickup numbers.
    pub desk_number: DeskNumber,
    /// How many pickup numbers are free: a volunteer is told when they run out.
    pub numbers_left: u16,
    /// The pickup number typed last, where it finds no visit; until the next one is typed.
    pub pickup_missed: Option<Pickup>,
    /// The pickup number of the visit that a volunteer set aside to take up the one in hand; for a while.
    pub gave_way: Option<Pickup>,
    /// How much of what waits for the campus needs a volunteer.
    pub needs_person: usize,
}

impl<'a> UiView<'a> {
    /// The pack's frequent questions; none until the whole pack is read.
    pub fn topics(&self) -> &'a [FaqTopic] {
        self.pack.map_or(&[], |pack| &pack.faq)
    }

    /// Whether a route of the pack depends on the answer to this question.
    pub fn asks(&self, question: Question) -> bool {
        self.pack.is_some_and(|pack| pack.rules.asks(question))
    }
}

/// What the desk has in hand.
pub enum DeskState<'a> {
    /// The store is not ready, or has yet to keep what was left: a neutral page that takes function keys only.
    Starting,
    /// No visit is in hand: Welcome.
    Free,
    /// After a restart, or by pickup number: a visit that goes on by a sign-in or the PIN.
    Offered {
        /// The visit.
        visit: &'a Visit,
        /// The last sign-in was refused, or was somebody else's.
        failed: bool,
    },
    /// A visit in hand and where it stands.
    Visit {
        /// The visit.
        visit: &'a Visit,
        /// Its present page.
        place: Place,
    },
    /// The visit was just parked: its pickup number is shown until a key.
    JustParked {
        /// The number to resume the visit with; none where all numbers of the desk waited already.
        pickup: Option<Pickup>,
        /// What the visit waits for.
        why: ParkedFor,
        /// Whether an outbox entry still waits for the campus; it is retried by itself.
        owes: bool,
        /// It was parked with a ticket.
        ticket: Option<Box<TicketRow>>,
    },
}

/// The volunteer's side of the desk.
pub enum Volunteer<'a> {
    /// The panel is closed.
    Locked,
    /// The panel was left a moment ago, and no other visit was in hand since: the PIN is still good.
    Left {
        /// Whose PIN it was, where it was their own: another volunteer may stand there now, and is asked.
        by: Option<&'a VolunteerName>,
    },
    /// The PIN is being checked.
    Checking,
    /// It was wrong; the next try is taken at this monotonic moment.
    Wrong {
        /// Monotonic.
        again_at: Duration,
    },
    /// The panel is open.
    Open {
        /// The volunteer, where the PIN was their own.
        by: Option<&'a VolunteerName>,
        /// What happened today.
        counts: Counts,
        /// The parked visits.
        waiting: &'a [ParkedVisit],
        /// Those that are not solved.
        tickets: &'a [TicketRow],
        /// What waits for the campus: what needs a person first.
        outbox: &'a [OutboxRow],
        /// What the roster says of the number typed to vouch for somebody.
        lookup: &'a Lookup,
        /// How far the desk is handed over.
        handover: HandoverState,
        /// The numbers of the day, where they were asked for.
        day: &'a DayState,
        /// The visit whose ticket is looked at, once the journal knows that it is: it is shown whole then, and not before.
        seen: Option<VisitId>,
    },
}

/// The result of a lookup in the roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Lookup {
    /// Nothing was looked up.
    #[default]
    None,
    /// The roster is being read.
    Looking,
    /// The student.
    Found(Student),
    /// The roster has no such number.
    Missing,
    /// No roster was imported here.
    NoRoster,
    /// The desk cannot keep that it was looked at.
    NotNow,
}

/// How the store is doing, as far as people must know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoreHealth {
    /// It keeps everything.
    #[default]
    Good,
    /// No room: the visit in hand can be finished, no new one is opened.
    Full,
    /// It cannot be written: nothing is acknowledged until it can.
    Failed,
    /// The disk has become read-only: the same, but what to do about it is another thing.
    ReadOnly,
    /// It was rebuilt from the journal after an unclean stop.
    Rebuilt,
    /// Some of its records were damaged and are lost; all others are there.
    Damaged,
    /// The mark of its end was lost: whether records are missing cannot be told.
    Unproved,
}

impl StoreHealth {
    /// Whether a new visit is kept.
    pub fn takes_visits(self) -> bool {
        self.keeps() && self != StoreHealth::Full
    }

    /// Whether anything is kept at all.
    pub fn keeps(self) -> bool {
        !matches!(self, StoreHealth::Failed | StoreHealth::ReadOnly)
    }
}

/// Input, cleaned of what terminals do differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UiInput {
    /// A character, function key or editing key.
    Key(UiKey),
    /// Pasted text, bounded and without control characters.
    Paste(String),
    /// A click or a tap on a cell, counted from the upper left corner.
    Tap {
        /// From 0.
        column: u16,
        /// From 0.
        row: u16,
    },
    /// One step of the wheel.
    Scroll {
        /// Towards the end.
        down: bool,
    },
}

/// What a key means on every terminal; which key it was is the desk's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UiKey {
    /// A printable character.
    Char(char),
    /// Enter, also the keypad's.
    Enter,
    /// Escape.
    Esc,
    /// Deletes backwards.
    Backspace,
    /// Deletes forwards.
    Delete,
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// The next field.
    Tab,
    /// The field before: Shift-Tab.
    BackTab,
    /// A page back.
    PageUp,
    /// A page on.
    PageDown,
    /// F1, or its second key.
    Help,
    /// F2.
    Language,
    /// F3.
    Theme,
    /// F10.
    Volunteer,
    /// Ctrl-L.
    Repaint,
    /// Shows the password for three seconds: Ctrl-R.
    Reveal,
    /// Clears the field: Ctrl-U.
    ClearField,
    /// The practice phone: F9, or Ctrl-P.
    Phone,
    /// The password is forgotten: F4, or Ctrl-F.
    Forgotten,
    /// The other way, by the phone or by the desk: F5, or Ctrl-O.
    OtherWay,
    /// The student waits, and the next one goes first: F6, or Ctrl-N.
    StepAside,
    /// A ticket for the hotline: F7, or Ctrl-B.
    Ticket,
    /// A volunteer is called, to be seen from afar: F8, or Ctrl-V.
    Call,
}

/// What input led to.
#[derive(Debug)]
pub enum UiAction {
    /// The input meant nothing; nothing is drawn.
    Ignored,
    /// The screen's own state changed: draw.
    Edited,
    /// A command for the visit.
    Visit(Command),
    /// A command for the desk.
    Desk(DeskCommand),
}

/// What the screen asks of the desk, beside commands for the visit.
#[derive(Debug)]
pub enum DeskCommand {
    /// The next language.
    Language,
    /// The next theme.
    Theme,
    /// The whole screen is redrawn.
    Repaint,
    /// The PIN was typed.
    Unlock {
        /// As typed.
        pin: Secret,
    },
    /// The volunteer's panel was closed: it is locked again.
    Lock,
    /// The panel was left a moment ago and is opened again without the PIN.
    Reopen,
    /// The visit in hand is parked and the next student taken.
    NextStudent,
    /// A waiting visit is resumed by the volunteer, who saw papers.
    TakeUp {
        /// Which visit.
        visit: VisitId,
    },
    /// The offered visit goes on by a sign-in.
    ResumeBySignIn(SignInWith),
    /// The offered visit is left parked: back to Welcome.
    DismissOffer,
    /// A pickup number was typed.
    FindPickup {
        /// As typed.
        pickup: Pickup,
    },
    /// A volunteer opens a ticket for a visit that waits.
    OpenTicket {
        /// Which visit.
        visit: VisitId,
        /// What is wrong.
        reason: FreeText,
        /// Who it is about, as far as that is not known and was typed.
        contact: TicketContact,
    },
    /// A volunteer looks at a ticket, with the numbers whole.
    ShowTicket {
        /// Which visit.
        visit: VisitId,
    },
    /// A volunteer's command for any visit, from the open panel, which stays open.
    ForVisit {
        /// Which visit.
        visit: VisitId,
        /// What to do with it.
        command: Command,
    },
    /// A student is looked for in the roster, to be vouched for.
    FindStudent {
        /// As typed.
        number: StudentNumber,
    },
    /// The numbers of the day are read from the journal.
    ReadDay,
    /// The volunteer says that the wall clock is right.
    ConfirmClock,
    /// The page on which the desk is handed over opens.
    BeginHandover,
    /// The next volunteer has read what is left to do, and takes the desk over.
    HandOver {
        /// Theirs, as typed.
        pin: Secret,
    },
    /// A page that only informs was left: back to Welcome.
    Continue,
    /// The checks before the doors open, again; `message` sends one to the volunteer's own number.
    Examine {
        /// Whether to send the message.
        message: bool,
    },
    /// The volunteer has seen what they found.
    StopExamining,
    /// The volunteer leaves the program.
    Quit,
    /// The n-th action of the practice phone, counted from 0.
    PhoneAction {
        /// From 0.
        action: usize,
    },
    /// The drill of practice begins or ends.
    Drill(DrillOrder),
    /// The n-th bad day of practice is set or taken back.
    BadDay {
        /// From 0.
        day: usize,
    },
    /// The practice phone's WeChat is another number from now on.
    PhoneNumber {
        /// As typed.
        mobile: String,
    },
}

impl DeskCommand {
    /// The least authority that this command takes.
    pub fn needs(&self) -> Authority {
        match self {
            DeskCommand::Language
            | DeskCommand::Theme
            | DeskCommand::Repaint
            | DeskCommand::Unlock { .. }
            | DeskCommand::Lock
            | DeskCommand::Reopen
            | DeskCommand::ResumeBySignIn(_)
            | DeskCommand::DismissOffer
            | DeskCommand::FindPickup { .. }
            | DeskCommand::Continue
            | DeskCommand::PhoneAction { .. }
            | DeskCommand::BadDay { .. }
            | DeskCommand::Drill(_)
            | DeskCommand::PhoneNumber { .. } => Authority::Student,
            DeskCommand::NextStudent
            | DeskCommand::TakeUp { .. }
            | DeskCommand::OpenTicket { .. }
            | DeskCommand::ShowTicket { .. }
            | DeskCommand::ForVisit { .. }
            | DeskCommand::FindStudent { .. }
            | DeskCommand::ReadDay
            | DeskCommand::ConfirmClock
            | DeskCommand::BeginHandover
            | DeskCommand::HandOver { .. }
            | DeskCommand::Examine { .. }
            | DeskCommand::StopExamining
            | DeskCommand::Quit => Authority::Volunteer,
        }
    }
}
