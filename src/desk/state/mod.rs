//! What the desk shows and knows, beside the screen's half-typed state: the visit in hand, the volunteer's lock, the
//! idle watch, the gateways. Changed only by the loop.

mod call;
mod due;
mod idle;
mod view;

use std::sync::Arc;
use std::time::Duration;

use super::drill::DrillRun;
use super::effects::Breakers;
use super::lock::{PanelLock, PinTries};
use super::locked::LockedDesk;
use super::setup::PracticeLink;
use super::visits::{Changed, Visits};
use crate::campus::printer::PrinterTrouble;
use crate::clock::{Clock, SteadyClock};
use crate::screen::checkup::Checkup;
use crate::screen::{
    DayState, Delivery, DeliveryIs, HandoverState, Lookup, ParkedVisit, PhoneSignIn, PracticePhone,
    PrinterNow,
};
use crate::text::Lang;
use crate::visit::{
    Authority, Connectivity, DeskNumber, EffectId, Now, OutboxRow, ParkedFor, Pickup, PickupTries,
    Place, Rules, ShownNumbers, Status, Student, StudentNumber, TicketRow, Visit, VisitId, route,
};

pub use call::VolunteerCall;
pub use due::{Due, VisitDue};
pub use idle::IdleWatch;
pub use view::Served;

/// What is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Starting,
    Free,
    Offered(VisitId),
    Visit(VisitId),
    JustParked(VisitId),
}

impl Hand {
    /// The visit in hand; one that is only offered is not.
    pub fn visit(self) -> Option<VisitId> {
        match self {
            Hand::Visit(id) => Some(id),
            _ => None,
        }
    }
}

/// The loop's state beside the screen's half-typed one.
pub struct State {
    pub clock: Arc<SteadyClock>,
    /// The desk's number.
    pub number: DeskNumber,
    pub lang: Lang,
    /// The language that the next student finds.
    pub home_lang: Lang,
    pub hand: Hand,
    /// Something may be half typed on a page that belongs to no visit.
    pub is_untidy: bool,
    /// The last call for a volunteer, until it is taken back, is over, or its page is left.
    pub called: Option<VolunteerCall>,
    /// The last stop was unclean, and no volunteer has seen that yet.
    pub is_rebuilt: bool,
    /// Records of the journal were lost, and no volunteer has seen that yet.
    pub is_damaged: bool,
    /// The mark of the journal's end was lost, and no volunteer has seen that yet.
    pub is_unproved: bool,
    /// The desk runs as root and should not, and no volunteer has seen that yet.
    pub is_root: bool,
    /// Pickup numbers that have run out are not looked for before this monotonic moment.
    pub sweep_from: Duration,
    /// Since when `hand`, or the place within it, is what it is: monotonic.
    pub shown_since: Duration,
    pub breakers: Breakers,
    pub idle: IdleWatch,
    pub panel: PanelLock,
    pub pin_tries: PinTries,
    /// The lock for the PINs that other commands bring: it opens nothing on the screen.
    pub commands: PanelLock,
    /// The locked desk around this process, if any.
    pub locked: Option<LockedDesk>,
    /// When the program's file is looked at next, on a locked desk: monotonic.
    pub program_look_at: Option<Duration>,
    /// The system did not take the volunteer's last wish.
    pub wish_refused: bool,
    pub practice: Option<PracticeLink>,
    pub phone: Option<PracticePhone>,
    /// The drill of practice, once it was begun.
    pub drill: Option<DrillRun>,
    /// The last message that a carrier took, by the effect that sent it.
    pub message: Option<(EffectId, VisitId, Delivery)>,
    /// What the checks have found, while a volunteer looks at it.
    pub checkup: Option<Checkup>,
    pub waiting: Vec<ParkedVisit>,
    /// The tickets that are not solved.
    pub tickets: Vec<TicketRow>,
    /// What waits for the campus.
    pub outbox: Vec<OutboxRow>,
    /// The lock for the PIN of the volunteer who takes the desk over: it opens nothing.
    pub taking_over: PanelLock,
    /// How far the desk is handed over, while the panel is open.
    pub handover: HandoverState,
    /// The numbers of the day, while the panel is open.
    pub day: DayState,
    /// What the roster says, while the panel is open.
    pub lookup: Lookup,
    /// The student that the roster found, until the journal knows that it is shown.
    pub listed: Option<(StudentNumber, Student)>,
    /// The visit whose ticket the journal knows is looked at, while the panel is open.
    pub seen: Option<VisitId>,
    /// The pickup number typed last, where nothing waits under it.
    pub pickup_missed: Option<Pickup>,
    /// How often pickup numbers were looked for in vain.
    pub pickup_tries: PickupTries,
    /// The visit that a volunteer set aside to take up another, and until when its number is said: monotonic.
    pub gave_way: Option<(VisitId, Duration)>,
    /// The slip printer; none where none is configured.
    pub printer: Option<PrinterNow>,
    /// Whose slip was printed last, while its page is shown.
    pub slip_of: Option<VisitId>,
}

impl State {
    /// Both clocks now.
    pub fn now(&self) -> Now {
        self.clock.now()
    }

    /// What can be reached now.
    pub fn reach(&self) -> Connectivity {
        self.breakers.reach()
    }

    /// How many wrong PINs there were in a row, wherever they were tried.
    pub fn wrong_pins(&self) -> u32 {
        self.panel.wrong()
    }

    /// A PIN was tried at one of the locks: it counts, and the pause holds, at all of them.
    pub fn count_together(&mut self, tried: &PanelLock) {
        for lock in [&mut self.panel, &mut self.commands, &mut self.taking_over] {
            lock.count_as(tried);
        }
    }

    /// The visit that commands are for.
    pub fn target(&self) -> Option<VisitId> {
        match self.hand {
            Hand::Visit(id) | Hand::Offered(id) => Some(id),
            _ => None,
        }
    }

    /// Shows something from now on. A PIN that was given over another visit is good no longer.
    pub fn show(&mut self, hand: Hand) {
        if self.hand != hand {
            self.called = None;
        }
        self.hand = hand;
        if let Some(visit) = self.target() {
            self.panel.visit_shown(visit);
        }
        self.shown_since = self.now().mono;
        self.idle.touch(self.shown_since);
    }

    /// What the person at the desk may do: more than a student where the panel is open.
    pub fn authority(&self) -> Authority {
        if self.panel.is_open() {
            Authority::Volunteer
        } else {
            Authority::Student
        }
    }

    /// Where the visit in hand stands.
    pub fn place(&self, visits: &Visits, rules: &Rules) -> Option<Place> {
        let visit = visits.get(self.hand.visit()?)?;
        Some(route::place(visit, rules, self.reach()))
    }

    /// Records where a message is. News of an earlier message than the last are dropped.
    pub fn delivered(&mut self, id: EffectId, visit: VisitId, delivery: Delivery) {
        let is_new = delivery.is == DeliveryIs::HandedOver;
        let is_last = self.message.as_ref().is_some_and(|(last, ..)| *last == id);
        if is_new || is_last {
            self.message = Some((id, visit, delivery));
        }
    }

    fn granting<'a>(&self, visits: &'a Visits) -> Option<&'a PhoneSignIn> {
        visits.in_flight.granting(self.target()?)
    }

    /// The journal holds the record that a volunteer is shown the full identity.
    pub fn view_recorded(&mut self, visit: VisitId, whose: &ShownNumbers) {
        if !self.panel.is_open() {
            return;
        }
        match whose {
            ShownNumbers::Ticket | ShownNumbers::TicketToCommand => self.seen = Some(visit),
            ShownNumbers::Roster(number) => {
                if let Some((_, student)) = self.listed.take_if(|(listed, _)| listed == number) {
                    self.lookup = Lookup::Found(student);
                }
            }
        }
    }

    /// What was to be noted was not: it is not shown.
    pub fn view_not_recorded(&mut self) {
        if self.listed.take().is_some() {
            self.lookup = Lookup::NotNow;
        }
    }

    /// Nothing that the panel showed is kept here. Who takes the desk over is no view: that goes on.
    pub fn forget_views(&mut self) {
        (self.lookup, self.listed, self.seen) = (Lookup::None, None, None);
        self.day = DayState::None;
        self.waiting.clear();
    }

    /// Has what waits for the campus tried, where it is time.
    pub fn drain(&mut self, visits: &mut Visits) {
        visits.drain(&self.breakers, self.now().mono);
        self.refresh_outbox(visits);
    }

    /// What the volunteer's tray shows.
    pub fn refresh_outbox(&mut self, visits: &Visits) {
        self.outbox = visits.outbox(&self.breakers);
    }

    /// What to show when visits have changed. A visit that was opened or resumed is shown, unless another is in hand;
    /// one that is no longer in hand never comes back by itself.
    pub fn follow(&mut self, visits: &mut Visits, rules: &Rules, changed: &[Changed]) {
        for Changed { id, is_begun } in changed {
            let Some(status) = visits.get(*id).map(|visit| visit.status.clone()) else {
                continue;
            };
            let in_hand = self.hand == Hand::Visit(*id);
            match status {
                Status::Open if in_hand || *is_begun && !self.has_open_visit(visits) => {
                    self.show(Hand::Visit(*id));
                }
                Status::Parked {
                    why: ParkedFor::Idle,
                    ..
                } if in_hand => self.show(Hand::Free),
                Status::Parked { .. } if in_hand => self.show(Hand::JustParked(*id)),
                Status::Closed { .. }
                    if self.target() == Some(*id) || self.hand == Hand::JustParked(*id) =>
                {
                    self.show(Hand::Free);
                }
                _ => {}
            }
        }
        visits.tidy();
        self.leave_call(visits, rules);
        self.refresh_lists(visits, rules);
    }

    /// What came of the last slip.
    pub fn printed(&mut self, printed: Result<(), PrinterTrouble>) {
        self.printer = Some(match printed {
            Ok(()) => PrinterNow::Printed,
            Err(why) => PrinterNow::Failed(why),
        });
    }

    /// A volunteer takes up another visit than this one, whose student stands there: the number is said for a while.
    pub fn gives_way(&mut self, visit: VisitId) {
        self.gave_way = Some((visit, self.now().mono.saturating_add(due::PICKUP_FOR)));
    }

    /// Whether the visit in hand is open.
    pub fn has_open_visit(&self, visits: &Visits) -> bool {
        let visit = self.hand.visit().and_then(|id| visits.get(id));
        visit.is_some_and(Visit::is_open)
    }

    /// Whether a pickup number is to be shown that is not kept yet.
    pub fn awaits_number(&self, visits: &Visits) -> bool {
        let Hand::JustParked(id) = self.hand else {
            return false;
        };
        visits.get(id).is_some_and(Visit::is_open)
    }

    /// What the volunteer's lists show. Those who wait may be hundreds: they are gathered while the panel is open only.
    pub fn refresh_lists(&mut self, visits: &Visits, rules: &Rules) {
        if self.panel.is_open() {
            self.waiting = visits.waiting(rules, self.reach());
        }
        self.tickets = visits.tickets();
        self.refresh_outbox(visits);
    }

    /// The first page once the store is ready: the visit that was in hand when the desk stopped, or Welcome.
    pub fn offer_what_was_in_hand(&mut self, visits: &Visits, rules: &Rules) {
        let stopped = visits
            .iter()
            .filter(|visit| {
                matches!(
                    visit.status,
                    Status::Parked {
                        why: ParkedFor::ProgramRestart,
                        ..
                    }
                )
            })
            .max_by_key(|visit| visit.touched);
        self.show(stopped.map_or(Hand::Free, |visit| Hand::Offered(visit.id)));
        self.refresh_lists(visits, rules);
    }
}
