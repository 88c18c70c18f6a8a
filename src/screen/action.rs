//! What keys, pastes and taps are to the screen, and what it asks of the desk because of them. Nothing is decided here.

use super::drill::DrillOrder;
use crate::visit::{
    Authority, Command, FreeText, Pickup, Secret, SignInWith, StudentNumber, TicketContact, VisitId,
};

/// Input, cleaned of what terminals do differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UiInput {
    /// A character, function key or editing key.
    Key(UiKey),
    /// Pasted text, bounded and without control characters.
    Paste(String),
    /// What a barcode scanner read, bounded; empty where that was too long to be a number.
    Scan(String),
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
    /// A volunteer is called from the page that is shown.
    Call,
    /// The call is taken back.
    EndCall,
    /// A page that only informs was left: back to Welcome.
    Continue,
    /// The slip of the visit that was just parked is printed, once more.
    PrintSlip,
    /// A ticket that is looked at is printed.
    PrintTicket {
        /// Whose.
        visit: VisitId,
    },
    /// The checks before the doors open, again; `message` sends one to the volunteer's own number.
    Examine {
        /// Whether to send the message.
        message: bool,
    },
    /// The volunteer has seen what they found.
    StopExamining,
    /// The volunteer leaves the program. A locked desk begins again.
    Quit,
    /// The volunteer asks something of the machine of a locked desk, and leaves the program for it.
    AskSystem(SystemWish),
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

/// What a volunteer may ask of the machine of a locked desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemWish {
    /// It is switched off.
    SwitchOff,
    /// An administrator logs in with their own password; then the desk is back.
    Maintenance,
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
            | DeskCommand::Call
            | DeskCommand::EndCall
            | DeskCommand::Continue
            | DeskCommand::PrintSlip
            | DeskCommand::PhoneAction { .. }
            | DeskCommand::BadDay { .. }
            | DeskCommand::Drill(_)
            | DeskCommand::PhoneNumber { .. } => Authority::Student,
            DeskCommand::NextStudent
            | DeskCommand::TakeUp { .. }
            | DeskCommand::OpenTicket { .. }
            | DeskCommand::ShowTicket { .. }
            | DeskCommand::PrintTicket { .. }
            | DeskCommand::ForVisit { .. }
            | DeskCommand::FindStudent { .. }
            | DeskCommand::ReadDay
            | DeskCommand::ConfirmClock
            | DeskCommand::BeginHandover
            | DeskCommand::HandOver { .. }
            | DeskCommand::Examine { .. }
            | DeskCommand::StopExamining
            | DeskCommand::Quit
            | DeskCommand::AskSystem(_) => Authority::Volunteer,
        }
    }
}
