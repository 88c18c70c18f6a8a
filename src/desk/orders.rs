//! What the screen asks of the desk beside commands for a visit, and what other commands ask of it.

use super::kiosk::{Canvas, Kiosk, News};
use super::practice_phone;
use super::socket::Ask;
use super::state::{Hand, State};
use crate::screen::Order;
use crate::screen::theme::Theme;
use crate::visit::{Command, ParkedFor, Pickup, Secret, VisitId};

impl<C: Canvas> Kiosk<C> {
    pub(super) fn order(&mut self, order: Order) {
        match order {
            Order::Language => {
                self.state.lang = self.state.lang.next();
                self.ui.set_lang(self.state.lang);
            }
            Order::Theme => {
                self.theme = Theme::next(&self.theme, self.themes_dir.as_deref());
                let (theme, fault) = Theme::load(&self.theme, self.themes_dir.as_deref());
                if let Some(fault) = fault {
                    tracing::warn!(%fault, "a theme cannot be used");
                }
                self.ui.set_theme(theme);
            }
            Order::Repaint => self.repaint = true,
            Order::Unlock { pin } => self.check_pin(pin),
            Order::Lock => self.state.panel.close(),
            Order::NextStudent => self.command(Command::Park {
                why: ParkedFor::Queue,
            }),
            Order::TakeUp { visit } => self.take_up(visit),
            Order::ResumeBySignIn(with) => self.command(Command::SignIn(with)),
            Order::DismissOffer | Order::Continue => {
                self.state.show(Hand::Free);
                self.back_to_welcome();
            }
            Order::FindPickup { pickup } => self.find(&pickup),
            Order::Quit => {
                if self.state.panel.is_open() {
                    self.leave();
                }
            }
            Order::PhoneAction { action } => {
                practice_phone::act(&self.state.practice, &self.news, action)
            }
            Order::PhoneNumber { mobile } => {
                practice_phone::set_number(&self.state.practice, &self.news, mobile)
            }
        }
    }

    fn check_pin(&mut self, pin: Secret) {
        if !self.state.panel.begin_check(self.state.now().mono) {
            return;
        }
        let (hash, news) = (self.pin.clone(), self.news.clone());
        tokio::task::spawn_blocking(move || {
            let right = hash.is(&pin);
            drop(pin);
            // The loop is gone when nobody listens.
            let _ = news.blocking_send(News::PinChecked(right));
        });
    }

    /// A waiting visit goes on; the one in hand waits instead.
    fn take_up(&mut self, visit: VisitId) {
        if !self.state.panel.is_open() {
            return;
        }
        if self.state.target() != Some(visit) {
            self.command(Command::Park {
                why: ParkedFor::Queue,
            });
        }
        if let Some(visits) = &mut self.state.visits {
            visits.ask(visit, Command::ResumeByVolunteer);
        }
        self.state.panel.close();
    }

    fn find(&mut self, pickup: &Pickup) {
        let found = self
            .state
            .visits
            .as_ref()
            .and_then(|visits| visits.by_pickup(pickup));
        self.state.pickup_missed = found.is_none();
        if let Some(visit) = found
            && self.state.hand == Hand::Free
        {
            self.state.show(Hand::Offered(visit));
        }
    }
}

/// Answers another command. Whoever asked may be gone.
pub(super) fn tell(state: &State, ask: Ask) {
    match ask {
        Ask::List { answer } => {
            let visits = state.visits.iter().flat_map(|visits| visits.iter());
            let _ = answer.send(crate::store::list_rows(visits));
        }
    }
}
