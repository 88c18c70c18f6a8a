//! What other commands ask of a running desk, and its answers. Whoever asked may be gone.

use tokio::sync::oneshot;

use super::{Canvas, Kiosk};
use crate::desk::event::News;
use crate::desk::socket::{Ask, Reply, Wanted, WrongPin};
use crate::desk::state::Hand;
use crate::store::{ForgottenPerson, sort_tickets, ticket_rows};
use crate::visit::{Secret, StudentNumber, VisitId};

type Answer = oneshot::Sender<Reply>;

impl<C: Canvas> Kiosk<C> {
    pub(super) fn tell(&mut self, ask: Ask) {
        match ask {
            Ask::List { answer } => {
                let visits = self.state.visits.iter().flat_map(|visits| visits.iter());
                let _ = answer.send(crate::store::list_rows(visits));
            }
            Ask::BehindPin {
                pin,
                wanted,
                answer,
            } => self.check_asker(pin, wanted, answer),
        }
    }

    /// What names people is told and done only for the PIN, and with the same growing pauses as on the screen.
    fn check_asker(&mut self, pin: Secret, wanted: Wanted, answer: Answer) {
        let now = self.state.now().mono;
        if !self.state.commands.begin_check(now) {
            let _ = answer.send(self.wrong_pin());
            return;
        }
        let (hash, news) = (self.pin.clone(), self.news.clone());
        let (tries, wrong) = (self.state.pin_tries.clone(), self.state.wrong_pins());
        tokio::task::spawn_blocking(move || {
            let right = hash.is(&pin);
            drop(pin);
            tries.keep(if right { 0 } else { wrong.saturating_add(1) });
            // The loop is gone when nobody listens.
            let _ = news.blocking_send(News::AskerChecked {
                right,
                wanted,
                answer,
            });
        });
    }

    fn wrong_pin(&self) -> Reply {
        let pause = self.state.commands.pause(self.state.now().mono);
        Reply::WrongPin(WrongPin {
            again_in: pause
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u64::MAX),
        })
    }

    /// The PIN was checked.
    pub(super) fn asker_checked(&mut self, right: bool, wanted: Wanted, answer: Answer) {
        let now = self.state.now().mono;
        self.state.commands.checked(right, now);
        tracing::info!(right, "a command brought a PIN");
        if !right {
            let _ = answer.send(self.wrong_pin());
            return;
        }
        self.state.commands.close();
        match wanted {
            Wanted::Tickets => self.tell_tickets(answer),
            Wanted::Forget(number) => self.forget(number, answer),
            Wanted::View(view, visit) => {
                let Some(noted) = self
                    .store
                    .as_ref()
                    .map(|store| store.record_view(view, visit))
                else {
                    return;
                };
                tokio::spawn(async move {
                    let _ = answer.send(match noted.await {
                        Ok(Ok(())) => Reply::Done,
                        Ok(Err(why)) => Reply::Error(why.to_string()),
                        Err(_) => Reply::Error("the store is closed".into()),
                    });
                });
            }
        }
    }

    /// The store knows all tickets, the loop what is newest of those that are not solved.
    fn tell_tickets(&mut self, answer: Answer) {
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
            let _ = answer.send(Reply::Tickets(rows));
        });
    }

    /// The store forgets, then the loop, then whoever asked is told.
    fn forget(&mut self, number: StudentNumber, answer: Answer) {
        let Some(forgotten) = self.store.as_ref().map(|store| store.forget_person(number)) else {
            return;
        };
        let news = self.news.clone();
        tokio::spawn(async move {
            let reply = match forgotten.await {
                Ok(Ok(forgotten)) => {
                    let receipt = forgotten.receipt.clone();
                    let _ = news.send(News::Forgotten(Box::new(forgotten))).await;
                    Reply::Forgotten(receipt)
                }
                Ok(Err(why)) => Reply::Error(why.to_string()),
                Err(_) => Reply::Error("the store is closed".into()),
            };
            let _ = answer.send(reply);
        });
    }

    /// Somebody was forgotten: nothing of them stays here or on the screen.
    pub(super) fn forgotten(&mut self, forgotten: &ForgottenPerson) {
        let now = self.state.now();
        let Some(visits) = &mut self.state.visits else {
            return;
        };
        let gone: &[VisitId] = &forgotten.receipt.visits;
        visits.forget(gone, &forgotten.limits, now);
        self.state.forget_views();
        self.state.message.take_if(|(_, of, _)| gone.contains(of));
        let shown = match self.state.hand {
            Hand::Visit(id) | Hand::Offered(id) | Hand::JustParked(id) => gone.contains(&id),
            Hand::Starting | Hand::Free => false,
        };
        self.state.follow(&[]);
        if shown {
            self.state.show(Hand::Free);
            self.back_to_welcome();
        }
        tracing::info!(visits = gone.len(), "visits were forgotten on request");
    }
}
