//! Drawing, and what keys mean. The screen holds what is half typed, the cursor and the focus; everything else it is
//! shown in a [`UiView`]. It changes no visit: it answers input with a [`UiAction`] and the desk acts on it.

mod action;
pub(crate) mod cells;
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
mod printer;
/// QR codes in cells.
pub mod qr;
mod second_keys;
/// Themes and what the terminal can draw.
pub mod theme;
/// The screen as a whole.
pub mod ui;
pub(crate) mod widgets;

use std::time::Duration;

pub use action::{DeskCommand, SystemWish, UiAction, UiInput, UiKey};
pub use idle::IdleCountdown;
pub use layout::{MIN_COLUMNS, MIN_ROWS};
pub use panel_state::{DayState, HandoverState, LeaveWays, Lookup, Volunteer};
pub use parked_visit::{ParkedVisit, WaitingQuery, WaitsFor, by_need};
pub use practice::{BadDayRow, NextStudent, OwnTrouble, PracticePhone};
pub use printer::{PrinterNow, PrinterState, trouble as printer_trouble};
pub use second_keys::second_key;
pub use widgets::wrap;

use jiff::Timestamp;

pub use crate::campus::in_flight::{Delivery, DeliveryIs, PendingCall, PhoneSignIn, ShownCode};
use crate::campus::pack::{FaqTopic, Pack, PackFront};
pub use crate::campus::tls_fault::TlsFault;
use crate::text::Lang;
use crate::visit::{
    Connectivity, DeskNumber, Link, Now, ParkedFor, Pickup, Place, Question, TicketRow, Visit,
};
use checkup::Checkup;
use drill::Drill;

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
    /// The gateways that are down because the connection to them cannot be made private, and why.
    pub not_private: Vec<(Link, TlsFault)>,
    /// The gateways that were not asked yet, or not since another one fell silent: nobody can say that they answer.
    pub untried: Vec<Link>,
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
    /// A volunteer is called from this page: that is seen over all else of the student's.
    pub is_called: bool,
    /// What a volunteer may make of the desk.
    pub leave: LeaveWays,
    /// Where the volunteer's side stands.
    pub volunteer: Volunteer<'a>,
    /// A notice for the volunteer about the store: full, read-only, rebuilt.
    pub store: StoreHealth,
    /// What the machine's clock shows, where it is not believed: a volunteer confirms it.
    pub doubted_clock: Option<Timestamp>,
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
    /// How many pickup numbers are free: a warning is shown before they run out.
    pub numbers_left: u16,
    /// The pickup number typed last, where it finds no visit; until the next one is typed.
    pub pickup_missed: Option<Pickup>,
    /// How long the next pickup number has to wait, after several that found none.
    pub pickup_wait: Duration,
    /// The pickup number of the visit that a volunteer set aside to take up the one in hand; for a while.
    pub gave_way: Option<Pickup>,
    /// How much of what waits for the campus needs a volunteer.
    pub needs_person: usize,
    /// The slip printer, where there is one.
    pub printer: Option<PrinterState>,
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
    /// It is all there, and root's, as whom no desk should run.
    AsRoot,
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
