//! What other commands ask of a running desk, and its answers. Whoever asked may be gone.

use tokio::sync::oneshot;

use super::kiosk::{Canvas, Kiosk, News};
use super::socket::{Ask, WrongPin};
use crate::store::{sort_tickets, ticket_rows};
use crate::visit::{Command, Secret, Shown, TicketRow};

type Tickets = oneshot::Sender<Result<Vec<TicketRow>, WrongPin>>;

impl<C: Canvas> Kiosk<C> {
    pub(super) fn tell(&mut self, ask: Ask) {
        match ask {
            Ask::List { answer } => {
                let visits = self.state.visits.iter().flat_map(|visits| visits.iter());
                let _ = answer.send(crate::store::list_rows(visits));
            }
            Ask::Tickets { pin, answer } => self.check_asker(pin, answer),
        }
    }

    /// Tickets are told whole: only for the PIN, and with the same growing pauses as on the screen.
    fn check_asker(&mut self, pin: Secret, answer: Tickets) {
        let now = self.state.now().mono;
        if !self.state.commands.begin_check(now) {
            let _ = answer.send(Err(self.wrong_pin()));
            return;
        }
        let (hash, news) = (self.pin.clone(), self.news.clone());
        let (tries, wrong) = (self.state.pin_tries.clone(), self.state.commands.wrong());
        tokio::task::spawn_blocking(move || {
            let right = hash.is(&pin);
            drop(pin);
            tries.keep(if right { 0 } else { wrong.saturating_add(1) });
            // The loop is gone when nobody listens.
            let _ = news.blocking_send(News::AskerChecked { right, answer });
        });
    }

    fn wrong_pin(&self) -> WrongPin {
        let pause = self.state.commands.pause(self.state.now().mono);
        WrongPin {
            again_in: pause
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u64::MAX),
        }
    }

    /// That tickets were told whole is kept with each of them that is not solved.
    fn note_shown(&mut self) {
        if let Some(visits) = &mut self.state.visits {
            let told: Vec<_> = visits.tickets().iter().map(|row| row.visit).collect();
            for visit in told {
                let whose = Shown::TicketToCommand;
                visits.put_away(visit, Command::ShowNumbers { whose });
            }
        }
    }

    /// The store knows all tickets, the loop what is newest of those that are not solved.
    pub(super) fn tell_tickets(&mut self, right: bool, answer: Tickets) {
        let now = self.state.now().mono;
        self.state.commands.checked(right, now);
        tracing::info!(right, "a command brought a PIN");
        if !right {
            let _ = answer.send(Err(self.wrong_pin()));
            return;
        }
        self.state.commands.close();
        self.note_shown();
        let live = ticket_rows(self.state.visits.iter().flat_map(|visits| visits.iter()));
        let Some(stored) = self.store.as_ref().map(|store| store.tickets()) else {
            return;
        };
        tokio::spawn(async move {
            let mut rows = match stored.await {
                Ok(Some(rows)) => rows,
                _ => {
                    tracing::warn!("solved tickets cannot be told before the next start");
                    Vec::new()
                }
            };
            rows.retain(|row| !live.iter().any(|l| l.ticket.number == row.ticket.number));
            rows.extend(live);
            sort_tickets(&mut rows);
            let _ = answer.send(Ok(rows));
        });
    }
}
