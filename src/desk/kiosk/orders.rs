//! What the screen asks of the desk beside commands for the visit in hand.

use super::desk::Desk;
use super::serving::Serving;
use super::{Canvas, Kiosk};
use crate::desk::practice_phone;
use crate::desk::state::Hand;
use crate::screen::DeskCommand;
use crate::visit::{Command, ParkedFor, Pickup, ShownNumbers, VisitId};

impl<C: Canvas> Kiosk<C> {
    /// Does what the screen asks, where the person at the desk may ask for it.
    pub(super) fn order(&mut self, order: DeskCommand) {
        if order.needs() > self.desk.state.authority() {
            tracing::warn!("an order was refused: the volunteer's panel is locked");
            return;
        }
        match order {
            DeskCommand::Language => self.desk.next_language(),
            DeskCommand::Theme => self.desk.next_theme(),
            DeskCommand::Repaint => self.desk.repaint = true,
            DeskCommand::Unlock { pin } => self.desk.check_pin(pin),
            DeskCommand::Lock => self.desk.leave_panel(),
            DeskCommand::Reopen => {
                self.desk.reopen_panel();
                self.with_serving(Serving::refresh_lists);
            }
            DeskCommand::NextStudent => {
                self.with_serving(Serving::next_student);
                self.desk.leave_panel();
            }
            DeskCommand::TakeUp { visit } => self.with_serving(|s, desk| s.take_up(desk, visit)),
            DeskCommand::ResumeBySignIn(with) => {
                self.with_serving(|s, desk| s.command(desk, Command::SignIn(with)));
            }
            DeskCommand::Call => {
                self.with_serving(|s, desk| desk.state.call(&s.visits, &s.pack.rules));
            }
            DeskCommand::EndCall => self.desk.state.called = None,
            DeskCommand::DismissOffer | DeskCommand::Continue => {
                self.with_serving(Serving::dismiss)
            }
            DeskCommand::FindPickup { pickup } => self.with_serving(|s, desk| s.find(desk, pickup)),
            DeskCommand::OpenTicket {
                visit,
                reason,
                contact,
            } => {
                let command = Command::OpenTicket { reason, contact };
                self.with_serving(|s, desk| s.open_ticket(desk, visit, command));
            }
            DeskCommand::ShowTicket { visit } => {
                self.with_serving(|s, desk| s.show_ticket(desk, visit))
            }
            DeskCommand::PrintSlip => self.with_serving(Serving::print_again),
            DeskCommand::PrintTicket { visit } => {
                self.with_serving(|s, desk| s.print_ticket(desk, visit));
            }
            DeskCommand::ForVisit { visit, command } => {
                self.with_serving(|s, desk| s.command_for(desk, visit, command));
            }
            DeskCommand::FindStudent { number } => {
                self.with_serving(|s, desk| s.find_student(desk, number));
            }
            DeskCommand::BeginHandover => self.desk.begin_handover(),
            DeskCommand::HandOver { pin } => self.desk.check_handover(pin),
            DeskCommand::ReadDay => self.with_serving(Serving::read_day),
            DeskCommand::ConfirmClock => {
                self.with_serving(|s, desk| s.confirm_clock(desk, desk.state.panel.by(), None));
            }
            DeskCommand::Examine { message } => self.begin_checks(message),
            DeskCommand::StopExamining => self.desk.stop_checks(),
            DeskCommand::Quit => self.desk.quit(),
            DeskCommand::AskSystem(wish) => self.desk.ask_system(wish),
            DeskCommand::PhoneAction { action } => {
                practice_phone::act(&self.desk.state.practice, &self.desk.news, action);
            }
            DeskCommand::Drill(order) => self.desk.drill(order),
            DeskCommand::BadDay { day } => self.desk.toggle_bad_day(day),
            DeskCommand::PhoneNumber { mobile } => {
                practice_phone::set_number(&self.desk.state.practice, &self.desk.news, mobile);
            }
        }
    }
}

impl Serving {
    fn next_student(&mut self, desk: &mut Desk) {
        self.command(
            desk,
            Command::Park {
                why: ParkedFor::Queue,
            },
        );
    }

    /// Gathers what the volunteer's lists show.
    pub(super) fn refresh_lists(&mut self, desk: &mut Desk) {
        self.has_roster = self.store.roster().is_there();
        desk.state.refresh_lists(&self.visits, &self.pack.rules);
    }

    /// A waiting visit goes on; the one in hand waits instead, and its number is said beside the one that goes on.
    fn take_up(&mut self, desk: &mut Desk, visit: VisitId) {
        match desk.state.hand {
            Hand::Visit(id) if id != visit => {
                let why = ParkedFor::Queue;
                self.command_for(desk, id, Command::Park { why });
                desk.state.gives_way(id);
            }
            Hand::Offered(id) if id != visit => self.withdraw_offer(id),
            Hand::Starting
            | Hand::Free
            | Hand::Offered(_)
            | Hand::Visit(_)
            | Hand::JustParked(_) => {}
        }
        self.command_for(desk, visit, Command::ResumeByVolunteer);
        desk.leave_panel();
    }

    /// A page that only informs was read, or an offer is not wanted. A visit that is open is not left by this.
    fn dismiss(&mut self, desk: &mut Desk) {
        if !desk.state.has_open_visit(&self.visits) {
            self.clear_for_next(desk, Command::Finish);
        }
    }

    /// A volunteer opens a ticket for a visit that waits; it goes on waiting.
    fn open_ticket(&mut self, desk: &mut Desk, visit: VisitId, command: Command) {
        self.command_for(desk, visit, command);
        // Its script is shown then.
        self.show_ticket(desk, visit);
    }

    /// A ticket is shown whole once the journal knows that it is.
    fn show_ticket(&mut self, desk: &mut Desk, visit: VisitId) {
        desk.state.seen = None;
        let whose = ShownNumbers::Ticket;
        self.command_for(desk, visit, Command::ShowNumbers { whose });
    }

    /// What waits here under another desk's number is found as well: this desk may have had that number. After several
    /// numbers that found nothing none is looked for until a pause is over.
    fn find(&mut self, desk: &mut Desk, pickup: Pickup) {
        let mono = desk.state.now().mono;
        if !desk.state.pickup_tries.wait(mono).is_zero() {
            desk.state.pickup_missed = None;
            return;
        }
        let found = self.visits.by_pickup(pickup, desk.state.now());
        desk.state.pickup_missed = found.is_none().then_some(pickup);
        if found.is_none() {
            desk.state.pickup_tries.miss(mono);
        }
        desk.count_missed_pickup();
        if let Some(visit) = found
            && desk.state.hand == Hand::Free
        {
            desk.state.show(Hand::Offered(visit));
        }
    }
}
