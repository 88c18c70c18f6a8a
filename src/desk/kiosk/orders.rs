//! What the screen asks of the desk beside commands for a visit.

use super::{Canvas, Kiosk};
use crate::desk::event::News;
use crate::desk::practice_phone;
use crate::desk::state::Hand;
use crate::screen::DeskCommand;
use crate::screen::theme::Theme;
use crate::visit::{Command, ParkedFor, Pickup, Secret, Shown, VisitId, Words};

impl<C: Canvas> Kiosk<C> {
    pub(super) fn order(&mut self, order: DeskCommand) {
        match order {
            DeskCommand::Language => {
                self.state.lang = self.state.lang.next();
                self.ui.set_lang(self.state.lang);
            }
            DeskCommand::Theme => {
                self.theme = Theme::next(&self.theme, self.themes_dir.as_deref());
                let (theme, fault) = Theme::load(&self.theme, self.themes_dir.as_deref());
                if let Some(fault) = fault {
                    tracing::warn!(%fault, "a theme cannot be used");
                }
                self.ui.set_theme(theme);
            }
            DeskCommand::Repaint => self.repaint = true,
            DeskCommand::Unlock { pin } => self.check_pin(pin),
            DeskCommand::Lock => self.lock_panel(),
            DeskCommand::NextStudent => self.next_student(),
            DeskCommand::TakeUp { visit } => self.take_up(visit),
            DeskCommand::ResumeBySignIn(with) => self.command(Command::SignIn(with)),
            DeskCommand::DismissOffer | DeskCommand::Continue => self.dismiss(),
            DeskCommand::FindPickup { pickup } => self.find(&pickup),
            DeskCommand::OpenTicket { visit, reason } => self.open_ticket(visit, reason),
            DeskCommand::ShowTicket { visit } => self.show_ticket(visit),
            DeskCommand::ForVisit { visit, command } => self.as_volunteer(visit, command),
            DeskCommand::FindStudent { number } => self.find_student(number),
            DeskCommand::Examine { message } => self.examine(message),
            DeskCommand::StopExamining => self.stop_examining(),
            DeskCommand::Quit => {
                if self.state.panel.is_open() {
                    self.lock_panel();
                    self.leave();
                }
            }
            DeskCommand::PhoneAction { action } => {
                practice_phone::act(&self.state.practice, &self.news, action)
            }
            DeskCommand::PhoneNumber { mobile } => {
                practice_phone::set_number(&self.state.practice, &self.news, mobile)
            }
        }
    }

    fn check_pin(&mut self, pin: Secret) {
        if !self.state.panel.begin_check(self.state.now().mono) {
            return;
        }
        let (hash, news) = (self.pin.clone(), self.news.clone());
        let (tries, wrong) = (self.state.pin_tries.clone(), self.state.wrong_pins());
        tokio::task::spawn_blocking(move || {
            let right = hash.is(&pin);
            drop(pin);
            tries.keep(if right { 0 } else { wrong.saturating_add(1) });
            // The loop is gone when nobody listens.
            let _ = news.blocking_send(News::PinChecked(right));
        });
    }

    fn next_student(&mut self) {
        if self.state.panel.is_open() {
            self.lock_panel();
            self.command(Command::Park {
                why: ParkedFor::Queue,
            });
        }
    }

    /// A waiting visit goes on; the one in hand waits instead.
    fn take_up(&mut self, visit: VisitId) {
        if !self.state.panel.is_open() {
            return;
        }
        self.lock_panel();
        let hand = self.state.hand;
        if let Some(visits) = &mut self.state.visits {
            match hand {
                Hand::Visit(id) if id != visit => visits.put_away(
                    id,
                    Command::Park {
                        why: ParkedFor::Queue,
                    },
                ),
                Hand::Offered(id) if id != visit => visits.withdraw_offer(id),
                _ => {}
            }
            visits.ask(visit, Command::ResumeByVolunteer);
        }
    }

    /// A page that only informs was read, or an offer is not wanted. A visit that is open is not left by this.
    fn dismiss(&mut self) {
        let is_open = |id| {
            let visits = self.state.visits.as_ref();
            visits.and_then(|v| v.get(id)).is_some_and(|v| v.is_open())
        };
        if !self.state.hand.visit().is_some_and(is_open) {
            self.put_away(Command::Finish);
        }
    }

    /// A volunteer opens a ticket for a visit that waits; it goes on waiting.
    fn open_ticket(&mut self, visit: VisitId, reason: Words) {
        if let Some(visits) = &mut self.state.visits
            && self.state.panel.is_open()
        {
            visits.ask(visit, Command::OpenTicket { reason });
        }
        // Its script is shown then.
        self.show_ticket(visit);
    }

    /// A ticket is shown whole once the journal knows that it is.
    fn show_ticket(&mut self, visit: VisitId) {
        self.state.seen = None;
        let whose = Shown::Ticket;
        self.as_volunteer(visit, Command::ShowNumbers { whose });
    }

    /// Something for any visit, from the open panel, which stays open.
    pub(super) fn as_volunteer(&mut self, visit: VisitId, command: Command) {
        if let Some(visits) = &mut self.state.visits
            && self.state.panel.is_open()
        {
            visits.ask(visit, command);
        }
    }

    fn find(&mut self, pickup: &Pickup) {
        let now = self.state.now();
        let found = self
            .state
            .visits
            .as_ref()
            .and_then(|visits| visits.by_pickup(pickup, now));
        self.state.pickup_missed = found.is_none();
        if let Some(visit) = found
            && self.state.hand == Hand::Free
        {
            self.state.show(Hand::Offered(visit));
        }
    }
}
